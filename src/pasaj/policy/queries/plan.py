"""A policy as plain values for the core: a constant number of queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pasaj.core.policy import shapes
from pasaj.policy.models import (
    Action,
    Commitment,
    CostLine,
    Indicator,
    Measure,
    MeasurePart,
    Objective,
    Policy,
    Price,
    Problem,
    Reading,
)


def plan(row: Policy) -> shapes.Policy:
    """The standing statements of a policy with their costs and observations, by code."""
    return shapes.Policy(
        code=row.code,
        text=row.names,
        first=row.first_date,
        last=row.last_date,
        languages=tuple(row.languages),
        currency=row.currency,
        minimum=row.minimum_certainty,
        themes=tuple(f"{row.code}-T{one}" for one in row.themes.order_by("number").values_list("number", flat=True)),
        problems=tuple(_problem(one) for one in _standing(row.problems).select_related("theme")),
        objectives=tuple(
            _objective(one)
            for one in _standing(row.objectives).select_related("theme").prefetch_related("problems", "goals")
        ),
        measures=_measures(row),
        actions=_actions(row),
        costs=tuple(map(_cost, _lines(CostLine.objects.all(), row))),
        commitments=tuple(map(_commitment, _lines(Commitment.objects.all(), row))),
        rates=tuple(
            shapes.Rate(one.currency, one.year, one.rate, one.dated_date, one.source)
            for one in row.rates.order_by("currency", "year")
        ),
        prices=tuple(
            shapes.Price(one.code, one.unit, one.low, one.high, one.currency)
            for one in Price.objects.filter(retired_at=None).order_by("code")
        ),
        indicators=tuple(indicator(one) for one in _standing(row.indicators).select_related("action", "objective")),
        readings=readings(row),
        capacities={one.institution.code: one.actions for one in row.capacities.select_related("institution")},
    )


def readings(row: Policy) -> tuple[shapes.Reading, ...]:
    """The newest revision of each observation of its indicators, by indicator and period."""
    found: dict[tuple[str, object], shapes.Reading] = {}
    rows = Reading.objects.filter(indicator__policy=row, indicator__withdrawn_at=None).select_related("indicator")
    for one in rows.order_by("indicator__code", "period_end", "revision"):
        key = (one.indicator.code, one.period_end)
        found[key] = shapes.Reading(one.indicator.code, one.period_end, one.value, one.source)
    return tuple(found.values())


def _standing(rows: Any) -> Any:
    return rows.filter(withdrawn_at=None).order_by("pk")


def _lines(rows: Any, row: Policy) -> Any:
    found = rows.filter(action__policy=row, withdrawn_at=None, action__withdrawn_at=None)
    return found.select_related("action").order_by("pk")


def _theme(row: Problem | Objective | Measure) -> str:
    """The code of its theme."""
    return f"{row.code.partition('-')[0]}-T{row.theme.number}"


def _problem(row: Problem) -> shapes.Problem:
    return shapes.Problem(row.code, _theme(row), row.text, tuple(row.findings), tuple(row.rights), tuple(row.groups))


def _codes(rows: Iterable[Problem | Objective | Measure | Action]) -> tuple[str, ...]:
    return tuple(sorted(one.code for one in rows if one.withdrawn_at is None))


def _objective(row: Objective) -> shapes.Objective:
    goals = tuple(sorted(one.code for one in row.goals.all()))
    return shapes.Objective(row.code, _theme(row), row.text, _codes(row.problems.all()), goals)


def _measures(policy: Policy) -> tuple[shapes.Measure, ...]:
    shares: dict[int, list[shapes.Part]] = defaultdict(list)
    for one in MeasurePart.objects.filter(measure__policy=policy).select_related("institution").order_by("pk"):
        shares[one.measure_id].append(shapes.Part(one.institution.code, one.part))
    rows = _standing(policy.measures).select_related("theme", "function", "territory")
    return tuple(
        shapes.Measure(
            row.code,
            _theme(row),
            row.kind,
            row.text,
            objectives=_codes(row.objectives.all()),
            institutions=tuple(shares[row.pk]),
            function=row.function.code if row.function else "",
            territory=row.territory.code if row.territory else "",
            basis=tuple(sorted(one.code for one in row.basis.all())),
            safeguards=_codes(row.safeguards.all()),
            option=row.option,
        )
        for row in rows.prefetch_related("objectives", "basis", "safeguards")
    )


def _actions(policy: Policy) -> tuple[shapes.Action, ...]:
    rows = _standing(policy.actions).select_related("measure", "owner", "adopts")
    return tuple(action(row, needs=_codes(row.needs.all())) for row in rows.prefetch_related("needs"))


def action(row: Action, *, needs: tuple[str, ...]) -> shapes.Action:
    """One action; needs: the codes of those that stand before it."""
    return shapes.Action(
        row.code,
        row.measure.code,
        row.text,
        owner=row.owner.code,
        first=row.first_date,
        last=row.last_date,
        deliverable=row.deliverable,
        needs=needs,
        recommendations=tuple(row.recommendations),
        adopts=row.adopts.code if row.adopts else "",
        personal_data=row.personal_data,
        assessment=row.assessment,
        shares_data=row.shares_data,
        agreement=row.agreement,
        state=row.state,
        done_on=row.done_date,
    )


def _cost(row: CostLine) -> shapes.Cost:
    names = ("label", "kind", "quantity", "unit", "unit_cost", "periods", "currency", "year", "item", "justification")
    return shapes.Cost(row.code, row.action.code, *(getattr(row, name) for name in names))


def _commitment(row: Commitment) -> shapes.Commitment:
    names = ("funder", "amount", "currency", "year", "state")
    return shapes.Commitment(row.code, row.action.code, *(getattr(row, name) for name in names))


def indicator(row: Indicator) -> shapes.Indicator:
    """One indicator."""
    return shapes.Indicator(
        row.code,
        row.measured,
        row.text,
        row.definition,
        row.unit,
        row.direction,
        baseline=row.baseline,
        baseline_on=row.baseline_date,
        baseline_source=row.baseline_source,
        target=row.target,
        target_on=row.target_date,
        every_days=row.every_days,
        source=row.origin,
        source_name=row.source_name,
        figure=row.figure,
        denominator=row.denominator,
        personal_data=row.personal_data,
    )
