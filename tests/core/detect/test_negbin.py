"""Tails and bounds of negative binomial counts against scipy's distributions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from pasaj.core.detect._negbin import at_least, at_most, lower, upper

MEAN, ALPHA = (grid.ravel() for grid in np.meshgrid([0.01, 0.4, 3.0, 50.0, 2000.0], [0.0, 0.01, 0.3, 4.0]))
COUNTED = stats.nbinom(1 / np.where(ALPHA > 0, ALPHA, 1), 1 / (1 + MEAN * ALPHA))


@pytest.mark.req("R13.20")
@pytest.mark.parametrize("times", [0.0, 0.5, 1.0, 3.0])
def test_tails_are_those_of_the_distribution(times: float) -> None:
    count = np.floor(MEAN * times)
    poisson = stats.poisson(MEAN)
    below = np.where(ALPHA > 0, COUNTED.cdf(count), poisson.cdf(count))
    above = np.where(ALPHA > 0, COUNTED.sf(count - 1), poisson.sf(count - 1))
    assert_allclose(at_most(count, MEAN, ALPHA), below, rtol=1e-9)
    assert_allclose(at_least(count, MEAN, ALPHA), above, rtol=1e-9)


@pytest.mark.parametrize("level", [0.2, 0.01, 1e-5])
def test_bounds_are_the_last_counts_that_are_usual(level: float) -> None:
    levels = np.full_like(MEAN, level)
    above, below = upper(MEAN, ALPHA, levels), lower(MEAN, ALPHA, levels)
    assert (at_least(above + 1, MEAN, ALPHA) <= level).all()
    assert ((at_least(above, MEAN, ALPHA) > level) | (above == 0)).all()
    assert (at_most(below - 1, MEAN, ALPHA) <= level).all()
    assert (at_most(below, MEAN, ALPHA) > level).all()


def test_nothing_known_gives_nothing_and_counts_below_zero_are_no_counts() -> None:
    gone = np.array([np.nan, 4.0])
    alpha, level = np.array([0.1, 0.1]), np.array([0.01, 0.01])
    for found in (upper(gone, alpha, level), lower(gone, alpha, level), at_least(gone, gone, alpha)):
        assert_array_equal(np.isnan(found), [True, False])
    one = np.array([-1.0]), np.array([3.0]), np.array([0.1])
    assert at_most(*one) == 0
    assert at_least(*one) == 1


def test_thousands_of_millions_are_counts_too() -> None:
    mean, alpha, level = np.array([1e9]), np.array([0.2]), np.array([0.001])
    assert upper(mean, alpha, level)[0] == pytest.approx(stats.gamma.isf(0.001, 5, scale=2e8), rel=1e-6)
    assert lower(mean, alpha, level)[0] == pytest.approx(stats.gamma.ppf(0.001, 5, scale=2e8), rel=1e-6)
