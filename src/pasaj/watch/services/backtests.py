"""Backtests: the detectors on one's own series as they were, and with made-up shocks put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import judging
from pasaj.core.backtest import Plan, Quiet, Result, shapes, steps
from pasaj.core.backtest import run as core_run
from pasaj.core.judging import Settings
from pasaj.core.periods import Period, between
from pasaj.core.problems import Refused, problem
from pasaj.registry.services import next_code
from pasaj.watch.models import Backtest, Cadence, Measure, Observation, Series, Work
from pasaj.watch.services.detection import lending
from pasaj.watch.services.detection.days import kinds_of_days
from pasaj.watch.services.detection.runs import versions
from pasaj.watch.services.detection.table import DIRECTIONS, last_day
from pasaj.watch.services.stopping import stop

Progress = Callable[[int, int], None]
EVALUATED = {Cadence.DAY: (14, 56, 366), Cadence.WEEK: (8, 52, 260), Cadence.MONTH: (6, 24, 120)}
"""Least, usual and most periods that are judged, by cadence."""
HISTORY = {Cadence.DAY: 800, Cadence.WEEK: 400, Cadence.MONTH: 240}  # periods before them that are read
MOST = 200  # series at most: the fullest ones


def open_backtest(*, measure: str, cadence: str = "", evaluated: int = 0, actor: Actor, now: datetime) -> Backtest:
    """Write down a backtest that a worker (or `run`) carries out.

    `cadence`: of the series, that of the measure when empty. `evaluated`: periods at the end that are judged, the
    usual number when 0. Raises Refused: OBS-008 (unknown measure), DETECT-160 (it alerts on nothing), DETECT-161
    (cadence), DETECT-162 (number of periods), DETECT-163 (no series with figures).
    """
    row = Measure.objects.filter(code=measure, retired_at=None).first()
    if row is None:
        codes = Measure.objects.filter(retired_at=None).order_by("order", "code").values_list("code", flat=True)
        raise Refused(problem("OBS-008", value=measure, allowed=", ".join(codes)))
    if row.alert_on not in DIRECTIONS:
        raise Refused(problem("DETECT-160", measure=measure))
    cadence = cadence or row.cadence
    if cadence not in EVALUATED:
        raise Refused(problem("DETECT-161", value=cadence, allowed=", ".join(EVALUATED)))
    least, usual, most = EVALUATED[Cadence(cadence)]
    evaluated = evaluated or usual
    if not least <= evaluated <= most:
        raise Refused(problem("DETECT-162", value=evaluated, least=least, most=most))
    if not Observation.objects.visible().filter(series__measure=row, series__cadence=cadence).exists():
        raise Refused(problem("DETECT-163", measure=measure))
    with transaction.atomic():
        made = Backtest.objects.create(
            code=next_code("BT", now),
            requested_at=now,
            requested_by_id=actor.id,
            requested_by=actor.label,
            as_of=now,
            measure=row,
            cadence=cadence,
            evaluated=evaluated,
        )
        audit.record(
            actor=actor, action="backtest.opened", code=made.code, now=now,
            detail={"measure": measure, "cadence": cadence, "evaluated": evaluated},
        )  # fmt: skip
    return made


def cancel(*, code: str, actor: Actor, now: datetime) -> Backtest:
    """Ask a backtest to stop after its present step; one that waits is cancelled at once."""
    return stop(Backtest, code, "backtest.cancelled", actor, now)


def run(work_id: int, *, progress: Progress | None = None) -> Backtest:
    """Carry out a backtest, or go on with one whose worker is gone: every step is kept."""
    work = Backtest.objects.select_related("measure").get(pk=work_id)
    if work.state in {Work.State.DONE, Work.State.CANCELLED}:
        return work
    series, periods, counts, simulated = _table(work)
    plan = Plan(evaluated=work.evaluated, shapes=shapes(work.measure.alert_on))
    lines: list[dict[str, Any]] = list(work.result.get("lines", ()))
    work.state, work.started_at = Work.State.RUNNING, work.started_at or timezone.now()
    work.total, work.series_seen, work.versions = steps(plan), len(series), versions()
    work.heartbeat_at = timezone.now()
    work.save(update_fields=["state", "started_at", "total", "series_seen", "versions", "heartbeat_at"])
    for one in core_run(counts, _alarms(work, series, periods), plan, done=len(lines)):
        if Backtest.objects.filter(pk=work.pk, cancel_asked=True).exists():
            return _finish(work, Work.State.CANCELLED)
        lines.append(plain(one))
        work.result, work.done, work.heartbeat_at = {"lines": lines, "simulated": simulated}, len(lines), timezone.now()
        work.save(update_fields=["result", "done", "heartbeat_at"])
        if progress:
            progress(work.done, work.total)
    return _finish(work, Work.State.DONE)


def _finish(work: Backtest, state: str) -> Backtest:
    work.state, work.finished_at = state, timezone.now()
    work.save(update_fields=["state", "finished_at"])
    return work


def plain(one: Result) -> dict[str, Any]:
    """A result as JSON keeps it."""
    return {"kind": "quiet" if isinstance(one, Quiet) else "shocked", **asdict(one)}


def _table(work: Backtest) -> tuple[list[Series], list[Period], Any, bool]:
    """The fullest series of the measure as an array up to the last period reported, and whether any figure is
    simulated. Two queries.
    """
    import numpy as np  # noqa: PLC0415 - only a backtest needs it

    back = HISTORY[Cadence(work.cadence)] + work.evaluated
    rows = Observation.objects.known_at(work.as_of).filter(
        series__measure=work.measure, series__cadence=work.cadence, value__isnull=False
    )
    last = rows.order_by("-period_end").values_list("period_start", flat=True)[0]
    days = {Cadence.DAY: 1, Cadence.WEEK: 7, Cadence.MONTH: 31}[Cadence(work.cadence)]
    found: dict[int, dict[Any, float]] = {}
    simulated = False
    for series, start, end, value, quality, origin in rows.filter(
        period_start__gt=last - timedelta(days=days * back)
    ).values_list("series", "period_start", "period_end", "value", "quality", "origin"):
        if value is not None and end == last_day(work.cadence, start) and quality != "partial":
            found.setdefault(series, {})[start] = float(value)
            simulated = simulated or origin == "demo" or quality == "simulated"
    chosen = sorted(found, key=lambda number: (-len(found[number]), number))[:MOST]
    periods = list(between(work.cadence, min(min(found[number]) for number in chosen), last))
    columns = {period.start: at for at, period in enumerate(periods)}
    counts = np.full((len(chosen), len(periods)), np.nan)
    for row, number in enumerate(chosen):
        for start, known in found[number].items():
            counts[row, columns[start]] = known
    by_number = Series.objects.select_related("crossing__area").in_bulk(chosen)
    return [by_number[number] for number in chosen], periods, counts, simulated


def _alarms(work: Backtest, series: Sequence[Series], periods: Sequence[Period]) -> Any:
    """The detectors as a run would ask them, at a given sensitivity."""
    import numpy as np  # noqa: PLC0415

    times = np.array([period.start for period in periods], dtype="datetime64[D]")
    days = kinds_of_days(periods[0].start, periods[-1].end) if work.cadence == Cadence.DAY else None
    measure = work.measure
    method = "" if measure.method == "auto" else measure.method
    lenders = _lenders(work, series)

    def alarms(counts: Any, evaluate: slice, sensitivity: str) -> tuple[Any, Any]:
        width = counts.shape[1]
        found = judging.judge(
            counts,
            times[-width:],
            evaluate,
            cadence=work.cadence,
            settings=[Settings(method, sensitivity, measure.alert_on, measure.always_from)] * len(series),
            day_kinds=days[-width:] if days else None,
            lenders=[counts[rows] if rows else None for rows in lenders],
        )
        return found.alarm, found.method != ""

    return alarms


def _lenders(work: Backtest, series: Sequence[Series]) -> list[list[int]]:
    """The rows from which each series would borrow its past, had it only begun: those of the nearest crossings."""
    if work.cadence != Cadence.DAY:
        return [[] for _ in series]
    rows = {one.pk: row for row, one in enumerate(series)}
    found = []
    for one in series:
        others = [other for other in series if other.crossing_id and lending.same(other) == lending.same(one)]
        # The fullest series come first: one of each crossing is enough.
        by_crossing = {other.crossing_id: other for other in reversed(others)}
        alike = list(by_crossing.values())
        found.append([rows[other.pk] for other in lending.nearest(one, alike)] if one.crossing else [])
    return found
