"""What an alert says in one language, as CAP, as SMS, as mail and on its page; the marks that go with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pasaj.core import cap
from pasaj.core.alerts import FIELDS, Settings
from pasaj.core.alerts import areas as outlines
from pasaj.registry.models import Area, CrossingPoint, Home
from pasaj.registry.queries import home as read_home
from pasaj.respond.models import AlertMessage, AlertSettings

T = TypeVar("T")
NAMED, ROOM = 3, 60  # places that stand by their names in a text, and the letters they may take together
STATUS = {"actual": "Actual", "exercise": "Exercise", "system": "System", "test": "Test"}


@dataclass(frozen=True, slots=True)
class Said:
    """One language of a message as it goes out, its marks in front: exercise, not ratified."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str  # the protection action first
    audience: str
    short: str


def settings() -> Settings:
    """How alerts are approved and sent here; what the pack says, or the usual."""
    row = AlertSettings.objects.filter(code="alerts", retired_at=None).first()
    return row.said if row else Settings()


def languages() -> tuple[str, ...]:
    """The languages that every alert is written in, the home's own first."""
    found = read_home()
    if found is None:
        return ()
    return (found.default_language, *(one for one in found.languages if one != found.default_language))


def in_each(say: Callable[[], T]) -> dict[str, T]:
    """What is said, in each language of the home."""
    found = {}
    for language in languages():
        with translation.override(language):
            found[language] = say()
    return found


def where(areas: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By language: the areas of a message in few words, as a headline and an SMS have room for.

    Up to three names stand as they are; more become what they lie in (departments), and where these are too many
    or too long, the country. The message's own areas stay as they are.
    """
    found = [one["names"] for one in areas]
    if len(found) > NAMED or _length(found) > ROOM:
        found = _around(areas) or found[:NAMED]
    return {language: ", ".join(filter(None, (one.get(language, "") for one in found))) for language in languages()}


def _length(names: Sequence[Mapping[str, str]]) -> int:
    return max((len(", ".join(one.get(language, "") for one in names)) for language in languages()), default=0)


def _around(areas: Sequence[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """The departments that the areas lie in, or the country; nothing where an area lies nowhere."""
    codes = {code for one in areas for code in one.get("codes", ())}
    points = {code for one in areas for code in one.get("crossings", ())}
    rows = list(Area.objects.filter(Q(code__in=codes) | Q(crossings__code__in=points)).distinct().order_by("code"))
    above = {row.pk: row for row in Area.objects.filter(level__in=("0", "1")).order_by("code")}
    parents = {row.pk: row if row.level in ("0", "1") else above.get(row.parent_id or 0) for row in rows}
    departments = sorted({one for one in parents.values() if one is not None}, key=lambda one: one.code)
    if not departments or None in parents.values():
        return []
    names = [dict(one.names) for one in departments]
    if len(names) <= NAMED + 1 and _length(names) <= ROOM:
        return list(names)
    country = next((row for row in above.values() if row.level == "0"), None)
    return [dict(country.names)] if country else list(names[:NAMED])


def marks(mode: str, *, unratified: bool = False) -> str:
    """What stands before every text of a message, in the language that is active; empty for an actual alert."""
    words = {"exercise": _("EXERCISE"), "test": _("TEST"), "system": _("SYSTEM")}
    found = [words[mode]] if mode in words else []
    if unratified:
        found.append(_("NOT RATIFIED"))
    return " · ".join(found)


def said(message: AlertMessage, language: str, *, mode: str | None = None) -> Said:
    """What a message says in one language, marks included. A text that is missing is empty.

    `mode`: another one than the alert's; the outbox marks exercises itself, so that it is given "actual".
    """
    texts: Mapping[str, str] = message.texts.get(language, {})
    with translation.override(language):
        mark = marks(message.alert.mode if mode is None else mode, unratified=message.unratified)
    found = {field: str(texts.get(field, "")).strip() for field in (*FIELDS, "audience")}
    first = found.pop("protection")
    found["instruction"] = "\n".join(filter(None, (first, found["instruction"])))
    if mark:
        for field in ("headline", "description", "short"):
            found[field] = f"{mark}: {found[field]}"
    return Said(language=language, **found)


def moment(at: datetime, zone: Home) -> str:
    """A moment in words, in local time and the language that is active."""
    local = at.astimezone(zone.zone)
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M}"


def as_cap(message: AlertMessage, sent: datetime, references: list[list[str]]) -> cap.Alert:
    """A message as CAP has it, one block a language. `sent` is cut to the second."""
    found = read_home()
    assert found is not None, "an alert belongs to a home"
    chosen, zone = settings(), found.zone
    areas = [_area_of(one, found, chosen) for one in message.areas]
    note = message.note
    if message.alert.mode != "actual" or message.unratified:
        with translation.override(found.default_language):
            note = " ".join(filter(None, (marks(message.alert.mode, unratified=message.unratified), message.alert.code,
                                          note)))  # fmt: skip
    return cap.Alert(
        identifier=message.identifier,
        sender=message.sender,
        sent=sent.astimezone(zone).replace(microsecond=0),
        status=STATUS[message.alert.mode],
        msg_type=message.type,
        scope=message.scope,
        restriction=message.restriction if message.scope == "Restricted" else "",
        note=note,
        references=tuple(cap.Reference(*one) for one in references),
        info=tuple(_info(message, language, areas, found, chosen) for language in languages()),
    )


Place = tuple[Mapping[str, str], cap.Area]


def _info(message: AlertMessage, language: str, areas: list[Place], found: Home, chosen: Settings) -> cap.Info:
    texts, colour = said(message, language), chosen.colours.get(message.severity)
    return cap.Info(
        language=language,
        category=tuple(message.category),
        event=texts.event,
        response_type=tuple(message.response_types),
        urgency=message.urgency,
        severity=message.severity.capitalize(),
        certainty=message.certainty,
        audience=texts.audience,
        event_code=(cap.Pair("pasaj:hazard", message.alert.hazard),),
        onset=_local(message.onset_at, found),
        expires=_local(message.expires_at, found),
        sender_name=chosen.sender_names.get(language) or found.names.get(language, ""),
        headline=texts.headline,
        description=texts.description,
        instruction=texts.instruction,
        web=message.web,
        contact=message.contact,
        parameter=(cap.Pair("pasaj:colour", colour.code),) if colour else (),
        area=tuple(_in_language(names, area, language, found) for names, area in areas),
    )


def _local(at: datetime | None, found: Home) -> datetime | None:
    return None if at is None else at.astimezone(found.zone).replace(microsecond=0)


def _in_language(names: Mapping[str, str], area: cap.Area, language: str, found: Home) -> cap.Area:
    described = names.get(language) or names.get(found.default_language) or next(iter(names.values()), "")
    return cap.Area(area_desc=described, polygon=area.polygon, circle=area.circle, geocode=area.geocode)


def _area_of(one: Mapping[str, Any], found: Home, chosen: Settings) -> Place:
    """An area of a message: its outline, else what the pack draws of it, else a circle around it.

    Never the position of a crossing that is not official.
    """
    areas = list(Area.objects.filter(code__in=one.get("codes") or ()).order_by("code"))
    rows = CrossingPoint.objects.filter(code__in=one.get("crossings") or ()).exclude(CrossingPoint.PROTECTED)
    places: list[CrossingPoint] = list(rows.order_by("code"))
    geocode = [cap.Pair("P-CODE" if area.pcode else "pasaj:area", area.pcode or area.code) for area in areas]
    geocode += [cap.Pair("pasaj:crossing", row.code) for row in places]
    polygons: list[cap.Polygon] = []
    circles: list[cap.Circle] = []
    if one.get("polygon"):
        polygons = [tuple((float(lat), float(lon)) for lat, lon in one["polygon"])]
    else:
        found_here: list[CrossingPoint | Area] = [*places, *areas]
        for place in found_here:
            drawn = outlines_of(place.code, found) if isinstance(place, Area) else []
            polygons += drawn
            if not drawn and place.lat is not None and place.lon is not None:
                circles.append(cap.Circle(round(place.lat, 4), round(place.lon, 4), chosen.circle_km))
    names: Mapping[str, str] = one.get("names") or {}
    return names, cap.Area(area_desc="", polygon=tuple(polygons), circle=tuple(circles), geocode=tuple(geocode))


def outlines_of(code: str, found: Home) -> list[cap.Polygon]:
    """The outlines that the pack's layers draw of an area, each of at most a hundred corners."""
    rings: list[cap.Polygon] = []
    for layer in found.layers.values():
        for feature in layer.get("features", ()):
            if (feature.get("properties") or {}).get("code") == code:
                rings += [_ring(polygon[0]) for polygon in _polygons(feature.get("geometry") or {})]
    return rings


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    """The polygons of a GeoJSON geometry."""
    coordinates = list(geometry.get("coordinates", ()))
    return {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")), [])


def _ring(outer: list[list[float]]) -> cap.Polygon:
    ring = [(round(lat, 4), round(lon, 4)) for lon, lat in outer[:-1]]
    kept = outlines.simplified(ring, outlines.MOST - 1)
    return (*kept, kept[0])
