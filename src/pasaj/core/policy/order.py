"""Which action waits for which: circles, and an order in which they can be done."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from graphlib import CycleError, TopologicalSorter


def circle(waits: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The codes of one circle, in its order; empty when there is none. waits: (who waits, for whom)."""
    sorter: TopologicalSorter[Hashable] = TopologicalSorter()
    for child, parent in waits:
        sorter.add(child, parent)
    try:
        sorter.prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1][1:]))
    return ()
