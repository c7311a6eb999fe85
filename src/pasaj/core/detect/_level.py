"""What is usual, for methods that add up departures from it: a mean, a seasonal curve, or a given level.

Sums run along each series on its own: a series alone and in a batch gives the same numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pasaj.core.detect import Series
from pasaj.core.detect._shared import real, require
from pasaj.core.problems import Refused, problem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.object_]

SHORT, MISSING, EMPTY, UNSETTLED, UNKNOWN = "DETECT-101", "DETECT-103", "DETECT-130", "DETECT-131", "DETECT-132"
BLOCK = 1 << 15  # numbers of one work array, so that those of an iteration stay in the cache
SINGULAR = 1e-10
MOST, CLOSE = 25, 1e-8  # the stop rule of R's glm.fit, so that the curves agree with it


@dataclass(frozen=True, slots=True)
class Level:
    """`value` (n_series, n_evaluated), NaN without a level; `reason` the same shape, "" with one.

    `past` is the level of the periods before, (n_series, start), where it was estimated from them.
    """

    value: Floats
    reason: Codes
    past: Floats | None


def check(controls: dict[str, Any], name: str) -> None:
    """Check the controls `name` (the level), `freq` and `phase`. Raises Refused (DETECT-006)."""
    wanted = controls[name]
    if isinstance(wanted, str):
        require(controls, name, wanted == "glm", "nothing, glm, a number, or numbers for the evaluated periods")
    elif wanted is not None:
        given = _numbers(wanted)
        fine = given is not None and given.ndim <= 2 and not (np.isinf(given) | (given < 0)).any()
        require(controls, name, fine, "nothing, glm, a number, or numbers for the evaluated periods")
        controls[name] = given if given is None or given.ndim else float(given)
    require(controls, "freq", real(controls["freq"]) and 2 < controls["freq"] < np.inf, "more than 2 periods")
    require(controls, "phase", real(controls["phase"]) and np.isfinite(controls["phase"]), "a number")


def _numbers(wanted: object) -> Floats | None:
    try:
        return np.asarray(wanted, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def levels(series: Series, controls: Mapping[str, Any], name: str) -> Level:
    """The level of the evaluated periods by the control `name`, checked by `check`.

    None: mean of all reported periods before the range. "glm": Poisson regression on one cosine and one
    sine of `freq` periods, fitted to them; the first column stands at `phase` of its cycle. Else the
    numbers themselves, spread over (n_series, n_evaluated) by numpy's rules. Raises Refused (DETECT-006)
    where they do not fit.
    """
    shape = (len(series.counts), series.stop - series.start)
    wanted, past = controls[name], None
    reason = np.full(shape, "", dtype=np.object_)
    if wanted is None:
        value, past = _mean(series.counts[:, : series.start], shape)
        reason[np.isnan(value)] = SHORT
    elif isinstance(wanted, str):
        value, past = _curve(series, shape, reason, controls)
    else:
        value = _spread(wanted, shape, controls, name)
        reason[np.isnan(value)] = UNKNOWN
    nothing = value == 0
    value[nothing] = np.nan
    reason[nothing] = EMPTY
    return Level(value, reason, past)


def _spread(wanted: Any, shape: tuple[int, int], controls: Mapping[str, Any], name: str) -> Floats:
    try:
        return np.array(np.broadcast_to(np.asarray(wanted, dtype=np.float64), shape))
    except ValueError as error:
        allowed = f"one number, {shape[1]} numbers, or {shape[0]} rows of {shape[1]}"
        raise Refused(problem("DETECT-006", control=name, value=np.shape(wanted), allowed=allowed)) from error


def _mean(past: Floats, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    known = ~np.isnan(past)
    with np.errstate(invalid="ignore"):
        mean = np.where(known, past, 0.0).sum(axis=1) / known.sum(axis=1)
    return np.repeat(mean[:, None], shape[1], axis=1), np.repeat(mean[:, None], past.shape[1], axis=1)


def _curve(series: Series, shape: tuple[int, int], reason: Codes, controls: Mapping[str, Any]) -> tuple[Floats, Floats]:
    past = series.counts[:, : series.start]
    turn = 2 * np.pi * (controls["phase"] + np.arange(series.stop)) / controls["freq"]
    design = np.stack([np.ones_like(turn), np.cos(turn), np.sin(turn)])
    enough = (~np.isnan(past)).sum(axis=1) >= controls["freq"]
    flat = enough & (np.nansum(past, axis=1) == 0)
    curve = np.full((shape[0], series.stop), np.nan)
    curve[flat] = 0.0
    rows = np.flatnonzero(enough & ~flat)
    step = max(1, BLOCK // max(1, series.start))
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        curve[part] = _fit(past[part], design)
    value = curve[:, series.start :].copy()
    reason[np.isnan(value)] = UNSETTLED
    reason[~enough] = SHORT
    return value, curve[:, : series.start]


def _fit(past: Floats, design: Floats) -> Floats:
    """Poisson regression of each row; the fitted level of every column of `design`, NaN if unsettled."""
    known = ~np.isnan(past)
    y = np.where(known, past, 0.0)
    x = design[:, : past.shape[1]]
    mu = y + 0.1
    eta = np.log(mu)
    weights = np.zeros((len(past), 3))
    done = np.zeros(len(past), dtype=np.bool_)
    with np.errstate(all="ignore"):
        before = _deviance(y, mu, known)
        for _ in range(MOST):
            update = _solve(x, np.where(known, mu, 0.0), np.where(known, eta + (y - mu) / mu, 0.0))
            weights = np.where(done[:, None], weights, update)
            eta = _predict(weights, x)
            mu = np.exp(eta)
            after = _deviance(y, mu, known)
            done |= np.abs(after - before) / (np.abs(after) + 0.1) < CLOSE
            if done.all():
                break
            before = after
        weights[~done] = np.nan
        return np.exp(_predict(weights, design))


def _predict(weights: Floats, x: Floats) -> Floats:
    eta: Floats = weights[:, 0:1] * x[0] + weights[:, 1:2] * x[1] + weights[:, 2:3] * x[2]
    return eta


def _deviance(y: Floats, mu: Floats, known: Bools) -> Floats:
    own = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0) / mu), 0.0) - (y - mu)
    total: Floats = 2 * np.where(known, own, 0.0).sum(axis=1)
    return total


def _solve(x: Floats, w: Floats, z: Floats) -> Floats:
    """Weighted least squares on three columns, by elimination written out: (n_series, 3)."""
    one, c, s = x
    wc, ws, wz = w * c, w * s, w * z
    a11, a12, a13 = w.sum(axis=1), wc.sum(axis=1), ws.sum(axis=1)
    a22, a23, a33 = (wc * c).sum(axis=1), (wc * s).sum(axis=1), (ws * s).sum(axis=1)
    b1, b2, b3 = (wz * one).sum(axis=1), (wz * c).sum(axis=1), (wz * s).sum(axis=1)
    l2, l3 = a12 / a11, a13 / a11
    d2, d23 = a22 - l2 * a12, a23 - l2 * a13
    m3 = d23 / d2
    d3 = a33 - l3 * a13 - m3 * d23
    d3 = np.where(np.minimum(d2, d3) > SINGULAR * a11, d3, np.nan)  # too few phases were reported
    r2 = b2 - l2 * b1
    third = (b3 - l3 * b1 - m3 * r2) / d3
    second = (r2 - d23 * third) / d2
    first = (b1 - a12 * second - a13 * third) / a11
    return np.stack([first, second, third], axis=1)
