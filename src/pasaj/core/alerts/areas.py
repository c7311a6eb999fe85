"""Outlines drawn on a map: closed, simple, of at most a hundred corners. Pairs are (latitude, longitude) in degrees."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from pasaj.core.problems import Refused, problem

Point = tuple[float, float]
Ring = tuple[Point, ...]
MOST = 100
MOST_DRAWN = 1000
DECIMALS = 4
"""About eleven metres: finer than a warning can mean."""
COLUMN = "areas"


def outline(
    drawn: Iterable[Sequence[float]], extent: Sequence[float] = (-180, -90, 180, 90), *, most: int = MOST
) -> Ring:
    """A drawn polygon as an alert holds it: rounded, simplified, the first point again at the end.

    `extent`: west, south, east, north that it must lie in. Raises Refused: ALERT-040 (fewer than three corners, or no
    numbers), ALERT-041 (its sides cross), ALERT-042 (outside of the extent), ALERT-043 (more than MOST_DRAWN corners).
    """
    points = _points(drawn)
    if len(points) > MOST_DRAWN:
        raise Refused(problem("ALERT-043", column=COLUMN, found=len(points), limit=MOST_DRAWN))
    west, south, east, north = extent
    for lat, lon in points:
        if not (south <= lat <= north and west <= lon <= east):
            raise Refused(problem("ALERT-042", column=COLUMN, lat=lat, lon=lon))
    if len(points) < 3 or all(_turn(points[0], points[1], point) == 0 for point in points[2:]):
        raise Refused(problem("ALERT-040", column=COLUMN, found=len(points)))
    if crosses(points):
        raise Refused(problem("ALERT-041", column=COLUMN))
    kept = simplified(points, most - 1)
    return (*kept, kept[0])


def _points(drawn: Iterable[Sequence[float]]) -> list[Point]:
    """The corners in their order, rounded, none twice in a row, not closed."""
    found: list[Point] = []
    for pair in drawn:
        try:
            lat, lon = pair
            point = (round(float(lat), DECIMALS), round(float(lon), DECIMALS))
        except (TypeError, ValueError, OverflowError) as error:
            raise Refused(problem("ALERT-040", column=COLUMN, found=len(found))) from error
        if not found or found[-1] != point:
            found.append(point)
    if len(found) > 1 and found[0] == found[-1]:
        found.pop()
    return found


def simplified(points: Sequence[Point], most: int) -> list[Point]:
    """At most `most` corners: those whose triangle with their neighbours is smallest go first.

    Method: Visvalingam and Whyatt, 1993. A corner stays when its going would make sides cross.
    """
    count = len(points)
    before = {at: (at - 1) % count for at in range(count)}
    after = {at: (at + 1) % count for at in range(count)}
    alive = set(range(count))
    queue: list[tuple[float, int]] = []
    while len(alive) > max(most, 3):
        if not queue:  # of a simple outline some corner can always go (two ears theorem)
            queue = [(_triangle(points[before[at]], points[at], points[after[at]]), at) for at in sorted(alive)]
            heapq.heapify(queue)
        size, at = heapq.heappop(queue)
        if at not in alive or size != _triangle(points[before[at]], points[at], points[after[at]]):
            continue
        left, right = before[at], after[at]
        alive.discard(at)
        if _cuts(points, left, right, alive, after):
            alive.add(at)
            continue
        after[left], before[right] = right, left
        for one in (left, right):
            heapq.heappush(queue, (_triangle(points[before[one]], points[one], points[after[one]]), one))
    return [points[at] for at in sorted(alive)]


def _cuts(points: Sequence[Point], left: int, right: int, alive: set[int], after: dict[int, int]) -> bool:
    """Whether a side from `left` to `right` would cross another one."""
    return any(
        _crossing(points[left], points[right], points[one], points[after[one]])
        for one in alive
        if one not in {left, right} and after[one] != left and after[one] in alive
    )


def crosses(points: Sequence[Point]) -> bool:
    """Whether two sides of a closed outline meet other than in a shared corner."""
    count = len(points)
    sides = [(points[at], points[(at + 1) % count]) for at in range(count)]
    return len(set(points)) < count or any(
        _crossing(*sides[one], *sides[other])
        for one in range(count)
        for other in range(one + 2, count)
        if (one, other) != (0, count - 1)
    )


def _crossing(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments ab and cd have a point in common."""
    one, two, three, four = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if one * two < 0 and three * four < 0:
        return True
    ends = ((one, a, b, c), (two, a, b, d), (three, c, d, a), (four, c, d, b))
    return any(turn == 0 and _between(start, end, point) for turn, start, end, point in ends)


def _turn(a: Point, b: Point, c: Point) -> float:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return 0.0 if abs(value) < 1e-12 else value


def _between(a: Point, b: Point, point: Point) -> bool:
    return all(min(a[at], b[at]) <= point[at] <= max(a[at], b[at]) for at in (0, 1))


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs(_turn(a, b, c)) / 2
