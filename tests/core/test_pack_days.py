"""Which days a calendar rule names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.pack import values
from pasaj.core.pack.days import easter, falls_on, next_days


@pytest.mark.parametrize(
    "day",
    # Published tables: the earliest and latest possible dates, and the rare cases of the lunar correction.
    [
        date(1818, 3, 22), date(1886, 4, 25), date(1943, 4, 25), date(1954, 4, 18), date(1981, 4, 19),
        date(2000, 4, 23), date(2008, 3, 23), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5),
        date(2038, 4, 25), date(2049, 4, 18), date(2076, 4, 19),
    ],
)  # fmt: skip
def test_easter(day: date) -> None:
    assert easter(day.year) == day


@given(st.integers(1800, 2200))
def test_easter_is_a_sunday_in_its_season(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_a_rule_names_its_days() -> None:
    assert falls_on("2026-05-18", date(2026, 5, 18))
    assert not falls_on("2026-05-18", date(2026, 5, 19))
    assert falls_on("yearly:05-18", date(2031, 5, 18))
    assert not falls_on("yearly:05-18", date(2031, 5, 17))
    assert falls_on("easter:-2", date(2026, 4, 3))
    assert not falls_on("easter:-2", date(2026, 4, 5))
    assert falls_on("weekly:mon", date(2026, 4, 6))
    assert not falls_on("weekly:mon", date(2026, 4, 7))
    # Days counted from Easter may lie in the year before.
    assert falls_on("easter:-120", easter(2026) - timedelta(days=120))


def test_the_next_days() -> None:
    start = date(2026, 2, 28)
    assert list(next_days("weekly:sat", start, 2)) == [start, date(2026, 3, 7)]
    assert list(next_days("yearly:02-29", start)) == [date(2028, 2, 29)]
    assert list(next_days("easter:0", start, 2)) == [date(2026, 4, 5), date(2027, 3, 28)]
    assert list(next_days("2026-03-01", start, 5)) == [date(2026, 3, 1)]
    assert list(next_days("2026-02-27", start)) == []
    assert list(next_days("yearly:02-29", start, 9))[-1] <= start + timedelta(days=9 * 366)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("Weekly: Mon", "weekly:mon"),
        ("easter:+60", "easter:60"),
        ("easter:-02", "easter:-2"),
        ("yearly:02-29", "yearly:02-29"),
        ("2026-02-28", "2026-02-28"),
        ("yearly:13-01", None),
        ("yearly:5-18", None),
        ("weekly:monday", None),
        ("easter", None),
        ("", None),
    ],
)
def test_rules_in_their_normal_form(written: str, rule: str | None) -> None:
    assert values.rule(written) == rule


def test_addresses() -> None:
    assert values.address("https://a.b/c?d=é") == "https://a.b/c?d=é"
    assert values.address("example.org") == "https://example.org"
    for bad in ("javascript:alert(1)", "ftp://a.b", "no address", "https://", "data:text/html,x"):
        assert values.address(bad) is None
