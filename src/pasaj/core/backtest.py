"""What the detectors would have done on one's own series: false alerts on them as they were, shocks found in them.

A threshold can only be chosen knowingly on the series it will be used on. So they are judged as they were, and again
with made-up shocks of known size and shape put in at known places, with all of their history and with the last 30, 60
and 90 periods of it alone. Sizes are in standard deviations of the series itself (robust: 1.4826 times the median
distance from the median, at least the root of the level), so that a shock of 3 means the same at a busy and at a quiet
place. Measures as Bedubourg and Le Strat (PLoS ONE 12, 2017, e0181227) define them: rate of false positives by period,
probability of detection by shock, delay among those found.

Alerts on the series as they were are called false though some of them were true: an upper bound, and said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHAPES: Mapping[str, tuple[float, ...]] = {
    "day": (1.0,),
    "week": (1.0,) * 7,
    "ramp": (0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0),
    "step": (1.0,) * 28,
    "fall": (-1.0,) * 7,
}
"""Shocks by name: the share of their size in each period from their beginning. The last one is a fall."""
SIZES = (2.0, 4.0, 8.0)
HISTORIES = (0, 90, 60, 30)
"""Periods of history that are left to the detectors; 0: all there are."""
WEEK = {"day": 7.0, "week": 1.0, "month": 12 / 52.18}
"""Periods in a week, by cadence."""

Alarms = Callable[["Floats", slice, str], tuple[Any, Any]]
"""`alarms(counts, evaluate, sensitivity)`: which cells ring and which had an answer, each (n_series, n_evaluated)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to try: `evaluated` periods at the end are judged; `seed` fixes where shocks begin."""

    evaluated: int = 56
    sensitivities: tuple[str, ...] = ("few", "balanced", "early")
    histories: tuple[int, ...] = HISTORIES
    shapes: tuple[str, ...] = tuple(SHAPES)
    sizes: tuple[float, ...] = SIZES
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Quiet:
    """Alerts on the series as they were. `answered` of `periods` series-periods had an answer, `alerts` rang."""

    sensitivity: str
    history: int
    periods: int
    answered: int
    alerts: int

    @property
    def per_thousand(self) -> float | None:
        """Alerts per 1,000 series-periods that were answered."""
        return 1000 * self.alerts / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Shocked:
    """Shocks of one shape and size: `tried` were put in, `found` rang while they lasted, with `delays` in periods."""

    sensitivity: str
    history: int
    shape: str
    size: float
    tried: int
    found: int
    first: int  # rang in their first period
    delays: int  # added up

    @property
    def rate(self) -> float | None:
        return self.found / self.tried if self.tried else None

    @property
    def delay(self) -> float | None:
        """Mean delay in periods among those found."""
        return self.delays / self.found if self.found else None


Result = Quiet | Shocked


def shapes(direction: str) -> tuple[str, ...]:
    """The shocks of SHAPES that a series watched in this direction (up, down or both) can ring for."""
    return tuple(name for name, shares in SHAPES.items() if direction in {"both", "up" if shares[0] > 0 else "down"})


def steps(plan: Plan) -> int:
    """How many results `run` gives."""
    return len(plan.sensitivities) * len(plan.histories) * (1 + len(plan.shapes) * len(plan.sizes))


def run(counts: Floats, alarms: Alarms, plan: Plan, *, done: int = 0) -> Iterator[Result]:
    """The results one after the other, in a fixed order; the first `done` are skipped, so that it can go on.

    `counts`: (n_series, n_time) NaN not reported. A series takes part in a shock where the period it begins in was
    reported; counts with a fall in them are never below zero. The same plan and series give the same results.
    """
    number = 0
    for sensitivity in plan.sensitivities:
        for history in plan.histories:
            cut = _cut(counts, history, plan.evaluated)
            for shape, size in ((None, 0.0), *((shape, size) for shape in plan.shapes for size in plan.sizes)):
                number += 1
                if number <= done:
                    continue
                if shape is None:
                    yield _quiet(cut, alarms, plan, sensitivity, history)
                else:
                    yield _shocked(cut, alarms, plan, Shocked(sensitivity, history, shape, size, 0, 0, 0, 0))


def _cut(counts: Floats, history: int, evaluated: int) -> Floats:
    """The periods that are judged and those before that the detectors may know."""
    return counts[:, -(history + evaluated) :] if history else counts


def _quiet(counts: Floats, alarms: Alarms, plan: Plan, sensitivity: str, history: int) -> Quiet:
    ring, answered = alarms(counts, _last(counts, plan), sensitivity)
    return Quiet(sensitivity, history, int(ring.size), int(answered.sum()), int((ring & answered).sum()))


def _last(counts: Floats, plan: Plan) -> slice:
    return slice(max(0, counts.shape[1] - plan.evaluated), counts.shape[1])


def _shocked(counts: Floats, alarms: Alarms, plan: Plan, one: Shocked) -> Shocked:
    import numpy as np  # noqa: PLC0415 - only a backtest needs it

    evaluate = _last(counts, plan)
    length = evaluate.stop - evaluate.start
    profile = np.asarray(SHAPES[one.shape])[:length]
    # One shock a series, at the same place for every sensitivity and size: what differs is the detector.
    draws = np.random.default_rng([plan.seed, list(SHAPES).index(one.shape)])
    begins = evaluate.start + draws.integers(0, length - len(profile) + 1, len(counts))
    shaken, spread = counts.copy(), spreads(counts[:, : evaluate.start] if evaluate.start else counts)
    for row, begin in enumerate(begins):
        span = slice(begin, begin + len(profile))
        shaken[row, span] = np.maximum(0.0, np.round(shaken[row, span] + one.size * spread[row] * profile))
    ring, _answered = alarms(shaken, evaluate, one.sensitivity)
    tried = found = first = delays = 0
    for row, begin in enumerate(begins):
        if np.isnan(counts[row, begin]):
            continue
        tried += 1
        at = begin - evaluate.start
        rang = np.flatnonzero(ring[row, at : at + len(profile)])
        if rang.size:
            found, first, delays = found + 1, first + int(rang[0] == 0), delays + int(rang[0])
    return Shocked(one.sensitivity, one.history, one.shape, one.size, tried, found, first, delays)


def spreads(counts: Floats) -> Floats:
    """The usual spread of every series (n_series,): robust, and at least that of a Poisson count of its level, or 1."""
    import numpy as np  # noqa: PLC0415

    found = np.ones(len(counts))
    for row, values in enumerate(counts):
        known = values[~np.isnan(values)]
        if known.size:
            level = float(np.median(known))
            away = 1.4826 * float(np.median(np.abs(known - level)))
            found[row] = max(away, np.sqrt(level), 1.0)
    return found


def a_duty_week(one: Quiet, series: int, cadence: str) -> float | None:
    """False alerts that a duty officer sees in a week of `series` series of this cadence."""
    return None if one.per_thousand is None else one.per_thousand / 1000 * series * WEEK[cadence]


def joined(results: Sequence[Result]) -> list[Result]:
    """Results of several parts of the series (blocks, cadences) added up, in the order of the first part."""
    found: dict[tuple[Any, ...], Result] = {}
    for one in results:
        name: tuple[Any, ...]
        if isinstance(one, Quiet):
            name = (one.sensitivity, one.history)
            old = found.get(name)
            assert old is None or isinstance(old, Quiet)
            found[name] = one if old is None else Quiet(
                *name, old.periods + one.periods, old.answered + one.answered, old.alerts + one.alerts
            )  # fmt: skip
        else:
            name = (one.sensitivity, one.history, one.shape, one.size)
            before = found.get(name)
            assert before is None or isinstance(before, Shocked)
            found[name] = one if before is None else Shocked(
                *name, before.tried + one.tried, before.found + one.found, before.first + one.first,
                before.delays + one.delays,
            )  # fmt: skip
    return list(found.values())
