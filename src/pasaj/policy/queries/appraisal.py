"""Appraisals as plain values for the core, what every method says of them, and their table for pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.core import appraisal as core
from pasaj.core.appraisal import grade
from pasaj.policy.models import Appraisal, Criterion, Judgement, Option

DAY = 86_400
FIGURE = "figure"
Key = tuple[str, str]  # option, criterion


@dataclass(frozen=True)
class Table:
    """An appraisal with its standing options, its criteria and the judgements that count."""

    appraisal: Appraisal
    options: Sequence[Option]
    criteria: Sequence[Criterion]
    judgements: Mapping[Key, Judgement]

    @cached_property
    def question(self) -> core.Question:
        """The same as plain values."""
        return core.Question(
            code=self.appraisal.code,
            options=tuple(one.code for one in self.options),
            status_quo=next((one.code for one in self.options if one.status_quo), ""),
            criteria=tuple(criterion_of(one) for one in self.criteria),
            cells={key: performance_of(one) for key, one in self.judgements.items()},
            weights=weights_of(self.appraisal),
        )

    @property
    def judged(self) -> int:
        return len(self.judgements)

    @property
    def cells(self) -> int:
        return len(self.options) * len(self.criteria)


def find(actor: Actor) -> QuerySet[Appraisal]:
    """The appraisals that the actor may see, with their policy and objective."""
    return visible(Appraisal.objects.select_related("policy", "objective", "chosen"), actor)


def listed(rows: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    """For a list: with how many standing options each has, and how many of its cells are judged."""
    return rows.annotate(
        many=Count("options", filter=Q(options__withdrawn_at=None), distinct=True),
        asked=Count("criteria", distinct=True),
        judged=Count(
            "options__judgements",
            filter=Q(options__withdrawn_at=None, options__judgements__revision=1),
            distinct=True,
        ),
        cells=F("many") * F("asked"),
    ).order_by("pk")


def table(row: Appraisal) -> Table:
    """The table of an appraisal: three queries, whatever its size."""
    options = list(row.options.filter(withdrawn_at=None).order_by("pk"))
    criteria = list(row.criteria.order_by("number"))
    newest: dict[Key, Judgement] = {}
    rows = (
        Judgement.objects.filter(option__in=options)
        .select_related("criterion")
        .annotate(on=F("option__code"), by=F("criterion__code"))
    )
    for one in rows.order_by("revision"):
        newest[one.on, one.by] = one
    return Table(row, options, criteria, newest)


def criterion_of(row: Criterion) -> core.Criterion:
    """A criterion as plain values."""
    if row.scale != FIGURE:
        return grade.criterion(row.code, row.scale)
    points = tuple((float(figure), float(value)) for figure, value in row.points)
    if len(points) == 2 and {points[0][1], points[1][1]} == {0.0, 1.0}:
        worst, best = sorted(points, key=lambda one: one[1])
        return core.Criterion(row.code, core.Linear(worst[0], best[0]))
    return core.Criterion(row.code, core.Piecewise(points))


def performance_of(row: Judgement) -> core.Performance:
    """A judgement as plain values; one that leaves it open says nothing."""
    if row.word:
        return core.Performance(None if row.word in grade.OPEN else row.word)
    return core.Performance(row.value, row.low, row.high, row.sigma)


def weights_of(row: Appraisal) -> core.Weights:
    """What is known of the weights."""
    said = row.weights
    if row.weights_known == Appraisal.Weights.ORDER:
        tiers = sorted(set(said.values()))
        return core.Order(tuple(tuple(sorted(code for code in said if said[code] == tier)) for tier in tiers))
    if row.weights_known == Appraisal.Weights.BOUNDS:
        return core.Bounds({code: (low / 100, high / 100) for code, (low, high) in said.items()})
    if row.weights_known == Appraisal.Weights.STATED:
        return core.Stated({code: float(weight) for code, weight in said.items()})
    return core.Unknown()


def fingerprint(found: Table) -> str:
    """Of everything the result hangs on: the question, the seed and the number of draws."""
    question = found.question
    plain = (
        question.code, question.options, question.status_quo, question.criteria, sorted(question.cells.items()),
        found.appraisal.weights_known, sorted(found.appraisal.weights.items()), found.appraisal.seed,
        found.appraisal.draws,
    )  # fmt: skip
    return hashlib.sha256(repr(plain).encode()).hexdigest()


def result(found: Table) -> core.Appraised:
    """What every method says; worked out once for each state of the table. Raises Refused as `core.appraise`."""
    key = f"appraisal:{fingerprint(found)}"
    said: core.Appraised | None = cache.get(key)
    if said is None:
        said = core.appraise(found.question, seed=found.appraisal.seed, draws=found.appraisal.draws)
        cache.set(key, said, 7 * DAY)
    return said


def history(option: Option, criterion: Criterion) -> QuerySet[Judgement]:
    """All that was ever held of a cell, the newest first."""
    return (
        Judgement.objects.filter(option=option, criterion=criterion).select_related("criterion").order_by("-revision")
    )
