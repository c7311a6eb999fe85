"""A map of outlines with marked places, drawn from the layers of a pack (GeoJSON, WGS 84 degrees, longitude first).

Plate carrée, true to scale along the middle latitude: right for a country, not for a continent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pasaj.core.charts.labels import Placed, Point, place
from pasaj.core.charts.marks import WIDTH, box, drawing, line, plain, wide, words
from pasaj.core.charts.palette import Palette
from pasaj.core.report.letters import POINT, wrapped

KINDS = ("foreign", "coast", "boundary", "border")
"""What a feature of a layer can be, in the order of drawing; without any, areas are drawn as land."""
DEGREE = 111.32
"""Kilometres in a degree of latitude."""
LABEL = 7.5
TALLEST = 520.0
_RADIUS = 4.2


@dataclass(frozen=True, slots=True)
class Outline:
    """A line, or the ring around an area, of one of KINDS."""

    kind: str
    points: tuple[Point, ...]
    area: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A place. label: its code and its value, in words. tone: its shade. doubtful: with a dashed edge."""

    longitude: float
    latitude: float
    label: str
    tone: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _View:
    """From degrees to units."""

    west: float
    north: float
    across: float  # units in a degree
    down: float
    height: float

    def at(self, point: Sequence[float]) -> Point:
        return (point[0] - self.west) * self.across, (self.north - point[1]) * self.down


def land(layers: Mapping[str, Mapping[str, Any]]) -> tuple[Outline, ...]:
    """The outlines of some layers."""
    features = [one for name in sorted(layers) for one in layers[name]["features"]]
    known = [(one["properties"]["kind"], one) for one in features if (one["properties"] or {}).get("kind") in KINDS]
    drawn = known or [("coast", one) for one in features]
    found = [outline for kind, one in drawn for outline in _outlines(kind, one["geometry"])]
    return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))


def map_of(
    outlines: Sequence[Outline],
    spots: Sequence[Spot],
    palette: Palette,
    *,
    legend: Sequence[tuple[str, str]],
    unplaced: str,
    doubtful: str = "",
    width: float = WIDTH,
) -> str:
    """The map with its scale; below it what the shades mean. unplaced: introduces labels for which there was no room.
    doubtful: what a dashed edge means.

    Raises ValueError: nothing to draw.
    """
    view = _view(outlines, spots, width)
    marks = [mark for one in outlines for mark in _drawn(one, view, palette)]
    points = [view.at((one.longitude, one.latitude)) for one in spots]
    sizes = [(wide(one.label, LABEL) + 2, LABEL + 1.5) for one in spots]
    placed = place(points, sizes, (2.0, 2.0, width - 2, view.height - 20), _RADIUS)
    marks += _labels(spots, points, placed, palette)
    marks += _scale_bar(view, palette)
    # What lies outside is covered, not cut: a clipping path needs a name that no other picture on the page may have.
    marks.append(box(-width, view.height, 3 * width, 3 * view.height, palette.paper))
    marks.append(box(0.25, 0.25, width - 0.5, view.height - 0.5, "none", palette.rule))
    entries = [(palette.tones.get(tone, palette.paper), said) for tone, said in legend]
    entries += [("", doubtful)] if any(one.doubtful for one in spots) else []
    left_out = ", ".join(one.label for one, at in zip(spots, placed, strict=True) if at is None)
    y = view.height + 14
    for shade, x, row, said in _rows(entries, width):
        marks.append(_sign(x, y + 12 * row - 7, shade, palette))
        marks.append(words(x + 12, y + 12 * row, said, LABEL, palette.faint))
    y += 12 * (1 + max([-1, *(row for _, _, row, _ in _rows(entries, width))]))
    for said in wrapped(f"{unplaced} {left_out}", LABEL, width * POINT, 6) if left_out else ():
        marks.append(words(0, y, said, LABEL, palette.faint))
        y += 12
    return drawing(width, y - 8, marks)


def _outlines(kind: str, geometry: Mapping[str, Any]) -> Iterator[Outline]:
    shape, given = geometry["type"], geometry["coordinates"]
    if shape == "LineString":
        yield Outline(kind, _points(given), False)
    elif shape == "MultiLineString":
        yield from (Outline(kind, _points(one), False) for one in given)
    elif shape == "Polygon":
        yield Outline(kind, _points(given[0]), True)
    elif shape == "MultiPolygon":
        yield from (Outline(kind, _points(one[0]), True) for one in given)


def _points(given: Iterable[Sequence[float]]) -> tuple[Point, ...]:
    return tuple((float(one[0]), float(one[1])) for one in given)


def _view(outlines: Sequence[Outline], spots: Sequence[Spot], width: float) -> _View:
    """The land and all places, with some air; what lies abroad gives no room."""
    points = [point for one in outlines if one.kind != "foreign" for point in one.points]
    points += [(one.longitude, one.latitude) for one in spots]
    if not points:
        raise ValueError("a map of nothing")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    across = max(east - west, 0.02) * 1.08
    down = max(north - south, 0.02) * 1.08
    unit = min(width / (across * narrow), TALLEST / down)  # units in a degree of latitude
    across = width / (unit * narrow)
    return _View((west + east - across) / 2, (south + north + down) / 2, unit * narrow, unit, unit * down)


def _drawn(one: Outline, view: _View, palette: Palette) -> Iterator[str]:
    steps = "L".join(f"{plain(x)} {plain(y)}" for x, y in (view.at(point) for point in one.points))
    if one.area:
        fill, stroke = (palette.abroad, "none") if one.kind == "foreign" else (palette.land, palette.faint)
        yield f'<path d="M{steps}z" fill="{fill}" stroke="{stroke}" stroke-width="0.6"/>'
    else:
        look = {"border": (palette.ink, 1.0, "5 2 1 2"), "boundary": (palette.rule, 0.6, "3 2")}
        colour, thick, dashes = look.get(one.kind, (palette.faint, 0.6, ""))
        broken = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<path d="M{steps}" fill="none" stroke="{colour}" stroke-width="{plain(thick)}"{broken}/>'


def _labels(
    spots: Sequence[Spot], points: Sequence[Point], placed: Sequence[Placed | None], palette: Palette
) -> Iterator[str]:
    for point, at in zip(points, placed, strict=True):
        if at is not None and at.lead is not None:
            yield line(*point, *at.lead, palette.faint, 0.5)
    for one, (x, y) in zip(spots, points, strict=True):
        yield _disc(x, y, palette.tones.get(one.tone, palette.paper), palette, doubtful=one.doubtful)
    for one, at in zip(spots, placed, strict=True):
        if at is not None:
            left, top, right, bottom = at.box
            yield box(left, top, right - left, bottom - top, palette.paper, opacity=0.75)
            yield words(left + 1, bottom - 2.2, one.label, LABEL, palette.ink)


def _scale_bar(view: _View, palette: Palette) -> Iterator[str]:
    """As long as a round number of kilometres, at most a quarter of the map."""
    room = 0.25 * WIDTH / view.down * DEGREE
    size = 10.0 ** math.floor(math.log10(room))
    long = max(one * size for one in (1, 2, 5) if one * size <= room)
    end = 10 + long / DEGREE * view.down
    y = view.height - 8
    yield line(10, y, end, y, palette.ink, 1.0)
    yield from (line(x, y - 3, x, y, palette.ink, 1.0) for x in (10, end))
    yield words(10, y - 5, f"{long:g} km", LABEL - 0.5, palette.ink)


def _sign(x: float, y: float, shade: str, palette: Palette) -> str:
    if shade:
        return box(x, y, 8, 8, shade, palette.ink, 0.5)
    return _disc(x + 4, y + 4, palette.paper, palette, doubtful=True)


def _disc(x: float, y: float, shade: str, palette: Palette, *, doubtful: bool) -> str:
    edge = ' stroke-dasharray="1.6 1.2"' if doubtful else ""
    look = f'fill="{shade}" stroke="{palette.ink}" stroke-width="0.9"{edge}'
    return f'<circle cx="{plain(x)}" cy="{plain(y)}" r="{plain(_RADIUS)}" {look}/>'


def _rows(entries: Sequence[tuple[str, str]], width: float) -> list[tuple[str, float, int, str]]:
    """Shade, place, line and words of what is said below the map."""
    found = []
    x, row = 0.0, 0
    for shade, said in entries:
        room = wide(said, LABEL) + 26
        if x and x + room - 14 > width:
            x, row = 0.0, row + 1
        found.append((shade, x, row, said))
        x += room
    return found
