"""Negative binomial log-linear models of many series that share one design matrix, with priors on the effects.

The fit is Newton's method on the penalised likelihood (iteratively reweighted least squares; McCullagh and
Nelder, Generalized linear models, 2nd ed., 1989, section 2.5); the priors are normal, so the fit is the
mode of the posterior and the inverse information its spread (Wood, Generalized additive models, 2nd ed.,
2017, section 4.2.4). The dispersion is the moment estimate in which Pearson's chi-square equals its degrees
of freedom (Breslow, Appl Stat 33, 1984, 38-44).

Rows are always computed `ROWS` at a time, short blocks being filled up, and a row that has converged is left
alone: what a series gives does not depend on the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROWS = 16
STEPS = 40  # of one fit; it takes four to eight
CLOSE = 1e-8  # the fit ends when a step changes no logarithm of a mean by more
NEAR = 1e-3  # and is none when it still changed one by more than this
LONGEST = 2.0  # a step changes no logarithm of a mean by more
FREE = 15  # steps after which they are halved, so that none goes to and fro for ever
FARTHEST = 46.0  # exp(46) = 9.5e19: no mean leaves ±FARTHEST
HALVINGS = 40
MOST = 1e4  # of the dispersion


@dataclass(frozen=True, slots=True)
class Design:
    """Columns (n_time, p), and for each the precision of its normal prior around zero (p,).

    `lengths` (p,): for an effect that is a step of a random walk the variance it has when the walk's is 1,
    zero for all others. The walk's own variance is found for each series, see `walk`. `products` are the
    pairwise products of the columns, (n_time, p(p+1)/2): with them the information of
    all series is one product of matrices.
    """

    columns: Floats
    precision: Floats
    lengths: Floats
    products: Floats
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Fit:
    """Effects (n, p), their covariance (n, p, p), fitted means (n, n_time), degrees of freedom left (n,)."""

    effects: Floats
    spread: Floats
    means: Floats
    freedom: Floats
    converged: Bools


def design(columns: Floats, precision: Floats, lengths: Floats) -> Design:
    """Prepare a design for many fits: columns (n_time, p), precision and lengths (p,), see `Design`."""
    pairs = np.triu_indices(columns.shape[1])
    return Design(columns, precision, lengths, np.ascontiguousarray(columns[:, pairs[0]] * columns[:, pairs[1]]), pairs)


def start(counts: Floats, weights: Floats, width: int) -> tuple[Floats, Floats]:
    """Effects to begin from and the centre of the first one's prior: the logarithm of the weighted mean.

    A series without a single count is taken to have had half of one.
    """
    reported = weights.sum(axis=1)
    level = np.log(np.maximum((weights * counts).sum(axis=1), 0.5) / np.maximum(reported, 1.0))
    effects = np.zeros((len(counts), width))
    effects[:, 0] = level
    return effects, level


def walk(fitted: Fit, model: Design, expected: float, trust: float) -> Floats:
    """The variance of each series' random walk, from its fitted steps: their mean square, errors included
    (one step of the EM algorithm; Dempster, Laird, Rubin, J R Stat Soc B 39, 1977, 1-38), to which `expected`
    is added as if it had been seen `trust` times.
    """
    steps = model.lengths > 0
    squares = fitted.effects[:, steps] ** 2 + np.einsum("ijj->ij", fitted.spread)[:, steps]
    found: Floats = (squares / model.lengths[steps]).sum(axis=1) + trust * expected
    return np.asarray(found / (steps.sum() + trust))


def fit(
    counts: Floats, weights: Floats, alpha: Floats, variance: Floats, model: Design, effects: Floats, centre: Floats
) -> Fit:
    """Fit ROWS series. counts, weights (ROWS, n_time), weight zero where missing; alpha (the dispersion),
    variance (of the random walk) and centre (of the prior of the first effect) (ROWS,).
    """
    x, steps = model.columns, model.lengths > 0
    precision = np.tile(model.precision, (len(counts), 1))
    precision[:, steps] = 1 / (variance[:, None] * model.lengths[steps])
    diagonal = np.arange(x.shape[1])
    offset = np.zeros_like(effects)
    offset[:, 0] = centre
    effects, moving = effects.copy(), np.ones(len(counts), dtype=bool)
    for turn in range(STEPS):
        mean = np.exp(np.clip(effects @ x.T, -FARTHEST, FARTHEST))
        pull = weights / (1 + alpha[:, None] * mean)
        slope = (pull * (counts - mean)) @ x - (effects - offset) * precision
        # The information as observed, not as expected: the likelihood is concave, and Newton's steps end sooner.
        information = _information(pull * mean * (1 + alpha[:, None] * counts) / (1 + alpha[:, None] * mean), model)
        information[:, diagonal, diagonal] += precision
        step = np.linalg.solve(information, slope[..., None])[..., 0]
        reach = np.abs(step @ x.T).max(axis=1)
        step *= (LONGEST / np.maximum(reach, LONGEST) if turn < FREE else 0.5 / np.maximum(reach, 1.0))[:, None]
        effects[moving] += step[moving]
        moving &= reach > CLOSE
        if not moving.any():
            break
    mean = np.exp(np.clip(effects @ x.T, -FARTHEST, FARTHEST))
    information = _information(weights * mean / (1 + alpha[:, None] * mean), model)
    information[:, diagonal, diagonal] += precision
    spread: Floats = np.asarray(np.linalg.inv(information), np.float64)
    kept = (np.einsum("ijj->ij", spread) * precision).sum(axis=1)
    freedom = weights.sum(axis=1) - (x.shape[1] - kept)
    return Fit(effects, spread, mean, freedom, reach < NEAR)


def dispersion(counts: Floats, weights: Floats, fitted: Fit, scale: float) -> Floats:
    """The alpha at which the weighted chi-square is `scale` times the degrees of freedom; 0 if none is.

    `scale` is the share of the variance that the weights leave: 1 where none was taken away.
    """
    mean, goal = fitted.means, scale * np.maximum(fitted.freedom, 1.0)
    squares = weights * (counts - mean) ** 2 / mean

    def beyond(alpha: Floats) -> Bools:
        found: Bools = (squares / (1 + alpha[:, None] * mean)).sum(axis=1) > goal
        return found

    low, high = np.full(len(counts), -23.0), np.full(len(counts), np.log(MOST))
    poisson = ~beyond(np.exp(low))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = beyond(np.exp(middle))
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(poisson, 0.0, np.exp((low + high) / 2))


def _information(load: Floats, model: Design) -> Floats:
    rows, columns = model.pairs
    packed = load @ model.products
    full = np.empty((len(load), model.columns.shape[1], model.columns.shape[1]))
    full[:, rows, columns] = packed
    full[:, columns, rows] = packed
    return full
