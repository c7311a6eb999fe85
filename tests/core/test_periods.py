"""Periods: reading, writing, stepping."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.periods import EXAMPLES, TYPES, Period, between, containing, parse, pattern, read, span

days = st.dates(date(1801, 1, 1), date(2199, 12, 31))
grains = st.sampled_from(("day", "week", "month", "year"))


@given(days, grains)
def test_a_period_reads_back_what_it_writes(day: date, grain: str) -> None:
    period = containing(grain, day)
    assert period.start <= day <= period.end
    assert parse(period.text) == period
    assert parse(str(period), grain) == period


@given(days, grains)
def test_the_next_period_follows_without_a_gap(day: date, grain: str) -> None:
    period = containing(grain, day)
    following = period.next()
    assert following.start == period.end + timedelta(days=1)
    assert following.previous() == period
    assert following.type == grain


@given(days, st.integers(0, 400))
def test_a_span_steps_by_its_length(day: date, length: int) -> None:
    found = span(day, day + timedelta(days=length))
    assert found.days == length + 1
    assert found.next().previous() == found
    assert found.next().days == found.days
    assert parse(found.text) == found


def test_periods_between_two_days() -> None:
    assert [one.text for one in between("week", date(2026, 12, 30), date(2027, 1, 4))] == ["2026-W53", "2027-W01"]
    assert [one.text for one in between("month", date(2026, 1, 31), date(2026, 3, 1))] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert list(between("day", date(2026, 1, 2), date(2026, 1, 1))) == []


def test_examples_are_what_they_say() -> None:
    for type in TYPES:
        found = parse(EXAMPLES[type], type)
        assert found is not None
        assert found.type == type


@pytest.mark.parametrize(
    ("text", "type", "expected"),
    [
        (" 2026-02-28 ", "", "2026-02-28"),
        ("2026-02-28 00:00:00", "day", "2026-02-28"),
        ("2026-02-28T00:00", "day", "2026-02-28"),
        ("2024-02-29", "day", "2024-02-29"),
        ("2026-w07", "week", "2026-W07"),
        ("2026W07", "week", "2026-W07"),
        ("2026-02-28", "week", "2026-W09"),
        ("2026-02-28", "span", "2026-02-28..2026-02-28"),
        ("2025..2026-03", "", "2025-01-01..2026-03-31"),
        ("2026", "year", "2026"),
    ],
)
def test_reading(text: str, type: str, expected: str) -> None:
    found = parse(text, type)
    assert found is not None
    assert found.text == expected


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("2026-02-29", ""),
        ("2026-02-30", "day"),
        ("2026-13", ""),
        ("2026-W54", ""),
        ("2025-W53", ""),
        ("2026-W00", ""),
        ("0026-01-01", ""),
        ("3026", ""),
        ("2026-02-28 13:00", "day"),
        ("2026-03..2026-01", ""),
        ("2026..", ""),
        ("..2026", ""),
        ("", ""),
        ("soon", ""),
        ("٢٠٢٦", ""),
        ("2026-02", "day"),
        ("2026", "month"),
        ("2026-02", "week"),
    ],
)
def test_what_is_no_period(text: str, type: str) -> None:
    assert parse(text, type) is None


def test_an_impossible_span_or_type_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="is before"):
        span(date(2026, 2, 2), date(2026, 2, 1))
    with pytest.raises(ValueError, match="type span"):
        containing("span", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("format", "type", "text", "expected"),
    [
        ("DD/MM/YYYY", "day", "28/02/2026", "2026-02-28"),
        ("%d.%m.%y", "day", "28.02.26", "2026-02-28"),
        ("YYYYMMDD", "week", "20260228", "2026-W09"),
        ("MM/YYYY", "month", "02/2026", "2026-02"),
        ("YYYY", "year", "2026", "2026"),
        ("%V-%G", "week", "07-2026", "2026-W07"),
        ("%G-%V-%u", "week", "2026-07-3", "2026-W07"),
        ("DD/MM/YYYY", "span", "28/02/2026", "2026-02-28..2026-02-28"),
        ("DD/MM/YYYY %H:%M", "day", "28/02/2026 13:05", "2026-02-28"),
    ],
)
def test_reading_by_a_format(format: str, type: str, text: str, expected: str) -> None:
    ready = pattern(format, type)
    assert ready is not None
    found = read(text, type, ready)
    assert found is not None
    assert found.text == expected
    assert read("nonsense", type, ready) is None


def test_reading_without_a_format_takes_the_canonical_form() -> None:
    assert read("2026-02", "month") == Period(date(2026, 2, 1), date(2026, 2, 28), "month")
    assert read("30/02/2026", "day", "%d/%m/%Y") is None
    assert read("01/01/1700", "day", "%d/%m/%Y") is None


@pytest.mark.parametrize(
    ("format", "type"),
    [("MM/YYYY", "day"), ("DD", "month"), ("%B %Y", "month"), ("YYYY", "decade"), ("%d/%m/%Y%", "day"), ("x", "year")],
)
def test_a_format_that_cannot_give_the_period(format: str, type: str) -> None:
    assert pattern(format, type) is None
