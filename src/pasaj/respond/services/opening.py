"""Which tasks of an activation may begin: what comes first is done, and protection has been acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.respond.models import Activation, Task, TaskEvent
from pasaj.respond.queries.standings import standings_of

State = Task.State


def held(code: str) -> Activation:
    """The activation, locked until the end of the transaction; whoever changes a part of it holds it first.

    Raises Refused: PLAN-054.
    """
    rows = Activation.objects.select_for_update(of=("self",)).select_related("plan", "alert")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("PLAN-054", value=code[:40]))
    return row


def held_active(code: str) -> Activation:
    """The same of one that runs. Raises Refused: PLAN-054, PLAN-055."""
    row = held(code)
    if row.state != Activation.State.ACTIVE:
        raise Refused(problem("PLAN-055", value=code))
    return row


def open_ready(activation: Activation, actor: Actor, now: datetime) -> list[Task]:
    """Open every task that need not wait any longer. The activation is locked by the caller."""
    tasks = list(activation.tasks.select_related("institution").order_by("order", "pk"))
    found = standings_of(activation, tasks)
    ready = [one for one in tasks if one.state == State.WAITING and found[one.action].may_open]
    for one in ready:
        one.state, one.state_at, one.opens_at = State.OPEN, now, now
    Task.objects.bulk_update(ready, ["state", "state_at", "opens_at"])
    say(ready, "opened", actor, now)
    if ready:
        detail = {"tasks": [one.code for one in ready]}
        audit.record(actor=actor, action="task.opened", code=activation.code, now=now, detail=detail)
    return ready


def say(tasks: Sequence[Task], action: str, actor: Actor, now: datetime, note: str = "", **details: Any) -> None:
    """Write an event of each task."""
    TaskEvent.objects.bulk_create(
        TaskEvent(
            task=one,
            at=now,
            recorded_at=timezone.now(),
            actor_id=actor.id,
            actor_label=actor.label,
            action=action,
            note=note,
            details=details,
        )
        for one in tasks
    )
