"""Texts that come in: kept first, then settled. What is neither a yes nor a stop is left for the apps above."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from pasaj.access.services import audit
from pasaj.core.nearest import fold
from pasaj.notify.channels import Incoming
from pasaj.notify.models import Address, Contact, Delivery, Inbound
from pasaj.notify.services import answers, outbox
from pasaj.notify.services.drafts import Text
from pasaj.notify.services.reach import FAREWELL
from pasaj.registry import queries as registry

YES = frozenset({"ok", "okay", "wi", "oui", "dako", "si", "yes", "daccord"})
STOPS = frozenset({"stop", "sispann", "arret", "arreter", "alto", "kanpe"})
LONGEST = 2000  # characters of a text that are kept
OPEN_FOR = timedelta(hours=48)  # business time in which a yes without its word is understood


def receive(*, channel: str, incoming: Incoming, now: datetime, real_now: datetime) -> tuple[Inbound, bool]:
    """Keep a text as it came. Returns the row, and whether it is new: gateways hand the same one over again.

    Where the gateway gives no number of its own, the same text of the same sender in the same minute counts as one.
    """
    text = incoming.text.replace("\x00", "")[:LONGEST]
    external = incoming.external_id or _of_its_own(incoming.sender, text, real_now)
    with transaction.atomic():
        return Inbound.objects.get_or_create(
            channel=channel,
            external_id=external,
            defaults={
                "sender": incoming.sender[:60],
                "contact": _contact(channel, incoming.sender),
                "text": text,
                "received_at": now,
                "recorded_at": real_now,
            },
        )


def _of_its_own(sender: str, text: str, real_now: datetime) -> str:
    minute = real_now.replace(second=0, microsecond=0).isoformat()
    return "sha256:" + hashlib.sha256(f"{sender}\0{text}\0{minute}".encode()).hexdigest()


def _contact(channel: str, sender: str) -> Contact | None:
    """Whose address it is: the one who is still in office, then the oldest."""
    rows = Address.objects.filter(channel=channel, value=sender).select_related("contact")
    found = sorted(rows, key=lambda one: (one.contact.ended_at is not None, one.pk))
    return found[0].contact if found else None


def settle(*, inbound: Inbound, now: datetime) -> str:
    """Understand a text that is still new: "acknowledged", "stopped", or "" and it stays new. Once only."""
    with transaction.atomic(), audit.at_the_end():
        row = Inbound.objects.select_for_update().get(pk=inbound.pk)
        if row.state != Inbound.State.NEW or row.meaning:
            return row.meaning
        words = re.findall(r"\w+", fold(row.text.replace("’", "").replace("'", "")))
        if words and len(words) <= 2 and words[0] in STOPS:
            return _stopped(row, now)
        delivery = _acknowledged(row, words, now)
        if delivery is None:
            return ""
        answers.acknowledge(delivery=delivery, by="sms", now=now)
        return _settled(row, "acknowledged", delivery.message.code)


def settle_new(*, now: datetime, limit: int = 200) -> int:
    """Settle what was kept and not looked at: its process ended in between. Returns how many were settled."""
    rows = Inbound.objects.filter(state=Inbound.State.NEW, meaning="").order_by("pk")[:limit]
    return sum(bool(settle(inbound=row, now=now)) for row in rows)


def _settled(row: Inbound, meaning: str, ref: str) -> str:
    row.state, row.meaning, row.ref = Inbound.State.SETTLED, meaning, ref
    row.save(update_fields=["state", "meaning", "ref"])
    return meaning


def _acknowledged(row: Inbound, words: list[str], now: datetime) -> Delivery | None:
    """What a text says yes to: the one with the word in it; without one, the only one that waits for an answer."""
    sent = Delivery.objects.filter(channel=row.channel, address=row.sender).exclude(reply_word="")
    sent = sent.filter(state__in=answers.OPEN).select_related("message", "contact")
    rest = [word for word in words if word not in YES]
    if not words or len(words) > 4 or len(rest) > 1:
        return None
    if rest:
        return sent.filter(reply_word=rest[0].upper()).order_by("-pk").first()
    recent = Q(message__created_at__gt=now - OPEN_FOR)
    waiting = list(sent.filter(recent, acknowledged_at=None).order_by("-pk")[:2])
    return waiting[0] if len(waiting) == 1 else None


def _stopped(row: Inbound, now: datetime) -> str:
    """Stop the address and say so, once: whoever writes it again hears nothing more."""
    number = answers.stop(channel=row.channel, address=row.sender, by="sms", now=now)
    if number:
        outbox.reply(inbound=row, texts=farewells(), now=now, kind=FAREWELL)
    return _settled(row, "stopped", "")


def farewells() -> dict[str, Text]:
    """What the one who stopped is told, in each language of the home."""
    home = registry.home()
    texts = {}
    for language in home.languages if home else ["en"]:
        with translation.override(language):
            said = _("You will get no more messages here. Call the cell to change this.")
            texts[language] = Text(_("No more messages"), said, said)
    return texts
