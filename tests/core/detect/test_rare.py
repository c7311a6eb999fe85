"""Counts that are mostly zero: exact tails, zero inflation, single events, no falls."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from pasaj.core.detect import Detection, run, settings
from pasaj.core.problems import Refused

FIELDS = ("expected", "lower", "upper", "alarm", "p_value", "trend_kept", "phi", "reason")
NAN = np.nan


def rare(counts: Any, evaluate: slice, **controls: Any) -> Detection:
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return run("rare", table, np.arange(table.shape[1]), evaluate, **controls)


def drawn(kind: str, shape: tuple[int, int]) -> np.ndarray:
    rng = np.random.default_rng(11)
    if kind == "poisson":
        return rng.poisson(0.6, shape).astype(float)
    if kind == "clusters":
        return rng.negative_binomial(0.5, 1 / 3, shape).astype(float)
    return rng.poisson(5.0, shape) * (rng.random(shape) < 0.1).astype(float)


@pytest.mark.req("R13.24")
def test_the_tail_is_that_of_the_gamma_poisson_distribution() -> None:
    # Six events in twenty periods, spread as chance spreads them: NB with size 6.5 and odds of 20 to 1.
    history = [1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0]
    found = rare([*history, 3], slice(20, 21), alpha=0.01, periods=20)
    peer = stats.nbinom(6.5, 20 / 21)
    assert found.p_value[0, 0] == pytest.approx(peer.sf(2), rel=1e-9)
    assert found.expected[0, 0] == pytest.approx(6.5 / 20)
    assert found.upper[0, 0] == peer.isf(0.01)
    assert found.alarm[0, 0] == (found.p_value[0, 0] <= 0.01)
    assert found.phi[0, 0] == pytest.approx(21 / 20)


@pytest.mark.req("R13.24")
@pytest.mark.parametrize("kind", ["poisson", "clusters", "mixture"])
@pytest.mark.parametrize("length", [40, 150])
def test_no_more_false_alarms_than_were_asked_for(kind: str, length: int) -> None:
    counts = drawn(kind, (1500, length))
    found = rare(counts, slice(length - 4, length), alpha=0.02)
    assert (found.reason == "").all()
    # Discrete tails stay below what was asked; a short history does not know its own clusters that well.
    assert 0.0005 < found.alarm.mean() < (0.03 if length == 40 else 0.022)
    assert_array_equal(found.alarm, found.p_value <= 0.02)
    assert_array_equal(found.alarm, counts[:, length - 4 :] > found.upper)


@pytest.mark.req("R13.24")
def test_many_zeros_are_a_mixture_and_the_active_periods_say_what_is_usual() -> None:
    history = np.zeros(100)
    history[4::10] = [5, 7, 4, 6, 5, 8, 3, 6, 5, 6]
    found = rare([*history, 6], slice(100, 101), alpha=0.01)
    assert not found.alarm[0, 0]
    assert found.upper[0, 0] >= 8
    # The same total without the quiet periods: one a day here and there.
    thin = np.zeros(100)
    thin[: 2 * 55 : 2][:50] = 1
    thin[1:10:2] = 1
    assert rare([*thin, 6], slice(100, 101), alpha=0.01).alarm[0, 0]
    # A level that no single quiet period explains: fewer periods are active than may ring.
    once = np.zeros(120)
    once[60] = 40
    loud = rare([*once, 1], slice(120, 121), alpha=0.05)
    assert loud.upper[0, 0] == 0
    assert loud.alarm[0, 0]
    assert loud.p_value[0, 0] <= 0.05


@pytest.mark.req("R13.25")
def test_one_death_rings_where_the_measure_says_so() -> None:
    counts = [*([0.0] * 60), 1.0]
    assert not rare(counts, slice(60, 61)).alarm[0, 0]
    found = rare(counts, slice(59, 61), always_from=1)
    assert_array_equal(found.alarm[0], [False, True])
    assert_array_equal(found.upper[0], [0, 0])
    # No history is needed for that.
    young = rare([0.0, 0.0, 1.0, NAN], slice(0, 4), always_from=1)
    assert_array_equal(young.alarm[0], [False, False, True, False])
    assert list(young.reason[0]) == ["DETECT-101", "DETECT-101", "", "DETECT-103"]
    assert np.isnan(young.p_value).all()


@pytest.mark.req("R13.25")
def test_falls_never_ring() -> None:
    counts = np.vstack([np.r_[np.full(40, 3.0), np.zeros(5)], np.r_[np.zeros(40), np.full(5, 9.0)]])
    found = rare(counts, slice(40, 45), direction="down", always_from=1)
    assert (found.reason == "DETECT-153").all()
    assert not found.alarm.any()
    both = rare(counts, slice(40, 45), direction="both")
    assert not both.alarm[0].any()
    assert both.alarm[1, 0]
    assert (both.lower == 0).all()


def test_a_series_gives_the_same_bits_alone_and_among_others() -> None:
    counts = drawn("mixture", (30, 200))
    counts[2, 50:170:2] = NAN
    whole = rare(counts, slice(100, 200))
    for row in (0, 2, 29):
        alone = rare(counts[row], slice(100, 200))
        for name in FIELDS:
            assert_array_equal(getattr(whole, name)[row : row + 1], getattr(alone, name))


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (np.full(50, NAN), "DETECT-103"),
        (np.r_[np.full(45, NAN), np.zeros(5)], "DETECT-101"),
        (np.r_[0.0, np.full(48, NAN), 0.0], "DETECT-102"),
        (np.zeros(50), ""),
        (np.full(50, 2.0), ""),
        (np.full(50, 1e9), ""),
        (np.r_[np.zeros(40), np.full(10, 1e9)], ""),
        (np.r_[np.full(49, 0.25), 0.5], ""),
        (np.r_[np.zeros(49), 1e300], ""),
        (np.r_[np.zeros(20), 1e300, np.zeros(29)], ""),
    ],
    ids=["none", "young", "gap", "zeros", "constant", "huge", "jump", "fractions", "typo", "old typo"],
)
def test_bad_input_gives_an_answer_or_a_reason(history: np.ndarray, reason: str) -> None:
    found = rare(history, slice(49, 50))
    assert found.reason[0, 0] == reason
    assert np.isfinite(found.p_value[0, 0]) == (not reason)
    assert np.isfinite(found.upper[0, 0]) == (not reason)
    assert np.isfinite(found.phi[0, 0]) == (not reason)


def test_no_periods_and_the_first_ones() -> None:
    assert rare(np.zeros((3, 9)), slice(4, 4)).alarm.shape == (3, 0)
    assert (rare(np.zeros((1, 16)), slice(0, 16)).reason[0] == ["DETECT-101"] * 14 + [""] * 2).all()
    assert_allclose(rare(np.zeros((1, 16)), slice(14, 16)).expected[0], [0.5 / 14, 0.5 / 15])


@pytest.mark.parametrize(
    "controls",
    [
        {"direction": "left"},
        {"alpha": 0.7},
        {"alpha": True},
        {"periods": 4},
        {"min_periods": 200},
        {"always_from": 0},
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(controls: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        settings("rare", **controls)
    assert refusal.value.problems[0].code == "DETECT-006"
