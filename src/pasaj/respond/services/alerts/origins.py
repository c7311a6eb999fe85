"""What an alert is drafted from: verified signals, incidents, events of the duty room, alerts of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pasaj.core import alerts as core
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Area, CrossingPoint
from pasaj.respond.models import Event, ExternalAlert
from pasaj.respond.queries.alert_texts import in_each, where
from pasaj.watch.models import Incident, Signal
from pasaj.watch.queries.signals import period as in_words
from pasaj.watch.services.observations import local_date

KINDS = ("signal", "incident", "event", "external")


@dataclass(frozen=True, slots=True)
class Origin:
    """kind: signal, incident, event or external; code: of its page."""

    kind: str
    code: str


@dataclass(slots=True)
class Known:
    """What the origins say together: where, when, how many at most in one of them."""

    places: list[Area | CrossingPoint] = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    count: float | None = None

    def add(self, place: Area | CrossingPoint | None, start: date, end: date, count: float | None) -> None:
        if place is not None and place not in self.places:
            self.places.append(place)
        self.start = start if self.start is None else min(self.start, start)
        self.end = end if self.end is None else max(self.end, end)
        if count is not None:
            self.count = count if self.count is None else max(self.count, count)


def gathered(origins: Sequence[Origin]) -> Known:
    """What is known of the origins. Raises Refused: ALERT-003 (no such thing), ALERT-004 (not verified)."""
    known, found = Known(), list[Problem]()
    for one in origins:
        if one.kind == "signal":
            _signal(one.code, known, found)
        elif one.kind == "incident":
            _incident(one.code, known, found)
        elif one.kind == "event":
            _event(one.code, known, found)
        elif not _exists(one):
            found.append(problem("ALERT-003", column="origins", kind=one.kind, value=one.code[:60]))
    if found:
        raise Refused(*found)
    return known


def _signal(code: str, known: Known, found: list[Problem]) -> None:
    row = Signal.objects.select_related("crossing__area", "area").filter(code=code).first()
    if row is None:
        found.append(problem("ALERT-003", column="origins", kind="signal", value=code[:60]))
    elif row.state != Signal.State.VERIFIED:
        found.append(problem("ALERT-004", column="origins", value=code))
    else:
        observed = row.observed if row.kind in {Signal.Kind.UNUSUAL, Signal.Kind.CAPACITY} else None
        known.add(_open(row.crossing or row.area), row.period_start, row.period_end, observed)


def _incident(code: str, known: Known, found: list[Problem]) -> None:
    row = Incident.objects.current().select_related("crossing__area", "area").filter(code=code).first()
    if row is None:
        found.append(problem("ALERT-003", column="origins", kind="incident", value=code[:60]))
        return
    persons = row.quantities.filter(what="persons").values_list("value", flat=True).first()
    known.add(_open(row.place), row.period_start, row.period_end, None if persons is None else float(persons))


def _event(code: str, known: Known, found: list[Problem]) -> None:
    """The place and day of an event of the duty room. How many people it concerns was said, not counted."""
    row = Event.objects.select_related("crossing__area", "area").filter(code=code).first()
    if row is None:
        found.append(problem("ALERT-003", column="origins", kind="event", value=code[:60]))
        return
    if row.state != Event.State.CONFIRMED:
        found.append(problem("ALERT-004", column="origins", value=code))
        return
    day = local_date(row.reported_at)
    known.add(_open(row.crossing or row.area), day, day, None)


def _exists(one: Origin) -> bool:
    """Whether there is an alert of others with this code."""
    return one.kind == "external" and ExternalAlert.objects.filter(identifier=one.code).exists()


def _open(place: Area | CrossingPoint | None) -> Area | CrossingPoint | None:
    """The place as it may be told: the commune of a crossing that is not official."""
    return place.area if isinstance(place, CrossingPoint) and place.is_protected else place


def words(
    areas: Sequence[Mapping[str, Any]], known: Known, now: datetime, *, public: bool = False
) -> Iterator[tuple[str, dict[str, str]]]:
    """By language: what the braces of a template are filled with.

    `public`: days as the gate reads them (2025-09-30), where it would take another number for a count of ours.
    """
    place = where(areas)
    start = known.start or local_date(now)
    end = known.end or start
    dates, periods = in_each(lambda: in_words(end, end)), in_each(lambda: in_words(start, end))
    if public:
        dates = dict.fromkeys(dates, end.isoformat())
        periods = dates if start == end else dict.fromkeys(dates, f"{start.isoformat()} – {end.isoformat()}")
    scale = core.rounded(known.count) if known.count is not None else {}
    for language in dates:
        yield (
            language,
            {
                "place": place.get(language, ""),
                "date": dates[language],
                "period": periods[language],
                "count": "" if known.count is None else f"{known.count:.0f}",
                "scale": scale.get(language, ""),
            },
        )
