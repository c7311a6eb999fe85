"""Who does what where: the rows a person may see, and the matrix of partners and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.registry.models import Institution
from pasaj.respond.models import Presence


def find(actor: Actor, *, institution: str = "", function: str = "", place: str = "") -> QuerySet[Presence]:
    """Entries that nobody took back, by institution, function and place."""
    wanted = Q(withdrawn_at=None)
    if institution:
        wanted &= Q(institution__code=institution)
    if function:
        wanted &= Q(function__code=function)
    if place:
        wanted &= Q(crossing__code=place) | Q(area__code=place)
    rows = visible(Presence.objects.filter(wanted), actor)
    return rows.select_related("institution", "function", "crossing", "area").order_by(
        "institution__code", "function__code", "presence_start", "pk"
    )


def standing(rows: QuerySet[Presence], day: date) -> QuerySet[Presence]:
    """Of these, the ones that hold on a day."""
    return rows.filter(Q(presence_end=None) | Q(presence_end__gte=day), presence_start__lte=day)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Places as columns (code, name), an institution a row with its entries in each."""

    columns: tuple[tuple[str, str], ...]
    lines: tuple[tuple[Institution, tuple[tuple[Presence, ...], ...]], ...]


def matrix(rows: Iterable[Presence]) -> Matrix:
    """The entries as partners x places. Asks no database when the rows were read with `find`."""
    found = list(rows)
    places = sorted({(one.place.code, str(one.place)) for one in found}, key=lambda pair: (pair[1], pair[0]))
    services = sorted({one.institution for one in found}, key=lambda one: one.code)
    lines = tuple(
        (
            service,
            tuple(
                tuple(one for one in found if one.institution == service and one.place.code == code)
                for code, _name in places
            ),
        )
        for service in services
    )
    return Matrix(tuple(places), lines)
