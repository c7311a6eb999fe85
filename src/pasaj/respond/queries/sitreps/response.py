"""Alerts, activations, tasks, requests and events as they stood at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from pasaj.respond.models import Activation, AlertEvent, AlertMessage, ResourceRequest, Task, TaskEvent

Plain = dict[str, Any]
AFTER = {"made": Task.State.WAITING, "opened": Task.State.OPEN, "unblocked": Task.State.OPEN, "done": Task.State.DONE,
         "blocked": Task.State.BLOCKED, "dropped": Task.State.DROPPED}  # fmt: skip
"""The state a task has after an event; others leave it as it is."""
UNDONE = (Task.State.WAITING, Task.State.OPEN, Task.State.BLOCKED)
HOUR = timedelta(hours=1)


def alerts(as_of: datetime, since: datetime, mode: str) -> list[Plain]:
    """Alerts that ran at `as_of`, and those that ended after `since`; the gravest first."""
    messages: dict[int, AlertMessage] = {}
    rows = AlertMessage.objects.filter(state=AlertMessage.State.PUBLISHED, sent_at__lte=as_of, alert__mode=mode)
    for one in rows.select_related("alert").order_by("sent_at", "number"):
        messages[one.alert_id] = one
    ends = _ended(as_of)
    found = []
    for one in messages.values():
        state, ended = _state(one, ends.get(one.alert_id), as_of)
        if state == "running" or ended >= since:
            found.append(_alert(one, state, ended))
    order = ("extreme", "severe", "moderate", "minor")
    return sorted(found, key=lambda one: (not one["running"], order.index(one["severity"]), one["code"]))


def _ended(as_of: datetime) -> Mapping[int, tuple[str, datetime]]:
    rows = AlertEvent.objects.filter(at__lte=as_of, action__in=("expired", "ended", "cancelled")).order_by("at", "pk")
    return {number: (action, at) for number, action, at in rows.values_list("alert_id", "action", "at")}


def _state(one: AlertMessage, ended: tuple[str, datetime] | None, as_of: datetime) -> tuple[str, datetime]:
    assert one.sent_at is not None
    if ended is not None and ended[1] >= one.sent_at:
        return ended
    if one.type == AlertMessage.Type.CANCEL:
        return "cancelled", one.sent_at
    if "AllClear" in one.response_types:
        return "ended", one.sent_at
    return ("running", one.expires_at) if one.expires_at > as_of else ("expired", one.expires_at)


def _alert(one: AlertMessage, state: str, ended: datetime) -> Plain:
    return {
        "code": one.alert.code,
        "message": one.identifier,
        "state": state,
        "running": state == "running",
        "severity": one.severity,
        "unratified": one.unratified,
        "headlines": {lang: said.get("headline", "") for lang, said in one.texts.items()},
        "areas": [area.get("names", {}) for area in one.areas],
        "sent_at": one.sent_at.isoformat() if one.sent_at else "",
        "ends_at": ended.isoformat(),
    }


def activations(as_of: datetime, since: datetime, mode: str) -> tuple[list[Plain], list[Plain]]:
    """Plans at work at `as_of` or stood down after `since`, and all their tasks, the latest first."""
    rows = Activation.objects.filter(started_at__lte=as_of, mode=mode)
    rows = rows.filter(Q(stood_down_at=None) | Q(stood_down_at__gte=since)).select_related("plan", "alert")
    found = list(rows.order_by("started_at", "code"))
    tasks = _tasks([one.pk for one in found], as_of)
    return [_activation(one, tasks, as_of) for one in found], tasks


def _activation(one: Activation, tasks: Iterable[Plain], as_of: datetime) -> Plain:
    own = [task for task in tasks if task["activation"] == one.code]
    over = one.stood_down_at is not None and one.stood_down_at <= as_of
    return {
        "code": one.code,
        "names": one.plan.names,
        "alert": one.alert.code,
        "level": one.level,
        "state": Activation.State.STOOD_DOWN if over else Activation.State.ACTIVE,
        "started_at": one.started_at.isoformat(),
        "ends": one.ends_date.isoformat(),
        "tasks": len(own),
        "done": sum(task["state"] == Task.State.DONE for task in own),
        "blocked": sum(task["state"] == Task.State.BLOCKED for task in own),
        "late": sum(task["late_hours"] > 0 for task in own),
    }


def _tasks(activations: list[int], as_of: datetime) -> list[Plain]:
    states: dict[int, str] = {}
    events = TaskEvent.objects.filter(task__activation__in=activations, at__lte=as_of, action__in=list(AFTER))
    for number, action in events.order_by("at", "pk").values_list("task_id", "action"):
        states[number] = AFTER[action]
    rows = Task.objects.filter(activation__in=activations).select_related("activation", "institution")
    found = []
    for one in rows.order_by("activation__code", "order", "code"):
        state = one.state if one.state_at <= as_of else states.get(one.pk, Task.State.WAITING)
        late = (as_of - one.due_at) / HOUR if state in UNDONE and one.due_at < as_of else 0.0
        found.append(_task(one, state, late))
    return sorted(found, key=lambda one: -one["late_hours"])


def _task(one: Task, state: str, late: float) -> Plain:
    return {
        "code": one.code,
        "activation": one.activation.code,
        "names": one.names,
        "institution": one.institution.code,
        "state": state,
        "protection": one.protection,
        "due_at": one.due_at.isoformat(),
        "late_hours": round(late, 1),
        "reason": one.reason if state in (Task.State.BLOCKED, Task.State.DROPPED) else "",
    }


def requests(as_of: datetime, since: datetime, mode: str) -> list[Plain]:
    """What institutions asked of each other and is not settled, or was settled after `since`."""
    rows = ResourceRequest.objects.filter(created_at__lte=as_of, activation__mode=mode)
    rows = rows.select_related("asking", "asked", "activation").order_by("needed_at", "code")
    found = []
    for one in rows:
        state = one.state if one.state_at <= as_of else ResourceRequest.State.ASKED
        waits = state in (ResourceRequest.State.ASKED, ResourceRequest.State.PROMISED)
        if waits or one.state_at >= since:
            found.append(_request(one, state, waits=waits, late=waits and one.needed_at < as_of))
    return found


def _request(one: ResourceRequest, state: str, *, waits: bool, late: bool) -> Plain:
    return {
        "code": one.code,
        "activation": one.activation.code,
        "asking": one.asking.code,
        "asked": one.asked.code,
        "what": one.what,
        "quantity": float(one.quantity),
        "unit": one.unit,
        "state": state,
        "waits": waits,
        "late": late,
        "needed_at": one.needed_at.isoformat(),
    }
