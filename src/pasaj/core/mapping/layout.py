"""Where the boxes of a drawn network stand: who is linked stands near, and no box covers another.

Always the same for the same input: it begins on a circle in the order given, and plain sums follow.
"""

import cmath
import math
from collections.abc import Mapping, Sequence

from pasaj.core.mapping.graph import Graph, bits

STEPS = 120
"""Rounds of moving everybody; the picture no longer changes visibly after about 80 for 40 institutions."""
PUSHES = 200
APART = 1.0
"""What an unlinked part of the network is put farther away than the longest way within a part."""

NOTHING = 1e-9
"""Lengths below this are none."""

Point = tuple[float, float]
Size = tuple[float, float]


def stress(graph: Graph) -> dict[str, Point]:
    """Places at which distances come close to the number of steps between institutions, direction left aside.

    Majorisation of the weighted stress, one institution at a time (Gansner, Koren & North, Graph Drawing 2004),
    with weights 1 / steps². The longer side of the cloud lies across the page.
    """
    size = len(graph.nodes)
    steps = _steps(graph)
    at = [cmath.rect(size / 2, 2 * math.pi * one / max(1, size)) for one in range(size)]
    weights = [[1 / one**2 if one else 0.0 for one in row] for row in steps]
    whole = [sum(row) for row in weights]
    for _step in range(STEPS if size > 1 else 0):
        for one in range(size):
            at[one] = (
                sum(
                    weights[one][other] * (at[other] + _towards(at[one] - at[other], one, other) * steps[one][other])
                    for other in range(size)
                    if other != one
                )
                / whole[one]
            )
    return {node: (place.real, place.imag) for node, place in zip(graph.nodes, _across(at), strict=True)}


def _towards(apart: complex, one: int, other: int) -> complex:
    """The direction between two places; two at the same place part by their numbers."""
    length = abs(apart)
    return apart / length if length > NOTHING else cmath.rect(1.0, one - other)


def _steps(graph: Graph) -> list[list[float]]:
    """Steps between any two, direction left aside; between two parts more than any within one."""
    either = [one | other for one, other in zip(graph.out, graph.into, strict=True)]
    found = [_from(start, either) for start in range(len(either))]
    most = max((step for row in found for step in row.values()), default=0)
    return [[float(row.get(other, most + APART)) for other in range(len(either))] for row in found]


def _from(start: int, either: Sequence[int]) -> dict[int, int]:
    found, edge, step = {start: 0}, 1 << start, 0
    seen = edge
    while edge:
        step += 1
        reached = 0
        for at in bits(edge):
            reached |= either[at]
        edge = reached & ~seen
        seen |= edge
        found.update(dict.fromkeys(bits(edge), step))
    return found


def _across(at: Sequence[complex]) -> list[complex]:
    """The same cloud about its middle, turned so that it is widest from left to right."""
    if not at:
        return []
    middle = sum(at) / len(at)
    moved = [one - middle for one in at]
    slant = cmath.phase(sum(one * one for one in moved)) / 2
    return [one * cmath.rect(1.0, -slant) for one in moved]


def fitted(places: Mapping[str, Point], width: float, height: float) -> dict[str, Point]:
    """The places stretched to a frame, each direction on its own; the corner is zero."""
    if not places:
        return {}
    spans = []
    for axis, length in ((0, width), (1, height)):
        values = [one[axis] for one in places.values()]
        low, high = min(values), max(values)
        spans.append((low, length / (high - low) if high - low > NOTHING else 0.0))
    (left, wide), (top, tall) = spans
    return {node: ((x - left) * wide, (y - top) * tall) for node, (x, y) in places.items()}


def spread_out(places: Mapping[str, Point], sizes: Mapping[str, Size], gap: float) -> dict[str, Point]:
    """The places moved as little as it takes until boxes of these sizes stand `gap` apart.

    Boxes push each other the shorter way; what is still too near after PUSHES rounds is solved by drawing the
    whole wider, which always ends it.
    """
    nodes = list(places)
    at = [list(places[node]) for node in nodes]
    for _round in range(PUSHES):
        moved = False
        for one in range(len(nodes)):
            for other in range(one + 1, len(nodes)):
                moved |= _push(at[one], at[other], sizes[nodes[one]], sizes[nodes[other]], gap)
        if not moved:
            break
    factor = 1.0
    for one in range(len(nodes)):
        for other in range(one + 1, len(nodes)):
            factor = max(factor, _factor(at[one], at[other], sizes[nodes[one]], sizes[nodes[other]], gap))
    return {node: (x * factor, y * factor) for node, (x, y) in zip(nodes, at, strict=True)}


def _need(one: Size, other: Size, gap: float) -> tuple[float, float]:
    return (one[0] + other[0]) / 2 + gap, (one[1] + other[1]) / 2 + gap


def _push(one: list[float], other: list[float], size: Size, others: Size, gap: float) -> bool:
    wide, tall = _need(size, others, gap)
    short = wide - abs(one[0] - other[0]), tall - abs(one[1] - other[1])
    if min(short) <= NOTHING:
        return False
    axis = 0 if short[0] < short[1] else 1
    # Two at the very same place: the later one goes right or down.
    step = short[axis] / 2 * (1 if one[axis] <= other[axis] else -1)
    one[axis] -= step
    other[axis] += step
    return True


def _factor(one: Sequence[float], other: Sequence[float], size: Size, others: Size, gap: float) -> float:
    """How much wider everything must be drawn for two boxes to stand apart."""
    wide, tall = _need(size, others, gap)
    ways = [need / abs(a - b) for need, a, b in zip((wide, tall), one, other, strict=True) if abs(a - b) > NOTHING]
    return min(ways, default=1.0)
