"""Counts far from what the periods before led to expect: the methods of `core/detect` over many series at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pasaj.core.periods import Period
from pasaj.watch.models import DetectionRun, Series, Signal
from pasaj.watch.queries import ranges
from pasaj.watch.services.detection.findings import Finding, count, finite, plain, shown, way
from pasaj.watch.services.detection.table import Batch, Counts, Table, batches, changed, counts, known, watched

if TYPE_CHECKING:
    from pasaj.core.detect import Detection


def judge(run: DetectionRun, ids: Sequence[int], zone: ZoneInfo, controls: Mapping[str, Any]) -> list[Finding]:
    """What the methods of the run say of these series. Three queries, however many they are."""
    series = list(Series.objects.filter(pk__in=ids).select_related("measure", "source").order_by("pk"))
    table = known(run, ids)
    settings = watched(run)
    since = changed(run, ids)
    keys = set(Signal.objects.filter(series__in=ids, kind=Signal.Kind.UNUSUAL).values_list("key", flat=True))
    findings: list[Finding] = []
    for batch in batches(series, table, run.to_date, settings):
        asked = counts(run, batch, table, zone, since)
        if asked is None:
            continue
        for method in run.methods:
            if method != ranges.AUTO:
                findings += _judge_batch(run, _Asked(batch, table, asked), method, controls, keys)
    return findings


@dataclass(frozen=True, slots=True)
class _Asked:
    batch: Batch
    table: Table
    cells: Counts


def _judge_batch(
    run: DetectionRun, one: _Asked, method: str, controls: Mapping[str, Any], keys: set[str]
) -> list[Finding]:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    from pasaj.core import detect  # noqa: PLC0415

    batch, cells = one.batch, one.cells
    found = detect.run(
        method, cells.counts, cells.times, slice(cells.first, None),
        **_allowed(method, {**controls, "direction": batch.direction}),
    )  # fmt: skip
    refused = dict(run.refused)
    count(found.reason[cells.asked & (found.reason != "")], refused)
    run.refused = refused
    key = _Keys(method)
    before = np.array(
        [[key(series, period) in keys for period in batch.periods[cells.first :]] for series in batch.series]
    ).reshape(cells.asked.shape)
    answer = _Answer(batch, one.table, method, found, cells.counts, cells.first)
    told = np.argwhere(cells.asked & (found.alarm | before))
    return [answer.finding(int(row), int(column)) for row, column in told]


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
            direction=way(observed, expected),
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
                "figure": shown(known),
            },
            still=bool(self.found.alarm[row, column]),
        )

    def _number(self, name: str, row: int, column: int) -> float | None:
        return finite(getattr(self.found, name)[row, column])

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
