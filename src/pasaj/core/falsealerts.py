"""Few false alerts among many series: p-values of one run, adjusted for how many there are.

Sources: Benjamini, Hochberg (1995), Controlling the false discovery rate, J R Stat Soc B 57, 289-300,
section 3 ("bh"); Benjamini, Yekutieli (2001), The control of the false discovery rate in multiple testing
under dependency, Ann Stat 29, 1165-1188, theorem 1.3 ("by"); Heyse (2011), A false discovery rate procedure
for categorical data, in Recent advances in biostatistics, 43-58 ("heyse"); Döhler, Durand, Roquain (2018),
New FDR bounds for discrete and heterogeneous tests, Electron J Stat 12, 1867-1900, section 3, the step-down
procedure ("dbh"). docs/methods/false-alerts.md says which to use and when they fail.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from pasaj.core.problems import Refused, problem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

METHODS = ("bh", "by", "heyse", "dbh")
DISCRETE = ("heyse", "dbh")
FINE = 500  # a test with more attainable p-values than this is taken as continuous, which rejects less
SAME = 1 + 1e-9  # p-values closer than this are equal: they differ by rounding


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """The p-values each test can attain at all: `value` of test `owner`, rising within each test.

    `continuous` (n_test,): tests that can attain any. A p-value below the least of its test counts as itself.
    `chance`, beside `value`: how likely a p-value up to it is without any signal, where that is not the value itself
    (twice the smaller of two tails is reached by one of them alone where the other cannot be so small).
    """

    value: Floats
    owner: NDArray[np.intp]
    continuous: Bools
    chance: Floats | None = None

    def only(self, tests: Bools) -> "Support":
        """The support of some of the tests, `tests` (n_test,) bool."""
        number = np.cumsum(tests) - 1
        kept = tests[self.owner]
        chance = None if self.chance is None else self.chance[kept]
        return Support(self.value[kept], number[self.owner[kept]], self.continuous[tests], chance)


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """Adjusted p-values (NaN where there was none) and which of them are at most q; shaped as the input."""

    adjusted: Floats
    rejected: Bools


def adjust(
    p_values: ArrayLike,
    *,
    method: str = "bh",
    support: Support | None = None,
    family: ArrayLike | None = None,
) -> Floats:
    """Adjusted p-values, in the order and shape given: rejecting those up to q keeps the FDR at most q.

    FDR: the expected share of false ones among the rejected. NaN is no test and stays NaN. `method`: bh
    (independent tests, or such that rise together), by (any dependence), heyse and dbh (counts; they need
    the `support` of all tests, in the order of the flattened p-values). `family`: labels, shaped as the
    p-values or spread over them by numpy's rules; each label is adjusted by itself (a horizon, a
    measure). Raises Refused (DETECT-145, 146).
    """
    table = _checked(p_values)
    if method not in METHODS:
        raise Refused(problem("DETECT-146", setting="method", value=method, allowed=", ".join(METHODS)))
    if (method in DISCRETE) != (support is not None):
        allowed = f"given with {' and '.join(DISCRETE)}, and with nothing else"
        raise Refused(problem("DETECT-146", setting="support", value=method, allowed=allowed))
    if support is not None and support.continuous.shape != (table.size,):
        allowed = f"one for each of the {table.size} p-values"
        raise Refused(problem("DETECT-146", setting="support", value=len(support.continuous), allowed=allowed))
    labels = _labels(family, table.shape)
    flat, adjusted = table.ravel(), np.full(table.size, np.nan)
    for label in np.unique(labels):
        chosen = (labels == label) & ~np.isnan(flat)
        if chosen.any():
            own = None if support is None else support.only(chosen)
            adjusted[chosen] = _adjusted(flat[chosen], method, own)
    return adjusted.reshape(table.shape)


def control(
    p_values: ArrayLike,
    q: float = 0.05,
    *,
    method: str = "bh",
    support: Support | None = None,
    family: ArrayLike | None = None,
) -> Control:
    """`adjust`, and which tests are rejected at a false discovery rate of q (0 < q < 1)."""
    if not 0 < q < 1:
        raise Refused(problem("DETECT-146", setting="q", value=q, allowed="more than 0, less than 1"))
    adjusted = adjust(p_values, method=method, support=support, family=family)
    return Control(adjusted, adjusted <= q)  # NaN is at most nothing


def _checked(p_values: ArrayLike) -> Floats:
    try:
        table = np.asarray(p_values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused(problem("DETECT-145", value=str(error))) from error
    bad = ~((table >= 0) & (table <= 1) | np.isnan(table))
    if bad.any():
        raise Refused(problem("DETECT-145", value=f"{table[bad][0]:g}"))
    return table


def _labels(family: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.intp]:
    if family is None:
        return np.zeros(int(np.prod(shape)), dtype=np.intp)
    given = np.asarray(family)
    try:
        spread = np.broadcast_to(given, shape)
    except ValueError as error:
        allowed = f"labels that spread over {shape}"
        raise Refused(problem("DETECT-146", setting="family", value=given.shape, allowed=allowed)) from error
    return np.unique(spread.ravel(), return_inverse=True)[1].reshape(-1)


def _adjusted(p_values: Floats, method: str, support: Support | None) -> Floats:
    """All of one family; no NaN."""
    number = len(p_values)
    order = np.argsort(p_values, kind="stable")
    rank = np.arange(1, number + 1)
    small = p_values[order]
    if support is None:
        share = small * ((np.sum(1 / rank) if method == "by" else 1.0) * number / rank)
    else:
        share = _expected(small, support, _odds if method == "dbh" else _plain) / rank
    share = np.minimum(1.0, share)
    # dbh goes up from the smallest until one is too large, the others down from the largest.
    share = np.maximum.accumulate(share) if method == "dbh" else np.minimum.accumulate(share[::-1])[::-1]
    adjusted = np.empty(number)
    adjusted[order] = share
    return adjusted


def _plain(chance: Floats) -> Floats:
    return chance


def _odds(chance: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        odds: Floats = chance / (1 - chance)
    return odds


def _expected(small: Floats, support: Support, weigh: Callable[[Floats], Floats]) -> Floats:
    """The sum over all tests of weigh(chance of a p-value up to t without any signal), for each t of `small`.

    The chance is that of the largest attainable p-value up to t. Every attainable value is a step of the sum, so
    all steps are sorted once.
    """
    reach = small * SAME
    first = np.flatnonzero(np.diff(support.owner, prepend=-1))  # the least value of each test
    weight = weigh(support.value if support.chance is None else support.chance)
    with np.errstate(invalid="ignore"):
        step = np.diff(weight, prepend=0.0)
    step[first] = weight[first]
    order = np.argsort(support.value, kind="stable")
    climbed = np.concatenate([[0.0], np.cumsum(step[order])])
    total = climbed[np.searchsorted(support.value[order], reach, side="right")]
    # Tests that attain anything, and those whose list ends above t: the chance is at most t.
    least = np.sort(support.value[first])
    free = support.continuous.sum() + len(least) - np.searchsorted(least, reach, side="right")
    with np.errstate(invalid="ignore"):
        return total + np.where(free > 0, free * weigh(small), 0.0)


def tail(observed: ArrayLike, expected: ArrayLike, size: ArrayLike | None = None, *, mid: bool = False) -> Floats:
    """P(Y >= observed) of a Poisson or negative binomial count; NaN where observed or expected is.

    `expected`: the mean. `size` of the negative binomial, variance = mean + mean²/size; None or infinite:
    Poisson. From a dispersion phi (variance over mean): size = mean / (phi - 1). `mid`: only half of the
    probability of the observed count itself. A mid-p-value is nearer to uniform on average, but a test with
    few attainable values may be below t more often than t: no method here then guarantees anything.
    Arrays spread by numpy's rules.
    """
    y, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    shape = np.asarray(np.inf if size is None else size, dtype=np.float64)
    upper = _upper(y, mean, shape)
    return (upper + _upper(y + 1, mean, shape)) / 2 if mid else upper


def _upper(y: Floats, mean: Floats, size: Floats) -> Floats:
    """P(Y >= y) by the incomplete gamma and beta functions."""
    y, mean, size = np.broadcast_arrays(y, mean, size)
    some = np.where(y > 0, y, 1.0)
    with np.errstate(invalid="ignore"):
        varied = special.betainc(some, np.where(np.isfinite(size), size, 1.0), mean / (mean + size))
        upper = np.where(np.isinf(size), special.gammainc(some, mean), varied)
    return np.where(np.isnan(y) | np.isnan(mean), np.nan, np.where(y > 0, upper, 1.0))


def attainable(expected: ArrayLike, size: ArrayLike | None = None) -> Support:
    """The p-values that `tail` can give (without mid) for each of the flattened expected counts.

    Those with more than 500 values are taken as continuous, and so are NaN and 0 (they attain 1 alone if
    at all, and continuous rejects less).
    """
    mean = np.asarray(expected, dtype=np.float64)
    shape = np.broadcast_to(np.asarray(np.inf if size is None else size, dtype=np.float64), mean.shape).ravel()
    mean = mean.ravel()
    with np.errstate(invalid="ignore", divide="ignore"):
        phi = 1 + mean / shape
        last = np.ceil(mean + 8 * np.sqrt(mean * phi) + 30 * phi)
        continuous = ~((mean > 0) & (last < FINE))
    length = np.where(continuous, 0, last + 1).astype(np.intp)
    owner = np.repeat(np.arange(len(mean)), length)
    # Counts from high to low, so that p-values rise.
    y = np.repeat(np.cumsum(length), length) - 1 - np.arange(len(owner))
    value = _upper(y.astype(np.float64), mean[owner], shape[owner])
    return Support(value, owner, continuous)
