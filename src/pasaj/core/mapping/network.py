"""The shape of the network: density, reciprocity, centralisation, betweenness, groups.

Definitions are those of R `sna` (Butts, J. Stat. Software 24(6), 2008), which `bench/mapping.py` compares with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pasaj.core.mapping.graph import Graph, bits, strong_groups, weak_groups
from pasaj.core.mapping.meanings import Figure, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

AT_ONCE = 2_000_000
"""Arcs looked at in one go: bounds the memory (about 50 MB)."""
DECIMALS = 9
"""Betweenness is compared to this many decimals, so that rounding never decides who comes first."""


@dataclass(frozen=True, slots=True)
class Network:
    """What a network looks like; tuples of numbers are in the order of the institutions.

    betweenness: shortest ways between two others on which an institution lies, a part of one where there are
    several (not divided by anything). weak, strong: groups that hang together, direction left aside or kept.
    dyadic, dyadic_nonnull: the two other readings of reciprocity, see `reciprocity`.
    """

    institutions: tuple[str, ...]
    indegree: tuple[int, ...]
    outdegree: tuple[int, ...]
    betweenness: tuple[float, ...]
    weak: tuple[tuple[str, ...], ...]
    strong: tuple[tuple[str, ...], ...]
    density: Figure
    reciprocity: Figure
    dyadic: float | None
    dyadic_nonnull: float | None
    in_centralisation: Figure
    out_centralisation: Figure
    betweenness_centralisation: Figure
    separation: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in their order."""
        return (
            self.density,
            self.reciprocity,
            self.in_centralisation,
            self.out_centralisation,
            self.betweenness_centralisation,
            self.separation,
        )


def measure(graph: Graph) -> Network:
    """All measures of a graph. One institution or none is no error: its shares are None."""
    indegree = [one.bit_count() for one in graph.into]
    outdegree = [one.bit_count() for one in graph.out]
    between = betweenness(graph)
    returned, dyadic, nonnull = reciprocity(graph)
    weak = weak_groups(graph, graph.everybody)
    return Network(
        institutions=graph.nodes,
        indegree=tuple(indegree),
        outdegree=tuple(outdegree),
        betweenness=tuple(between),
        weak=tuple(graph.names(one) for one in weak),
        strong=tuple(graph.names(one) for one in strong_groups(graph, graph.everybody)),
        density=density(graph),
        reciprocity=returned,
        dyadic=dyadic,
        dyadic_nonnull=nonnull,
        in_centralisation=_degree("in_centralisation", graph, indegree),
        out_centralisation=_degree("out_centralisation", graph, outdegree),
        betweenness_centralisation=_between(graph, between),
        separation=separation([one.bit_count() for one in weak]),
    )


def density(graph: Graph) -> Figure:
    """Arcs as a share of the n(n-1) possible ones; None below two institutions. (sna: gden, mode digraph)."""
    size = len(graph.nodes)
    possible = size * (size - 1)
    if not possible:
        return Figure("density", None, "too_few")
    values = {"part": graph.arcs, "whole": possible, "institutions": size}
    return Figure("density", graph.arcs / possible, "density", values)


def reciprocity(graph: Graph) -> tuple[Figure, float | None, float | None]:
    """Edgewise, dyadic and dyadic non-null reciprocity.

    With M pairs linked both ways, A one way and N not at all: edgewise 2M/(2M+A), the share of links that are
    returned and the one shown; dyadic (M+N)/(M+A+N), which is what sna's grecip gives unless told otherwise
    and which is high in a network without links; non-null M/(M+A). None where the divisor is zero.
    """
    size = len(graph.nodes)
    doubled = sum((one & other).bit_count() for one, other in zip(graph.out, graph.into, strict=True))
    mutual, single, pairs = doubled // 2, graph.arcs - doubled, size * (size - 1) // 2
    dyadic = share(pairs - single, pairs)
    if not graph.arcs:
        return Figure("reciprocity", None, "no_links"), dyadic, None
    values = {"part": doubled, "whole": graph.arcs}
    return Figure("reciprocity", doubled / graph.arcs, "reciprocity", values), dyadic, share(mutual, mutual + single)


def separation(sizes: Sequence[int]) -> Figure:
    """Pairs not linked over any way, direction left aside, as a share of all pairs, from the sizes of the groups.

    One minus Krackhardt's connectedness ("Graph theoretical dimensions of informal organizations", 1994).
    (sna: 1 - connectedness, except that sna says 1 of a single institution where this says None).
    """
    size = sum(sizes)
    pairs = size * (size - 1) // 2
    if not pairs:
        return Figure("separation", None, "too_few")
    apart = pairs - sum(one * (one - 1) // 2 for one in sizes)
    values = {"part": apart, "whole": pairs, "groups": len(sizes)}
    return Figure("separation", apart / pairs, "separation", values)


def centralisation(scores: Sequence[float], most: float) -> float | None:
    """Freeman (Social Networks 1(3), 1978/79): the sum of differences to the highest score, over its maximum."""
    if most <= 0:
        return None
    top = max(scores)
    return sum(top - one for one in scores) / most


def _degree(code: str, graph: Graph, degrees: Sequence[int]) -> Figure:
    """In or out degree; the maximum is (n-1)^2, that of one who is told by all (tells all) and nobody else."""
    others = len(degrees) - 1
    value = centralisation(degrees, others**2 if others > 0 else 0)
    if value is None:
        return Figure(code, None, "too_few")
    if value == 0:
        return Figure(code, value, "level")
    values = {"names": _first(graph, degrees), "most": max(degrees), "others": others}
    return Figure(code, value, code, values)


def _between(graph: Graph, scores: Sequence[float]) -> Figure:
    """Betweenness; the maximum is (n-1)^2 (n-2), that of a star with arcs both ways."""
    code, size = "betweenness_centralisation", len(scores)
    value = centralisation(scores, (size - 1) ** 2 * (size - 2))
    if value is None:
        return Figure(code, None, "too_few")
    if round(value, DECIMALS) == 0:
        return Figure(code, value, "level")
    return Figure(code, value, code, {"names": _first(graph, scores)})


def _first(graph: Graph, scores: Sequence[float]) -> str:
    """Who has the highest score; all who share it."""
    rounded = [round(one, DECIMALS) for one in scores]
    return ", ".join(node for node, one in zip(graph.nodes, rounded, strict=True) if one == max(rounded))


def betweenness(graph: Graph) -> list[float]:
    """Freeman's betweenness over directed shortest ways, ordered pairs, not divided by anything.

    (sna: betweenness, cmode "directed"). Brandes' accumulation (J. Math. Sociology 25(2), 2001): the cost is
    institutions times arcs, whatever the shape.
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    size = len(graph.nodes)
    receivers = np.array([other for out in graph.out for other in bits(out)], dtype=np.int64)
    counts = np.array([out.bit_count() for out in graph.out], dtype=np.int64)
    links = _Links(size, receivers, counts, np.cumsum(counts) - counts)
    at_once = max(1, AT_ONCE // max(1, graph.arcs))
    found = np.zeros(size)
    for first in range(0, size, at_once):
        found += links.between(np.arange(first, min(size, first + at_once)))
    return [float(one) for one in found]


@dataclass(frozen=True, slots=True, eq=False)
class _Links:
    """The arcs, laid one behind the other by sender: those of sender v begin at starts[v]."""

    size: int
    receivers: Ints
    counts: Ints
    starts: Ints

    def between(self, sources: Ints) -> Floats:
        """What the ways from some sources add to the betweenness of each institution.

        Place source * size + institution stands for an institution as seen from a source.
        """
        import numpy as np  # noqa: PLC0415 - only a run needs it

        own = np.arange(len(sources)) * self.size + sources
        ways, seen = np.zeros(len(sources) * self.size), np.zeros(len(sources) * self.size, dtype=bool)
        ways[own], seen[own] = 1, True
        steps, edge = [], own
        while edge.size:
            before, after = self._step(edge)
            fresh = ~seen[after]
            before, after = before[fresh], after[fresh]
            np.add.at(ways, after, ways[before])
            edge = np.unique(after)
            seen[edge] = True
            steps.append((before, after))
        part = np.zeros_like(ways)
        for before, after in reversed(steps):
            np.add.at(part, before, ways[before] / ways[after] * (1 + part[after]))
        part[own] = 0
        found: Floats = part.reshape(-1, self.size).sum(axis=0)
        return found

    def _step(self, edge: Ints) -> tuple[Ints, Ints]:
        """Every arc out of the places given: where it begins and where it leads."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        nodes = edge % self.size
        counts = self.counts[nodes]
        number = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        receivers = self.receivers[np.repeat(self.starts[nodes], counts) + number]
        before = np.repeat(edge, counts)
        return before, before - np.repeat(nodes, counts) + receivers
