"""What gateways tell later of what they took: twice, late, in any order."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.notify.channels import Receipt
from pasaj.notify.models import Delivery, DeliveryEvent

State = Delivery.State
# What a receipt makes of a delivery, and from which states: they move forward only, and arriving is the end of all.
AFTER: dict[str, tuple[str, frozenset[str]]] = {
    "sent": (State.SENT, frozenset({State.QUEUED, State.SENDING})),
    "failed": (State.FAILED, frozenset({State.QUEUED, State.SENDING, State.SENT})),
    "delivered": (State.DELIVERED, frozenset({State.QUEUED, State.SENDING, State.SENT, State.FAILED})),
}
EVENTS = {"sent": "taken", "waiting": "waiting", "delivered": "delivered", "failed": "failed"}


def receive(*, channel: str, receipt: Receipt, now: datetime, real_now: datetime) -> bool:
    """Note a receipt. False: it speaks of nothing that we sent on this channel. The same one again changes nothing.

    `now`: business clock, dates the arrival; `real_now` dates the row.
    """
    kind = EVENTS[receipt.state]
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(pk=receipt.delivery, channel=channel).first()
        if row is None:
            return False
        if row.events.filter(kind=kind, detail__receipt=receipt.code).exists():
            return True
        DeliveryEvent.objects.create(
            delivery=row, at=now, recorded_at=real_now, kind=kind, detail={"receipt": receipt.code}
        )
        _move(row, receipt, now)
    return True


def _move(row: Delivery, receipt: Receipt, now: datetime) -> None:
    after, before = AFTER.get(receipt.state, ("", frozenset()))
    row.presumed_at = None  # the gateway speaks of it: it has it
    row.sent_at = row.sent_at or now
    if row.state in before:
        row.state = after
        if after == State.FAILED:
            row.problem = f"receipt {receipt.code}"
    if receipt.state == "delivered":
        row.delivered_at = row.delivered_at or now
        row.problem = ""
    row.save(update_fields=["state", "presumed_at", "sent_at", "delivered_at", "problem"])
