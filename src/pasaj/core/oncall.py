"""Who is on call when: lines of a plan, and the hours that nobody covers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pasaj.core.problems import Problem, problem

EXAMPLE = "2025-10-12;06:00-18:00;CT-2025-0001"
LONGEST = 7 * 24  # hours of one shift
MOST = 500  # lines of one plan

Span = tuple[datetime, datetime]

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(?:-|–|\bto\b)\s*(\d{1,2})(?::(\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_SEPARATORS = (";", "\t", ",")
_HALF = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Line:
    """One shift as it is written. `start` and `end` are local and know no zone; `turn` 1 is called first."""

    row: int
    start: datetime
    end: datetime
    person: str
    turn: int = 1
    role: str = ""


def gaps(covered: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The stretches from `start` to `end` that no span covers, in order."""
    found: list[Span] = []
    at = start
    for first, last in sorted(covered):
        if first > at:
            found.append((at, min(first, end)))
        at = max(at, last)
        if at >= end:
            return [(one, two) for one, two in found if one < two]
    found.append((at, end))
    return [(one, two) for one, two in found if one < two]


def read(text: str, today: date) -> tuple[list[Line], list[Problem]]:
    """The lines of a pasted plan or a CSV file: day; hours; person; turn; role. Problems CONTACT-034 by row.

    A first line that begins with no day is a header. Hours that end before they begin go over midnight. A day
    without its year is the one nearest to `today`.
    """
    found: list[Line] = []
    problems: list[Problem] = []
    rows = [(number, one.strip()) for number, one in enumerate(text.splitlines(), 1) if one.strip()][: MOST + 1]
    for place, (number, written) in enumerate(rows):
        cells = _cells(written)
        if place == 0 and len(cells) > 1 and not any(letter.isdigit() for letter in cells[0]):
            continue
        line = _line(number, cells, today)
        if line is None or len(found) >= MOST:
            problems.append(problem("CONTACT-034", row=number, value=written[:80], example=EXAMPLE))
        else:
            found.append(line)
    return found, problems


def _cells(written: str) -> list[str]:
    mark = next((one for one in _SEPARATORS if one in written), ";")
    return [cell.strip() for cell in next(csv.reader([written], delimiter=mark))]


def _line(row: int, cells: list[str], today: date) -> Line | None:
    day = _day(cells[0], today)
    match = _HOURS.fullmatch(cells[1]) if len(cells) > 2 else None
    turn = cells[3] if len(cells) > 3 and cells[3] else "1"
    if day is None or match is None or not cells[2] or not re.fullmatch(r"[1-9]\d?", turn, re.ASCII):
        return None
    start, end = _at(day, match[1], match[2]), _at(day, match[3], match[4])
    if start is None or end is None:
        return None
    end = end if end > start else end + timedelta(days=1)
    return Line(row, start, end, cells[2], int(turn), cells[4] if len(cells) > 4 else "")


def _at(day: date, hour: str, minute: str | None) -> datetime | None:
    hours, minutes = int(hour), int(minute or 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        return None
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local: the caller knows the zone
    return midnight + timedelta(hours=hours, minutes=minutes)


def _day(text: str, today: date) -> date | None:
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        match = _SHORT.fullmatch(text)
        if match is None:
            return None
        if match[3]:
            return date(int(match[3]), int(match[2]), int(match[1]))
        found = date(today.year, int(match[2]), int(match[1]))
        if found - today > _HALF:
            return found.replace(year=today.year - 1)
        return found.replace(year=today.year + 1) if today - found > _HALF else found
    except ValueError:
        return None
