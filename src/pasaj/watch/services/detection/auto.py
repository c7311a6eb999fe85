"""The method that fits each series, its answers for every period asked about, and what a signal would say of them.

What rings here is only a candidate: among hundreds of series some ring by chance, and `decide` looks at them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pasaj.core import judging
from pasaj.core.judging import NUMBERS, Answers, Settings
from pasaj.watch.models import Answer, Cadence, DetectionRun, Series, Signal
from pasaj.watch.services.detection import basis
from pasaj.watch.services.detection.days import kinds_of_days
from pasaj.watch.services.detection.findings import count, finite, shown, way
from pasaj.watch.services.detection.table import Batch, Counts, Table, batches, changed, counts, known, watched

BACK = timedelta(days=800)  # a daily series shows its year only when it has more than one


def key(series: Series, period: str) -> str:
    """By which a signal of a period is known again, whichever method found it."""
    return f"unusual:auto:{series.code}:{period}"


def answers(run: DetectionRun, ids: Sequence[int], zone: ZoneInfo) -> list[Answer]:
    """The answers for the periods that the run asks about, in the order of series and periods. Not yet written.

    Five queries, however many series. `run.refused` and `run.chosen` are added to.
    """
    series = list(Series.objects.filter(pk__in=ids).select_related("measure", "source").order_by("pk"))
    table, settings, since = known(run, ids, BACK), watched(run), changed(run, ids)
    rows = Signal.objects.filter(series__in=ids, kind=Signal.Kind.UNUSUAL, key__startswith="unusual:auto:")
    before = set(rows.values_list("key", flat=True))
    found: list[Answer] = []
    for batch in batches(series, table, run.to_date, settings):
        cells = counts(run, batch, table, zone, since)
        if cells is not None:
            found += _answers(run, _Judged(batch, cells, table, _judge(batch, cells, run, settings)), before)
    return found


def _judge(batch: Batch, cells: Counts, run: DetectionRun, settings: Mapping[str, Any]) -> Answers:
    days = kinds_of_days(batch.periods[0].start, batch.periods[-1].end) if batch.cadence == Cadence.DAY else None
    own = [settings[series.measure.code] for series in batch.series]
    return judging.judge(
        cells.counts,
        cells.times,
        slice(cells.first, None),
        cadence=batch.cadence,
        settings=[
            Settings("" if one["method"] == "auto" else one["method"], one["sensitivity"], one["on"]) for one in own
        ],
        day_kinds=days,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Series of one cadence and direction with their answers and what these are made of."""

    batch: Batch
    cells: Counts
    table: Table
    answers: Answers


def _answers(run: DetectionRun, judged: _Judged, before: set[str]) -> list[Answer]:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    asked = judged.cells.asked
    silent = asked & (judged.answers.method == "")
    refused, chosen = dict(run.refused), dict(run.chosen)
    count(judged.answers.reason[silent], refused)
    count(judged.answers.method[asked & ~silent], chosen)
    run.refused, run.chosen = refused, chosen
    return [_row(run, judged, int(row), int(column), before) for row, column in np.argwhere(asked)]


def _row(run: DetectionRun, judged: _Judged, row: int, column: int, before: set[str]) -> Answer:
    from pasaj.core import attained  # noqa: PLC0415 - loads the numerical library, which only a run needs

    series, period = judged.batch.series[row], judged.batch.periods[judged.cells.first + column]
    found = judged.answers
    answer = Answer(
        attainable=attained.kept(found.law, row, column),
        series=series,
        period_start=period.start,
        period_end=period.end,
        method=found.method[row, column],
        choice=found.choices[row].code,
        reason=found.reason[row, column],
        alarm=bool(found.alarm[row, column]),
        run=run,
        **{name: finite(getattr(found, name)[row, column]) for name in NUMBERS},
    )
    if answer.alarm or key(series, period.text) in before:
        answer.finding = _told(judged, row, column, answer)
    return answer


def _told(judged: _Judged, row: int, column: int, answer: Answer) -> dict[str, Any]:
    """What a signal says besides the numbers: the inputs as they were known, and how rare the value is."""
    series, at = judged.batch.series[row], judged.cells.first + column
    figure = judged.table[series.pk].get(answer.period_start)
    observed = figure.value if figure else None
    values = judged.cells.counts[row]
    choice = judged.answers.choices[row]
    method = answer.method or choice.method  # a figure taken back leaves the method without an answer
    controls = judged.answers.controls.get((row, method), choice.controls)
    return {
        "method": method,
        "period": judged.batch.periods[at].text,
        "observed": observed,
        "direction": way(observed, answer.expected),
        "parameters": dict(controls),
        "details": {
            "cadence": judged.batch.cadence,
            "source": series.source.code,
            "choice": {"code": choice.code, **choice.params},
            "figure": shown(figure),
            "record": basis.record(values, at, judged.batch.periods),
            **basis.baseline(method, controls, values, at, judged.batch.periods),
        },
    }
