"""EARS C1, C2 and C3: today against the mean and spread of the last few days.

Source: Hutwagner, Thompson, Seeman, Treadwell (2003), The bioterrorism preparedness and response Early
Aberration Reporting System (EARS), J Urban Health 80(2 Suppl 1), i89-i96; restated by Fricker, Hegler,
Dunfee (2008), Comparing syndromic surveillance detection methods: EARS' versus a CUSUM-based
methodology, Stat Med 27, 3407-3429 (its description of the EARS methods). C3 here leaves today out of its own sum, as R
surveillance does and Fricker does not. docs/methods/ears.md says when the method fails.

With `student` the bounds are a prediction interval (Student's t, Whitmore 1986, Prediction limits for a univariate
normal observation, Am Stat 40, 141-143): mean and spread of a few days are themselves uncertain.

Sums run over shifted columns, one addition after the other: results do not depend on how many series
or periods are computed together, and nothing cancels as running totals would.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pasaj.core.detect import Detection, Method, Series
from pasaj.core.detect._shared import empty, real, require, whole

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

VARIANTS = ("C1", "C2", "C3")
DIRECTIONS = ("up", "down", "both")
ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}
BLOCK = 1 << 15  # numbers of one work array: a quarter of a megabyte, so that all of them stay in the cache

SHORT, GAP, MISSING, FLAT = "DETECT-101", "DETECT-102", "DETECT-103", "DETECT-104"


def check(controls: dict[str, Any]) -> dict[str, Any]:
    """Complete and check the controls. Raises Refused (DETECT-006)."""
    ready = dict(controls)
    ready["variant"] = str(ready["variant"]).upper()
    require(ready, "variant", ready["variant"] in VARIANTS, ", ".join(VARIANTS))
    require(ready, "direction", ready["direction"] in DIRECTIONS, ", ".join(DIRECTIONS))
    if ready["alpha"] is None:
        ready["alpha"] = ALPHA[ready["variant"]]
    require(ready, "baseline", whole(ready["baseline"]) and ready["baseline"] >= 2, "a whole number from 2")
    if ready["min_baseline"] is None:
        ready["min_baseline"] = ready["baseline"]
    enough = whole(ready["min_baseline"]) and 2 <= ready["min_baseline"] <= ready["baseline"]
    require(ready, "min_baseline", enough, f"a whole number from 2 to {ready['baseline']}")
    require(ready, "alpha", real(ready["alpha"]) and 0 < ready["alpha"] <= 0.5, "more than 0, at most 0.5")
    sigma = real(ready["min_sigma"]) and 0 <= ready["min_sigma"] < math.inf
    require(ready, "min_sigma", sigma, "zero or more")
    student = isinstance(ready["student"], bool | np.bool_) and not (ready["student"] and ready["variant"] == "C3")
    require(ready, "student", student, "true or false, and false for C3")
    ready["student"] = bool(ready["student"])
    return ready


def run(series: Series, controls: Mapping[str, Any]) -> Detection:
    """Evaluate all series, in blocks that fit the cache. Controls as `check` returns them."""
    shape = (len(series.counts), series.stop - series.start)
    found = empty("ears", controls, series)
    if not found.alarm.size:
        return found
    rows = max(1, BLOCK // (shape[1] + controls["baseline"] + 4))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for first in range(0, shape[0], rows):
            _block(series, slice(first, first + rows), controls, found)
    return found


@dataclass(frozen=True, slots=True)
class _Window:
    """Baselines of the periods of a block: mean, spread (never below min_sigma), periods, and whether it counts."""

    mean: Floats
    spread: Floats
    number: Floats
    enough: Bools


def _block(series: Series, rows: slice, controls: Mapping[str, Any], found: Detection) -> None:
    variant, length = controls["variant"], series.stop - series.start
    lag = 1 if variant == "C1" else 3
    back = 2 if variant == "C3" else 0
    reach = series.start - back - lag - controls["baseline"] + 1  # the earliest column a baseline looks at
    part = series.counts[rows, max(0, reach) : series.stop]
    if reach < 0:
        part = np.pad(part, ((0, 0), (-reach, 0)), constant_values=np.nan)
    window = _window(part, controls["baseline"], length + back, controls)
    today = part[:, part.shape[1] - length - back :]
    z = -NormalDist().inv_cdf(controls["alpha"])
    judge = _recent if variant == "C3" else _single
    based = judge(today, window, z, rows, found)
    _finish(today[:, back:], based, rows, found)
    if not based.all():
        _tell_short_from_gap(series, rows, lag + back + controls["baseline"] - 1, found)


def _window(part: Floats, baseline: int, length: int, controls: Mapping[str, Any]) -> _Window:
    """Mean and spread (n-1) of the `baseline` columns from k on, for k = 0..length-1; gaps left out."""
    columns = [part[:, k : k + length] for k in range(baseline)]
    level = columns[0].copy()
    for column in columns[1:]:
        np.fmax(level, column, out=level)
    # Differences from one of the values themselves: a constant baseline gives exactly that constant,
    # and counts of 10^9 lose nothing.
    total, number = np.zeros_like(level), np.zeros_like(level)
    shifted = []
    for column in columns:
        difference = column - level
        here = ~np.isnan(difference)
        np.copyto(difference, 0.0, where=~here)
        shifted.append((difference, here))
        total += difference
        number += here
    offset = total / number
    squares = np.zeros_like(level)
    for difference, here in shifted:
        squares += np.where(here, difference - offset, 0.0) ** 2
    spread = np.maximum(np.sqrt(squares / (number - 1)), controls["min_sigma"])
    enough = number >= controls["min_baseline"]
    nothing = ~enough
    mean = level + offset
    mean[nothing] = np.nan
    spread[nothing] = np.nan
    return _Window(mean, spread, number, enough)


def _single(today: Floats, window: _Window, z: float, rows: slice, found: Detection) -> Bools:
    """C1 and C2: the bound is mean ± z spreads. Returns where there is a baseline."""
    controls = found.controls
    freedom, unit = None, window.spread
    width = z * unit
    if controls["student"]:
        freedom = np.maximum(window.number - 1, 1.0)  # fewer than two periods: no answer anyway
        unit = window.spread * np.sqrt(1 + 1 / window.number)
        width = -special.stdtrit(freedom, controls["alpha"]) * unit
    found.expected[rows] = window.mean
    found.upper[rows] = window.mean + width
    found.lower[rows] = np.maximum(window.mean - width, 0.0)
    away = today - window.mean
    # Without any spread every difference is infinitely far; no difference is none.
    score = np.where(away == 0, 0.0, away / unit)
    found.p_value[rows] = _tails(score, -score, controls["direction"], freedom)
    return window.enough


def _recent(today: Floats, window: _Window, z: float, rows: slice, found: Detection) -> Bools:
    """C3: what the last two periods had beyond one spread, added up, against z. Returns as `_single`."""
    score = (today - window.mean) / window.spread
    rises = np.maximum(0.0, score[:, :-2] - 1) + np.maximum(0.0, score[:, 1:-1] - 1)
    falls = np.maximum(0.0, -score[:, :-2] - 1) + np.maximum(0.0, -score[:, 1:-1] - 1)
    now, spread = today[:, 2:], window.spread[:, 2:]
    found.expected[rows] = window.mean[:, 2:]
    found.upper[rows] = np.maximum(0.0, now + spread * (z - rises))
    found.lower[rows] = np.maximum(0.0, now - spread * (z - falls))
    found.p_value[rows] = _tails(rises, falls, found.controls["direction"])
    usable = window.enough & ~np.isnan(today)
    based: Bools = usable[:, :-2] & usable[:, 1:-1] & window.enough[:, 2:]
    return based


def _finish(today: Floats, based: Bools, rows: slice, found: Detection) -> None:
    """Alarms in the asked direction, and the reason wherever there is no answer."""
    direction = found.controls["direction"]
    upper, lower = found.upper[rows], found.lower[rows]
    above, below = today > upper, today < lower
    alarm = {"up": above, "down": below, "both": above | below}[direction]
    unknown = {"up": np.isnan(upper), "down": np.isnan(lower), "both": np.isnan(upper) | np.isnan(lower)}[direction]
    found.alarm[rows] = alarm
    missing = np.isnan(today)
    silent = (unknown & ~alarm) | missing
    if silent.any():
        found.p_value[rows][silent] = np.nan
        reason = found.reason[rows]
        reason[silent] = FLAT
        reason[~based] = GAP
        reason[missing] = MISSING


def _tell_short_from_gap(series: Series, rows: slice, needed: int, found: Detection) -> None:
    """A baseline that begins before the first report is short; one with holes in it has gaps."""
    known = ~np.isnan(series.counts[rows, : series.stop])
    begun = np.where(known.any(axis=1), known.argmax(axis=1), series.stop)
    periods = np.arange(series.start, series.stop)
    young = periods[None, :] < begun[:, None] + needed
    reason = found.reason[rows]
    reason[young & (reason == GAP)] = SHORT


def _tails(rise: Floats, fall: Floats, direction: str, freedom: Floats | None = None) -> Floats:
    """Tail of the statistic, normal or Student's; for both directions twice the smaller tail, at most 1."""
    if direction == "up":
        return _tail(rise, freedom)
    if direction == "down":
        return _tail(fall, freedom)
    return np.minimum(1.0, 2 * _tail(np.maximum(rise, fall), freedom))


def _tail(score: Floats, freedom: Floats | None) -> Floats:
    """P(Z > score) of a standard normal Z to full precision far out, or of Student's t with so much freedom."""
    if freedom is not None:
        return np.asarray(special.stdtr(freedom, -score), dtype=np.float64)
    flat = (score / math.sqrt(2)).ravel().tolist()
    tail = np.fromiter(map(math.erfc, flat), dtype=np.float64, count=len(flat)).reshape(score.shape)
    return tail / 2


METHOD = Method(
    controls={
        "variant": "C1",
        "baseline": 7,
        "min_baseline": None,
        "min_sigma": 0.0,
        "student": False,
        "alpha": None,
        "direction": "up",
    },
    check=check,
    run=run,
    presets={"c1": {"variant": "C1"}, "c2": {"variant": "C2"}, "c3": {"variant": "C3"}},
)
