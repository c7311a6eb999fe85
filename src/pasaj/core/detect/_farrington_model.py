"""Farrington: from baselines to the expected count of the week judged, with the weeks of past outbreaks weighed down.

Source: Noufaily et al. (2013), Stat Med 32, 1206-1222, sections 3.1 (trend), 3.2 (season), 3.3 (Anscombe residuals
beyond 2.58 weighed down); Farrington et al. (1996), J R Stat Soc A 159, 547-563, section 3 (dispersion, trend rule).

Two habits of R surveillance decide some answers and are kept: the dispersion uses the working weights of the
last step of the iteration, and after reweighting the standard errors use the sum of prior weights times squared
relative residuals instead of the dispersion.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from pasaj.core.detect._farrington_fit import Bools, Cells, Fit, Floats, growth, level_fit, paired, spread, trend_fit

FLAT = 1e-16  # counts that differ by one somewhere are further from their means
SATURATED = 1e-10
TREND_YEARS = 3  # with fewer years a slope is not told from chance


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of C cells: `mean` expected, `error` standard error of its log, `phi`, the trend decision, and whether
    the fit converged (`settled`) on enough weeks, some of the season of the week judged (`enough`).

    `weights` (N, C): prior weights of the last fit; `fitted` (N, C) its means.
    """

    mean: Floats
    error: Floats
    phi: Floats
    kept: Bools
    settled: Bools
    enough: Bools
    weights: Floats
    fitted: Floats


def estimate(cells: Cells, controls: Mapping[str, Any]) -> Estimate:
    """With trend where it is significant and does not lead beyond the counts seen, else without."""
    if not (controls["trend"] and controls["b"] >= TREND_YEARS):
        return _model(cells, controls, sloped=False)
    whole = _model(cells, controls, sloped=True)
    rest = np.flatnonzero(~whole.kept)
    if not len(rest):
        return whole
    part = _model(cells.take(paired(rest)), controls, sloped=False)
    for name in Estimate.__slots__:
        getattr(whole, name)[..., rest] = getattr(part, name)[..., : len(rest)]
    return whole


def _model(cells: Cells, controls: Mapping[str, Any], *, sloped: bool) -> Estimate:
    solve = trend_fit if sloped else level_fit
    design, own = cells.design, cells.design.own
    number = np.add.reduce(cells.number, axis=0)
    freedom = number - np.count_nonzero(cells.number, axis=0) - sloped
    enough = (freedom > 0) & (cells.number[own] > 0) & _full(cells, number, controls["min_share"])
    fit = solve(cells, None)
    means = _Means(cells, fit)
    scale = means.dispersion(means.working(cells.here)) / freedom
    phi = np.maximum(scale, 1.0)
    weights, settled = cells.here, fit.converged
    for _ in range(controls["weights_rounds"] if controls["reweight"] else 0):
        weights = means.reweighted(phi, number, controls["weights_threshold"], controls["three_weeks_threshold"])
        fit = solve(cells, weights)
        settled = settled & fit.converged
        means = _Means(cells, fit)
        phi = np.maximum(means.dispersion(means.working(weights)) / freedom, 1.0)
        scale = means.dispersion(weights) / freedom
    ahead = design.ahead - _late_start(cells, controls) if sloped else float(design.ahead)
    distance = ahead - fit.centre[own]
    error = np.sqrt(scale * (1 / fit.mass[own] + distance**2 / fit.grip))
    mean = fit.level[own] * np.exp(fit.slope * ahead)
    kept = np.zeros(len(mean), dtype=np.bool_)
    if sloped:
        chance = 2 * special.stdtr(freedom, -np.abs(fit.slope) / np.sqrt(scale / fit.grip))
        most = cells.counts.max(axis=0)
        kept = settled & enough & (chance < controls["p_threshold_trend"]) & (mean <= most) & (scale > FLAT)
    if weights is None:
        weights = np.ones_like(cells.counts)
    return Estimate(mean, error, phi, kept, settled, enough, weights, means.mean)


def _full(cells: Cells, number: Floats, share: float) -> Bools:
    """Whether so much of the baseline was reported, and of the season of the week judged. R asks for none."""
    design = cells.design
    same = float(np.diff(design.bounds)[design.own])
    full: Bools = (number >= share * len(design.back)) & (cells.number[design.own] >= share * same)
    return full


def _late_start(cells: Cells, controls: Mapping[str, Any]) -> Floats | float:
    """By date, R predicts as many weeks too early as the baseline begins with missing ones.

    Kept for agreement while that is a matter of the oldest window; a series that began years later is
    predicted at its own time.
    """
    if not controls["weeks_by_date"] or cells.here is None:
        return 0.0
    time = cells.design.column
    late = np.min(np.where(cells.here > 0, time, np.inf), axis=0) - time.min()
    return np.where(late <= 2 * controls["w"] + 1, late, 0.0)


class _Means:
    """What a fit says of each week of the baselines, (N, C) each."""

    def __init__(self, cells: Cells, fit: Fit) -> None:
        self.cells, self.fit = cells, fit
        # Sixth roots give the mean, its square root and the residual without a power a week.
        self.sixth = growth(cells.design, fit.slope / 6)
        self.sixth *= spread(cells.design, fit.level ** (1 / 6))
        self.half = self.sixth * self.sixth
        self.half *= self.sixth
        self.mean = self.half * self.half
        self.squares = cells.counts / self.mean
        self.squares -= 1.0
        self.squares *= self.squares

    def working(self, weights: Floats | None) -> Floats:
        """Weights of the last step of the iteration."""
        design, fit = self.cells.design, self.fit
        last = growth(design, fit.last_slope)
        last *= spread(design, fit.last_level)
        if weights is not None:
            last *= weights
        return last

    def dispersion(self, weights: Floats) -> Floats:
        """Weighted sum of squared relative residuals, (C)."""
        found: Floats = np.add.reduce(weights * self.squares, axis=0)
        return found

    def reweighted(self, phi: Floats, number: Floats, threshold: float, three: float | None) -> Floats:
        """Weeks whose standardised Anscombe residual is beyond the threshold count by its inverse square.

        `three`: the same for the residuals of a week and those beside it, added up and divided by the root of three.
        """
        cells, design, fit = self.cells, self.cells.design, self.fit
        # In place: each of these passes over all weeks costs as much as a step of the fit.
        free = design.column - spread(design, fit.centre)
        free *= free
        free /= fit.grip
        free += spread(design, 1 / fit.mass)
        free *= self.working(cells.here)
        np.subtract(1.0, free, out=free)
        # A week alone in its season is met exactly: it has no residual to judge it by, and keeps its weight.
        free[free <= SATURATED] = np.inf
        free *= phi
        residual = cells.root / self.sixth
        residual -= self.half
        beyond = residual > 0
        residual *= 1.5
        residual *= residual
        signs = np.where(beyond, 1.0, -1.0) if three is not None else None
        beyond &= residual > threshold**2 * free
        weights = np.ones_like(free)
        np.divide(free, residual, out=weights, where=beyond)
        if three is not None:
            np.minimum(weights, self._of_three(signs * np.sqrt(residual / free), three), out=weights)
        if cells.here is not None:
            weights *= cells.here
        weights *= number / np.add.reduce(weights, axis=0)
        return weights

    def _of_three(self, residual: Floats, threshold: float) -> Floats:
        """Weights by the sum of three standardised residuals; a week that is missing says nothing."""
        if self.cells.here is not None:
            residual *= self.cells.here
        padded = np.vstack([residual, np.zeros((1, residual.shape[1]))])
        before, after = self.cells.design.beside
        together = (padded.take(before, axis=0) + residual + padded.take(after, axis=0)) / np.sqrt(3.0)
        weights = np.ones_like(residual)
        np.divide(1.0, together * together, out=weights, where=together > threshold)
        return weights
