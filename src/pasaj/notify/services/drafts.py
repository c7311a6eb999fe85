"""A message before it stands: its texts in each language, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from pasaj.core import sms
from pasaj.core.problems import Problem, problem
from pasaj.notify import channels as ways
from pasaj.notify.channels import Attachment, Channel
from pasaj.notify.models import SMS, Address, Contact, Delivery, Message
from pasaj.notify.services import composing
from pasaj.registry import queries as registry

PARTS = ("subject", "body", "short")
SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # of an example: that it is asked for, not when


@dataclass(frozen=True, slots=True)
class Text:
    """One language: what stands above a mail, the whole text, and the one for SMS."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be told. `kind` and `ref`: as in Message. Modes other than `actual` reach no real address."""

    kind: str
    ref: str
    texts: Mapping[str, Text]
    mode: str = "actual"
    severity: str = "minor"
    urgent: bool = False
    acknowledge_minutes: int | None = None  # business minutes after which it escalates
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What one channel would carry: addresses, parts that are paid for, money."""

    channel: str
    addresses: int
    segments: int
    cost: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a draft would cost, before it is sent. An estimate: stopped addresses are left out as of now."""

    shares: tuple[Share, ...] = ()
    unreachable: int = 0  # contacts without an address in use

    @property
    def segments(self) -> int:
        return sum(one.segments for one in self.shares)

    @property
    def cost(self) -> Decimal:
        return sum((one.cost for one in self.shares), Decimal(0))


@dataclass(frozen=True, slots=True)
class Aim:
    """One address to which a draft goes, in which language."""

    contact: Contact
    address: Address
    language: str
    channel: Channel = field(repr=False)


def aims(
    texts: Collection[str],
    contacts: Iterable[Contact],
    channels: Collection[str] | None,
    default: str,
    only: Address | None = None,
) -> list[Aim]:
    """Every address of the contacts on these channels (None: all), each address once, the first contact's.

    `only`: this one address of them.
    """
    known = {kind: ways.get(kind) for kind in (ways.kinds() if channels is None else channels)}
    people = {one.pk: one for one in contacts if one.ended_at is None}
    order = {pk: at for at, pk in enumerate(people)}
    rows = Address.objects.filter(contact__in=list(people), channel__in=list(known)).order_by("order", "pk")
    if only is not None:
        rows = rows.filter(pk=only.pk)
    found: dict[tuple[str, str], Aim] = {}
    for row in sorted(rows, key=lambda one: order[one.contact_id]):
        contact = people[row.contact_id]
        language = composing.language_for(dict.fromkeys(texts), contact.language, default)
        found.setdefault((row.channel, row.value), Aim(contact, row, language, known[row.channel]))
    return list(found.values())


def troubles(draft: Draft) -> list[Problem]:
    """What keeps a draft from being sent: missing texts, too long for SMS, missing attachments. Empty: nothing."""
    return list(_troubles(draft))


def _troubles(draft: Draft) -> Iterator[Problem]:
    if not draft.texts:
        yield problem("NOTIFY-005")
    if draft.acknowledge_minutes is not None and draft.acknowledge_minutes < 1:
        yield problem("NOTIFY-008")
    room = ways.get(SMS).room
    for language, text in draft.texts.items():
        for part in PARTS:
            if not getattr(text, part).strip():
                yield problem("NOTIFY-003", part=part, language=language)
        short = _parcel(draft, language, SMS, "").short
        segments = sms.measure(short).segments
        if room is not None and segments > room:
            forcing = " ".join(sms.forcing(short)[:10]) or "-"
            yield problem("NOTIFY-004", language=language, segments=segments, room=room, forcing=forcing)
    for one in draft.attachments:
        if not attachment_path(one.path).is_file():
            yield problem("NOTIFY-006", name=one.name)


def attachment_path(path: str) -> Path:
    """Where an attachment lies: below the home's files, whatever the path says."""
    files = Path(settings.PASAJ_HOME) / "files"
    place = (files / path).resolve()
    return place if place.is_relative_to(files.resolve()) else files / "outside"


def estimate(draft: Draft, contacts: Iterable[Contact], channels: Collection[str] | None = None) -> Estimate:
    """What sending the draft to these contacts would take, by channel, before anything is sent."""
    people = list(contacts)
    home = registry.home()
    found = aims(list(draft.texts), people, channels, home.default_language if home else "")
    used = [one for one in found if not one.address.stopped_at and (draft.mode == "actual" or one.address.exercise)]
    prices: dict[tuple[str, str], Any] = {}
    shares: dict[str, list[Any]] = {}
    for one in used:
        key = (one.address.channel, one.language)
        if key not in prices:  # one length for all: reply words and links are of one length
            prices[key] = one.channel.price(_parcel(draft, one.language, *_example(one)))
        shares.setdefault(one.address.channel, []).append(prices[key])
    told = tuple(
        Share(
            channel=kind,
            addresses=len(each),
            segments=sum(price.segments for price in each),
            cost=sum((price.cost for price in each), Decimal(0)),
            currency=each[0].currency,
        )
        for kind, each in sorted(shares.items())
    )
    reached = {one.contact.pk for one in used}
    return Estimate(told, len([one for one in people if one.ended_at is None and one.pk not in reached]))


def _example(aim: Aim) -> tuple[str, str]:
    return aim.address.channel, aim.address.value


def preview(draft: Draft, language: str, channel: str = SMS) -> ways.Parcel:
    """The draft as an address would get it: with prefix, reply word and links (those of nobody)."""
    return _parcel(draft, language, channel, "")


def _parcel(draft: Draft, language: str, channel: str, address: str) -> ways.Parcel:
    message = Message(
        code="MS-0000-0000",
        kind=draft.kind,
        mode=draft.mode,
        texts=plain(draft.texts),
        acknowledge_due_at=SOME_TIME if draft.acknowledge_minutes else None,
        attachments=[asdict(one) for one in draft.attachments],
    )
    return composing.parcel(
        Delivery(channel=channel, address=address, language=language), message, composing.public_address()
    )


def plain(texts: Mapping[str, Text]) -> dict[str, dict[str, str]]:
    """The texts as they are stored."""
    return {language: asdict(text) for language, text in sorted(texts.items())}
