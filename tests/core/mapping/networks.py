"""Small graphs for the tests, and what follows from the definitions alone, however slowly."""

from collections.abc import Iterable
from itertools import permutations

from hypothesis import strategies as st

from pasaj.core.mapping.graph import Arc, Graph, build

NAMES = tuple("ABCDEFG")


def graph(arcs: str, nodes: str = "") -> Graph:
    """`AB BC`: arcs from A to B and from B to C."""
    pairs = [(one[0], one[1]) for one in arcs.split()]
    return build(nodes or sorted({end for arc in pairs for end in arc}), pairs)


@st.composite
def graphs(draw: st.DrawFn, least: int = 0, most: int = 7) -> Graph:
    size = draw(st.integers(least, most))
    possible = list(permutations(NAMES[:size], 2))
    return build(NAMES[:size], draw(st.sets(st.sampled_from(possible))) if possible else ())


def arcs_of(one: Graph) -> set[Arc]:
    return {(node, other) for node, out in zip(one.nodes, one.out, strict=True) for other in one.names(out)}


def reached(arcs: Iterable[Arc], start: str) -> set[str]:
    found, known = {start}, set(arcs)
    while fresh := {other for one, other in known if one in found} - found:
        found |= fresh
    return found


def ways(nodes: Iterable[str], arcs: Iterable[Arc]) -> set[Arc]:
    """Ordered pairs of which the first reaches the second."""
    known = set(arcs)
    return {(one, other) for one in nodes for other in reached(known, one) if other != one}


def both(arcs: Iterable[Arc]) -> set[Arc]:
    return {pair for one, other in arcs for pair in ((one, other), (other, one))}


def without(one: Graph, node: str) -> tuple[list[str], set[Arc]]:
    return [other for other in one.nodes if other != node], {arc for arc in arcs_of(one) if node not in arc}


def groups(nodes: Iterable[str], pairs: set[Arc]) -> set[frozenset[str]]:
    """Those who reach each other."""
    return {frozenset({one, *(other for other in nodes if {(one, other), (other, one)} <= pairs)}) for one in nodes}
