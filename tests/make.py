"""Plain builders: a small country, and a cast of people with and without rights in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pasaj.access.models import Account
from pasaj.access.rules import Actor
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint, Home, Institution, Membership, Post
from pasaj.watch.models import IncidentType, Measure, Observation, Series, Source

# A Wednesday morning, in a country five hours behind UTC.
NOW = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)
TODAY = date(2025, 10, 1)
CAST = ("chief", "duty", "approver", "analyst", "partner", "stranger", "admin", "dpo")


def names(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" if language != "en" else text for language in ("fr", "ht", "en", "es")}


@dataclass
class Country:
    home: Home
    areas: dict[str, Area]
    institutions: dict[str, Institution]
    crossings: dict[str, CrossingPoint]
    measures: dict[str, Measure]
    sources: dict[str, Source]

    def series(
        self,
        place: str = "TL-BCP-NOR",
        measure: str = "returns",
        source: str = "REG",
        category: str = "total",
        cadence: str = "day",
    ) -> Series:
        found = self.measures[measure]
        where: dict[str, Any] = (
            {"crossing": self.crossings[place]} if place in self.crossings else {"area": self.areas[place]}
        )
        return Series.objects.get_or_create(
            code=f"{place}.{measure}.{found.direction}.{category}.{source}.{cadence}",
            defaults={
                **where,
                "measure": found,
                "direction": found.direction,
                "category": category,
                "source": self.sources[source],
                "cadence": cadence,
            },
        )[0]

    def observe(self, series: Series, day: date, value: int | str, **fields: Any) -> Observation:
        fields.setdefault("reported_at", datetime(day.year, day.month, day.day, 23, tzinfo=UTC))
        fields.setdefault("period_end", day)
        fields.setdefault("origin", "entry")
        return Observation.objects.create(
            series=series, period_start=day, value=Decimal(value), recorded_at=NOW, **fields
        )

    def year(self, series: Series, values: list[int | None], last: date = TODAY - timedelta(days=1)) -> None:
        """Daily values that end on `last`; None is a day without a report."""
        first = last - timedelta(days=len(values) - 1)
        for at, value in enumerate(values):
            if value is not None:
                self.observe(series, first + timedelta(days=at), value)


@dataclass
class Cast:
    accounts: dict[str, Account] = field(default_factory=dict)

    def account(self, who: str) -> Account:
        return self.accounts[who]

    def actor(self, who: str, via: str = "web") -> Actor:
        return registry.actor_for(self.accounts[who], via=via)


def country() -> Country:
    areas = _areas()
    institutions = {
        code: Institution.objects.create(code=code, names=names(name), kind=kind, source="test")
        for code, name, kind in (
            ("CELL", "Coordination cell", "coordination"),
            ("IMM", "Immigration service", "border agency"),
            ("AID", "Aid network", "civil society"),
        )
    }
    crossings = _crossings(areas["TL0101"])
    for code in ("TL-BCP-NOR", "TL-BCP-SOU"):
        Post.objects.create(
            key=f"{code}/REG",
            crossing=crossings[code],
            institution=institutions["IMM"],
            source_code="REG",
            measures=["returns", "entries"],
            usual_hour=18,
            source="test",
        )
    return Country(_home(), areas, institutions, crossings, _measures(), _sources(institutions))


def _home() -> Home:
    return Home.objects.create(
        pk=1,
        code="testland",
        version="1",
        schema=1,
        names=names("Testland"),
        languages=["fr", "ht", "en", "es"],
        default_language="en",
        timezone="America/Port-au-Prince",
        extent=[-75, 17, -71, 21],
        cell="CELL",
        detect={"methods": ["ears_c2"]},  # one method for all: what the tests of runs expect; `auto` has its own
        words=[
            {"word": word, "meaning": meaning, "measure": measure, "category": category, "language": language}
            for word, meaning, measure, category, language in (
                ("rapport", "report", "", "", "fr"),
                ("report", "report", "", "", "en"),
                ("zewo", "zero", "", "", "ht"),
                ("zero", "zero", "", "", "en"),
                ("yesterday", "yesterday", "", "", "en"),
                ("returns", "figure", "returns", "total", "en"),
                ("deported", "figure", "returns", "deported", "en"),
                ("spontaneous", "figure", "returns", "spontaneous", "en"),
                ("entries", "figure", "entries", "total", "en"),
                ("entrées", "figure", "entries", "total", "fr"),
                ("goats", "figure", "goats", "total", "en"),
            )
        ],
        fingerprint="0" * 64,
        loaded_at=NOW,
        clock_at=NOW,
    )


def _areas() -> dict[str, Area]:
    nation = Area.objects.create(code="TL", level="0", names=names("Testland"), source="test")
    north = Area.objects.create(
        code="TL-N", level="1", names=names("North"), parent=nation, borders=True, source="test"
    )
    town = Area.objects.create(code="TL0101", level="2", names=names("Hill town"), parent=north, source="test")
    return {"TL": nation, "TL-N": north, "TL0101": town}


def _crossings(town: Area) -> dict[str, CrossingPoint]:
    return {
        code: CrossingPoint.objects.create(
            code=code,
            name=name,
            kind="land",
            official=official,
            area=town,
            counterpart_country="XX",
            lat=lat,
            lon=lon,
            status="open",
            aliases=aliases,
            source="test",
        )
        for code, name, official, lat, lon, aliases in (
            ("TL-BCP-NOR", "Northgate", "yes", 19.5, -71.7, ["Nòpòt"]),
            ("TL-BCP-SOU", "Southgate", "yes", 18.2, -71.7, []),
            ("TL-UBP-01", "Hill town, unofficial crossing 1", "no", None, None, []),
        )
    }


def _measures() -> dict[str, Measure]:
    return {
        code: Measure.objects.create(
            code=code,
            names=names(name),
            definitions=names(f"{name} in a day"),
            kind="count",
            unit="persons",
            direction=direction,
            categories=[{"code": one, "names": names(one)} for one in categories],
            cadence="day",
            protection=protection,
            alert_on=alert_on,
            order=order,
            source="test",
        )
        for order, (code, name, direction, categories, protection, alert_on) in enumerate(
            (
                ("returns", "Returns", "in", ["deported", "spontaneous"], False, "both"),
                ("entries", "Entries", "in", [], False, "both"),
                ("children", "Unaccompanied children", "in", [], True, "up"),
                ("places", "Reception places", "none", [], False, "none"),
                ("staff", "Staff present", "none", [], False, "down"),
            )
        )
    }


def _sources(institutions: dict[str, Institution]) -> dict[str, Source]:
    return {
        code: Source.objects.create(
            code=code, name=name, institution=institutions[owner], definition=f"{name}: what it counts", kind=kind
        )
        for code, name, owner, kind in (
            ("REG", "Daily register", "IMM", "operational"),
            ("NET", "Network monitors", "AID", "operational"),
            ("PUB", "Monthly note", "IMM", "published"),
        )
    }


def incident_types() -> dict[str, IncidentType]:
    """Three sorts of incident: on land, at sea, and one that knows a way and several units."""
    return {
        code: IncidentType.objects.create(
            code=code,
            names=names(name),
            definitions=names(f"{name}: what belongs to it"),
            domain=domain,
            quantities=[{"what": what, "units": units} for what, units in quantities],
            corridor=corridor,
            protection=protection,
            order=order,
            source="test",
        )
        for order, (code, name, domain, quantities, corridor, protection) in enumerate(
            (
                ("accident", "Accident", "land", [("persons", ["persons"])], False, False),
                ("drugs", "Drugs", "any", [("weight", ["kg", "g"]), ("parcels", ["parcels"])], True, False),
                ("rescue", "Rescue", "sea", [("persons", ["persons"]), ("vessels", ["vessels"])], False, True),
            )
        )
    }


def zone(code: str = "TL-SEA") -> Area:
    """A stretch of coast of the small country."""
    nation = Area.objects.get(code="TL")
    return Area.objects.create(code=code, level="zone", names=names("North coast"), parent=nation, source="test")


def account(email: str, **fields: Any) -> Account:
    return Account.objects.create_user(email, password="a long enough one", name=email.split("@")[0], **fields)


def member(who: Account, institution: Institution, role: str, crossing: CrossingPoint | None = None) -> Membership:
    return Membership.objects.create(account=who, institution=institution, role=role, crossing=crossing, created_at=NOW)


def cast(here: Country) -> Cast:
    people = {who: account(f"{who}@example.org") for who in CAST}
    member(people["chief"], here.institutions["IMM"], "chief", here.crossings["TL-BCP-NOR"])
    for role in ("duty", "approver", "analyst", "admin", "dpo"):
        member(people[role], here.institutions["CELL"], role)
    member(people["partner"], here.institutions["AID"], "partner")
    return Cast(people)
