"""Areas of a message as it keeps them: from crossings, communes, or an outline drawn on a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from pasaj.core.alerts.areas import outline
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Area, CrossingPoint
from pasaj.respond.queries.alert_texts import in_each
from pasaj.respond.queries.alerts import here, names_of

Kept = dict[str, Any]
"""{"names": by language, "codes": of areas, "crossings": of official crossings, "polygon": [[lat, lon], …]}"""


def of_places(places: Iterable[Area | CrossingPoint]) -> list[Kept]:
    """An area for each place: a crossing (it must be an official one) or an area of the pack."""
    return [
        {
            "names": names_of(place),
            "codes": [] if isinstance(place, CrossingPoint) else [place.code],
            "crossings": [place.code] if isinstance(place, CrossingPoint) else [],
            "polygon": [],
        }
        for place in places
    ]


def kept(given: object) -> list[Kept]:
    """Areas as somebody gives them: [{"crossing": CODE} | {"area": CODE} | {"polygon": [[lat, lon], …], "names": …}],
    or as a message keeps them.

    Raises Refused with every problem, its column `areas.N`: ALERT-009, 016, 018, 040 to 043.
    """
    found: list[Kept] = []
    problems: list[Problem] = []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise Refused(problem("ALERT-009", column="areas", value=str(given)[:60], field="areas", allowed="[…]"))
    for number, one in enumerate(given):
        try:
            found.append(_kept(one))
        except Refused as refused:
            problems += [each.at("", None, f"areas.{number}") for each in refused.problems]
    if problems:
        raise Refused(*problems)
    return found


def _kept(one: object) -> Kept:
    if not isinstance(one, Mapping):
        raise Refused(problem("ALERT-009", value=str(one)[:60], field="areas", allowed="crossing, area, polygon"))
    for name in ("crossings", "codes", "polygon"):
        if not isinstance(one.get(name) or [], list | tuple):
            raise Refused(problem("ALERT-009", value=str(one[name])[:60], field=name, allowed="[…]"))
    crossings = [str(code) for code in one.get("crossings") or ([one["crossing"]] if one.get("crossing") else [])]
    codes = [str(code) for code in one.get("codes") or ([one["area"]] if one.get("area") else [])]
    ring = outline(one["polygon"], here().extent) if one.get("polygon") else ()
    if not (crossings or codes or ring):
        raise Refused(problem("ALERT-017"))
    places: list[Area | CrossingPoint] = [*_crossings(crossings), *_areas(codes)]
    return {
        "names": _names(one.get("names"), places),
        "codes": codes,
        "crossings": crossings,
        "polygon": [list(point) for point in ring],
    }


def _crossings(codes: Sequence[str]) -> list[CrossingPoint]:
    rows = {row.code: row for row in CrossingPoint.objects.filter(code__in=codes, retired_at=None)}
    for code in codes:
        if code not in rows:
            raise Refused(problem("ALERT-016", value=code[:60], target="crossings"))
        if rows[code].is_protected:
            raise Refused(problem("ALERT-018", value=code))
    return [rows[code] for code in codes]


def _areas(codes: Sequence[str]) -> list[Area]:
    rows = {row.code: row for row in Area.objects.filter(code__in=codes, retired_at=None)}
    for code in codes:
        if code not in rows:
            raise Refused(problem("ALERT-016", value=code[:60], target="areas"))
    return [rows[code] for code in codes]


def _names(given: object, places: Sequence[Area | CrossingPoint]) -> dict[str, str]:
    """What the area is called in each language: as somebody wrote it, else by its places."""
    written = {str(key): str(value).strip()[:120] for key, value in given.items()} if isinstance(given, Mapping) else {}
    each = [names_of(place) for place in places]
    usual = in_each(lambda: _("Area drawn on the map"))
    return {
        language: written.get(language) or ", ".join(one[language] for one in each) or usual[language]
        for language in usual
    }
