"""What was sent, to how many, and what came back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from pasaj.access.rules import Actor, may, visible
from pasaj.core.problems import Refused
from pasaj.notify import channels
from pasaj.notify.models import Delivery, DeliveryEvent, Message

State = Delivery.State
SECRET = frozenset({"approval"})
"""Kinds of messages that hold a one-time code."""
ONE_TIME = re.compile(r"\b[A-Z0-9]{6}\b")
HIDDEN = "••••••"
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


def deliveries(message: Message, state: str = "") -> QuerySet[Delivery]:
    """To whom a message went, by institution and name, in one state or all."""
    rows = Delivery.objects.filter(message=message).select_related("contact__institution")
    if state == "unanswered":
        rows = rows.filter(acknowledged_at=None).exclude(state__in=(State.CANCELLED, State.WITHHELD))
    elif state:
        rows = rows.filter(state=state)
    return rows.order_by("contact__institution__code", "contact__name", "channel", "pk")


def shown(row: Delivery, *, plain: bool) -> str:
    """The address for a reader; `plain`: one who has to reach people."""
    if plain:
        return row.address
    try:
        return channels.get(row.channel).mask(row.address)
    except Refused:
        return "…"


def may_read(actor: Actor) -> bool:
    """Whether the outbox is open to somebody at all."""
    return may(actor, "view", Message)


def events() -> Prefetch[str]:
    """What happened to each delivery, in order, for `prefetch_related`."""
    return Prefetch("events", DeliveryEvent.objects.order_by("pk"))


def states(message: Message) -> dict[str, int]:
    """How many deliveries of a message stand in each state."""
    rows = Delivery.objects.filter(message=message).values_list("state").annotate(number=Count("pk"))
    return dict(rows.order_by("state"))


def unprinted(message: Message) -> int:
    """How many bulletins nobody has handed out yet."""
    return Delivery.objects.filter(message=message, channel="bulletin", state=State.QUEUED).count()


def readable(message: Message) -> dict[str, dict[str, str]]:
    """The texts of a message by language, as pages and programs show them: without the code by which one person
    alone approves. Only what is sent to that person holds it.
    """
    if message.kind not in SECRET:
        return {language: dict(text) for language, text in message.texts.items()}
    return {
        language: {part: ONE_TIME.sub(HIDDEN, said) for part, said in text.items()}
        for language, text in message.texts.items()
    }


def unread(actor: Actor, ref: str) -> QuerySet[Delivery]:
    """What reached the actor's own addresses of the thing with this code, asks for an answer, and has none yet."""
    if actor.id is None:
        return Delivery.objects.none()
    mine = Delivery.objects.filter(contact__account_id=actor.id, message__ref=ref, acknowledged_at=None)
    asking = mine.exclude(message__acknowledge_due_at=None).exclude(state__in=(State.CANCELLED, State.WITHHELD))
    return asking.select_related("message", "contact").order_by("pk")
