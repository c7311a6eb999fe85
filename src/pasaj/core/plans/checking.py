"""What a plan must never lack. Each mistake has the path of its place in the file as its column."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pasaj.core.mapping.mandates import within
from pasaj.core.plans.shapes import Action, Level, Plan, Trigger
from pasaj.core.problems import Problem, problem

FROM_EVENT = ("report", "detect", "verify")
"""Promises that are counted from the event itself."""
HOLDS = ("lead", "support")
"""Roles of the mandate matrix that let an institution lead an action."""


@dataclass(frozen=True, slots=True)
class Mandated:
    """One row of the mandate matrix; days included, None: open."""

    function: str
    institution: str
    role: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan is held against. measures: which directions signal, by measure (up, down, both, none).

    protection: the measures that tell of people in need. hazards: codes of the templates of alerts; None: they are
    not at hand and are not checked.
    """

    measures: Mapping[str, str]
    mandates: tuple[Mandated, ...]
    protection: frozenset[str] = frozenset()
    hazards: frozenset[str] | None = None

    def holds(self, institution: str, function: str, on: date) -> bool:
        """Whether an institution leads or supports a function on a day."""
        return any(
            one.institution == institution
            and one.function == function
            and one.role in HOLDS
            and within((one.first, one.last), on)
            for one in self.mandates
        )


def check(plan: Plan, known: Known, on: date) -> list[Problem]:
    """Every mistake, in the order of the file. `on`: the day for which the mandates are looked up.

    Codes: PLAN-020, 021 triggers; 022, 025, 026, 029 levels; 023, 024, 027, 028, 030 to 033 actions; 034 promises.
    """
    found = [one for at, trigger in enumerate(plan.triggers, 1) for one in _trigger(trigger, at, known)]
    reached = {one.level for one in plan.triggers}
    for at, level in enumerate(plan.levels, 1):
        found += _level(plan, level, at, reached)
    used = {code for level in plan.levels for code in level.actions}
    by_code = {one.code: one for one in plan.actions}
    circles = _circles(by_code)
    for at, action in enumerate(plan.actions, 1):
        found += _action(action, at, known, on)
        found += _order(action, at, by_code)
        if action.code not in used:
            found.append(problem("PLAN-031", column=f"actions.{at}.code", value=action.code))
        if action.code in circles:
            found.append(problem("PLAN-027", column=f"actions.{at}.after", value=action.code))
        elif action.enforcement and not action.protection and not _protected(action, by_code):
            found.append(problem("PLAN-030", column=f"actions.{at}.after", value=action.code))
    return found + _promises(plan.promises)


def _promises(promises: Mapping[str, float]) -> list[Problem]:
    """What is counted from the event can only come one after the other."""
    told = [(name, promises[name]) for name in FROM_EVENT if name in promises]
    return [
        problem("PLAN-034", column=f"promises.{later}", later=later, hours=_shown(hours), earlier=earlier)
        for (earlier, before), (later, hours) in pairwise(told)
        if hours < before
    ]


def _trigger(trigger: Trigger, at: int, known: Known) -> list[Problem]:
    place = f"triggers.{at}"
    if trigger.kind == "alert":
        if known.hazards is not None and trigger.hazard not in known.hazards:
            listed = ", ".join(sorted(known.hazards))
            return [problem("PLAN-021", column=f"{place}.hazard", value=trigger.hazard, allowed=listed)]
        return []
    wanted = {"any": ("up", "down", "both")}.get(trigger.direction, (trigger.direction, "both"))
    meant = {
        code
        for code, signals in known.measures.items()
        if trigger.measure in ("", code) and signals in wanted and (code in known.protection or not trigger.protection)
    }
    if not meant:
        column = f"{place}.measure"
        return [problem("PLAN-020", column=column, value=trigger.measure, direction=trigger.direction)]
    return []


def _level(plan: Plan, level: Level, at: int, reached: set[str]) -> list[Problem]:
    place, found = f"levels.{at}", []
    if level.code not in reached:
        found.append(problem("PLAN-022", column=f"{place}.code", value=level.code))
    actions = plan.of_level(level.code)
    if not any(one.protection for one in actions):
        found.append(problem("PLAN-025", column=f"{place}.actions", value=level.code))
    elif not actions[0].protection:
        found.append(problem("PLAN-026", column=f"{place}.actions", value=level.code, action=actions[0].code))
    inside = set(level.actions)
    for one in actions:
        missing = [before for before in one.after if before not in inside]
        if missing:
            listed = ", ".join(missing)
            column = f"{place}.actions"
            found.append(problem("PLAN-029", column=column, value=level.code, action=one.code, missing=listed))
    return found


def _action(action: Action, at: int, known: Known, on: date) -> list[Problem]:
    place, found = f"actions.{at}", []
    if not action.lead:
        found.append(problem("PLAN-023", column=f"{place}.lead", value=action.code))
    elif action.function and not known.holds(action.lead, action.function, on):
        column, function = f"{place}.lead", action.function
        found.append(
            problem("PLAN-024", column=column, value=action.lead, function=function, day=on, action=action.code)
        )
    if action.lead and action.lead in action.support:
        found.append(problem("PLAN-033", column=f"{place}.support", value=action.lead))
    if action.protection and action.enforcement:
        found.append(problem("PLAN-032", column=f"{place}.enforcement", value=action.code))
    return found


def _order(action: Action, at: int, by_code: Mapping[str, Action]) -> list[Problem]:
    """Prerequisites that are due later than what waits for them."""
    before = [by_code[one] for one in action.after if one in by_code]
    late = [one for one in before if one.hours > action.hours]
    return [
        problem(
            "PLAN-028",
            column=f"actions.{at}.after",
            value=action.code,
            hours=_shown(action.hours),
            before=one.code,
            other=_shown(one.hours),
        )
        for one in late
    ]


def _shown(hours: float) -> str:
    return f"H+{hours:g}"


def _before(code: str, by_code: Mapping[str, Action]) -> set[str]:
    """Every action that comes before one, near and far; itself when it waits for itself."""
    found: set[str] = set()
    todo = list(by_code[code].after)
    while todo:
        one = todo.pop()
        if one not in found and one in by_code:
            found.add(one)
            todo += by_code[one].after
    return found


def _circles(by_code: Mapping[str, Action]) -> set[str]:
    return {code for code in by_code if code in _before(code, by_code)}


def _protected(action: Action, by_code: Mapping[str, Action]) -> bool:
    return any(by_code[one].protection for one in _before(action.code, by_code))
