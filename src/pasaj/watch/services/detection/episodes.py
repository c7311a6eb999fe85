"""Signals of one series joined into episodes, and how grave each is by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from pasaj.core import episodes as core
from pasaj.core import severity
from pasaj.core.episodes import QUIET, Alarm
from pasaj.core.late import COMPLETED
from pasaj.core.periods import Period, between
from pasaj.registry.services.codes import next_codes
from pasaj.watch.models import DetectionRun, Episode, Series, Signal

GRADED = ["episode", "severity", "details"]


def join(run: DetectionRun, ids: Sequence[int], now: datetime) -> None:
    """Join the unusual signals of these series once more. An episode keeps its code as long as it has a signal.

    Signals that the detectors would not find any more belong to none. One transaction; eight queries at most.
    """
    with transaction.atomic():
        rows = Signal.objects.select_for_update().filter(series__in=ids, kind=Signal.Kind.UNUSUAL)
        signals: dict[int, list[Signal]] = defaultdict(list)
        for signal in rows.order_by("series", "period_start", "pk"):
            signals[signal.series_id or 0].append(signal)
        if not signals:
            return
        series = Series.objects.in_bulk(list(signals))
        known = {one.pk: one for one in Episode.objects.filter(series__in=list(signals))}
        found: list[tuple[Episode, list[Signal]]] = []
        for number, own in signals.items():
            found += _episodes(series[number], own, known, run.to_date)
        _write(found, signals, known, now)


def _episodes(
    series: Series, signals: Sequence[Signal], known: Mapping[int, Episode], last: date
) -> list[tuple[Episode, list[Signal]]]:
    """The episodes of one series with their signals; those that are new have no number yet."""
    standing = [row for row in signals if row.details.get("still", True) and row.direction in {"up", "down"}]
    if not standing:
        return []
    periods = list(between(series.cadence, standing[0].period_start, max(last, standing[-1].period_end)))
    places = {period.start: at for at, period in enumerate(periods)}
    by_alarm: dict[tuple[str, int], list[Signal]] = defaultdict(list)
    for row in standing:
        by_alarm[row.direction, places[row.period_start]].append(row)
    alarms = [Alarm(at, way, _value(own[0]), own[0].expected) for (way, at), own in by_alarm.items()]
    latest = max(at for at, period in enumerate(periods) if period.end <= max(last, standing[-1].period_end))
    taken: set[int] = set()
    found = []
    for one in core.join(alarms, last=latest, quiet=QUIET[series.cadence]):
        own = [signal for alarm in one.alarms for signal in by_alarm[alarm.direction, alarm.at]]
        found.append((_filled(series, one, own, periods, _kept(own, known, taken)), own))
    return found


def _value(signal: Signal) -> float:
    """The count that the alarm rests on: what is reported, or what it will be once all reports are in."""
    late = signal.details.get("late") or {}
    return float(late["estimate"]) if late.get("rests_on") == COMPLETED else signal.observed or 0.0


def _kept(own: Sequence[Signal], known: Mapping[int, Episode], taken: set[int]) -> Episode:
    """The episode that these signals belonged to before, the earliest one, or a new one."""
    for signal in own:
        number = signal.episode_id or 0
        if number in known and number not in taken:
            taken.add(number)
            return known[number]
    return Episode()


def _filled(
    series: Series, one: core.Episode, own: Sequence[Signal], periods: Sequence[Period], row: Episode
) -> Episode:
    row.series, row.direction = series, one.direction
    row.start_date, row.end_date = periods[one.start].start, periods[one.end].end
    row.peak_date, row.peak, row.expected = periods[one.peak].start, one.highest.observed, one.highest.expected
    row.periods, row.running = len(one.alarms), one.running
    for at, signal in enumerate(own, 1):
        judged = severity.judge(
            observed=_value(signal),
            expected=signal.expected or 0.0,
            chance=signal.details.get("q_value", signal.p_value),
            protection=signal.protection,
            periods=min(at, row.periods),
        )
        parts = {part.name: [part.points, part.value] for part in judged.parts}
        signal.severity, signal.details = judged.grade, {**signal.details, "severity": parts}
    row.severity = severity.of_episode([signal.severity for signal in own])
    return row


def _write(
    found: Sequence[tuple[Episode, list[Signal]]],
    signals: Mapping[int, Sequence[Signal]],
    known: Mapping[int, Episode],
    now: datetime,
) -> None:
    fresh = [row for row, _own in found if row.pk is None]
    for row, code in zip(fresh, next_codes("EP", now, len(fresh)) if fresh else (), strict=True):
        row.code = code
    Episode.objects.bulk_create(fresh)
    fields = ["direction", "start_date", "end_date", "peak_date", "peak", "expected", "periods", "running", "severity"]
    Episode.objects.bulk_update([row for row, _own in found if row.pk in known], fields)
    rows = [one for own in signals.values() for one in own]
    belongs = {signal.pk: row for row, own in found for signal in own}
    for signal in rows:
        signal.episode = belongs.get(signal.pk)
        if signal.episode is None:
            signal.severity = 0
    Signal.objects.bulk_update(rows, GRADED, batch_size=400)
    kept = {row.pk for row, _own in found}
    Episode.objects.filter(pk__in=[number for number in known if number not in kept]).delete()
