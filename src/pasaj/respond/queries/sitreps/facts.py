"""The facts of a situation report: everything it says, as it was known at a stated moment, as plain values.

They are frozen with the report, so names are kept in every language and nothing has to be looked up again.
docs/reference/sitrep.md has their shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from pasaj.notify.models import Mode
from pasaj.registry.models import Area, CrossingPoint, Home, Institution
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps import counts, ground, response, standing
from pasaj.watch.models import Source

Plain = dict[str, Any]
FORMAT = 1
DAYS = 7  # of the first report
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Span:
    """The days a report speaks of, both ends inclusive."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def span(home: Home, as_of: datetime, previous: Sitrep | None) -> Span:
    """From the day after the last report to the last whole day before `as_of`; seven days where there was none."""
    end = as_of.astimezone(home.zone).date() - timedelta(days=1)
    start = end - timedelta(days=DAYS - 1)
    if previous is not None:
        start = min(end, max(previous.period_end + timedelta(days=1), end - timedelta(days=MOST_DAYS - 1)))
    return Span(start, end)


def gather(
    *, home: Home, as_of: datetime, days: Span, previous: Sitrep | None, mode: str = Mode.ACTUAL
) -> Plain:  # fmt: skip
    """All facts. A constant number of queries, apart from the languages of signals."""
    since = datetime.combine(days.start, time.min, tzinfo=home.zone)
    rows = counts.daily(as_of, days.start, days.end)
    posts = standing.posts(as_of, days.start, days.end, home.zone)
    signals, places = standing.signals(as_of, since, home.languages)
    events, event_crossings, event_areas = ground.events(as_of, since)
    activations, tasks = response.activations(as_of, since, mode)
    revised = []
    if previous is not None:
        revised = counts.revisions(as_of, previous.as_of_at, previous.period_start, previous.period_end)
    facts: Plain = {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "zone": home.timezone,
        "start": days.start.isoformat(),
        "end": days.end.isoformat(),
        "previous": previous.code if previous else "",
        "country": home.names,
        "measures": counts.named(rows),
        "figures": counts.figures(rows, days.days),
        "conflicts": counts.conflicts(rows, days.days),
        "revisions": revised,
        "capacity": counts.capacity(rows, days.days, days.end),
        "reporting": posts.reporting,
        "silent": posts.silent,
        "signals": signals,
        "alerts": response.alerts(as_of, since, mode),
        "activations": activations,
        "tasks": tasks,
        "requests": response.requests(as_of, since, mode),
        "events": events,
        "gaps": ground.gaps(as_of, as_of.astimezone(home.zone)),
        "simulated": any((posts.simulated, *(one.simulated for one in rows), *(one["simulated"] for one in events))),
    }
    crossings = [one.series.crossing for one in rows if one.series.crossing]
    areas = [one.series.area for one in rows if one.series.area]
    named = _places([*crossings, *posts.crossings, *places, *event_crossings], [*areas, *event_areas])
    facts["places"] = _with_gaps(named, facts["gaps"])
    facts["sources"] = _sources()
    facts["institutions"] = dict(Institution.objects.order_by("code").values_list("code", "names"))
    return facts


def _places(crossings: Sequence[CrossingPoint], areas: Iterable[Area]) -> Plain:
    """Names by code. Where a protected crossing lies is not kept at all."""
    found: Plain = {}
    for one in crossings:
        hidden = one.is_protected
        found[one.code] = {
            "names": {"": one.name},
            "area": one.area.names,
            "protected": hidden,
            "lon": None if hidden else one.lon,
            "lat": None if hidden else one.lat,
            "verified": one.official == CrossingPoint.Official.YES,
        }
    for area in areas:
        found[area.code] = {"names": area.names, "area": area.names, "protected": False, "lon": None, "lat": None}
    return dict(sorted(found.items()))


def _with_gaps(named: Plain, gaps: Iterable[Plain]) -> Plain:
    """With the crossings at which nobody does something."""
    missing = {place for one in gaps for place in one["places"]} - named.keys()
    rows = CrossingPoint.objects.filter(code__in=missing).select_related("area").order_by("code")
    return dict(sorted({**named, **_places(list(rows), ())}.items()))


def _sources() -> Plain:
    rows = Source.objects.select_related("institution").order_by("code")
    return {
        one.code: {"name": one.name, "institution": one.institution.code if one.institution else "", "kind": one.kind}
        for one in rows
    }
