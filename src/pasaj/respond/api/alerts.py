"""Alerts for programs: read, drafted, handed in, approved. What is sent out is at the feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from pasaj.access.rules import Actor, can, may, visible
from pasaj.assess.api.sending import Paging, send
from pasaj.core.problems import Refused, problem
from pasaj.registry.queries import Request
from pasaj.respond.models import Alert, AlertEvent, AlertMessage
from pasaj.respond.queries import alertpage as page
from pasaj.respond.queries import alerts as queries
from pasaj.respond.services import alerts
from pasaj.respond.services.alerts.fields import READERS

router = Router()


class AlertFilter(Paging):
    state: str = ""
    hazard: str = ""


class MessageOut(Schema):
    identifier: str
    type: str
    state: str
    scope: str
    urgency: str
    severity: str
    certainty: str
    texts: dict[str, dict[str, str]]
    areas: list[dict[str, Any]]
    references: list[list[str]]
    onset_at: datetime | None
    expires_at: datetime
    sent_at: datetime | None
    unratified: bool
    sha256: str


class DeliveriesOut(Schema):
    total: int
    sent: int
    delivered: int
    acknowledged: int
    failed: int
    withheld: int


class AlertOut(Schema):
    code: str
    hazard: str
    mode: str
    state: str
    plan: str
    ends_date: date | None
    created_at: datetime
    origins: list[str]
    messages: list[MessageOut]
    deliveries: DeliveriesOut | None  # for the cell


class OriginIn(Schema):
    kind: Literal["signal", "incident", "event", "external"]
    code: str


class AlertIn(Schema):
    hazard: str
    origins: list[OriginIn] = Field(default_factory=list)
    mode: Literal["actual", "exercise", "system", "test"] = "actual"
    audience: Literal["services", "public"] = "services"
    fields: dict[str, Any] = Field(default_factory=dict)


class AlertStep(Schema):
    step: Literal["submit", "approve", "refuse", "discard", "update", "cancel", "all_clear"]
    note: str = ""


HEAD = tuple(AlertOut.model_fields)
SUMS = tuple(DeliveriesOut.model_fields)


@router.get("/alerts", response=list[AlertOut])
def alert_list(request: Request, wanted: Query[AlertFilter]) -> FileResponse:
    """Alerts, the newest first, with the messages and origins the asker may see; for the cell, with their deliveries.

    `state`: draft, submitted, published, expired, cancelled, ended, discarded; open: the first three.
    """
    rows = queries.board(request.actor, state=wanted.state, hazard=wanted.hazard)
    return send(request, "alerts", HEAD, _rows(rows, request.actor), **wanted.dict())


@router.get("/alerts/{code}", response=AlertOut)
def alert_detail(request: Request, code: str) -> FileResponse:
    """One alert."""
    return send(request, "alert", HEAD, _rows([_seen(request, code)], request.actor), form="object", alert=code)


@router.post("/alerts", response={201: AlertOut})
def alert_draft(request: Request, said: AlertIn) -> Status[dict[str, Any]]:
    """Draft an alert from a template, filled from its origins. `fields`: as the editor's; moments in ISO 8601."""
    if not may(request.actor, "draft", Alert):
        raise Http404
    row = alerts.draft(
        hazard=said.hazard,
        origins=[alerts.Origin(one.kind, one.code) for one in said.origins],
        mode=said.mode,
        audience=said.audience,
        actor=request.actor,
        now=request.now,
        **_moments(said.fields),
    )
    return Status(201, _answer(request, row.alert.code))


@router.post("/alerts/{code}", response=AlertOut)
def alert_step(request: Request, code: str, said: AlertStep) -> dict[str, Any]:
    """Hand in, approve, refuse (with a note), throw away, update, cancel or end it (with a note)."""
    alert = _seen(request, code)
    try:
        if said.step in {"update", "cancel", "all_clear"}:
            if not can(request.actor, "follow", alert):
                raise Http404
            _follow(said, code, request)
        else:
            # An approver is told why not, when it is a text of their own.
            step = "refuse" if said.step == "approve" else said.step
            waiting = visible(AlertMessage.objects.filter(alert=alert), request.actor, step).order_by("-number")
            row = waiting.first()
            if row is None:
                raise Http404
            _step(said, row, request)
    except Refused as refused:  # what the services call a reason is a note here
        told = (one.at("", None, "note") if one.column == "reason" else one for one in refused.problems)
        raise Refused(*told) from refused
    return _answer(request, code)


def _step(said: AlertStep, row: AlertMessage, request: Request) -> None:
    actor, now = request.actor, request.now
    if said.step == "submit":
        alerts.submit(identifier=row.identifier, actor=actor, now=now)
    elif said.step == "approve":
        alerts.approve(identifier=row.identifier, actor=actor, now=now, note=said.note)
    elif said.step == "refuse":
        alerts.refuse(identifier=row.identifier, actor=actor, now=now, note=said.note)
    else:
        alerts.discard(code=row.identifier, actor=actor, now=now, reason=said.note)


def _follow(said: AlertStep, code: str, request: Request) -> None:
    if said.step == "update":
        alerts.update(code=code, actor=request.actor, now=request.now)
    elif said.step == "cancel":
        alerts.cancel(code=code, reason=said.note, actor=request.actor, now=request.now)
    else:
        alerts.all_clear(code=code, reason=said.note, actor=request.actor, now=request.now)


def _seen(request: Request, code: str) -> Alert:
    return get_object_or_404(queries.board(request.actor), code=code)


def _moments(fields: dict[str, Any]) -> dict[str, Any]:
    """Texts that stand for moments and days, read; what cannot be read is refused by the field's own check.

    Raises Refused ALERT-009: no such field.
    """
    unknown = sorted(fields.keys() - READERS.keys())
    if unknown:
        allowed = ", ".join(READERS)
        raise Refused(*(problem("ALERT-009", column=one, value=one[:60], field="field", allowed=allowed)
                        for one in unknown))  # fmt: skip
    found = dict(fields)
    for name, read in (("onset_at", datetime.fromisoformat), ("expires_at", datetime.fromisoformat),
                       ("ends_date", date.fromisoformat)):  # fmt: skip
        if isinstance(found.get(name), str) and found[name]:
            try:
                found[name] = read(found[name])
            except ValueError:
                continue
    return found


def _answer(request: Request, code: str) -> dict[str, Any]:
    return dict(zip(HEAD, _rows([_seen(request, code)], request.actor)[0], strict=True))


def _rows(found: Iterable[Alert], actor: Actor) -> list[tuple[object, ...]]:
    rows = list(found)
    inside = may(actor, "view", AlertEvent)  # whom the cell told, and what it went by
    sums = queries.deliveries([one.code for one in rows]) if inside else {}
    origins = {one.pk: sorted(one.origins.all(), key=lambda each: (each.kind, each.code)) for one in rows}
    if not inside:
        listed = page.origins([each for some in origins.values() for each in some], actor)
        seen = {(each.kind, each.code) for each in listed if each.text}
        origins = {key: [each for each in some if (each.kind, each.code) in seen] for key, some in origins.items()}
    return [
        (
            one.code, one.hazard, one.mode, one.state, one.plan, one.ends_date, one.created_at,
            [each.code for each in origins[one.pk]], [_message(each) for each in one.messages.all()],
            {name: sums.get(one.code, {}).get(name, 0) for name in SUMS} if inside else None,
        )
        for one in rows
    ]  # fmt: skip


def _message(row: AlertMessage) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in MessageOut.model_fields}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
