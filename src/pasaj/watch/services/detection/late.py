"""Late reports of the series of a run: which grow by them, what their open periods will be, and both counts judged.

Everything comes from the history of the figures as it was known at `run.as_of`, so that a replay finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from pasaj.core import late
from pasaj.core.judging import Answers
from pasaj.core.late import Estimate, Habit, Report
from pasaj.core.periods import Period, between, containing
from pasaj.watch.models import Cadence, DetectionRun, Observation, Series
from pasaj.watch.services.detection.findings import finite, plain, way
from pasaj.watch.services.detection.table import REACH, Batch, Counts

DAY = timedelta(days=1)
STEP = {Cadence.DAY: DAY, Cadence.WEEK: timedelta(weeks=1)}
MOST = {cadence: reach // STEP[cadence] for cadence, reach in REACH.items()}  # in periods
SETTINGS = {"interval": 0.9}


@dataclass(frozen=True, slots=True)
class Late:
    """A series whose figures grow: what its open periods will be, and since when an earlier run may have said so."""

    estimates: Mapping[date, Estimate] = field(default_factory=dict)
    since: date | None = None


def find(run: DetectionRun, series: Sequence[Series], zone: ZoneInfo) -> Mapping[int, Late]:
    """The late ones among these series. One query; one series in memory at a time. Nothing for runs of before."""
    settings = run.settings.get("late")
    if not settings:
        return {}
    known = {one.pk: one for one in series}
    found = {}
    for number, rows in groupby(_history(run, list(known), _local(run.as_of, zone)), key=lambda row: row[0]):
        one = _late(run, known[number].cadence, list(rows), zone, settings["interval"])
        if one is not None:
            found[number] = one
    return found


def asked(
    since: Mapping[int, date], found: Mapping[int, Late], run: DetectionRun, ids: Sequence[int]
) -> dict[int, date]:
    """From which day each series is asked about: of late ones also what was open when the earlier run looked."""
    if run.after is None:
        return dict(since)
    never = run.to_date + DAY
    opened = {number: one.since for number, one in found.items() if one.since}
    return {number: min(since.get(number, never), opened.get(number, never)) for number in ids}


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The hour on the wall: delays are counted from one morning to the other, whatever the clocks were set to."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _history(run: DetectionRun, ids: Sequence[int], looked: datetime) -> Iterator[tuple[Any, ...]]:
    """Every report of the latest periods of the series in which any figure was revised."""
    recent = Q(pk__in=())
    for cadence, step in STEP.items():
        # Where all that is asked about was complete long ago, nothing is open.
        if looked.date() - run.to_date <= MOST[cadence] * step + step:
            recent |= Q(series__cadence=cadence, period_start__gt=run.to_date - (late.ROWS + 1) * step)
    rows: QuerySet[Observation] = Observation.objects.visible().filter(
        recent, series__in=ids, reported_at__lte=run.as_of, period_end__lte=run.to_date
    )
    revised = rows.filter(revision__gt=1).order_by().values("series")
    rows = rows.filter(series__in=revised).order_by("series", "period_start", "period_end", "revision")
    return rows.values_list("series", "period_start", "period_end", "value", "quality", "reported_at").iterator(
        chunk_size=2000
    )


def _late(
    run: DetectionRun, cadence: str, history: Sequence[tuple[Any, ...]], zone: ZoneInfo, interval: float
) -> Late | None:
    step, most = STEP[Cadence(cadence)], MOST[Cadence(cadence)]
    looked = _local(run.as_of, zone)
    last = containing(cadence, min(run.to_date, looked.date() - DAY))
    if last.end >= looked.date() or last.end > run.to_date:
        last = last.previous()
    periods = list(between(cadence, min(history[0][1], last.start), last.start))[-late.ROWS :]
    rows = _reports(history, periods, looked, step, zone)
    youngest = (looked - _end(last)) // step
    now = late.habit(rows, youngest, most=most)
    before = _before(run, history, periods, Cadence(cadence), zone)
    if now is None and before is None:
        return None
    found = late.estimates(rows, youngest, now, interval=interval) if now else {}
    delays = max(one.complete for one in (now, before) if one)
    since = _local(run.after.as_of, zone).date() - (delays + 1) * step if run.after else None
    return Late({periods[at].start: one for at, one in found.items()}, since)


def _before(
    run: DetectionRun, history: Sequence[tuple[Any, ...]], periods: Sequence[Period], cadence: Cadence, zone: ZoneInfo
) -> Habit | None:
    """How the series reported as the earlier run saw it: it may have said something that holds no more."""
    if run.after is None:
        return None
    then, step = _local(run.after.as_of, zone), STEP[cadence]
    known = [row for row in history if row[5] <= run.after.as_of]
    past = [one for one in periods if _end(one) <= then]
    if not past:
        return None
    return late.habit(_reports(known, past, then, step, zone), (then - _end(past[-1])) // step, most=MOST[cadence])


def _end(period: Period) -> datetime:
    return datetime.combine(period.end + DAY, time.min)


def _reports(
    history: Sequence[tuple[Any, ...]], periods: Sequence[Period], looked: datetime, step: timedelta, zone: ZoneInfo
) -> list[list[Report]]:
    """The reports of each period, in the order of their revisions."""
    places = {(one.start, one.end): at for at, one in enumerate(periods)}
    rows: list[list[Report]] = [[] for _ in periods]
    for _series, start, end, value, quality, told in history:
        at = places.get((start, end))
        if at is not None:
            delay = late.delay(_local(told, zone), looked, _end(periods[at]), step)
            rows[at].append(Report(delay, None if value is None else float(value), quality == "partial"))
    return rows


# --- Both counts judged ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """A batch once more with its open periods completed: counts of the rows that have any, and what is said of them."""

    rows: Mapping[int, int]  # row of the batch -> row here
    counts: Any
    first: int  # the first column that has an answer here
    estimates: Mapping[tuple[int, int], Estimate]  # by row of the batch and column
    answers: Answers | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One period of one series: whose answers count for it and where in them, its estimate, what an alarm rests on."""

    answers: Answers
    at: tuple[int, int]
    alarm: bool
    values: Any  # of the series: raw, or with its open periods completed
    estimate: Estimate | None = None
    rests_on: str = ""


def completed(batch: Batch, cells: Counts, found: Mapping[int, Late]) -> Completed | None:
    """The counts with estimates in place of what is reported so far; None where the run asks about no open period."""
    columns = {period.start: at for at, period in enumerate(batch.periods)}
    estimates = {
        (row, columns[start]): one
        for row, series in enumerate(batch.series)
        if series.pk in found
        for start, one in found[series.pk].estimates.items()
        if start in columns
    }
    wanted = [(row, column) for row, column in estimates if cells.wanted[row, column]]
    if not wanted:
        return None
    rows = sorted({row for row, _column in wanted})
    counts = cells.counts[rows].copy()
    places = {row: at for at, row in enumerate(rows)}
    for (row, column), one in estimates.items():
        if row in places:
            counts[places[row], column] = one.value
    return Completed(places, counts, min(column for _row, column in wanted), estimates)


def cell(raw: Answers, cells: Counts, done: Completed | None, row: int, column: int) -> Cell:
    """What counts for one asked cell; `column` of the batch."""
    at = (row, column - cells.first)
    estimate = done.estimates.get((row, column)) if done else None
    alarm = bool(raw.alarm[at])
    if done is None or done.answers is None or estimate is None:
        return Cell(raw, at, alarm, cells.counts[row])
    there = (done.rows[row], column - done.first)
    rests = late.rests_on(_rings(raw, at, estimate.reported), _rings(done.answers, there, estimate.value))
    # A partial figure by itself is not judged: the completed count is all there is.
    if rests in {late.COMPLETED, late.WAITING} or not raw.method[at]:
        return Cell(done.answers, there, rests == late.COMPLETED, done.counts[done.rows[row]], estimate, rests)
    return Cell(raw, at, bool(rests), cells.counts[row], estimate, rests)


def _rings(answers: Answers, at: tuple[int, int], value: float) -> str:
    """Which way a count rings: up, down, or not at all."""
    return way(value, finite(answers.expected[at])) if answers.alarm[at] else ""


def told(one: Cell) -> dict[str, Any]:
    """What a signal keeps of the estimate."""
    if one.estimate is None:
        return {}
    numbers = {"estimate": one.estimate.value, "low": one.estimate.low, "high": one.estimate.high}
    reported = plain(one.estimate.reported)
    kept = {name: plain(value) for name, value in numbers.items()}
    return {"late": {"rests_on": one.rests_on, "reported": reported, **kept, **SETTINGS}}
