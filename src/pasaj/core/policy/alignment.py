"""Which objectives of a policy serve which goals, and how far: the crosswalk with its gaps.

How far a goal is served follows what is done for the objectives that serve it, in four steps: nothing serves it; an
objective names it; a measure serves that objective; an action of such a measure has been done. The steps are counted,
never averaged: they say what there is, not how good it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from pasaj.core.policy.shapes import Policy
from pasaj.core.policy.view import Goal

CORE = "core"


class Reach(IntEnum):
    """How far a goal is served."""

    NONE = 0
    NAMED = 1
    MEASURED = 2
    DONE = 3


@dataclass(frozen=True, slots=True)
class Served:
    """A goal with the objectives that serve it, their measures, how many actions these have and how many are done."""

    goal: Goal
    objectives: tuple[str, ...]
    measures: tuple[str, ...]
    actions: int
    done: int

    @property
    def reach(self) -> Reach:
        """How far it is served."""
        if self.done:
            return Reach.DONE
        if self.measures:
            return Reach.MEASURED
        return Reach.NAMED if self.objectives else Reach.NONE

    @property
    def gap(self) -> bool:
        """Whether it is of the core and nothing serves it."""
        return self.goal.relevance == CORE and not self.objectives


@dataclass(frozen=True, slots=True)
class Framework:
    """The goals of a framework in their order. counts: how many there are at each step."""

    name: str
    goals: tuple[Served, ...]

    @property
    def counts(self) -> Mapping[Reach, int]:
        """Goals by how far they are served."""
        return {reach: sum(one.reach == reach for one in self.goals) for reach in Reach}

    @property
    def gaps(self) -> tuple[Served, ...]:
        """Goals of the core that nothing serves."""
        return tuple(one for one in self.goals if one.gap)


def crosswalk(policy: Policy, goals: Iterable[Goal]) -> tuple[Framework, ...]:
    """Every goal with what serves it, framework by framework in the order of `goals`.

    Dropped actions count for nothing. An objective may name a goal that is not listed: it is left out.
    """
    serving: dict[str, list[str]] = defaultdict(list)
    for objective in policy.objectives:
        for code in objective.goals:
            serving[code].append(objective.code)
    measures: dict[str, list[str]] = defaultdict(list)
    for measure in policy.measures:
        for code in measure.objectives:
            measures[code].append(measure.code)
    states: dict[str, list[str]] = defaultdict(list)
    for action in policy.actions:
        if action.state != "dropped":
            states[action.measure].append(action.state)
    found: dict[str, list[Served]] = defaultdict(list)
    for goal in goals:
        objectives = tuple(serving.get(goal.code, ()))
        via = tuple(dict.fromkeys(code for one in objectives for code in measures.get(one, ())))
        told = [state for code in via for state in states.get(code, ())]
        found[goal.framework].append(Served(goal, objectives, via, len(told), told.count("done")))
    return tuple(Framework(name, tuple(rows)) for name, rows in found.items())
