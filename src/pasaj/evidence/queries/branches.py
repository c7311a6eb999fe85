"""A chain as a tree for reading: each statement stands in full once, and is only named where it comes again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pasaj.evidence.queries.trace import HIDDEN, Line, Step


@dataclass(frozen=True, slots=True)
class Branch:
    """A statement at its depth from the one asked for; again: what hangs on it stands further up."""

    depth: int
    line: Line
    step: Step
    again: bool


def branches(root: str, steps: Sequence[Step], *, up: bool) -> list[Branch]:
    """The steps of a trace in reading order, depth first. up: towards what it rests on.

    A statement that the reader may not see has no code: it ends its branch, and what is beyond it follows under the
    first of its kind.
    """
    below: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        below[(step.child if up else step.parent).code].append(step)
    found: list[Branch] = []
    seen = {root}
    waiting = [(1, step) for step in reversed(below[root])]
    while waiting:
        depth, step = waiting.pop()
        line = step.parent if up else step.child
        again = line.code in seen and line.code != HIDDEN
        first_hidden = line.code == HIDDEN and HIDDEN not in seen
        found.append(Branch(depth, line, step, again and bool(below[line.code])))
        if (not again and line.code != HIDDEN) or first_hidden:
            seen.add(line.code)
            waiting += [(depth + 1, one) for one in reversed(below[line.code])]
    return found
