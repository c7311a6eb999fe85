"""Counts against what is usual: a thin bar from zero over a pale band, group by group, each on its own scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pasaj.core.charts.marks import WIDTH, box, drawing, line, wide, words
from pasaj.core.charts.palette import Palette
from pasaj.core.report.letters import POINT, wrapped

SMALL = 8.0
_ROW, _GAP = 12.0, 22.0


@dataclass(frozen=True, slots=True)
class Count:
    """A row. said: the count in words. low, high: what is usual; None where that is not known."""

    label: str
    value: float
    said: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows on one scale from zero to the largest of them."""

    title: str
    rows: tuple[Count, ...]


def counts(
    groups: Sequence[Group], palette: Palette, *, now: str, usual: str, columns: int = 2, width: float = WIDTH
) -> str:
    """Groups from left to right and down; below them what bar and band are."""
    room = (width - _GAP * (columns - 1)) / columns
    marks: list[str] = []
    y = 0.0
    for start in range(0, len(groups), columns):
        row = groups[start : start + columns]
        for at, one in enumerate(row):
            marks += _group(one, palette, at * (room + _GAP), y, room)
        y += max(len(one.rows) for one in row) * _ROW + 28
    marks += _legend(y + 4, now, usual, palette)
    return drawing(width, y + 12, marks)


def _group(one: Group, palette: Palette, x: float, y: float, room: float) -> Iterator[str]:
    label = min(room / 3, max([10.0, *(wide(row.label, SMALL) for row in one.rows)])) + 4
    said = max([10.0, *(wide(row.said, SMALL) for row in one.rows)]) + 5
    left, right = x + label, x + room - said
    top = max([1.0, *(max(row.value, row.high or 0.0) for row in one.rows)])
    unit = (right - left) / top
    yield from (words(x, y + 9, line, SMALL + 0.5, palette.accent, strong=True)
                for line in wrapped(one.title, SMALL + 0.5, room * POINT, 1))  # fmt: skip
    yield line(left, y + 13, left, y + 15 + _ROW * len(one.rows), palette.faint, 0.6)
    for at, row in enumerate(one.rows):
        middle = y + 20 + at * _ROW
        for short in wrapped(row.label, SMALL, (label - 2) * POINT, 1):
            yield words(x, middle + 2.6, short, SMALL, palette.ink)
        if row.low is not None and row.high is not None:
            yield box(left + row.low * unit, middle - 4, max(1.0, (row.high - row.low) * unit), 8, palette.pale)
        yield box(left, middle - 1.2, max(0.6, row.value * unit), 2.4, palette.accent)
        yield words(x + room, middle + 2.6, row.said, SMALL, palette.ink, anchor="end")


def _legend(y: float, now: str, usual: str, palette: Palette) -> Iterator[str]:
    yield box(0, y - 4, 24, 2.4, palette.accent)
    yield words(30, y, now, SMALL, palette.faint)
    start = 46 + wide(now, SMALL)
    yield box(start, y - 7, 24, 8, palette.pale)
    yield words(start + 30, y, usual, SMALL, palette.faint)
