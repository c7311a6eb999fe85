"""Daily counts with weekdays, market days and holidays, the time of year and a level that drifts slowly.

A negative binomial log-linear model of the last two years (or of what there is, from three weeks), fitted
robustly and judged by its predictive distribution. It follows the improved Farrington algorithm (Noufaily,
Enki, Farrington, Garthwaite, Andrews, Charlett, Stat Med 32, 2013, 1206-1222: residuals of section 2, past
outbreaks weighted down by their inverse squares, an exact negative binomial bound) with what border counts
have and weekly infections have not: effects of weekdays and of special days, a level that steps (a random
walk, fitted as effects with priors), and bounds that include the error of estimation (a normal error of the
logarithm of the mean, Student's t for the estimated dispersion). docs/methods/daily.md says when it fails.

Models are fitted once for `refit` days in a row that begin where the number of the day is a multiple of
`refit`, from a cold start: what a day gives depends neither on the part evaluated nor on the other series.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from pasaj.core.detect import Detection, Method, Series
from pasaj.core.detect._fit import ROWS, Design, Fit, design, dispersion, fit, start, walk
from pasaj.core.detect._negbin import at_least, at_most, lower, upper
from pasaj.core.detect._shared import empty, law_of, real, require, unknown, whole
from pasaj.core.problems import Refused, problem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]

DIRECTIONS = ("up", "down", "both")
SHORT, GAP, MISSING, UNFIT = "DETECT-101", "DETECT-102", "DETECT-103", "DETECT-151"

YEAR = 365.25
LEAST = 21  # reported days that a fit needs
STEP = 28  # days to which `drift` belongs
STEPS = (14, 28, 42, 56, 84, 112, 168, 224, 336, 448, 672, 1008, 1344)  # ages at which the level may have stepped
EFFECT_SD = 1.0  # of the prior of a weekday, a kind of day and a harmonic: a factor of e
SLOPE_SD = 0.03  # of the prior of the steady trend, in STEP days
LEVEL_SD = 10.0  # of the prior of the level: next to nothing
FIRST_ALPHA = 0.1  # of the fit that only serves to find the dispersion
ROBUST = 2  # times the weights are found anew
TRUST = 4.0  # steps that `drift` weighs against those of the series itself
CLOSED = 28  # days of zeros in a row after which a history begins anew
OPEN = 5.0  # when from there on it has at least this many a day


def check(controls: dict[str, Any]) -> dict[str, Any]:
    """Complete and check the controls. Raises Refused (DETECT-006)."""
    ready = dict(controls)
    require(ready, "direction", ready["direction"] in DIRECTIONS, ", ".join(DIRECTIONS))
    require(ready, "alpha", real(ready["alpha"]) and 0 < ready["alpha"] <= 0.5, "more than 0, at most 0.5")
    require(ready, "guard", whole(ready["guard"]) and 0 <= ready["guard"] <= 366, "a whole number from 0 to 366")
    require(ready, "refit", whole(ready["refit"]) and 1 <= ready["refit"] <= 28, "a whole number from 1 to 28")
    require(ready, "window", whole(ready["window"]) and 28 <= ready["window"] <= 1830, "a whole number, 28 to 1830")
    far = real(ready["weights_threshold"]) and 1 <= ready["weights_threshold"] <= 100
    require(ready, "weights_threshold", far, "1 to 100")
    require(ready, "drift", real(ready["drift"]) and 0 < ready["drift"] <= 1, "more than 0, at most 1")
    if ready["day_kinds"] is not None:
        kinds = np.asarray(ready["day_kinds"])
        good = kinds.ndim == 1 and (kinds.dtype.kind in "iu" or not kinds.size) and not (kinds < 0).any()
        if not good:
            raise Refused(problem("DETECT-152"))
        ready["day_kinds"] = tuple(kinds.tolist())
    return ready


def run(series: Series, controls: Mapping[str, Any]) -> Detection:
    """Evaluate all series. Controls as `check` returns them. Raises Refused (DETECT-150, 152)."""
    days = series.times.astype(np.int64)
    if len(days) > 1 and (np.diff(days) != 1).any():
        raise Refused(problem("DETECT-150"))
    kinds = np.zeros(len(days), np.int64)
    if controls["day_kinds"] is not None:
        if len(controls["day_kinds"]) != len(days):
            raise Refused(problem("DETECT-152"))
        kinds = np.asarray(controls["day_kinds"], np.int64)
    found = empty("daily", controls, series)
    found = replace(found, law=unknown(found.alarm.shape, controls["direction"]))
    if not found.alarm.size:
        return found
    refit, named = controls["refit"], np.unique(kinds[kinds > 0])
    with np.errstate(over="ignore", under="ignore"):
        for part in np.split(
            np.arange(series.start, series.stop),
            np.flatnonzero(np.diff(days[series.start : series.stop] // refit)) + 1,
        ):
            # The first day that is judged by the same model, also where it lies before the part or the series.
            anchor = int(part[0] - days[part[0]] % refit)
            _stretch(series, part, anchor - controls["guard"], _Days(days, kinds, named), found)
    return found


class _Days:
    """The calendar of a run: the number of each day, its kind, and the kinds there are."""

    def __init__(self, days: Whole, kinds: Whole, named: Whole) -> None:
        self.days, self.kinds, self.named = days, kinds, named

    def columns(self, at: Whole, last: int, harmonics: int, window: int) -> tuple[Floats, Floats, Floats]:
        """Effects of the days of the columns `at`, for a history that ends with column `last`: columns (n, p),
        prior precisions (p,) and lengths (p,) of the steps. The level comes first; it is that of the newest days.
        """
        days, age = self.days[at], last - at
        parts: list[Floats] = [np.ones((len(at), 1))]
        precision = [LEVEL_SD**-2]
        parts.append((days[:, None] % 7 == np.arange(7)).astype(float))
        parts.append((self.kinds[at][:, None] == self.named).astype(float))
        precision += [EFFECT_SD**-2] * (7 + len(self.named))
        parts.append(-age[:, None] / STEP)
        precision.append(SLOPE_SD**-2)
        turns = 2 * math.pi * days[:, None] / YEAR * np.arange(1, harmonics + 1)
        parts += [np.sin(turns), np.cos(turns)]
        precision += [EFFECT_SD**-2] * (2 * harmonics)
        ages = np.array([step for step in STEPS if step < window])
        parts.append((age[:, None] >= ages).astype(float))
        # Between the middles of two levels a random walk goes as far as the time between them lets it.
        lengths = np.diff(np.concatenate([[0], ages, [window]]))
        between = (lengths[:-1] + lengths[1:]) / 2
        fixed = len(precision)
        between = np.concatenate([np.zeros(fixed), between / STEP])
        return np.hstack(parts), np.array(precision + [0.0] * len(ages)), between


def _stretch(series: Series, part: Whole, stop: int, calendar: _Days, found: Detection) -> None:
    """Judge the columns `part` by a model of the columns before `stop`."""
    controls = found.controls
    first = max(0, stop - controls["window"])
    history = _reopened(series.counts[:, first : max(stop, 0)])
    known = ~np.isnan(history)
    reported = known.sum(axis=1)
    here = slice(int(part[0] - series.start), int(part[-1] + 1 - series.start))
    today = series.counts[:, part]
    missing = np.isnan(today)
    found.reason[:, here] = _why(series, part, reported)
    found.reason[:, here][missing] = MISSING
    able = reported >= LEAST
    begun = np.where(able, stop - first - known.argmax(axis=1) if history.size else 0, 0)
    seasons = np.where(begun >= 2 * YEAR - 2, 2, np.where(begun >= YEAR, 1, 0))
    for harmonics in (0, 1, 2):
        rows = np.flatnonzero(able & (seasons == harmonics))
        if not rows.size:
            continue
        columns, *priors = calendar.columns(
            np.concatenate([np.arange(first, stop), part]), stop - 1, harmonics, stop - first
        )
        model = design(columns[: stop - first], *priors)
        for begin in range(0, len(rows), ROWS):
            _block(history, rows[begin : begin + ROWS], model, columns[stop - first :], part - (stop - 1), here, found)
    _judge(today, here, found)


def _reopened(history: Floats) -> Floats:
    """The history without what lies before and in a closure: four weeks of nothing, then counts again."""
    if history.shape[1] <= CLOSED:
        return history
    runs = np.cumsum(np.pad(~(history > 0), ((0, 0), (1, 0))), axis=1)
    closed: Bools = runs[:, CLOSED:] - runs[:, :-CLOSED] == CLOSED
    ends = np.where(closed.any(axis=1), history.shape[1] - closed[:, ::-1].argmax(axis=1), 0)
    after = np.arange(history.shape[1]) >= ends[:, None]
    days = (after & ~np.isnan(history)).sum(axis=1)
    open_ = np.where(after & (history > 0), history, 0.0).sum(axis=1) >= OPEN * np.maximum(days, 1)
    return np.where(open_[:, None] & ~after, np.nan, history)


def _why(series: Series, part: Whole, reported: Whole) -> NDArray[np.object_]:
    """The reason why a series has too few days: it began lately, or has gaps."""
    known = ~np.isnan(series.counts[:, : part[-1] + 1])
    begun = np.where(known.any(axis=1), known.argmax(axis=1), part[-1])
    young = part[0] - begun < LEAST + 14
    return np.where(reported >= LEAST, "", np.where(young, SHORT, GAP))[:, None].astype(object)


def _block(
    history: Floats, rows: Whole, model: Design, ahead: Floats, horizon: Whole, here: slice, found: Detection
) -> None:
    """Fit some series and write what is expected of the days ahead: mean, dispersion, degrees of freedom."""
    controls = found.controls
    full = np.resize(rows, ROWS)
    given = history[full]
    weights = (~np.isnan(given)).astype(float)
    counts = np.where(weights > 0, given, 0.0)
    fitted, alpha, variance = _robust(counts, weights, model, controls)
    eta = fitted.effects @ ahead.T
    error = np.einsum("ip,kpq,iq->ki", ahead, fitted.spread, ahead)
    error += variance[:, None] * (horizon + STEPS[0] / 2) / STEP  # the level goes on drifting
    mean = np.exp(np.clip(eta, -30.0, 30.0))
    # The mean is itself uncertain: its squared coefficient of variation adds to that of the counts.
    wide = alpha[:, None] + np.expm1(np.minimum(error, 5.0)) * (1 + alpha[:, None])
    kept = slice(0, len(rows))
    found.expected[rows, here] = mean[kept]
    found.phi[rows, here] = (1 + wide * mean)[kept]
    found.lower[rows, here] = np.maximum(fitted.freedom, 3.0)[kept, None]
    found.trend_kept[rows, here] = True
    lost = rows[~fitted.converged[kept]]
    reason = found.reason[lost, here]
    found.reason[lost, here] = np.where(reason == "", UNFIT, reason)


def _robust(counts: Floats, weights: Floats, model: Design, controls: Mapping[str, Any]) -> tuple[Fit, Floats, Floats]:
    """Fit, find the dispersion and the drift, weigh down what lies far out, and again."""
    effects, centre = start(counts, weights, model.columns.shape[1])
    expected, threshold = controls["drift"] ** 2, controls["weights_threshold"]
    variance = np.full(len(counts), expected)
    fitted = fit(counts, weights, np.full(len(counts), FIRST_ALPHA), variance, model, effects, centre)
    alpha = dispersion(counts, weights, fitted, 1.0)
    given, scale = weights, _kept(threshold)
    for _ in range(ROBUST):
        weights = given * _weights(counts, fitted.means, alpha, threshold)
        weights *= (given.sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9))[:, None]
        fitted = fit(counts, weights, alpha, variance, model, fitted.effects, centre)
        alpha, variance = dispersion(counts, weights, fitted, scale), walk(fitted, model, expected, TRUST)
    return fit(counts, weights, alpha, variance, model, fitted.effects, centre), alpha, variance


def _weights(counts: Floats, mean: Floats, alpha: Floats, threshold: float) -> Floats:
    """Farrington's: 1, and the inverse square of Anscombe's residual where that is beyond the threshold."""
    residual = 1.5 * (np.cbrt(counts) ** 2 - np.cbrt(mean) ** 2)
    residual /= mean ** (1 / 6) * np.sqrt(1 + alpha[:, None] * mean)
    far = np.abs(residual)
    return np.where(far > threshold, 1 / np.maximum(far, threshold) ** 2, 1.0)


def _kept(threshold: float) -> float:
    """The share of a normal variance that stays when squares beyond the threshold count as one."""
    beyond = special.ndtr(-threshold)
    density = math.exp(-(threshold**2) / 2) / math.sqrt(2 * math.pi)
    variance = 1 - 2 * (threshold * density + beyond) + 2 * beyond
    return float(variance / (1 - 2 * beyond + 2 * (density / threshold - beyond)))


def _judge(today: Floats, here: slice, found: Detection) -> None:
    """From mean, dispersion and degrees of freedom to bounds, p-values and alarms."""
    controls, mean, freedom = found.controls, found.expected[:, here].copy(), found.lower[:, here].copy()
    answered = found.reason[:, here] == ""
    mean[~answered] = np.nan
    wide = (found.phi[:, here] - 1) / mean
    both = controls["direction"] == "both"
    # What a tail of the t distribution means for a normal quantity whose spread was known.
    level = np.asarray(special.ndtr(-stats.t.isf(controls["alpha"] / (2 if both else 1), freedom)))
    tails = {"up": at_least(today, mean, wide), "down": at_most(today, mean, wide)}
    tails["both"] = np.minimum(tails["up"], tails["down"])
    tail = tails[controls["direction"]]
    p_value = stats.t.cdf(special.ndtri(tail), freedom)
    law = law_of(found)
    law.mean[:, here], law.alpha[:, here], law.freedom[:, here] = mean, wide, freedom
    found.expected[:, here] = mean
    found.upper[:, here], found.lower[:, here] = upper(mean, wide, level), lower(mean, wide, level)
    found.p_value[:, here] = np.minimum(1.0, 2 * p_value) if both else p_value
    found.alarm[:, here] = tail <= level
    found.phi[:, here][~answered] = np.nan
    found.trend_kept[:, here] &= answered


METHOD = Method(
    controls={
        "direction": "up",
        "alpha": 0.002,
        "day_kinds": None,
        "guard": 7,
        "refit": 7,
        "window": 730,
        "weights_threshold": 2.58,
        "drift": 0.1,
    },
    check=check,
    run=run,
)
