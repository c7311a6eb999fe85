"""Reporting the status of a crossing: open, partly, closed, not under state control; each side for itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import CrossingStatus
from pasaj.watch.services import revisions
from pasaj.watch.services.incidents import EARLIEST
from pasaj.watch.services.observations import local_date
from pasaj.watch.services.screening import naming

PREFIX = "CS"
AHEAD = timedelta(days=92)  # how long before its first day a closure may be announced

Side, State = CrossingStatus.Side, CrossingStatus.State
CAUSED = frozenset({State.PARTLY, State.CLOSED, State.NO_CONTROL})


def report(
    *,
    crossing_code: str,
    side: str,
    state: str,
    since: date,
    until: date | None = None,
    cause: str = "",
    hours: str = "",
    source: str = "",
    note: str = "",
    ref: str = "",
    origin: str = "entry",
    verify: str = "",
    reported_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> CrossingStatus:
    """Store a report on one side of a crossing, or the next revision of the one that has this `ref`.

    The same again changes nothing. Without `until` it holds until another report says otherwise.
    Raises Refused, each problem's `column` the argument's name: STATUS-001 to 006, 008, SCREEN-001. A cause may be
    missing only where others reported it (the pack), and where the crossing is open.
    """
    said = naming(origin, cause=cause, hours=hours, source=source, note=note)
    crossing = _checked(crossing_code, side, state, since, until, said, now)
    if state in CAUSED and not cause.strip() and origin != "pack":
        raise Refused(problem("STATUS-006", column="cause"))
    content: dict[str, Any] = {
        "crossing": crossing,
        "side": side,
        "state": state,
        "period_start": since,
        "period_end": until,
        "cause": cause.strip()[:300],
        "hours": hours.strip()[:200],
        "source": source.strip()[:300],
        "note": note,
        "verify": verify,
    }
    with transaction.atomic():
        row, changed = revisions.keep(
            CrossingStatus,
            content,
            prefix=PREFIX,
            ref=ref,
            origin=origin,
            actor=actor,
            now=now,
            reported_at=reported_at,
        )
        if changed:
            _log(row, "reported" if row.revision == 1 else "corrected", actor, now)
    return row


def _checked(
    code: str, side: str, state: str, since: date, until: date | None, problems: list[Problem], now: datetime
) -> CrossingPoint:
    """The crossing of a report. Raises Refused with every problem, those known before too."""
    crossing = CrossingPoint.objects.filter(code=code).first()
    if crossing is None:
        raise Refused(problem("STATUS-001", column="crossing_code", value=code))
    if side not in Side.values:
        problems.append(problem("STATUS-002", column="side", value=side, allowed=", ".join(Side.values)))
    if state not in State.values:
        problems.append(problem("STATUS-003", column="state", value=state, allowed=", ".join(State.values)))
    if until is not None and until < since:
        problems.append(problem("STATUS-004", column="until", value=until))
    if since > local_date(now) + AHEAD:
        problems.append(problem("STATUS-005", column="since", value=since, days=AHEAD.days))
    if since.year < EARLIEST:
        problems.append(problem("STATUS-008", column="since", value=since, earliest=EARLIEST))
    if problems:
        raise Refused(*problems)
    return crossing


def withdraw(*, code: str, note: str = "", actor: Actor, now: datetime) -> CrossingStatus:
    """Take a report back: it stays in the history and holds no more. Raises Refused: STATUS-007, SCREEN-001."""
    if said := naming(note=note):
        raise Refused(*said)
    with transaction.atomic():
        standing = revisions.latest(CrossingStatus, code=code)
        if standing is None:
            raise Refused(problem("STATUS-007", value=code))
        row = revisions.take_back(standing, note=note, actor=actor, now=now)
        _log(row, "withdrawn", actor, now)
    return row


def _log(row: CrossingStatus, verb: str, actor: Actor, now: datetime) -> None:
    detail = {
        "crossing": row.crossing.code,
        "side": row.side,
        "state": row.state,
        "since": row.period_start,
        "until": row.period_end,
        "revision": row.revision,
        "ref": row.ref,
    }
    audit.record(actor=actor, action=f"status.{verb}", code=row.code, now=now, detail=detail)
