"""Which places are neighbours: by distance, along the border, and by administrative area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt

from pasaj.registry.models import Area, CrossingPoint

Place = CrossingPoint | Area
Spot = tuple[float, float]  # latitude, longitude

CROSSING = "crossing"
MOST = 8  # places of a zone
EARTH = 6371.0  # km, mean radius


def level(place: Place) -> str:
    """Places are compared with places of their sort: crossings, or areas of one level."""
    return CROSSING if isinstance(place, CrossingPoint) else place.level


def spot(place: Place) -> Spot | None:
    """Where a place is: a crossing without a position is where its area is."""
    if place.lat is not None and place.lon is not None:
        return place.lat, place.lon
    if isinstance(place, CrossingPoint) and place.area.lat is not None and place.area.lon is not None:
        return place.area.lat, place.area.lon
    return None


def kilometres(one: Spot, other: Spot) -> float:
    """The great-circle distance (haversine)."""
    (lat, lon), (lat2, lon2) = ((radians(part) for part in each) for each in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def nearest(own: Place, others: Iterable[Place], most: int) -> list[Place]:
    """The nearest of `others`, itself left out; those of which nobody knows where they are as well."""
    here = spot(own)
    if here is None:
        return []
    found = [(kilometres(here, there), other.code, other) for other in others if (there := spot(other)) is not None]
    return [other for _far, code, other in sorted(found, key=lambda row: row[:2]) if code != own.code][:most]


def zones(places: Sequence[Place]) -> list[tuple[int, ...]]:
    """Sets of neighbouring places, as numbers of rows: the nearest ones, stretches of the border, areas.

    Every place has a spot. The border is taken as running where its land crossings lie furthest apart.
    """
    from pasaj.core import scan  # noqa: PLC0415 - loads the numerical library, which only a run needs

    spots = [found for place in places if (found := spot(place)) is not None]
    distances = [[kilometres(one, other) for other in spots] for one in spots]
    most = min(MOST, max(1, len(places) // 2))
    return list(
        scan.distinct(scan.nearest(distances, most), scan.stretches(_along(places, spots), most), _areas(places))
    )


def _along(places: Sequence[Place], spots: Sequence[Spot]) -> list[int]:
    """The land crossings (or all areas) from one end of the border to the other."""
    rows = [row for row, place in enumerate(places) if not isinstance(place, CrossingPoint) or place.kind == "land"]
    north = [spots[row][0] for row in rows]
    # A degree of longitude is shorter than one of latitude.
    east = [spots[row][1] * cos(radians(spots[row][0])) for row in rows]
    upright = not rows or max(north) - min(north) >= max(east) - min(east)
    return sorted(rows, key=lambda row: (spots[row][0] if upright else spots[row][1], row))


def _areas(places: Sequence[Place]) -> list[list[int]]:
    """The places of each area, and of each area above it."""
    found: dict[int, list[int]] = defaultdict(list)
    for row, place in enumerate(places):
        own = (place.area_id, place.area.parent_id) if isinstance(place, CrossingPoint) else (place.parent_id,)
        for area in own:
            if area is not None:
                found[area].append(row)
    return list(found.values())
