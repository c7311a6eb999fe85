"""Who is told next when nobody says that a message was read in time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core.problems import Refused
from pasaj.notify.models import Contact, Delivery, DeliveryEvent, Message
from pasaj.notify.queries.directory import in_order
from pasaj.notify.services import outbox, reach
from pasaj.notify.services.drafts import Draft, Text

State = Delivery.State
KIND = "escalation"
log = logging.getLogger("pasaj.notify")
SHORT = 120  # characters of a subject that stand for the whole in an SMS
LIMIT = 200  # messages looked at in one go


def follow_up(*, now: datetime, real_now: datetime | None = None) -> int:
    """Pass on what was not acknowledged in time, each message once to each next deputy. Returns how many were told.

    `now`: business clock, against which the deadline stands. A group is an institution's people of one role: one of
    them who has read it is enough. Where nobody is left to tell, that is written down and nothing is sent.
    """
    late = Delivery.objects.filter(message=OuterRef("pk"), acknowledged_at=None, escalated_at=None).exclude(_settled())
    due = Message.objects.filter(Exists(late), acknowledge_due_at__lte=now).order_by("acknowledge_due_at", "pk")
    told = 0
    for message in due[:LIMIT]:
        try:
            told += _follow(message, now, real_now or timezone.now())
        except Refused as refused:  # the others are not to wait for this one
            log.warning("%s is not passed on: %s", message.code, refused)
    return told


def _settled() -> Q:
    """Deliveries that nobody needs to answer: taken back, or an exercise kept from a real address."""
    return Q(state=State.CANCELLED) | Q(state=State.WITHHELD, problem=reach.EXERCISE)


def _follow(message: Message, now: datetime, real_now: datetime) -> int:
    with transaction.atomic(), audit.at_the_end():
        rows = message.deliveries.select_for_update(of=("self",)).exclude(_settled()).exclude(contact=None)
        groups: dict[tuple[int, str], list[Delivery]] = {}
        for row in rows.select_related("contact__institution").order_by("pk"):
            assert row.contact is not None
            groups.setdefault((row.contact.institution_id, row.contact.role), []).append(row)
        told = sum(_step(message, group, now, real_now) for group in groups.values())
        # What has no contact (a reply) has no deputy either.
        message.deliveries.filter(contact=None, escalated_at=None).update(escalated_at=now)
    return told


def _step(message: Message, rows: list[Delivery], now: datetime, real_now: datetime) -> int:
    """Pass one group's message on. 1: somebody was told."""
    if any(row.acknowledged_at for row in rows):
        return 0
    late = [row for row in rows if row.escalated_at is None]
    if not late:
        return 0
    deputy = _next(message, rows, now)
    Delivery.objects.filter(pk__in=[row.pk for row in late]).update(escalated_at=now)
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(
            delivery=row, at=now, recorded_at=real_now, kind="escalated", detail={"to": deputy.code if deputy else ""}
        )
        for row in late
    )
    names = list(dict.fromkeys(row.contact.name for row in late if row.contact))
    if deputy is not None:
        outbox.put(draft=_draft(message, names), contacts=[deputy], actor=SYSTEM, now=now, follows=_first(message))
    audit.record(
        actor=SYSTEM, action="message.escalated", code=message.code, now=now,
        detail={"to": deputy.code if deputy else ""},
    )  # fmt: skip
    return int(deputy is not None)


def _first(message: Message) -> Message:
    return message.follows or message


def _next(message: Message, rows: Iterable[Delivery], now: datetime) -> Contact | None:
    """The first in the group's order who was not told of it yet, by the message or by what followed it."""
    first = _first(message)
    chain = Delivery.objects.filter(Q(message=first) | Q(message__follows=first))
    told = set(chain.values_list("contact", flat=True))
    contact = next(row.contact for row in rows if row.contact)
    order = in_order(role=contact.role, institution=contact.institution.code, now=now, severity=message.severity)
    return next((one for one in order if one.pk not in told), None)


def _draft(message: Message, names: list[str]) -> Draft:
    """The first message again, and before it who did not answer until when."""
    first = _first(message)
    assert message.acknowledge_due_at is not None
    texts = {}
    for language, text in first.texts.items():
        with translation.override(language):
            asked = _("%(names)s did not say that this was read. You are next.") % {"names": ", ".join(names)}
            texts[language] = Text(
                subject=_("To pass on: %(subject)s") % {"subject": text["subject"]},
                body=f"{asked}\n\n{text['body']}",
                short=f"{_('Nobody answered, you are next.')} {text['short']}",
            )
    minutes = int((message.acknowledge_due_at - message.created_at) / timedelta(minutes=1))
    draft = Draft(
        kind=KIND,
        ref=first.ref,
        texts=texts,
        mode=first.mode,
        severity=first.severity,
        urgent=True,
        acknowledge_minutes=minutes,
        attachments=tuple(outbox.Attachment(**one) for one in first.attachments),
    )
    return draft if not outbox.troubles(draft) else _bare(draft)


def _bare(draft: Draft) -> Draft:
    """The same with less: with what stands before it, it grew too long for SMS, or its attachment is gone."""
    texts = {language: replace(text, short=text.subject[:SHORT]) for language, text in draft.texts.items()}
    return replace(draft, texts=texts, attachments=())
