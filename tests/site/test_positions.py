"""Where a crossing lies: the map, pages, the API, exports and the search keep to one rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import make
import pytest
from django.test import Client

from pasaj.registry.models import CrossingPoint

pytestmark = [pytest.mark.django_db, pytest.mark.req("R3.3")]
DAY = make.TODAY - timedelta(days=1)
WORKS_WITH_IT = {"duty", "approver", "analyst"}
MEMBERS = set(make.CAST) - {"stranger"}
EAST = "TL-BCP-EST"
As = Callable[[str], Client]


@pytest.fixture
def place(country: make.Country) -> Callable[[str, str], None]:
    """`place("land", "verify")`: a crossing of that sort, with a position, another name and a count."""

    def made(kind: str, official: str) -> None:
        country.crossings[EAST] = CrossingPoint.objects.create(
            code=EAST, name="Eastern point", kind=kind, official=official, area=country.areas["TL0101"], lat=19.1234,
            lon=-71.9876, aliases=["GoatFord"], note="GoatNote", status="open", source="test",
        )  # fmt: skip
        country.observe(country.series(EAST), DAY, 12)

    return made


def body(answer: Any) -> str:
    return str((b"".join(answer.streaming_content) if answer.streaming else answer.content).decode())


def told(client: Client) -> dict[str, bool]:
    """Which pages and files tell the position, which the other name."""
    pages = {
        "map": "/map/crossings.geojson",
        "page": f"/crossings/{EAST}/",
        "list": "/api/v1/crossings",
        "geojson": "/api/v1/crossings.geojson",
        "detail": f"/api/v1/crossings/{EAST}",
        "figures": f"/api/v1/observations?crossing={EAST}",
        "morning": "/",
    }
    bodies = {name: body(client.get(page)) for name, page in pages.items()}
    found = {name: "19.123" in text or "71.987" in text or "71.988" in text for name, text in bodies.items()}
    found["alias"] = "GoatFord" in bodies["page"] or "GoatFord" in bodies["list"] or "GoatFord" in bodies["detail"]
    found["note"] = "GoatNote" in bodies["page"] or "GoatNote" in bodies["list"] or "GoatNote" in bodies["detail"]
    found["search"] = f"/crossings/{EAST}/" in body(client.get("/search/?q=goatford", follow=True))
    found["by commune"] = "Eastern point" in bodies["morning"].partition("shown by commune only")[2]
    return found


EVERYWHERE = dict.fromkeys(("map", "page", "list", "geojson", "detail", "alias", "note", "search"), True)
NOWHERE = dict.fromkeys(EVERYWHERE, False)


@pytest.mark.parametrize(
    ("kind", "official"),
    [("land", "yes"), ("air", "yes"), ("air", "verify"), ("sea", "verify"), ("land", "verify"), ("sea", "no")],
)
def test_who_is_told_where_it_lies(place: Callable[[str, str], None], as_: As, kind: str, official: str) -> None:
    place(kind, official)
    cell = {"duty", "approver", "analyst", "admin", "dpo"}
    for who in make.CAST:
        # Its names belong to the same rule; the position of an unofficial one is shown to nobody.
        knows = who in (WORKS_WITH_IT if (kind, official) in {("land", "verify"), ("sea", "no")} else MEMBERS)
        expected = {**(EVERYWHERE if knows else NOWHERE), "morning": False, "by commune": False, "figures": False}
        if official == "no":
            expected |= dict.fromkeys(("map", "page", "list", "geojson", "detail"), False)
        if (kind, official) in {("land", "verify"), ("sea", "no")}:
            expected["by commune"] = who in MEMBERS and not (knows and official == "verify")
        else:
            expected["figures"] = who in cell
        assert (who, told(as_(who))) == (who, expected)


def test_the_chief_of_an_unverified_crossing_knows_it_and_no_file_tells(
    country: make.Country, cast: make.Cast, place: Callable[[str, str], None], as_: As
) -> None:
    place("land", "verify")
    make.member(cast.account("stranger"), country.institutions["IMM"], "chief", country.crossings[EAST])
    assert told(as_("stranger")) == {**EVERYWHERE, "morning": False, "by commune": False, "figures": False}
