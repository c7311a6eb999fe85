"""How many people a message would reach and what that takes, told before anything is sent. All of it is an estimate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation

from pasaj.notify.channels import Parcel
from pasaj.notify.services import outbox
from pasaj.respond.models import AlertMessage
from pasaj.respond.queries import alert_texts
from pasaj.respond.queries import alerts as queries


@dataclass(frozen=True, slots=True)
class Reach:
    """Contacts, their institutions, addresses by channel, contacts without any; parts of SMS and their price."""

    contacts: int = 0
    institutions: int = 0
    channels: tuple[tuple[str, int], ...] = ()
    unreachable: int = 0
    segments: int = 0
    cost: Decimal = Decimal(0)
    currency: str = ""


def of(message: AlertMessage) -> Reach:
    """What sending this message as it stands would take. Of an exercise: the addresses that are marked for it."""
    contacts = list(queries.recipients(message))
    if not contacts:
        return Reach()
    found = outbox.estimate(_draft(message), contacts)
    paid = next((one for one in found.shares if one.segments), None)
    return Reach(
        contacts=len(contacts),
        institutions=len({one.institution_id for one in contacts}),
        channels=tuple((one.channel, one.addresses) for one in found.shares),
        unreachable=found.unreachable,
        segments=found.segments,
        cost=found.cost,
        currency=paid.currency if paid else "",
    )


def parcel(message: AlertMessage, language: str, channel: str) -> Parcel:
    """What somebody would get on a channel, with everything that the outbox puts to the text (links of nobody)."""
    return outbox.preview(_draft(message), language, channel)


def _draft(message: AlertMessage) -> outbox.Draft:
    return outbox.Draft(
        kind="alert",
        ref=message.alert.code,
        texts={language: _text(message, language) for language in queries.languages()},
        mode=message.alert.mode,
        severity=message.severity,
        acknowledge_minutes=queries.settings().acknowledge[message.severity],
    )


def _text(message: AlertMessage, language: str) -> outbox.Text:
    said = alert_texts.said(message, language, mode="actual")  # the outbox puts the mark of an exercise in front
    with translation.override(language):
        return outbox.Text(subject=said.headline, body=queries.mail_body(message, said), short=said.short)
