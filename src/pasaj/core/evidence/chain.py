"""The chain of evidence as a directed graph without cycles: statements (children) rest on others (parents).

States are computed from what was accepted and what stands now; none is ever stored. Nodes are numbers here.

A link is **broken** when its parent was withdrawn, **suspect** when the parent (or, for some types, the child)
is not what was accepted and no claim excuses it, or when nobody has accepted it yet; else **ok**, or
**updated** when only the claim keeps it so.
A node is **unsupported** when its kind needs support and no live link gives any; else **suspect** when one of
its own links is suspect or broken; else **tainted(n)** when the nearest such node above it is n levels up;
else **fresh**. Semantics: the fingerprint on a link is doorstop's idea (J. Browning and others), taken
further to all levels, several parents, and claims.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import NamedTuple

Further = Callable[[list[int]], Iterable[int]]
"""What lies one step further than these nodes."""


class LinkState(IntEnum):
    """What a link is worth now. Numbers, as a database can compare and sort them: from SUSPECT on it is trouble."""

    OK = 0
    UPDATED = 1  # the parent has changed, and the claim still holds
    SUSPECT = 2
    BROKEN = 3

    @property
    def word(self) -> str:
        """The state in a word, for files and programs."""
        return self.name.lower()


class NodeState(StrEnum):
    """What a statement is worth now."""

    FRESH = "fresh"
    SUSPECT = "suspect"
    TAINTED = "tainted"
    UNSUPPORTED = "unsupported"


class Edge(NamedTuple):
    """A link that counts: the child rests on the parent. A tuple, as a database gives it: there are many."""

    id: int
    child: int
    parent: int
    state: int = LinkState.OK


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a node; `levels` up to the nearest trouble where it is tainted, else 0."""

    state: NodeState
    levels: int = 0


def link_state(
    *, withdrawn: bool, accepted: bool, parent_same: bool, child_same: bool, excused: Callable[[], bool]
) -> LinkState:
    """The state of one link. `excused`: whether the claim holds; asked only when the parent has changed.

    `child_same` is True too where the type of link does not ask for it. A claim speaks of the parent: it does
    not excuse a changed child.
    """
    if withdrawn:
        return LinkState.BROKEN
    if not accepted or not child_same:
        return LinkState.SUSPECT
    if parent_same:
        return LinkState.OK
    return LinkState.UPDATED if excused() else LinkState.SUSPECT


class Trouble:
    """The nodes in trouble: `levels` up to the nearest cause (0: their own), and which of them stand on nothing."""

    def __init__(self, levels: Mapping[int, int], unsupported: frozenset[int]) -> None:
        self.levels = levels
        self.unsupported = unsupported

    def standing(self, node: int) -> Standing:
        """The state of one node; a node without links is fresh unless it needs support."""
        if node in self.unsupported:
            return Standing(NodeState.UNSUPPORTED)
        level = self.levels.get(node)
        if level is None:
            return Standing(NodeState.FRESH)
        return Standing(NodeState.TAINTED, level) if level else Standing(NodeState.SUSPECT)

    def suspects(self) -> set[int]:
        """Nodes with a suspect or broken link of their own."""
        return {node for node, level in self.levels.items() if level == 0} - self.unsupported

    def tainted(self) -> set[int]:
        """Nodes in trouble only through what lies above them."""
        return {node for node, level in self.levels.items() if level}


def trouble(own: Iterable[int], unsupported: frozenset[int], below: Further) -> Trouble:
    """From the nodes with trouble of their own to all that rests on them.

    `below` gives what rests directly on some nodes. Only what lies below trouble is asked for.
    """
    causes = {*own, *unsupported}
    return Trouble({**dict.fromkeys(causes, 0), **_steps(causes, below)}, unsupported)


class Chain:
    """All links that count, read once; questions about any node.

    One pass over the links, then one over those below trouble: linear in the links.
    """

    def __init__(self, edges: Iterable[Edge], need_support: Iterable[int] = ()) -> None:
        """`need_support`: nodes that stand on nothing unless a link carries them."""
        self.edges = list(edges)
        self.need_support = frozenset(need_support)

    @cached_property
    def above(self) -> Mapping[int, Sequence[Edge]]:
        """The links by their child."""
        found: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge[1]].append(edge)
        return dict(found)

    @cached_property
    def below(self) -> Mapping[int, Sequence[Edge]]:
        """The links by their parent."""
        found: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge[2]].append(edge)
        return dict(found)

    @cached_property
    def unsupported(self) -> frozenset[int]:
        """Nodes that need support and have none that is not broken."""
        if not self.need_support:
            return frozenset()
        return self.need_support - {child for _id, child, _parent, state in self.edges if state < LinkState.BROKEN}

    @cached_property
    def trouble(self) -> Trouble:
        """The nodes in trouble."""
        suspect = int(LinkState.SUSPECT)
        own = (child for _id, child, _parent, state in self.edges if state >= suspect)
        return trouble(own, self.unsupported, _along(self.below, 1))

    def standing(self, node: int) -> Standing:
        """The state of one node."""
        return self.trouble.standing(node)

    def up(self, node: int) -> dict[int, int]:
        """What a node rests on, each with the fewest levels to it, itself (0) left out."""
        return _steps({node}, _along(self.above, 2))

    def down(self, node: int) -> dict[int, int]:
        """What rests on a node, each with the fewest levels to it, itself left out."""
        return _steps({node}, _along(self.below, 1))

    def paths(self, node: int, most: int, *, down: bool = False) -> Iterator[tuple[int, ...]]:
        """The ways from a node to the ends of the chain, each a row of nodes from `node` on; at most `most`."""
        ways = self.below if down else self.above
        waiting: list[tuple[int, ...]] = [(node,)]
        given = 0
        while waiting and given < most:
            path = waiting.pop()
            # Two links of different types may join the same two nodes: one way, not two.
            further = dict.fromkeys(edge[1] if down else edge[2] for edge in ways.get(path[-1], ()))
            waiting += [(*path, one) for one in reversed(further)]
            if not further and len(path) > 1:
                given += 1
                yield path


def _along(ways: Mapping[int, Sequence[Edge]], end: int) -> Further:
    """Steps along links that are at hand; `end` is the place of the further node in an edge."""
    return lambda front: (edge[end] for here in front for edge in ways.get(here, ()))


def _steps(start: Iterable[int], further: Further) -> dict[int, int]:
    """What is reached from `start`, and in how few steps."""
    found: dict[int, int] = {}
    seen = set(start)
    front, level = list(seen), 0
    while front:
        level += 1
        reached = set(further(front)) - seen
        seen |= reached
        found.update(dict.fromkeys(reached, level))
        front = list(reached)
    return found


def cycle(edges: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """A row of nodes each of which rests on the next, and the last on the first; empty where there is none.

    `edges`: (child, parent). What is left once nodes without parents are taken away, again and again, holds one
    (A. B. Kahn, Communications of the ACM 5(11), 1962).
    """
    parents: dict[int, set[int]] = {}
    children: dict[int, set[int]] = {}
    for child, parent in edges:
        parents.setdefault(child, set()).add(parent)
        children.setdefault(parent, set()).add(child)
    free = [node for node in children if node not in parents]
    while free:
        node = free.pop()
        for child in children.get(node, ()):
            parents[child].discard(node)
            if not parents[child]:
                del parents[child]
                free.append(child)
    if not parents:
        return ()
    path, here = [], min(parents)
    while here not in path:
        path.append(here)
        here = min(parents[here])
    return tuple(path[path.index(here) :])
