"""CUSUM: by hand, falls, gaps, levels, refusals."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from pasaj.core.detect import Detection, run
from pasaj.core.problems import CATALOGUE, Refused

FIELDS = ("expected", "lower", "upper", "alarm", "p_value", "reason", "statistic")
TRANS = ("rossi", "standard", "anscombe")
NAN = float("nan")


def cusum(counts: Any, evaluate: slice = slice(10, None), **controls: Any) -> Detection:
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return run("cusum", table, np.arange(table.shape[1]), evaluate, **controls)


tables = arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(11, 30)),
    elements=st.one_of(st.integers(0, 40).map(float), st.just(NAN)),
)


def test_the_sum_by_hand() -> None:
    # Level 4: a standard score is (x - 4) / 2; k is 1 and h is 2.
    found = cusum([[4] * 10 + [8, 7, 4, 12, 0]], trans="standard", k=1, h=2)
    assert_array_equal(found.expected[0], [4] * 5)
    assert found.statistic is not None
    assert_allclose(found.statistic[0], [1, 1.5, 0.5, 3.5, 0.5])
    assert_array_equal(found.alarm[0], [False, False, False, True, False])
    assert_array_equal(found.upper[0], [10, 8, 7, 9, 3])
    assert np.isnan(found.p_value).all()


@pytest.mark.req("R13.12")
def test_falls_ring_with_their_own_sum() -> None:
    counts = [[16] * 10 + [8, 6, 16]]
    up, down, both = (cusum(counts, trans="standard", k=1, h=2, direction=way) for way in ("up", "down", "both"))
    assert not up.alarm.any()
    assert_array_equal(down.alarm[0], [False, True, False])
    assert_array_equal(down.lower[0], [4, 8, 14])  # 16 - 4 * (h + k - sum), sums 0, 1 and 2.5
    assert_array_equal(both.alarm, down.alarm)
    assert both.statistic is not None
    assert down.statistic is not None
    assert_array_equal(both.statistic, down.statistic)


def test_a_fall_that_not_even_zero_could_reach_has_no_bound() -> None:
    for trans in TRANS:
        found = cusum([[1] * 10 + [0]], trans=trans, k=2, h=3)
        assert np.isnan(found.lower[0, 0])
        assert found.reason[0, 0] == ""


@given(tables, st.sampled_from(TRANS), st.sampled_from(("up", "down")))
def test_the_alarm_is_the_side_of_the_bound_the_count_lies_on(table: Any, trans: str, direction: str) -> None:
    found = cusum(table, trans=trans, direction=direction, k=0.5, h=1.5)
    today = table[:, 10:]
    with np.errstate(invalid="ignore"):
        rings = today >= found.upper if direction == "up" else today <= found.lower
        edge = found.upper if direction == "up" else found.lower
        near = np.abs(today - edge) < 1e-9
        if trans == "rossi" and direction == "up":
            near |= found.alarm  # a bound below zero is printed as in R; the other tests hold it
    assert_array_equal(found.alarm[~near], rings[~near])


@given(tables, st.sampled_from(TRANS), st.sampled_from((None, "glm", 3.5)))
def test_a_batch_equals_its_series_one_by_one(table: Any, trans: str, mean: Any) -> None:
    whole = cusum(table, trans=trans, mean=mean, freq=6, direction="both")
    for row in range(len(table)):
        one = cusum(table[row], trans=trans, mean=mean, freq=6, direction="both")
        for name in FIELDS:
            assert_array_equal(getattr(one, name)[0], getattr(whole, name)[row])


@given(tables)
def test_nothing_is_known_of_what_was_not_reported(table: Any) -> None:
    found = cusum(table)
    missing = np.isnan(table[:, 10:])
    assert found.statistic is not None
    assert not found.alarm[missing].any()
    assert np.isnan(found.statistic[missing]).all()
    assert (found.reason[missing] == "DETECT-103").all()
    assert (np.isnan(found.statistic) == (found.reason != "")).all()


def test_an_unreported_period_leaves_the_sum() -> None:
    found = cusum([[4] * 10 + [8, NAN, 8]], trans="standard", k=1, h=2)
    assert found.statistic is not None
    assert_array_equal(found.statistic[0], [1, NAN, 2])
    assert_array_equal(found.alarm[0], [False, False, True])
    assert_array_equal(found.upper[0], [10, 8, 8])


@pytest.mark.parametrize(
    ("counts", "mean", "code"),
    [
        ([NAN] * 10 + [5], None, "DETECT-101"),
        ([0.0] * 10 + [5], None, "DETECT-130"),
        ([0.0] * 10 + [5], "glm", "DETECT-130"),
        ([3.0] + [NAN] * 9 + [5], "glm", "DETECT-101"),
        ([3.0, NAN] * 5 + [5], "glm", "DETECT-131"),  # two phases of four do not make a curve
        ([3.0] * 10 + [5], 0, "DETECT-130"),
        ([3.0] * 10 + [5], [NAN], "DETECT-132"),
    ],
)
def test_without_a_level_there_is_a_reason(counts: Any, mean: Any, code: str) -> None:
    found = cusum([counts], mean=mean, freq=4)
    assert found.reason[0, 0] == code
    assert code in CATALOGUE
    assert not found.alarm[0, 0]
    assert np.isnan([found.expected[0, 0], found.upper[0, 0], found.lower[0, 0]]).all()


def test_the_curve_follows_the_season_and_its_phase() -> None:
    turn = 2 * np.pi * np.arange(5, 90) / 12
    level = np.exp(2 + 0.5 * np.cos(turn) - 0.3 * np.sin(turn))
    found = run("cusum", level[None], np.arange(85), slice(60, 85), mean="glm", freq=12, phase=5)
    assert_allclose(found.expected[0], level[60:], rtol=1e-6)
    gaps = level.copy()
    gaps[[3, 20, 21]] = NAN
    found = run("cusum", gaps[None], np.arange(85), slice(60, 85), mean="glm", freq=12, phase=0)
    assert_allclose(found.expected[0], level[60:], rtol=1e-6)  # the phase moves the coefficients only


def test_levels_may_be_given_for_every_series_and_period() -> None:
    counts = np.full((2, 13), 5.0)
    for mean in (4, [4, 5, 6], [[4, 5, 6], [1, 2, 3]], [[4], [1]]):
        found = cusum(counts, mean=mean)
        assert_array_equal(found.expected, np.broadcast_to(np.asarray(mean, dtype=float), (2, 3)))
    with pytest.raises(Refused, match="DETECT-006"):
        cusum(counts, mean=[1, 2])


@pytest.mark.parametrize(
    "wrong",
    [
        {"trans": "log"},
        {"direction": "left"},
        {"k": -1},
        {"h": 0},
        {"h": True},
        {"mean": "median"},
        {"mean": -1},
        {"mean": [[[1]]]},
        {"mean": object()},
        {"freq": 2},
        {"phase": NAN},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        cusum([[1.0] * 12], **wrong)
    assert caught.value.problems[0].code == "DETECT-006"


def test_nothing_to_evaluate_is_an_empty_answer() -> None:
    assert cusum(np.ones((3, 12)), slice(12, 12)).alarm.shape == (3, 0)
    assert cusum(np.ones((0, 12)), mean="glm", freq=3).alarm.shape == (0, 2)
