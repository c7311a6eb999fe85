"""Situation reports for programs: which there are, what they say, and the facts behind them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from pasaj.access.rules import can, visible
from pasaj.registry.queries import Request
from pasaj.respond.models import Sitrep
from pasaj.respond.queries import sitreps as queries
from pasaj.respond.services import sitrep_files as files
from pasaj.share.views import hand_over

router = Router()
MOST = 200


class SitrepOut(Schema):
    code: str
    number: int
    mode: str
    state: str
    as_of: datetime
    period_start: date
    period_end: date
    previous: str | None
    corrects: str | None
    simulated: bool
    fingerprint: str
    approved_at: datetime | None
    sent_at: datetime | None


@router.get("/sitreps", response=list[SitrepOut])
def sitrep_rows(request: Request, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """The reports the caller may see, the newest first: codes, moments and states, no counts."""
    start = max(0, min(offset, 10**6))
    return [_row(one) for one in queries.listed(request.actor)[start : start + max(1, min(limit, MOST))]]


@router.get(
    "/sitreps/{code}",
    openapi_extra={"responses": {200: {"description": "The texts by language and part; facts for the cell"}}},
)
def sitrep_detail(request: Request, code: str, edition: str = "") -> FileResponse:
    """One report. Edition `whole`, with figures and the facts as they were frozen, is for the cell; `share` for all."""
    rows = Sitrep.objects.select_related("previous", "corrects")
    row = get_object_or_404(visible(rows, request.actor), code=code)
    whole = can(request.actor, "whole", row) and edition != queries.SHARE
    said = queries.WHOLE if whole else queries.SHARE
    about = {**_row(row), "correction": row.correction}
    released = files.plain(row=row, about=about, edition=said, actor=request.actor, now=request.now)
    return hand_over(released, "")


def _row(row: Sitrep) -> dict[str, Any]:
    return {
        "code": row.code,
        "number": row.number,
        "mode": row.mode,
        "state": row.state,
        "as_of": row.as_of_at,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "previous": row.previous.code if row.previous else None,
        "corrects": row.corrects.code if row.corrects else None,
        "simulated": row.simulated,
        "fingerprint": row.fingerprint,
        "approved_at": row.approved_at,
        "sent_at": row.sent_at,
    }
