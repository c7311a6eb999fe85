"""Passing a shift on: who goes prepares it with what is open, who comes accepts it. Always two persons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.services import next_code
from pasaj.respond.models import Handover
from pasaj.respond.queries import duty
from pasaj.respond.services.places import LONGEST, moment_of, text_of


def prepare(
    *,
    started_at: datetime,
    ended_at: datetime,
    note: str,
    code: str = "",
    origin: str = "entry",
    actor: Actor,
    now: datetime,
) -> Handover:
    """Prepare a handover with what is open now, or prepare `code` again as long as nobody has accepted it.

    The shift may end up to half a day from now. Raises Refused: DUTY-003, 005, 006, 010, 011, 012, 014, SCREEN-001.
    """
    problems: list[Problem] = []
    said = text_of(note, problems, "note", limit=LONGEST, origin=origin)
    moment_of(started_at, now, problems, "started_at")
    if ended_at <= started_at:
        problems.append(problem("DUTY-010", column="ended_at"))
    if problems:
        raise Refused(*problems)
    snapshot = [one.plain() for one in duty.open_items(actor, now)]
    with transaction.atomic():
        row = _waiting(code) if code else _new(origin, now)
        row.started_at, row.ended_at, row.note, row.snapshot = started_at, ended_at, said, snapshot
        row.outgoing_id, row.outgoing_label, row.prepared_at = actor.id or 0, actor.label[:200], now
        row.save()
        detail = {"from": started_at, "to": ended_at, "open": len(snapshot)}
        audit.record(actor=actor, action="handover.prepared", code=row.code, now=now, detail=detail)
    return row


def accept(*, code: str, seen: datetime | None = None, actor: Actor, now: datetime) -> Handover:
    """Take over a shift; from then on the handover never changes.

    `seen`: when what the person read was prepared. Raises Refused: DUTY-011 (no such), DUTY-012 (accepted already),
    DUTY-013 (by who hands over), DUTY-015 (prepared again meanwhile).
    """
    with transaction.atomic():
        row = _waiting(code)
        if actor.id is None or actor.id == row.outgoing_id:
            raise Refused(problem("DUTY-013", code=code))
        if seen is not None and seen != row.prepared_at:
            raise Refused(problem("DUTY-015", code=code))
        row.incoming_id, row.incoming_label, row.accepted_at = actor.id, actor.label[:200], max(now, row.prepared_at)
        row.save()
        audit.record(
            actor=actor, action="handover.accepted", code=code, now=now, detail={"outgoing": row.outgoing_label}
        )
    return row


def _new(origin: str, now: datetime) -> Handover:
    waiting = Handover.objects.filter(accepted_at=None).values_list("code", flat=True).first()
    if waiting is not None:
        raise Refused(problem("DUTY-014", code=waiting))
    return Handover(code=next_code("HO", now), origin=origin)


def _waiting(code: str) -> Handover:
    row = Handover.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise Refused(problem("DUTY-011", code=code[:40]))
    if row.accepted_at is not None:
        raise Refused(problem("DUTY-012", code=code))
    return row
