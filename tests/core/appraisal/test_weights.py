"""Weights drawn from all that agree with what is known, against closed forms within three standard errors."""

import numpy as np
import pytest

from pasaj.core.appraisal import Bounds, Order, Stated, Unknown, Weights, drawer, middle

DRAWS = 20_000
CODES = ["a", "b", "c", "d"]


def drawn(weights: Weights, codes: list[str] = CODES, seed: int = 1, draws: int = DRAWS) -> np.ndarray:
    return drawer(weights, codes)(np.random.default_rng(seed), draws)


def near(found: np.ndarray, expected: np.ndarray, spread: np.ndarray) -> None:
    """Means within three of their standard errors (four where many are compared at once)."""
    assert (np.abs(found - expected) <= 4 * spread / np.sqrt(DRAWS) + 1e-12).all(), (found, expected)


@pytest.mark.req("R12.12")
@pytest.mark.parametrize(
    "weights",
    [
        Unknown(),
        Order((("b",), ("a", "d"), ("c",))),
        Bounds({"a": (0.3, 0.5), "c": (0.0, 0.1)}),
        Bounds(dict.fromkeys(CODES, (0.24, 0.26))),
        Stated({"a": 1, "b": 2, "c": 0, "d": 1}),
    ],
)
def test_shares_of_one_that_agree(weights: Weights) -> None:
    found = drawn(weights)
    assert found.shape == (DRAWS, 4)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-12)
    assert found.min() >= 0
    if isinstance(weights, Order):
        a, b, c, d = found.T
        assert (b >= np.maximum(a, d)).all()
        assert (np.minimum(a, d) >= c).all()
        assert 0.48 < (a > d).mean() < 0.52
    if isinstance(weights, Bounds):
        for code, (low, high) in weights.shares.items():
            column = found[:, CODES.index(code)]
            assert column.min() >= low - 1e-12
            assert column.max() <= high + 1e-12
    known = middle(weights, CODES)
    if known is not None:
        near(found.mean(axis=0), np.array(known), found.std(axis=0))


def test_the_simplex_is_filled_evenly() -> None:
    """Density of one share: (n - 1)(1 - w)^(n - 2), so that its square has the mean 2 / (n (n + 1))."""
    for weights in (Unknown(), Bounds({})):
        found = drawn(weights)
        near((found**2).mean(axis=0), np.full(4, 2 / 20), (found**2).std(axis=0))
        near((found[:, :1] > 0.5).mean(axis=0), np.array([0.125]), np.array([0.331]))
        near(np.array([(found[:, 0] * found[:, 1]).mean()]), np.array([1 / 20]), (found[:, 0] * found[:, 1]).std())


def test_between_bounds_as_rejection_would() -> None:
    bounds = {"a": (0.1, 0.4), "b": (0.0, 0.3), "c": (0.2, 0.9), "d": (0.0, 0.35)}
    free = drawn(Unknown(), seed=2, draws=400_000)
    kept = free[
        np.all([(low <= free[:, at]) & (free[:, at] <= high) for at, (low, high) in enumerate(bounds.values())], axis=0)
    ]
    assert len(kept) > DRAWS
    found = drawn(Bounds(bounds))
    for power in (1, 2):
        spread = (found**power).std(axis=0) * np.sqrt(1 + DRAWS / len(kept))
        near((found**power).mean(axis=0), (kept**power).mean(axis=0), spread)


def test_bounds_with_one_answer() -> None:
    assert drawn(Bounds({"a": (0.6, 0.6), "b": (0.4, 0.4)}), ["a", "b"], draws=2).tolist() == [[0.6, 0.4]] * 2


def test_the_middle_of_what_is_known() -> None:
    assert middle(Unknown(), CODES) == (0.25,) * 4
    assert middle(Stated({"a": 1, "b": 3}), ["b", "a"]) == (0.75, 0.25)
    assert middle(Order((("a",), ("b", "c"), ())), ["a", "b", "c"]) == pytest.approx((11 / 18, 7 / 36, 7 / 36))
    assert middle(Bounds({}), CODES) is None


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (Order((("a", "b"),)), "names each criterion once"),
        (Order((("a", "b"), ("c", "d", "a"))), "names each criterion once"),
        (Bounds({"x": (0, 1)}), "names no criterion"),
        (Bounds({"a": (0.5, 0.4)}), "lower one first"),
        (Bounds({"a": (0.6, 1), "b": (0.6, 1)}), "No weights lie"),
        (Bounds(dict.fromkeys(CODES, (0, 0.2))), "No weights lie"),
        (Stated({"a": 1}), "Each criterion has one weight"),
        (Stated({"a": 1, "b": -1, "c": 1, "d": 1}), "never negative"),
        (Stated(dict.fromkeys(CODES, 0)), "not all zero"),
    ],
)
def test_weights_that_cannot_be(weights: Weights, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        drawer(weights, CODES)
