"""Counts far from what the periods before led to expect: the methods of `core/detect` over many series at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from pasaj.core.periods import Period, between
from pasaj.watch.models import Cadence, DetectionRun, Observation, Series, Signal
from pasaj.watch.services.detection.findings import Finding, count, plain

if TYPE_CHECKING:
    from pasaj.core.detect import Detection

CADENCES = (Cadence.DAY, Cadence.WEEK, Cadence.MONTH)
LOOK_BACK = timedelta(days=35)  # before the first day looked at; weeks and months are few and read whole
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


def series_of(run: DetectionRun) -> QuerySet[Series]:
    """The series a run judges: those with a cadence, of measures that alert."""
    rows = Series.objects.filter(cadence__in=CADENCES, measure__alert_on__in=DIRECTIONS, measure__retired_at=None)
    return rows.filter(measure__code=run.measure) if run.measure else rows


def judge(run: DetectionRun, ids: Sequence[int], zone: ZoneInfo, controls: Mapping[str, Any]) -> list[Finding]:
    """What the methods of the run say of these series. Three queries, however many they are."""
    series = list(Series.objects.filter(pk__in=ids).select_related("measure", "source").order_by("pk"))
    table = _known(run, ids)
    keys = set(Signal.objects.filter(series__in=ids, kind=Signal.Kind.UNUSUAL).values_list("key", flat=True))
    findings: list[Finding] = []
    for batch in _batches(series, table, run.to_date):
        for method in run.methods:
            findings += _judge_batch(run, batch, table, method, controls, keys, zone)
    return findings


def _known(run: DetectionRun, ids: Sequence[int]) -> Table:
    """The figures of whole periods, by series and first day, as they were known at `run.as_of`."""
    recent = Q(period_start__gte=run.from_date - LOOK_BACK) | ~Q(series__cadence=Cadence.DAY)
    rows = Observation.objects.known_at(run.as_of).filter(recent, series__in=ids, period_end__lte=run.to_date)
    found: dict[int, dict[date, Known]] = defaultdict(dict)
    for series, cadence, start, end, value, quality, origin, revision, at in rows.values_list(
        "series_id", "series__cadence", "period_start", "period_end", "value", "quality", "origin", "revision",
        "reported_at",
    ):  # fmt: skip
        # A figure of a part of a month, however called, is no figure of the month.
        if end == _end(cadence, start):
            # A partial figure is only a lower bound: it neither makes a usual range nor falls out of one.
            number = None if value is None or quality == "partial" else float(value)
            found[series][start] = Known(number, quality, origin, revision, at)
    return found


def _end(cadence: str, start: date) -> date:
    return next(between(cadence, start, start)).end


def _batches(series: Sequence[Series], table: Table, last: date) -> Iterator[Batch]:
    groups: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in series:
        if table.get(one.pk):
            groups[one.cadence, one.measure.alert_on].append(one)
    for (cadence, direction), rows in sorted(groups.items()):
        first = min(min(table[one.pk]) for one in rows)
        yield Batch(cadence, direction, rows, list(between(cadence, first, last)))


def _judge_batch(
    run: DetectionRun,
    batch: Batch,
    table: Table,
    method: str,
    controls: Mapping[str, Any],
    keys: set[str],
    zone: ZoneInfo,
) -> list[Finding]:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    from pasaj.core import detect  # noqa: PLC0415

    counts = np.full((len(batch.series), len(batch.periods)), np.nan)
    wanted = np.zeros(counts.shape, dtype=bool)
    columns = {period.start: at for at, period in enumerate(batch.periods)}
    ends = np.array([run.from_date <= period.end <= run.to_date for period in batch.periods])
    wanted[:, ends] = True
    opens = datetime.combine(run.from_date, datetime.min.time(), tzinfo=zone)
    for row, one in enumerate(batch.series):
        for start, known in table[one.pk].items():
            counts[row, columns[start]] = np.nan if known.value is None else known.value
            # Months are published late: one that became known in the range is judged too.
            if batch.cadence == Cadence.MONTH and known.reported_at >= opens:
                wanted[row, columns[start]] = True
    if not wanted.any():
        return []
    first = int(wanted.any(axis=0).argmax())
    times = np.array([period.start for period in batch.periods], dtype="datetime64[D]")
    found = detect.run(
        method, counts, times, slice(first, None), **_allowed(method, controls), direction=batch.direction
    )
    asked = wanted[:, first:]
    refused = dict(run.refused)
    count(found.reason[asked & (found.reason != "")], refused)
    run.refused = refused
    key = _Keys(method)
    known_cells = np.array(
        [[key(one, period) in keys for period in batch.periods[first:]] for one in batch.series]
    ).reshape(asked.shape)
    cells = np.argwhere(asked & (found.alarm | known_cells))
    answer = _Answer(batch, table, method, found, counts, first)
    return [answer.finding(int(row), int(column)) for row, column in cells]


def _allowed(method: str, controls: Mapping[str, Any]) -> dict[str, Any]:
    """Of the home's settings those that this method has and its name does not fix."""
    from pasaj.core import detect  # noqa: PLC0415

    described, fixed = detect.find(method)
    return {name: value for name, value in controls.items() if name in described.controls and name not in fixed}


@dataclass(frozen=True, slots=True)
class _Keys:
    method: str

    def __call__(self, series: Series, period: Period) -> str:
        return f"unusual:{self.method}:{series.code}:{period.text}"


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answered batch; gives the finding of a cell."""

    batch: Batch
    table: Table
    method: str
    found: Detection
    counts: Any
    first: int

    def finding(self, row: int, column: int) -> Finding:
        series, period = self.batch.series[row], self.batch.periods[self.first + column]
        known = self.table[series.pk].get(period.start)
        observed = known.value if known else None
        upper, lower = self._number("upper", row, column), self._number("lower", row, column)
        expected = self._number("expected", row, column)
        return Finding(
            key=_Keys(self.method)(series, period),
            kind=Signal.Kind.UNUSUAL,
            method=self.method,
            series_id=series.pk,
            crossing_id=series.crossing_id,
            area_id=series.area_id,
            measure_id=series.measure_id,
            direction=_direction(observed, expected),
            period_start=period.start,
            period_end=period.end,
            observed=observed,
            expected=expected,
            lower=lower,
            upper=upper,
            p_value=self._number("p_value", row, column),
            protection=series.measure.protection,
            parameters=dict(self.found.controls),
            details={
                "cadence": self.batch.cadence,
                "source": series.source.code,
                "baseline": self._baseline(series, self.first + column),
                "figure": _shown(known),
            },
            still=bool(self.found.alarm[row, column]),
        )

    def _number(self, name: str, row: int, column: int) -> float | None:
        import math  # noqa: PLC0415

        value = float(getattr(self.found, name)[row, column])
        return value if math.isfinite(value) else None

    def _baseline(self, series: Series, column: int) -> list[dict[str, Any]]:
        """The inputs as they were known: the periods the expectation rests on, missing ones with null."""
        controls = self.found.controls
        last = column - (0 if controls.get("variant") == "C1" else 2)
        periods = self.batch.periods[max(0, last - int(controls.get("baseline", 7))) : max(0, last)]
        known = self.table[series.pk]
        return [
            {"period": period.text, "value": plain(known[period.start].value) if period.start in known else None}
            for period in periods
        ]


def _direction(observed: float | None, expected: float | None) -> str:
    if observed is None or expected is None or observed == expected:
        return "none"
    return "up" if observed > expected else "down"


def _shown(known: Known | None) -> dict[str, Any] | None:
    if known is None:
        return None
    return {
        "quality": known.quality,
        "origin": known.origin,
        "revision": known.revision,
        "reported_at": known.reported_at.isoformat(),
    }
