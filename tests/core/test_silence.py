"""Expected against reported periods."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.periods import Period, between, containing
from pasaj.core.silence import due, judge

START = date(2026, 3, 2)  # a Monday


def days(*numbers: int) -> list[Period]:
    return [containing("day", date(2026, 3, number)) for number in numbers]


def at(day: int, hour: int = 13) -> datetime:
    return datetime.combine(date(2026, 3, day), time(hour))


def look(reported: list[Period], now: datetime, **controls: Any) -> Any:
    return judge("day", reported, now=now, expected_from=START, **controls)


def test_when_a_report_is_due() -> None:
    week = containing("week", START)
    assert due(week) == at(9, 12)
    assert due(week, usual_hour=8) == at(9, 8)
    assert due(week, usual_hour=18) == at(8, 18)
    assert due(week, usual_hour=18, grace=timedelta(hours=7)) == at(9, 1)


def test_everything_due_is_there() -> None:
    found = look(days(2, 3, 4), at(5))
    assert (found.state, found.missed, found.since, found.missing, found.alarm) == ("reporting", 0, None, (), False)
    assert found.last == days(4)[0]
    assert found.next_due == at(6, 12)


def test_silent_since_the_first_missed_period() -> None:
    found = look(days(2, 3), at(7))
    assert (found.state, found.missed, found.since) == ("silent", 3, days(4)[0])
    assert found.missing == tuple(days(4, 5, 6))
    assert found.alarm
    assert found.next_due == at(8, 12)


def test_a_report_is_not_missed_before_it_is_due() -> None:
    assert look(days(2, 3), at(5, 11)).state == "reporting"
    assert look(days(2, 3), at(5, 12)).state == "silent"
    assert look(days(2, 3), at(5, 13), grace=timedelta(hours=6)).state == "reporting"
    assert look(days(2, 3), at(5, 11)).next_due == at(5, 12)


def test_fewer_than_asked_is_late_and_no_alarm() -> None:
    found = look(days(2, 3), at(6), after=3)
    assert (found.state, found.missed, found.alarm) == ("late", 2, False)
    assert look(days(2, 3), at(7), after=3).state == "silent"


def test_an_older_gap_is_missing_and_no_silence() -> None:
    found = look(days(2, 4), at(5))
    assert (found.state, found.missed, found.missing) == ("reporting", 0, tuple(days(3)))


def test_a_report_before_its_time_ends_the_silence() -> None:
    found = look(days(2, 6), at(6))
    assert (found.state, found.missing) == ("reporting", tuple(days(3, 4, 5)))
    assert found.next_due == at(8, 12)


def test_never_reported() -> None:
    found = look([], at(4))
    assert (found.state, found.missed, found.since, found.last, found.alarm) == ("never", 2, days(2)[0], None, True)
    assert look([], at(3, 11)).state == "reporting"


def test_a_closed_crossing_is_not_expected() -> None:
    shut = [(date(2026, 3, 4), None)]
    found = look(days(2, 3), at(9), closed=shut)
    assert (found.state, found.missed, found.next_due) == ("not_expected", 0, None)
    reopened = look(days(2, 3), at(9), closed=[(date(2026, 3, 4), date(2026, 3, 7))])
    assert (reopened.state, reopened.since) == ("silent", days(8)[0])
    later = look(days(2, 3), at(9), closed=[(date(2026, 3, 4), date(2026, 3, 20))])
    assert (later.state, later.next_due) == ("not_expected", at(22, 12))


def test_a_silence_before_the_closing_remains() -> None:
    found = look(days(2), at(9), closed=[(date(2026, 3, 5), None)])
    assert (found.state, found.missed) == ("silent", 2)


def test_a_week_with_one_open_day_is_expected() -> None:
    shut = [(date(2026, 3, 3), date(2026, 3, 8))]
    found = judge("week", [], now=at(10), expected_from=START, closed=shut)
    assert (found.state, found.missed) == ("never", 1)
    shut = [(date(2026, 3, 2), date(2026, 3, 8))]
    assert judge("week", [], now=at(10), expected_from=START, closed=shut).missed == 0


def test_not_expected_yet() -> None:
    found = judge("day", [], now=at(1), expected_from=date(2026, 4, 1))
    assert (found.state, found.next_due) == ("not_expected", at(2, 12) + timedelta(days=31))


def test_the_zone_of_the_clock_is_dropped() -> None:
    assert look(days(2, 3), at(5).replace(tzinfo=UTC)).state == "silent"


def test_a_silence_takes_at_least_one_period() -> None:
    with pytest.raises(ValueError, match="at least one"):
        look([], at(5), after=0)


@given(st.sets(st.integers(0, 30)), st.integers(0, 31), st.integers(1, 4), st.sampled_from([None, 8, 18]))
def test_counts_agree_with_the_lists(reported: set[int], today: int, after: int, hour: int | None) -> None:
    every = list(between("day", START, START + timedelta(days=40)))
    known = [every[number] for number in sorted(reported)]
    now = datetime.combine(START + timedelta(days=today), datetime.min.time()) + timedelta(hours=13)
    found = judge("day", known, now=now, expected_from=START, usual_hour=hour, after=after)
    assert found.missed <= len(found.missing)
    assert not set(found.missing) & set(known)
    assert found.alarm == (found.missed >= after)
    assert found.next_due is None or found.next_due > now
    assert all(due(period, usual_hour=hour) <= now for period in found.missing)
    if found.since is not None:
        assert found.since == found.missing[-found.missed]
