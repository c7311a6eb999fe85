"""The method that fits each series, its answers for every period asked about, and what a signal would say of them.

What rings here is only a candidate: among hundreds of series some ring by chance, and `decide` looks at them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pasaj.core import judging
from pasaj.core.judging import NUMBERS, Answers, Settings
from pasaj.core.late import COMPLETED
from pasaj.watch.models import Answer, Cadence, DetectionRun, Series, Signal
from pasaj.watch.services.detection import basis, late, lending
from pasaj.watch.services.detection.days import kinds_of_days
from pasaj.watch.services.detection.findings import count, finite, shown, way
from pasaj.watch.services.detection.late import Cell, Completed, Late
from pasaj.watch.services.detection.lending import Loan
from pasaj.watch.services.detection.table import Batch, Counts, Table, batches, changed, counts, known, watched

BACK = timedelta(days=800)  # a daily series shows its year only when it has more than one


def key(series: Series, period: str) -> str:
    """By which a signal of a period is known again, whichever method found it."""
    return f"unusual:auto:{series.code}:{period}"


def answers(run: DetectionRun, ids: Sequence[int], zone: ZoneInfo) -> list[Answer]:
    """The answers for the periods that the run asks about, in the order of series and periods. Not yet written.

    Six queries, however many series, and two more where one of them has only begun. `run.refused` and `run.chosen` are
    added to.
    """
    rows = Series.objects.filter(pk__in=ids).select_related("measure", "source", "crossing__area")
    series = list(rows.order_by("pk"))
    table, settings = known(run, ids, BACK), watched(run)
    loans = lending.find(run, series, table)
    reporting = late.find(run, series, zone)
    since = late.asked(changed(run, ids), reporting, run, ids)
    signals = Signal.objects.filter(series__in=ids, kind=Signal.Kind.UNUSUAL, key__startswith="unusual:auto:")
    before = set(signals.values_list("key", flat=True))
    found: list[Answer] = []
    for batch in batches(series, table, run.to_date, settings, {pk: one.since for pk, one in loans.items()}):
        cells = counts(run, batch, table, zone, since)
        if cells is not None:
            done = _completed(batch, cells, reporting, settings, loans)
            raw = _judge(batch, (cells.counts, cells.times, cells.first), settings, loans)
            found += _answers(run, _Judged(batch, cells, table, raw, done), before)
    return found


def _completed(
    batch: Batch,
    cells: Counts,
    reporting: Mapping[int, Late],
    settings: Mapping[str, Any],
    loans: Mapping[int, Loan],
) -> Completed | None:
    """The series with open periods judged once more, as if all reports were in."""
    done = late.completed(batch, cells, reporting)
    if done is None:
        return None
    part = replace(batch, series=[batch.series[row] for row in done.rows])
    return replace(done, answers=_judge(part, (done.counts, cells.times, done.first), settings, loans))


def _judge(
    batch: Batch, asked: tuple[Any, Any, int], settings: Mapping[str, Any], loans: Mapping[int, Loan]
) -> Answers:
    days = kinds_of_days(batch.periods[0].start, batch.periods[-1].end) if batch.cadence == Cadence.DAY else None
    own = [settings[series.measure.code] for series in batch.series]
    table, times, first = asked
    return judging.judge(
        table,
        times,
        slice(first, None),
        cadence=batch.cadence,
        settings=[
            Settings(
                "" if one["method"] == "auto" else one["method"], one["sensitivity"], one["on"], one.get("always_from")
            )
            for one in own
        ],
        day_kinds=days,
        lenders=[loans[one.pk].counts(batch.periods) if one.pk in loans else None for one in batch.series],
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Series of one cadence and direction with their answers and what these are made of."""

    batch: Batch
    cells: Counts
    table: Table
    answers: Answers
    completed: Completed | None = None


def _answers(run: DetectionRun, judged: _Judged, before: set[str]) -> list[Answer]:
    import numpy as np  # noqa: PLC0415 - only a run needs it

    made = [_row(run, judged, int(row), int(column), before) for row, column in np.argwhere(judged.cells.asked)]
    refused, chosen = dict(run.refused), dict(run.chosen)
    count((one.reason for one in made if not one.method), refused)
    count((one.method for one in made if one.method), chosen)
    run.refused, run.chosen = refused, chosen
    return made


def _row(run: DetectionRun, judged: _Judged, row: int, column: int, before: set[str]) -> Answer:
    from pasaj.core import attained  # noqa: PLC0415 - loads the numerical library, which only a run needs

    at = judged.cells.first + column
    series, period = judged.batch.series[row], judged.batch.periods[at]
    one = late.cell(judged.answers, judged.cells, judged.completed, row, at)
    estimate = one.estimate
    answer = Answer(
        attainable=attained.kept(one.answers.law, *one.at),
        series=series,
        period_start=period.start,
        period_end=period.end,
        method=one.answers.method[one.at],
        choice=one.answers.choices[one.at[0]].code,
        reason=one.answers.reason[one.at],
        alarm=one.alarm,
        estimate=estimate.value if estimate else None,
        estimate_low=estimate.low if estimate else None,
        estimate_high=estimate.high if estimate else None,
        rests_on=one.rests_on,
        run=run,
        **{name: finite(getattr(one.answers, name)[one.at]) for name in NUMBERS},
    )
    if answer.alarm or key(series, period.text) in before:
        answer.finding = _told(judged, one, (row, at), answer)
    return answer


def _told(judged: _Judged, one: Cell, place: tuple[int, int], answer: Answer) -> dict[str, Any]:
    """What a signal says besides the numbers: the inputs as they were known, and how rare the value is."""
    row, at = place
    series = judged.batch.series[row]
    figure = judged.table[series.pk].get(answer.period_start)
    observed = figure.value if figure else None
    if one.estimate:
        observed = one.estimate.reported
    choice = one.answers.choices[one.at[0]]
    method = answer.method or choice.method  # a figure taken back leaves the method without an answer
    controls = one.answers.controls.get((one.at[0], method), choice.controls)
    return {
        "method": method,
        "period": judged.batch.periods[at].text,
        "observed": observed,
        # A count that always rings needs no history: it lies above its bound, whatever is expected.
        "direction": way(
            answer.estimate if answer.rests_on == COMPLETED else observed,
            answer.upper if answer.expected is None else answer.expected,
        ),
        "parameters": dict(controls),
        "details": {
            "cadence": judged.batch.cadence,
            "source": series.source.code,
            "choice": {"code": choice.code, **choice.params},
            "figure": shown(figure),
            "record": basis.record(one.values, at, judged.batch.periods),
            **basis.baseline(method, controls, one.values, at, judged.batch.periods),
            **late.told(one),
        },
    }
