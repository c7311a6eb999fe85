"""The REST interface: who gets what, and that it answers what the pages show."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.services import tokens
from pasaj.registry.models import CrossingPoint
from pasaj.share.models import Release

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 30)
PLACES = ("areas", "crossings", "institutions", "measures", "sources", "series", "signals", "clusters", "levels")


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@pytest.fixture
def figures(country: make.Country) -> None:
    """One count of ours, one of the partner's own network, one published, one revised."""
    country.observe(country.series(), DAY, 310)
    country.observe(country.series(source="NET"), DAY, 290)
    printed = country.series("TL", source="PUB", cadence="month")
    country.observe(
        printed, date(2025, 9, 1), 34873, period_end=date(2025, 9, 30), origin="pack", citation="Note of 1 October"
    )
    entries = country.series(measure="entries")
    country.observe(entries, DAY, 100)
    country.observe(entries, DAY, 120, revision=2, reported_at=make.NOW - timedelta(hours=1))


@pytest.mark.req("R7.1")
@pytest.mark.parametrize("name", [*PLACES, "observations", "crossings.geojson", "signals/SG-2025-0001"])
def test_without_signing_in_there_is_nothing(country: make.Country, name: str) -> None:
    assert Client().get(f"/api/v1/{name}").status_code == 401


@pytest.mark.req("R2.12")
@pytest.mark.req("R7.1")
@pytest.mark.parametrize(
    ("who", "values"),
    [
        ("duty", [120, 290, 310, 34873]),
        ("approver", [120, 290, 310, 34873]),
        ("analyst", [120, 290, 310, 34873]),
        ("chief", [120, 290, 310, 34873]),
        ("partner", [290, 34873]),
        ("stranger", []),
    ],
)
def test_each_of_the_cast_gets_the_figures_they_may_see(
    figures: None, as_: Callable[[str], Client], who: str, values: list[int]
) -> None:
    answer = as_(who).get("/api/v1/observations")
    assert [row["value"] for row in body(answer)] == values


def test_a_chief_does_not_get_another_post(country: make.Country, figures: None, as_: Callable[[str], Client]) -> None:
    country.observe(country.series("TL-BCP-SOU"), DAY, 77)
    assert [row["value"] for row in body(as_("chief").get("/api/v1/observations?crossing=TL-BCP-SOU"))] == []
    assert [row["value"] for row in body(as_("duty").get("/api/v1/observations?crossing=TL-BCP-SOU"))] == [77]


@pytest.mark.req("R6.1")
def test_a_past_moment_is_seen_as_it_was_known_then(figures: None, as_: Callable[[str], Client]) -> None:
    client = as_("analyst")
    question = {"measure": "entries", "as_of": "2025-10-01T00:00:00Z"}
    assert [row["value"] for row in body(client.get("/api/v1/observations", question))] == [100]
    assert [row["value"] for row in body(client.get("/api/v1/observations", {"measure": "entries"}))] == [120]


@pytest.mark.req("R3.10")
def test_a_figure_comes_with_period_unit_source_and_quality(figures: None, as_: Callable[[str], Client]) -> None:
    (row,) = body(as_("analyst").get("/api/v1/observations?published=true"))
    assert row == {
        "place": "TL",
        "place_name": "Testland",
        "area": "TL",
        "measure": "returns",
        "direction": "in",
        "category": "total",
        "period_type": "month",
        "period_start": "2025-09-01",
        "period_end": "2025-09-30",
        "state": "reported",
        "value": 34873,
        "unit": "persons",
        "source": "PUB",
        "quality": "exact",
        "revision": 1,
        "reported_at": "2025-09-01T23:00:00+00:00",
        "citation": "Note of 1 October",
        "lon": None,
        "lat": None,
        "estimate": None,
        "estimate_low": None,
        "estimate_high": None,
        "estimate_as_of": None,
    }


@pytest.mark.req("R3.3")
def test_an_unofficial_crossing_has_no_position_whatever_the_pack_says(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    CrossingPoint.objects.filter(official="no").update(lat=19.1234, lon=-71.9876)
    country.observe(country.series("TL-UBP-01"), DAY, 12)
    client = as_("duty")
    features = {one["id"]: one["geometry"] for one in body(client.get("/api/v1/crossings.geojson"))["features"]}
    assert features["TL-UBP-01"] is None
    assert features["TL-BCP-NOR"] == {"type": "Point", "coordinates": [-71.7, 19.5]}
    (row,) = body(client.get("/api/v1/observations?crossing=TL-UBP-01"))
    assert (row["lat"], row["lon"]) == (None, None)


@pytest.mark.req("R7.5")
def test_a_token_opens_what_its_account_may_see_until_it_is_revoked(
    figures: None, cast: make.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    token, plain = tokens.issue(
        account=cast.account("partner"), name="script", days=30, actor=cast.actor("partner"), now=make.NOW
    )
    headers = {"Authorization": f"Bearer {plain}"}
    answer = Client().get("/api/v1/observations", headers=headers)
    assert [row["value"] for row in body(answer)] == [290, 34873]
    assert Release.objects.get().via == "token"
    tokens.revoke(token=token, actor=cast.actor("partner"), now=make.NOW)
    assert Client().get("/api/v1/observations", headers=headers).status_code == 401
    assert plain not in caplog.text


@pytest.mark.parametrize("name", PLACES)
def test_lists_ask_a_constant_number_of_questions(
    country: make.Country, as_: Callable[[str], Client], name: str
) -> None:
    client = as_("analyst")
    country.series()
    with CaptureQueriesContext(connection) as first:
        body(client.get(f"/api/v1/{name}"))
    country.series(category="deported")
    country.series(measure="entries")
    with CaptureQueriesContext(connection) as second:
        body(client.get(f"/api/v1/{name}"))
    assert len(first) == len(second)


def test_a_bad_question_is_answered_with_what_is_wrong(figures: None, as_: Callable[[str], Client]) -> None:
    answer = as_("analyst").get("/api/v1/observations?first=2025-02-30")
    assert answer.status_code == 422


PATHS = [
    "activations",
    "activations/{code}",
    "alerts",
    "alerts/{code}",
    "appraisals/{code}",
    "appraisals/{code}/judgements",
    "appraisals/{code}/result",
    "areas",
    "capacity",
    "clauses/{code}",
    "clauses/{code}/suggestions",
    "clauses/{code}/texts/{language}",
    "clusters",
    "consultations/{code}",
    "consultations/{code}/comments",
    "consultations/{code}/text",
    "contacts",
    "crossings",
    "crossings.geojson",
    "crossings/{code}",
    "crossings/{code}/status",
    "drills",
    "drills/{code}",
    "duty-log",
    "events",
    "events/{code}",
    "evidence",
    "evidence/{code}",
    "feeds/alerts.{form}",
    "feeds/cap/{identifier}",
    "findings/{code}",
    "frameworks",
    "frameworks/{code}",
    "frameworks/{code}/{version}",
    "incidents",
    "incidents/{code}",
    "institutions",
    "levels",
    "mapping/mandates",
    "measures",
    "notices",
    "notices/{code}",
    "observations",
    "on-call",
    "plans",
    "policies",
    "policies/{code}",
    "policies/{code}/appraisals",
    "policies/{code}/changes",
    "policies/{code}/check",
    "policies/{code}/consultations",
    "policies/{code}/document",
    "policies/{code}/statements",
    "presence",
    "recommendations/{code}",
    "rounds",
    "rounds/{code}",
    "rounds/{code}/agreement",
    "rounds/{code}/answers",
    "rounds/{code}/compare/{earlier}",
    "rounds/{code}/critical",
    "rounds/{code}/disagreements",
    "rounds/{code}/exchange",
    "rounds/{code}/findings",
    "rounds/{code}/needs",
    "rounds/{code}/priorities",
    "rounds/{code}/profile",
    "rounds/{code}/recommendations",
    "rounds/{code}/reports",
    "rounds/{code}/reports/{number}/{language}.{form}",
    "rounds/{code}/roles",
    "rounds/{code}/scores",
    "rounds/{code}/sensitivity",
    "rounds/{code}/settlements",
    "rounds/{code}/statements",
    "series",
    "signals",
    "signals/{code}",
    "sitreps",
    "sitreps/{code}",
    "sources",
    "submissions",
    "suggestions/{code}",
    "tasks/{code}",
]


def test_the_description_lists_every_path(country: make.Country, as_: Callable[[str], Client]) -> None:
    paths = body(as_("analyst").get("/api/v1/openapi.json"))["paths"]
    assert sorted(path.removeprefix("/api/v1/") for path in paths) == PATHS
