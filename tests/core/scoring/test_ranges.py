"""Means of ranges against every choice that could be made."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pasaj.core.scoring import Range, mean

ends = some.integers(0, 4)
ranges = some.builds(
    lambda a, b, optional, seen: Range(min(a, b), max(a, b), optional, float(seen)),
    ends,
    ends,
    some.booleans(),
    some.integers(0, 1),
)
items = some.lists(some.tuples(some.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]), ranges), max_size=6)


def every(given: list[tuple[float, Range]]) -> list[float]:
    """The mean under every choice of ends and of optional items."""
    found = []
    choices = [([] if one.optional is False else [None]) + [one.low, one.high] for weight, one in given if weight > 0]
    weights = [weight for weight, _one in given if weight > 0]
    for chosen in product(*choices):
        kept = [(weight, value) for weight, value in zip(weights, chosen, strict=True) if value is not None]
        if kept:
            found.append(sum(weight * value for weight, value in kept) / sum(weight for weight, _value in kept))
    return found


@pytest.mark.req("R10.4")
@given(items)
def test_no_choice_lies_outside_and_both_ends_are_reached(given: list[tuple[float, Range]]) -> None:
    found, means = mean(given), every(given)
    if found is None:
        assert means == []
    else:
        assert (found.low, found.high) == pytest.approx((min(means), max(means)), abs=1e-12)
        assert found.optional == all(one.optional for weight, one in given if weight > 0)


@given(items)
def test_what_was_observed_is_a_share_of_the_weight(given: list[tuple[float, Range]]) -> None:
    found = mean(given)
    total = sum(weight for weight, _one in given)
    if found is not None:
        assert found.observed == pytest.approx(sum(weight * one.observed for weight, one in given) / total)


def test_an_unknown_is_never_a_middle() -> None:
    assert mean([(1, Range(4, 4)), (1, Range(0, 4, observed=0))]) == Range(2.0, 4.0, observed=0.5)


def test_what_may_not_apply_counts_where_it_widens() -> None:
    assert mean([(1, Range(2, 2)), (1, Range(4, 4, optional=True))]) == Range(2.0, 3.0)


def test_exact_is_one_point_that_applies() -> None:
    assert [one.exact for one in (Range(1, 1), Range(1, 2), Range(1, 1, optional=True))] == [True, False, False]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        mean([(-1, Range(1, 1))])


def test_zero_has_no_sign() -> None:
    found = mean([(1, Range(0, 0))])
    assert str(found) == str(Range(0.0, 0.0))
