"""A directed graph of institutions, simple (no loops, no double arcs), and what can reach what in it.

Sets of institutions are whole numbers read as bits: bit i is institution i. A step over a set is one
operation on a number, which keeps plain Python fast enough for hundreds of institutions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pasaj.core.problems import Refused, problem

Arc = tuple[str, str]
"""Who sends, who receives."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Institutions in their order; for each, whom it sends to and whom it receives from, as bits."""

    nodes: tuple[str, ...]
    out: tuple[int, ...]
    into: tuple[int, ...]

    @property
    def everybody(self) -> int:
        return (1 << len(self.nodes)) - 1

    @property
    def arcs(self) -> int:
        """How many arcs there are."""
        return sum(one.bit_count() for one in self.out)

    def names(self, members: int) -> tuple[str, ...]:
        """The institutions of a set, in the order of the graph."""
        return tuple(self.nodes[at] for at in bits(members))


def positions(nodes: Sequence[str]) -> dict[str, int]:
    """Each institution's place. Raises Refused (MAPPING-002) for one that is listed twice."""
    places = {node: at for at, node in enumerate(nodes)}
    if len(places) != len(nodes):
        double = next(node for at, node in enumerate(nodes) if places[node] != at)
        raise Refused(problem("MAPPING-002", value=double))
    return places


def checked(places: Mapping[str, int], *named: str) -> None:
    """Raises Refused (MAPPING-001) for an institution that is not on the list."""
    for one in named:
        if one not in places:
            raise Refused(problem("MAPPING-001", value=one))


def build(nodes: Sequence[str], arcs: Iterable[Arc]) -> Graph:
    """The graph of `arcs` over `nodes`; an arc given twice counts once.

    Raises Refused: MAPPING-001 for an unknown end, MAPPING-002 for a node listed twice, MAPPING-003 for a
    loop.
    """
    places = positions(nodes)
    out, into = [0] * len(nodes), [0] * len(nodes)
    for sender, receiver in arcs:
        checked(places, sender, receiver)
        if sender == receiver:
            raise Refused(problem("MAPPING-003", value=sender))
        out[places[sender]] |= 1 << places[receiver]
        into[places[receiver]] |= 1 << places[sender]
    return Graph(tuple(nodes), tuple(out), tuple(into))


def bits(members: int) -> Iterator[int]:
    """The places in a set, rising."""
    while members:
        low = members & -members
        yield low.bit_length() - 1
        members ^= low


def spread(start: int, steps: Sequence[int], among: int) -> int:
    """Everything reached from `start` (itself included) by `steps` within `among`."""
    found = todo = start & among
    while todo:
        low = todo & -todo
        fresh = steps[low.bit_length() - 1] & among & ~found
        found |= fresh
        todo = (todo ^ low) | fresh
    return found


def weak_groups(graph: Graph, among: int) -> list[int]:
    """The parts of `among` that hang together, direction left aside; the largest first, then by first member."""
    either = [one | other for one, other in zip(graph.out, graph.into, strict=True)]
    found = []
    while among:
        found.append(spread(among & -among, either, among))
        among &= ~found[-1]
    return _ordered(found)


def strong_groups(graph: Graph, among: int) -> list[int]:
    """The parts of `among` in which each reaches each; the largest first, then by first member."""
    return _ordered([members for members, _ in reaches(graph, among)])


def _ordered(groups: Iterable[int]) -> list[int]:
    return sorted(groups, key=lambda one: (-one.bit_count(), one & -one))


def reaches(graph: Graph, among: int) -> list[tuple[int, int]]:
    """The strong groups within `among`, each with everything it reaches (itself included).

    Kosaraju's two passes (Sharir, Comput. Math. Appl. 7(1), 1981), the second over the arcs turned round;
    groups come so that what a group reaches stands before it.
    """
    left = among
    order: list[int] = []
    while left:
        walked = _finished(left & -left, graph.out, left)
        order += walked
        for at in walked:
            left &= ~(1 << at)
    left = among
    groups: list[int] = []
    for at in reversed(order):
        if left >> at & 1:
            groups.append(spread(1 << at, graph.into, left))
            left &= ~groups[-1]
    known: dict[int, int] = {}
    found = []
    for members in reversed(groups):
        reached, todo = members, 0
        for at in bits(members):
            todo |= graph.out[at]
        todo &= among & ~reached
        while todo:
            reached |= known[(todo & -todo).bit_length() - 1]
            todo &= ~reached
        known.update(dict.fromkeys(bits(members), reached))
        found.append((members, reached))
    return found


def _finished(start: int, steps: Sequence[int], left: int) -> list[int]:
    """Members reached from one member, in the order in which a depth-first walk leaves them."""
    order, path = [], [start.bit_length() - 1]
    left &= ~start
    while path:
        fresh = steps[path[-1]] & left
        if fresh:
            low = fresh & -fresh
            left ^= low
            path.append(low.bit_length() - 1)
        else:
            order.append(path.pop())
    return order
