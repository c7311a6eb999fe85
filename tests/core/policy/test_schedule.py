"""When actions run: load, lateness, what decides, and the picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pasaj.core.policy import shapes
from pasaj.core.policy.schedule import Arrow, Pace, Quarter, gantt, load, order, pace, quarter_of, quarters

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def action(
    code: str, first: date, last: date, *needs: str, owner: str = "IMM", state: str = "planned"
) -> shapes.Action:
    return shapes.Action(code, "M1", {}, owner, first, last, needs=needs, state=state)


A = action("A", date(2025, 1, 1), date(2025, 3, 31))
B = action("B", date(2025, 4, 1), date(2025, 4, 30), "A")
C = action("C", date(2025, 3, 1), date(2025, 6, 30), "A", "GONE", owner="AID")
D = action("D", date(2025, 8, 1), date(2025, 10, 31), "B", "C")


def policy(*actions: shapes.Action, **changed: object) -> shapes.Policy:
    return shapes.Policy("P1", {}, FIRST, LAST, ("fr",), "HTG", actions=actions, **changed)  # type: ignore[arg-type]


def test_quarters() -> None:
    assert list(map(str, quarters(date(2025, 2, 1), date(2026, 1, 1)))) == [
        "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]  # fmt: skip
    assert (quarter_of(LAST).first, quarter_of(LAST).last) == (date(2025, 10, 1), LAST)


@pytest.mark.req("R12.43")
def test_load_is_the_most_that_run_at_once() -> None:
    other = action("E", date(2025, 2, 15), date(2025, 4, 15))
    gone = action("F", FIRST, LAST, state="dropped")
    found = load(policy(A, B, C, other, gone, capacities={"IMM": 1}))
    assert [(one.institution, str(one.quarter), one.most, one.over) for one in found] == [
        ("AID", "2025-Q1", 1, False), ("AID", "2025-Q2", 1, False), ("AID", "2025-Q3", 0, False),
        ("AID", "2025-Q4", 0, False),
        ("IMM", "2025-Q1", 2, True), ("IMM", "2025-Q2", 2, True), ("IMM", "2025-Q3", 0, False),
        ("IMM", "2025-Q4", 0, False),
    ]  # fmt: skip
    assert found[4].actions == ("A", "E")
    assert found[0].capacity is None


@pytest.mark.req("R12.43")
@pytest.mark.parametrize(
    ("state", "today", "wanted"),
    [
        ("planned", date(2024, 12, 31), Pace("waiting")),
        ("planned", date(2025, 1, 1), Pace("waiting")),
        ("planned", date(2025, 1, 3), Pace("not_begun", 2)),
        ("running", date(2025, 1, 3), Pace("running")),
        ("running", date(2025, 4, 1), Pace("overdue", 1)),
        ("planned", date(2025, 4, 2), Pace("overdue", 2)),
        ("done", date(2025, 9, 9), Pace("done")),
        ("dropped", date(2025, 9, 9), Pace("dropped")),
    ],
)
def test_pace(state: str, today: date, wanted: Pace) -> None:
    assert pace(replace(A, state=state), today) == wanted


@pytest.mark.req("R12.43")
def test_what_decides_when_the_plan_ends() -> None:
    found = order(policy(A, B, C, D))
    assert found.slack == {"D": 61, "C": 31 + 61, "B": 92 + 61, "A": 61}
    assert found.early == (("C", "A"),)
    assert (found.longest, found.days) == (("A", "C", "D"), 90 + 122 + 92)


def test_a_circle_and_an_empty_plan_are_survived() -> None:
    one = action("X", FIRST, FIRST, "Y")
    other = action("Y", LAST, LAST, "X")
    assert order(policy(one, other)).slack == {"Y": 0, "X": 363}
    empty = order(policy())
    assert (empty.longest, empty.days, empty.early) == ((), 0, ())


def test_a_picture_as_numbers() -> None:
    long = action("Z", date(2024, 1, 1), date(2026, 1, 1))
    found = gantt((A, B, long), FIRST, LAST, date(2025, 7, 2), 365)
    assert [(one.code, one.row, one.x, one.width) for one in found.bars] == [
        ("A", 0, 0, 90), ("B", 1, 90, 30), ("Z", 2, 0, 365)]  # fmt: skip
    assert found.arrows == (Arrow(90, 0, 90, 1),)
    assert found.ticks[1] == (90, Quarter(2025, 2))
    assert found.today == 182
    assert gantt((), FIRST, LAST, date(2026, 1, 1), 100).today is None
