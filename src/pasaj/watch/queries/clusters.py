"""What a group of places that rise together says in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, visible
from pasaj.registry.models import Area, CrossingPoint
from pasaj.watch.models import Cluster
from pasaj.watch.queries.signals import number, period

CROSSING = "crossing"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a group: its name, the code of its series, and its figures."""

    name: str
    series: str
    observed: float
    expected: float


@dataclass(frozen=True, slots=True)
class Line:
    """A group as a sentence with the figures of its places."""

    code: str
    sentence: str
    p_value: float
    places: tuple[Place, ...]


def find(actor: Actor, *, measure: str = "", code: str = "") -> QuerySet[Cluster]:
    """The groups that the actor may see, latest first."""
    wanted = {"measure__code": measure, "code": code}
    rows = visible(Cluster.objects.filter(**{name: value for name, value in wanted.items() if value}), actor)
    return rows.select_related("measure", "run").order_by("-end_date", "-pk")


def one(actor: Actor, code: str) -> Line | None:
    """The group of this code in words, if there is one that the actor may see. Two queries."""
    row = find(actor, code=code).first() if code else None
    return line(row) if row else None


def line(row: Cluster) -> Line:
    """One query, for the names of the places."""
    codes = [str(each["place"]) for each in row.places]
    if row.level == CROSSING:
        names = dict(CrossingPoint.objects.filter(code__in=codes).values_list("code", "name"))
    else:
        names = {area.code: str(area) for area in Area.objects.filter(code__in=codes)}
    places = tuple(
        Place(names.get(each["place"], each["place"]), each["series"], each["observed"], each["expected"])
        for each in row.places
    )
    return Line(row.code, _sentence(row), row.p_value, places)


def _sentence(row: Cluster) -> str:
    values = {
        "number": number_format(len(row.places)),
        "period": period(row.start_date, row.end_date, row.cadence if row.cadence != "week" else "day"),
        "observed": number(round(row.observed)),
        "expected": number(round(row.expected)),
    }
    if row.level == CROSSING:
        return (
            _(
                "Part of a rise at %(number)s neighbouring crossings, %(period)s: %(observed)s counted,"
                " %(expected)s expected."
            )
            % values
        )
    return (
        _("Part of a rise in %(number)s neighbouring areas, %(period)s: %(observed)s counted, %(expected)s expected.")
        % values
    )
