"""How fast places fill: by hand-made cases."""

from datetime import date, timedelta

import pytest

from pasaj.core.occupancy import full_in, pace

LAST = date(2025, 9, 30)


def days(*values: float | None) -> dict[date, float]:
    first = LAST - timedelta(days=len(values) - 1)
    return {first + timedelta(days=at): value for at, value in enumerate(values) if value is not None}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (days(10, 20, 30, 40, 50, 60, 70), 10.0),
        (days(10, 20, 30, 400, 50, 60, 70), 10.0),  # one wrong day
        (days(70, 60, 50, 40), -10.0),
        (days(10, None, 30, None, 50, None, 70), 10.0),
        (days(10, None, 30, None, 50), None),  # three are too few
        (days(900, 0, 0, 0, 0, 0, 0, 0), 0.0),  # the eighth day back does not count
        ({}, None),
    ],
)
def test_pace(values: dict[date, float], found: float | None) -> None:
    assert pace(values, LAST) == found


def test_what_comes_later_is_not_known_yet() -> None:
    assert pace({**days(10, 20, 30, 40), LAST + timedelta(days=1): 900.0}, LAST) == 10.0


@pytest.mark.parametrize(
    ("occupied", "places", "change", "found"),
    [(80, 100, 10.0, 2.0), (100, 100, -5.0, 0.0), (120, 100, None, 0.0), (80, 100, 0.0, None), (80, 100, None, None)],
)
def test_when_it_is_full(occupied: float, places: float, change: float | None, found: float | None) -> None:
    assert full_in(occupied, places, change) == found
