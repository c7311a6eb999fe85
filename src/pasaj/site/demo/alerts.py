"""Alerts of the demonstration: `[[alert]]` of demo.toml. Simulated: exercises, from simulated signals, sent to nobody.

What the gateways would have answered is written down here, as there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.notify.models import Contact, Delivery, DeliveryEvent, Message
from pasaj.respond.models import Activation, Alert, AlertOrigin, Plan, Task
from pasaj.respond.services import activations, alerts, tasks
from pasaj.respond.services.alerts import Origin
from pasaj.site.demo.section import Section
from pasaj.watch.models import Signal

MODE = "exercise"
ENDINGS = ("draft", "submitted", "running", "cancelled")
APPROVED, JUST = timedelta(minutes=20), timedelta(minutes=5)
SENT, DELIVERED, READ = timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=12)
UNREAD = 5
"""Every fifth recipient has not answered."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One alert: of which hazard, from the last verified signal of `measure`, `hours` before the clock."""

    hazard: str
    measure: str
    hours: int
    ending: str
    reason: str


def warned(section: Section) -> Warned:
    found = Warned(
        hazard=section.text("hazard"),
        measure=section.text("measure"),
        hours=section.whole("hours", low=1, high=1000),
        ending=section.text("ending"),
        reason=section.text("reason", ""),
    )
    if found.ending not in ENDINGS:
        section.refuse("ending", f"{found.ending!r} is none of {', '.join(ENDINGS)}")
    section.end()
    return found


def tell(*, wanted: Sequence[Warned], officer: Actor, approver: Actor, now: datetime) -> None:
    """Draft, approve and end the alerts of the script; nothing when there are alerts already, or nobody to tell.

    Raises Refused as the services do, when the script names what the pack does not know.
    """
    if Alert.objects.exists() or not Contact.objects.exists():
        return
    for one in wanted:
        signal = _signal(one.measure)
        if signal is not None:
            with transaction.atomic():
                _one(one, signal, officer, approver, now)


def _signal(measure: str) -> Signal | None:
    """The last verified rise of a measure at a crossing of which no alert tells yet."""
    told = AlertOrigin.objects.filter(kind="signal").values("code")
    rows = Signal.objects.filter(state=Signal.State.VERIFIED, kind=Signal.Kind.UNUSUAL, direction="up",
                                 measure__code=measure, crossing__isnull=False)  # fmt: skip
    return rows.exclude(code__in=told).order_by("-period_end", "code").first()


def _one(wanted: Warned, signal: Signal, officer: Actor, approver: Actor, now: datetime) -> None:
    # The clock of a demonstration stands still: what waits for approval has only just begun to.
    at = now - (JUST if wanted.ending == "submitted" else timedelta(hours=wanted.hours))
    origins = [Origin("signal", signal.code)]
    row = alerts.draft(hazard=wanted.hazard, origins=origins, mode=MODE, actor=officer, now=at)
    if wanted.ending == "draft":
        return
    alerts.submit(identifier=row.identifier, actor=officer, now=at)
    if wanted.ending == "submitted":
        return
    alerts.approve(identifier=row.identifier, actor=approver, now=at + APPROVED)
    _arrive(row.alert.code, at + APPROVED)
    activation = _activate(row.alert, officer, at + 2 * APPROVED)
    if wanted.ending == "cancelled":
        over = at + timedelta(hours=max(1, wanted.hours // 4))
        end = alerts.cancel(code=row.alert.code, reason=wanted.reason, actor=officer, now=over)
        alerts.approve(identifier=end.identifier, actor=approver, now=over + APPROVED)
        _arrive(row.alert.code, over + APPROVED)
        if activation is not None:
            activations.stand_down(code=activation.code, reason=wanted.reason, actor=officer, now=over + 2 * APPROVED)


def _activate(alert: Alert, officer: Actor, at: datetime) -> Activation | None:
    """The plan of the alert at its mildest level: half of what is open is acknowledged, a third of it done."""
    plan = Plan.objects.filter(code=alert.plan, retired_at=None).first()
    if plan is None:
        return None
    level = plan.content["levels"][0]["code"]
    row = activations.activate(plan=plan.code, alert=alert.code, level=level, actor=officer, now=at)
    for number, task in enumerate(row.tasks.filter(state=Task.State.OPEN).order_by("order")):
        if number % 2 == 0:
            tasks.act(code=task.code, action="acknowledge", actor=officer, now=at + READ)
        if number % 3 == 0:
            tasks.act(code=task.code, action="done", actor=officer, now=at + 2 * READ)
    return row


def _arrive(code: str, at: datetime) -> None:
    """What came back of the last message of an alert: all of it arrived, most of it was acknowledged."""
    message = Message.objects.filter(ref=code).order_by("-pk").first()
    rows = Delivery.objects.filter(message=message, state=Delivery.State.QUEUED).order_by("pk")
    events = []
    for number, row in enumerate(rows, 1):
        row.state, row.sent_at, row.delivered_at = Delivery.State.DELIVERED, at + SENT, at + DELIVERED
        row.tries, row.gateway_id = 1, f"demo-{row.pk}"
        moments = [("sent", row.sent_at), ("delivered", row.delivered_at)]
        if message is not None and message.acknowledge_due_at is not None and number % UNREAD:
            row.acknowledged_at = at + READ
            moments.append(("acknowledged", row.acknowledged_at))
        row.save()
        events += [
            DeliveryEvent(delivery=row, at=moment, recorded_at=timezone.now(), kind=kind, detail={"simulated": True})
            for kind, moment in moments
        ]
    DeliveryEvent.objects.bulk_create(events)
