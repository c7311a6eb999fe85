"""Weight-stability intervals against a walk along the weight, and rank reversal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pasaj.core.appraisal import Reversal, Stability, Steady, reversals, stability, topsis, weighted


@pytest.mark.req("R12.15")
def test_by_hand() -> None:
    """A leads by the first criterion; the second can grow to 5/8 before B is first, the third never helps C alone."""
    found = stability([[0.9, 0.3], [0.4, 0.6], [0.1, 0.2]], [1, 1])
    assert found == Stability(
        (0,),
        (Steady(pytest.approx(0.375), 1, 1, None), Steady(0, pytest.approx(0.625), None, 1)),
    )


@given(some.integers(0, 2**32 - 1), some.integers(2, 6), some.integers(2, 5))
def test_the_first_place_stays_inside_and_goes_outside(seed: int, options: int, criteria: int) -> None:
    chance = np.random.default_rng(seed)
    values, shares = chance.random((options, criteria)).round(2), chance.dirichlet(np.ones(criteria)) * 7
    found = stability(values.tolist(), shares.tolist())
    shares /= shares.sum()
    if len(found.first) > 1:
        assert set(found.intervals) == {None}
        return

    def first(at: int, share: float) -> set[int]:
        moved = shares * (1 - share) / (1 - shares[at])
        moved[at] = share
        totals = values @ moved
        return set(np.flatnonzero(totals > totals.max() - 1e-9).tolist())

    for at, one in enumerate(found.intervals):
        assert one is not None
        assert one.low - 1e-9 <= shares[at] <= one.high + 1e-9
        for share in np.linspace(one.low, one.high, 7):
            assert found.first[0] in first(at, share)
        assert (one.low == 0) == (one.below is None)
        assert (one.high == 1) == (one.above is None)
        if one.below is not None and one.low > 1e-6:
            assert one.below in first(at, one.low)
            assert found.first[0] not in first(at, one.low / 2)
        if one.above is not None and one.high < 1 - 1e-6:
            assert one.above in first(at, one.high)
            assert found.first[0] not in first(at, (one.high + 1) / 2)


def test_equal_firsts_are_decided_by_any_change() -> None:
    assert stability([[1, 0], [0, 1]], [1, 1]) == Stability((0, 1), (None, None))


def test_all_the_weight_on_one() -> None:
    found = stability([[1, 0], [0, 1]], [2, 0])
    assert found == Stability((0,), (None, Steady(0, 0.5, None, 1)))


@pytest.mark.req("R12.15")
def test_a_loser_that_turns_the_others_round() -> None:
    """Searched for by chance once, kept as it was found: without C, which is last, B is before A."""
    values = [[0.2, 0.9], [0.6, 0.5], [0.9, 0.1]]
    whole = topsis(values, [1, 1])
    assert whole is not None
    found = reversals(3, lambda kept: topsis([values[at] for at in kept], [1, 1]))
    assert found == (Reversal(2, 0, 1),)
    assert whole[0] > whole[1] > whole[2]


def test_a_weighted_sum_never_turns_round() -> None:
    values = np.random.default_rng(4).random((6, 4)).tolist()
    assert reversals(6, lambda kept: weighted([values[at] for at in kept], [4, 3, 2, 1])) == ()


def test_options_that_are_alike_have_no_order() -> None:
    assert reversals(2, lambda kept: topsis([[1.0, 1.0] for _at in kept], [1, 1])) == ()
    assert reversals(2, lambda kept: topsis([[[0.0, 1.0], [1.0, 0.0]][at] for at in kept], [1, 1])) == ()
