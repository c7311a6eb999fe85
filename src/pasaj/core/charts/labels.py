"""Where the labels of points stand, so that none covers another, a point or a leading line.

Each label takes the first free place of a fixed series: beside its point, then farther away on a line that leads back.
(The idea is that of the greedy placement in Christensen, Marks & Shieber 1995, "An empirical study of algorithms for
point-feature label placement", ACM Transactions on Graphics 14(3).)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

_RADII = (6.5, 13.0, 22.0, 32.0, 44.0, 58.0, 74.0, 92.0, 112.0)
_TURNS = (0.0, 180.0, -30.0, 30.0, 210.0, 150.0, -60.0, 60.0, 240.0, 120.0, -90.0, 90.0)
_AIR = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label stands, and where the line that leads to it ends; without a line it stands beside its point."""

    box: Box
    lead: Point | None


def place(points: Sequence[Point], sizes: Sequence[Point], room: Box, radius: float) -> list[Placed | None]:
    """A place for each label (width, height) in the order of the points; None: there is none left in the room."""
    taken: list[Box] = [_around(point, radius) for point in points]
    lines: list[tuple[Point, Point]] = []
    found: list[Placed | None] = []
    for at, point in enumerate(points):
        others = taken[:at] + taken[at + 1 :]
        placed = _first(point, sizes[at], room, radius, others, lines)
        found.append(placed)
        if placed is not None:
            taken.append(placed.box)
            if placed.lead is not None:
                lines.append((point, placed.lead))
    return found


def _first(
    point: Point, size: Point, room: Box, radius: float, taken: Sequence[Box], lines: Sequence[tuple[Point, Point]]
) -> Placed | None:
    for away in _RADII:
        for turn in _TURNS:
            placed = _at(point, size, away, turn, radius)
            inside = (
                room[0] <= placed.box[0]
                and room[1] <= placed.box[1]
                and placed.box[2] <= room[2]
                and placed.box[3] <= room[3]
            )
            if inside and _free(point, placed, taken, lines):
                return placed
    return None


def _at(point: Point, size: Point, away: float, turn: float, radius: float) -> Placed:
    """The label whose nearest edge stands `away` from the point in one direction."""
    across, down = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x, y = point[0] + away * across, point[1] + away * down
    left = x if across > 0.1 else x - size[0] if across < -0.1 else x - size[0] / 2
    top = y - size[1] / 2 + size[1] / 2 * down
    box = (left, top, left + size[0], top + size[1])
    return Placed(box, (x, y) if away > _RADII[0] + radius / 2 else None)


def _free(point: Point, placed: Placed, taken: Sequence[Box], lines: Sequence[tuple[Point, Point]]) -> bool:
    if any(_overlap(placed.box, one) for one in taken) or any(_crosses(*one, placed.box) for one in lines):
        return False
    lead = placed.lead
    return lead is None or not any(_crosses(point, lead, one) for one in taken)


def _around(point: Point, radius: float) -> Box:
    return (point[0] - radius, point[1] - radius, point[0] + radius, point[1] + radius)


def _overlap(one: Box, other: Box) -> bool:
    across = one[0] < other[2] + _AIR and other[0] < one[2] + _AIR
    return across and one[1] < other[3] + _AIR and other[1] < one[3] + _AIR


def _crosses(start: Point, end: Point, box: Box) -> bool:
    """Whether a line passes through a box (Liang & Barsky 1984)."""
    low, high = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        near, far = box[axis] - start[axis], box[axis + 2] - start[axis]
        if step == 0:
            if near > 0 or far < 0:
                return False
            continue
        first, last = sorted((near / step, far / step))
        low, high = max(low, first), min(high, last)
    return low <= high
