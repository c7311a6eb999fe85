"""Since when a series lies on another level, and what the old level was and the new one is.

The likelihood-ratio test for one change of the mean at an unknown time. The likelihood is Poisson's, divided
by the dispersion that remains after the change is taken out (quasi-likelihood; McCullagh and Nelder,
Generalized linear models, 2nd ed., 1989, chapter 9); weekdays are factors of the exposure. The greatest ratio
over all places of the change is held against the greatest of a standardised Brownian bridge (Csörgő and
Horváth, Limit theorems in change-point analysis, 1997, section 1.3, the expansion of its tail).
docs/methods/level-shift.md shows how that holds in simulations and when the method fails.

One change is looked for: the strongest. Of a series with several, give a shorter part to find a later one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WEEK = 7
SMALLEST = 1.5  # the expansion of the tail holds above; below, the p-value is 1
MOST = 1e15  # a count above is taken as this


@dataclass(frozen=True, slots=True)
class Shift:
    """One change of level.

    since: the column from which on the new level holds. old, new: mean counts a period before and after it, of
    an average weekday where weekdays were taken out. ratio: new / old, inf where nothing was before.
    direction: "up" or "down". p_value: of the change, its place having been looked for. before, after:
    reported periods on either side.
    """

    since: int
    old: float
    new: float
    ratio: float
    direction: str
    p_value: float
    before: int
    after: int


def shifts(
    counts: ArrayLike, *, least: int = 14, weekdays: bool = False, limit: float = 0.001
) -> tuple[Shift | None, ...]:
    """The strongest change of each series; None where there is none, or too little to tell.

    counts: (n_series, n_time), one column a period, NaN missing. least: reported periods that a level needs on
    either side of its change. weekdays: the columns are days, and what weekdays do is taken out.
    limit: the greatest p-value that is told. Raises ValueError for settings out of range or counts below zero.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or (table < 0).any():
        raise ValueError("Counts are series by time, zero or more.")
    if least < 2 or not 0 < limit <= 1:
        raise ValueError("A level needs two periods or more, and a p-value lies between 0 and 1.")
    return tuple(_shift(row, least, limit, weekdays=weekdays) for row in table)


def tail(score: float, least: int, length: int) -> float:
    """P(the greatest |B(t)| / sqrt(t(1 - t)) of a Brownian bridge, least/length from its ends, ≥ score)."""
    score = min(score, 38.0)  # farther out the density is zero
    if score <= SMALLEST:
        return 1.0
    room = 2 * math.log(length / least - 1)
    density = math.exp(-score * score / 2) / math.sqrt(2 * math.pi)
    return min(1.0, score * density * (room * (1 - 1 / score**2) + 4 / score**2))


def _shift(row: Floats, least: int, limit: float, *, weekdays: bool) -> Shift | None:
    places = np.flatnonzero(~np.isnan(row))
    y = np.minimum(row[places], MOST)
    if len(y) < 2 * least + 1 or not y.any():
        return None
    exposure = np.ones(len(y))
    cut, ratio = _cut(y, exposure, least)
    if weekdays:
        for _ in range(2):
            exposure = _weekdays(y, _means(y, exposure, cut) / exposure, places % WEEK)
            cut, ratio = _cut(y, exposure, least)
    mean = _means(y, exposure, cut)
    freedom = max(len(y) - (WEEK + 1 if weekdays else 2), 1)
    score = math.sqrt(2 * max(ratio, 0.0) / _dispersion(y, mean, cut, freedom))
    # The dispersion was estimated: what a t distribution says of the score, as a normal one would say it.
    p_value = tail(float(-special.ndtri(special.stdtr(freedom, -score))), least, len(y))
    old, new = y[:cut].sum() / exposure[:cut].sum(), y[cut:].sum() / exposure[cut:].sum()
    if p_value > limit:
        return None
    return Shift(
        since=int(places[cut]),
        old=float(old),
        new=float(new),
        ratio=float(new / old) if old else math.inf,
        direction="up" if new > old else "down",
        p_value=p_value,
        before=cut,
        after=len(y) - cut,
    )


def _cut(y: Floats, exposure: Floats, least: int) -> tuple[int, float]:
    """Where the change is likeliest, and the log-likelihood ratio of Poisson counts with it and without."""
    left, shared = np.cumsum(y), np.cumsum(exposure)
    total, whole = left[-1], shared[-1]
    left, shared = left[least - 1 : -least], shared[least - 1 : -least]
    right, rest = total - left, whole - shared
    gain = special.xlogy(left, left / shared) + special.xlogy(right, np.maximum(right, 0) / rest)
    at = int(gain.argmax())
    return at + least, float(gain[at] - total * math.log(total / whole))


def _means(y: Floats, exposure: Floats, cut: int) -> Floats:
    """The mean of each period under the two levels."""
    levels = [y[part].sum() / exposure[part].sum() for part in (slice(cut), slice(cut, None))]
    return np.asarray(exposure * np.where(np.arange(len(y)) < cut, *levels))


def _weekdays(y: Floats, level: Floats, weekday: NDArray[np.intp]) -> Floats:
    """What each weekday brings, by what the level of its periods says; one on average over the periods."""
    seen, expected = np.bincount(weekday, y, WEEK), np.bincount(weekday, level, WEEK)
    # A weekday on which nobody ever comes keeps a sliver, so that no part is without exposure.
    factor = np.maximum(seen / np.maximum(expected, np.finfo(float).tiny), 1e-6)[weekday]
    return np.asarray(factor / factor.mean())


def _dispersion(y: Floats, mean: Floats, cut: int, freedom: int) -> float:
    """The variance by its mean that remains, at least 1: of single periods, or of weeks of them if these vary
    more than single periods explain (neighbouring periods move together).
    """
    rest = y - mean
    single = (rest**2 / np.maximum(mean, 1e-9)).sum() / freedom
    found = [1.0, float(single)]
    sums, means = _blocks(rest, cut), _blocks(mean, cut)
    if len(sums) > 2:
        found.append(float((sums**2 / np.maximum(means, 1e-9)).sum() / (len(sums) - 2)))
    return max(found)


def _blocks(values: Floats, cut: int) -> Floats:
    """Sums of whole blocks of seven periods, none across the change."""
    parts = (values[:cut], values[cut:])
    return np.concatenate([part[: len(part) // WEEK * WEEK].reshape(-1, WEEK).sum(axis=1) for part in parts])
