from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pasaj.core import hours

WEDNESDAY = datetime(2025, 10, 1, 8, 30, tzinfo=UTC)


@pytest.mark.req("R11.31")
@pytest.mark.parametrize(
    ("moment", "given", "found"),
    [
        (WEDNESDAY, (None, None, ()), True),
        (WEDNESDAY, (None, None, (2,)), True),
        (WEDNESDAY, (None, None, (0, 1)), False),
        (WEDNESDAY, (8, 16, ()), True),
        (WEDNESDAY, (9, 16, ()), False),
        (WEDNESDAY, (6, 8, ()), False),
        (WEDNESDAY, (8, 16, (3,)), False),
        (WEDNESDAY, (20, 9, ()), True),
        (WEDNESDAY, (20, 9, (1,)), True),  # began on Tuesday evening
        (WEDNESDAY, (20, 9, (2,)), False),
        (WEDNESDAY, (8, 6, (2,)), True),
        (WEDNESDAY, (8, 6, (1,)), False),
    ],
)
def test_within(moment: datetime, given: tuple[int | None, int | None, tuple[int, ...]], found: bool) -> None:
    assert hours.within(moment, *given) == found


@pytest.mark.req("R11.31")
def test_hours_begin() -> None:
    assert hours.begin(WEDNESDAY, 8, 16) == WEDNESDAY
    assert hours.begin(WEDNESDAY, 14, 16) == WEDNESDAY.replace(hour=14, minute=0)
    assert hours.begin(WEDNESDAY, 6, 8, (1,)) == datetime(2025, 10, 7, 6, tzinfo=UTC)
    assert hours.begin(WEDNESDAY, 20, 6, (0,)) == datetime(2025, 10, 6, 20, tzinfo=UTC)
    assert hours.begin(WEDNESDAY, None, None, (5,)) == (WEDNESDAY + timedelta(days=3)).replace(hour=0, minute=0)
    assert hours.begin(WEDNESDAY, 8, 16, (9,)) == WEDNESDAY  # no such day: never held back for ever
