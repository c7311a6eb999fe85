"""Clause hours: every boundary, both clocks, Sundays, holidays of one country and of both, changes of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from core.protocols import CALENDARS, CLOCKS, DUARTE, FLAG, GOOD, HOURS, YEARS, at

from pasaj.core.protocol import Calendar, Clocks, Finding, Operation
from pasaj.core.protocol.hours import judge

SUMMER, WINTER = "2026-07-01", "2026-02-04"  # two Wednesdays


def found(operation: Operation, **changes: object) -> Finding:
    return judge(replace(HOURS, **changes), operation, CLOCKS, CALENDARS)  # type: ignore[arg-type]


def verdict(text: str, **changes: object) -> tuple[str, tuple[str, ...]]:
    one = found(at(text), **changes)
    return one.verdict, tuple(reason.code for reason in one.reasons)


IN, OUT, CLOCK, DAY = ("in_hours",), ("out_of_hours",), ("clocks_differ",), ("holiday_differs",)


@pytest.mark.req("R1.5")
@pytest.mark.parametrize(
    ("hour", "summer", "winter", "sunday"),
    [
        # In winter the other clock is an hour ahead: one hour a boundary is disputed.
        ("00:00", ("breach", OUT), ("breach", OUT), ("breach", OUT)),
        ("06:59", ("breach", OUT), ("breach", OUT), ("breach", OUT)),
        ("07:00", ("breach", OUT), ("disputed", CLOCK), ("breach", OUT)),
        ("07:59", ("breach", OUT), ("disputed", CLOCK), ("breach", OUT)),
        ("08:00", ("compliant", IN), ("compliant", IN), ("compliant", IN)),
        ("11:00", ("compliant", IN), ("compliant", IN), ("compliant", IN)),
        ("12:00", ("compliant", IN), ("compliant", IN), ("compliant", IN)),
        ("12:01", ("compliant", IN), ("compliant", IN), ("breach", OUT)),
        ("16:59", ("compliant", IN), ("compliant", IN), ("breach", OUT)),
        ("17:00", ("compliant", IN), ("disputed", CLOCK), ("breach", OUT)),
        ("17:59", ("compliant", IN), ("disputed", CLOCK), ("breach", OUT)),
        ("18:00", ("breach", OUT), ("breach", OUT), ("breach", OUT)),
        ("23:59", ("breach", OUT), ("breach", OUT), ("breach", OUT)),
    ],
)
def test_the_hours(
    hour: str, summer: tuple[str, object], winter: tuple[str, object], sunday: tuple[str, object]
) -> None:
    assert verdict(f"{SUMMER}T{hour}") == summer
    assert verdict(f"{WINTER}T{hour}") == winter
    assert verdict(f"2026-07-05T{hour}") == sunday


def test_the_minute_counts_not_its_seconds() -> None:
    assert verdict("2026-07-05T12:00:59") == ("compliant", IN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Sunday in winter: the short hours end an hour earlier by the other clock.
        ("2026-02-08T11:00", ("compliant", IN)),
        ("2026-02-08T11:01", ("disputed", CLOCK)),
        ("2026-02-08T12:00", ("disputed", CLOCK)),
        ("2026-02-08T12:01", ("breach", OUT)),
        ("2026-02-08T07:30", ("disputed", CLOCK)),
        # Summer time in 2015: from 8 March to 1 November the clocks agree.
        ("2015-03-06T07:30", ("disputed", CLOCK)),
        ("2015-03-09T07:30", ("breach", OUT)),
        ("2015-03-09T17:30", ("compliant", IN)),
        ("2015-10-30T17:30", ("compliant", IN)),
        ("2015-11-02T17:30", ("disputed", CLOCK)),
        # No summer time in 2016: the clocks differ in July, too.
        ("2016-07-06T07:30", ("disputed", CLOCK)),
        ("2016-07-06T17:30", ("disputed", CLOCK)),
        ("2017-07-05T17:30", ("compliant", IN)),
    ],
)
def test_the_two_clocks(text: str, expected: tuple[str, object]) -> None:
    assert verdict(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A holiday of both: the short hours, by both readings.
        ("2026-01-01T10:00", ("compliant", IN)),
        ("2026-01-01T14:00", ("breach", OUT)),
        # Of one only: disputed where the two readings differ, and only there.
        (f"{FLAG}T12:00", ("compliant", IN)),
        (f"{FLAG}T12:01", ("disputed", DAY)),
        (f"{FLAG}T14:00", ("disputed", DAY)),
        (f"{FLAG}T18:00", ("breach", OUT)),
        (f"{DUARTE}T10:00", ("compliant", IN)),
        (f"{DUARTE}T14:00", ("disputed", DAY)),
        # In winter both things can differ at once.
        (f"{DUARTE}T11:30", ("disputed", (*CLOCK, *DAY))),
        (f"{DUARTE}T17:30", ("disputed", (*CLOCK, *DAY))),
    ],
)
def test_holidays(text: str, expected: tuple[str, object]) -> None:
    assert verdict(text) == expected


def test_a_protocol_may_settle_how_its_holidays_are_read() -> None:
    afternoon = f"{FLAG}T14:00"
    assert verdict(afternoon, holiday_reading="either") == ("breach", OUT)
    assert verdict(afternoon, holiday_reading="common") == ("compliant", IN)
    assert verdict("2026-01-01T14:00", holiday_reading="common") == ("breach", OUT)


def test_an_unknown_calendar_matters_only_where_it_would_decide() -> None:
    def judged(text: str, reading: str = "disputed") -> tuple[str, dict[str, object]]:
        calendars = {"HT": CALENDARS["HT"]}
        one = judge(replace(HOURS, holiday_reading=reading), at(text), CLOCKS, calendars)
        return one.verdict, dict(one.reasons[0].values) if one.verdict == "unknown" else {}

    assert judged(f"{SUMMER}T10:00") == ("compliant", {})
    assert judged(f"{SUMMER}T19:00") == ("breach", {})
    assert judged(f"{SUMMER}T14:00") == ("unknown", {"countries": "DO", "year": 2026})
    # One country's holiday is enough for one reading, one ordinary day for the other.
    assert judged(f"{FLAG}T14:00", "either") == ("breach", {})
    assert judged(f"{FLAG}T14:00", "common") == ("unknown", {"countries": "DO", "year": 2026})
    assert judged(f"{SUMMER}T14:00", "common") == ("compliant", {})


def test_a_year_nobody_wrote_down_is_not_without_holidays() -> None:
    calendar = Calendar(frozenset({FLAG, date(2010, 5, 18)}), YEARS)
    assert [calendar.holiday(one) for one in (FLAG, date(2026, 5, 19), date(2010, 5, 18), date(2010, 5, 19))] == [
        True,
        False,
        True,
        None,
    ]
    assert Calendar(frozenset()).holiday(FLAG) is False


def test_the_clock_of_the_other_side_alone_is_enough() -> None:
    there = replace(GOOD, at=None, handed_at=datetime.fromisoformat("2026-02-04T08:30"))
    assert (found(there).verdict, dict(found(there).reasons[0].values)) == (
        "disputed",
        {"receiving": "2026-02-04 07:30", "handing": "2026-02-04 08:30"},
    )
    both = replace(
        GOOD, at=datetime.fromisoformat("2026-02-04T07:30"), handed_at=datetime.fromisoformat("2026-02-04T07:45")
    )
    assert found(both).verdict == "breach"
    assert found(replace(GOOD, at=None)).reasons[0].code == "no_time"


def test_an_hour_that_came_twice_is_unknown_where_it_matters() -> None:
    """01:30 on 1 November 2015 in Port-au-Prince was 01:30 and 02:30 in Santo Domingo."""
    early, late = (time(0), time(2)), (time(0), time(3))
    one = found(at("2015-11-01T01:30"), hours=early, short_hours=early)
    assert (one.verdict, one.reasons[0].code) == ("unknown", "clock_change")
    assert verdict("2015-11-01T01:30", hours=late, short_hours=late) == ("compliant", IN)
    assert verdict("2015-11-01T01:30") == ("breach", OUT)


def test_a_clause_without_short_hours_forbids_those_days() -> None:
    assert verdict("2026-07-05T10:00", short_hours=None) == ("breach", OUT)
    assert verdict(f"{SUMMER}T10:00", short_hours=None, short_weekdays=(), holidays=()) == ("compliant", IN)


def test_one_clock_for_both_sides_disputes_nothing() -> None:
    same = Clocks(ZoneInfo("America/Lima"), ZoneInfo("America/Lima"))
    assert judge(HOURS, at(f"{WINTER}T07:30"), same, CALENDARS).verdict == "breach"
