"""The outbox: what is told to whom. One row an address; the row is the job."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core import hours
from pasaj.core.problems import Refused, problem
from pasaj.notify.channels import Attachment
from pasaj.notify.models import Address, Contact, Delivery, DeliveryEvent, Inbound, Message, Severity
from pasaj.notify.services import composing, reach, waking
from pasaj.notify.services.drafts import Aim, Draft, Estimate, Share, Text, aims, estimate, plain, preview, troubles
from pasaj.notify.services.sending import deliver
from pasaj.registry import queries as registry
from pasaj.registry.models import Home
from pasaj.registry.services.codes import next_code

__all__ = [
    "Attachment", "Draft", "Estimate", "Share", "Text", "cancel", "deliver", "estimate", "preview", "printed", "put",
    "reply", "resend", "troubles",
]  # fmt: skip

State = Delivery.State
RANK = {code: rank for rank, code in enumerate(Severity.values)}
AGAIN = timedelta(minutes=10)  # within which the same thing is not told twice to the same address


def put(
    *,
    draft: Draft,
    contacts: Iterable[Contact],
    actor: Actor,
    now: datetime,
    channels: Collection[str] | None = None,
    follows: Message | None = None,
    only: Address | None = None,
) -> Message:
    """Put a message into the outbox, one delivery an address, and wake the sender. Sends nothing itself.

    `contacts`: whom to tell; `channels`: on which (None: all they have); `only`: at this address of theirs.
    An address that two contacts share gets it
    once, and none gets again what it was told within ten minutes under the same reference. Stopped addresses, and
    in an exercise those that are not marked for exercises, get a row that says so and nothing else. Outside of the
    contact's hours a row waits, unless the severity reaches the contact's own for nights. `now`: business clock.
    Raises Refused with every trouble of the draft (see `drafts.troubles`), NOTIFY-001 for an unknown channel.
    """
    if said := troubles(draft):
        raise Refused(*said)
    home = registry.home()
    with transaction.atomic():
        message = _message(draft, actor, now, follows)
        found = aims(list(draft.texts), contacts, channels, home.default_language if home else "", only)
        told = _told_already(message, now)
        rows = [_row(message, aim, now, home) for aim in found if (aim.address.channel, aim.address.value) not in told]
        Delivery.objects.bulk_create(rows)
        _settle_withheld(rows, now)
        waking.wake()
        audit.record(
            actor=actor,
            action="message.put",
            code=message.code,
            now=now,
            detail={
                "kind": message.kind, "ref": message.ref, "mode": message.mode,
                "addresses": len(rows), "withheld": sum(one.state == State.WITHHELD for one in rows),
                "told already": len(found) - len(rows),
            },
        )  # fmt: skip
    return message


def _message(draft: Draft, actor: Actor, now: datetime, follows: Message | None) -> Message:
    minutes = draft.acknowledge_minutes
    return Message.objects.create(
        code=next_code("MS", now),
        kind=draft.kind,
        ref=draft.ref,
        mode=draft.mode,
        severity=draft.severity,
        urgent=draft.urgent,
        texts=plain(draft.texts),
        attachments=[asdict(one) for one in draft.attachments],
        acknowledge_due_at=now + timedelta(minutes=minutes) if minutes else None,
        follows=follows,
        created_at=now,
        recorded_at=timezone.now(),
        actor_id=actor.id,
        actor_label=actor.label,
    )


def _told_already(message: Message, now: datetime) -> set[tuple[str, str]]:
    """Addresses that were told the very same under the same reference a moment ago: a double click, a job run twice."""
    if not message.ref:
        return set()
    same = Message.objects.filter(
        kind=message.kind, ref=message.ref, mode=message.mode, created_at__gt=now - AGAIN, created_at__lte=now
    ).exclude(pk=message.pk)
    equal = [one.pk for one in same if one.texts == message.texts and one.attachments == message.attachments]
    rows = Delivery.objects.filter(message__in=equal).exclude(state__in=(State.CANCELLED, State.FAILED, State.WITHHELD))
    return set(rows.values_list("channel", "address"))


def _row(message: Message, aim: Aim, now: datetime, home: Home | None) -> Delivery:
    made = composing.secrets_of(message.code, aim.address.channel, aim.address.value)
    standing = reach.Standing(aim.address.exercise, aim.address.stopped_at is not None, ended=False)
    reason = reach.why_not(message.mode, message.kind, standing)
    return Delivery(
        message=message,
        contact=aim.contact,
        channel=aim.address.channel,
        address=aim.address.value,
        language=aim.language,
        state=State.WITHHELD if reason else State.QUEUED,
        problem=reason,
        urgent=message.urgent,
        due_at=message.recorded_at,
        opens_at=_opens_at(aim.contact, message.severity, now, home),
        token_sha256=made.sha256,
        reply_word=made.word if message.acknowledge_due_at else "",
    )


def _opens_at(contact: Contact, severity: str, now: datetime, home: Home | None) -> datetime | None:
    """When the contact's hours begin (business clock); None: it may be told now."""
    if RANK[severity] >= RANK[contact.night_severity]:
        return None
    local = now.astimezone(home.zone) if home else now
    begins = hours.begin(local, contact.from_hour, contact.to_hour, contact.weekdays)
    return None if begins == local else begins


def _settle_withheld(rows: Iterable[Delivery], now: datetime) -> None:
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(delivery=one, at=now, recorded_at=timezone.now(), kind="withheld", detail={"reason": one.problem})
        for one in rows
        if one.state == State.WITHHELD
    )


def reply(
    *, inbound: Inbound, texts: Mapping[str, Text], now: datetime, kind: str = "reply", ref: str = ""
) -> Message | None:
    """Answer whoever sent a text, once, on the channel it came by, in the contact's language where it is one.

    `ref` tells replies to different things apart; the same text under the same one within ten minutes is not sent
    again (None). Only replies in earnest exist: whoever writes is real. Raises Refused as `put` does.
    """
    draft = Draft(kind=kind, ref=ref or f"IN-{inbound.pk}", texts=texts, urgent=True)
    if said := troubles(draft):
        raise Refused(*said)
    home = registry.home()
    wanted = inbound.contact.language if inbound.contact else ""
    with transaction.atomic():
        message = _message(draft, SYSTEM, now, None)
        if (inbound.channel, inbound.sender) in _told_already(message, now):
            transaction.set_rollback(True)
            return None
        made = composing.secrets_of(message.code, inbound.channel, inbound.sender)
        Delivery.objects.create(
            message=message,
            contact=inbound.contact,
            channel=inbound.channel,
            address=inbound.sender,
            language=composing.language_for(texts, wanted, home.default_language if home else ""),
            urgent=True,
            due_at=message.recorded_at,
            token_sha256=made.sha256,
        )
        waking.wake()
        audit.record(actor=SYSTEM, action="message.put", code=message.code, now=now, detail={"kind": kind, "ref": ref})
    return message


def cancel(*, code: str, actor: Actor, now: datetime) -> int:
    """Take back what of a message still waits. Returns how many. Raises Refused: NOTIFY-007 (nothing waits)."""
    return _move(code, actor, now, (State.QUEUED,), State.CANCELLED, "cancelled")


def resend(*, code: str, actor: Actor, now: datetime) -> int:
    """Try again what of a message was given up. Returns how many. Raises Refused: NOTIFY-007 (nothing was)."""
    return _move(code, actor, now, (State.FAILED,), State.QUEUED, "resent")


def printed(*, code: str, actor: Actor, now: datetime) -> int:
    """Note that a message's bulletins were handed out. Returns how many. Raises Refused: NOTIFY-007 (none waits)."""
    rows = Delivery.objects.filter(channel="bulletin")
    return _move(code, actor, now, (State.QUEUED,), State.SENT, "printed", rows)


def _move(
    code: str,
    actor: Actor,
    now: datetime,
    before: tuple[str, ...],
    after: str,
    event: str,
    among: QuerySet[Delivery] | None = None,
) -> int:
    real_now = timezone.now()
    with transaction.atomic():
        message = Message.objects.get(code=code)
        among = Delivery.objects.all() if among is None else among
        rows = among.select_for_update().filter(message=message, state__in=before)
        moved = list(rows.order_by("pk").values_list("pk", flat=True))
        if not moved:
            raise Refused(problem("NOTIFY-007", code=code, wanted=event))
        Delivery.objects.filter(pk__in=moved).update(
            state=after, due_at=real_now, tries=0, claimed_by="", claimed_at=None, problem=""
        )
        if after == State.SENT:
            Delivery.objects.filter(pk__in=moved).update(sent_at=now)
        DeliveryEvent.objects.bulk_create(
            DeliveryEvent(delivery_id=pk, at=now, recorded_at=real_now, kind=event) for pk in moved
        )
        waking.wake()
        audit.record(actor=actor, action=f"message.{event}", code=code, now=now, detail={"addresses": len(moved)})
    return len(moved)
