"""The nowcast: by hand, as it would have been on earlier days, coverage, corrections, reasons."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pasaj.core.nowcast import complete
from pasaj.core.problems import CATALOGUE, Refused

NAN = float("nan")
SHARES = np.array([0.5, 0.25, 0.15, 0.1])


def cut(reports: Any, day: int | None = None) -> Any:
    """A full table of reports as it was known on a day (the last one)."""
    table = np.array(reports, dtype=float)
    day = len(table) - 1 if day is None else day
    table[np.arange(len(table))[:, None] + np.arange(table.shape[1]) > day] = NAN
    return table[: day + 1]


def reports(days: int, level: float = 40, seed: int = 1, size: float | None = None) -> Any:
    rng = np.random.default_rng(seed)
    final = rng.poisson(level, days) if size is None else rng.negative_binomial(size, size / (size + level), days)
    return rng.multinomial(final, SHARES).astype(float)


@pytest.mark.req("R13.18")
def test_steady_reports_by_hand() -> None:
    found = complete(cut(np.tile([50.0, 30, 20], (40, 1))))
    assert_allclose(found.proportion, [0.5, 0.8, 1])
    assert_array_equal(found.reported[-3:], [100, 80, 50])
    # 50 + (1 - 0.5) (50 + 1) / (1/100 + 0.5), and 80 + (1 - 0.8) (80 + 1) / (1/100 + 0.8)
    assert_allclose(found.estimate, 100)
    assert_array_equal(found.lower[:-2], [100] * 38)
    assert_array_equal(found.upper[:-2], [100] * 38)
    assert (found.lower[-2:] < 100).all()
    assert (found.upper[-2:] > 100).all()
    assert_array_equal(found.spread[:2], [0, 0])
    assert (found.reason == "").all()


def test_a_surge_is_scaled_as_the_delays_say() -> None:
    table = np.tile([50.0, 30, 20], (40, 1))
    table[-1] *= 10
    found = complete(cut(table))
    assert found.estimate[-1] == pytest.approx(500 + 0.5 * 501 / 0.51)
    assert found.lower[-1] > 900
    assert found.upper[-1] > 1000


def test_without_any_report_yet_the_usual_level_speaks() -> None:
    table = np.tile([0.0, 3, 1], (40, 1))
    found = complete(cut(table))
    assert found.proportion[0] == 0
    assert_allclose(found.estimate[-2:], [3 + 0.25 * 4 / (0.25 + 0.75), 4])
    quiet = complete(cut(np.tile([4.0, 3, 1], (40, 1)) * (np.arange(40) < 39)[:, None]))
    assert 0 < quiet.estimate[-1] < 2
    assert quiet.lower[-1] == 0
    assert quiet.upper[-1] >= 1


@pytest.mark.req("R13.18")
@given(st.integers(20, 59))
def test_nothing_of_later_days_enters(day: int) -> None:
    table = reports(60)
    changed = table.copy()
    later = np.arange(60)[:, None] + np.arange(4) > day
    changed[later] = 999
    one, other = complete(cut(table, day)), complete(cut(changed, day))
    for name in ("estimate", "lower", "upper", "proportion", "spread"):
        assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.req("R13.19")
@pytest.mark.parametrize(("level", "size"), [(4, None), (30, None), (30, 3.0), (800, 10.0)])
def test_intervals_hold_the_final_count_about_as_often_as_they_say(level: float, size: float | None) -> None:
    held, error = [], []
    for seed in range(150):
        table = reports(100, level, seed, size)
        found = complete(cut(table))
        final = table.sum(axis=1)
        held.append(((found.lower <= final) & (final <= found.upper))[-3:])
        error.append((found.estimate - final)[-3:])
    assert 0.85 <= np.mean(held) <= 0.95
    assert abs(np.mean(error)) < 0.1 * level


def test_a_wider_interval_holds_a_narrower_one() -> None:
    for level in (3, 40, 4000):
        table = cut(reports(80, level))
        narrow, wide = complete(table, interval=0.5), complete(table, interval=0.95)
        assert (wide.upper - wide.lower >= narrow.upper - narrow.lower).all()
        assert wide.upper[-1] > narrow.upper[-1]
        assert_array_equal(wide.estimate, narrow.estimate)


def test_moving_delays_widen_the_interval() -> None:
    rng = np.random.default_rng(4)
    steady = rng.multinomial(400, SHARES, 120).astype(float)
    moving = np.array([rng.multinomial(400, rng.dirichlet(20 * SHARES)) for _ in range(120)], dtype=float)
    one, other = complete(cut(steady)), complete(cut(moving))
    assert other.spread[0] > 0.1 > one.spread[0]
    assert (other.upper - other.lower)[-1] > 1.5 * (one.upper - one.lower)[-1]


@pytest.mark.req("R13.18")
def test_reports_that_are_taken_back() -> None:
    rng = np.random.default_rng(8)
    held = []
    for _ in range(60):
        final = rng.poisson(60, 100)
        doubled = rng.binomial(final, 0.2)
        table = np.stack([final * 0.9 // 1 + doubled, final - final * 0.9 // 1, -doubled], axis=1).astype(float)
        assert_array_equal(table.sum(axis=1), final)
        found = complete(cut(table))
        assert found.proportion[1] > 1
        assert found.estimate[-2] < found.reported[-2]
        held.append(((found.lower <= final) & (final <= found.upper))[-2:])
    assert 0.8 <= np.mean(held) <= 0.98
    emptied = np.tile([3.0, -3, 0], (40, 1))
    emptied[::2] = [3, 0, 0]
    assert complete(cut(emptied)).lower[-1] == 0


def test_delays_that_never_add_anything() -> None:
    found = complete(cut(np.tile([7.0, 0, 0], (40, 1))))
    assert_array_equal(found.proportion, [1, 1, 1])
    assert_array_equal(found.estimate, [7] * 40)
    assert_array_equal(found.lower, found.upper)


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (np.ones((1, 3)), "DETECT-133"),
        (np.ones((5, 3)), "DETECT-133"),
        (np.ones((9, 3)), "DETECT-133"),
        (np.zeros((60, 3)), "DETECT-134"),
        (np.zeros((60, 3)) - np.array([0, 0, 1]), "DETECT-134"),
    ],
)
def test_without_enough_to_go_by_there_is_a_reason(table: Any, code: str) -> None:
    found = complete(cut(table))
    assert found.reason[-1] == code
    assert code in CATALOGUE
    assert np.isnan([found.estimate[-1], found.lower[-1], found.upper[-1]]).all()
    assert found.reported[-1] == table[-1, 0]
    if len(table) > 3:
        assert found.reason[0] == ""
        assert found.estimate[0] == table[0].sum()


def test_days_not_in_yet_have_a_reason_and_later_cuts_know_more() -> None:
    table = reports(60)
    early = complete(np.vstack([cut(table, 57), np.full((2, 4), NAN)]))
    assert_array_equal(early.reason[-3:], ["", "DETECT-135", "DETECT-135"])
    assert np.isnan(early.reported[-2:]).all()
    assert_array_equal(early.estimate[:-2], complete(cut(table, 57)).estimate)
    late = table.copy()
    late[-1, 2:] = NAN
    late[-2, 3:] = NAN
    found = complete(late)
    assert (found.reason == "").all()
    assert found.reported[-1] == table[-1, :2].sum()
    whole = complete(table)
    assert_array_equal(whole.estimate, table.sum(axis=1))
    nothing = complete(np.full((2, 3), NAN))
    assert_array_equal(nothing.reason, ["DETECT-135"] * 2)


@pytest.mark.parametrize(
    ("table", "more", "code"),
    [
        ([1, 2, 3], {}, "DETECT-147"),
        ([[]], {}, "DETECT-147"),
        ([["x"]], {}, "DETECT-147"),
        ([[1, np.inf]], {}, "DETECT-147"),
        ([[1, 1], [NAN, 1]], {}, "DETECT-147"),
        ([[1, NAN], [1, NAN]], {}, "DETECT-147"),
        ([[1, 1], [NAN, NAN], [1, NAN]], {}, "DETECT-147"),
        (np.ones((9, 2)), {"interval": 1}, "DETECT-148"),
        (np.ones((9, 2)), {"interval": 0}, "DETECT-148"),
        (np.ones((9, 2)), {"window": 3}, "DETECT-148"),
        (np.ones((9, 2)), {"errors": 9}, "DETECT-148"),
    ],
)
def test_what_is_no_triangle_is_refused(table: Any, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        complete(table, **more)
    assert caught.value.problems[0].code == code


def test_rows_that_say_nothing_are_left_out_of_what_is_learnt() -> None:
    table = np.tile([50.0, 30, 20], (40, 1))
    table[::4] = [0.0, 0, 0]
    table[1] = [0.0, -5, 105]
    skipped = np.zeros(40, dtype=bool)
    skipped[::4] = skipped[1] = True
    with_all, without = complete(cut(table)), complete(cut(table), skipped=skipped)
    assert_allclose(without.proportion, [0.5, 0.8, 1])
    assert without.estimate[-1] == pytest.approx(50 + 0.5 * 51 / 0.51)
    assert with_all.upper[-1] > without.upper[-1]
    with pytest.raises(Refused) as refused:
        complete(cut(table), skipped=[True])
    assert [one.code for one in refused.value.problems] == ["DETECT-147"]
    assert (complete(cut(table), skipped=np.ones(40)).reason[-2:] == "DETECT-133").all()
