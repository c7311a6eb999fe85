"""The figures that detection looks at, as they were known, in tables of series by period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from pasaj.core.periods import Period, between
from pasaj.watch.models import Cadence, DetectionRun, Measure, Observation, Series

CADENCES = (Cadence.DAY, Cadence.WEEK, Cadence.MONTH)
LOOK_BACK = timedelta(days=35)  # before the first day looked at; weeks and months are few and read whole
# How long after a period its figure may still grow by late reports: what changes later is a correction.
REACH = {Cadence.DAY: timedelta(days=14), Cadence.WEEK: timedelta(weeks=6)}
DIRECTIONS = ("up", "down", "both")


@dataclass(frozen=True, slots=True)
class Known:
    """One figure as it was known at the moment the run looks from."""

    value: float | None
    quality: str
    origin: str
    revision: int
    reported_at: datetime


Table = Mapping[int, Mapping[date, Known]]  # by series, then by first day


@dataclass(frozen=True, slots=True)
class Batch:
    """Series of one cadence that are watched in the same direction, on one time axis."""

    cadence: str
    direction: str
    series: Sequence[Series]
    periods: Sequence[Period]


def watched(run: DetectionRun) -> Mapping[str, Any]:
    """By measure: its direction, method, sensitivity and rule of its own, as they were when the run was opened."""
    found: Mapping[str, Any] = run.settings.get("measures") or measures()
    return found


def measures() -> dict[str, dict[str, Any]]:
    """The settings of the measures that alert, as they are now."""
    rows = Measure.objects.filter(alert_on__in=DIRECTIONS, retired_at=None).order_by("code")
    return {
        one.code: {
            "on": one.alert_on,
            "method": one.method,
            "sensitivity": one.sensitivity,
            "always_from": one.always_from,
        }
        for one in rows
    }


def series_of(run: DetectionRun) -> QuerySet[Series]:
    """The series a run judges: those with a cadence, of measures that alert; after an earlier run, the changed ones."""
    codes = [run.measure] if run.measure else list(watched(run))
    rows = Series.objects.filter(cadence__in=CADENCES, measure__code__in=set(codes) & set(watched(run)))
    if run.after is None:
        return rows
    mine = {"series": OuterRef("pk")}
    return rows.filter(Exists(fresh(run).filter(**mine)) | Exists(unsettled(run).filter(**mine)))


def fresh(run: DetectionRun) -> QuerySet[Observation]:
    """The figures that the earlier run did not know, or that lay after its last day."""
    assert run.after is not None
    new = Q(reported_at__gt=run.after.as_of) | Q(period_end__gt=run.after.to_date)
    return Observation.objects.visible().filter(new, reported_at__lte=run.as_of, period_end__lte=run.to_date)


def unsettled(run: DetectionRun) -> QuerySet[Observation]:
    """Figures that the earlier run knew revised and that may have been open then: their series may be late ones."""
    assert run.after is not None
    if not run.settings.get("late"):
        return Observation.objects.none()
    last = run.after.as_of.date()
    recent = Q(pk__in=())
    for cadence, reach in REACH.items():
        recent |= Q(series__cadence=cadence, period_end__gte=last - reach)
    return Observation.objects.visible().filter(recent, revision__gt=1, reported_at__lte=run.after.as_of)


def changed(run: DetectionRun, ids: Sequence[int]) -> Mapping[int, date]:
    """From which day each series has figures that the earlier run did not know; nothing without an earlier run."""
    if run.after is None:
        return {}
    rows = fresh(run).filter(series__in=ids).values_list("series").annotate(first=Min("period_start")).order_by()
    return dict(rows)


def known(run: DetectionRun, ids: Sequence[int], back: timedelta = LOOK_BACK) -> Table:
    """The figures of whole periods, by series and first day, as they were known at `run.as_of`.

    `back`: how far before the first day looked at daily figures are read; weeks and months are read whole.
    """
    recent = Q(period_start__gte=run.from_date - back) | ~Q(series__cadence=Cadence.DAY)
    rows = Observation.objects.known_at(run.as_of).filter(recent, series__in=ids, period_end__lte=run.to_date)
    found: dict[int, dict[date, Known]] = defaultdict(dict)
    for series, cadence, start, end, value, quality, origin, revision, at in rows.values_list(
        "series_id", "series__cadence", "period_start", "period_end", "value", "quality", "origin", "revision",
        "reported_at",
    ):  # fmt: skip
        # A figure of a part of a month, however called, is no figure of the month.
        if end == last_day(cadence, start):
            # A partial figure is only a lower bound: it neither makes a usual range nor falls out of one.
            number = None if value is None or quality == "partial" else float(value)
            found[series][start] = Known(number, quality, origin, revision, at)
    return found


def last_day(cadence: str, start: date) -> date:
    """The last day of the period that begins on a day."""
    return next(between(cadence, start, start)).end


def batches(
    series: Sequence[Series],
    table: Table,
    last: date,
    settings: Mapping[str, Any],
    since: Mapping[int, date] | None = None,
) -> Iterator[Batch]:
    """The series that have figures, by cadence and direction, in one order.

    `since`: by series, a day before its first figure with which the time axis begins: that of a borrowed past.
    """
    groups: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in series:
        if table.get(one.pk):
            groups[one.cadence, settings[one.measure.code]["on"]].append(one)
    for (cadence, direction), rows in sorted(groups.items()):
        first = min((since or {}).get(one.pk, min(table[one.pk])) for one in rows)
        yield Batch(cadence, direction, rows, list(between(cadence, first, last)))


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """A batch as arrays: counts (n_series, n_periods), NaN not reported, and which cells the run asks about."""

    counts: Any
    wanted: Any
    times: Any
    first: int  # the first column that is asked about

    @property
    def asked(self) -> Any:
        return self.wanted[:, self.first :]


def counts(
    run: DetectionRun, batch: Batch, table: Table, zone: ZoneInfo, since: Mapping[int, date] | None = None
) -> Counts | None:
    """The batch as arrays, or None where the run asks about none of its periods.

    `since`: by series, the first day from which it is asked about; a series that is not in it, about everything.
    """
    import numpy as np  # noqa: PLC0415 - only a run needs it

    values = np.full((len(batch.series), len(batch.periods)), np.nan)
    wanted = np.zeros(values.shape, dtype=bool)
    columns = {period.start: at for at, period in enumerate(batch.periods)}
    starts = np.array([period.start for period in batch.periods], dtype="datetime64[D]")
    wanted[:, np.array([run.from_date <= period.end <= run.to_date for period in batch.periods])] = True
    opens = datetime.combine(run.from_date, datetime.min.time(), tzinfo=zone)
    for row, one in enumerate(batch.series):
        for start, cell in table[one.pk].items():
            values[row, columns[start]] = np.nan if cell.value is None else cell.value
            # Months are published late: one that became known in the range is judged too.
            if batch.cadence == Cadence.MONTH and cell.reported_at >= opens:
                wanted[row, columns[start]] = True
        if since and one.pk in since:
            wanted[row, starts < np.datetime64(since[one.pk])] = False
    if not wanted.any():
        return None
    return Counts(values, wanted, starts, int(wanted.any(axis=0).argmax()))
