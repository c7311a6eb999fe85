"""Figures that a later report changed far more than the changes of their source usually are (core/revisions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from pasaj.core import revisions
from pasaj.core.periods import Period
from pasaj.core.revisions import ENOUGH, FAR, NEAR, Figure, Spike
from pasaj.watch.models import DetectionRun, Observation, Series, Signal
from pasaj.watch.services.detection.findings import Finding, plain

WINDOW = timedelta(days=90)  # of later reports: they say what is usual


@dataclass(frozen=True, slots=True)
class Changed:
    """One figure that was changed: its values in the order of their reports, those reports, and when the last came."""

    series: int
    source: str
    start: date
    end: date
    values: tuple[float, ...]
    reports: tuple[int, ...]
    last_at: datetime


def changes(run: DetectionRun, zone: ZoneInfo) -> list[Finding]:
    """What later reports changed unusually far since the first day asked about. Four queries; only revised figures.

    A figure told once stays told as long as nothing more is reported of it, whatever others do.
    """
    figures = list(_changed(run))
    spikes = _spikes(figures)
    opens = datetime.combine(run.from_date, datetime.min.time(), tzinfo=zone)
    asked = [(one, spikes.get(at)) for at, one in enumerate(figures) if one.last_at >= opens]
    oldest = min((one.start for one, _spike in asked), default=run.to_date)
    before = {
        (one.series_id, one.period_start, one.period_end): one
        for one in Signal.objects.filter(kind=Signal.Kind.REVISION, period_start__gte=oldest)
    }
    known = [(one, spike, before.get((one.series, one.start, one.end))) for one, spike in asked]
    wanted = [row for row in known if row[1] or row[2]]
    series = Series.objects.select_related("measure", "source").in_bulk([one.series for one, _spike, _known in wanted])
    reports = Observation.objects.in_bulk([number for one, _spike, _known in wanted for number in one.reports])
    return [
        _finding(series[one.series], one, spike, known, reports)
        for one, spike, known in wanted
        if run.measure in ("", series[one.series].measure.code)
    ]


def _spikes(figures: Sequence[Changed]) -> dict[int, Spike]:
    """Those told, by their place. A series that was changed often says itself what is usual, as one that grows by late
    reports; the others are judged by their source, and of few changes by all sources together, without such series.
    """
    often = {number for number, count in Counter(one.series for one in figures).items() if count >= ENOUGH}
    found: dict[int, Spike] = {}
    for own in (True, False):
        places = [at for at, one in enumerate(figures) if (one.series in often) is own]
        part = [figures[at] for at in places]
        named = [Figure(str(one.series) if own else one.source, one.values) for one in part]
        found |= {places[one.index]: one for one in revisions.spikes(named)}
    return found


def _changed(run: DetectionRun) -> Iterator[Changed]:
    """The figures of which a later report came in the window. A partial report is a lower bound and no figure yet."""
    known = Observation.objects.visible().filter(reported_at__lte=run.as_of, period_end__lte=run.to_date)
    same = {name: OuterRef(name) for name in ("series", "period_start", "period_end")}
    later = known.filter(revision__gt=1, reported_at__gt=run.as_of - WINDOW, **same)
    rows = known.filter(Exists(later), state=Observation.State.REPORTED).exclude(quality="partial")
    ordered = rows.order_by("series", "period_start", "period_end", "revision").values_list(
        "series", "period_start", "period_end", "series__source__code", "value", "pk", "reported_at"
    )
    for (number, start, end), group in groupby(ordered.iterator(chunk_size=2000), key=lambda row: row[:3]):
        told: list[tuple[Any, ...]] = []
        for row in group:
            if not told or row[4] != told[-1][4]:
                told.append(row)
        if len(told) > 1:
            values, reports = tuple(float(row[4]) for row in told), tuple(row[5] for row in told)
            yield Changed(number, told[0][3], start, end, values, reports, told[-1][6])


def _finding(
    series: Series, one: Changed, spike: Spike | None, known: Signal | None, reports: Mapping[int, Observation]
) -> Finding:
    details: dict[str, Any] = {
        "cadence": series.cadence,
        "source": series.source.code,
        "values": [plain(value) for value in one.values],
        "reports": [_report(reports[number]) for number in one.reports],
        "figure": _report(reports[one.reports[-1]]),
    }
    if known and known.details.get("values") == details["values"]:
        return _as_before(known)
    period = Period(one.start, one.end, series.cadence)
    first, later = one.values[0], spike.farthest if spike else one.values[-1]
    if spike:
        ratio = spike.ratio if isfinite(spike.ratio) else None
        details |= {"score": spike.score, "ratio": ratio, "pooled": spike.pooled}
    return Finding(
        key=f"revision:{series.code}:{period.text}",
        kind=Signal.Kind.REVISION,
        method="revisions",
        series_id=series.pk,
        crossing_id=series.crossing_id,
        area_id=series.area_id,
        measure_id=series.measure_id,
        direction="up" if later > first else "down",
        period_start=one.start,
        period_end=one.end,
        observed=later,
        expected=first,
        lower=spike.low if spike else known.lower if known else None,
        upper=spike.high if spike else known.upper if known else None,
        protection=series.measure.protection,
        parameters={"far": FAR, "near": NEAR, "days": WINDOW.days},
        details=details,
        still=spike is not None,
    )


def _as_before(known: Signal) -> Finding:
    names = ("key", "kind", "method", "series_id", "crossing_id", "area_id", "measure_id", "direction", "period_start",
             "period_end", "observed", "expected", "lower", "upper", "protection", "parameters", "details")  # fmt: skip
    return Finding(**{name: getattr(known, name) for name in names}, still=bool(known.details.get("still", True)))


def _report(row: Observation) -> dict[str, Any]:
    return {
        "value": None if row.value is None else plain(float(row.value)),
        "quality": row.quality,
        "origin": row.origin,
        "revision": row.revision,
        "reported_at": row.reported_at.isoformat(),
    }
