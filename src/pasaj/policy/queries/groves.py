"""A policy as a tree for reading: by theme, from the problem to the action, each statement once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pasaj.access.rules import Actor, visible
from pasaj.evidence.queries.trace import states_of
from pasaj.policy.models import Action, Indicator, Measure, MeasurePart, Objective, Policy, Problem, Theme
from pasaj.policy.queries.statements import AnyStatement


@dataclass(frozen=True, slots=True)
class Branch:
    """A statement at its depth (0 to 3). again: it stands in full elsewhere. serves: codes it hangs on elsewhere."""

    row: AnyStatement
    kind: str
    level: int
    standing: str
    lead: str = ""
    again: bool = False
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grove:
    """A theme and what stands under it."""

    theme: Theme
    branches: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Links:
    """The rows the reader may see and how they hang together: children by primary key."""

    problems: list[Problem]
    objectives: list[Objective]
    measures: list[Measure]
    addressed: dict[int, list[Objective]]
    serving: dict[int, list[Measure]]
    actions: dict[int, list[Action]]
    leads: dict[int, str]
    standing: dict[str, str]
    parents: dict[str, list[str]]


def groves(actor: Actor, policy: Policy) -> list[Grove]:
    """A policy by its themes: a constant number of queries. Statements that were withdrawn are left out."""
    links = _links(actor, policy)
    found = []
    for theme in policy.themes.order_by("number"):
        grove, seen = Grove(theme), set[str]()
        for problem in (one for one in links.problems if one.theme_id == theme.pk):
            grove.branches.append(_branch(links, problem, "problem", 0))
            for objective in links.addressed[problem.pk]:
                if objective.theme_id == theme.pk:
                    _objective(grove, links, objective, seen, 1)
        for objective in (one for one in links.objectives if one.theme_id == theme.pk and one.code not in seen):
            _objective(grove, links, objective, seen, 0)
        for measure in (one for one in links.measures if one.theme_id == theme.pk and one.code not in seen):
            _measure(grove, links, measure, seen, 0)
        found.append(grove)
    return found


def _objective(grove: Grove, links: _Links, row: Objective, seen: set[str], level: int) -> None:
    again = row.code in seen
    grove.branches.append(_branch(links, row, "objective", level, again=again))
    if not again:
        seen.add(row.code)
        for measure in links.serving[row.pk]:
            if measure.theme_id == row.theme_id:
                _measure(grove, links, measure, seen, level + 1)


def _measure(grove: Grove, links: _Links, row: Measure, seen: set[str], level: int) -> None:
    again = row.code in seen
    grove.branches.append(_branch(links, row, "measure", level, again=again))
    if not again:
        seen.add(row.code)
        grove.branches.extend(_branch(links, one, "action", level + 1) for one in links.actions[row.pk])


def _branch(links: _Links, row: AnyStatement, kind: str, level: int, *, again: bool = False) -> Branch:
    lead = str(row.owner) if isinstance(row, Action) else links.leads.get(row.pk, "") if kind == "measure" else ""
    above = tuple(links.parents[row.code]) if level == 0 and kind != "problem" else ()
    return Branch(row, kind, level, links.standing.get(row.code, ""), lead, again, above)


def _links(actor: Actor, policy: Policy) -> _Links:
    def standing(model: Any) -> Any:
        return visible(model._default_manager.filter(policy=policy, withdrawn_at=None), actor).order_by("pk")

    problems, objectives = list(standing(Problem)), list(standing(Objective).prefetch_related("problems"))
    measures = list(standing(Measure).prefetch_related("objectives"))
    actions = list(standing(Action).select_related("owner"))
    addressed, parents = _hung(objectives, "problems")
    serving, more = _hung(measures, "objectives")
    by_measure: dict[int, list[Action]] = defaultdict(list)
    for one in actions:
        by_measure[one.measure_id].append(one)
    rows = MeasurePart.objects.filter(measure__policy=policy, part="lead").select_related("institution").order_by("pk")
    codes = [one.code for some in (problems, objectives, measures, actions) for one in some]
    return _Links(
        problems, objectives, measures, addressed, serving, by_measure,
        leads={one.measure_id: str(one.institution) for one in rows},
        standing={code: str(one.state) for code, one in states_of(codes).items()},
        parents=defaultdict(list, {**parents, **more}),
    )  # fmt: skip


def _hung(rows: Iterable[Any], name: str) -> tuple[dict[int, list[Any]], dict[str, list[str]]]:
    """Children by the key of each parent, and the codes of the parents of each child."""
    children: dict[int, list[Any]] = defaultdict(list)
    parents: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for one in getattr(row, name).all():
            children[one.pk].append(row)
            parents[row.code].append(one.code)
    return children, parents


def standing_words(codes: Sequence[str]) -> dict[str, str]:
    """What each of several statements is worth in the chain: fresh, suspect, tainted, unsupported."""
    return {code: str(one.state) for code, one in states_of(codes).items()}


def withdrawn(actor: Actor, policy: Policy) -> list[AnyStatement]:
    """The statements that do not stand any more, by code."""
    rows: list[AnyStatement] = []
    for model in (Problem, Objective, Measure, Action, Indicator):
        gone = model._default_manager.filter(policy=policy).exclude(withdrawn_at=None)
        rows += cast(list[AnyStatement], list(visible(gone, actor).order_by("pk")))
    return rows
