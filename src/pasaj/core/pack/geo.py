"""Map layers: GeoJSON that a map can draw without surprises."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pasaj.core.pack.findings import Findings
from pasaj.core.pack.shapes import GeoLayer
from pasaj.core.pack.table import decode

_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def layers(files: Mapping[str, bytes], findings: Findings) -> tuple[GeoLayer, ...]:
    """Every usable `geo/*.geojson`, in the order of their names."""
    found = []
    for file in sorted(files):
        if is_layer(file):
            layer = _layer(file, files[file], findings)
            if layer is not None:
                found.append(layer)
    if found and "geo/README.md" not in files:
        findings.warn("PACK-067", "geo/README.md")
    return tuple(found)


def is_layer(file: str) -> bool:
    """Whether a path is that of a map layer."""
    return file.startswith("geo/") and file.endswith(".geojson")


def _layer(file: str, data: bytes, findings: Findings) -> GeoLayer | None:
    text = decode(data, file, findings)
    if text is None:
        return None
    try:
        raw = json.loads(text, parse_constant=_constant)
        # What a database could not keep: half characters, byte 0, numbers beyond all bounds.
        if b"\\u0000" in json.dumps(raw, ensure_ascii=False, allow_nan=False).encode("utf-8"):
            raise ValueError("it holds a character 0")
    except (ValueError, RecursionError) as error:
        detail = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        findings.refuse("PACK-050", file, detail=detail[:200])
        return None
    why = _collection(raw)
    if why:
        findings.refuse("PACK-050", file, detail=why)
        return None
    before = len(findings.problems)
    for number, feature in enumerate(raw["features"], start=1):
        why = _feature(feature)
        if why:
            findings.refuse("PACK-051", file, feature=number, detail=why)
    if len(findings.problems) > before:
        return None
    return GeoLayer(file.removeprefix("geo/").removesuffix(".geojson"), file, len(raw["features"]), data)


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _collection(raw: object) -> str:
    """Why this is not a FeatureCollection in degrees; empty when it is one."""
    if not isinstance(raw, dict) or raw.get("type") != "FeatureCollection" or not isinstance(raw.get("features"), list):
        return "it is not a FeatureCollection"
    crs = raw.get("crs")
    if crs is not None and not _is_wgs84(crs):
        return "it names a coordinate system other than WGS 84"
    return ""


def _is_wgs84(crs: object) -> bool:
    """The old `crs` member, which GDAL still writes for plain degrees."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return isinstance(name, str) and name.endswith((":CRS84", ":4326"))


def _feature(feature: object) -> str:
    """Why a feature cannot be drawn; empty when it can."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return "it is not a Feature"
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in _DEPTH:
        return "its geometry is missing or of an unknown type"
    if not isinstance(feature.get("properties"), dict | None):
        return "its properties are not an object"
    try:
        positions = list(_positions(geometry.get("coordinates"), _DEPTH[geometry["type"]]))
    except TypeError:
        return "its coordinates have the wrong depth"
    if not positions:
        return "it has no coordinates"
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in positions):
        return "its coordinates are not degrees, longitude first"
    return ""


def _positions(coordinates: Any, depth: int) -> Iterator[tuple[float, float]]:
    """Longitude and latitude of every point below nested lists of a known depth. TypeError for anything else."""
    if not isinstance(coordinates, list):
        raise TypeError
    if depth:
        for inner in coordinates:
            yield from _positions(inner, depth - 1)
        return
    if not 2 <= len(coordinates) <= 3 or not all(type(value) in (int, float) for value in coordinates):
        raise TypeError
    yield coordinates[0], coordinates[1]
