"""GLR: how much likelier the counts are if the level changed at some period than if it never did.

Source: Höhle, Paul (2008), Count data regression charts for the monitoring of surveillance time series,
Comput Stat Data Anal 52, 4357-4368, sections 2 and 3 (likelihood ratio and generalised likelihood ratio
charts for Poisson and negative binomial counts around a level that varies). The bound is the count of
the period that would just reach the threshold. docs/methods/glr.md says when the method fails.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pasaj.core.detect import Detection, Method, Series
from pasaj.core.detect._level import BLOCK, MISSING, Bools, Floats, Level, levels
from pasaj.core.detect._level import check as check_level
from pasaj.core.detect._ratio import Window, bound
from pasaj.core.detect._shared import empty, real, require

FAMILIES, MODES, DIRECTIONS = ("poisson", "nb"), ("glr", "lr"), ("up", "down", "both")
SIGNS = {"up": (1,), "down": (-1,), "both": (1, -1)}
LEAST = 1e-9  # a dispersion below it is none: the formulas of the negative binomial would divide by it


def check(controls: dict[str, Any]) -> dict[str, Any]:
    """Complete and check the controls. Raises Refused (DETECT-006)."""
    ready = dict(controls)
    for name, allowed in (("family", FAMILIES), ("mode", MODES), ("direction", DIRECTIONS)):
        require(ready, name, ready[name] in allowed, ", ".join(allowed))
    for name in ("theta", "threshold"):
        require(ready, name, real(ready[name]) and 0 < ready[name] < math.inf, "more than zero")
    window = ready["window"]
    whole = real(window) and window == int(window) and window >= 1
    require(ready, "window", window is None or whole, "nothing, or a whole number from 1")
    check_level(ready, "mu0")
    _check_dispersion(ready)
    return ready


def _check_dispersion(ready: dict[str, Any]) -> None:
    if ready["dispersion"] is None:
        known = ready["family"] == "poisson" or ready["mu0"] is None or isinstance(ready["mu0"], str)
        require(ready, "dispersion", known, "zero or more; it is estimated only together with mu0")
        return
    try:
        given = np.asarray(ready["dispersion"], dtype=np.float64)
    except (TypeError, ValueError):
        given = np.array(np.nan)
    fine = given.ndim <= 1 and (np.isfinite(given) & (given >= 0)).all()
    require(ready, "dispersion", fine, "zero or more: one number, or one for each series")


def run(series: Series, controls: Mapping[str, Any]) -> Detection:
    """Follow the ratio of all series, period after period; after an alarm it begins anew.

    `statistic` is the ratio of a period before that, 0 where nothing speaks for a change. An unreported
    period counts for nothing. `phi` is the variance over the level.
    """
    found = empty("glr", controls, series)
    today = series.counts[:, series.start : series.stop]
    level = levels(series, controls, "mu0")
    found.expected[:] = level.value
    found.reason[:] = np.where(np.isnan(today), MISSING, level.reason)
    spread = _dispersion(series, level, controls)
    if controls["family"] == "nb":
        found.phi[:] = 1 + spread[:, None] * level.value
    found = replace(found, statistic=np.full(today.shape, np.nan))
    follow = _ratios if controls["mode"] == "glr" else _sums
    wide = spread > LEAST
    with np.errstate(all="ignore"):
        for chosen, each in ((~wide, today.shape[1]), (wide, today.shape[1] ** 2)):
            rows, step = np.flatnonzero(chosen), max(1, BLOCK // max(1, each))
            for first in range(0, len(rows), step):
                part = rows[first : first + step]
                follow(today[part], level.value[part], np.where(wide, spread, 0.0)[part], part, found)
    return found


def _dispersion(series: Series, level: Level, controls: Mapping[str, Any]) -> Floats:
    """Of each series: as given, or by moments about the level of the periods before: (n_series,)."""
    rows, given = len(series.counts), controls["dispersion"]
    if controls["family"] == "poisson":
        return np.zeros(rows)
    if given is not None:
        if np.ndim(given) and np.shape(given) != (rows,):
            allowed = f"one number, or {rows} numbers"
            require({"dispersion": np.shape(given)}, "dispersion", False, allowed)
        return np.array(np.broadcast_to(np.asarray(given, dtype=np.float64), (rows,)))
    past, usual = series.counts[:, : series.start], level.past
    assert usual is not None  # `check` sees to it
    known = ~np.isnan(past)
    number, fitted = known.sum(axis=1), 1 if controls["mu0"] is None else 3
    with np.errstate(all="ignore"):
        squares = np.where(known, (past - usual) ** 2, 0.0).sum(axis=1) * number / (number - fitted)
        excess = squares - np.where(known, usual, 0.0).sum(axis=1)
        spread = excess / np.where(known, usual**2, 0.0).sum(axis=1)
    return np.where(np.isfinite(spread), np.maximum(spread, 0.0), 0.0)


def _ratios(today: Floats, level: Floats, spread: Floats, rows: Any, found: Detection) -> None:
    """The generalised ratio: the change may have begun at any period and have any size."""
    threshold, last = found.controls["threshold"], found.controls["window"]
    known = ~(np.isnan(today) | np.isnan(level))
    counts, usual = np.where(known, today, 0.0), np.where(known, level, 0.0)
    for period in range(today.shape[1]):
        first = 0 if last is None else max(0, period + 1 - int(last))
        part = slice(first, period + 1)
        ratio = np.zeros(len(today))
        for sign in SIGNS[found.controls["direction"]]:
            ratio = np.maximum(ratio, Window(counts[:, part], usual[:, part], spread, sign).at(counts[:, period])[0])
            # What an unreported period would have needed can be said as well.
            asked = usual[:, part].copy()
            asked[:, -1] = np.where(np.isnan(level[:, period]), 0.0, level[:, period])
            edge = bound(Window(counts[:, part], asked, spread, sign), threshold)
            _edge(found, sign)[rows, period] = np.where(np.isnan(level[:, period]), np.nan, edge)
        alarm = _tell(found, rows, period, known[:, period], ratio, ratio >= threshold)
        counts[alarm, : period + 1] = 0.0
        usual[alarm, : period + 1] = 0.0


def _sums(today: Floats, level: Floats, spread: Floats, rows: Any, found: Detection) -> None:
    """The ratio of one change of size theta, added up and never below zero."""
    threshold = found.controls["threshold"]
    known = ~(np.isnan(today) | np.isnan(level))
    signs = SIGNS[found.controls["direction"]]
    sums = dict.fromkeys(signs, np.zeros(len(today)))
    for period in range(today.shape[1]):
        for sign in signs:
            steep, offset = _line(level[:, period], spread, sign * found.controls["theta"])
            needed = (threshold - sums[sign] - offset) / steep
            _edge(found, sign)[rows, period] = np.maximum(needed, 0.0) if sign > 0 else _reachable(needed)
            moved = np.maximum(0.0, sums[sign] + steep * today[:, period] + offset)
            sums[sign] = np.where(known[:, period], moved, sums[sign])
        ratio = np.max([sums[sign] for sign in signs], axis=0)
        alarm = _tell(found, rows, period, known[:, period], ratio, ratio > threshold)
        for sign in signs:
            sums[sign] = np.where(alarm, 0.0, sums[sign])


def _line(level: Floats, spread: Floats, theta: float) -> tuple[Floats, Floats]:
    """The log ratio of a count under level · e^theta and under the level is `steep` · count + `offset`."""
    if not spread.any():
        return np.full(level.shape, theta), (1 - math.exp(theta)) * level
    shrunk = np.log((1 + spread * level) / (1 + spread * level * math.exp(theta)))
    return theta + shrunk, shrunk / spread


def _reachable(needed: Floats) -> Floats:
    return np.where(needed < 0, np.nan, needed)


def _edge(found: Detection, sign: int) -> Floats:
    return found.upper if sign > 0 else found.lower


def _tell(found: Detection, rows: Any, period: int, known: Bools, ratio: Floats, rings: Bools) -> Bools:
    assert found.statistic is not None
    alarm: Bools = known & rings
    found.statistic[rows, period] = np.where(known, ratio, np.nan)
    found.alarm[rows, period] = alarm
    return alarm


METHOD = Method(
    controls={
        "family": "poisson",
        "mode": "glr",
        "theta": math.log(1.5),
        "threshold": 5.0,
        "mu0": None,
        "dispersion": None,
        "freq": 52,
        "phase": 1,
        "window": None,
        "direction": "up",
    },
    check=check,
    run=run,
)
