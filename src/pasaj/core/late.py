"""Late reports: which series grow by them, what their last periods will be, and what an alarm then rests on.

The delays are learnt from what was known of earlier periods when they were as old (the triangle of core/nowcast).
docs/methods/late-reports.md says which figures count as late and how the raw and the completed count are weighed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median_low
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GROWN = 5  # one figure in so many grew after its first report: the series is a late one
KEPT = 0.975  # of the earlier periods that keep the figure they have when the delays end; the rest are corrections
LEAST = 10  # earlier periods without which nothing is said
USUAL = 60  # the latest periods, complete by now, that say whether a series is late
ROWS = 140  # periods that are looked at in all: delays, the nowcast's window and its trial of earlier days

RAW, COMPLETED, BOTH, WAITING = "raw", "completed", "both", "waiting"


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a period: how late it was known (in whole periods, 0 at the first look), and its figure.

    value: None where the figure was taken back. partial: more was still to come, whoever reported said so.
    """

    delay: int
    value: float | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """How a source reports: when the first report is there (delay), and by which delay a figure is complete."""

    first: int
    complete: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a figure will be once all reports are in, with its interval, and what is reported of it so far."""

    value: float
    low: float
    high: float
    reported: float


def delay(told: datetime, looked: datetime, end: datetime, step: timedelta) -> int:
    """After how many whole periods a report was known, when one looks at the hour of `looked` once a period.

    `told`, `looked`, `end` (the first moment after the period): times without a zone, all of one place. `step`: a
    period. The first look is the first one at that hour after the period: a report before it has the delay 0.
    """
    ages = (looked - end) // step
    return max(0, ceil((told - (looked - ages * step)) / step))


def habit(rows: Sequence[Sequence[Report]], youngest: int, *, most: int) -> Habit | None:
    """How late the reports of a series come, or None where its figures are complete on the first report.

    `rows`: consecutive periods, oldest first, each with its reports in order. `youngest`: how many periods ago the
    last row could first be looked at. `most`: the longest delay looked for; what changes later is a correction.
    """
    done = [row for at, row in enumerate(rows) if youngest + len(rows) - 1 - at >= most][-USUAL:]
    told = [found for row in done if (found := _steps(row, most))]
    grown = sum(steps[-1][1] > steps[0][1] for steps in told)
    if len(told) < LEAST or GROWN * grown < len(told):
        return None
    lasts = sorted(steps[-1][0] for steps in told)
    complete = lasts[min(len(lasts) - 1, ceil(KEPT * len(lasts)) - 1)]
    first = median_low([steps[0][0] for steps in told])
    return Habit(first, complete) if complete > first else None


def _steps(row: Sequence[Report], most: int) -> list[tuple[int, float]]:
    """The figures of a period as they changed: with which delay, and to what."""
    found: list[tuple[int, float]] = []
    for one in row:
        if one.value is not None and one.delay <= most and (not found or one.value != found[-1][1]):
            found.append((one.delay, one.value))
    return found


def estimates(rows: Sequence[Sequence[Report]], youngest: int, habit: Habit, *, interval: float) -> dict[int, Estimate]:
    """What the open periods will be, by row; only those of which something was reported and more may come.

    `rows`, `youngest`: as for `habit`. `interval`: its probability (0 to 1). Whole figures give whole estimates.
    Nothing where there are too few earlier periods to say how far such estimates go wrong. Raises Refused (DETECT-148).
    """
    if youngest >= habit.complete:
        return {}
    import numpy as np  # noqa: PLC0415 - only a run needs it

    from pasaj.core import nowcast  # noqa: PLC0415

    totals = np.zeros((len(rows), habit.complete + 1))
    for at, row in enumerate(rows):
        for one in row:
            if one.delay <= habit.complete:
                totals[at, one.delay :] = one.value or 0.0
    ages = youngest + np.arange(len(rows))[::-1]
    hidden = np.arange(habit.complete + 1) > ages[:, None]
    added = np.diff(totals, axis=1, prepend=0.0)
    skipped = [_says_nothing(row, habit, age) for row, age in zip(rows, ages, strict=True)]
    found = nowcast.complete(np.where(hidden, np.nan, added), interval=interval, skipped=skipped)
    whole = not (totals % 1).any()
    wanted: dict[int, Estimate] = {}
    open_rows = np.flatnonzero((ages < habit.complete) & ~np.isnan(found.lower))
    for place in map(int, open_rows):
        low, high = float(found.lower[place]), float(found.upper[place])
        if high > low and rows[place] and rows[place][-1].value is not None:
            value = float(found.estimate[place])
            value = float(round(value)) if whole else value
            wanted[place] = Estimate(value, low, high, float(totals[place, ages[place]]))
    return wanted


def _says_nothing(row: Sequence[Report], habit: Habit, age: int) -> bool:
    """Whether the delays of others cannot be learnt from a period: no report, a late first one, one never completed."""
    told = [one for one in row if one.value is not None and one.delay <= habit.complete]
    if not told or row[-1].value is None or told[0].delay > habit.first:
        return True
    return age >= habit.complete and told[-1].partial


def rests_on(raw: str, completed: str) -> str:
    """On which count an alarm rests: RAW, COMPLETED or BOTH; WAITING for a fall that late reports may still fill.

    `raw`, `completed`: which way the reported and the completed count ring ("up", "down", "" not at all). Empty:
    neither does. A rise of the raw count stands, as reports only add; a fall once the completed count is low too.
    """
    if raw == completed:
        return BOTH if raw else ""
    if raw == "up":
        return RAW
    if completed:
        return COMPLETED
    return WAITING
