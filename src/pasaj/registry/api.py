"""Places and institutions, as programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from pasaj.access.rules import visible
from pasaj.registry import queries
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.registry.queries import Request

router = Router(tags=["registry"])


class AreaOut(Schema):
    code: str
    level: str
    names: dict[str, str]
    parent: str | None
    iso: str
    pcode: str
    borders: bool
    source: str
    verify: str


class InstitutionOut(Schema):
    code: str
    names: dict[str, str]
    kind: str
    country: str
    supervision: str
    mandate: str
    source: str
    verify: str


class CrossingOut(Schema):
    code: str
    name: str
    kind: str
    official: str
    area: str
    counterpart: str
    counterpart_country: str
    lat: float | None
    lon: float | None
    precision_km: float | None
    status: str
    aliases: list[str]
    note: str
    source: str
    verify: str


def crossings_out(request: Request, rows: Iterable[CrossingPoint]) -> list[dict[str, Any]]:
    """Crossings with as much of their names, notes and position as the reader may know."""
    known, located = queries.well_known(request.actor), queries.located(request.actor)
    return [crossing_out(row, row.pk in known, row.pk in located) for row in rows]


def crossing_out(crossing: CrossingPoint, well_known: bool, located: bool) -> dict[str, Any]:
    plain = ("code", "name", "kind", "official", "counterpart", "counterpart_country", "status", "source",
             "verify")  # fmt: skip
    return {
        **{name: getattr(crossing, name) for name in plain},
        "aliases": crossing.aliases if well_known else [],
        "note": crossing.note if well_known else "",
        "area": crossing.area.code,
        "lat": crossing.lat if located else None,
        "lon": crossing.lon if located else None,
        "precision_km": crossing.precision_km if located else None,
    }


@router.get("/areas", response=list[AreaOut])
def areas(request: Request, level: str = "") -> list[dict[str, Any]]:
    rows = visible(Area.objects.select_related("parent").order_by("code"), request.actor)
    return [
        {
            **{name: getattr(row, name) for name in
               ("code", "level", "names", "iso", "pcode", "borders", "source", "verify")},
            "parent": row.parent.code if row.parent else None,
        }
        for row in (rows.filter(level=level) if level else rows)
    ]  # fmt: skip


@router.get("/institutions", response=list[InstitutionOut])
def institutions(request: Request, kind: str = "") -> Any:
    rows = visible(Institution.objects.order_by("code"), request.actor)
    return rows.filter(kind=kind) if kind else rows


@router.get("/crossings", response=list[CrossingOut])
def crossings(request: Request) -> list[dict[str, Any]]:
    rows = visible(CrossingPoint.objects.select_related("area").order_by("code"), request.actor)
    return crossings_out(request, rows)


@router.get("/crossings.geojson", openapi_extra={"responses": {200: {"description": "RFC 7946 FeatureCollection"}}})
def crossings_geojson(request: Request) -> HttpResponse:
    rows = visible(CrossingPoint.objects.select_related("area").order_by("code"), request.actor)
    features = []
    for properties in crossings_out(request, rows):
        lon, lat = properties.pop("lon"), properties.pop("lat")
        geometry = {"type": "Point", "coordinates": [lon, lat]} if lon is not None else None
        features.append({"type": "Feature", "id": properties["code"], "geometry": geometry, "properties": properties})
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return HttpResponse(body, content_type="application/geo+json")


@router.get("/crossings/{code}", response=CrossingOut)
def crossing(request: Request, code: str) -> dict[str, Any]:
    rows = visible(CrossingPoint.objects.select_related("area"), request.actor)
    return crossings_out(request, [get_object_or_404(rows, code=code)])[0]
