"""Rounds of an assessment for programs: what is looked at, who answered what, what it comes to, and settling."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from pasaj.access.rules import can
from pasaj.assess.api.sending import Paging, matching, part, round_of, send
from pasaj.assess.models import Round, Settlement
from pasaj.assess.queries import pages
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import files, settlements
from pasaj.core import scoring
from pasaj.registry.queries import Request

router = Router()


class RoundOut(Schema):
    code: str
    title: str
    framework: str
    version: str
    state: str
    period_start: date
    period_end: date
    pictures: bool
    simulated: bool
    opened_at: datetime | None
    closed_at: datetime | None


class RoundPage(Schema):
    count: int
    items: list[RoundOut]


class UnitOut(Schema):
    code: str
    sort: str
    names: dict[str, str]
    asked: list[str]


class ProgressOut(Schema):
    code: str
    answered: int
    asked: int


class AssessorOut(Schema):
    code: str
    units: list[str]


class FormOut(Schema):
    form: str
    sort: str
    number: int


class RoundDetail(RoundOut):
    units: list[UnitOut]
    assessors: list[AssessorOut]
    forms: list[FormOut]
    forms_outdated: bool
    progress: dict[str, list[ProgressOut]]


class RoundFilter(Paging):
    state: str = ""
    framework: str = ""


class AnswerFilter(Paging):
    unit: str = ""
    pillar: str = ""
    indicator: str = ""
    assessor: str = ""
    counts: bool | None = None


class AnswerOut(Schema):
    round: str
    framework: str
    framework_version: str
    simulated: bool
    unit: str
    unit_kind: str
    pillar: str
    indicator: str
    assessor: str
    value: int | None
    missing: str
    confidence: str
    comment: str
    assessed_on: date
    received_at: datetime
    receipt: str
    settled_as: str
    settled_why: str
    counts: bool


class ScoreFilter(Paging):
    level: Literal["", "country", "pillar", "indicator", "unit", "unit_pillar", "cell"] = ""
    unit: str = ""
    pillar: str = ""
    indicator: str = ""


class ScoreOut(Schema):
    round: str
    framework: str
    framework_version: str
    simulated: bool
    level: str
    unit: str
    pillar: str
    indicator: str
    low: float | None
    high: float | None
    observed: float | None
    may_not_apply: bool | None


class CriticalOut(Schema):
    unit: str
    indicator: str
    state: str


class AgreementOut(Schema):
    alpha: float | None
    low: float | None
    high: float | None
    cells: int
    draws: int


class SensitivityOut(Schema):
    weights: str
    draws: int
    changed: float
    reversed: float
    best: dict[str, float]
    worst: dict[str, float]
    pairs: list[dict[str, Any]]


class DifferenceFilter(Paging):
    unit: str = ""
    indicator: str = ""
    settled: bool | None = None


class DifferenceOut(Schema):
    unit: str
    indicator: str
    kind: str
    spread: int
    settled: bool
    settled_as: str
    seen: str
    answers: list[dict[str, Any]]


class SettlementOut(Schema):
    unit: str
    indicator: str
    value: str
    reason: str
    answers: dict[str, str]
    at: datetime
    by: str


class SettlementIn(Schema):
    unit: str
    indicator: str
    value: str
    reason: str
    seen: str


class ChangeOut(Schema):
    level: str
    code: str
    old_low: float | None
    old_high: float | None
    new_low: float | None
    new_high: float | None
    change: str
    margin: float | None
    cells: int


@router.get("/rounds", response=RoundPage)
def rounds(request: Request, wanted: Query[RoundFilter]) -> dict[str, Any]:
    """Rounds, the newest first."""
    asked = {"state": wanted.state, "framework__framework__code": wanted.framework}
    rows = queries.find(request.actor).filter(**{name: value for name, value in asked.items() if value})
    return {"count": rows.count(), "items": [_round(row) for row in rows[part(wanted.limit, wanted.offset)]]}


@router.get("/rounds/{code}", response=RoundDetail)
def round_detail(request: Request, code: str) -> dict[str, Any]:
    """A round: its scope, its assessors by their codes, its forms, and how far it is. No answers."""
    row = round_of(request, code)
    found = queries.result(row)
    return {
        **_round(row),
        "units": [
            {"code": one.code, "sort": one.sort, "names": one.names, "asked": found.asked.asked[one.code]}
            for one in found.units
        ],
        "assessors": [{"code": one.code, "units": one.units} for one in pages.assessors(row)],
        "forms": [{"form": one.name, "sort": one.sort, "number": one.number} for one in pages.forms(row)],
        "forms_outdated": pages.outdated(row),
        "progress": queries.progress(found),
    }


@router.get("/rounds/{code}/answers", response=list[AnswerOut])
def answers(request: Request, code: str, wanted: Query[AnswerFilter]) -> FileResponse:
    """Every answer with its receipt, the assessor's code and the day; `counts=true`: not those replaced since."""
    return _table(request, code, "answers", wanted)


@router.get("/rounds/{code}/scores", response=list[ScoreOut])
def scores(request: Request, code: str, wanted: Query[ScoreFilter]) -> FileResponse:
    """Ranges of the country, pillars, indicators, units, pillars of units, and cells."""
    return _table(request, code, "scores", wanted)


@router.get("/rounds/{code}/critical", response=list[CriticalOut])
def critical(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """Critical indicators that are or may be 0, whatever the mean."""
    found = _result(request, code)
    rows = [(one.unit, one.indicator, one.state) for one in scoring.critical(found.scores, found.indicators)]
    return send(request, "critical", tuple(CriticalOut.model_fields), rows, round=code, **wanted.dict())


@router.get("/rounds/{code}/agreement", response=AgreementOut)
def agreement(request: Request, code: str) -> FileResponse:
    """Krippendorff's alpha over the cells that two or more assessors gave a point, with its interval."""
    found = queries.agreement(_result(request, code))
    header = tuple(AgreementOut.model_fields)
    row = tuple(getattr(found, name) for name in header)
    return send(request, "agreement", header, [row], form="object", round=code)


@router.get("/rounds/{code}/sensitivity", response=SensitivityOut)
def sensitivity(request: Request, code: str, weights: Literal["near", "any"] = "near") -> FileResponse:
    """How often the order of pillars changes over random weights, near those of the framework or any at all.

    404 where fewer than two pillars have a score.
    """
    found = queries.sensitivity(_result(request, code), near=weights == "near")
    if found is None:
        raise Http404
    header = tuple(SensitivityOut.model_fields)
    pairs = [{name: getattr(one, name) for name in one.__slots__} for one in found.pairs]
    values = {"weights": weights, "pairs": pairs}
    row = tuple(values[name] if name in values else getattr(found, name) for name in header)
    return send(request, "sensitivity", header, [row], form="object", round=code, weights=weights)


@router.get("/rounds/{code}/disagreements", response=list[DifferenceOut])
def disagreements(request: Request, code: str, wanted: Query[DifferenceFilter]) -> FileResponse:
    """Cells that assessors answered differently, the widest first. `seen` is what a settlement has to repeat."""
    found = _result(request, code)
    told = [_difference(found, one) for one in scoring.disagreements(found.scores)]
    asked = wanted.dict(exclude={"limit", "offset"})
    rows = [tuple(one.values()) for one in told if matching(asked, one)]
    return send(request, "disagreements", tuple(DifferenceOut.model_fields), rows, round=code, **wanted.dict())


@router.get("/rounds/{code}/settlements", response=list[SettlementOut])
def settlement_list(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """What was decided, in that order; an empty `value` opened the cell again. The newest on a cell counts."""
    row = round_of(request, code)
    rows = [tuple(_settlement(one).values()) for one in row.settlements.select_related("unit").order_by("pk")]
    return send(request, "settlements", tuple(SettlementOut.model_fields), rows, round=code, **wanted.dict())


@router.post("/rounds/{code}/settlements", response={201: SettlementOut})
def settle(request: Request, code: str, said: SettlementIn) -> Status[dict[str, Any]]:
    """Settle a cell as on its page: `value` a point, not_observed or not_applicable; empty: open it again."""
    row = round_of(request, code)
    if not can(request.actor, "settle", row):
        raise Http404
    made = settlements.settle(code=code, **said.dict(), actor=request.actor, now=request.now)
    return Status(201, _settlement(made))


@router.get("/rounds/{code}/compare/{earlier}", response=list[ChangeOut])
def compare(request: Request, code: str, earlier: str, wanted: Query[Paging]) -> FileResponse:
    """What moved since an earlier round of the same framework, and what is within the noise."""
    row = round_of(request, code)
    before = get_object_or_404(pages.comparable(request.actor, row), code=earlier)
    rows = [
        (one.level, one.code, *_ends(one.old), *_ends(one.new), one.verdict, one.margin, one.cells)
        for one in pages.changes(queries.result(before), queries.result(row))
    ]
    asked = {"round": code, "earlier": earlier, **wanted.dict()}
    return send(request, "comparison", tuple(ChangeOut.model_fields), rows, **asked)


def _result(request: Request, code: str) -> queries.Result:
    return queries.result(round_of(request, code))


def _round(row: Round) -> dict[str, Any]:
    version = {"framework": row.framework.framework.code, "version": row.framework.version}
    return {name: version[name] if name in version else getattr(row, name) for name in RoundOut.model_fields}


def _table(request: Request, code: str, what: str, wanted: AnswerFilter | ScoreFilter) -> FileResponse:
    header, asked = files.KINDS[what], wanted.dict(exclude={"limit", "offset"})
    rows = [
        one for one in files.table(_result(request, code), what) if matching(asked, dict(zip(header, one, strict=True)))
    ]
    return send(request, what, header, rows, round=code, **wanted.dict())


def _difference(found: queries.Result, one: scoring.Disagreement) -> dict[str, Any]:
    """The fields of `DifferenceOut`, in its order."""
    given, settled = found.of_cell(one.unit, one.indicator), found.settlements.get((one.unit, one.indicator))
    return {
        "unit": one.unit,
        "indicator": one.indicator,
        "kind": one.kind,
        "spread": one.spread,
        "settled": one.settled,
        "settled_as": settled.value if settled else "",
        "seen": settlements.stands(given, settled),
        "answers": [
            {
                "assessor": it.answer.assessor,
                "value": str(it.answer.value),
                "confidence": it.sure,
                "comment": it.comment,
                "assessed_on": it.assessed_on.isoformat(),
                "receipt": it.receipt,
            }
            for it in given
        ],
    }


def _settlement(row: Settlement) -> dict[str, Any]:
    """The fields of `SettlementOut`, in its order."""
    return {
        "unit": row.unit.code,
        "indicator": row.indicator,
        "value": row.value,
        "reason": row.reason,
        "answers": row.answers,
        "at": row.at,
        "by": row.actor_label,
    }


def _ends(one: scoring.Range | None) -> tuple[float | None, float | None]:
    return (None, None) if one is None else (round(one.low, 4), round(one.high, 4))
