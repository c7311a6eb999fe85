"""The directory of the demonstration: `[[contact]]`, `[[shift]]` and `[[text]]` of demo.toml. All simulated.

Every address is marked for exercises: nobody real is reached there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.notify.models import MAIL, SMS, Contact, Inbound, Shift
from pasaj.notify.services import contacts, shifts
from pasaj.notify.services.contacts import Reach
from pasaj.notify.services.shifts import Wanted
from pasaj.site.demo.section import TOTAL, Section
from pasaj.watch.models import Observation
from pasaj.watch.services import inbound

if TYPE_CHECKING:
    from pasaj.site.demo.figures import World  # it reads the script, which reads us


_COUNT = re.compile(r"\{([\w-]+\.\w+)\}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One contact. `account`: the address of one of the logins."""

    name: str
    institution: str
    role: str
    language: str
    crossing: str
    area: str
    turn: int
    mail: str
    phone: str
    account: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift that is repeated: of `name` in `role`, `hours` long from `hour`, on each of `days` from today (0) on."""

    name: str
    role: str
    hour: int
    hours: int
    days: tuple[int, ...]
    turn: int


@dataclass(frozen=True, slots=True)
class Texted:
    """A text by SMS, `minutes` before the clock of the demonstration.

    `{day}` in it is the last day of the year shown, `{PLACE.measure}` what is counted there on it.
    """

    phone: str
    said: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Directory:
    """What demo.toml says of whom to call."""

    contacts: tuple[Listed, ...]
    turns: tuple[Turn, ...]
    texts: tuple[Texted, ...]


def directory(top: Section) -> Directory:
    """Take our tables out of the file. Raises Refused CLI-024 for the first thing that is wrong."""

    def sections(name: str) -> list[Section]:
        return [Section(f"[[{name}]] {at}", one) for at, one in enumerate(top.take(name, list, []), 1)]

    return Directory(
        tuple(contact(one) for one in sections("contact")),
        tuple(turn(one) for one in sections("shift")),
        tuple(texted(one) for one in sections("text")),
    )


def contact(section: Section) -> Listed:
    found = Listed(
        name=section.text("name"),
        institution=section.text("institution"),
        role=section.text("role"),
        language=section.text("language", "fr"),
        crossing=section.text("crossing", ""),
        area=section.text("area", ""),
        turn=section.whole("turn", 1, low=1, high=99),
        mail=section.text("mail", ""),
        phone=section.text("phone", ""),
        account=section.text("account", ""),
    )
    section.end()
    return found


def turn(section: Section) -> Turn:
    days = section.take("days", list)
    if not all(isinstance(one, int) and -60 <= one <= 60 for one in days):
        section.refuse("days", "whole numbers from -60 to 60 are needed")
    found = Turn(
        name=section.text("name"),
        role=section.text("role"),
        hour=section.whole("hour", high=23),
        hours=section.whole("hours", low=1, high=24),
        days=tuple(days),
        turn=section.whole("turn", 1, low=1, high=99),
    )
    section.end()
    return found


def texted(section: Section) -> Texted:
    found = Texted(section.text("phone"), section.text("said"), section.whole("minutes", high=3000))
    section.end()
    return found


def fill(*, wanted: Directory, world: World, actor: Actor, now: datetime) -> None:
    """Write the directory, the on-call list and the texts that came in, each once however often it is called.

    Raises Refused as the services do, when the script names what the pack does not know.
    """
    with transaction.atomic():
        if not Contact.objects.exists():
            for one in wanted.contacts:
                _add(one, actor, now)
        if not Shift.objects.exists():
            _plan(wanted.turns, world, actor, now)
        for number, said in enumerate(wanted.texts, 1):
            _text(number, said, world, now)


def _add(one: Listed, actor: Actor, now: datetime) -> None:
    given = ((MAIL, one.mail), (SMS, one.phone))
    contacts.add(
        name=one.name,
        institution=one.institution,
        role=one.role,
        addresses=[Reach(channel, value, exercise=True) for channel, value in given if value],
        language=one.language,
        crossing=one.crossing,
        area=one.area,
        turn=one.turn,
        account=one.account,
        actor=actor,
        now=now,
    )


def _plan(turns: Sequence[Turn], world: World, actor: Actor, now: datetime) -> None:
    people = {one.name: one for one in Contact.objects.order_by("-code")}
    today = now.astimezone(world.zone).date()
    wanted = []
    for one in turns:
        for number in one.days:
            start = datetime.combine(today + timedelta(days=number), time(one.hour), tzinfo=world.zone)
            end = start + timedelta(hours=one.hours)
            wanted.append(Wanted(people[one.name], one.role, start, end, one.turn))
    shifts.plan(wanted=wanted, actor=actor, now=now)


def _text(number: int, one: Texted, world: World, now: datetime) -> None:
    at = now - timedelta(minutes=one.minutes)
    holder = Contact.objects.filter(addresses__channel=SMS, addresses__value=one.phone, ended_at=None)
    row, fresh = Inbound.objects.get_or_create(
        channel=SMS,
        external_id=f"demo-{number}",
        defaults={
            "sender": one.phone,
            "contact": holder.order_by("code").first(),
            "text": _said(one.said, world),
            "received_at": at,
            "recorded_at": at,
        },
    )
    if fresh:
        inbound.read(number=row.pk, now=now, simulated=True)


def _said(text: str, world: World) -> str:
    """The text with its day, and with the simulated counts of that day: it changes no figure."""
    rows = Observation.objects.current().filter(series__category=TOTAL, period_start=world.last, value__isnull=False)

    def value(found: re.Match[str]) -> str:
        place, _dot, measure = found[1].partition(".")
        row = rows.filter(series__crossing__code=place, series__measure__code=measure, series__cadence="day").first()
        return f"{row.value.normalize():f}" if row and row.value is not None else "0"

    return _COUNT.sub(value, text.replace("{day}", f"{world.last.day}/{world.last.month}"))
