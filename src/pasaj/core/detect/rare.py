"""Counts that are mostly zero: deaths, incidents, referrals of a small post.

The predictive distribution of the next count, given the last periods: a Poisson mean with a gamma prior of
Jeffreys (shape 1/2) gives a negative binomial (Gelman and others, Bayesian data analysis, 3rd ed., 2013,
section 2.6), widened by the dispersion that the counts themselves show (moments). Where there are more zeros
than a Poisson distribution allows (van den Broek, Biometrics 51, 1995, 738-743, his score test), the periods
are taken as a mixture of quiet and active ones (Lambert, Technometrics 34, 1992, 1-14), and the tail is that
of the active ones times their share. Tails are exact; rises only: a count near zero cannot fall unusually.
docs/methods/rare.md says when it fails.

Sums run over shifted columns, as in EARS: a series gives the same alone and among others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pasaj.core.detect import Detection, Method, Series
from pasaj.core.detect._negbin import at_least, upper
from pasaj.core.detect._shared import empty, law_of, require, unknown, whole

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DIRECTIONS = ("up", "down", "both")
SHORT, GAP, MISSING, NO_FALL = "DETECT-101", "DETECT-102", "DETECT-103", "DETECT-153"
BLOCK = 1 << 15  # numbers of one work array
PRIOR = 0.5  # counts that nobody saw: the shape of the prior
INFLATED = 6.6349  # of the score test: chi-square with one degree of freedom, 0.01
MOST = 1e15  # a count above is taken as this; nothing overflows
ROUNDS = 40  # of the iteration for the mean of the active periods


def check(controls: dict[str, Any]) -> dict[str, Any]:
    """Complete and check the controls. Raises Refused (DETECT-006)."""
    ready = dict(controls)
    require(ready, "direction", ready["direction"] in DIRECTIONS, ", ".join(DIRECTIONS))
    alpha = ready["alpha"]
    good = isinstance(alpha, int | float | np.floating) and not isinstance(alpha, bool) and 0 < alpha <= 0.5
    require(ready, "alpha", bool(good), "more than 0, at most 0.5")
    require(ready, "periods", whole(ready["periods"]) and 5 <= ready["periods"] <= 2000, "a whole number, 5 to 2000")
    least = whole(ready["min_periods"]) and 5 <= ready["min_periods"] <= ready["periods"]
    require(ready, "min_periods", least, f"a whole number, 5 to {ready['periods']}")
    always = ready["always_from"]
    require(ready, "always_from", always is None or (whole(always) and always >= 1), "empty, or a whole number from 1")
    return ready


def run(series: Series, controls: Mapping[str, Any]) -> Detection:
    """Evaluate all series, in blocks that fit the cache. Controls as `check` returns them."""
    shape = (len(series.counts), series.stop - series.start)
    found = replace(empty("rare", controls, series), law=unknown(shape, "up"))
    if not found.alarm.size:
        return found
    rows = max(1, BLOCK // shape[1])
    with np.errstate(divide="ignore", invalid="ignore", under="ignore", over="ignore"):
        for first in range(0, shape[0], rows):
            _block(series, slice(first, first + rows), found)
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    """Of the periods before each evaluated one: how many were reported, how many of those with a count,
    and the sums of the counts and of their squares.
    """

    reported: Floats
    positive: Floats
    total: Floats
    squares: Floats


def _block(series: Series, rows: slice, found: Detection) -> None:
    controls, length = found.controls, series.stop - series.start
    reach = series.start - controls["periods"]
    part = series.counts[rows, max(0, reach) : series.stop]
    if reach < 0:
        part = np.pad(part, ((0, 0), (-reach, 0)), constant_values=np.nan)
    past = _past(part, length, controls["periods"])
    today = part[:, part.shape[1] - length :]
    active, mean, wide = _predictive(past)
    _judge(today, active, mean, wide, rows, found)
    known = ~np.isnan(series.counts[rows, : series.stop])
    begun = np.where(known.any(axis=1), known.argmax(axis=1), series.stop)
    young = np.arange(series.start, series.stop) < begun[:, None] + controls["min_periods"]
    few = past.reported < controls["min_periods"]
    reason = np.where(few, np.where(young, SHORT, GAP), "")
    if controls["direction"] == "down":
        reason = np.full_like(reason, NO_FALL)
    _silence(np.where(np.isnan(today), MISSING, reason), today, rows, found)


def _past(part: Floats, length: int, periods: int) -> _Past:
    reported, positive, total, squares = (np.zeros((len(part), length)) for _ in range(4))
    for k in range(periods):
        column = part[:, k : k + length]
        here = ~np.isnan(column)
        value = np.where(here, np.minimum(column, MOST), 0.0)
        reported += here
        positive += value > 0
        total += value
        squares += value * value
    return _Past(reported, positive, total, squares)


def _predictive(past: _Past) -> tuple[Floats, Floats, Floats]:
    """The share of active periods, and of the next count in one: its mean and its alpha (see `_negbin`)."""
    reported = np.where(past.reported > 0, past.reported, np.nan)
    positive, total = past.positive, past.total
    mean = total / reported
    none = np.exp(-mean)
    # The score test divides by what the estimated mean takes away: n(1 - p)/p - n·mean, p being P(0).
    odd = (reported - positive) / none - reported
    spread = reported * ((1 - none) / none - mean)
    inflated = (odd > 0) & (odd**2 > INFLATED * spread) & (positive > 0)
    level = _active(total / positive)
    periods = np.where(inflated, positive / -np.expm1(-level), reported)
    share = np.where(inflated, (periods + PRIOR) / (reported + 2 * PRIOR), 1.0)
    centre = total / periods
    # What the squares have beyond a Poisson distribution of this mean, one degree of freedom taken off.
    excess = (past.squares - total * centre) / np.maximum(periods - 1, 1.0) - centre
    alpha = np.where(centre > 0, np.maximum(excess, 0.0) / np.where(centre > 0, centre, 1.0) ** 2, 0.0)
    error = 1 / (total + PRIOR)
    return share, (total + PRIOR) / periods, error + alpha * (1 + error)


def _active(positive: Floats) -> Floats:
    """The Poisson mean whose counts above zero have this mean (x / (1 - exp(-x)) = positive); 0 at 1 or less."""
    found = np.where(positive > 1, positive, np.nan)
    for _ in range(ROUNDS):
        rest = -np.expm1(-found)
        slope = (rest - found * np.exp(-found)) / rest**2
        found = np.maximum(found - (found / rest - positive) / slope, 1e-6)
    return np.where(positive > 1, found, 1e-6)


def _judge(today: Floats, active: Floats, mean: Floats, wide: Floats, rows: slice, found: Detection) -> None:
    alpha, always = found.controls["alpha"], found.controls["always_from"]
    # Where fewer periods are active than may ring, the tail is small from the first count on.
    level = np.where(alpha < active, alpha / active, 0.5)
    tail = active * at_least(today, mean, wide)
    found.p_value[rows] = np.where(today <= 0, 1.0, np.minimum(tail, 1.0))
    found.expected[rows] = active * mean
    found.lower[rows] = 0.0
    bound = np.where(alpha >= active, 0.0, upper(mean, wide, level))
    found.upper[rows] = bound if always is None else np.minimum(bound, always - 1.0)
    found.alarm[rows] = today > found.upper[rows]
    # Of a mixture: the variance within the active periods and that between active and quiet ones.
    found.phi[rows] = 1 + wide * mean + (1 - active) * mean
    law = law_of(found)
    law.mean[rows], law.alpha[rows], law.share[rows] = mean, wide, active


def _silence(reason: NDArray[np.str_], today: Floats, rows: slice, found: Detection) -> None:
    """No numbers where there is a reason; but a count that always rings needs no history."""
    found.reason[rows] = reason
    silent = reason != ""
    always, direction = found.controls["always_from"], found.controls["direction"]
    for name in ("expected", "lower", "upper", "p_value", "phi"):
        getattr(found, name)[rows][silent] = np.nan
    law_of(found).mean[rows][silent] = np.nan
    alarm = found.alarm[rows]
    alarm[silent] = False
    if always is not None and direction != "down":
        rings = silent & (today >= always)
        alarm[rings] = True
        found.upper[rows][rings] = always - 1.0
        found.reason[rows][rings] = ""


METHOD = Method(
    controls={
        "direction": "up",
        "alpha": 0.002,
        "periods": 120,
        "min_periods": 14,
        "always_from": None,
    },
    check=check,
    run=run,
)
