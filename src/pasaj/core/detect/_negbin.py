"""Tails and bounds of negative binomial counts with a mean and an `alpha`: variance = mean + alpha · mean².

Exact through the regularised incomplete beta function (Johnson, Kemp, Kotz, Univariate discrete
distributions, 3rd ed., 2005, chapter 5); alpha below SMALLEST is Poisson, through the incomplete gamma
function (chapter 4). Arrays of one shape in, one of that shape out; NaN in, NaN out. Means and alphas must
be finite, levels between 0 and 0.5. Bounds are whole numbers, exact below 2**53.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Tail = Callable[[Floats, Floats, Floats], Floats]

SMALLEST = 1e-9  # of alpha; at a mean of a million the spread then differs from Poisson's by 0.05 %


def at_least(count: Floats, mean: Floats, alpha: Floats) -> Floats:
    """P(Y ≥ count); 1 where count is zero or less."""
    size = 1 / np.maximum(alpha, SMALLEST)
    y = np.maximum(count, np.finfo(float).tiny)
    beta = special.betainc(y, size, mean / (mean + size))
    tail = np.where(alpha < SMALLEST, special.gammainc(y, mean), beta)
    return np.where(count <= 0, 1.0, tail) + 0 * (count + mean)


def at_most(count: Floats, mean: Floats, alpha: Floats) -> Floats:
    """P(Y ≤ count); 0 where count is below zero."""
    size = 1 / np.maximum(alpha, SMALLEST)
    y = np.maximum(count, 0.0) + 1
    beta = special.betainc(size, y, size / (mean + size))
    tail = np.where(alpha < SMALLEST, special.gammaincc(y, mean), beta)
    return np.where(count < 0, 0.0, tail) + 0 * (count + mean)


def upper(mean: Floats, alpha: Floats, level: Floats) -> Floats:
    """The greatest whole number that is not yet unusual: the least u with P(Y ≥ u + 1) ≤ level."""
    spread = _spread(mean, alpha)

    def unusual(count: Floats) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = at_least(count + 1, mean, alpha) <= level
        return found

    low, high = np.full_like(spread, -1.0), np.ceil(mean + 2 * spread)
    while (short := ~unusual(high) & np.isfinite(spread)).any():
        low = np.where(short, high, low)
        high = np.where(short, high + np.ceil(high - mean + spread), high)
    return _halve(low, high, unusual) + 0 * mean


def lower(mean: Floats, alpha: Floats, level: Floats) -> Floats:
    """The least whole number that is not yet unusual: the greatest l with P(Y ≤ l - 1) ≤ level, from 0."""

    def usual(count: Floats) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = ~(at_most(count, mean, alpha) <= level)
        return found

    high = np.ceil(mean + 2 * _spread(mean, alpha))
    return _halve(np.full_like(high, -1.0), high, usual) + 0 * mean


def _spread(mean: Floats, alpha: Floats) -> Floats:
    return np.asarray(np.sqrt(mean + alpha * mean * mean) + 1)


def _halve(low: Floats, high: Floats, holds: Callable[[Floats], NDArray[np.bool_]]) -> Floats:
    """The least whole number above `low`, at most `high`, from which `holds` is true."""
    middle = np.floor((low + high) / 2)
    while (between := (middle > low) & (middle < high)).any():
        true = holds(middle)
        high = np.where(between & true, middle, high)
        low = np.where(between & ~true, middle, low)
        middle = np.floor((low + high) / 2)
    return high
