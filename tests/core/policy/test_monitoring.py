"""On time, late, silent; on course, behind, reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pasaj.core.policy import shapes
from pasaj.core.policy.monitoring import Course, Standing, course, expected, patience, standing

ACTION = shapes.Action("A", "M", {}, "IMM", date(2025, 1, 1), date(2025, 12, 31), state="running")
SHARE = shapes.Indicator(
    "I", "A", {}, {}, "%", "up", baseline=Decimal(20), baseline_on=date(2025, 1, 1), target=Decimal(90),
    target_on=date(2026, 1, 1), every_days=90,
)  # fmt: skip


def read(day: date, value: int) -> shapes.Reading:
    return shapes.Reading("I", day, Decimal(value), "x")


def test_patience_is_rounded_up() -> None:
    assert (patience(90).days, patience(91).days, patience(1).days) == (135, 137, 2)


@pytest.mark.req("R12.46")
@pytest.mark.parametrize(
    ("state", "heard", "today", "wanted"),
    [
        ("running", None, date(2025, 5, 16), Standing("on_time")),
        ("running", None, date(2025, 5, 17), Standing("silent", 136)),
        ("running", date(2025, 5, 1), date(2025, 5, 17), Standing("on_time")),
        ("running", date(2024, 5, 1), date(2025, 5, 17), Standing("silent", 136)),
        ("running", date(2025, 12, 30), date(2026, 1, 2), Standing("late", 2)),
        ("planned", None, date(2025, 2, 1), Standing("late", 31)),
        ("planned", None, date(2025, 8, 1), Standing("silent", 212)),
        ("planned", None, date(2024, 2, 1), Standing("waiting")),
        ("done", None, date(2027, 2, 1), Standing("done")),
        ("dropped", None, date(2027, 2, 1), Standing("dropped")),
    ],
)
def test_how_an_action_stands(state: str, heard: date | None, today: date, wanted: Standing) -> None:
    assert standing(replace(ACTION, state=state), heard, today) == wanted


@pytest.mark.req("R12.47")
def test_the_straight_line_to_the_target() -> None:
    assert expected(SHARE, date(2025, 7, 2)) == Decimal("54.9041")  # 20 + 70 * 182 / 365
    assert expected(SHARE, date(2024, 7, 2)) == Decimal(20)
    assert expected(SHARE, date(2027, 7, 2)) == Decimal(90)
    assert expected(replace(SHARE, target_on=date(2025, 1, 1)), date(2024, 1, 1)) == Decimal(90)
    for name in ("baseline", "target", "baseline_on", "target_on"):
        assert expected(replace(SHARE, **{name: None}), date(2025, 7, 2)) is None


@pytest.mark.req("R12.47")
@pytest.mark.parametrize(
    ("changed", "value", "state"),
    [
        ({}, 60, "on_course"), ({}, 50, "behind"), ({}, 90, "reached"),
        ({"direction": "down", "baseline": Decimal(90), "target": Decimal(20)}, 50, "on_course"),
        ({"direction": "down", "baseline": Decimal(90), "target": Decimal(20)}, 60, "behind"),
        ({"direction": "down", "baseline": Decimal(90), "target": Decimal(20)}, 20, "reached"),
        ({"direction": "hold", "baseline": Decimal(90)}, 90, "on_course"),
        ({"direction": "hold", "baseline": Decimal(90)}, 89, "behind"),
        ({"target": None}, 60, "unset"),
    ],
)  # fmt: skip
def test_how_an_indicator_stands(changed: dict[str, object], value: int, state: str) -> None:
    readings = [read(date(2025, 7, 2), value), read(date(2025, 4, 1), 1)]
    found = course(replace(SHARE, **changed), readings, date(2025, 8, 1))  # type: ignore[arg-type]
    assert (found.state, found.days, found.reading) == (state, 30, readings[0])


def test_without_a_word_it_is_silent() -> None:
    assert course(SHARE, [], date(2025, 5, 16)) == Course("unread", days=135)
    assert course(SHARE, [], date(2025, 5, 17)) == Course("silent", days=136)
    assert course(replace(SHARE, baseline_on=None), [], date(2026, 5, 17)) == Course("unread")
    assert course(replace(SHARE, every_days=None), [], date(2026, 5, 17)) == Course("unread", days=501)
    old = read(date(2025, 7, 2), 95)
    assert course(SHARE, [old], date(2026, 1, 1)) == Course("silent", old, Decimal("54.9041"), 183)
