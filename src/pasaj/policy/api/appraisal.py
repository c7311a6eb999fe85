"""Appraisals of options for programs: questions, judgements, and what every method says."""

from __future__ import annotations

from datetime import datetime

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from pasaj.access.rules import may, visible
from pasaj.assess.api.sending import Paging, send
from pasaj.policy.models import Appraisal, Policy
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.queries import appraisalplain as plain
from pasaj.registry.queries import Request

router = Router()


class AppraisalOut(Schema):
    code: str
    policy: str
    objective: str
    question: dict[str, str]
    options: list[str]
    criteria: list[str]
    weights_known: str
    weights: dict[str, float | list[float]]
    draws: int
    seed: int
    floor: float
    chosen: str
    reason: str
    against: list[str]
    first_share: float | None
    decided_at: datetime | None
    revision: int
    simulated: bool


class JudgementOut(Schema):
    option: str
    criterion: str
    word: str
    value: float | None
    low: float | None
    high: float | None
    sigma: float | None
    certainty: str
    evidence: list[str]
    note: str
    dissent: str
    at: datetime
    by: str
    revision: int


class StandingOut(Schema):
    """What every method says of one option. places: shares of first, second, …; all empty for one that is vetoed."""

    option: str
    vetoed_by: list[str]
    places: list[float]
    error: float | None
    confidence: float | None
    central_weights: dict[str, float]
    sum: float | None
    sum_low: float | None
    sum_high: float | None
    topsis: float | None
    method: str
    draws: int
    seed: int


@router.get("/policies/{code}/appraisals", response=list[AppraisalOut])
def appraisal_list(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """The questions asked for the objectives of a policy, with what was chosen and why."""
    policy = get_object_or_404(visible(Policy.objects.all(), request.actor), code=code)
    if not may(request.actor, "view", Appraisal):
        raise Http404
    rows = plain.appraisals(queries.find(request.actor).filter(policy=policy).order_by("pk"))
    return send(request, "appraisals", plain.APPRAISAL, rows, policy=code, **wanted.dict())


@router.get("/appraisals/{code}", response=AppraisalOut)
def appraisal_detail(request: Request, code: str) -> FileResponse:
    """One question."""
    rows = plain.appraisals(queries.find(request.actor).filter(pk=_one(request, code).pk))
    return send(request, "appraisal", plain.APPRAISAL, rows, form="object", appraisal=code)


@router.get("/appraisals/{code}/judgements", response=list[JudgementOut])
def judgement_list(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """The judgements that count: who held what of which option, how sure, on which evidence, who dissents."""
    rows = plain.judgements(queries.table(_one(request, code)))
    return send(request, "judgements", plain.JUDGEMENT, rows, appraisal=code, **wanted.dict())


@router.get("/appraisals/{code}/result", response=list[StandingOut])
def appraisal_result(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """What every method says of each option: an estimate, with its draws and seed. 422 when it cannot be said yet."""
    found = queries.table(_one(request, code))
    rows = plain.standings(found, queries.result(found))
    return send(request, "appraisal result", plain.STANDING, rows, appraisal=code, **wanted.dict())


def _one(request: Request, code: str) -> Appraisal:
    return get_object_or_404(queries.find(request.actor), code=code)
