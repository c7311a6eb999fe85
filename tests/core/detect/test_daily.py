"""Daily counts: rates of false alarms, falls, special days, the time of year, bad input, refusals."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pasaj.core.detect import Detection, _fit, run, settings
from pasaj.core.problems import Refused

FIELDS = ("expected", "lower", "upper", "alarm", "p_value", "trend_kept", "phi", "reason")
WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
NAN = np.nan


def simulated(series: int, days: int, mean: float, alpha: float = 0.1, seed: int = 5) -> np.ndarray:
    """Negative binomial counts with a weekly pattern."""
    level = np.tile(mean * WEEK[np.arange(days) % 7], (series, 1))
    return np.random.default_rng(seed).negative_binomial(1 / alpha, 1 / (1 + alpha * level)).astype(float)


def daily(counts: Any, evaluate: slice, **controls: Any) -> Detection:
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return run("daily", table, np.arange(table.shape[1]), evaluate, **controls)


def same(one: Detection, other: Detection, rows: Any = slice(None), columns: Any = slice(None)) -> None:
    for name in FIELDS:
        assert_array_equal(getattr(one, name)[rows, columns], getattr(other, name), err_msg=name)


@pytest.mark.req("R13.20")
@pytest.mark.parametrize(("days", "mean", "alpha"), [(42, 20, 0.1), (120, 300, 0.05), (400, 40, 0.1)])
def test_as_many_false_alarms_as_were_asked_for_on_both_sides(days: int, mean: float, alpha: float) -> None:
    counts = simulated(240, days, mean, alpha)
    found = daily(counts, slice(days - 7, days), direction="both", alpha=0.04)
    assert (found.reason == "").all()
    today = counts[:, days - 7 :]
    # 1,680 days, 0.02 a side: the standard error is 0.0034 were the days of one series independent.
    assert 0.006 < (found.alarm & (today > found.upper)).mean() < 0.034
    assert 0.002 < (found.alarm & (today < found.lower)).mean() < 0.034


@pytest.mark.req("R13.20")
@pytest.mark.parametrize(("factor", "direction"), [(2.0, "up"), (0.4, "down")])
def test_a_step_is_told_within_two_days(factor: float, direction: str) -> None:
    counts = simulated(60, 101, 300, 0.02)
    counts[:, 99:] = np.floor(counts[:, 99:] * factor)
    found = daily(counts, slice(99, 101), direction=direction, alpha=0.01)
    assert found.alarm.any(axis=1).mean() > 0.9
    other = daily(counts, slice(99, 101), direction="down" if direction == "up" else "up", alpha=0.01)
    assert not other.alarm.any()


@pytest.mark.req("R13.20")
@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_an_alarm_is_a_small_p_value_and_a_count_beyond_its_bound(direction: str) -> None:
    counts = simulated(40, 60, 8)
    counts[::2, 55] *= 4
    counts[1::2, 57] = 0
    found = daily(counts, slice(50, 60), direction=direction, alpha=0.02)
    today = counts[:, 50:]
    above, below = today > found.upper, today < found.lower
    assert_array_equal(found.alarm, {"up": above, "down": below, "both": above | below}[direction])
    assert_array_equal(found.alarm, found.p_value <= 0.02 * (1 + 1e-9))
    assert found.alarm.any()
    assert (found.phi > 1).all()
    assert found.trend_kept.all()


@pytest.mark.req("R13.21")
def test_a_series_gives_the_same_bits_alone_and_among_others_and_in_any_part() -> None:
    counts = simulated(37, 150, 30)
    counts[3, :40] = NAN
    counts[5, 20:90:3] = NAN
    whole = daily(counts, slice(120, 150), direction="both")
    for row in (0, 3, 5, 36):
        same(whole, daily(counts[row], slice(120, 150), direction="both"), slice(row, row + 1))
    same(whole, daily(counts, slice(131, 140), direction="both"), columns=slice(11, 20))
    same(whole, daily(counts[:, :149], slice(120, 149), direction="both"), columns=slice(0, 29))


@pytest.mark.req("R13.22")
def test_a_market_day_rings_only_where_nobody_told_that_it_is_one() -> None:
    counts = simulated(30, 140, 50, 0.02)
    kinds = np.zeros(140, int)
    kinds[9::28] = 2
    counts[:, kinds == 2] *= 3
    day = int(np.flatnonzero(kinds)[-1])
    told = daily(counts, slice(day, day + 1), day_kinds=kinds)
    assert told.alarm.mean() < 0.05
    assert daily(counts, slice(day, day + 1)).alarm.mean() > 0.5
    assert told.controls["day_kinds"] == tuple(kinds)
    # A kind that never was is expected as an ordinary day, and little is said against it.
    kinds[day] = 7
    new = daily(counts, slice(day, day + 1), day_kinds=list(kinds))
    assert (new.upper > told.upper).all()
    assert not new.alarm.any()


@pytest.mark.req("R13.22")
def test_the_time_of_year_is_known_after_a_year() -> None:
    days = np.arange(900)
    mean = 200 * np.exp(0.8 * np.sin(2 * np.pi * days / 365.25))
    counts = np.random.default_rng(2).poisson(mean, (4, 900)).astype(float)
    found = daily(counts, slice(860, 900))
    assert_allclose(found.expected, np.tile(mean[860:], (4, 1)), rtol=0.12)
    young = counts.copy()
    young[0, :400] = NAN
    young[1, :700] = NAN
    assert (daily(young, slice(860, 900)).reason == "").all()


def test_a_past_surge_does_not_widen_the_bounds() -> None:
    calm = simulated(20, 90, 40, 0.03)
    shaken = calm.copy()
    shaken[:, 50:53] *= 6
    clean, found = daily(calm, slice(84, 90)), daily(shaken, slice(84, 90))
    assert np.median(found.upper / clean.upper) < 1.15
    heedless = daily(shaken, slice(84, 90), weights_threshold=100)
    assert np.median(heedless.upper / clean.upper) > 1.5


@pytest.mark.req("R13.23")
def test_after_a_closure_history_begins_anew() -> None:
    counts = simulated(1, 200, 400, 0.02)
    counts[:, 60:110] = 0
    found = daily(counts, slice(190, 200))
    assert (found.upper < 1200).all()
    assert_allclose(found.expected, daily(np.where(np.arange(200) < 110, NAN, counts), slice(190, 200)).expected)
    still = counts.copy()
    still[:, 110:] = 0
    assert (daily(still, slice(199, 200)).reason == "").all()


@pytest.mark.req("R13.23")
@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (np.full(80, NAN), "DETECT-103"),
        (np.r_[np.full(79, NAN), 4.0], "DETECT-101"),
        (np.r_[np.full(60, NAN), np.full(20, 5.0)], "DETECT-101"),
        (np.r_[9.0, np.full(78, NAN), 9.0], "DETECT-102"),
        (np.zeros(80), ""),
        (np.full(80, 7.0), ""),
        (np.full(80, 1e9), ""),
        (np.r_[np.zeros(40), np.full(40, 1e9)], ""),
        (np.r_[np.arange(79) % 2 * 1e9, 3.0], ""),
        (np.r_[np.full(79, 7.0), NAN], "DETECT-103"),
        (np.r_[np.full(79, 0.5), 1e300], ""),
    ],
    ids=[
        "none",
        "since yesterday",
        "three weeks",
        "gap",
        "zeros",
        "constant",
        "huge",
        "jump",
        "swing",
        "today",
        "typo",
    ],
)
def test_bad_input_gives_an_answer_or_a_reason(history: np.ndarray, reason: str) -> None:
    found = daily(np.vstack([history, simulated(1, 80, 9)[0]]), slice(79, 80), direction="both")
    assert found.reason[0, 0] == reason
    assert found.reason[1, 0] == ""
    known = bool(reason == "")
    assert np.isfinite(found.p_value[0, 0]) == known
    assert np.isfinite(found.phi[0, 0]) == known
    assert found.trend_kept[0, 0] == known
    if history[-1] == 1e300:
        assert found.alarm[0, 0]


def test_the_first_days_of_all_and_no_days_at_all() -> None:
    counts = simulated(2, 60, 20)
    assert (daily(counts, slice(0, 20)).reason == "DETECT-101").all()
    assert daily(counts, slice(5, 5)).alarm.shape == (2, 0)
    assert daily(np.zeros((0, 60)), slice(0, 60)).alarm.shape == (0, 60)
    assert daily(np.zeros((1, 1)), slice(0, 1)).reason[0, 0] == "DETECT-101"


def test_the_twenty_ninth_of_february_is_a_day() -> None:
    days = np.arange("2022-01-01", "2024-03-11", dtype="datetime64[D]")
    counts = np.random.default_rng(8).poisson(50, (2, len(days))).astype(float)
    found = run("daily", counts, days, slice(len(days) - 12, None))
    assert (found.reason == "").all()
    assert_allclose(found.expected, 50, rtol=0.3)


def test_a_model_that_does_not_settle_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fit, "STEPS", 1)
    found = daily(np.r_[np.arange(59) ** 2.0, NAN], slice(58, 60))
    assert list(found.reason[0]) == ["DETECT-151", "DETECT-103"]
    assert np.isnan(found.expected).all()


@pytest.mark.parametrize(
    "controls",
    [
        {"direction": "sideways"},
        {"alpha": 0},
        {"guard": -1},
        {"refit": 0},
        {"window": 20},
        {"weights_threshold": 0.5},
        {"drift": True},
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(controls: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        settings("daily", **controls)
    assert refusal.value.problems[0].code == "DETECT-006"


@pytest.mark.parametrize("kinds", [[0.5] * 60, [[1]], [-1] * 60, [0] * 59])
def test_kinds_of_days_that_do_not_fit_are_refused(kinds: Any) -> None:
    with pytest.raises(Refused) as refusal:
        daily(simulated(1, 60, 5), slice(50, 60), day_kinds=kinds)
    assert refusal.value.problems[0].code == "DETECT-152"


def test_weeks_are_refused() -> None:
    weeks = np.arange("2024-01-01", "2025-01-01", 7, dtype="datetime64[D]")
    with pytest.raises(Refused) as refusal:
        run("daily", np.ones((1, len(weeks))), weeks, slice(50, None))
    assert refusal.value.problems[0].code == "DETECT-150"
