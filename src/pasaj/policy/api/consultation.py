"""Consultations for programs: rounds, the text they ask about, and what was said with its answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status

from pasaj.access.rules import can, visible
from pasaj.assess.api.sending import Paging, send
from pasaj.policy.models import Comment, Consultation, Policy
from pasaj.policy.queries import consultation as queries
from pasaj.policy.services import comments as services
from pasaj.policy.services.comments import CommentWanted
from pasaj.registry.queries import Request

router = Router()
ROUND = (
    "code", "policy", "kind", "names", "about", "institutions", "channels", "first", "last", "state", "opened_at",
    "closed_at", "reported_at", "simulated",
)  # fmt: skip
ASKED = ("clause", "number", "level", "heading", "texts")
COMMENT = (
    "code", "channel", "sort", "institution", "clause", "after", "language", "quoted", "text", "moderation", "said_at",
    "outcome", "reason", "shows_in", "revision",
)  # fmt: skip


class CommentIn(Schema):
    """institution: one that is asked. clause: the code of one that is asked about, "" for the whole text."""

    institution: str
    text: str
    language: str
    clause: str = ""
    quoted: str = ""


class RoundOut(Schema):
    code: str
    policy: str
    kind: str
    names: dict[str, str]
    about: dict[str, str]
    institutions: list[str]
    channels: list[str]
    first: date
    last: date
    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    reported_at: datetime | None
    simulated: bool


class AskedOut(Schema):
    """A clause as it was asked; texts: by language, with its revision and with what its references said."""

    clause: str
    number: str
    level: int
    heading: bool
    texts: dict[str, dict[str, str | int]]


class CommentOut(Schema):
    """What was said. outcome, reason, shows_in, revision: the answer, empty where there is none yet."""

    code: str
    channel: str
    sort: str
    institution: str
    clause: str
    after: str
    language: str
    quoted: str
    text: str
    moderation: str
    said_at: datetime
    outcome: str
    reason: str
    shows_in: str
    revision: int | None


@router.get("/policies/{code}/consultations", response=list[RoundOut])
def consultation_list(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """The rounds of a policy that the actor may see, the newest first."""
    policy = get_object_or_404(visible(Policy.objects.all(), request.actor), code=code)
    rows = queries.of_policy(request.actor, policy).select_related("policy").prefetch_related("institutions")
    return send(request, "consultations", ROUND, [_round(one) for one in rows], policy=code, **wanted.dict())


@router.get("/consultations/{code}", response=RoundOut)
def consultation_detail(request: Request, code: str) -> FileResponse:
    """One round."""
    return send(request, "consultation", ROUND, [_round(_one(request, code))], form="object", consultation=code)


@router.get("/consultations/{code}/text", response=list[AskedOut])
def consultation_text(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """The clauses as they stood when the round was opened."""
    asked = queries.asked(_one(request, code))
    rows = [(one.clause.code, one.number, one.level, one.head, one.texts) for one in asked]
    return send(request, "consultation text", ASKED, rows, consultation=code, **wanted.dict())


@router.get("/consultations/{code}/comments", response=list[CommentOut])
def consultation_comments(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """What was said, as far as the actor may see it: an institution what it said itself."""
    rows = [_comment(one) for one in queries.comments(request.actor, _one(request, code))]
    return send(request, "consultation comments", COMMENT, rows, consultation=code, **wanted.dict())


@router.post("/consultations/{code}/comments", response={201: CommentOut})
def consultation_comment(request: Request, code: str, said: CommentIn) -> Status[dict[str, Any]]:
    """Say something on a clause of an open round, for an institution that is asked and that one speaks for."""
    row = _one(request, code)
    speaks = {one.institution for one in request.actor.grants if one.role == "partner"}
    if not can(request.actor, "comment", row) or said.institution not in speaks:
        raise Http404
    wanted = CommentWanted(said.text, said.language, said.clause, said.quoted)
    made = services.comment(
        code=code, wanted=wanted, institution=said.institution, today=timezone.localdate(request.now),
        actor=request.actor, now=request.now,
    )  # fmt: skip
    return Status(201, dict(zip(COMMENT, _comment(made), strict=True)))


def _one(request: Request, code: str) -> Consultation:
    return get_object_or_404(visible(Consultation.objects.select_related("policy"), request.actor), code=code)


def _round(row: Consultation) -> tuple[Any, ...]:
    institutions = sorted(one.code for one in row.institutions.all())
    return (
        row.code, row.policy.code, row.kind, row.names, row.about_text, institutions, row.channels, row.first_date,
        row.last_date, row.state, row.opened_at, row.closed_at, row.reported_at, row.simulated,
    )  # fmt: skip


def _comment(one: Comment) -> tuple[Any, ...]:
    found = queries.answer(one)
    return (
        one.code, one.channel, one.sort, one.institution.code if one.institution else "",
        one.asked.clause.code if one.asked else "", one.after.code if one.after else "", one.language, one.quoted,
        one.text, one.moderation, one.said_at, found.outcome if found else "", found.reason if found else "",
        found.clause.code if found and found.clause else "", found.revision if found else None,
    )  # fmt: skip
