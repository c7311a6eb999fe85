"""Published reports of a round for programs: which editions there are, and their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from pasaj.assess.api.sending import round_of
from pasaj.assess.models import Report
from pasaj.assess.queries import reports as queries
from pasaj.assess.services import documents
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

router = Router()


class EditionOut(Schema):
    code: str
    number: int
    supersedes: str | None
    languages: list[str]
    fingerprint: str
    fingerprints: dict[str, str]
    published_at: datetime
    by: str


@router.get("/rounds/{code}/reports", response=list[EditionOut])
def reports(request: Request, code: str) -> list[dict[str, Any]]:
    """The editions, the newest first, with the fingerprint of each text. Names and dates, no scores."""
    rows = queries.editions(request.actor, round_of(request, code))
    return [_edition(one) for one in rows.select_related("supersedes").prefetch_related("texts")]


@router.get(
    "/rounds/{code}/reports/{number}/{language}.{form}",
    openapi_extra={"responses": {200: {"description": "The report as a PDF or a Word file"}}},
)
def report_file(request: Request, code: str, number: int, language: str, form: str) -> FileResponse:
    """An edition as it was published, drawn again from what it said: pdf or docx."""
    edition = get_object_or_404(queries.editions(request.actor, round_of(request, code)), number=number)
    said = queries.says(edition, language)
    if said is None or form not in documents.FORMS:
        raise Http404
    released = documents.release_report(said=said, form=form, actor=request.actor, now=request.now)
    return hand_over(released, f"{said.code}-{said.language}.{form}")


def _edition(row: Report) -> dict[str, Any]:
    return {
        "code": row.code,
        "number": row.number,
        "supersedes": row.supersedes.code if row.supersedes else None,
        "languages": row.languages,
        "fingerprint": row.fingerprint,
        "fingerprints": {one.language: one.fingerprint for one in row.texts.all()},
        "published_at": row.published_at,
        "by": row.actor_label,
    }
