"""EARS: properties, falls, gaps, refusals."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from pasaj.core.detect import METHODS, Detection, names, run
from pasaj.core.detect import settings as controls_of
from pasaj.core.detect.ears import BLOCK
from pasaj.core.problems import CATALOGUE, Refused

FIELDS = ("expected", "lower", "upper", "alarm", "p_value", "trend_kept", "phi", "reason")
VARIANTS = ("C1", "C2", "C3")
NAN = float("nan")


def ears(counts: Any, evaluate: slice = slice(None), **controls: Any) -> Detection:
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    return run("ears", table, np.arange(table.shape[1]), evaluate, **controls)


def same(one: Detection, other: Detection, names: tuple[str, ...] = FIELDS) -> None:
    for name in names:
        assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


tables = arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(1, 30)),
    elements=st.one_of(st.integers(0, 40).map(float), st.just(NAN)),
)
variants = st.sampled_from(VARIANTS)
directions = st.sampled_from(("up", "down", "both"))


def test_c1_by_hand() -> None:
    # Mean 4 and standard deviation 2 of seven days; z of 0.001 is 3.0902323.
    found = ears([[2, 2, 4, 4, 4, 6, 6, 9, 11]], slice(7, 9))
    sigma = np.sqrt(16 / 6)
    assert_allclose(found.expected[0], [4, 5])
    assert found.upper[0, 0] == pytest.approx(4 + 3.090232306167813 * sigma)
    assert found.lower[0, 0] == 0
    assert_array_equal(found.alarm[0], [False, False])
    assert ears([[2, 2, 4, 4, 4, 6, 6, 10]], slice(7, 8)).alarm[0, 0]


def test_c2_leaves_two_days_between() -> None:
    week = [2, 2, 4, 4, 4, 6, 6]
    found = ears([[*week, 500, 900, 10]], slice(9, 10), variant="C2")
    assert found.expected[0, 0] == 4
    assert found.alarm[0, 0]


def test_c3_adds_the_two_days_before_and_not_today() -> None:
    quiet = [3, 5, 4, 3, 5, 4, 4]
    calm = ears([[*quiet, 4, 4, 4, 4, 90]], slice(11, 12), variant="C3")
    assert not calm.alarm[0, 0]
    shaken = ears([[*quiet, 4, 4, 9, 9, 4]], slice(11, 12), variant="C3")
    assert shaken.alarm[0, 0]
    assert shaken.p_value[0, 0] < 0.025


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_p_value_agrees_with_the_alarm(variant: str) -> None:
    counts = np.random.default_rng(4).poisson(30, (40, 90)).astype(float)
    counts[:, 50] += 40
    for direction, factor in (("up", 1), ("down", 1), ("both", 2)):
        found = ears(counts, slice(20, None), variant=variant, direction=direction, alpha=0.01)
        assert found.alarm.any()
        assert_array_equal(found.alarm, found.p_value < 0.01 * factor)


def test_the_tail_is_exact_far_out() -> None:
    found = ears([[4, 5, 6, 4, 5, 6, 5, 20]], slice(7, 8))
    score = 15 / np.std([4, 5, 6, 4, 5, 6, 5], ddof=1)
    assert score > 15
    assert 0 < found.p_value[0, 0] < 1e-60


@given(tables, variants, directions)
def test_a_batch_equals_its_series_one_by_one(table: Any, variant: str, direction: str) -> None:
    whole = ears(table, variant=variant, direction=direction)
    for row in range(len(table)):
        one = ears(table[row], variant=variant, direction=direction)
        for name in FIELDS:
            assert_array_equal(getattr(one, name)[0], getattr(whole, name)[row])


@given(tables, variants, st.randoms(use_true_random=False))
def test_the_order_of_series_does_not_matter(table: Any, variant: str, random: Any) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    one, other = ears(table, variant=variant), ears(table[order], variant=variant)
    for name in FIELDS:
        assert_array_equal(getattr(one, name)[order], getattr(other, name))


@given(tables, variants, st.integers(1, 1000))
def test_a_constant_added_shifts_bounds_and_changes_no_alarm(table: Any, variant: str, step: int) -> None:
    one, other = ears(table, variant=variant), ears(table + step, variant=variant)
    same(one, other, ("reason",))
    assert_allclose(one.expected + step, other.expected)
    if variant != "C3":  # its bound is cut at zero, and a count of zero cannot lie above it
        same(one, other, ("alarm",))
        assert_allclose(one.upper + step, other.upper)
        assert_allclose(one.p_value, other.p_value, rtol=1e-9, atol=1e-300)


@given(tables, variants)
def test_falls_are_rises_seen_in_a_mirror(table: Any, variant: str) -> None:
    # Far enough from zero the lower bound is never cut, so the mirror is exact.
    one = ears(table + 1000, variant=variant, direction="up")
    other = ears(2000 - (table + 1000), variant=variant, direction="down")
    same(one, other, ("alarm", "reason"))
    assert_allclose(one.p_value, other.p_value, rtol=1e-9)
    assert_allclose(2000 - one.upper, other.lower)
    assert_allclose(2000 - one.expected, other.expected)
    both = ears(table + 1000, variant=variant, direction="both")
    down = ears(table + 1000, variant=variant, direction="down")
    assert_array_equal(both.alarm, one.alarm | down.alarm)


@given(tables, variants)
def test_later_counts_change_nothing_earlier(table: Any, variant: str) -> None:
    middle = table.shape[1] // 2
    cut = ears(table[:, :middle], variant=variant)
    whole = ears(table, slice(0, middle), variant=variant)
    same(cut, whole)


@given(tables, variants, directions, st.integers(2, 7))
def test_there_is_an_answer_or_a_reason_and_never_both(table: Any, variant: str, direction: str, enough: int) -> None:
    found = ears(table, variant=variant, direction=direction, min_baseline=enough)
    answered = found.reason == ""
    assert not found.alarm[~answered].any()
    assert_array_equal(np.isnan(found.p_value), ~answered)
    bound = found.lower if direction == "down" else found.upper
    assert not np.isnan(bound[answered & ~found.alarm]).any()
    assert set(found.reason[~answered]) <= CATALOGUE.keys()
    assert (found.lower[~np.isnan(found.lower)] >= 0).all()


def test_a_fall_below_the_lower_bound_rings() -> None:
    week = [100, 103, 98, 101, 99, 102, 97]
    found = ears([[*week, 12]], slice(7, 8), direction="down")
    assert found.alarm[0, 0]
    assert found.lower[0, 0] == pytest.approx(100 - 3.090232306167813 * np.std(week, ddof=1))
    assert not ears([[*week, 12]], slice(7, 8), direction="up").alarm[0, 0]


def test_no_fall_can_ring_where_the_bound_reaches_zero() -> None:
    found = ears([[0, 3, 1, 4, 0, 2, 5, 0]], slice(7, 8), direction="down")
    assert (found.lower[0, 0], found.alarm[0, 0]) == (0, False)


@pytest.mark.parametrize("value", [0, 7, 0.1, 1e9, 12345678.9])
def test_a_constant_series_has_exactly_that_bound(value: float) -> None:
    for variant in ("C1", "C2"):
        found = ears([[value] * 20], slice(10, 20), variant=variant)
        assert_array_equal(found.upper, value)
        assert_array_equal(found.expected, value)
        assert not found.alarm.any()
        assert_array_equal(found.p_value, 0.5)
    flat = ears([[value] * 20], slice(11, 20), variant="C3")
    assert set(flat.reason.ravel()) == {"DETECT-104"}
    assert not ears([[value] * 20], slice(11, 20), variant="C3", min_sigma=1).alarm.any()


def test_any_rise_over_a_constant_series_rings_at_p_zero() -> None:
    found = ears([[4.0] * 7 + [5.0]], slice(7, 8))
    assert found.alarm[0, 0]
    assert found.p_value[0, 0] == 0
    fallen = ears([[4.0] * 7 + [3.0]], slice(7, 8), direction="down")
    assert fallen.alarm[0, 0]


def test_huge_counts_lose_nothing() -> None:
    pattern = np.array([3.0, 7, 1, 9, 4, 6, 2, 30])
    small = ears([pattern], slice(7, 8))
    huge = ears([pattern + 1e9], slice(7, 8))
    assert huge.upper[0, 0] - 1e9 == pytest.approx(small.upper[0, 0], abs=1e-6)
    assert huge.alarm[0, 0] == small.alarm[0, 0]
    scaled = ears([[1e300, 2e300, 1e300, 2e300, 1e300, 2e300, 1e300, 1e300]], slice(7, 8))
    assert scaled.reason[0, 0] == ""


def test_reasons_say_why_there_is_no_answer() -> None:
    one = ears([[5]])
    assert one.reason.tolist() == [["DETECT-101"]]
    young = ears([[NAN] * 10 + [4.0, 5, 6]])
    assert set(young.reason[0, :10]) == {"DETECT-103"}
    assert set(young.reason[0, 10:]) == {"DETECT-101"}
    gap = ears([[4.0, 5, NAN, 4, 5, 6, 5, 5, NAN, 4, 5]], slice(7, 11))
    assert gap.reason[0].tolist() == ["DETECT-102", "DETECT-103", "DETECT-102", "DETECT-102"]
    never = ears([[NAN] * 9], slice(8, 9))
    assert never.reason[0, 0] == "DETECT-103"
    assert np.isnan(never.expected[0, 0])


def test_a_missing_count_keeps_its_bounds() -> None:
    found = ears([[2, 2, 4, 4, 4, 6, 6, NAN]], slice(7, 8))
    assert found.expected[0, 0] == 4
    assert found.upper[0, 0] > 4
    assert np.isnan(found.p_value[0, 0])


def test_gaps_may_be_allowed() -> None:
    counts = [[4.0, NAN, 6, 4, NAN, 6, 5, 30]]
    assert ears(counts, slice(7, 8)).reason[0, 0] == "DETECT-102"
    found = ears(counts, slice(7, 8), min_baseline=5)
    assert found.reason[0, 0] == ""
    assert found.expected[0, 0] == 5
    assert found.upper[0, 0] == pytest.approx(5 + 3.090232306167813 * np.std([4, 6, 4, 6, 5], ddof=1))
    assert found.alarm[0, 0]
    young = ears([[4.0, 6, 5, 30]], slice(3, 4), min_baseline=3)
    assert young.reason[0, 0] == ""
    assert young.alarm[0, 0]


def test_c3_needs_the_two_days_it_adds_up() -> None:
    counts = [[4.0, 5, 6, 4, 5, 6, 4, 5, 6, NAN, 5, 6, 4]]
    assert ears(counts, slice(11, 13), variant="C3", min_baseline=5).reason[0].tolist() == ["DETECT-102", ""]


def test_both_directions_answer_when_either_side_rings() -> None:
    # After a constant week a fall makes the rise undefined, and the other way round.
    counts = [[4.0] * 8 + [0.0, 4.0, 4.0, 4.0]]
    found = ears(counts, slice(11, 12), variant="C3", direction="both")
    assert found.reason[0, 0] in ("", "DETECT-104")


def test_more_series_than_a_block_holds() -> None:
    rows = BLOCK // 10
    counts = np.random.default_rng(1).poisson(9, (rows, 12)).astype(float)
    whole = ears(counts, slice(11, 12))
    last = ears(counts[-1:], slice(11, 12))
    for name in FIELDS:
        assert_array_equal(getattr(whole, name)[-1], getattr(last, name)[0])


def test_nothing_to_evaluate_is_an_empty_answer() -> None:
    assert ears([[1.0] * 9], slice(9, 9)).alarm.shape == (1, 0)
    assert run("ears", np.empty((0, 9)), np.arange(9), slice(0, 9)).alarm.shape == (0, 9)
    assert run("ears", np.empty((1, 0)), [], slice(None)).alarm.shape == (1, 0)
    assert ears([[1.0] * 9], slice(8, 3)).alarm.shape == (1, 0)


@pytest.mark.req("R13.81")
@pytest.mark.parametrize(("variant", "gap"), [("C1", 0), ("C2", 2)])
@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_a_few_days_say_less_of_the_next_one_than_many(variant: str, gap: int, direction: str) -> None:
    counts = np.array([[30.0, 41, NAN, 36, 28, 39, NAN, 33, 37, 88]])
    controls = {"variant": variant, "baseline": 7, "min_baseline": 3, "alpha": 0.01, "direction": direction}
    found = ears(counts, slice(9, 10), **controls, student=True)
    known = [value for value in counts[0, 2 - gap : 9 - gap] if not np.isnan(value)]
    mean, sd, n = np.mean(known), np.std(known, ddof=1), len(known)
    unit = sd * np.sqrt(1 + 1 / n)  # the prediction interval of a textbook
    law = stats.t(n - 1)
    assert_allclose(found.upper, mean + law.isf(0.01) * unit, rtol=1e-12)
    assert_allclose(found.lower, max(0.0, mean - law.isf(0.01) * unit), rtol=1e-12)
    rise = law.sf((88 - mean) / unit)
    assert_allclose(found.p_value, {"up": rise, "down": 1 - rise, "both": 2 * rise}[direction], rtol=1e-9)
    assert found.alarm.tolist() == [[direction != "down"]]
    assert found.upper[0, 0] > ears(counts, slice(9, 10), **controls).upper[0, 0]


@pytest.mark.req("R13.81")
@pytest.mark.parametrize("days", [3, 5, 7, 28])
def test_with_students_bounds_a_young_series_rings_as_often_as_it_is_asked_to(days: int) -> None:
    counts = np.random.default_rng(days).normal(500, 40, (20_000, days + 1)).round()
    controls: dict[str, Any] = {"variant": "C1", "baseline": 28, "min_baseline": 3, "alpha": 0.01}
    student, normal = (
        ears(counts, slice(days, days + 1), **controls, student=one).alarm.mean() for one in (True, False)
    )
    assert 0.008 < student < 0.012
    assert normal > 0.012


def test_students_bounds_are_for_single_days() -> None:
    with pytest.raises(Refused, match="DETECT-006"):
        ears([[1.0] * 12], variant="C3", student=True)
    with pytest.raises(Refused, match="DETECT-006"):
        ears([[1.0] * 12], student=1)


def test_answers_carry_the_settings_used() -> None:
    found = ears([[1.0] * 9], variant="c2")
    assert found.method == "ears"
    assert dict(found.controls) == {
        "variant": "C2",
        "baseline": 7,
        "min_baseline": 7,
        "min_sigma": 0.0,
        "student": False,
        "alpha": 0.001,
        "direction": "up",
    }
    assert controls_of("ears_c3")["alpha"] == 0.025
    assert not found.trend_kept.any()
    assert np.isnan(found.phi).all()


def test_presets_are_names_of_their_own() -> None:
    assert "ears" in METHODS
    assert set(names()) >= {"ears", "ears_c1", "ears_c2", "ears_c3"}
    counts = np.random.default_rng(3).poisson(9, (3, 40)).astype(float)
    same(run("ears_c2", counts, np.arange(40), slice(20, 40)), ears(counts, slice(20, 40), variant="C2"))


def refused(*args: Any, **controls: Any) -> str:
    with pytest.raises(Refused) as caught:
        run(*args, **controls)
    (found,) = caught.value.problems
    assert found.text()
    return found.code


def test_a_call_that_cannot_be_meant_is_refused_with_a_code() -> None:
    ok, times, part = np.ones((2, 12)), np.arange(12), slice(9, 12)
    assert refused("magic", ok, times, part) == "DETECT-001"
    assert refused("ears_c9", ok, times, part) == "DETECT-001"
    assert refused("ears", np.ones(12), times, part) == "DETECT-002"
    assert refused("ears", 5.0, times, part) == "DETECT-002"
    assert refused("ears", [["a"] * 12], times, part) == "DETECT-002"
    assert refused("ears", [[1.0], [1.0, 2.0]], times, part) == "DETECT-002"
    assert refused("ears", ok, times[:5], part) == "DETECT-002"
    assert refused("ears", ok, times + 0.5, part) == "DETECT-002"
    assert refused("ears", ok, times, [9, 10]) == "DETECT-002"
    assert refused("ears", ok, times, slice(0, 12, 2)) == "DETECT-002"
    assert refused("ears", ok - 2, times, part) == "DETECT-003"
    assert refused("ears", ok * np.inf, times, part) == "DETECT-003"
    assert refused("ears", ok, times[::-1], part) == "DETECT-004"
    assert refused("ears", ok, np.repeat(times[:6], 2), part) == "DETECT-004"
    assert refused("ears", ok, np.r_[times[:6], times[6:] + 1], part) == "DETECT-004"
    assert refused("ears", ok, times, part, span=7) == "DETECT-005"


@pytest.mark.parametrize(
    "controls",
    [
        {"variant": "C4"},
        {"direction": "sideways"},
        {"baseline": 1},
        {"baseline": 7.0},
        {"baseline": True},
        {"min_baseline": 1},
        {"min_baseline": 8},
        {"min_sigma": -1},
        {"min_sigma": NAN},
        {"min_sigma": float("inf")},
        {"alpha": 0},
        {"alpha": 0.6},
        {"alpha": "small"},
    ],
)
def test_a_setting_out_of_range_is_refused(controls: dict[str, Any]) -> None:
    assert refused("ears", np.ones((1, 12)), np.arange(12), slice(9, 12), **controls) == "DETECT-006"


def test_dates_must_follow_each_other() -> None:
    counts, part = np.ones((1, 12)), slice(9, 12)
    months = np.arange("2025-01", "2026-01", dtype="datetime64[M]")
    assert run("ears", counts, months, part).alarm.shape == (1, 3)
    days = np.arange("2024-02-25", "2024-03-08", dtype="datetime64[D]")
    assert run("ears", counts, days, part).alarm.shape == (1, 3)
    assert refused("ears", counts, np.delete(np.append(days, np.datetime64("2024-03-08")), 4), part) == "DETECT-004"
    unknown = days.copy()
    unknown[3] = np.datetime64("NaT")
    assert refused("ears", counts, unknown, part) == "DETECT-004"
    assert refused("ears", counts, np.delete(np.append(months, np.datetime64("2026-01")), 4), part) == "DETECT-004"


@settings(max_examples=20)
@given(st.integers(1, 40))
def test_cadences_of_any_even_step_are_taken(step: int) -> None:
    counts, times = np.ones((1, 12)), np.arange(12) * step
    assert run("ears", counts, times, slice(9, 12)).alarm.shape == (1, 3)
