"""What was sent, to how many, and what came back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.notify.models import Delivery, Message

State = Delivery.State
LEFT = (State.SENT, State.DELIVERED)  # the gateway took it


@dataclass(frozen=True, slots=True)
class Standing:
    """How many addresses a thing was told to, and how far that came. `sent` holds those delivered too."""

    total: int
    sent: int
    delivered: int
    acknowledged: int
    failed: int
    withheld: int


def standing(ref: str) -> Standing:
    """What became of all messages that tell of the thing with this code; nothing sent yet is all zero."""
    return _standing(Delivery.objects.filter(message__ref=ref))


def standing_of(message: Message) -> Standing:
    """What became of one message."""
    return _standing(Delivery.objects.filter(message=message))


def _standing(rows: QuerySet[Delivery]) -> Standing:
    counted = rows.exclude(state=State.CANCELLED).aggregate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(state__in=LEFT)),
        delivered=Count("pk", filter=Q(state=State.DELIVERED)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        withheld=Count("pk", filter=Q(state=State.WITHHELD)),
    )
    return Standing(**counted)


def messages(actor: Actor) -> QuerySet[Message]:
    """What was sent, the newest first, with how many addresses stand in which state."""
    rows = visible(Message.objects.all(), actor)
    return rows.annotate(
        total=Count("deliveries"),
        waiting=Count("deliveries", filter=Q(deliveries__state__in=(State.QUEUED, State.SENDING))),
        sent=Count("deliveries", filter=Q(deliveries__state__in=LEFT)),
        delivered=Count("deliveries", filter=Q(deliveries__state=State.DELIVERED)),
        acknowledged=Count("deliveries", filter=Q(deliveries__acknowledged_at__isnull=False)),
        failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
        withheld=Count("deliveries", filter=Q(deliveries__state=State.WITHHELD)),
    ).order_by("-created_at", "-pk")
