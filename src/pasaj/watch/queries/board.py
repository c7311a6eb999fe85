"""The morning's board: each crossing with its last days, its state and what was counted yesterday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import TOTAL, Cadence, Direction, Observation, Signal
from pasaj.watch.queries import reporting, status
from pasaj.watch.queries.reporting import Reports, Standing

DAYS = 28
# The strongest state first: what the shape on the map and the square in the strip say.
ORDER = ("alert", "unusual", "conflict", "silent", "reported", "zero", "not_expected")
MARKS = {
    Signal.Kind.CAPACITY: "alert",
    Signal.Kind.EVENT: "alert",
    Signal.Kind.UNUSUAL: "unusual",
    Signal.Kind.CONFLICT: "conflict",
}


@dataclass(frozen=True, slots=True)
class Cell:
    day: date
    state: str  # one of ORDER


@dataclass(frozen=True, slots=True)
class Line:
    """One crossing on the board."""

    crossing: CrossingPoint
    cells: tuple[Cell, ...]
    figures: tuple[Observation, ...]  # what was counted on the last day, by measure and source
    volume: float  # people counted in and out on the last day: the size of the shape

    @property
    def state(self) -> str:
        return self.cells[-1].state


@dataclass(frozen=True, slots=True)
class Board:
    """The state of reporting on the morning after `days[-1]`."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]
    silent: tuple[Standing, ...]
    expected: int  # posts whose report for the last day is due
    reported: int  # of these, the ones that gave it
    simulated: bool
    latest: datetime | None  # when the last figure on the board reached us
    empty: bool  # nobody has ever reported


def weeks(days: Sequence[date]) -> list[tuple[date, int]]:
    """The first day of each week in the strip, and how many of its days are shown."""
    found: list[tuple[date, int]] = []
    for day in days:
        if found and day.weekday() != 0:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((day, 1))
    return found


def board(
    *, actor: Actor, now: datetime, zone: ZoneInfo, names: Mapping[str, str], days: int = DAYS, crossing: str = ""
) -> Board:
    """Who reported in the last days and who is silent, as far as the actor may follow it.

    `names`: the sources' names by code. `crossing`: only this one. A constant number of queries.
    """
    last = now.astimezone(zone).date() - timedelta(days=1)
    dates = tuple(last - timedelta(days=back) for back in reversed(range(days)))
    crossings = visible(CrossingPoint.objects.filter(retired_at=None).select_related("area"), actor)
    posts = reporting.followed(actor)
    rows = visible(Observation.objects.current(), actor)
    if crossing:
        crossings, posts = crossings.filter(code=crossing), posts.filter(crossing__code=crossing)
        rows = rows.filter(series__crossing__code=crossing)
    found = reporting.reports(rows, dates[0], last)
    since = found.first
    if since is None and reporting.begun(rows, dates[0]):
        since = dates[0]  # everybody has fallen silent
    closures = status.closures(now)
    standings = reporting.standings(posts, found, since, now, zone, names, closures) if since else []
    marks = _marks(actor, dates[0], last)
    counted = _counted(rows, last)
    states = _States(found, marks, _missing(standings))
    lines = [
        Line(
            crossing=one,
            cells=tuple(Cell(day, states.of(one.pk, day)) for day in dates),
            figures=counted.get(one.pk, ()),
            volume=_volume(counted.get(one.pk, ())),
        )
        for one in sorted(crossings, key=lambda one: (one.is_protected, one.kind != "land", one.name))
    ]
    daily = [one for one in standings if one.post.cadence == Cadence.DAY]
    reported = sum(last in found.of(one.post.crossing_id, one.post.source_code, Cadence.DAY) for one in daily)
    return Board(
        days=dates,
        lines=tuple(lines),
        silent=tuple(reporting.silent(standings)),
        expected=reported + sum(any(period.start == last for period in one.silence.missing) for one in daily),
        reported=reported,
        simulated=found.simulated,
        latest=found.latest,
        empty=since is None,
    )


@dataclass(frozen=True, slots=True)
class _States:
    found: Reports
    marks: Mapping[tuple[int, date], str]
    missing: frozenset[tuple[int, date]]

    def of(self, crossing_id: int, day: date) -> str:
        mark = self.marks.get((crossing_id, day))
        if mark:
            return mark
        reported = [one for one in self.found.on(crossing_id, day) if one.highest is not None]
        if reported:
            return "reported" if any(one.highest for one in reported) else "zero"
        return "silent" if (crossing_id, day) in self.missing else "not_expected"


def _missing(standings: Iterable[Standing]) -> frozenset[tuple[int, date]]:
    return frozenset(
        (one.post.crossing_id, period.start)
        for one in standings
        if one.post.cadence == Cadence.DAY
        for period in one.silence.missing
    )


def _marks(actor: Actor, first: date, last: date) -> dict[tuple[int, date], str]:
    """The strongest signal of each crossing and day; what was discarded marks nothing."""
    wanted = Q(crossing__isnull=False, period_start__gte=first, period_end__lte=last, kind__in=list(MARKS))
    rows = visible(Signal.objects.filter(wanted), actor).exclude(state=Signal.State.DISCARDED)
    found: dict[tuple[int, date], str] = {}
    for crossing, kind, start, end in rows.values_list("crossing_id", "kind", "period_start", "period_end"):
        if start == end:
            key, mark = (crossing, start), MARKS[Signal.Kind(kind)]
            found[key] = min(mark, found.get(key, mark), key=ORDER.index)
    return found


def _counted(rows: QuerySet[Observation], day: date) -> dict[int, tuple[Observation, ...]]:
    """The totals of one day, by crossing, in the order of the measures."""
    found = defaultdict(list)
    for row in (
        rows.filter(
            period_start=day, period_end=day, series__crossing__isnull=False, series__category=TOTAL, state="reported"
        )
        .select_related("series__measure", "series__source")
        .order_by("series__measure__order", "series__direction", "series__source__code")
    ):
        found[row.series.crossing_id or 0].append(row)
    return {crossing: tuple(figures) for crossing, figures in found.items()}


def _volume(figures: Sequence[Observation]) -> float:
    """People counted in and out. Where two sources count the same, the larger: it only sizes a shape."""
    largest: dict[tuple[int, str], float] = {}
    for one in figures:
        if one.series.measure.kind == "count" and one.series.direction != Direction.NONE and one.value is not None:
            key = (one.series.measure_id, one.series.direction)
            largest[key] = max(largest.get(key, 0.0), float(one.value))
    return sum(largest.values())
