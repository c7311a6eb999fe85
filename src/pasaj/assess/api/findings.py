"""Findings and recommendations for programs: with their factors and evidence; written, adopted, set aside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from pasaj.access.rules import can, may, visible
from pasaj.assess.api.sending import Paging, round_of, send
from pasaj.assess.models import Finding, Recommendation, Round
from pasaj.assess.queries import findings as queries
from pasaj.assess.queries import statements
from pasaj.assess.services import findings, recommendations
from pasaj.registry.queries import Request

router = Router()


class FindingFilter(Paging):
    state: str = ""
    severity: int | None = None
    rule: str = ""
    rights: bool | None = None


class FindingOut(Schema):
    code: str
    round: str
    state: str
    rule: str
    statement: dict[str, str]
    severity: int
    certainty: float
    certainty_parts: dict[str, float]
    reach: float
    reach_part: float
    reach_whole: float
    reach_of: str
    priority: float
    rights: bool
    rights_affected: str
    institution: str
    subject: dict[str, list[str]]
    evidence: list[str]
    standing: str
    holds: bool
    edited: bool
    reason: str
    revision: int
    simulated: bool
    changed_at: datetime


class RecommendationFilter(Paging):
    state: str = ""


class RecommendationOut(Schema):
    code: str
    round: str
    state: str
    text: dict[str, str]
    findings: list[str]
    institution: str
    horizon: str
    due_date: date
    effort: str
    priority: float | None
    standing: str
    reason: str
    revision: int
    simulated: bool
    changed_at: datetime


class PriorityOut(Schema):
    finding: str
    severity: float
    certainty: float
    reach: float
    priority: float


class FindingIn(Schema):
    statement: dict[str, str]
    severity: int
    sure: str = ""
    part: int | None = None
    whole: int | None = None
    rights: bool = False
    rights_affected: str = ""
    institution: str = ""


class RecommendationIn(Schema):
    text: dict[str, str]
    findings: list[str]
    horizon: str
    due: date
    effort: str
    institution: str = ""


class FindingStep(Schema):
    step: Literal["adopt", "dismiss", "reopen", "take_over"]
    seen: int
    reason: str = ""


class RecommendationStep(Schema):
    step: Literal["adopt", "drop", "reopen"]
    seen: int
    reason: str = ""


WITH_REASON = frozenset({"dismiss", "drop", "reopen"})


@router.get("/rounds/{code}/findings", response=list[FindingOut])
def finding_list(request: Request, code: str, wanted: Query[FindingFilter]) -> FileResponse:
    """What a round finds, by code: with severity, certainty, reach and their product, and the codes it rests on."""
    asked = wanted.dict(exclude={"limit", "offset"})
    rows = [tuple(one.values()) for one in statements.findings(request.actor, round_of(request, code), **asked)]
    return send(request, "findings", statements.FINDING, rows, round=code, **wanted.dict())


@router.post("/rounds/{code}/findings", response={201: FindingOut})
def finding_write(request: Request, code: str, said: FindingIn) -> Status[dict[str, Any]]:
    """A finding of one's own, a draft that rests on nothing yet. `sure`: low, medium, high."""
    row = _written_into(request, code, Finding)
    made = findings.write(code=code, wanted=findings.Wanted(**said.dict()), actor=request.actor, now=request.now)
    return Status(201, statements.findings(request.actor, row, code=made.code)[0])


@router.get("/findings/{code}", response=FindingOut)
def finding_detail(request: Request, code: str) -> FileResponse:
    """One finding. What it rests on, and what rests on it, is at `evidence/CODE`."""
    row = _one(request, Finding, code, "view")
    found = [tuple(one.values()) for one in statements.findings(request.actor, row.round, code=code)]
    return send(request, "finding", statements.FINDING, found, form="object", finding=code)


@router.post("/findings/{code}", response=FindingOut)
def finding_step(request: Request, code: str, said: FindingStep) -> dict[str, Any]:
    """Adopt it, set it aside or open it again with a reason, or let it say what its rule says now."""
    row = _one(request, Finding, code, "edit" if said.step == "take_over" else "decide")
    _take(findings, said, code, request)
    return statements.findings(request.actor, row.round, code=code)[0]


@router.get("/rounds/{code}/recommendations", response=list[RecommendationOut])
def recommendation_list(request: Request, code: str, wanted: Query[RecommendationFilter]) -> FileResponse:
    """What is recommended, for which findings, to whom, until when. `priority`: the highest of its findings."""
    found = statements.recommendations(request.actor, round_of(request, code), state=wanted.state)
    rows = [tuple(one.values()) for one in found]
    return send(request, "recommendations", statements.RECOMMENDATION, rows, round=code, **wanted.dict())


@router.post("/rounds/{code}/recommendations", response={201: RecommendationOut})
def recommendation_write(request: Request, code: str, said: RecommendationIn) -> Status[dict[str, Any]]:
    """Recommend something for findings of the round. `horizon`: short, medium, long; `effort`: low, medium, high."""
    row = _written_into(request, code, Recommendation)
    made = recommendations.write(
        code=code, wanted=recommendations.Wanted(**said.dict()), actor=request.actor, now=request.now
    )
    return Status(201, statements.recommendations(request.actor, row, code=made.code)[0])


@router.get("/recommendations/{code}", response=RecommendationOut)
def recommendation_detail(request: Request, code: str) -> FileResponse:
    """One recommendation."""
    row = _one(request, Recommendation, code, "view")
    found = [tuple(one.values()) for one in statements.recommendations(request.actor, row.round, code=code)]
    return send(request, "recommendation", statements.RECOMMENDATION, found, form="object", recommendation=code)


@router.post("/recommendations/{code}", response=RecommendationOut)
def recommendation_step(request: Request, code: str, said: RecommendationStep) -> dict[str, Any]:
    """Adopt it, or drop it or open it again with a reason."""
    row = _one(request, Recommendation, code, "decide")
    _take(recommendations, said, code, request)
    return statements.recommendations(request.actor, row.round, code=code)[0]


@router.get("/rounds/{code}/priorities", response=list[PriorityOut])
def priority_list(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """Findings drafted or adopted, what is grave, sure and wide first: each factor from 0 to 1, and the product."""
    found = queries.priorities(request.actor, round_of(request, code))
    rows = [
        (one.finding.code, *(round(value, 4) for value in (one.severity, one.certainty, one.reach, one.product)))
        for one in found
    ]
    return send(request, "priorities", tuple(PriorityOut.model_fields), rows, round=code, **wanted.dict())


def _written_into(request: Request, code: str, model: type[Finding] | type[Recommendation]) -> Round:
    """A round that the actor may write one of these into, else 404."""
    row = round_of(request, code)
    if not may(request.actor, "edit", model) or row.state == Round.State.DRAFT:
        raise Http404
    return row


def _one(request: Request, model: Any, code: str, action: str) -> Any:
    row = get_object_or_404(visible(model.objects.select_related("round"), request.actor), code=code)
    if not can(request.actor, action, row):
        raise Http404
    return row


def _take(service: Any, said: FindingStep | RecommendationStep, code: str, request: Request) -> None:
    why = {"reason": said.reason} if said.step in WITH_REASON else {}
    getattr(service, said.step)(code=code, seen=said.seen, **why, actor=request.actor, now=request.now)
