"""What an activation took, beside what its plan promised: the moments, from the rows that hold them."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Min, Q

from pasaj.core import plans as core
from pasaj.core.plans import Measured, Timed, Timing
from pasaj.notify.models import Delivery, Message
from pasaj.registry import queries as registry
from pasaj.respond.models import Activation, AlertMessage, AlertOrigin, Approval, Task
from pasaj.watch.models import Observation, Signal, SignalEvent


def measured(row: Activation) -> tuple[Measured, ...]:
    """Every promise with what it took. The moments are those of the rows; none is estimated."""
    tasks = row.tasks.prefetch_related("events").order_by("order", "pk")
    return core.measure(row.content["promises"], timing(row), [_timed(one) for one in tasks])


def _timed(task: Task) -> Timed:
    done = [one.at for one in task.events.all() if one.action == "done"] if task.state == Task.State.DONE else []
    return Timed(
        action=task.action,
        due_at=task.due_at,
        acknowledged_at=task.acknowledged_at,
        done_at=max(done, default=None),
        dropped=task.state == Task.State.DROPPED,
    )


def timing(row: Activation) -> Timing:
    """The moments of an activation and its alert."""
    first = row.alert.messages.filter(state=AlertMessage.State.PUBLISHED).order_by("number").first()
    approved = Approval.objects.filter(message=first, decision="yes").order_by("-at").first() if first else None
    reached, acknowledged = _reached(first)
    happened, reported, detected, verified = _origin(row)
    return Timing(
        started_at=row.started_at,
        happened_at=happened,
        reported_at=reported,
        detected_at=detected,
        verified_at=verified,
        drafted_at=row.alert.created_at,
        approved_at=approved.at if approved else None,
        published_at=first.sent_at if first else None,
        reached=reached,
        acknowledged=acknowledged,
    )


def _reached(first: AlertMessage | None) -> tuple[tuple[datetime | None, ...], tuple[datetime | None, ...]]:
    """By contact: when the gateway took the first message to them, and when they acknowledged it."""
    if first is None:
        return (), ()
    told = Message.objects.filter(kind="alert", ref=first.alert.code).order_by("pk").first()
    by_contact = Delivery.objects.filter(message=told).exclude(contact=None).values("contact").order_by("contact")
    found = list(by_contact.annotate(sent=Min("sent_at"), seen=Min("acknowledged_at")).values_list("sent", "seen"))
    return tuple(sent for sent, _seen in found), tuple(seen for _sent, seen in found)


def _origin(row: Activation) -> tuple[datetime | None, datetime | None, datetime | None, datetime | None]:
    """Of the first signal of the alert: its day, and when it was reported, detected and verified."""
    codes = AlertOrigin.objects.filter(alert=row.alert, kind="signal").values_list("code", flat=True)
    signal = Signal.objects.filter(code__in=list(codes)).order_by("period_start", "pk").first()
    if signal is None:
        return None, None, None, None
    home = registry.home()
    zone = home.zone if home else row.started_at.tzinfo
    verified = SignalEvent.objects.filter(signal=signal, action="verified").order_by("at").first()
    return (
        datetime.combine(signal.period_start, time.min, tzinfo=zone),
        _reported(signal),
        signal.created_at,
        verified.at if verified else None,
    )


def _reported(signal: Signal) -> datetime | None:
    """When the figure that the signal speaks of was first reported."""
    if signal.series is None:
        return None
    rows = Observation.objects.filter(
        Q(period_start=signal.period_start) | Q(period_end=signal.period_end), series=signal.series
    )
    found: datetime | None = rows.aggregate(first=Min("reported_at"))["first"]
    return found
