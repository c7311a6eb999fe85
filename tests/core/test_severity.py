"""Severity: the points of the rule, and that nothing else counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.severity import GRADES, judge, of_episode

PLAIN: dict[str, Any] = {"observed": 100, "expected": 100, "chance": 0.5, "protection": False}


def grade(**changed: Any) -> int:
    return judge(**{**PLAIN, **changed}).grade


@pytest.mark.req("R13.41")
@pytest.mark.parametrize(
    ("changed", "points", "expected"),
    [
        ({}, 0, 1),
        ({"observed": 149}, 0, 1),
        ({"observed": 150}, 1, 1),
        ({"observed": 200}, 2, 2),
        ({"observed": 300}, 3, 2),
        ({"observed": 33}, 3, 2),  # a fall to a third weighs as much as three times more
        ({"observed": 300, "chance": 0.001}, 4, 3),
        ({"observed": 300, "chance": None}, 3, 2),
        ({"observed": 300, "chance": 0.0001, "protection": True}, 5, 3),
        ({"observed": 300, "chance": 0.0001, "protection": True, "periods": 3}, 6, 4),
        ({"observed": 300, "chance": 0.0001, "protection": True, "periods": 2}, 5, 3),
        ({"observed": 4, "expected": 0}, 1, 1),  # a few people: one point at most
        ({"observed": 5, "expected": 0}, 3, 2),
    ],
)
def test_the_points_add_up(changed: dict[str, Any], points: int, expected: int) -> None:
    found = judge(**{**PLAIN, **changed})
    assert (found.points, found.grade) == (points, expected)
    assert [part.name for part in found.parts] == ["size", "certainty", "protection", "lasting"]


def test_the_parts_tell_the_numbers_they_rest_on() -> None:
    found = judge(observed=50, expected=200, chance=0.01, protection=True, periods=4)
    assert [part.value for part in found.parts] == [4.0, 0.01, 1.0, 4.0]


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.integers(1, 50))
def test_more_is_never_graver_by_less(observed: float, expected: float, periods: int) -> None:
    plain = grade(observed=observed, expected=expected)
    assert 1 <= plain <= grade(observed=observed, expected=expected, protection=True, periods=periods) <= 4


def test_an_episode_is_as_grave_as_its_gravest_signal() -> None:
    assert of_episode([1, 3, 2]) == 3
    assert GRADES[of_episode([])] == ""
