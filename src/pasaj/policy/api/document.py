"""The document of a policy for programs: its clauses read, written and suggested for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from pasaj.access.rules import can, may, visible
from pasaj.assess.api.sending import Paging, send
from pasaj.policy.models import Clause, Policy, Suggestion
from pasaj.policy.queries.tree import Entry, outline
from pasaj.policy.services import clauses
from pasaj.registry.queries import Request

router = Router()


class DocumentFilter(Paging):
    language: str = ""


class ClauseOut(Schema):
    code: str
    number: str
    depth: int
    kind: str
    part: str
    theme: int | None
    language: str
    text: str
    revision: int
    missing: bool
    stale: bool
    realises: list[str]
    suggestions: int


class TextOut(Schema):
    language: str
    text: str
    revision: int
    stale: bool
    changed_at: datetime


class TextIn(Schema):
    """seen: the revision that was read; 0 where there was no text yet."""

    text: str
    seen: int
    note: str = ""


class RevisionOut(Schema):
    clause: str
    language: str
    revision: int
    text: str


class SuggestionIn(Schema):
    """base: the revision it was made from."""

    language: str
    text: str
    base: int
    author: str = ""
    reason: str = ""


class SuggestionOut(Schema):
    code: str
    clause: str
    language: str
    base: int
    text: str
    author: str
    reason: str
    origin: str
    state: str
    answer: str
    taken_as: int | None
    created_at: datetime


class SuggestionStep(Schema):
    step: Literal["take", "refuse"]
    answer: str = ""


CLAUSE = tuple(ClauseOut.model_fields)
SUGGESTION = tuple(SuggestionOut.model_fields)


@router.get("/policies/{code}/document", response=list[ClauseOut])
def document_clauses(request: Request, code: str, wanted: Query[DocumentFilter]) -> FileResponse:
    """The standing clauses in reading order, in one of the policy's languages (its source language if none is named).

    A text that is missing in it is that of the source language.
    """
    row = get_object_or_404(visible(Policy.objects.all(), request.actor), code=code)
    if not may(request.actor, "view", Clause):
        raise Http404
    language = wanted.language if wanted.language in row.languages else row.source_language
    rows = [_clause(one, language) for one in outline(row)]
    return send(request, "document", CLAUSE, rows, policy=code, **wanted.dict())


@router.get("/clauses/{code}", response=list[TextOut])
def clause_texts(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """What a clause says in each language, with its revision and whether it translates what stands now."""
    row = _one(request, code, "view")
    texts = {one.language: one for one in row.texts.all()}
    entry = Entry(row, 1, "", texts)
    rows = [
        (one, texts[one].text, texts[one].revision, entry.is_stale(one), texts[one].changed_at)
        for one in row.policy.languages
        if one in texts
    ]
    return send(request, "clause", tuple(TextOut.model_fields), rows, clause=code, **wanted.dict())


@router.put("/clauses/{code}/texts/{language}", response=RevisionOut)
def clause_write(request: Request, code: str, language: str, said: TextIn) -> dict[str, Any]:
    """Make a text the newest revision. Somebody changed it since `seen`: 409, and what was sent stays as a draft."""
    _one(request, code, "edit")
    made = clauses.save(code=code, language=language, **said.dict(), actor=request.actor, now=request.now)
    return {"clause": code, "language": made.language, "revision": made.number, "text": made.text}


@router.get("/clauses/{code}/suggestions", response=list[SuggestionOut])
def suggestion_list(request: Request, code: str, wanted: Query[Paging]) -> FileResponse:
    """The suggestions for a clause, the oldest first."""
    rows = [_suggestion(one) for one in _one(request, code, "view").suggestions.order_by("pk")]
    return send(request, "suggestions", SUGGESTION, rows, clause=code, **wanted.dict())


@router.post("/clauses/{code}/suggestions", response={201: SuggestionOut})
def suggestion_write(request: Request, code: str, said: SuggestionIn) -> Status[dict[str, Any]]:
    """Put another text beside a clause. `author`: whose it is, where it is not one's own."""
    _one(request, code, "suggest")
    values = {**said.dict(), "author": said.author or request.actor.label}
    made = clauses.suggest(clause=code, **values, actor=request.actor, now=request.now)
    return Status(201, dict(zip(SUGGESTION, _suggestion(made), strict=True)))


@router.post("/suggestions/{code}", response=SuggestionOut)
def suggestion_step(request: Request, code: str, said: SuggestionStep) -> dict[str, Any]:
    """Take it, or refuse it with a reason. One whose words have changed since is 409: a person brings both together."""
    row = get_object_or_404(visible(Suggestion.objects.all(), request.actor), code=code)
    if not can(request.actor, "decide", row):
        raise Http404
    getattr(clauses, said.step)(code=code, answer=said.answer, actor=request.actor, now=request.now)
    row.refresh_from_db()
    return dict(zip(SUGGESTION, _suggestion(row), strict=True))


# --- Inside ------------------------------------------------------------------------------------


def _one(request: Request, code: str, action: str) -> Clause:
    row = get_object_or_404(visible(Clause.objects.select_related("policy"), request.actor), code=code)
    if not can(request.actor, action, row):
        raise Http404
    return row


def _clause(one: Entry, language: str) -> tuple[object, ...]:
    clause, missing = one.clause, one.is_missing(language)
    shown = clause.source_language if missing else language
    held = one.texts.get(shown)
    realised = sorted(each.code for each in [*clause.measures.all(), *clause.objectives.all()])
    return (
        clause.code, one.number, one.depth, clause.kind, clause.part, clause.theme.number if clause.theme else None,
        shown, held.text if held else "", held.revision if held else 0, missing, one.is_stale(language), realised,
        one.suggested,
    )  # fmt: skip


def _suggestion(one: Suggestion) -> tuple[object, ...]:
    return (
        one.code, one.clause.code, one.language, one.base, one.text, one.author, one.reason, one.origin, one.state,
        one.answer, one.taken_as, one.created_at,
    )  # fmt: skip
