"""What the demonstration tells beside counts: incidents and sea events, closed days, calls to silent posts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.core.periods import Period
from pasaj.site.demo.figures import World
from pasaj.site.demo.script import Script
from pasaj.watch.models import SilenceCall
from pasaj.watch.services import incidents, silences, status
from pasaj.watch.services.incidents import Quantity

ORIGIN = "demo"
EVENING = time(18)


def tell(*, script: Script, world: World, actor: Actor, now: datetime) -> None:
    """Write incidents and the status of crossings, each once however often it is called.

    Raises Refused as the services do, when the script names what the pack does not know.
    """
    with transaction.atomic():
        for at, one in enumerate(script.statuses, 1):
            status.report(
                crossing_code=one.place,
                side=one.side,
                state=one.state,
                since=_day(world, one.first),
                until=None if one.last is None else _day(world, one.last),
                cause=one.cause,
                source=one.source,
                ref=f"demo/status[{at}]",
                origin=ORIGIN,
                reported_at=_moment(world, one.first, now, time(6)),
                actor=actor,
                now=now,
            )
        for at, event in enumerate(script.incidents, 1):
            day = _day(world, event.ago)
            incidents.record(
                type_code=event.type,
                place_code=event.place,
                period=Period(day, day, "day"),
                quantities=[Quantity(what, value, unit) for what, (value, unit) in event.quantities.items()],
                detecting=event.service,
                hours_to_referral=event.hours,
                corridor=event.corridor,
                ref=f"demo/incident[{at}]",
                origin=ORIGIN,
                reported_at=_moment(world, event.ago, now, EVENING),
                actor=actor,
                now=now,
            )


def call(*, script: Script, world: World, officer: Actor, now: datetime) -> None:
    """The duty officer's calls to silent posts; nothing when they are written already."""
    if SilenceCall.objects.filter(origin=ORIGIN).exists():
        return
    with transaction.atomic():
        for one in script.calls:
            silences.record(
                crossing_code=one.place,
                source_code=one.source,
                cause=one.cause,
                outcome=one.outcome,
                note=one.note,
                called_at=_moment(world, one.ago, now, time(one.hour)),
                origin=ORIGIN,
                actor=officer,
                now=now,
            )


def _day(world: World, ago: int) -> date:
    return world.last - timedelta(days=ago)


def _moment(world: World, ago: int, now: datetime, hour: time) -> datetime:
    """An hour of a day, never later than the clock of the demonstration."""
    return min(now, datetime.combine(_day(world, ago), hour, tzinfo=world.zone))
