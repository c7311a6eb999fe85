"""Since when each series lies on another level (core/shift), and a signal where no unusual count tells of it.

A slow rise is usual day by day: a detector that looks back a week or two goes along with it. Held against half a year
it is another level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from pasaj.core.periods import Period, between
from pasaj.watch.models import Cadence, DetectionRun, Level, Series, Signal
from pasaj.watch.services.detection.findings import Finding, plain
from pasaj.watch.services.detection.table import Known, known, last_day, watched

if TYPE_CHECKING:
    from pasaj.core.shift import Shift

METHOD = "shift"
LENGTH = {Cadence.DAY: 182, Cadence.WEEK: 104, Cadence.MONTH: 36}  # periods looked at: one season, not several
LEAST = {Cadence.DAY: 14, Cadence.WEEK: 6, Cadence.MONTH: 6}  # periods that a level needs
RECENT = {Cadence.DAY: 56, Cadence.WEEK: 16, Cadence.MONTH: 9}  # of a change this old or younger a signal tells
BEFORE = {Cadence.DAY: 7, Cadence.WEEK: 2, Cadence.MONTH: 1}  # periods by which its place is uncertain
LIMIT = 0.001
SIZE = 1.25  # from which ratio of the levels on (or below its inverse) it is worth a signal
MOVED = 0.1  # by how much a level has to differ from what a signal says for it to be said anew
BACK = timedelta(days=184)
FIELDS = ("since_date", "first_date", "last_date", "old", "new", "p_value", "before", "after", "as_of", "run")


@dataclass(frozen=True, slots=True)
class _Found:
    """A series with the periods that were looked at, what was known of them, and the change (None: there is none)."""

    series: Series
    periods: Sequence[Period]
    known: Mapping[date, Known]
    shift: Shift | None

    @property
    def since(self) -> Period:
        assert self.shift is not None
        return self.periods[self.shift.since]

    @property
    def age(self) -> int:
        """Periods since the change, the present one included."""
        assert self.shift is not None
        return len(self.periods) - self.shift.since


def judge(run: DetectionRun, ids: Sequence[int]) -> list[Finding]:
    """Write down the levels of these series, and give the signals of changes that nothing else tells of.

    A run that looks at an earlier moment or ends on an earlier day than a level leaves that level. Six queries.
    """
    series = list(Series.objects.filter(pk__in=ids).select_related("measure", "source").order_by("pk"))
    table = known(run, ids, BACK)
    found = [_change(one, table[one.pk], run.to_date) for one in series if table.get(one.pk)]
    _store(run, found)
    signals: dict[int, list[Signal]] = defaultdict(list)
    rows = Signal.objects.filter(series__in=ids, kind__in=(Signal.Kind.UNUSUAL, Signal.Kind.SHIFT))
    for row in rows.filter(period_end__gte=run.to_date - timedelta(days=366)).order_by("pk"):
        signals[row.series_id or 0].append(row)
    settings = watched(run)
    told = (_told(one, signals[one.series.pk], settings[one.series.measure.code]["on"]) for one in found)
    return [finding for finding in told if finding is not None]


def _change(series: Series, figures: Mapping[date, Known], last: date) -> _Found:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    from pasaj.core import shift  # noqa: PLC0415

    cadence = Cadence(series.cadence)
    # The last period is the last one reported: a silence is no level.
    end = max(figures)
    periods = [period for period in between(cadence, min(figures), end) if period.end <= last][-LENGTH[cadence] :]
    values = [figures[period.start].value if period.start in figures else None for period in periods]
    counts = np.array([[np.nan if value is None else value for value in values]], dtype=float)
    (found,) = shift.shifts(counts, least=LEAST[cadence], weekdays=cadence == Cadence.DAY, limit=LIMIT)
    return _Found(series, periods, figures, found)


def _store(run: DetectionRun, found: Sequence[_Found]) -> None:
    """One row a series, in place of what an earlier run found; none where there is no change."""
    with transaction.atomic():
        rows = Level.objects.select_for_update().filter(series__in=[one.series.pk for one in found])
        later = {row.series_id for row in rows if row.as_of > run.as_of or row.last_date > run.to_date}
        mine = [one for one in found if one.series.pk not in later]
        Level.objects.bulk_create(
            [_level(run, one, one.shift) for one in mine if one.shift is not None],
            update_conflicts=True, unique_fields=["series"], update_fields=FIELDS,
        )  # fmt: skip
        Level.objects.filter(series__in=[one.series.pk for one in mine if one.shift is None]).delete()


def _level(run: DetectionRun, one: _Found, shift: Shift) -> Level:
    return Level(
        series=one.series,
        since_date=one.since.start,
        first_date=one.periods[0].start,
        last_date=one.periods[-1].end,
        old=shift.old,
        new=shift.new,
        p_value=shift.p_value,
        before=shift.before,
        after=shift.after,
        as_of=run.as_of,
        run=run,
    )


def _told(one: _Found, signals: Sequence[Signal], alert_on: str) -> Finding | None:
    """The signal of a change: a new one, the numbers of a known one where they moved, or that it is found no more."""
    before = [row for row in signals if row.kind == Signal.Kind.SHIFT and row.details.get("still", True)]
    last = max(before, key=lambda row: row.period_start, default=None)
    shift = one.shift
    if shift is None or (last and last.direction != shift.direction and one.age <= _recent(one)):
        return _gone(one, last)
    if last and last.direction == shift.direction and _near(one, last):
        return _finding(one, shift, last.key) if _moved(shift, last) else None
    large = shift.ratio >= SIZE or shift.ratio <= 1 / SIZE
    asked = alert_on in {"both", shift.direction}
    if not (large and asked and one.age <= _recent(one)) or _spoken_of(one, shift, signals):
        return None
    return _finding(one, shift, f"shift:{one.series.code}:{shift.direction}:{one.since.text}")


def _recent(one: _Found) -> int:
    return RECENT[Cadence(one.series.cadence)]


def _gone(one: _Found, last: Signal | None) -> Finding | None:
    """What a signal said, not found any more; one whose change is about to leave the window stays as it is."""
    if last is None or last.period_start < one.periods[-min(len(one.periods), _recent(one))].start:
        return None
    assert last.observed is not None
    return Finding(
        key=last.key,
        kind=last.kind,
        method=last.method,
        series_id=last.series_id,
        crossing_id=last.crossing_id,
        area_id=last.area_id,
        measure_id=last.measure_id,
        direction=last.direction,
        period_start=last.period_start,
        period_end=last.period_end,
        observed=last.observed,
        expected=last.expected,
        p_value=last.p_value,
        protection=last.protection,
        parameters=last.parameters,
        details=last.details,
        still=False,
    )


def _near(one: _Found, last: Signal) -> bool:
    """Whether it is the change that a signal tells of already: its place moves while the new level is young."""
    cadence = Cadence(one.series.cadence)
    days = {Cadence.DAY: 1, Cadence.WEEK: 7, Cadence.MONTH: 31}[cadence]
    return abs(one.since.start - last.period_start) <= timedelta(days=2 * LEAST[cadence] * days)


def _moved(shift: Shift, last: Signal) -> bool:
    """Levels move a little with every count: that is no news."""
    return any(
        abs(now - (was or 0.0)) > MOVED * max(was or 0.0, 1.0)
        for now, was in ((shift.new, last.observed), (shift.old, last.expected))
    )


def _spoken_of(one: _Found, shift: Shift, signals: Sequence[Signal]) -> bool:
    """Whether an unusual count tells of the change already."""
    at = max(0, shift.since - BEFORE[Cadence(one.series.cadence)])
    return any(
        row.kind == Signal.Kind.UNUSUAL
        and row.details.get("still", True)
        and row.direction == shift.direction
        and row.period_end >= one.periods[at].start
        for row in signals
    )


def _finding(one: _Found, shift: Shift, key: str) -> Finding:
    series, cadence = one.series, Cadence(one.series.cadence)
    figures = [one.known[period.start] for period in one.periods if period.start in one.known]
    return Finding(
        key=key,
        kind=Signal.Kind.SHIFT,
        method=METHOD,
        series_id=series.pk,
        crossing_id=series.crossing_id,
        area_id=series.area_id,
        measure_id=series.measure_id,
        direction=shift.direction,
        period_start=one.since.start,
        period_end=last_day(cadence, one.periods[-1].start),
        observed=shift.new,
        expected=shift.old,
        p_value=shift.p_value,
        protection=series.measure.protection,
        parameters={"least": LEAST[cadence], "weekdays": cadence == Cadence.DAY, "limit": LIMIT, "size": SIZE},
        details={
            "cadence": cadence,
            "source": series.source.code,
            "first": one.periods[0].text,
            "before": shift.before,
            "after": shift.after,
            "ratio": plain(round(shift.ratio, 3)) if shift.old else None,
            "simulated": any(row.origin == "demo" or row.quality == "simulated" for row in figures),
        },
    )
