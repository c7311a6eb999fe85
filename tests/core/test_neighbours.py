"""A borrowed past: shares, turns, gaps, what cannot serve, and that it does not ring more than asked."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pasaj.core.detect import run
from pasaj.core.neighbours import completed

WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
NAN = np.nan


def young(days: int, begun: int, value: float) -> np.ndarray:
    return np.where(np.arange(days) < begun, NAN, value)


@pytest.mark.req("R13.27")
def test_the_past_is_the_neighbours_at_its_own_share() -> None:
    neighbours = np.vstack([np.full(30, 40.0), np.full(30, 10.0)])
    neighbours[:, 5] *= 2
    found = completed(young(30, 20, 5.0), neighbours)
    assert found is not None
    assert (found.begun, found.share, found.neighbours) == (20, 0.1, (0, 1))
    assert_array_equal(found.counts, np.where(np.arange(30) == 5, 10.0, 5.0))


@pytest.mark.req("R13.27")
def test_every_period_is_borrowed_from_one_neighbour_in_turn() -> None:
    neighbours = np.full((3, 30), 10.0)
    neighbours[0, :20], neighbours[1, :20], neighbours[2, :20] = 20, 30, 40
    found = completed(young(30, 20, 10.0), neighbours)
    assert found is not None
    # One further each day, and one more each week.
    assert_array_equal(found.counts[:10], [20, 30, 40, 20, 30, 40, 20, 40, 20, 30])
    gap = neighbours.copy()
    gap[0, 0] = NAN
    gap[:2, 3] = NAN
    again = completed(young(30, 20, 10.0), gap)
    assert again is not None
    # The next one that reported; nothing where less than half of the neighbours' usual counts is known.
    assert_array_equal(again.counts[:5], [30, 30, 40, NAN, 30])


@pytest.mark.req("R13.27")
def test_a_series_of_two_weeks_with_a_borrowed_past_rings_as_often_as_asked() -> None:
    rng = np.random.default_rng(2)
    days, series = 100, 240
    table = np.empty((series, days))
    for row in range(series):
        levels = 60 * np.exp(rng.normal(0, 0.8, 6))
        neighbours = rng.negative_binomial(20, 1 / (1 + levels[:, None] * WEEK[np.arange(days) % 7] / 20))
        own = rng.negative_binomial(20, 1 / (1 + 60 * WEEK[np.arange(days) % 7] / 20)).astype(float)
        own[:84] = NAN
        known = np.where(np.arange(days) < days - 1, own, NAN)
        past = completed(known, neighbours)
        assert past is not None
        table[row] = np.where(np.arange(days) < days - 1, past.counts, own)
    found = run("daily", table, np.arange(days), slice(days - 1, days), direction="both", alpha=0.04)
    assert (found.reason == "").all()
    assert found.alarm.mean() < 0.07
    table[:, -1] *= 3
    raised = run("daily", table, np.arange(days), slice(days - 1, days), direction="both", alpha=0.04)
    assert raised.alarm.mean() > 0.9


@pytest.mark.parametrize(
    ("own", "neighbours"),
    [
        (np.full(30, NAN), np.full((3, 30), 4.0)),
        (young(30, 20, 0.0), np.full((3, 30), 4.0)),
        (young(30, 25, 5.0), np.full((3, 30), 4.0)),
        (young(30, 20, 5.0), np.zeros((3, 30))),
        (young(30, 20, 5.0), np.full((1, 30), 4.0)),
        (young(30, 20, 5.0), np.zeros((0, 30))),
        (np.full(30, 5.0), np.full((3, 30), 4.0)),
        (young(30, 20, 5.0), np.vstack([young(30, 20, 4.0)] * 2)),
    ],
    ids=["not begun", "nothing", "five days", "zeros", "one", "none", "old", "as young"],
)
def test_where_neighbours_cannot_serve(own: np.ndarray, neighbours: np.ndarray) -> None:
    assert completed(own, neighbours) is None


@pytest.mark.parametrize(
    ("own", "neighbours", "shared"),
    [
        ([[1.0]], [[1.0]], 7),
        ([1.0], [1.0], 7),
        ([1.0, 2.0], [[1.0]], 7),
        ([1.0], [[1.0]], 0),
        ([-1.0], [[1.0]], 7),
        ([1.0], [[-1.0]], 7),
    ],
)
def test_input_that_does_not_fit_is_refused(own: Any, neighbours: Any, shared: int) -> None:
    with pytest.raises(ValueError, match=r"^(A series|Counts)"):
        completed(own, neighbours, shared=shared)
