"""Declared value functions: from what an option achieves, in its own unit or word, to a value from 0 to 1.

A value is a decision, so it is written down beside the criterion and shown with every result. Source: V. Belton
and T. J. Stewart, "Multiple Criteria Decision Analysis" (2002), chapter 5 (partial value functions, global scale).
Ends are stated, never taken from the options at hand: an option that is added or left out changes no other's value.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any


@dataclass(frozen=True, slots=True)
class Linear:
    """Worth 0 at `worst` and 1 at `best`, in the criterion's unit. A benefit has best > worst, a cost best < worst."""

    worst: float
    best: float


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Straight between (figure, value) points, figures rising. Need not rise: the best may lie in the middle."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Judgements:
    """What each word of a scale is worth, from 0 to 1."""

    words: Mapping[str, float]


Function = Linear | Piecewise | Judgements


@dataclass(frozen=True, slots=True)
class Performance:
    """What one option achieves on one criterion.

    value: a figure in the criterion's unit or a word of its scale; None: nobody knows, it may be anything.
    low, high: it lies between these figures, all alike (uniform). sigma: standard deviation around `value` (normal).
    """

    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    sigma: float | None = None


def evenly(words: Sequence[str]) -> Judgements:
    """Words from worst to best, in equal steps from 0 to 1. Raises ValueError for fewer than two different words."""
    if len(set(words)) < 2 or len(set(words)) != len(words):
        raise ValueError("A scale has at least two different words.")
    return Judgements({word: at / (len(words) - 1) for at, word in enumerate(words)})


def sound(function: Function) -> bool:
    """Whether a function can be used: ends that differ, figures that rise, every value from 0 to 1."""
    if isinstance(function, Linear):
        return isfinite(function.worst) and isfinite(function.best) and function.worst != function.best
    if isinstance(function, Judgements):
        return len(function.words) > 1 and all(0 <= one <= 1 for one in function.words.values())
    figures = [figure for figure, _value in function.points]
    return (
        len(figures) > 1
        and all(isfinite(one) for one in figures)
        and all(a < b for a, b in pairwise(figures))
        and all(0 <= value <= 1 for _figure, value in function.points)
    )


def ends(function: Linear | Piecewise) -> tuple[float, float]:
    """Lowest and highest figure that the function speaks of."""
    if isinstance(function, Linear):
        return min(function.worst, function.best), max(function.worst, function.best)
    return function.points[0][0], function.points[-1][0]


def value(function: Function, raw: float | str) -> float:
    """The value of a figure or a word. Raises ValueError beyond the ends, or off the scale."""
    if isinstance(function, Judgements):
        if not isinstance(raw, str) or raw not in function.words:
            raise ValueError(f"{raw!r} is no word of the scale.")
        return function.words[raw]
    low, high = ends(function)
    if isinstance(raw, str) or not low <= raw <= high:
        raise ValueError(f"{raw!r} does not lie from {low} to {high}.")
    if isinstance(function, Linear):
        return (raw - function.worst) / (function.best - function.worst)
    at = min(bisect_right([figure for figure, _value in function.points], raw), len(function.points) - 1)
    (x0, y0), (x1, y1) = function.points[at - 1], function.points[at]
    return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)


def span(function: Function, cell: Performance) -> tuple[float, float]:
    """Lowest and highest value that a performance can have. A normal one is taken at two standard deviations.

    Raises ValueError as `value` does; what a standard deviation adds beyond an end counts as the end.
    """
    if isinstance(function, Judgements) or (cell.low is None and cell.sigma is None):
        if cell.value is None:
            return 0.0, 1.0
        found = value(function, cell.value)
        return found, found
    low, high = _figures(function, cell)
    inside = [y for x, y in function.points if low < x < high] if isinstance(function, Piecewise) else []
    found_all = [value(function, low), value(function, high), *inside]
    return min(found_all), max(found_all)


def _figures(function: Linear | Piecewise, cell: Performance) -> tuple[float, float]:
    if cell.low is not None and cell.high is not None:
        return cell.low, cell.high
    if cell.sigma is None or cell.value is None or isinstance(cell.value, str):
        raise ValueError("A performance has two bounds, or a figure and its standard deviation.")
    least, most = ends(function)
    value(function, cell.value)
    return max(least, cell.value - 2 * cell.sigma), min(most, cell.value + 2 * cell.sigma)


def mapped(function: Linear | Piecewise, raw: Any) -> Any:
    """Values of an array of figures; a figure beyond an end counts as the end."""
    import numpy as np  # noqa: PLC0415 - heavy

    if isinstance(function, Linear):
        return np.clip((raw - function.worst) / (function.best - function.worst), 0, 1)
    figures, values = zip(*function.points, strict=True)
    return np.interp(raw, figures, values)
