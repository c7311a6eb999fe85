"""What the pages of a round show: names, states of forms, lines and the matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import get_language

from pasaj.access.models import Account
from pasaj.access.rules import Actor
from pasaj.assess.models import Assessor, FrameworkVersion, Round, RoundForm
from pasaj.assess.queries import rounds
from pasaj.assess.queries.rounds import Result, find, fingerprint, questionnaires, units_of
from pasaj.core import framework as frameworks
from pasaj.core import scoring
from pasaj.core.rounds.words import said

Key = tuple[str, str]
MOVED = frozenset({"up", "down"})


@dataclass(frozen=True, slots=True)
class Line:
    """A pillar with its range in the country; weights: in which share of draws none is surely above, or below, it."""

    code: str
    name: str
    weight: float
    range: scoring.Range | None
    best: float | None = None
    worst: float | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit: its ranges in the order of the pillars, and over all."""

    code: str
    name: str
    sort: str
    cells: tuple[scoring.Range | None, ...]
    whole: scoring.Range | None


@dataclass(frozen=True, slots=True)
class AssessorLine:
    code: str
    who: str
    units: tuple[str, ...]  # empty: all


def listed(actor: Actor) -> QuerySet[Any]:
    """The rounds with how many units, assessors and sheets each has, and the newest edition of its report."""
    return find(actor).annotate(
        unit_count=Count("units", distinct=True),
        assessor_count=Count("assessors", distinct=True),
        sheet_count=Count("sheets", distinct=True),
        edition=Max("reports__number"),
    )


def names(found: Result) -> dict[str, str]:
    """Units, pillars and indicators by code, in the reader's language."""
    language = get_language() or "en"
    framework = found.framework
    return {
        **{one.code: said(one.names, language) or one.code for one in found.units},
        **{one.code: said(one.names, language) for one in framework.pillars},
        **{one.code: said(one.questions, language) for one in framework.indicators},
    }


def unit_choices(row: Round) -> list[tuple[str, str]]:
    """What an assessor may be bound to: what is assessed, then institutions that only speak for themselves."""
    language = get_language() or "en"
    partners = row.units.filter(assessed=False).select_related("institution").order_by("code")
    found = [(one.code, said(one.names, language) or one.code) for one in units_of(row)]
    return found + [(one.code, str(one.institution)) for one in partners]


def forms(row: Round) -> QuerySet[RoundForm]:
    """The forms of a round with their uploads."""
    return row.forms.select_related("upload__version").defer("upload__version__fields").order_by("pk")


def outdated(row: Round) -> bool:
    """Whether an open round looks at something that its forms do not ask yet."""
    if row.state != Round.State.OPEN:
        return False
    there = dict(row.forms.values_list("sort", "fingerprint"))
    return any(there.get(sort) != fingerprint(made) for sort, made in questionnaires(row))


def newer_version(row: Round) -> FrameworkVersion | None:
    """A version of the framework that came after the one of the round."""
    later = FrameworkVersion.objects.filter(
        state=FrameworkVersion.State.PUBLISHED, framework=row.framework.framework, pk__gt=row.framework_id
    )
    return later.order_by("-pk").first()


def assessors(row: Round) -> list[AssessorLine]:
    """Who answers and about what. Keys and accounts are named as the phones page and the page of people name them."""
    rows = list(row.assessors.select_related("app_user").prefetch_related("assignments__unit").order_by("pk"))
    wanted = [one.account_id for one in rows if one.account_id]
    emails = dict(Account.objects.filter(pk__in=wanted).values_list("pk", "email"))
    return [
        AssessorLine(
            one.code, _who(one, emails), () if one.everywhere else tuple(it.unit.code for it in one.assignments.all())
        )
        for one in rows
    ]


def _who(row: Assessor, emails: Mapping[int, str]) -> str:
    if row.app_user is not None:
        return f"{row.app_user.name} ({row.app_user.code})"
    return emails.get(row.account_id or 0, "–")


def pillar_lines(found: Result, weights: scoring.Sensitivity | None) -> list[Line]:
    """The pillars in their order: never by their scores."""
    shown = names(found)
    return [
        Line(
            code=code,
            name=shown[code],
            weight=weight,
            range=found.scores.pillars.get(code),
            best=weights.best.get(code) if weights else None,
            worst=weights.worst.get(code) if weights else None,
        )
        for code, weight in found.pillars.items()
    ]


def matrix(found: Result) -> list[MatrixRow]:
    """Units by pillars: in the order of the round, which compares nobody."""
    shown = names(found)
    return [
        MatrixRow(
            code=one.code,
            name=shown[one.code],
            sort=one.sort,
            cells=tuple(found.scores.unit_pillars.get((one.code, code)) for code in found.pillars),
            whole=found.scores.units.get(one.code),
        )
        for one in found.units
    ]


def comparable(actor: Actor, row: Round) -> QuerySet[Round]:
    """Earlier rounds of the same framework that have forms out."""
    same = find(actor).filter(framework__framework=row.framework.framework, period_start__lt=row.period_start)
    return same.exclude(state=Round.State.DRAFT)


def changes(earlier: Result, later: Result) -> list[scoring.Change]:
    """What moved between two rounds, on the indicators that mean the same in both versions."""
    return scoring.compare(
        earlier.scores,
        later.scores,
        indicators=later.indicators,
        pillars=later.pillars,
        same=alike(earlier.framework, later.framework),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one sort with their names. hidden: how many that did not move are left out."""

    sort: str  # pillar, unit, indicator
    rows: tuple[tuple[str, scoring.Change], ...]
    hidden: int


def compared(found: Result, changes: Iterable[scoring.Change], *, everything: bool) -> list[Part]:
    """The country and its pillars, units in the order of the round, indicators in that of the framework.

    Of units and indicators only what moved, unless `everything` is asked for.
    """
    shown = names(found)
    there = {(one.level, one.code): one for one in changes}
    order = {
        "pillar": [("country", ""), *(("pillar", code) for code in found.pillars)],
        "unit": [("unit", one.code) for one in found.units],
        "indicator": [("indicator", one.code) for one in found.framework.indicators],
    }
    parts = []
    for sort, keys in order.items():
        every = [(shown.get(key[1], ""), there[key]) for key in keys if key in there]
        rows = [one for one in every if everything or sort == "pillar" or one[1].verdict in MOVED]
        if every:
            parts.append(Part(sort, tuple(rows), len(every) - len(rows)))
    return parts


def alike(old: frameworks.Framework, new: frameworks.Framework) -> set[str]:
    """Indicators that ask the same of the same units and mean the same points; weights and conditions may differ."""
    before = {one.code: _meant(one) for one in old.indicators}
    return {one.code for one in new.indicators if before.get(one.code) == _meant(one)}


def _meant(one: frameworks.Indicator) -> frameworks.Indicator:
    return replace(
        one, weight=type(one.weight)(1), applies_if=None, sources=(), verify="", critical=False, rights=False
    )


def progress(found: Result) -> dict[str, list[tuple[rounds.Progress, str]]]:
    """Progress with names to read."""
    shown = names(found)
    return {what: [(one, shown.get(one.code, "")) for one in lines] for what, lines in rounds.progress(found).items()}


@dataclass(frozen=True, slots=True)
class CellLine:
    code: str
    question: str
    critical: bool
    cell: scoring.Cell


def unit_pillars(found: Result, unit: str) -> list[tuple[Line, scoring.Range | None, list[CellLine]]]:
    """What was asked of a unit, pillar by pillar."""
    shown = names(found)
    asked = set(found.asked.asked.get(unit, ()))
    told = []
    for line in pillar_lines(found, None):
        cells = [
            CellLine(one.code, shown[one.code], one.critical, found.scores.cells[unit, one.code])
            for one in found.framework.of_pillar(line.code)
            if one.code in asked
        ]
        if cells:
            told.append((line, found.scores.unit_pillars.get((unit, line.code)), cells))
    return told


@dataclass(frozen=True, slots=True)
class CriticalLine:
    """A critical indicator with the units where it is 0, where some say so, and where nobody observed it."""

    code: str
    question: str
    zero: list[str]
    disputed: list[str]
    unseen: list[str]


def critical(found: Result) -> list[CriticalLine]:
    """Critical indicators that are or may be 0, in the order of the framework."""
    shown = names(found)
    units: dict[str, dict[str, list[str]]] = {}
    for one in scoring.critical(found.scores, found.indicators):
        units.setdefault(one.indicator, {"zero": [], "disputed": [], "unseen": []})[one.state].append(one.unit)
    return [
        CriticalLine(one.code, shown[one.code], **units[one.code])
        for one in found.framework.indicators
        if one.code in units
    ]
