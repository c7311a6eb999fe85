"""Submissions as programs read them: that they exist and where they stand, never an answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Query, Router, Schema

from pasaj.collect.models import Submission
from pasaj.collect.queries import submissions as queries
from pasaj.registry.queries import Request

router = Router(tags=["collect"])
MOST = 1000
FURTHEST = 10**9  # rows to leave out; more than any database counts


class SubmissionOut(Schema):
    receipt: str
    form: str
    version: str
    state: str
    reasons: list[str]
    held: bool
    review: str
    processing: str
    complete: bool
    via: str
    crossing: str | None
    area: str | None
    period_start: date | None
    received_at: datetime
    edits: int


class SubmissionPage(Schema):
    count: int
    items: list[SubmissionOut]


class SubmissionFilter(Schema):
    form: str = ""
    crossing: str = ""
    area: str = ""
    state: str = ""
    reason: str = ""
    review: str = ""
    processing: str = ""
    first: date | None = None
    last: date | None = None
    period_first: date | None = None
    period_last: date | None = None
    limit: int = 100
    offset: int = 0


@router.get("/submissions", response=SubmissionPage)
def submissions(request: Request, wanted: Query[SubmissionFilter]) -> dict[str, Any]:
    """Submissions, the newest first. Answers leave as files of a form: /collect/exports/FORM.csv."""
    asked = queries.Filter(**wanted.dict(exclude={"limit", "offset"}))
    rows = queries.find(request.actor, asked, request.home.zone)
    start = max(0, min(wanted.offset, FURTHEST))
    window = rows[start : start + max(1, min(wanted.limit, MOST))]
    return {"count": rows.count(), "items": [submission_out(row) for row in window]}


def submission_out(row: Submission) -> dict[str, Any]:
    named = ("receipt", "state", "reasons", "held", "review", "processing", "complete", "via", "period_start",
             "received_at")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in named},
        "form": row.form.form_id,
        "version": row.current.version_text if row.current else "",
        "crossing": row.crossing.code if row.crossing else None,
        "area": row.area.code if row.area else None,
        "edits": row.current.number - 1 if row.current else 0,
    }
