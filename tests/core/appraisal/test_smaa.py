"""SMAA-2 against closed forms, within three Monte-Carlo standard errors."""

from itertools import pairwise
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pasaj.core.appraisal import (
    Linear,
    Order,
    Performance,
    Piecewise,
    Smaa,
    Stated,
    Unknown,
    Weights,
    drawer,
    error,
    evenly,
    smaa,
)
from pasaj.core.appraisal.values import Function

DRAWS = 40_000
UNIT = Linear(0, 1)


def run(
    rows: list[list[float]] | list[list[Performance]],
    weights: Weights | None = None,
    seed: int = 1,
    draws: int = DRAWS,
    functions: list[Function] | None = None,
) -> Smaa:
    cells = [[one if isinstance(one, Performance) else Performance(one) for one in row] for row in rows]
    codes = [str(at) for at in range(len(cells[0]))]
    draw = drawer(weights or Unknown(), codes)
    return smaa(functions or [UNIT] * len(codes), cells, draw, np.random.default_rng(seed), draws=draws)


def near(found: float, exact: float, draws: int = DRAWS) -> None:
    assert abs(found - exact) <= 3 * error(exact, draws) + 1e-12, (found, exact)


def first_on_the_triangle(values: list[list[float]]) -> list[float]:
    """Exact shares of first places with three criteria: the part of the triangle of weights that half-planes leave."""
    whole = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]

    def area(corners: list[tuple[float, float]]) -> float:
        closed = [*corners, *corners[:1]]
        return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in pairwise(closed))) / 2

    shares = []
    for one in values:
        corners = whole
        for other in values:
            if other is one:
                continue
            x, y, z = (a - b for a, b in zip(one, other, strict=True))

            def lead(at: tuple[float, float], x: float = x, y: float = y, z: float = z) -> float:
                return x * at[0] + y * at[1] + z * (1 - at[0] - at[1])

            kept = []
            for a, b in pairwise([*corners, *corners[:1]]):
                if lead(a) >= 0:
                    kept.append(a)
                if lead(a) * lead(b) < 0:
                    part = lead(a) / (lead(a) - lead(b))
                    kept.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
            corners = kept
        shares.append(2 * area(corners) if corners else 0.0)
    return shares


@pytest.mark.req("R12.13")
def test_two_criteria() -> None:
    """Options on a line of weights: A is first where w > 0.6, B where w < 0.3, C between."""
    found = run([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]])
    edges = (0.4, 0.6)  # C against B: 0.6 > 1 - w; against A: 0.6 > w
    exact = (1 - edges[1], edges[0], edges[1] - edges[0])
    for share, told in zip(exact, found.firsts, strict=True):
        near(told, share)
    # Central weights: the middle of each stretch; its standard error is that of a uniform on the stretch.
    for (low, high), told in zip(((0.6, 1), (0, 0.4), (0.4, 0.6)), found.central, strict=True):
        assert told is not None
        assert abs(told[0] - (low + high) / 2) <= 3 * (high - low) / sqrt(12 * DRAWS * (high - low))
        assert sum(told) == pytest.approx(1)
    assert found.confidence == (1, 1, 1)
    assert [sum(row) for row in found.acceptability] == pytest.approx([1, 1, 1])
    near(found.acceptability[2][2], 0)  # a compromise is never last
    near(found.acceptability[0][2], 0.5)


@pytest.mark.req("R12.13")
@pytest.mark.parametrize("seed", range(12))
def test_three_criteria(seed: int) -> None:
    values = np.random.default_rng(seed).random((2 + seed % 5, 3)).tolist()
    found = run(values, seed=seed)
    for exact, told in zip(first_on_the_triangle(values), found.firsts, strict=True):
        near(told, exact)


def test_an_order_of_three() -> None:
    """w1 >= w2 >= w3: the triangle of (1,0,0), (1/2,1/2,0), (1/3,1/3,1/3). A leads B where w1 > w2 + w3: a half."""
    found = run([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]], Order((("0",), ("1",), ("2",))))
    corners = [(1.0, 0.0, 0.0), (0.5, 0.5, 0.0), (1 / 3, 1 / 3, 1 / 3)]
    lead = [a - b - c for a, b, c in corners]
    assert lead == pytest.approx([1, 0, -1 / 3])  # the line of equals runs from one corner to the side opposite
    near(found.firsts[0], 0.75)  # which it cuts at 3/4 of its length from (1,0,0)


@pytest.mark.req("R12.13")
@pytest.mark.parametrize(
    ("one", "two", "exact"),
    [
        (Performance(low=0, high=0.5), Performance(low=0.25, high=0.75), 1 / 8),
        (Performance(0.4, low=0.3, high=0.5), Performance(0.45), 1 / 4),
        (Performance(0.5, sigma=0.03), Performance(0.52, sigma=0.04), (1 - erf(0.02 / 0.05 / sqrt(2))) / 2),
        (Performance(), Performance(0.3), 0.7),
        (Performance(), Performance(), 0.5),
        (Performance(0.5, sigma=0.0), Performance(0.4), 1),
    ],
)
def test_uncertain_performances(one: Performance, two: Performance, exact: float) -> None:
    found = run([[one], [two]])
    near(found.firsts[0], exact)
    told = found.confidence[0]
    assert told is not None
    near(told, exact)  # with one criterion its weight is one, whatever happens


def test_a_confidence_that_is_not_the_acceptability() -> None:
    """A is first with much weight on the first criterion, and there surely so; B wins the second by chance."""
    found = run([[Performance(1.0), Performance(low=0.0, high=0.2)], [Performance(0.0), Performance(low=0.1, high=1)]])
    told = found.central[0]
    assert told is not None
    w = told[0]
    # A: w + (1 - w) U(0, 0.2) against B: (1 - w) U(0.1, 1): surely first where w > (1 - w), here at its central weight.
    assert w > 0.5
    assert found.confidence[0] == 1
    assert found.firsts[0] < 1


def test_never_first() -> None:
    found = run([[0.9, 0.5], [0.8, 0.5], [0.1, 1.0]])
    assert found.firsts[1] == 0
    assert (found.central[1], found.confidence[1]) == (None, None)
    assert found.acceptability[1][0] == 0


@pytest.mark.req("R12.14")
@settings(deadline=None, max_examples=60)
@given(some.integers(0, 2**32 - 1), some.integers(2, 6), some.integers(1, 5))
def test_dominance(seed: int, options: int, criteria: int) -> None:
    """Who is beaten on every criterion is never first, nor before the one who beats; better is no worse."""
    chance = np.random.default_rng(seed)
    rows = chance.random((options, criteria)) * 0.8 + 0.1
    beaten = rows[0] - 0.05
    found = run([*rows.tolist(), beaten.tolist()], seed=seed, draws=500)
    assert found.firsts[-1] == 0
    up_to = np.cumsum(np.array(found.acceptability), axis=1)
    assert (up_to[0] >= up_to[-1] - 1e-9).all()
    lifted = rows.copy()
    lifted[0] += 0.05
    better = run([*lifted.tolist(), beaten.tolist()], seed=seed, draws=500)
    assert (np.cumsum(better.acceptability[0]) >= up_to[0] - 1e-9).all()


def test_the_same_seed_the_same_answer() -> None:
    rows = [[Performance(low=0.1, high=0.9), Performance(0.4)], [Performance(0.5, sigma=0.1), Performance()]]
    assert run(rows, seed=7, draws=9000) == run(rows, seed=7, draws=9000)
    assert run(rows, seed=7, draws=9000) != run(rows, seed=8, draws=9000)


def test_twins_share_every_place() -> None:
    found = run([[0.3, 0.7], [0.3, 0.7], [0.0, 0.0]], draws=100)
    assert found.acceptability == ((1, 0, 0), (1, 0, 0), (0, 0, 1))


def test_each_function_is_used() -> None:
    """A hill, a scale and a cost under stated weights: one draw of each place, whatever the chance."""
    hill, scale, cost = Piecewise(((0, 0), (1, 1), (2, 0))), evenly(["low", "high"]), Linear(10, 0)
    rows = [
        [Performance(low=0.9, high=1.1), Performance("high"), Performance(2, low=1, high=3)],
        [Performance(2, sigma=0.1), Performance("low"), Performance(9, sigma=0.1)],
    ]
    found = run(rows, Stated({"0": 1, "1": 1, "2": 2}), draws=300, functions=[hill, scale, cost])
    assert found.acceptability == ((1, 0), (0, 1))
    assert found.central == ((0.25, 0.25, 0.5), None)
    assert found.weights == (0.25, 0.25, 0.5)


def test_its_standard_error() -> None:
    assert error(0.5, 10_000) == 0.005
    assert error(0, 10) == error(1, 10) == 0


@pytest.mark.parametrize(
    ("functions", "cells", "draws"),
    [([UNIT], [[Performance(1)]], 0), ([], [[]], 1), ([UNIT], [], 1), ([UNIT], [[Performance(1)] * 2], 1)],
)
def test_nothing_to_draw(functions: list[Function], cells: list[list[Performance]], draws: int) -> None:
    with pytest.raises(ValueError, match="one performance a criterion"):
        smaa(functions, cells, drawer(Unknown(), ["0"]), np.random.default_rng(1), draws=draws)


@pytest.mark.parametrize(
    "cell", [Performance(2), Performance("x"), Performance(low=0, high=2), Performance(3, sigma=1)]
)
def test_off_its_function(cell: Performance) -> None:
    with pytest.raises(ValueError, match="does not lie"):
        smaa([UNIT], [[cell]], drawer(Unknown(), ["0"]), np.random.default_rng(1))
