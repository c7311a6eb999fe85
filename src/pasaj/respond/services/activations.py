"""A plan at work: activated from a published alert, raised and lowered, prolonged, stood down, closed.

Every change of an activation or one of its parts locks the activation first. `now` is the business clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import plans as core
from pasaj.core.problems import Refused, problem
from pasaj.registry import queries as registry
from pasaj.registry.models import Institution
from pasaj.registry.queries import refuse_naming
from pasaj.registry.services.codes import next_code
from pasaj.respond.models import Activation, Alert, Decision, Lesson, Plan, ResourceRequest, Task
from pasaj.respond.queries.standings import RUNNING
from pasaj.respond.services import citing_activations as citing
from pasaj.respond.services import telling
from pasaj.respond.services.opening import held, held_active, open_ready, say

State = Activation.State
LONGEST = 2000


def activate(*, plan: str, alert: str, level: str, actor: Actor, now: datetime, reason: str = "") -> Activation:
    """Activate a plan at a level for an alert, by their codes; its institutions are told of their tasks.

    The plan is kept as it stands now; the alert's mode follows. Active for this alert already, the activation is
    given back as it is (or brought to the level that is asked for, which needs a reason): a double click does
    nothing twice. Raises Refused: PLAN-050 to 053, 056, 058, 065 (a lead that is not known here), SCREEN-001.
    """
    reason = _text(reason)
    with transaction.atomic():
        found = _plan(plan, level)
        row = Alert.objects.select_for_update().filter(code=alert).first()
        if row is None:
            raise Refused(problem("PLAN-052", value=alert[:40]))
        running = Activation.objects.filter(plan=found, alert=row, state=State.ACTIVE).first()
        if running:
            if running.level == level:
                return running
            return change_level(code=running.code, level=level, reason=reason, actor=actor, now=now)
        if row.state != Alert.State.PUBLISHED:
            raise Refused(problem("PLAN-053", value=alert))
        made = _made(found, row, level, reason, actor, now)
        tasks = _tasks(made, core.from_plain(made.content).of_level(level), now, 0)
        say(tasks, "made", actor, now)
        open_ready(made, actor, now)
        _decide(made, "activated", actor, now, reason, {"level": level, "alert": alert, "version": found.version})
        citing.cite(made, actor, now)
        telling.activated(made, actor, now)
        detail = {"plan": plan, "level": level, "alert": alert, "tasks": len(tasks), "reason": reason}
        audit.record(actor=actor, action="activation.started", code=made.code, now=now, detail=detail)
    return made


def _plan(code: str, level: str) -> Plan:
    found = Plan.objects.filter(code=code).first()
    if found is None:
        raise Refused(problem("PLAN-050", value=code[:40]))
    if found.retired_at is not None:
        raise Refused(problem("PLAN-058", value=code))
    _check_level(core.from_plain(found.content), level)
    return found


def _check_level(plan: core.Plan, level: str) -> None:
    if plan.level(level) is None:
        allowed = ", ".join(one.code for one in plan.levels)
        raise Refused(problem("PLAN-051", column="level", value=level[:40], allowed=allowed))


def _made(plan: Plan, alert: Alert, level: str, reason: str, actor: Actor, now: datetime) -> Activation:
    return Activation.objects.create(
        code=next_code("AC", now),
        plan=plan,
        content=plan.content,
        fingerprint=plan.fingerprint,
        alert=alert,
        level=level,
        mode=alert.mode,
        reason=reason,
        started_at=now,
        ends_date=today(now) + timedelta(days=plan.content["days"]),
        actor_id=actor.id,
        actor_label=actor.label,
    )


def today(now: datetime) -> date:
    """The day of a moment where the home is."""
    home = registry.home()
    return (now.astimezone(home.zone) if home else now).date()


def _tasks(row: Activation, actions: Iterable[core.Action], now: datetime, after: int) -> list[Task]:
    """A task an action, numbered on from `after`."""
    wanted = list(actions)
    leads = {one.code: one for one in Institution.objects.filter(code__in={one.lead for one in wanted})}
    for one in wanted:
        if one.lead not in leads:
            raise Refused(problem("PLAN-065", value=one.lead))
    made = [
        Task(
            code=f"{row.code}-T{number:02}",
            activation=row,
            action=one.code,
            names=dict(one.names),
            institution=leads[one.lead],
            protection=one.protection,
            enforcement=one.enforcement,
            after=list(one.after),
            due_at=now + timedelta(hours=one.hours),
            state_at=now,
            order=number,
        )
        for number, one in enumerate(wanted, after + 1)
    ]
    return Task.objects.bulk_create(made)


def change_level(*, code: str, level: str, reason: str, actor: Actor, now: datetime) -> Activation:
    """Raise or lower an activation: tasks that come are due from now on, those that go are dropped with the reason.

    What is done stays done. A task that was dropped and comes again runs again. Raises Refused: PLAN-051, 054,
    055, 056 (no reason), 068 (the same level), SCREEN-001.
    """
    reason = _text(reason, needed=True)
    with transaction.atomic():
        row = held_active(code)
        plan = core.from_plain(row.content)
        _check_level(plan, level)
        if row.level == level:
            raise Refused(problem("PLAN-068", column="level", value=level))
        before, row.level = row.level, level
        row.save(update_fields=["level"])
        wanted = {one.code: one for one in plan.of_level(level)}
        tasks = {one.action: one for one in row.tasks.order_by("order", "pk")}
        gone = [one for action, one in tasks.items() if action not in wanted and one.state in RUNNING]
        back = [one for action, one in tasks.items() if action in wanted and one.state == Task.State.DROPPED]
        drop(gone, reason, actor, now)
        _take_up(back, wanted, reason, actor, now)
        last = max((one.order for one in tasks.values()), default=0)
        new = _tasks(row, [one for action, one in wanted.items() if action not in tasks], now, last)
        say(new, "made", actor, now, reason)
        open_ready(row, actor, now)
        change = {"from": before, "to": level}
        _decide(row, "level", actor, now, reason, change)
        citing.cite(row, actor, now)
        telling.level_changed(row, [*new, *back], gone, actor, now)
        numbers = {"added": len(new) + len(back), "dropped": len(gone)}
        detail = {**change, **numbers, "reason": reason}
        audit.record(actor=actor, action="activation.level", code=code, now=now, detail=detail)
    return row


def drop(tasks: list[Task], reason: str, actor: Actor, now: datetime) -> None:
    """Drop tasks with a reason."""
    for one in tasks:
        one.state, one.state_at, one.reason = Task.State.DROPPED, now, reason
    Task.objects.bulk_update(tasks, ["state", "state_at", "reason"])
    say(tasks, "dropped", actor, now, reason)


def _take_up(tasks: list[Task], wanted: dict[str, core.Action], reason: str, actor: Actor, now: datetime) -> None:
    for one in tasks:
        one.state, one.state_at, one.reason = Task.State.WAITING, now, ""
        one.due_at, one.escalation, one.escalated_at = now + timedelta(hours=wanted[one.action].hours), 0, None
    Task.objects.bulk_update(tasks, ["state", "state_at", "reason", "due_at", "escalation", "escalated_at"])
    say(tasks, "reopened", actor, now, reason)


def prolong(*, code: str, ends: date, reason: str, actor: Actor, now: datetime) -> Activation:
    """Give a measure a later end, by a decision with a reason; by at most as many days as the plan gives at first.

    Raises Refused: PLAN-054 to 057, SCREEN-001.
    """
    reason = _text(reason, needed=True)
    with transaction.atomic():
        row = held_active(code)
        most = row.content["days"]
        if not row.ends_date < ends <= row.ends_date + timedelta(days=most):
            raise Refused(problem("PLAN-057", column="ends", value=ends, end=row.ends_date, most=most))
        change = {"from": row.ends_date.isoformat(), "to": ends.isoformat()}
        row.ends_date, row.end_told_at = ends, None
        row.save(update_fields=["ends_date", "end_told_at"])
        _decide(row, "prolonged", actor, now, reason, change)
        detail = {**change, "reason": reason}
        audit.record(actor=actor, action="activation.prolonged", code=code, now=now, detail=detail)
    return row


def decide(*, code: str, text: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Write down what was decided, and why. Raises Refused: PLAN-054 to 056, 067, 073 (no text), SCREEN-001."""
    text, reason = _text(text, column="text"), _text(reason, needed=True)
    if not text:
        raise Refused(problem("PLAN-073", column="text", value="text"))
    with transaction.atomic():
        row = held_active(code)
        made = _decide(row, "decided", actor, now, reason, {}, text)
        detail = {"decision": made.code, "text": text, "reason": reason}
        audit.record(actor=actor, action="activation.decided", code=code, now=now, detail=detail)
    return made


def stand_down(*, code: str, reason: str, actor: Actor, now: datetime) -> Activation:
    """End an activation: what is not done is dropped with the reason, open requests are withdrawn.

    Stood down already, nothing happens. Raises Refused: PLAN-054, 056, SCREEN-001.
    """
    reason = _text(reason, needed=True)
    with transaction.atomic():
        row = held(code)
        if row.state != State.ACTIVE:
            return row
        left = list(row.tasks.filter(state__in=RUNNING).select_related("institution").order_by("order", "pk"))
        drop(left, reason, actor, now)
        _withdraw_requests(row, reason, actor, now)
        row.state, row.stood_down_at = State.STOOD_DOWN, now
        row.save(update_fields=["state", "stood_down_at"])
        _decide(row, "stood_down", actor, now, reason, {"dropped": len(left)})
        citing.cite(row, actor, now)
        telling.stood_down(row, actor, now)
        detail = {"dropped": len(left), "reason": reason}
        audit.record(actor=actor, action="activation.stood_down", code=code, now=now, detail=detail)
    return row


def _withdraw_requests(row: Activation, reason: str, actor: Actor, now: datetime) -> None:
    kinds = ResourceRequest.State
    for one in row.requests.filter(state__in=(kinds.ASKED, kinds.PROMISED)).order_by("pk"):
        one.state, one.state_at, one.reason = kinds.WITHDRAWN, now, reason
        one.save(update_fields=["state", "state_at", "reason"])
        one.events.create(
            at=now,
            recorded_at=timezone.now(),
            actor_id=actor.id,
            actor_label=actor.label,
            action="withdrawn",
            note=reason,
        )


def review(*, code: str, text: str, actor: Actor, now: datetime) -> Activation:
    """Write what happened, once an activation is stood down. Raises Refused: PLAN-054, 059, 067, 084, SCREEN-001."""
    text = _text(text, column="text")
    with transaction.atomic():
        row = held_stood_down(code)
        if row.review != text:
            row.review = text
            row.save(update_fields=["review"])
            audit.record(actor=actor, action="activation.reviewed", code=code, now=now, detail={"text": text})
    return row


def held_stood_down(code: str) -> Activation:
    """The activation, locked, whose review is being written. Raises Refused: PLAN-054, 059, 084."""
    row = held(code)
    if row.state == State.ACTIVE:
        raise Refused(problem("PLAN-059", value=code))
    if row.state == State.CLOSED:
        raise Refused(problem("PLAN-084", value=code))
    return row


def close(*, code: str, actor: Actor, now: datetime, reason: str = "") -> Activation:
    """End the review. Closed already, nothing happens.

    Raises Refused: PLAN-054, 059 (still active), 067, 082 (no lesson), SCREEN-001.
    """
    reason = _text(reason)
    with transaction.atomic():
        row = held(code)
        if row.state == State.CLOSED:
            return row
        held_stood_down(code)
        if not Lesson.objects.filter(activation=row).exists():
            raise Refused(problem("PLAN-082"))
        row.state, row.closed_at = State.CLOSED, now
        row.save(update_fields=["state", "closed_at"])
        _decide(row, "closed", actor, now, reason, {})
        citing.cite(row, actor, now)
        audit.record(actor=actor, action="activation.closed", code=code, now=now, detail={"reason": reason})
    return row


def _decide(
    row: Activation, kind: str, actor: Actor, now: datetime, reason: str, details: dict[str, Any], text: str = ""
) -> Decision:
    return Decision.objects.create(
        code=next_code("DN", now),
        activation=row,
        at=now,
        recorded_at=timezone.now(),
        kind=kind,
        text=text,
        details=details,
        reason=reason,
        actor_id=actor.id,
        actor_label=actor.label,
    )


def _text(text: str, *, needed: bool = False, column: str = "reason") -> str:
    """A text as it is kept. Raises Refused: PLAN-056 (missing), 067 (too long), SCREEN-001."""
    said = text.strip().replace("\r\n", "\n")
    if needed and not said:
        raise Refused(problem("PLAN-056", column=column))
    if len(said) > LONGEST:
        raise Refused(problem("PLAN-067", column=column, limit=LONGEST))
    refuse_naming(**{column: said})
    return said
