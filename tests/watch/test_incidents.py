"""Incidents and sea events: what is kept, what is refused, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM, visible
from pasaj.core.periods import Period, containing
from pasaj.core.problems import Refused
from pasaj.watch.models import Incident, IncidentQuantity
from pasaj.watch.services import incidents
from pasaj.watch.services.incidents import Quantity

YESTERDAY = make.TODAY - timedelta(days=1)
DAY = containing("day", YESTERDAY)
TEN_KILOS = (Quantity("weight", Decimal("10.5"), "kg"), Quantity("parcels", Decimal(3), "parcels"))

Record = Callable[..., Incident]


@pytest.fixture
def record(country: make.Country) -> Record:
    make.incident_types()
    make.zone()

    def one(type_code: str = "drugs", place_code: str = "TL-BCP-NOR", **more: Any) -> Incident:
        given: dict[str, Any] = {"period": DAY, "quantities": TEN_KILOS, "actor": SYSTEM, "now": make.NOW} | more
        return incidents.record(type_code=type_code, place_code=place_code, **given)

    return one


def refused(record: Record, *arguments: Any, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as error:
        record(*arguments, **more)
    return [(one.code, one.column) for one in error.value.problems]


def said(row: Incident) -> list[tuple[str, Decimal, str]]:
    return list(row.quantities.order_by("pk").values_list("what", "value", "unit"))


@pytest.mark.req("R1.15")
@pytest.mark.req("R6.5")
def test_an_incident_has_place_period_quantities_and_service(record: Record, country: make.Country) -> None:
    row = record(detecting="IMM", hours_to_referral=Decimal("1.5"), corridor=" br > co - pa ", source="Log 7")
    assert (row.code, row.revision, row.place, row.type.code) == (
        "IN-2025-0001", 1, country.crossings["TL-BCP-NOR"], "drugs",
    )  # fmt: skip
    assert (row.period_start, row.period_end, row.corridor, row.hours_to_referral) == (
        YESTERDAY, YESTERDAY, "BR>CO>PA", Decimal("1.50"),
    )  # fmt: skip
    assert row.detecting == country.institutions["IMM"]
    assert said(row) == [("weight", Decimal("10.5"), "kg"), ("parcels", Decimal(3), "parcels")]
    assert list(AuditEntry.objects.values_list("action", "code")) == [("incident.recorded", "IN-2025-0001")]
    assert record().code == "IN-2025-0002"


@pytest.mark.req("R6.1")
def test_the_same_ref_changes_nothing_and_other_content_is_a_revision(record: Record) -> None:
    first = record(ref="SB-1/incidents[1]")
    assert record(ref="SB-1/incidents[1]").pk == first.pk
    assert AuditEntry.objects.count() == 1
    second = record(ref="SB-1/incidents[1]", quantities=TEN_KILOS[:1])
    assert (second.code, second.revision, said(second)) == (first.code, 2, [("weight", Decimal("10.5"), "kg")])
    other = record(ref="SB-1/incidents[2]")
    assert other.code == "IN-2025-0002"
    assert [row.pk for row in Incident.objects.current().order_by("pk")] == [second.pk, other.pk]
    assert said(first) == [("weight", Decimal("10.5"), "kg"), ("parcels", Decimal(3), "parcels")]


@pytest.mark.req("R6.1")
def test_what_was_known_at_a_moment(record: Record) -> None:
    record(ref="a")
    later = make.NOW + timedelta(hours=2)
    record(ref="a", quantities=(), now=later)
    known = [
        [row.revision for row in Incident.objects.known_at(moment)]
        for moment in (make.NOW - timedelta(hours=1), make.NOW, later)
    ]
    assert known == [[], [1], [2]]


def test_correcting_and_taking_back(record: Record) -> None:
    row = record(ref="a")
    change: dict[str, Any] = {
        "type_code": "drugs", "place_code": "TL-BCP-NOR", "period": DAY, "quantities": (), "actor": SYSTEM,
        "now": make.NOW,
    }  # fmt: skip
    corrected = incidents.correct(code=row.code, seen=1, **change)
    assert (corrected.revision, corrected.ref, said(corrected)) == (2, "a", [])
    assert incidents.correct(code=row.code, seen=2, **change).pk == corrected.pk
    with pytest.raises(Refused, match="INCIDENT-014"):
        incidents.correct(code=row.code, seen=1, **change)
    with pytest.raises(Refused, match="INCIDENT-013"):
        incidents.withdraw(code="IN-2025-0099", seen=1, actor=SYSTEM, now=make.NOW)
    gone = incidents.withdraw(code=row.code, seen=2, note="It was a drill.", actor=SYSTEM, now=make.NOW)
    assert (gone.revision, gone.withdrawn, gone.note, gone.type, gone.ref) == (
        3, True, "It was a drill.", row.type, "a",
    )  # fmt: skip
    assert not Incident.objects.current().exists()
    # The same report coming once more does not bring it back.
    assert record(ref="a", quantities=(), note="It was a drill.").pk == gone.pk
    assert incidents.withdraw(code=row.code, seen=3, actor=SYSTEM, now=make.NOW).pk == gone.pk


@pytest.mark.req("R3.3")
def test_at_an_unofficial_crossing_the_commune_is_kept(record: Record, country: make.Country) -> None:
    row = record(place_code="TL-UBP-01")
    assert (row.crossing, row.area) == (None, country.areas["TL0101"])
    detail = AuditEntry.objects.get().detail.values
    assert detail["place"] == "TL0101"


@pytest.mark.req("R1.16")
def test_sea_events_lie_in_a_zone(record: Record) -> None:
    people = (Quantity("persons", Decimal(31), "persons"),)
    assert record("rescue", "TL-SEA", quantities=people).place.code == "TL-SEA"
    assert refused(record, "rescue", "TL-BCP-NOR", quantities=people) == [("INCIDENT-003", "place_code")]
    assert refused(record, "rescue", "TL0101", quantities=people) == [("INCIDENT-003", "place_code")]
    assert refused(record, "accident", "TL-SEA", quantities=people) == [("INCIDENT-004", "place_code")]
    assert record("drugs", "TL-SEA").area is not None


def test_units_are_those_of_the_type(record: Record) -> None:
    def one(what: str, value: str, unit: str) -> list[tuple[str, str]]:
        return refused(record, quantities=(Quantity(what, Decimal(value), unit),))

    assert one("weight", "1", "litres") == [("INCIDENT-006", "quantities.weight")]
    assert one("persons", "1", "persons") == [("INCIDENT-005", "quantities.persons")]
    assert one("weight", "-1", "kg") == [("OBS-003", "quantities.weight")]
    assert one("parcels", "1.5", "parcels") == [("OBS-004", "quantities.parcels")]
    assert one("weight", "NaN", "kg") == [("OBS-016", "quantities.weight")]
    assert one("weight", "1.23456", "kg") == [("OBS-021", "quantities.weight")]
    twice = (Quantity("weight", Decimal(1), "kg"), Quantity("weight", Decimal(5), "g"))
    assert refused(record, quantities=twice) == [("INCIDENT-007", "quantities.weight")]


def test_everything_that_is_wrong_is_told_at_once(record: Record) -> None:
    tomorrow = make.TODAY + timedelta(days=1)
    assert refused(record, "flood") == [("INCIDENT-001", "type_code")]
    assert refused(
        record,
        place_code="NOWHERE",
        period=Period(tomorrow, tomorrow, "day"),
        detecting="NOBODY",
        hours_to_referral=Decimal(-1),
        corridor="Port-au-Prince",
    ) == [
        ("INCIDENT-002", "place_code"),
        ("INCIDENT-008", "period"),
        ("INCIDENT-009", "detecting"),
        ("INCIDENT-012", "hours_to_referral"),
        ("INCIDENT-010", "corridor"),
    ]
    assert refused(record, "accident", quantities=(), corridor="DO") == [("INCIDENT-011", "corridor")]
    assert refused(record, period=Period(make.TODAY, tomorrow, "span")) == [("INCIDENT-015", "period_end")]
    assert refused(record, period=Period(date(25, 9, 1), date(25, 9, 1), "day")) == [("INCIDENT-016", "period")]
    assert not Incident.objects.exists()


@pytest.mark.req("R6.1")
@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_what_was_recorded(country: make.Country) -> None:
    make.incident_types()
    row = incidents.record(
        type_code="drugs", place_code="TL-BCP-NOR", period=DAY, quantities=TEN_KILOS, actor=SYSTEM, now=make.NOW
    )
    for change in (
        lambda: Incident.objects.filter(pk=row.pk).update(note="other"),
        lambda: Incident.objects.filter(pk=row.pk).delete(),
        lambda: IncidentQuantity.objects.update(value=99),
        lambda: IncidentQuantity.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    for fields in (
        {"crossing": None},
        {"area": country.areas["TL0101"]},
        {"period_end": date(2025, 1, 1)},
        {"hours_to_referral": Decimal(-1)},
    ):
        given = {
            "code": "IN-2025-0009", "type": row.type, "crossing": row.crossing, "period_start": YESTERDAY,
            "period_end": YESTERDAY, "origin": "entry", "reported_at": make.NOW, "recorded_at": make.NOW,
        } | fields  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentQuantity.objects.create(incident=row, what="x", value=1, unit="")
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentQuantity.objects.create(incident=row, what="weight", value=1, unit="kg")


@pytest.mark.req("R7.1")
def test_who_sees_which_incidents(record: Record, cast: make.Cast) -> None:
    record(place_code="TL-BCP-NOR", source="north")
    record(place_code="TL-BCP-SOU", source="south")
    record(place_code="TL-BCP-SOU", source="detected", detecting="AID")
    record(place_code="TL-UBP-01", source="own", actor=cast.actor("chief"))
    record("rescue", "TL-SEA", quantities=(), source="sea")
    found = {
        who: set(visible(Incident.objects.current(), cast.actor(who)).values_list("source", flat=True))
        for who in make.CAST
    }
    every = {"north", "south", "detected", "own", "sea"}
    assert found == {
        **dict.fromkeys(("duty", "approver", "analyst", "admin", "dpo"), every),
        "chief": {"north", "own"},
        "partner": {"detected"},
        "stranger": set(),
    }
