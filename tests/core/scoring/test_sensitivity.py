"""The order of pillars under many weights, against scoring each draw by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pasaj.core.scoring import Pair, Range, Sensitivity, any_weights, mean, near_weights, sensitivity

PILLARS = ["A", "B", "C"]
ends = some.floats(0, 4, width=16)
given_ranges = some.lists(
    some.tuples(
        some.sampled_from(PILLARS),
        some.builds(lambda a, b, optional: Range(min(a, b), max(a, b), optional), ends, ends, some.booleans()),
    ),
    min_size=1,
    max_size=7,
)


@pytest.mark.req("R10.6")
@settings(deadline=None)
@given(given_ranges, some.integers(0, 2**32 - 1))
def test_each_draw_by_itself(ranges: list[tuple[str, Range]], seed: int) -> None:
    stated = [1.0] * len(ranges)
    drawn = any_weights(len(ranges), np.random.default_rng(seed), 20)
    found = sensitivity(ranges, stated, drawn, PILLARS)

    def order(weights: list[float]) -> dict[tuple[str, str], str]:
        means = {p: mean((w, one) for w, (q, one) in zip(weights, ranges, strict=True) if q == p) for p in PILLARS}
        told = {}
        for pair in found.pairs:
            a, b = means[pair.first], means[pair.second]
            assert a is not None
            assert b is not None
            told[pair.first, pair.second] = (
                "above" if a.low > b.high + 1e-9 else "below" if a.high < b.low - 1e-9 else "open"
            )
        return told

    first, others = order(stated), [order(list(row)) for row in drawn]
    for pair in found.pairs:
        key = pair.first, pair.second
        shares = [sum(one[key] == word for one in others) / 20 for word in ("above", "below", "open")]
        assert [pair.above, pair.below, pair.open, pair.stated] == [*(pytest.approx(one) for one in shares), first[key]]
    assert found.changed == pytest.approx(sum(one != first for one in others) / 20)
    opposite = {"above": "below", "below": "above"}
    turned = [any(opposite.get(first[key]) == word for key, word in one.items()) for one in others]
    assert found.reversed == pytest.approx(sum(turned) / 20)
    assert {pair.first for pair in found.pairs} | {pair.second for pair in found.pairs} <= {p for p, _one in ranges}


def test_by_hand() -> None:
    ranges = [("A", Range(4, 4)), ("A", Range(0, 0)), ("B", Range(2, 2))]
    found = sensitivity(ranges, [3, 1, 1], [[3, 1, 1], [1, 3, 1], [1, 1, 1]], ["A", "B"])
    third = pytest.approx(1 / 3)
    assert found == Sensitivity(
        draws=3,
        pairs=(Pair("A", "B", third, third, third, "above"),),
        changed=pytest.approx(2 / 3),
        reversed=third,
        best={"A": pytest.approx(2 / 3), "B": pytest.approx(2 / 3)},
        worst={"A": pytest.approx(2 / 3), "B": pytest.approx(2 / 3)},
    )


def test_weights_of_zero_carry_nothing() -> None:
    ranges = [("A", Range(4, 4, optional=True)), ("A", Range(1, 1, optional=True)), ("B", Range(2, 2))]
    found = sensitivity(ranges, [1, 0, 1], [[1, 0, 1]], ["A", "B"])
    assert found.pairs == (Pair("A", "B", 1, 0, 0, "above"),)


def test_the_two_families_of_weights() -> None:
    near = near_weights([1, 10], np.random.default_rng(3), 500)
    assert near.shape == (500, 2)
    assert 0.5 <= (near / [1, 10]).min() < 0.51
    assert 1.96 < (near / [1, 10]).max() <= 2
    free = any_weights(3, np.random.default_rng(3), 4000)
    shares = free / free.sum(axis=1, keepdims=True)
    assert np.allclose(shares.mean(axis=0), 1 / 3, atol=0.01)
    assert np.allclose(shares.var(axis=0), 1 / 18, atol=0.005)  # of the uniform distribution on a triangle


@pytest.mark.parametrize(
    ("stated", "drawn", "said"),
    [
        ([1.0], [[1.0, 1.0]], "one weight a draw"),
        ([1.0], [], "one weight a draw"),
        ([-1.0], [[1.0]], "never negative"),
        ([1.0], [[-1.0]], "never negative"),
    ],
)
def test_wrong_weights(stated: list[float], drawn: list[list[float]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sensitivity([("A", Range(1, 1))], stated, drawn, ["A"])
