"""Who does what and who tells whom, for programs: the mandates of the pack, and what a round heard."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema

from pasaj.access.rules import may
from pasaj.assess.api.sending import matching, send
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import mapping_files as files
from pasaj.registry.models import Mandate
from pasaj.registry.queries import Request

router = Router()


class MandateOut(Schema):
    function: str
    function_name: str
    institution: str
    institution_name: str
    role: str
    territory: str
    basis: str
    valid_from: date | None
    valid_until: date | None
    in_force: bool
    note: str
    source: str
    verify: str


class TieOut(Schema):
    round: str
    simulated: bool
    layer: str
    sender: str
    receiver: str


class ExchangeOut(TieOut):
    state: str
    hours: float | None
    in_writing: bool | None
    differ_on: str
    needed: bool
    within_hours: float | None
    sender_says: str
    sender_channels: str
    sender_in_writing: bool | None
    sender_hours: float | None
    receiver_says: str
    receiver_channels: str
    receiver_in_writing: bool | None
    receiver_hours: float | None


class StatementOut(TieOut):
    said_by: str
    exists: str
    channels: str
    in_writing: bool | None
    hours: float | None
    comment: str
    assessor: str
    assessed_on: date
    received_at: datetime
    receipt: str
    counts: bool


class NeedOut(TieOut):
    within_hours: float | None
    state: str
    hours: float | None
    basis: str
    note: str
    source: str
    verify: str


class RoleOut(Schema):
    round: str
    simulated: bool
    function: str
    institution: str
    role: str
    pack_role: str
    basis: str
    other_text: str
    territories: str
    since: date | None
    comment: str
    assessor: str
    assessed_on: date
    received_at: datetime
    receipt: str


class ComponentOut(Schema):
    round: str
    simulated: bool
    component: str
    value: float | None
    lowest: float | None
    highest: float | None
    meaning: str


class MandateFilter(Schema):
    on: date | None = None
    function: str = ""
    institution: str = ""
    role: str = ""


class Filter(Schema):
    limit: int = 100
    offset: int = 0


class TieFilter(Filter):
    layer: str = ""
    sender: str = ""
    receiver: str = ""
    state: str = ""


class StatementFilter(Filter):
    layer: str = ""
    sender: str = ""
    receiver: str = ""
    said_by: str = ""
    counts: bool | None = None


class RoleFilter(Filter):
    function: str = ""
    institution: str = ""
    role: str = ""


@router.get("/mapping/mandates", response=list[MandateOut])
def mandates(request: Request, wanted: Query[MandateFilter]) -> list[dict[str, Any]]:
    """Mandates of the pack that had begun by a day (`on`; today when left out), those ended since included."""
    if not may(request.actor, "view", Mandate):
        raise Http404
    day = wanted.on or timezone.localdate(request.now)
    told = (dict(zip(files.MANDATES, one, strict=True)) for one in files.mandates(day))
    return [one for one in told if matching(wanted.dict(exclude={"on"}), one)]


@router.get("/rounds/{code}/exchange", response=list[ExchangeOut])
def exchange(request: Request, code: str, wanted: Query[TieFilter]) -> FileResponse:
    """Each exchange that somebody spoke of or that is needed, with what both of its ends say."""
    return _table(request, code, "exchange", wanted)


@router.get("/rounds/{code}/statements", response=list[StatementOut])
def statements(request: Request, code: str, wanted: Query[StatementFilter]) -> FileResponse:
    """Every answer of every end with its receipt; `counts=true`: not those replaced since."""
    return _table(request, code, "statements", wanted)


@router.get("/rounds/{code}/needs", response=list[NeedOut])
def needs(request: Request, code: str, wanted: Query[TieFilter]) -> FileResponse:
    """The needs of the pack between institutions of the round, and what came of each."""
    return _table(request, code, "needs", wanted)


@router.get("/rounds/{code}/roles", response=list[RoleOut])
def roles(request: Request, code: str, wanted: Query[RoleFilter]) -> FileResponse:
    """The roles that institutions say they have, beside those of the pack."""
    return _table(request, code, "roles", wanted)


@router.get("/rounds/{code}/profile", response=list[ComponentOut])
def profile(request: Request, code: str, wanted: Query[Filter]) -> FileResponse:
    """Fragmentation by its components, 0 to 1, each with its bounds and its sentence; null: not known."""
    return _table(request, code, "profile", wanted)


def _table(request: Request, code: str, what: str, wanted: Filter) -> FileResponse:
    row = get_object_or_404(queries.find(request.actor), code=code)
    header, asked = files.KINDS[what], wanted.dict(exclude={"limit", "offset"})
    rows = [one for one in files.table(row, what) if matching(asked, dict(zip(header, one, strict=True)))]
    return send(request, what, header, rows, round=code, **wanted.dict())
