"""Whether a ring of points crosses itself. Degrees are taken as a plane: areas of alerts are small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Point = tuple[float, float]


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Whether sides of a closed ring cross, touch or lie on each other, other than neighbours in their corner.

    Points that repeat at once count as one. Sides are swept by their first coordinate: n log n for usual shapes.
    """
    points = [point for at, point in enumerate(ring) if not at or point != ring[at - 1]]
    sides = len(points) - 1
    if sides < 3:
        return True  # a line, or a point
    return any(_wrong(points, one, other, sides) for one, other in _near(points, sides))


def _near(points: Sequence[Point], sides: int) -> Iterator[tuple[int, int]]:
    """Pairs of sides whose first coordinates overlap."""
    order = sorted(range(sides), key=lambda at: min(points[at][0], points[at + 1][0]))
    open_: list[int] = []
    for side in order:
        begin = min(points[side][0], points[side + 1][0])
        open_ = [other for other in open_ if max(points[other][0], points[other + 1][0]) >= begin]
        for other in open_:
            yield (other, side) if other < side else (side, other)
        open_.append(side)


def _wrong(points: Sequence[Point], one: int, other: int, sides: int) -> bool:
    a, b, c, d = points[one], points[one + 1], points[other], points[other + 1]
    if other == one + 1:
        return _on(d, a, b) or _on(a, c, d)
    if one == 0 and other == sides - 1:
        return _on(c, a, b) or _on(b, c, d)
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return True
    return _on(c, a, b) or _on(d, a, b) or _on(a, c, d) or _on(b, c, d)


def _turn(a: Point, b: Point, c: Point) -> int:
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)


def _on(point: Point, a: Point, b: Point) -> bool:
    """Whether a point lies on the side from a to b."""
    return (
        _turn(a, b, point) == 0
        and min(a[0], b[0]) <= point[0] <= max(a[0], b[0])
        and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
    )
