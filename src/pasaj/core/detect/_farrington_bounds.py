"""Farrington: from an expected count and its uncertainty to bounds and tail probabilities.

Source: Farrington et al. (1996), J R Stat Soc A 159, 547-563, section 3.5 (power-transformed normal, `delta`);
Noufaily et al. (2013), Stat Med 32, 1206-1222, section 3.4 (negative binomial plug-in, `nbPlugin`); Salmon,
Schumacher, Hoehle (2016), Monitoring count time series in R, J Stat Softw 70(10), section 3.2 (`muan`: the
plug-in at the upper confidence limit of the mean). Shapes: every array is (C), one number a cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

POWERS = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}
FUZZ = 1 - 64 * np.finfo(np.float64).eps  # a tail equal to alpha but for rounding counts as equal


@dataclass(frozen=True, slots=True)
class Bounds:
    """`lower` and `upper` of the usual, and how likely a count as high (`rise`) or as low (`fall`) is."""

    lower: Floats
    upper: Floats
    rise: Floats
    fall: Floats


def bounds(mean: Floats, error: Floats, phi: Floats, counts: Floats, controls: Mapping[str, Any]) -> Bounds:
    """`mean` expected, `error` standard error of its logarithm, `phi` dispersion, `counts` NaN missing."""
    z = -NormalDist().inv_cdf(controls["alpha"])
    if controls["threshold_method"] == "delta":
        return _normal(mean, error, phi, counts, z, POWERS[controls["powertrans"]])
    high = low = mean
    if controls["threshold_method"] == "muan":
        # On the logarithmic scale, so that each side errs towards no alarm.
        high, low = np.exp(np.log(mean) + z * error), np.exp(np.log(mean) - z * error)
    alpha = controls["alpha"]
    return Bounds(
        quantile(np.full_like(low, alpha), low, phi),
        quantile(np.full_like(high, 1 - alpha), high, phi),
        at_least(counts, high, phi),
        at_most(counts, low, phi),
    )


def _normal(mean: Floats, error: Floats, phi: Floats, counts: Floats, z: float, power: float) -> Bounds:
    """Counts to the `power` are taken as normal: variance of the count and of the estimate together."""
    tau = phi + error**2 * mean
    spread = power * mean ** (power - 0.5) * np.sqrt(tau)
    middle = mean**power
    score = (counts**power - middle) / spread
    lower = np.maximum(middle - z * spread, 0.0) ** (1 / power)
    return Bounds(lower, (middle + z * spread) ** (1 / power), special.ndtr(-score), special.ndtr(score))


def at_most(counts: Floats, mean: Floats, phi: Floats) -> Floats:
    """P(Y <= count): negative binomial with variance phi * mean, Poisson where phi is 1."""
    spare = np.where(phi > 1, phi, 2.0)
    wide = special.betainc(mean / (spare - 1), counts + 1, 1 / spare)
    return np.where(phi > 1, wide, special.gammaincc(counts + 1, mean))


def at_least(counts: Floats, mean: Floats, phi: Floats) -> Floats:
    """P(Y >= count), exact far out where 1 - P(Y < count) is not."""
    spare, some = np.where(phi > 1, phi, 2.0), np.where(counts > 0, counts, 1.0)
    wide = special.betainc(some, mean / (spare - 1), (spare - 1) / spare)
    tail = np.where(phi > 1, wide, special.gammainc(some, mean))
    return np.where(np.isnan(counts) | ~np.isfinite(mean), np.nan, np.where(counts > 0, tail, 1.0))


def quantile(share: Floats, mean: Floats, phi: Floats) -> Floats:
    """Smallest count with P(Y <= count) >= share; NaN where mean or phi is not finite."""
    found = np.full(mean.shape, np.nan)
    able = np.isfinite(mean) & np.isfinite(phi)
    if able.any():
        found[able] = _quantile(share[able] * FUZZ, mean[able], phi[able])
    return found


def _quantile(share: Floats, mean: Floats, phi: Floats) -> Floats:
    """From a guess by three moments outwards in doubling steps, then halving between."""
    deviation = np.sqrt(phi * mean)
    z = special.ndtri(share)
    skew = (2 * phi - 1) / np.where(deviation > 0, deviation, 1.0)
    guess = np.maximum(np.rint(mean + deviation * (z + skew * (z * z - 1) / 6)), 0.0)
    enough = at_most(guess, mean, phi) >= share
    high, low = np.where(enough, guess, np.inf), np.where(enough, -1.0, guess)  # low is never enough
    reach = np.ones_like(guess)
    places = np.arange(len(guess))
    while len(places):
        up = np.isinf(high[places])
        from_high = high[places] - reach[places]
        middle = np.floor((low[places] + high[places]) / 2)
        down = ~up & enough[places] & (from_high > low[places]) & (reach[places] > 0)
        trial = np.where(up, low[places] + reach[places], np.where(down, from_high, middle))
        holds = at_most(trial, mean[places], phi[places]) >= share[places]
        high[places] = np.where(holds, trial, high[places])
        low[places] = np.where(holds, low[places], trial)
        # Steps double while they go the same way; once the answer is enclosed it is halved.
        reach[places] = np.where(up | (down & holds), reach[places] * 2, 0.0)
        apart = high[places] - low[places]
        places = places[apart > np.maximum(1.0, 4 * np.spacing(low[places]))]
    return high
