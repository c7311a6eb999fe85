"""CUSUM: small departures from the usual level, added up until they are too many for chance.

Source: Page (1954), Continuous inspection schemes, Biometrika 41, 100-115 (the recursion); Rossi,
Lampugnani, Marchi (1999), An approximate CUSUM procedure for surveillance of health events, Stat Med 18,
2111-2122 (the transformation of counts); "anscombe" is the variance-stabilised residual of Pierce,
Schafer (1986), Residuals in generalized linear models, J Am Stat Assoc 81, 977-986.
docs/methods/cusum.md says when the method fails.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pasaj.core.detect import Detection, Method, Series
from pasaj.core.detect._level import MISSING, Floats, levels
from pasaj.core.detect._level import check as check_level
from pasaj.core.detect._shared import empty, real, require

DIRECTIONS = ("up", "down", "both")
Function = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Transformation:
    """`score(count, level)`: how many standard deviations a count lies from its level.

    `count(score, level)`: the count that has the score; NaN or below zero where none has.
    """

    score: Function
    count: Function


def _rossi(count: Floats, level: Floats) -> Floats:
    scores: Floats = (count - 3 * level + 2 * np.sqrt(count * level)) / (2 * np.sqrt(level))
    return scores


def _rossi_count(score: Floats, level: Floats) -> Floats:
    root = np.sqrt(level)
    root = np.sqrt(4 * level + 2 * root * score) - root
    counts: Floats = np.copysign(root * root, root)
    return counts


def _standard(count: Floats, level: Floats) -> Floats:
    scores: Floats = (count - level) / np.sqrt(level)
    return scores


def _standard_count(score: Floats, level: Floats) -> Floats:
    counts: Floats = level + score * np.sqrt(level)
    return counts


def _anscombe(count: Floats, level: Floats) -> Floats:
    scores: Floats = 1.5 * (count ** (2 / 3) - level ** (2 / 3)) / level ** (1 / 6)
    return scores


def _anscombe_count(score: Floats, level: Floats) -> Floats:
    counts: Floats = (level ** (2 / 3) + score * level ** (1 / 6) / 1.5) ** 1.5
    return counts


TRANSFORMATIONS = {
    "rossi": Transformation(_rossi, _rossi_count),
    "standard": Transformation(_standard, _standard_count),
    "anscombe": Transformation(_anscombe, _anscombe_count),
}


def check(controls: dict[str, Any]) -> dict[str, Any]:
    """Complete and check the controls. Raises Refused (DETECT-006)."""
    ready = dict(controls)
    require(ready, "trans", ready["trans"] in TRANSFORMATIONS, ", ".join(TRANSFORMATIONS))
    require(ready, "direction", ready["direction"] in DIRECTIONS, ", ".join(DIRECTIONS))
    require(ready, "k", real(ready["k"]) and 0 <= ready["k"] < math.inf, "zero or more")
    require(ready, "h", real(ready["h"]) and 0 < ready["h"] < math.inf, "more than zero")
    check_level(ready, "mean")
    return ready


def run(series: Series, controls: Mapping[str, Any]) -> Detection:
    """Add up the departures of all series, period after period from zero before the first evaluated one.

    `statistic` is the sum of rises (direction up), of falls (down), or the larger of the two (both).
    An unreported period leaves the sums as they are.
    """
    found = empty("cusum", controls, series)
    today = series.counts[:, series.start : series.stop]
    level = levels(series, controls, "mean")
    found.expected[:] = level.value
    found.reason[:] = np.where(np.isnan(today), MISSING, level.reason)
    rises, falls = np.empty_like(today), np.empty_like(today)
    with np.errstate(all="ignore"):
        change = TRANSFORMATIONS[controls["trans"]].score(today, level.value)
        change[~np.isfinite(change)] = np.nan
        rise, fall = np.zeros(len(today)), np.zeros(len(today))
        for period in range(today.shape[1]):
            rises[:, period], falls[:, period] = rise, fall
            step = change[:, period]
            rise = np.where(np.isnan(step), rise, np.maximum(0.0, rise + step - controls["k"]))
            fall = np.where(np.isnan(step), fall, np.maximum(0.0, fall - step - controls["k"]))
        _bounds(rises, falls, level.value, controls, found)
    up, down = np.maximum(0.0, rises + change - controls["k"]), np.maximum(0.0, falls - change - controls["k"])
    statistic = {"up": up, "down": down, "both": np.maximum(up, down)}[controls["direction"]]
    found.alarm[:] = statistic >= controls["h"]
    return replace(found, statistic=statistic)


def _bounds(rises: Floats, falls: Floats, level: Floats, controls: Mapping[str, Any], found: Detection) -> None:
    """The counts that would just bring the sums, as they stand before a period, to h."""
    count = TRANSFORMATIONS[controls["trans"]].count
    enough = controls["h"] + controls["k"]
    upper, lower = count(enough - rises, level), count(falls - enough, level)
    # As R surveillance prints them: whole counts for standard, and where any count rings, the square of
    # a negative root for rossi.
    if controls["trans"] == "standard":
        upper, lower = np.ceil(upper), np.floor(lower)
    upper = np.abs(upper) if controls["trans"] == "rossi" else np.fmax(upper, 0.0)
    found.upper[:] = np.where(np.isnan(level), np.nan, np.where(np.isnan(upper), 0.0, upper))
    found.lower[:] = np.where(lower < 0, np.nan, lower)


METHOD = Method(
    controls={
        "k": 1.04,
        "h": 2.26,
        "trans": "rossi",
        "mean": None,
        "freq": 52,
        "phase": 1,
        "direction": "up",
    },
    check=check,
    run=run,
)
