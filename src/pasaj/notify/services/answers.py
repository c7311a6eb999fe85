"""What whoever got a message does about it: says that it was read, or wants no more. By link or by a text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Address, Delivery, DeliveryEvent

State = Delivery.State
OPEN = (State.QUEUED, State.SENDING, State.SENT, State.DELIVERED, State.FAILED)  # it may have been read


def by_token(token: str) -> Delivery | None:
    """The delivery that a link belongs to."""
    rows = Delivery.objects.select_related("message", "contact__institution")
    return rows.filter(token_sha256=hashlib.sha256(token.encode()).hexdigest()).first()


def acknowledge(*, delivery: Delivery, by: str, now: datetime, actor: Actor | None = None) -> bool:
    """Note that it was read; `by`: link, sms, page or phone. False: it was noted before. Other addresses of the contact
    on which the same message came count as read too. `actor`: who says so, where somebody is signed in.
    """
    who = actor or _who(delivery, by)
    with transaction.atomic():
        rows = Delivery.objects.select_for_update().filter(message=delivery.message_id, acknowledged_at=None)
        same = rows.filter(contact=delivery.contact_id) if delivery.contact_id else rows.filter(pk=delivery.pk)
        keys = list(same.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True))
        if delivery.pk not in keys:
            return False
        Delivery.objects.filter(pk__in=keys).update(acknowledged_at=now)
        DeliveryEvent.objects.bulk_create(
            DeliveryEvent(delivery_id=key, at=now, recorded_at=timezone.now(), kind="acknowledged", detail={"by": by})
            for key in keys
        )
        audit.record(actor=who, action="message.acknowledged", code=delivery.message.code, now=now, detail={"by": by})
    return True


def read_here(*, rows: Iterable[Delivery], actor: Actor, now: datetime) -> int:
    """Whoever is signed in says on a page that what reached them was read. Returns how many messages that were."""
    return sum(acknowledge(delivery=one, by="page", actor=actor, now=now) for one in rows)


def by_telephone(*, code: str, number: int, actor: Actor, now: datetime) -> int:
    """Write down that a recipient of the message `code` said by telephone that it was read; `number`: its delivery.

    Returns 1. Raises Refused: NOTIFY-007 (no such recipient, noted before, or the message asks for no answer).
    """
    rows = Delivery.objects.filter(message__code=code, pk=number).select_related("message", "contact")
    row = rows.exclude(message__acknowledge_due_at=None).first()
    if row is None or not acknowledge(delivery=row, by="phone", actor=actor, now=now):
        raise Refused(problem("NOTIFY-007", code=code, wanted="acknowledged"))
    return 1


def stop(*, channel: str, address: str, by: str, now: datetime, delivery: Delivery | None = None) -> int:
    """Send nothing more to an address, whoever of the contacts has it. Returns how many rows that stopped."""
    with transaction.atomic():
        rows = Address.objects.select_for_update().filter(channel=channel, value=address, stopped_at=None)
        keys = list(rows.order_by("pk").values_list("pk", "contact__code"))
        Address.objects.filter(pk__in=[key for key, _code in keys]).update(stopped_at=now, stop_reason=by)
        for _key, code in keys:
            audit.record(actor=_who(delivery, by), action="message.stopped", code=code, now=now, detail={"by": by})
    return len(keys)


def _who(delivery: Delivery | None, by: str) -> Actor:
    """Nobody signed in: the one who has the link, or the telephone."""
    name = delivery.contact.name if delivery is not None and delivery.contact else ""
    return Actor(id=None, label=name, via=by)
