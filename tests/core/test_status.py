"""Which report on a crossing holds on a day, and when it was closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.status import Report, holding, spans

TOLD = datetime(2025, 5, 1, tzinfo=UTC)


def day(number: int) -> date:
    return date(2025, 5, number)


def report(number: int, state: str, start: int, end: int | None = None, *, lasts: bool = True, told: int = 1) -> Report:
    return Report(number, state, day(start), day(end) if end else None, lasts, TOLD.replace(day=told))


def state(reports: list[Report], number: int) -> str:
    held = holding(reports, day(number))
    return held.state if held else "nothing"


def test_a_later_beginning_outweighs_and_an_end_ends() -> None:
    reports = [report(1, "closed", 5), report(2, "open", 10, 10), report(3, "partly", 20, 22)]
    assert [state(reports, number) for number in (4, 5, 9, 10, 11, 20, 22, 23)] == [
        "nothing", "closed", "closed", "open", "closed", "partly", "partly", "closed",
    ]  # fmt: skip
    assert spans(reports, {"closed"}) == ((day(5), day(9)), (day(11), day(19)), (day(23), None))


def test_of_two_for_the_same_day_the_one_told_later_holds() -> None:
    assert state([report(1, "closed", 5, told=7), report(2, "open", 5, told=6)], 5) == "closed"
    assert state([report(1, "closed", 5), report(2, "open", 5)], 5) == "open"


@pytest.mark.req("R1.17")
def test_without_an_end_that_anybody_named_a_record_tells_of_its_first_day_only() -> None:
    old = report(1, "closed", 5, lasts=False)
    assert [state([old], number) for number in (4, 5, 6)] == ["nothing", "closed", "nothing"]
    assert spans([old], {"closed"}) == ((day(5), day(5)),)
    assert old.until == day(5)


def test_spans_that_touch_are_one() -> None:
    reports = [report(1, "closed", 5, 7), report(2, "no_control", 8, 9), report(3, "closed", 12)]
    assert spans(reports, {"closed", "no_control"}) == ((day(5), day(9)), (day(12), None))
    assert spans([], {"closed"}) == ()


def test_days_that_no_report_reaches_are_as_is_said_otherwise() -> None:
    reports = [report(1, "open", 5, 7), report(2, "closed", 8, 9), report(3, "open", 12)]
    assert spans(reports, {"closed"}, "closed") == ((date.min, day(4)), (day(8), day(11)))
    assert spans(reports, {"closed"}, "open") == ((day(8), day(9)),)
    assert spans([report(1, "open", 5, 7)], {"closed"}, "closed") == ((date.min, day(4)), (day(8), None))
    assert spans([], {"closed"}, "closed") == ((date.min, None),)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["open", "closed"]), st.integers(1, 25), st.integers(0, 5), st.booleans(), st.booleans()
        ),
        max_size=6,
    )
)
def test_spans_say_what_holding_says(rows: list[tuple[str, int, int, bool, bool]]) -> None:
    reports = [
        report(number, name, start, start + more if ends else None, lasts=lasts)
        for number, (name, start, more, ends, lasts) in enumerate(rows)
    ]
    found = spans(reports, {"closed"})
    for number in range(1, 32):
        inside = any(first <= day(number) and (last is None or day(number) <= last) for first, last in found)
        assert inside == (state(reports, number) == "closed")
    assert all(one[1] is not None and (two[0] - one[1]).days > 1 for one, two in pairwise(found))
