from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pasaj.core import oncall
from pasaj.core.oncall import Line

DAY = datetime(2025, 10, 1, tzinfo=UTC)
TODAY = date(2025, 10, 1)


def at(hour: int) -> datetime:
    return DAY + timedelta(hours=hour)


@pytest.mark.req("R11.32")
def test_gaps_are_what_no_span_covers() -> None:
    assert oncall.gaps([], at(0), at(24)) == [(at(0), at(24))]
    assert oncall.gaps([(at(6), at(14)), (at(12), at(22))], at(0), at(24)) == [(at(0), at(6)), (at(22), at(24))]
    assert oncall.gaps([(at(-5), at(30))], at(0), at(24)) == []
    assert oncall.gaps([(at(6), at(8)), (at(30), at(32))], at(0), at(24)) == [(at(0), at(6)), (at(8), at(24))]
    assert oncall.gaps([(at(-9), at(-5)), (at(2), at(24))], at(0), at(24)) == [(at(0), at(2))]
    assert oncall.gaps([(at(30), at(31)), (at(40), at(41))], at(0), at(24)) == [(at(0), at(24))]


def local(*given: int) -> datetime:
    return datetime(*given)  # type: ignore[arg-type]  # noqa: DTZ001 - lines know no zone


@pytest.mark.req("R11.32")
def test_lines_of_a_plan() -> None:
    text = (
        "day;hours;person\n2025-10-12;06:00-18:00;CT-2025-0001\n\n12/10;18-6;Desk, night;2;deputy\n"
        "31/12/2025;00:00 - 24:00;Desk\n3/1;8-9;Desk\n"
    )
    lines, problems = oncall.read(text, TODAY)
    assert problems == []
    assert lines == [
        Line(2, local(2025, 10, 12, 6), local(2025, 10, 12, 18), "CT-2025-0001"),
        Line(4, local(2025, 10, 12, 18), local(2025, 10, 13, 6), "Desk, night", 2, "deputy"),
        Line(5, local(2025, 12, 31), local(2026, 1, 1), "Desk"),
        Line(6, local(2026, 1, 3, 8), local(2026, 1, 3, 9), "Desk"),
    ]
    (line,), _ = oncall.read("20/12\t8-9\tDesk", date(2025, 1, 5))
    assert line.start == local(2024, 12, 20, 8)


@pytest.mark.req("R11.32")
@pytest.mark.parametrize(
    "text",
    [
        "2025-10-12;06:00-18:00",
        "2025-10-12;06:00;Desk",
        "2025-13-12;06:00-18:00;Desk",
        "soon;06:00-18:00;Desk;1\nsoon;06:00-18:00;Desk",
        "2025-10-12;25:00-18:00;Desk",
        "2025-10-12;06:60-18:00;Desk",
        "2025-10-12;06:00-24:30;Desk",
        "2025-10-12;06:00-18:00;;1",
        "2025-10-12;06:00-18:00;Desk;0",
        "2025-10-12;06:00-18:00;Desk;first",
        "30/2/2025;06:00-18:00;Desk",
        "x",
    ],
)
def test_a_line_that_is_none_is_told_with_its_row(text: str) -> None:
    lines, problems = oncall.read(text, TODAY)
    assert lines == []
    assert [(one.code, one.row) for one in problems] == [("CONTACT-034", text.count("\n") + 1)]


def test_a_plan_has_an_end() -> None:
    lines, problems = oncall.read("2025-10-12;06:00-18:00;Desk\n" * 600, TODAY)
    assert (len(lines), len(problems)) == (oncall.MOST, 1)
