"""Who reported, who is silent, which signals there are: as it stood at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import override

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import Cadence, Observation, Signal, SignalEvent, Source
from pasaj.watch.queries import reporting, status
from pasaj.watch.queries import signals as queries
from pasaj.watch.queries.reporting import Standing

Plain = dict[str, Any]
BACK = 28  # days in which a post reported at least once, for its silence to be known
MOST = 60  # signals kept in the facts
AFTER = {
    "found": Signal.State.NEW,
    "acknowledged": Signal.State.ACKNOWLEDGED,
    "verified": Signal.State.VERIFIED,
    "discarded": Signal.State.DISCARDED,
    "reopened": Signal.State.NEW,
}
"""The state a signal has after an event; others leave it as it is."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """reporting: posts, expected and reported daily reports of the period. silent: a line a silent post."""

    reporting: Plain
    silent: list[Plain]
    simulated: bool
    crossings: tuple[CrossingPoint, ...]


def posts(as_of: datetime, start: date, end: date, zone: ZoneInfo) -> Reporting:
    """The daily posts as the morning page would have shown them at `as_of`."""
    first = min(start, end - timedelta(days=BACK))
    rows = Observation.objects.known_at(as_of)
    found = reporting.reports(rows, first, end)
    since = found.first or (first if reporting.begun(rows, first) else None)
    names = dict(Source.objects.values_list("code", "name"))
    followed = [one for one in reporting.followed(SYSTEM) if one.cadence == Cadence.DAY]
    closures = status.closures(as_of)
    standings = reporting.standings(followed, found, since, as_of, zone, names, closures) if since else []
    missing = sum(start <= one.start <= end for row in standings for one in row.silence.missing)
    reported = sum(
        start <= day <= end
        for row in standings
        for day in found.of(row.post.crossing_id, row.post.source_code, Cadence.DAY)
    )
    silent = [one for one in standings if one.silence.alarm]
    silent.sort(key=lambda one: (one.since or date.min, one.post.crossing.name, one.post.source_code))
    counted = {"posts": len(standings), "expected": reported + missing, "reported": reported}
    crossings = tuple(one.post.crossing for one in silent)
    return Reporting(counted, [_silent(one) for one in silent], found.simulated, crossings)


def _silent(one: Standing) -> Plain:
    return {
        "place": one.post.crossing.code,
        "source": one.post.source_code,
        "institution": one.post.institution.code,
        "since": one.since.isoformat() if one.since else "",
        "missed": one.silence.missed,
    }


def signals(as_of: datetime, since: datetime, languages: Iterable[str]) -> tuple[list[Plain], list[CrossingPoint]]:
    """Signals found or moved after `since` and those still open at `as_of`, danger to people first; their places."""
    rows = queries.related(Signal.objects.filter(created_at__lte=as_of))
    states = _states(as_of)
    moved = {number for number, (_state, at) in states.items() if at >= since}
    found, crossings = [], []
    for one in queries.by_urgency(rows):
        state = states.get(one.pk, (Signal.State.NEW, one.created_at))[0]
        if state in queries.OPEN or one.created_at >= since or one.pk in moved:
            found.append(_signal(one, state, languages))
            crossings += [one.crossing] if one.crossing else []
        if len(found) == MOST:
            break
    return found, crossings


def _states(as_of: datetime) -> Mapping[int, tuple[str, datetime]]:
    """The state of each signal at a moment, and since when."""
    rows = SignalEvent.objects.filter(at__lte=as_of, action__in=list(AFTER)).order_by("at", "pk")
    return {number: (AFTER[action], at) for number, action, at in rows.values_list("signal_id", "action", "at")}


def _signal(one: Signal, state: str, languages: Iterable[str]) -> Plain:
    hidden = copy(one)
    if one.crossing is not None and one.crossing.is_protected:
        hidden.crossing, hidden.area = None, one.crossing.area
    said = {}
    for language in languages:
        with override(language):
            said[language] = queries.sentence(hidden)
    return {
        "code": one.code,
        "kind": one.kind,
        "place": one.crossing.code if one.crossing else one.area.code if one.area else "",
        "measure": one.measure.code if one.measure else "",
        "state": state,
        "protection": one.protection,
        "start": one.period_start.isoformat(),
        "end": one.period_end.isoformat(),
        "says": said,  # names no crossing that only some may know
    }
