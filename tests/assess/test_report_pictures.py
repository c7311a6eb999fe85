"""The pictures of a report: the same ranges as in its tables, and no place that is not on every chart."""

from __future__ import annotations

import re

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, assessor, report

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Round
from pasaj.assess.queries.report import build
from pasaj.core.report import Picture
from pasaj.registry.models import CrossingPoint, Home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]


@pytest.fixture
def answered() -> Round:
    row = a_round()
    (_a, marie) = assessor(row, "Marie")
    report(row, marie, NORTH, {"EQP-1": 3, "EQP-2": 3, "PRO-1": 4})
    report(row, marie, SOUTH, {"EQP-1": 0, "EQP-2": "not_observed"})
    layer = {
        "attribution": "© Those who drew it",
        "features": [{"properties": None, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}}],
    }
    Home.objects.update(layers={"land": layer})
    return row


def pictures(row: Round) -> dict[str, Picture]:
    said = build(row, language="en", actor=SYSTEM, now=make.NOW)
    return {one.anchor: one for one in said.blocks if isinstance(one, Picture)}


def texts(picture: Picture) -> list[str]:
    return re.findall(r"<text [^>]*>([^<]*)</text>", picture.svg)


@pytest.mark.req("R10.21")
def test_bars_say_the_ranges_of_the_pillars(answered: Round) -> None:
    found = pictures(answered)["figure-pillars"]
    assert found.alternative == "LEG LEG: 0.0 to 4.0; EQP EQP: 1.5 to 2.5; PRO PRO: 4.0; All pillars: 1.8 to 3.5"
    assert texts(found)[:4] == ["LEG LEG", "0.0 to 4.0", "EQP EQP", "1.5 to 2.5"]
    assert "round A1" in found.source


@pytest.mark.req("R10.21")
def test_each_pillar_has_its_crossings(answered: Round) -> None:
    found = pictures(answered)["figure-crossings"]
    assert found.alternative == "EQP EQP: NOR 3.0, SOU 0.0 to 2.0; PRO PRO: NOR 4.0"
    assert [one for one in texts(found) if one in ("NOR", "SOU")] == ["NOR", "SOU", "NOR"]


@pytest.mark.req("R10.21")
def test_only_what_stands_on_every_chart_is_on_the_map(answered: Round) -> None:
    CrossingPoint.objects.filter(code=NORTH).update(official="yes", lat=0.4, lon=0.4)
    CrossingPoint.objects.filter(code=SOUTH).update(official="verify", kind="land", lat=0.6, lon=0.6)
    found = pictures(answered)["figure-map"]
    assert found.alternative == "TL-BCP-NOR Northgate: 3.5"
    assert "© Those who drew it" in found.source
    assert [one for one in texts(found) if one.startswith(("NOR", "SOU"))] == ["NOR 3.5"]
    CrossingPoint.objects.filter(code=NORTH).update(lat=None)
    assert "figure-map" not in pictures(answered)
