"""Simulated counts keep what they promise."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasaj.core.simulate import (
    Event,
    Pattern,
    Post,
    Reporting,
    calibrated,
    delays,
    factors,
    independent,
    second_source,
    unreported,
)

POSTS = (Post("A", 6, (1, 1, 1, 1, 2, 0, 0)), Post("B", 3), Post("C", 1))
FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 500), st.integers(0, 99), st.sampled_from([0.0, 0.05, 1.0]))
def test_every_month_adds_up_exactly(one: int, other: int, seed: int, dispersion: float) -> None:
    found = calibrated({FEBRUARY: one, MARCH: other}, POSTS, rng(seed), dispersion=dispersion)
    assert list(found) == ["A", "B", "C"]
    for month, total in ((2, one), (3, other)):
        assert sum(value for daily in found.values() for day, value in daily.items() if day.month == month) == total
    assert len(found["A"]) == 29 + 31
    assert all(type(value) is int and value >= 0 for daily in found.values() for value in daily.values())


def test_shares_weekdays_and_factors_show() -> None:
    shut = Event("B", date(2024, 2, 10), date(2024, 2, 12), 0)
    surge = Event("C", date(2024, 2, 20), date(2024, 2, 20), 10)
    given = factors([shut, surge], {date(2024, 2, 28): 0.0}, ["A", "B", "C"])
    found = calibrated({FEBRUARY: 200_000}, POSTS, rng(), factors=given, dispersion=0)
    assert all(found["B"][day] == 0 for day in shut.days())
    assert all(found[code][date(2024, 2, 28)] == 0 for code in "ABC")
    assert all(value == 0 for day, value in found["A"].items() if day.weekday() > 4)
    assert found["C"][date(2024, 2, 20)] == pytest.approx(10 * found["C"][date(2024, 2, 19)], rel=0.1)
    assert sum(sum(daily.values()) for daily in found.values()) == 200_000


def test_the_same_generator_gives_the_same_figures() -> None:
    assert calibrated({FEBRUARY: 5000}, POSTS, rng(3)) == calibrated({FEBRUARY: 5000}, POSTS, rng(3))


def test_a_total_with_no_day_to_stand_on_is_refused() -> None:
    every = factors([], {FEBRUARY + timedelta(days=ahead): 0.0 for ahead in range(29)}, ["A"])
    with pytest.raises(ValueError, match="5 cannot be dealt out over 2024-02"):
        calibrated({FEBRUARY: 5}, POSTS[:1], rng(), factors=every)
    assert sum(calibrated({FEBRUARY: 0}, POSTS[:1], rng(), factors=every)["A"].values()) == 0
    with pytest.raises(ValueError, match="cannot be dealt out"):
        calibrated({FEBRUARY: -1}, POSTS, rng())
    with pytest.raises(ValueError, match="cannot be dealt out"):
        calibrated({FEBRUARY: 1}, (), rng())


def test_factors_of_one_day_multiply() -> None:
    day = date(2024, 2, 5)
    given = factors([Event("A", day, day, 3), Event("A", day, day, 2)], {day: 0.5}, ["A", "B"])
    assert given == {("A", day): 3.0, ("B", day): 0.5}


def test_an_independent_series_has_its_level_and_spread() -> None:
    pattern = Pattern("A", 50, dispersion=3)
    values = np.array(list(independent(pattern, date(2020, 1, 1), date(2029, 12, 31), rng()).values()))
    assert values.mean() == pytest.approx(50, rel=0.02)
    assert values.var() / values.mean() == pytest.approx(3, rel=0.1)
    chance = Pattern("A", 50, dispersion=1)
    values = np.array(list(independent(chance, date(2020, 1, 1), date(2029, 12, 31), rng()).values()))
    assert values.var() / values.mean() == pytest.approx(1, rel=0.1)


def test_an_independent_series_follows_its_pattern() -> None:
    pattern = Pattern("A", 1000, (2, 1, 1, 1, 1, 1, 0), growth=0.5, season=0.5, peak=1)
    first, last = date(2023, 1, 1), date(2024, 12, 31)
    shut = Event("A", date(2023, 1, 10), date(2023, 1, 11), 0)
    found = independent(pattern, first, last, rng(), factors=factors([shut], {}, ["A"]))
    assert len(found) == 731
    assert all(value == 0 for day, value in found.items() if day.weekday() == 6)
    assert all(found[day] == 0 for day in shut.days())
    assert found[date(2023, 1, 2)] == pytest.approx(3000, rel=0.1)
    assert found[date(2023, 7, 4)] == pytest.approx(500 * 1.5**0.5, rel=0.2)
    assert found[date(2024, 1, 2)] == pytest.approx(1500 * 1.5, rel=0.15)


def test_a_second_source_sees_nearly_the_same() -> None:
    days = {date(2024, 1, 1) + timedelta(days=ahead): 1000 for ahead in range(300)}
    odd = date(2024, 1, 5)
    found = second_source(days, rng(), bias=0.9, error=0.02, missing=0.1, mistakes={odd: 10})
    assert 250 < len(found) < 290
    assert found[odd] == pytest.approx(9000, rel=0.1)
    others = [value for day, value in found.items() if day != odd]
    assert np.mean(others) == pytest.approx(900, rel=0.01)
    assert len(second_source(days, rng())) == 300
    assert min(second_source(days, rng(), error=5).values()) == 0


def test_an_unreported_day_is_not_zero() -> None:
    days = {date(2024, 1, day): day for day in (1, 2, 3, 4)}
    assert unreported(days, [Event("A", date(2024, 1, 2), date(2024, 1, 3), 0)]) == {
        date(2024, 1, 1): 1,
        date(2024, 1, 4): 4,
    }


def test_reports_arrive_after_the_day_and_some_days_later() -> None:
    days = [date(2024, 1, 1) + timedelta(days=ahead) for ahead in range(1000)]
    found = delays(days, rng(), Reporting(hour=8, late=0.2, days=3))
    assert list(found) == days
    late = [delay for delay in found.values() if delay > timedelta(hours=20)]
    assert 150 < len(late) < 250
    assert all(delay >= timedelta(0) for delay in found.values())
    assert np.mean([delay.days for delay in late]) == pytest.approx(3, rel=0.2)
    assert max(delays(days, rng(), Reporting(late=0)).values()) < timedelta(hours=20)
