"""The facts of a situation report: as known at a moment, by place and source, never mixed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import make
import pytest
from respond import reporting
from respond.reporting import LAST

from pasaj.registry.models import Function, Home
from pasaj.respond.models import Sitrep
from pasaj.respond.models.duty import Event, EventStep, Presence
from pasaj.respond.queries import sitreps as queries

pytestmark = pytest.mark.django_db


def facts(as_of: Any = make.NOW, previous: Sitrep | None = None, mode: str = "actual") -> dict[str, Any]:
    home = Home.objects.get(pk=1)
    days = queries.span(home, as_of, previous)
    return queries.gather(home=home, as_of=as_of, days=days, previous=previous, mode=mode)


def figure(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in found["figures"] if one["key"] == key)


@pytest.mark.req("R11.71")
def test_a_count_against_before_and_usual(country: make.Country) -> None:
    reporting.happened(country)
    one = figure(facts(), "TL-BCP-NOR returns in REG")
    known = {name: one[name] for name in ("total", "days", "expected", "before", "low", "high", "against", "quality")}
    assert known == {
        "total": 420, "days": 7, "expected": 7, "before": 140, "low": 140, "high": 140, "against": "above",
        "quality": ["exact"],
    }  # fmt: skip
    assert figure(facts(), "TL-BCP-SOU returns in REG")["days"] == 5


@pytest.mark.req("R11.71")
def test_figures_are_those_known_then(country: make.Country) -> None:
    reporting.happened(country)
    reporting.corrected(country, LAST, 6, make.NOW + timedelta(hours=1))
    assert figure(facts(make.NOW), "TL-BCP-NOR returns in REG")["total"] == 420
    assert figure(facts(make.NOW + timedelta(hours=2)), "TL-BCP-NOR returns in REG")["total"] == 366
    early = facts(make.NOW - timedelta(days=1))
    assert (early["end"], figure(early, "TL-BCP-NOR returns in REG")["total"]) == ("2025-09-29", 6 * 60 + 20)


@pytest.mark.req("R11.71")
def test_a_correction_of_the_last_period_is_told(country: make.Country) -> None:
    reporting.happened(country)
    reporting.corrected(country, LAST, 6, make.NOW + timedelta(hours=1))
    before = Sitrep(
        code="SR-2025-0001", as_of_at=make.NOW, period_start=LAST - timedelta(days=6), period_end=LAST
    )  # fmt: skip
    found = facts(make.NOW + timedelta(days=1), before)
    assert [(one["key"], one["before"], one["now"]) for one in found["revisions"]] == [
        ("TL-BCP-NOR returns REG 2025-09-30", 60, 6)
    ]


@pytest.mark.req("R11.72")
def test_sources_that_contradict_stand_side_by_side(country: make.Country) -> None:
    reporting.happened(country)
    (one,) = facts()["conflicts"]
    assert (one["key"], one["days"]) == ("TL-BCP-NOR returns in", 7)
    assert [(value["source"], value["total"], value["days"]) for value in one["values"]] == [
        ("NET", 6 * 20 + 47, 7),
        ("REG", 420, 7),
    ]


@pytest.mark.req("R11.72")
def test_a_silent_post_and_how_many_reports_came(country: make.Country) -> None:
    reporting.happened(country)
    found = facts()
    assert [(one["place"], one["source"], one["since"]) for one in found["silent"]] == [
        ("TL-BCP-SOU", "REG", "2025-09-29")
    ]
    assert found["reporting"] == {"posts": 2, "expected": 14, "reported": 12}


@pytest.mark.req("R11.72")
def test_the_next_period_begins_after_the_last_and_is_never_empty(country: make.Country) -> None:
    home = country.home
    assert queries.span(home, make.NOW, None) == queries.Span(date(2025, 9, 24), date(2025, 9, 30))
    last = Sitrep(period_end=date(2025, 9, 27))
    assert queries.span(home, make.NOW, last) == queries.Span(date(2025, 9, 28), date(2025, 9, 30))
    assert queries.span(home, make.NOW, Sitrep(period_end=LAST)) == queries.Span(LAST, LAST)
    long_ago = queries.span(home, make.NOW, Sitrep(period_end=date(2024, 1, 1)))
    assert (long_ago.days, long_ago.end) == (31, LAST)


@pytest.mark.req("R11.72")
def test_where_a_protected_crossing_lies_is_not_kept(country: make.Country) -> None:
    reporting.happened(country)
    place = facts()["places"]["TL-UBP-01"]
    assert (place["protected"], place["lon"], place["lat"], place["area"]["en"]) == (True, None, None, "Hill town")


def event(here: make.Country, code: str, **given: Any) -> Event:
    given = {"reported_at": make.NOW - timedelta(hours=2), "crossing": here.crossings["TL-BCP-NOR"], **given}
    made = Event.objects.create(
        code=code, recorded_at=make.NOW, source="radio", what="The road is blocked.", hazard="safety",
        state_at=given["reported_at"], **given,
    )  # fmt: skip
    EventStep.objects.create(event=made, at=given["reported_at"], recorded_at=make.NOW, action="reported")
    return made


@pytest.mark.req("R11.72")
def test_events_have_the_state_they_had_then(country: make.Country) -> None:
    made = event(country, "EV-2025-0001")
    EventStep.objects.create(event=made, at=make.NOW + timedelta(hours=1), recorded_at=make.NOW, action="confirmed")
    event(country, "EV-2025-0002", reported_at=make.NOW + timedelta(hours=1))
    assert [(one["code"], one["state"], one["open"]) for one in facts()["events"]] == [
        ("EV-2025-0001", "reported", True)
    ]
    later = facts(make.NOW + timedelta(hours=2))["events"]
    assert {one["code"]: one["state"] for one in later} == {"EV-2025-0001": "confirmed", "EV-2025-0002": "reported"}


@pytest.mark.req("R11.72")
def test_what_nobody_does_somewhere(country: make.Country) -> None:
    reception = Function.objects.create(code="F1", names=make.names("Reception"), source="test")
    Presence.objects.create(
        code="PW-2025-0001", institution=country.institutions["AID"], function=reception,
        crossing=country.crossings["TL-BCP-NOR"], presence_start=date(2025, 1, 1), source_note="list",
        changed_at=make.NOW - timedelta(days=9),
    )  # fmt: skip
    assert [(one["function"], one["places"]) for one in facts()["gaps"]] == [("F1", ["TL-BCP-SOU"])]
    Presence.objects.create(
        code="PW-2025-0002", institution=country.institutions["AID"], function=reception,
        area=country.areas["TL-N"], presence_start=date(2025, 1, 1), source_note="list",
        changed_at=make.NOW - timedelta(days=9),
    )  # fmt: skip
    assert facts()["gaps"] == []
