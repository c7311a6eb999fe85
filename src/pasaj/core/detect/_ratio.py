"""Likelihood ratios of a change by a factor that began at some period and still holds.

Formulas: Höhle, Paul (2008), sections 2 and 3; `spread` is their alpha, variance = level + alpha · level².
"""

from dataclasses import dataclass

import numpy as np

from pasaj.core.detect._level import Bools, Floats

MOST, CLOSE = 100, 1e-8  # steps of Newton's method; after one as small as this the error is its square


@dataclass(frozen=True, slots=True)
class Window:
    """The periods since the restart, (n_series, n_period), today last; nothing counts where level is 0.

    `spread` (n_series,): all zero (Poisson), or none is. `sign`: 1 for rises, -1 for falls.
    """

    counts: Floats
    level: Floats
    spread: Floats
    sign: int

    def at(self, today: Floats) -> tuple[Floats, Floats]:
        """The largest ratio over all beginnings if today's count were `today`, and its slope in it.

        Both (n_series,). The ratio is 0 where nothing speaks for a change; it is convex in `today`.
        """
        counts = self.counts.copy()
        counts[:, -1] = today
        ratio, slope = self._varied(counts) if self.spread.any() else self._plain(counts)
        best = ratio.argmax(axis=1)[:, None]
        return np.take_along_axis(ratio, best, 1)[:, 0], np.take_along_axis(slope, best, 1)[:, 0]

    def _plain(self, counts: Floats) -> tuple[Floats, Floats]:
        total, usual = _since(counts), _since(self.level)
        factor = np.where(usual > 0, total / usual, 1.0)
        factor = np.maximum(factor, 1.0) if self.sign > 0 else np.minimum(factor, 1.0)
        slope = np.log(factor)
        grown = np.where(total > 0, slope * total, 0.0)
        return np.where(factor == 1, 0.0, grown + (1 - factor) * usual), slope

    def _varied(self, counts: Floats) -> tuple[Floats, Floats]:
        since = np.triu(np.ones((counts.shape[1], counts.shape[1])))  # a row for each beginning
        x, mu, a = counts[:, None, :] * since, self.level[:, None, :] * since, self.spread[:, None, None]
        factor = self._factor(x, mu, a)
        log = np.log(factor)
        total = x.sum(axis=2)
        shrunk = np.log((1 + a * mu) / (1 + a * mu * factor[:, :, None]))
        ratio = np.where(total > 0, log * total, 0.0) + ((x + 1 / a) * shrunk).sum(axis=2)
        return np.where(factor == 1, 0.0, ratio), log + shrunk[:, :, -1]

    def _factor(self, x: Floats, mu: Floats, a: Floats) -> Floats:
        """The likeliest factor for each beginning, not on the other side of 1: (n_series, n_period).

        Newton's method from the likeliest factor of a Poisson count. The score is convex and falls with
        the factor, so the first step ends left of the root, and all others rise to it.
        """
        curve = a * mu * (x + 1 / a)
        least = 1.0 if self.sign > 0 else 0.0
        changed = self.sign * ((x - mu) / (1 + a * mu)).sum(axis=2) > 0
        factor = np.where(changed, np.maximum(least, x.sum(axis=2) / mu.sum(axis=2)), 1.0)
        turns = MOST
        while turns and changed.any():
            turns -= 1
            below = 1 + a * mu * factor[:, :, None]
            score = ((x - mu * factor[:, :, None]) / below).sum(axis=2)
            step = np.where(changed, score / (curve / (below * below)).sum(axis=2), 0.0)
            factor = np.maximum(factor + step, np.where(changed, least, 0.0))
            changed = changed & (np.abs(step) > CLOSE * factor)
        return factor


def _since(values: Floats) -> Floats:
    """Sums from each period to the last."""
    sums: Floats = values[:, ::-1].cumsum(axis=1)[:, ::-1]
    return sums


def bound(window: Window, threshold: float) -> Floats:
    """The count of today that would just bring the ratio to the threshold: (n_series,).

    Rises: 0 where any count would. Falls: NaN where not even a count of zero would.
    """
    low = np.zeros(len(window.counts))
    high = window.level[:, -1] + threshold + 1
    rising = window.sign > 0
    nought = window.at(low)[0] >= threshold
    sought = (nought != rising) & (window.level[:, -1] > 0)
    turns, short = MOST, sought
    while turns and short.any():
        turns -= 1
        short = sought & ((window.at(high)[0] >= threshold) != rising)
        high = np.where(short, 2 * high, high)
    root = _root(window, threshold, (low, high), sought)
    return np.where(nought, 0.0, root) if rising else np.where(nought, root, np.nan)


def _root(window: Window, threshold: float, bracket: tuple[Floats, Floats], sought: Bools) -> Floats:
    """Newton's method from the steep side, and halving wherever it would leave the bracket."""
    low, high = bracket
    rising = window.sign > 0
    root = high if rising else low
    turns, done = MOST, ~sought
    while turns and not done.all():
        turns -= 1
        value, slope = window.at(root)
        over = (value >= threshold) == rising
        low, high = np.where(over, low, root), np.where(over, root, high)
        step = root - (value - threshold) / slope
        inside = np.isfinite(step) & (step >= low) & (step <= high) & np.isfinite(slope)
        new = np.where(done, root, np.where(inside, step, (low + high) / 2))
        done |= np.abs(new - root) <= 1e-10 * (1 + root)
        root = new
    return root
