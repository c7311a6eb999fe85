"""Incidents and sea events: lists, one with its revisions, and the words of their quantities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor, may, visible
from pasaj.registry.models import Area, CrossingPoint
from pasaj.watch.models import Incident, IncidentQuantity, IncidentType

# What packs count of an incident, and in which units; a pack's own word stands as it is.
WHAT: dict[str, Any] = {
    "persons": _("Persons"),
    "women": _("Women"),
    "men": _("Men"),
    "girls": _("Girls"),
    "boys": _("Boys"),
    "injured": _("Injured"),
    "deaths": _("Deaths"),
    "missing": _("Missing"),
    "referred": _("Referred"),
    "vehicles": _("Vehicles"),
    "vessels": _("Vessels"),
    "parcels": _("Parcels"),
    "plants": _("Plants"),
    "weight": _("Weight"),
    "volume": _("Volume"),
    "amount": _("Amount of money"),
    "wait": _("Waiting time"),
    "cannabis": _("Cannabis"),
    "cocaine": _("Cocaine"),
    "heroin": _("Heroin"),
    "synthetic": _("Synthetic drugs"),
    "weapons": _("Weapons"),
    "handguns": _("Handguns"),
    "long_guns": _("Long guns"),
    "homemade": _("Homemade weapons"),
    "ammunition": _("Ammunition"),
}
UNITS: dict[str, Any] = {
    "persons": _("persons"),
    "vehicles": _("vehicles"),
    "vessels": _("vessels"),
    "parcels": _("parcels"),
    "plants": _("plants"),
    "pieces": _("pieces"),
    "rounds": _("rounds"),
    "litres": _("litres"),
    "hours": _("hours"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is asked for; empty fields ask for everything. `place`: a crossing's or an area's code."""

    type: str = ""
    domain: str = ""  # sea: sea events only
    place: str = ""
    first: date | None = None
    last: date | None = None

    def rows(self) -> Q:
        wanted = Q()
        if self.type:
            wanted &= Q(type__code=self.type)
        if self.domain == "sea":
            wanted &= Q(type__domain="sea")
        if self.place:
            wanted &= Q(crossing__code=self.place) | Q(area__code=self.place)
        if self.first:
            wanted &= Q(period_end__gte=self.first)
        if self.last:
            wanted &= Q(period_start__lte=self.last)
        return wanted


@dataclass(frozen=True, slots=True)
class Shown:
    """One quantity in the reader's language."""

    what: Any
    value: Decimal
    unit: Any


def find(actor: Actor, wanted: Filter) -> QuerySet[Incident]:
    """The incidents that stand and that the actor may see, the latest first."""
    rows = visible(Incident.objects.current(), actor).filter(wanted.rows())
    return related(rows).order_by("-period_end", "-code")


def related(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """With everything a line about an incident names: two queries however many lines."""
    parts = Prefetch("quantities", IncidentQuantity.objects.order_by("pk"))
    return rows.select_related("type", "crossing", "area", "detecting").prefetch_related(parts)


def latest(actor: Actor, code: str) -> Incident | None:
    """The last revision of an incident, also one that takes it back, when the actor may see it."""
    last = Incident.objects.filter(code=code).order_by("-revision").values_list("pk", flat=True).first()
    return related(visible(Incident.objects.filter(pk=last), actor)).first() if last else None


def revisions(actor: Actor, code: str) -> list[Incident]:
    """Every revision of an incident that the actor may see, the last first."""
    return list(related(visible(Incident.objects.filter(code=code), actor)).order_by("-revision"))


def shown(row: Incident) -> list[Shown]:
    """The quantities of an incident, in words."""
    return [Shown(what(one.what), one.value, said_unit(one.what, one.unit)) for one in row.quantities.all()]


def what(code: str) -> Any:
    return WHAT.get(code) or code.replace("_", " ").capitalize()


def unit(code: str) -> Any:
    return UNITS.get(code, code)


def said_unit(what_code: str, code: str) -> Any:
    """The unit to be said beside a quantity: vehicles are not said to be counted in vehicles."""
    return "" if what_code == code else unit(code)


def types(actor: Actor) -> QuerySet[IncidentType]:
    """The types that may be recorded, in the order of the pack."""
    return visible(IncidentType.objects.filter(retired_at=None), actor).order_by("order", "code")


def used_types(actor: Actor) -> QuerySet[IncidentType]:
    """The types for the filter of the list: those of the pack, to whoever may see them."""
    return visible(IncidentType.objects.all(), actor).order_by("order", "code")


def places(actor: Actor, kind: IncidentType) -> list[CrossingPoint | Area]:
    """Where the actor may record an incident of this type: crossings of his reports; for the duty officer areas too."""
    found: list[CrossingPoint | Area] = []
    if kind.domain != IncidentType.Domain.SEA:
        crossings = CrossingPoint.objects.filter(retired_at=None).order_by("name")
        found += visible(crossings, actor, "report")
    if may(actor, "correct", Incident):
        levels = {"sea": ["zone"], "land": ["2"], "any": ["2", "zone"]}[kind.domain]
        areas = list(visible(Area.objects.filter(retired_at=None, level__in=levels), actor))
        areas.sort(key=lambda one: (one.level == "zone", str(one)))
        found += areas
    return found
