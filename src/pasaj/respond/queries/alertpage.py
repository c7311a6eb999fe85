"""What the page of one alert shows: its texts, area, origins, approvals, deliveries and what may be done next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from pasaj.access.rules import Actor, can, may, visible
from pasaj.core.alerts import Template, fill
from pasaj.core.alerts.filling import PLACES
from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.notify.models import Delivery
from pasaj.notify.queries import outbox
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint, Home, Institution, localised
from pasaj.registry.queries import Request
from pasaj.respond.models import Activation, Alert, AlertMessage, Approval, ApprovalRequest, Event, HazardTemplate, Plan
from pasaj.respond.queries import alertboard as board
from pasaj.respond.queries import alerts as queries
from pasaj.respond.queries import alertwords as words
from pasaj.watch.models import Incident, Signal
from pasaj.watch.queries import signals

State = AlertMessage.State
AROUND = 0.15  # degrees shown around an area
NAMED = {
    "signal": (Signal, "watch:signal"),
    "incident": (Incident, "watch:incident"),
    "event": (Event, "respond:event"),
}
LONGEST = 160  # of what is shown of an event's text


# --- Messages ----------------------------------------------------------------------------------


def messages_of(alert: Alert, actor: Actor) -> list[AlertMessage]:
    """The messages that the actor may see, in their order. One query."""
    return list(visible(alert.messages.order_by("number"), actor).select_related("alert").defer("xml"))


def pending(messages: Iterable[AlertMessage]) -> AlertMessage | None:
    """The message that is being written or waits for approval; there is at most one."""
    return next((one for one in messages if one.state in (State.DRAFT, State.SUBMITTED)), None)


def before(message: AlertMessage) -> AlertMessage | None:
    """The last message of the same alert that went out before this one."""
    rows = AlertMessage.objects.filter(alert=message.alert_id, number__lt=message.number, state=State.PUBLISHED)
    return rows.order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Tongue:
    """The text of a message in one language, protection first; parts without a text are left out."""

    code: str
    name: str
    here: bool  # the reader's own
    parts: Mapping[str, str]


def tongues(message: AlertMessage, languages: Sequence[str], language: str) -> list[Tongue]:
    """The texts in the reader's language first, then as the home orders them."""
    ordered = sorted(languages, key=lambda code: code != language)
    found = []
    for code in ordered:
        said = message.texts.get(code) or {}
        parts = {part: said[part] for part in words.PARTS if said.get(part)}
        if parts:
            found.append(Tongue(code, LANGUAGE_NAMES.get(code, code), code == language, parts))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the message before: the field in words and both values as a person reads them."""

    label: str
    old: str
    new: str


def changes(old: AlertMessage, new: AlertMessage, languages: Sequence[str], language: str) -> list[Change]:
    """What a second message says otherwise than the first, in the order of the form."""
    names = board.names_of([old, new])
    found = [_change(words.FIELDS[name], _plain(old, name), _plain(new, name)) for name in words.FIELDS
             if name not in ("areas", "recipients")]  # fmt: skip
    found.append(_change(words.FIELDS["areas"], _area(old, language, names), _area(new, language, names)))
    found.append(_change(words.FIELDS["recipients"], _told(old), _told(new)))
    for code in languages:
        for part, (label, _help) in words.PARTS.items():
            was, now = ((one.texts.get(code) or {}).get(part, "") for one in (old, new))
            found.append(_change(f"{label} · {LANGUAGE_NAMES.get(code, code)}", was, now))
    return [one for one in found if one.old != one.new]


def _change(label: Any, old: str, new: str) -> Change:
    return Change(str(label), old or "–", new or "–")


TERMS = {"severity": words.SEVERITIES, "urgency": words.URGENCIES, "certainty": words.CERTAINTIES,
         "scope": words.SCOPE_WORDS}  # fmt: skip


def _plain(message: AlertMessage, name: str) -> str:
    value = getattr(message, name)
    if name in TERMS:
        return words.word(TERMS[name], value)
    if name == "response_types":
        return ", ".join(words.word(words.RESPONSES, one) for one in value)
    return _moment(value) if name.endswith("_at") else str(value or "")


def _moment(value: Any) -> str:
    """A moment as the reader writes it, in the home's time."""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def _area(message: AlertMessage, language: str, names: Mapping[str, str]) -> str:
    points = sum(len(board.corners(area)) for area in message.areas)
    return "; ".join(filter(None, [board.places(message, language, names), f"◇ {points}" if points else ""]))


def _told(message: AlertMessage) -> str:
    return "; ".join(", ".join(codes) for codes in message.recipients.values() if codes)


# --- Where -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class Where:
    """The area of a message: places with their pages, and how many points an outline has (0: none)."""

    places: tuple[Place, ...]
    points: int
    named: str


def where(message: AlertMessage, language: str) -> Where:
    crossings = sorted({code for area in message.areas for code in area.get("crossings", ())})
    areas = sorted({code for area in message.areas for code in area.get("codes", ())})
    names = board.names_of([message])
    found = [Place(names.get(code, code), code, reverse("site:crossing", args=[code])) for code in crossings]
    found += [Place(names.get(code, code), code, reverse("registry:area", args=[code])) for code in areas]
    points = sum(len(board.corners(area)) for area in message.areas)
    drawn = (area for area in message.areas if area.get("polygon"))  # places have their own names
    named = "; ".join(filter(None, ((area.get("names") or {}).get(language, "") for area in drawn)))
    return Where(tuple(found), points, named)


def map_of(request: Request, message: AlertMessage) -> dict[str, Any]:
    """What the map component wants, with the area of a message as GeoJSON; positions as the reader may know them."""
    layers = Home.objects.filter(pk=request.home.pk).values_list("layers", flat=True).first() or {}
    features = outline(message, registry.located(request.actor))
    return {
        "src": reverse("site:map-crossings"),
        "layers": [reverse("site:map-layer", args=[name]) for name in sorted(layers)],
        "extent": extent(features) or request.home.extent,
        "areas": {"type": "FeatureCollection", "features": features},
    }


def outline(message: AlertMessage, located: frozenset[int]) -> list[dict[str, Any]]:
    """The outlines as polygons, communes and crossings as points. Two queries."""
    rings = [board.corners(area) for area in message.areas if area.get("polygon")]
    found = [_feature("Polygon", [[[lon, lat] for lat, lon in [*ring, ring[0]]]]) for ring in rings]
    wanted = board.codes(message.areas)
    points = [
        (row.lon, row.lat) for row in CrossingPoint.objects.filter(code__in=wanted, pk__in=located).order_by("code")
    ]
    points += [(row.lon, row.lat) for row in Area.objects.filter(code__in=wanted).exclude(lat=None).order_by("code")]
    return found + [_feature("Point", [lon, lat]) for lon, lat in points]


def _feature(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}


def extent(features: Iterable[Mapping[str, Any]]) -> list[float]:
    """West, south, east, north around features with a margin; empty for none."""
    points: list[list[float]] = []
    for one in features:
        coordinates = one["geometry"]["coordinates"]
        points += coordinates[0] if one["geometry"]["type"] == "Polygon" else [coordinates]
    if not points:
        return []
    lons, lats = zip(*points, strict=True)
    return [min(lons) - AROUND, min(lats) - AROUND, max(lons) + AROUND, max(lats) + AROUND]


def places_named(actor: Actor) -> list[tuple[str, str]]:
    """The areas and crossings that alerts name, as choices of a filter, by name."""
    told = visible(AlertMessage.objects.all(), actor)
    names = board.names_of(told.only("areas"))
    return sorted(names.items(), key=lambda pair: pair[1].casefold())


# --- Where it came from, who approved, whom it reached -----------------------------------------


@dataclass(frozen=True, slots=True)
class From:
    """One origin: its code, what it says, its page and its chain of evidence (empty where there is none)."""

    kind: str
    code: str
    text: str
    url: str
    trace: str


def origins_of(alert: Alert) -> QuerySet[Any]:
    return alert.origins.order_by("kind", "code")


def origins(rows: Iterable[Any], actor: Actor) -> list[From]:
    """Origins with links where the actor may see what they point at. A query a kind."""
    listed = list(rows)
    seen: dict[tuple[str, str], Model] = {}
    for kind, (model, _page) in NAMED.items():
        wanted = [one.code for one in listed if one.kind == kind]
        if wanted:
            found = visible(model._default_manager.filter(code__in=wanted), actor)
            found = signals.related(found) if kind == "signal" else found  # type: ignore[arg-type]
            seen.update({(kind, row.code): row for row in found})  # type: ignore[attr-defined]
    return [_from(one.kind, one.code, seen.get((one.kind, one.code))) for one in listed]


OFFERED = 12


def verified(actor: Actor, but: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The latest verified signals, to draft an alert from several: code and sentence."""
    rows = visible(Signal.objects.filter(state=Signal.State.VERIFIED).exclude(code__in=but), actor)
    return [(row.code, signals.sentence(row)) for row in signals.related(rows).order_by("-period_end", "-pk")[:OFFERED]]


def _from(kind: str, code: str, row: Model | None) -> From:
    if isinstance(row, Signal):
        return From(kind, code, signals.sentence(row), address("watch:signal", code), address("site:trace", code))
    if isinstance(row, Incident):
        return From(kind, code, f"{row.type}, {row.place}", address("watch:incident", code), "")
    if isinstance(row, Event):
        return From(kind, code, Truncator(row.what).chars(LONGEST), address("respond:event", code), "")
    return From(kind, code, "", "", "")


def address(name: str, *arguments: Any) -> str:
    """The address of a view, or nothing where it does not exist (yet)."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who said yes or no to a message, who was asked by code, and how many must say yes."""

    answers: tuple[Approval, ...]
    asked: tuple[ApprovalRequest, ...]
    yes: int
    needed: int


def approvals(message: AlertMessage, needed: int = 1) -> Approvals:
    answers = tuple(message.approvals.order_by("pk"))
    asked = tuple(message.requests.select_related("contact__institution").order_by("asked_at", "turn"))
    return Approvals(answers, asked, sum(one.decision == "yes" for one in answers), needed)


@dataclass(frozen=True, slots=True)
class Reached:
    """The addresses of one institution: how many went out, arrived, were acknowledged, failed or were held back."""

    institution: Any
    total: int
    sent: int
    delivered: int
    acknowledged: int
    failed: int
    withheld: int


def deliveries(alert: Alert, messages: Sequence[AlertMessage]) -> list[Reached]:
    """By institution, the largest first. Two queries."""
    refs = [alert.code, *(one.identifier for one in messages)]
    rows = (
        Delivery.objects.filter(message__ref__in=refs, message__kind="alert")
        .values_list("contact__institution")
        .annotate(
            total=Count("pk"),
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
            acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
            failed=Count("pk", filter=Q(state="failed")),
            withheld=Count("pk", filter=Q(state="withheld")),
        )
        .order_by("-total", "contact__institution")
    )
    names = {row.pk: row for row in Institution.objects.all()}
    return [Reached(names.get(institution, "–"), *numbers) for institution, *numbers in rows]


def activations(alert: Alert, actor: Actor) -> list[Activation]:
    rows = visible(Activation.objects.filter(alert=alert).select_related("plan"), actor)
    return list(rows.order_by("pk"))


# --- What may be done --------------------------------------------------------------------------


def possible(alert: Alert, actor: Actor) -> list[str]:
    """The steps that the alert's state allows and the actor may take."""
    waiting = pending(messages_of(alert, actor))
    found = []
    if waiting is None and can(actor, "follow", alert):
        found += ["update", "all-clear", "cancel"]
    if waiting is not None and can(actor, "discard", waiting):
        found.append("discard")
    return found


def asked_until(alert: Alert, actor: Actor) -> datetime | None:
    """Until when the actor, who was told of the alert, is to say that it was read; None: nothing is asked."""
    row = outbox.unread(actor, alert.code).first() if alert.state == Alert.State.PUBLISHED else None
    return row.message.acknowledge_due_at if row else None


def public_url(alert: Alert, message: AlertMessage) -> str:
    """The page for everybody; empty unless a real public alert has gone out."""
    return address("respond:alert-public", alert.code) if _is_for_everybody(alert, message) else ""


def activate_url(alert: Alert, actor: Actor) -> str:
    """Where a plan is activated for an alert in force: its own plan, else the library; empty for who may not."""
    if alert.state != Alert.State.PUBLISHED or not may(actor, "activate", Plan):
        return ""
    if alert.plan and Plan.objects.filter(code=alert.plan, retired_at=None).exists():
        return f"{address('respond:plan-activate', alert.plan)}?alert={alert.code}"
    return address("respond:plan-list")


def cap_url(message: AlertMessage) -> str:
    """Where everybody fetches the signed CAP message; empty for any that is not for everybody."""
    is_open = _is_for_everybody(message.alert, message)
    return address("respond:public-message", message.identifier) if is_open else ""


def _is_for_everybody(alert: Alert, message: AlertMessage) -> bool:
    return message.state == State.PUBLISHED and message.scope == "Public" and alert.mode == "actual"


def public(code: str) -> list[AlertMessage]:
    """What went out to everybody of a real alert, in its order; empty for any other."""
    rows = AlertMessage.objects.filter(alert__code=code, alert__mode="actual", state=State.PUBLISHED, scope="Public")
    return list(rows.select_related("alert").defer("xml").order_by("number"))


# --- Templates of the pack ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hazard:
    """A template to choose: one sentence of it, and whether it is made for what the alert comes from."""

    code: str
    name: str
    sentence: str
    offered: bool


def hazards(actor: Actor, language: str, origins: Iterable[Any] = ()) -> list[Hazard]:
    """The templates to choose from, those that fit the origins first. Three queries."""
    wanted = list(origins)
    measures = set(_codes(Signal, "signal", wanted, actor, "measure__code"))
    types = set(_codes(Incident, "incident", wanted, actor, "type__code"))
    found = []
    for row in queries.templates(actor):
        said = row.said
        fits = bool(measures & set(said.measures) or types & set(said.incidents))
        found.append(Hazard(row.code, str(row), _sentence(said, language), fits))
    return sorted(found, key=lambda one: not one.offered)


def _codes(model: type[Model], kind: str, origins: Sequence[Any], actor: Actor, field: str) -> list[str]:
    codes = [one.code for one in origins if one.kind == kind]
    rows = visible(model._default_manager.filter(code__in=codes), actor) if codes else model._default_manager.none()
    return [code for code in rows.values_list(field, flat=True) if code]


def _sentence(said: Template, language: str) -> str:
    """The headline of the first audience, what is filled in later as an ellipsis."""
    texts = next(iter(said.texts.values()), {})
    spoken = texts.get(language) or next(iter(texts.values()), {})
    return fill(spoken.get("headline", ""), dict.fromkeys(PLACES, "…"))


def hazard_names() -> dict[str, str]:
    """What hazards are called, also those that the pack no longer holds. One query."""
    return {row.code: str(row) for row in HazardTemplate.objects.order_by("code")}


def names(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Choices from rows with a code, by name."""
    return sorted(((one.code, localised(one.names) if hasattr(one, "names") else str(one)) for one in rows),
                  key=lambda pair: pair[1].casefold())  # fmt: skip
