"""Episodes: what is joined, where it peaks, and when it is over."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.episodes import Alarm, join


def up(at: int, observed: float = 30, expected: float | None = 10) -> Alarm:
    return Alarm(at, "up", observed, expected)


@pytest.mark.req("R13.40")
def test_neighbours_are_one_episode_with_its_peak() -> None:
    (one,) = join([up(4), up(5, 90), up(6, 40)], last=20, quiet=2)
    assert (one.direction, one.start, one.end, one.peak, one.running) == ("up", 4, 6, 5, False)
    assert one.highest.observed == 90
    assert len(one.alarms) == 3


def test_a_few_quiet_periods_do_not_end_it_and_more_do() -> None:
    assert [(one.start, one.end) for one in join([up(1), up(4)], last=9, quiet=2)] == [(1, 4)]
    assert [(one.start, one.end) for one in join([up(1), up(5)], last=9, quiet=2)] == [(1, 1), (5, 5)]
    assert [(one.start, one.end) for one in join([up(1), up(2), up(4)], last=9, quiet=0)] == [(1, 2), (4, 4)]


def test_it_runs_until_enough_quiet_periods_were_judged() -> None:
    assert [join([up(5)], last=last, quiet=2)[0].running for last in (5, 7, 8)] == [True, True, False]


def test_a_rise_and_a_fall_are_two() -> None:
    found = join([up(1), Alarm(2, "down", 1, 10), up(3)], last=3, quiet=3)
    assert [(one.direction, one.start, one.end) for one in found] == [("up", 1, 3), ("down", 2, 2)]


def test_the_peak_of_a_fall_is_the_lowest_and_the_first_of_equals() -> None:
    found = join([Alarm(at, "down", value, 20) for at, value in ((1, 9), (2, 3), (3, 3))], last=3, quiet=1)
    assert found[0].peak == 2
    assert join([up(1, 5, None), up(2, 7, None)], last=2, quiet=1)[0].peak == 2


def test_nothing_makes_no_episode() -> None:
    assert join([], last=3, quiet=1) == []


@given(st.sets(st.integers(0, 60)), st.integers(0, 4))
def test_every_alarm_is_in_one_episode_and_episodes_lie_apart(places: set[int], quiet: int) -> None:
    found = join([up(at) for at in places], last=60, quiet=quiet)
    assert sorted(one.at for episode in found for one in episode.alarms) == sorted(places)
    for one, other in pairwise(found):
        assert other.start - one.end > quiet + 1
