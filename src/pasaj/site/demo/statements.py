"""From the policy that a pack writes down for its demonstration to what its services want: codes put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pasaj.core.policy import demo
from pasaj.policy.services.money import CommitmentWanted, CostWanted
from pasaj.policy.services.policies import PolicyWanted
from pasaj.policy.services.wanted import (
    ActionWanted,
    IndicatorWanted,
    MeasureWanted,
    ObjectiveWanted,
    ProblemWanted,
    Wanted,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of the chain that an indicator is computed from, and what it says on a day."""

    code: str
    value: Decimal | None
    on: date


def policy(one: demo.Demo) -> PolicyWanted:
    return PolicyWanted(
        names=one.names, institution=one.institution, languages=one.languages, first=one.first, last=one.last,
        currency=one.currency, themes=one.themes, purpose=one.purpose,
    )  # fmt: skip


def problem(one: demo.Problem, grounds: list[str]) -> ProblemWanted:
    """grounds: the codes that it rests on besides its instruments."""
    return ProblemWanted(one.theme, one.text, (*one.grounds, *grounds), one.rights, one.groups)


def objective(head: str, one: demo.Objective, goals: frozenset[str]) -> ObjectiveWanted:
    """goals: the codes that the home knows; the others are left out."""
    known = [code for code in one.goals if code in goals]
    return ObjectiveWanted(one.theme, one.text, [f"{head}-{code}" for code in one.problems], known)


def measure(head: str, one: demo.Measure) -> MeasureWanted:
    return MeasureWanted(
        one.theme, one.text, one.kind, [f"{head}-{code}" for code in one.objectives], one.parts, one.function,
        basis=one.basis, safeguards=[f"{head}-{code}" for code in one.safeguards],
    )  # fmt: skip


def action(head: str, one: demo.Action, recommendations: list[str]) -> ActionWanted:
    """recommendations: their codes."""
    return ActionWanted(
        f"{head}-{one.measure}", one.text, one.owner, one.first, one.last, one.deliverable,
        needs=[f"{head}-{code}" for code in one.needs], recommendations=recommendations,
    )  # fmt: skip


def indicator(head: str, one: demo.Indicator, invented: str, figure: Counted | None = None) -> IndicatorWanted:
    """invented: what is said of a baseline that is. figure: what it is computed from, None where it is elsewhere."""
    return IndicatorWanted(
        f"{head}-{one.measures}", one.text, one.definition, one.unit, one.direction,
        baseline=figure.value if figure else one.baseline, baseline_on=figure.on if figure else one.baseline_on,
        baseline_source=figure.code if figure else invented, target=one.target, target_on=one.target_on,
        every_days=one.every_days, origin="pasaj" if figure else "external", source_name=one.source_name,
        figure=figure.code if figure else "", denominator=one.denominator,
    )  # fmt: skip


def first(head: str, one: demo.Demo, grounds: dict[str, list[str]], goals: frozenset[str]) -> list[tuple[str, Wanted]]:
    """The statements of the first version with their codes, each after those it refers to."""
    found: list[tuple[str, Wanted]] = [(it.code, problem(it, grounds[it.code])) for it in one.problems]
    found += [(it.code, objective(head, it, goals)) for it in one.objectives]
    found += [(it.code, measure(head, it)) for it in one.measures]
    found += [(it.code, action(head, it, [])) for it in one.actions if it.since == demo.FIRST]
    found += [(it.code, indicator(head, it, one.invented)) for it in one.indicators if it.since == demo.FIRST]
    return [(f"{head}-{code}", wanted) for code, wanted in found]


def costs(head: str, one: demo.Demo, since: int) -> Iterator[CostWanted]:
    """A line for each year of each cost of the actions that came then."""
    for it in one.actions:
        for cost in it.costs if it.since == since else ():
            for year in cost.years:
                yield CostWanted(
                    f"{head}-{it.code}", f"{cost.label} ({one.label})", cost.kind, cost.quantity, cost.unit,
                    cost.unit_cost, cost.periods, cost.currency, year, justification=one.invented,
                )  # fmt: skip


def commitments(head: str, one: demo.Demo) -> Iterator[CommitmentWanted]:
    for it in one.commitments:
        yield CommitmentWanted(
            f"{head}-{it.action}", it.funder, it.amount, it.currency, it.year, it.state, it.on, one.invented
        )
