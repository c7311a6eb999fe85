"""Late reports: which series grow by them, what open periods will be, and what an alarm rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from pasaj.core import late
from pasaj.core.late import BOTH, COMPLETED, RAW, WAITING, Habit, Report
from pasaj.core.problems import Refused

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
END = datetime(2026, 3, 2, tzinfo=UTC)  # of a day: the first moment after it


def growing(days: int, shares: tuple[float, ...] = (0.5, 0.8, 1.0), level: float = 200) -> list[list[Report]]:
    """Days that grow by steps, as far as they can be known on the last of them."""
    return [
        [Report(delay, level * share) for delay, share in enumerate(shares) if delay <= days - 1 - at]
        for at in range(days)
    ]


@pytest.mark.req("R13.50")
@pytest.mark.parametrize(("hours", "expected"), [(-6, 0), (8, 0), (8.1, 1), (32, 1), (33, 2), (168, 7)])
def test_the_delay_is_counted_from_one_look_to_the_next(hours: float, expected: int) -> None:
    for looked in (END + 8 * HOUR, END + 8 * HOUR + 18 * DAY):
        assert late.delay(END + hours * HOUR, looked, END, DAY) == expected
    # Looked at once a week, on the day of the week and at the hour of now.
    assert late.delay(END + 5 * DAY, END + 18 * DAY, END, 7 * DAY) == 1


@pytest.mark.req("R13.54")
def test_a_source_whose_first_reports_are_complete_has_no_habit_of_being_late() -> None:
    punctual = [[Report(0, 100.0)] for _ in range(60)]
    assert late.habit(punctual, 0, most=14) is None
    assert late.habit([[Report(3, 100.0)] for _ in range(60)], 0, most=14) is None
    shrinking = [[Report(0, 100.0), Report(2, 90.0)] for _ in range(60)]
    assert late.habit(shrinking, 0, most=14) is None
    few = [[*row, Report(5, 120.0)] if at % 6 == 0 else row for at, row in enumerate(punctual)]
    assert late.habit(few, 0, most=14) is None
    often = [[*row, Report(5, 120.0)] if at % 4 == 0 else row for at, row in enumerate(punctual)]
    assert late.habit(often, 0, most=14) == Habit(0, 5)
    assert late.habit(often[:20], 0, most=14) is None  # six of them are complete by now: too few to say


@pytest.mark.req("R13.50")
def test_one_mended_figure_makes_no_delay_longer() -> None:
    rows = growing(90)
    rows[50].append(Report(12, 2000.0))
    rows[40] = []
    rows[30] = [Report(0, None), Report(20, 3.0)]
    assert late.habit(rows, 0, most=14) == Habit(0, 2)
    assert late.habit([[Report(one.delay + 1, one.value) for one in row] for row in rows], 0, most=14) == Habit(1, 3)


@pytest.mark.req("R13.50")
def test_open_days_are_completed_by_the_delays_of_the_past() -> None:
    rows = growing(90)
    rows[10].append(Report(20, 900.0))  # a correction of much later
    found = late.estimates(rows, 0, Habit(0, 2), interval=0.9)
    assert sorted(found) == [88, 89]
    assert [found[at].reported for at in (88, 89)] == [160, 100]
    assert [found[at].value for at in (88, 89)] == [200, 200]
    assert all(one.low < one.value < one.high for one in found.values())
    # Looked at a day later, one of them is complete.
    assert sorted(late.estimates(growing(90), 1, Habit(0, 2), interval=0.9)) == [89]
    assert late.estimates(growing(90), 2, Habit(0, 2), interval=0.9) == {}
    halves = late.estimates(growing(90, level=200.5), 0, Habit(0, 2), interval=0.9)
    assert halves[89].value % 1


@pytest.mark.req("R13.50")
def test_nothing_is_said_of_days_without_a_report_or_without_a_past() -> None:
    rows = growing(90)
    rows[89] = []
    rows[88] = [Report(0, 100.0), Report(1, None)]
    assert late.estimates(rows, 0, Habit(0, 2), interval=0.9) == {}
    assert late.estimates(growing(12), 0, Habit(0, 2), interval=0.9) == {}
    with pytest.raises(Refused) as refused:
        late.estimates(growing(90), 0, Habit(0, 2), interval=2)
    assert [one.code for one in refused.value.problems] == ["DETECT-148"]


def test_silent_days_and_late_first_reports_teach_no_delays() -> None:
    """Every fifth day comes whole, but a day late: what was reported at once is not taken for less than it is."""
    rows: list[Any] = growing(120)
    for at in range(0, 110, 5):
        rows[at] = [Report(1, 200.0)]
    for at in range(2, 110, 10):
        rows[at] = [Report(0, 100.0, partial=True)]  # and of some days more never came
    found = late.estimates(rows, 0, Habit(0, 2), interval=0.9)
    assert [found[at].value for at in (118, 119)] == [200, 200]


@pytest.mark.req("R13.51")
@pytest.mark.parametrize(
    ("raw", "completed", "expected"),
    [
        ("", "", ""),
        ("up", "up", BOTH),
        ("up", "", RAW),
        ("up", "down", RAW),
        ("down", "", WAITING),
        ("down", "down", BOTH),
        ("down", "up", COMPLETED),
        ("", "up", COMPLETED),
        ("", "down", COMPLETED),
    ],
)
def test_what_an_alarm_rests_on(raw: str, completed: str, expected: str) -> None:
    assert late.rests_on(raw, completed) == expected


@pytest.mark.req("R13.52")
def test_the_intervals_hold_what_comes() -> None:
    """Poisson days whose cases each come with their own delay; every fifth day is not reported at once."""
    rng = np.random.default_rng(7)
    shares = np.array([0.5, 0.3, 0.2])
    held = []
    for _ in range(60):
        final = rng.poisson(40, 90)
        known = rng.multinomial(final, shares).cumsum(axis=1)
        first = rng.random(90) < 0.2
        rows = [[Report(d, float(known[at, d])) for d in range(int(first[at]), 3) if d <= 89 - at] for at in range(90)]
        found = late.estimates(rows, 0, Habit(0, 2), interval=0.9)
        held += [one.low <= final[at] <= one.high for at, one in found.items()]
    assert 0.85 <= np.mean(held) <= 0.95
