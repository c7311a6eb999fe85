"""What the map draws: crossings with their state this morning, and the pack's own layers."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pasaj.access.rules import visible
from pasaj.registry import queries as registry
from pasaj.registry.models import Home
from pasaj.registry.queries import Request
from pasaj.site.templatetags.pasaj import STATES, number
from pasaj.watch.models import Source
from pasaj.watch.queries import board as boards
from pasaj.watch.queries.board import Board, Line

GEOJSON = "application/geo+json"


def board_of(request: Request, crossing: str = "", days: int = boards.DAYS) -> Board:
    """The board of the last days as the reader may see it."""
    names = dict(Source.objects.values_list("code", "name"))
    return boards.board(
        actor=request.actor, now=request.now, zone=request.home.zone, names=names, days=days, crossing=crossing
    )


def crossings(request: Request) -> HttpResponse:
    """Crossings as points, where the reader may know them. The page lists the others by commune."""
    located = registry.located(request.actor)
    lines = board_of(request).lines
    features = [_feature(line) for line in lines if line.crossing.pk in located]
    return _answer({"type": "FeatureCollection", "features": features})


def _feature(line: Line) -> dict[str, Any]:
    crossing = line.crossing
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [crossing.lon, crossing.lat]},
        "properties": {
            "code": crossing.code,
            "name": crossing.name,
            "state": line.state,
            "word": str(STATES[line.state]),
            "volume": line.volume,
            "detail": detail(line),
            "url": reverse("site:crossing", args=[crossing.code]),
        },
    }


def detail(line: Line) -> str:
    """What was counted on the last day, in a line."""
    if not line.figures:
        return _("Nothing counted yesterday.")
    return " · ".join(f"{one.series.measure} {number(one.value)}" for one in line.figures[:4])


def layer(request: Request, name: str) -> HttpResponse:
    """A layer of the country pack, as it came."""
    home = visible(Home.objects.all(), request.actor).only("layers").first()
    if home is None or name not in home.layers:
        raise Http404
    response = _answer(home.layers[name])
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _answer(data: Any) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, separators=(",", ":")), content_type=GEOJSON)
