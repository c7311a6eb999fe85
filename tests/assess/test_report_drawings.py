"""The drawings of a report: the same ranges as in its tables, and no place that is not on every chart."""

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
    assert found.alternative == "LEG LEG: —; EQP EQP: 1.5 to 2.5; PRO PRO: 4.0; All pillars: 1.8 to 3.5"
    assert texts(found)[:4] == ["LEG LEG", "—", "EQP EQP", "1.5 to 2.5"]
    assert "round A1" in found.source


@pytest.mark.req("R10.21")
def test_each_crossing_has_its_small_picture(answered: Round) -> None:
    found = pictures(answered)["figure-crossing-point-1"]
    assert [one for one in texts(found) if one.startswith(("NOR", "SOU"))] == ["NOR Northgate", "SOU Southgate"]
    assert found.alternative == "NOR Northgate: EQP 3.0, PRO 4.0; SOU Southgate: EQP 0.0 to 2.0"


@pytest.mark.req("R10.21")
def test_only_what_stands_on_every_chart_is_on_the_map(answered: Round) -> None:
    CrossingPoint.objects.filter(code=NORTH).update(official="yes", lat=0.4, lon=0.4)
    CrossingPoint.objects.filter(code=SOUTH).update(official="verify", kind="land", lat=0.6, lon=0.6)
    found = pictures(answered)["figure-map"]
    assert found.alternative == "TL-BCP-NOR Northgate: 3.5"
    assert found.source.endswith("© Those who drew it")
    CrossingPoint.objects.filter(code=NORTH).update(lat=None)
    assert "figure-map" not in pictures(answered)
