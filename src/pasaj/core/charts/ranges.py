"""Ranges on a scale: a bar from the lowest to the highest possible, in rows or in small pictures side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pasaj.core.charts.marks import WIDTH, box, drawing, line, wide, words
from pasaj.core.charts.palette import Palette
from pasaj.core.report.letters import POINT, wrapped

TEXT, SMALL = 8.5, 7.5
_THICK = 7.0
_GAP = 14.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row. said: the range in words. before: the range of an earlier time. Nobody observed: low is None."""

    label: str
    low: float | None
    high: float | None
    said: str
    before: tuple[float, float] | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A small picture among others."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    left: float
    right: float
    top: float

    def x(self, value: float) -> float:
        return self.left + (self.right - self.left) * min(max(value, 0.0), self.top) / self.top


def bars(
    rows: Sequence[Bar],
    palette: Palette,
    *,
    anchors: Sequence[str],
    now: str = "",
    before: str = "",
    width: float = WIDTH,
) -> str:
    """One row a bar over a common scale from 0 to as many steps as there are `anchors`, which are said below.

    now, before: what the bars and the thin lines under them are, said where a row has an earlier range.
    """
    label_room = min(170.0, max([40.0, *(wide(one.label, TEXT) for one in rows)]) + 4)
    said_room = max([20.0, *(wide(one.said, TEXT) for one in rows)]) + 10
    axis = _Axis(label_room + 12, width - said_room - 8, len(anchors) - 1.0)
    y = 6.0
    marks: list[str] = []
    for one in rows:
        lines = wrapped(one.label, TEXT, (label_room + 2) * POINT, 2)
        tall = max(20.0, 10.5 * len(lines) + 6) + (4 if one.before else 0)
        first = y + tall / 2 + 3 - 5.25 * (len(lines) - 1)
        for at, words_of_line in enumerate(lines):
            marks.append(words(0, first + 10.5 * at, words_of_line, TEXT, palette.ink, strong=one.strong))
        marks += _bar(one, axis, y + tall / 2, palette, _THICK)
        marks.append(words(width, y + tall / 2 + 3, one.said, TEXT, palette.ink, anchor="end", strong=one.strong))
        y += tall
    under = [line(axis.x(at), 2, axis.x(at), y, palette.rule, 0.5) for at in range(len(anchors))]
    marks += _scale(axis, y, anchors, palette)
    y += 24
    if any(one.before for one in rows):
        marks += _legend(axis.left, y + 8, now, before, palette)
        y += 16
    return drawing(width, y, [*under, *marks])


def multiples(panels: Sequence[Panel], palette: Palette, *, top: int, columns: int = 3, width: float = WIDTH) -> str:
    """Small pictures over the same scale, from left to right and down."""
    room = (width - _GAP * (columns - 1)) / columns
    y = 0.0
    marks: list[str] = []
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        tall = max(len(one.bars) for one in row) * 11.0
        for at, panel in enumerate(row):
            marks += _panel(panel, palette, top, at * (room + _GAP), y, room)
        y += tall + 38
    return drawing(width, max(y, 1.0), marks)


def _panel(panel: Panel, palette: Palette, top: int, x: float, y: float, room: float) -> Iterator[str]:
    label = max([10.0, *(wide(one.label, SMALL) for one in panel.bars)]) + 3
    said = max([10.0, *(wide(one.said, SMALL) for one in panel.bars)]) + 4
    axis = _Axis(x + label + 3, x + room - said - 3, float(top))
    title = wrapped(panel.title, SMALL + 0.5, room * POINT, 1)
    yield from (words(x, y + 9, one, SMALL + 0.5, palette.accent, strong=True) for one in title)
    tall = len(panel.bars) * 11.0
    for step in range(top + 1):
        yield line(axis.x(step), y + 14, axis.x(step), y + 15 + tall, palette.rule, 0.4)
    for step in (0, top):
        yield words(axis.x(step), y + 23 + tall, str(step), 7, palette.faint, anchor="middle")
    for at, one in enumerate(panel.bars):
        middle = y + 20 + at * 11
        yield words(x, middle + 2.6, one.label, SMALL, palette.ink)
        yield from _bar(one, axis, middle, palette, 4.5)
        yield words(x + room, middle + 2.6, one.said, SMALL, palette.ink, anchor="end")


def _bar(one: Bar, axis: _Axis, y: float, palette: Palette, thick: float) -> Iterator[str]:
    """A body between two caps; an open dashed body over the whole scale where nobody observed."""
    if one.low is None or one.high is None:
        yield box(axis.left, y - thick / 2, axis.right - axis.left, thick, "none", palette.faint, 0.6, "2 2")
    else:
        low, high = axis.x(one.low), axis.x(one.high)
        yield box(low, y - thick / 2, high - low, thick, palette.pale)
        for end in sorted({low, high}):
            yield line(end, y - thick / 2 - 1.2, end, y + thick / 2 + 1.2, palette.accent, 1.8)
    if one.before:
        below = y + thick / 2 + 4.5
        low, high = (axis.x(end) for end in one.before)
        yield line(low, below, high, below, palette.faint, 0.9, "3 1.5")
        for end in sorted({low, high}):
            yield line(end, below - 2, end, below + 2, palette.faint, 0.9)


def _scale(axis: _Axis, y: float, anchors: Sequence[str], palette: Palette) -> Iterator[str]:
    yield line(axis.left, y, axis.right, y, palette.faint, 0.6)
    step = (axis.right - axis.left) / max(1, len(anchors) - 1)
    for at, said in enumerate(anchors):
        yield words(axis.x(at), y + 10, str(at), SMALL, palette.faint, anchor="middle")
        for short in wrapped(said, 7, (step - 4) * POINT, 1):
            yield words(axis.x(at), y + 19, short, 7, palette.faint, anchor="middle")


def _legend(x: float, y: float, now: str, before: str, palette: Palette) -> Iterator[str]:
    axis = _Axis(x, x + 24, 1.0)
    yield from _bar(Bar("", 0.0, 1.0, ""), axis, y - 3, palette, _THICK)
    yield words(x + 30, y, now, SMALL, palette.faint)
    start = x + 46 + wide(now, SMALL)
    yield line(start, y - 3, start + 24, y - 3, palette.faint, 0.9, "3 1.5")
    yield words(start + 30, y, before, SMALL, palette.faint)
