"""The duty room of a demonstration: a fortnight of its log, events and rumours, handovers, who does what where.

Everything is invented and marked as simulated. Each part looks at its rows to see whether it is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from pasaj.access.models import Account, address
from pasaj.access.rules import Actor
from pasaj.registry import queries as registry
from pasaj.respond.models import Event, Handover, LogEntry, Presence
from pasaj.respond.services import events, handover, log, presence
from pasaj.site.demo.section import Section

ORIGIN = "demo"
SHIFT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class When:
    """So many days before the clock of the demonstration, at a local time."""

    ago: int
    clock: time

    def at(self, now: datetime) -> datetime:
        """The moment, never later than `now`."""
        return min(now, datetime.combine(now.date() - timedelta(days=self.ago), self.clock, tzinfo=now.tzinfo))


@dataclass(frozen=True, slots=True)
class Told:
    when: When
    line: log.Line


@dataclass(frozen=True, slots=True)
class Asked:
    when: When
    step: Mapping[str, Any]  # how, asked, answer


@dataclass(frozen=True, slots=True)
class Rumour:
    """An event, the steps of its verification, and what it turned out to be (empty: not settled)."""

    when: When
    said: events.Said
    steps: tuple[Asked, ...]
    settled: When | None
    outcome: Mapping[str, str]  # state, outcome, answer
    raised: bool


@dataclass(frozen=True, slots=True)
class Works:
    since: int
    where: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Room:
    told: tuple[Told, ...]
    rumours: tuple[Rumour, ...]
    works: tuple[Works, ...]
    shifts: tuple[tuple[When, str], ...]  # when each was handed over, and its note


def read(top: Section) -> Room:
    """The tables of demo.toml that speak of the duty room; none of them is needed. Raises Refused CLI-024."""
    return Room(
        told=tuple(_told(one) for one in _sections(top, "log")),
        rumours=tuple(_rumour(one) for one in _sections(top, "rumour")),
        works=tuple(_works(one) for one in _sections(top, "presence")),
        shifts=tuple(_shift(one) for one in _sections(top, "handover")),
    )


def _sections(top: Section, name: str) -> list[Section]:
    return [Section(f"[[{name}]] {at}", one) for at, one in enumerate(top.take(name, list, []), 1)]


def _when(section: Section, prefix: str = "") -> When:
    text = section.text(f"{prefix}time")
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        section.refuse(f"{prefix}time", f"{text!r} is no time")
    return When(section.whole(f"{prefix}ago", high=400), clock)


def _told(section: Section) -> Told:
    line = log.Line(
        kind=section.text("kind"),
        text=section.text("text"),
        institution=section.text("institution", ""),
        crossing=section.text("crossing", ""),
        contact_role=section.text("role", ""),
        ref=section.text("ref", ""),
    )
    found = Told(_when(section), line)
    section.end()
    return found


def _rumour(section: Section) -> Rumour:
    people = section.take("people", list, [])
    said = events.Said(
        what=section.text("what"),
        place=section.text("place"),
        source=section.text("source"),
        hazard=section.text("hazard"),
        people=(int(people[0]), int(people[-1])) if people else None,
        source_note=section.text("source_note", ""),
        institution=section.text("institution", ""),
    )
    steps = tuple(_asked(one) for one in _sections(section, "step"))
    outcome = {name: section.text(name, "") for name in ("state", "outcome", "answer")}
    settled = _when(section, "settled_") if outcome["state"] else None
    found = Rumour(_when(section), said, steps, settled, outcome, bool(section.whole("raised", 0, high=1)))
    section.end()
    return found


def _asked(section: Section) -> Asked:
    found = Asked(_when(section), {name: section.text(name, "") for name in ("how", "asked", "answer")})
    section.end()
    return found


def _works(section: Section) -> Works:
    names = ("institution", "function", "place", "source_note", "capacity_note", "verify")
    found = Works(section.whole("ago", high=3000), {name: section.text(name, "") for name in names})
    section.end()
    return found


def _shift(section: Section) -> tuple[When, str]:
    found = (_when(section), section.text("note", ""))
    section.end()
    return found


def fill(*, room: Room, officer: str, approver: str, now: datetime) -> None:
    """Write what is not written yet. `officer`, `approver`: the addresses of two logins; `now`: the clock."""
    first, second = _actor(officer), _actor(approver)
    if room.works and not Presence.objects.filter(origin=ORIGIN).exists():
        with transaction.atomic():
            for one in room.works:
                day = now.date() - timedelta(days=one.since)
                presence.put(
                    where=presence.Where(first=day, **one.where), origin=ORIGIN, actor=first,
                    now=now - timedelta(days=min(one.since, 20)),
                )  # fmt: skip
    _deeds(room, first, second, now)
    _change_over(room, first, second, now)


def _actor(email: str) -> Actor:
    return registry.actor_for(Account.objects.get(email=address(email)), via="command")


def _deeds(room: Room, officer: Actor, approver: Actor, now: datetime) -> None:
    """The log and the events in the order in which they happened, so that their codes run as time does."""
    if LogEntry.objects.filter(origin=ORIGIN).exists() or Event.objects.filter(origin=ORIGIN).exists():
        return
    todo: list[tuple[datetime, int, Any]] = [(one.when.at(now), at, one) for at, one in enumerate(room.told)]
    todo += [(one.when.at(now), 1000 + at, one) for at, one in enumerate(room.rumours)]
    with transaction.atomic():
        for moment, _order, one in sorted(todo, key=lambda deed: deed[:2]):
            if isinstance(one, Told):
                log.write(line=one.line, origin=ORIGIN, actor=officer, now=moment)
            else:
                _live_through(one, officer, approver, now)


def _live_through(one: Rumour, officer: Actor, approver: Actor, now: datetime) -> None:
    row = events.report(said=one.said, origin=ORIGIN, actor=officer, now=one.when.at(now))
    for asked in one.steps:
        events.step(code=row.code, **asked.step, origin=ORIGIN, actor=officer, now=asked.when.at(now))
    if one.settled is not None:
        moment = one.settled.at(now)
        events.settle(code=row.code, **one.outcome, origin=ORIGIN, actor=approver, now=moment)
        if one.raised:
            events.raise_signal(code=row.code, protection=True, actor=officer, now=moment)


def _change_over(room: Room, first: Actor, second: Actor, now: datetime) -> None:
    """Each shift by one of the two to the other, with what was open then."""
    if Handover.objects.filter(origin=ORIGIN).exists():
        return
    ordered: Sequence[tuple[When, str]] = sorted(room.shifts, key=lambda one: one[0].at(now))
    for at, (when, note) in enumerate(ordered):
        goes, comes = (first, second) if at % 2 == 0 else (second, first)
        moment = when.at(now)
        with transaction.atomic():
            row = handover.prepare(
                started_at=moment - timedelta(hours=12),
                ended_at=moment,
                note=note,
                origin=ORIGIN,
                actor=goes,
                now=moment,
            )
            if at < len(ordered) - 1:  # the last one waits: whoever opens the demonstration may accept it
                handover.accept(code=row.code, actor=comes, now=moment)
