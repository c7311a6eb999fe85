"""Reception places: how full, as of when, after whom; when full at this pace, as an estimate."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import make
import pytest

from pasaj.respond.queries import capacity
from pasaj.respond.queries.sitreps import counts
from pasaj.watch.models import Measure, Threshold

pytestmark = pytest.mark.django_db
YESTERDAY = make.TODAY - timedelta(days=1)


@pytest.fixture
def rule(country: make.Country) -> Threshold:
    taken = Measure.objects.create(
        code="taken", names=make.names("Places taken"), kind="count", unit="persons", direction="none", cadence="day",
        alert_on="up", source="test",
    )  # fmt: skip
    country.measures["taken"] = taken
    return Threshold.objects.create(
        code="FULL-90", names=make.names("Nearly full"), measure=taken, op="ge", versus=country.measures["places"],
        factor=Decimal("0.9"), source="test",
    )  # fmt: skip


@pytest.mark.req("R11.68")
def test_how_full_and_when_full(country: make.Country, cast: make.Cast, rule: Threshold) -> None:
    country.year(country.series(measure="taken"), [10, 20, 30, 40, 50, 60, 70])
    country.observe(country.series(measure="places"), YESTERDAY - timedelta(days=5), 100)
    country.observe(country.series("TL-BCP-SOU", "taken"), YESTERDAY, 95)
    country.observe(country.series("TL-BCP-SOU", "places"), YESTERDAY, 100)
    country.observe(country.series("TL-BCP-SOU", "taken", "NET"), YESTERDAY, 50)
    found = capacity.receptions(cast.actor("duty"), make.NOW)
    assert [
        (str(one.place), one.series.source.code, one.share, one.judged.state, one.pace, one.full_date) for one in found
    ] == [
        ("Southgate", "REG", 0.95, "reached", None, None),
        ("Northgate", "REG", 0.7, "below", 10.0, YESTERDAY + timedelta(days=3)),
        ("Southgate", "NET", 0.5, "below", None, None),  # of the other source's places: its own says none
    ]
    assert [value for _day, value in found[1].days] == [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]
    assert found[1].places is not None
    assert found[1].places.period_end == YESTERDAY - timedelta(days=5)
    assert [str(one.place) for one in capacity.receptions(cast.actor("chief"), make.NOW)] == ["Northgate"]
    assert capacity.receptions(cast.actor("stranger"), make.NOW) == []


def test_what_is_not_known_is_not_told(country: make.Country, cast: make.Cast, rule: Threshold) -> None:
    country.observe(country.series(measure="taken"), YESTERDAY - timedelta(days=3), 70)
    (one,) = capacity.receptions(cast.actor("duty"), make.NOW)
    assert (one.share, one.judged.state, one.full_date, one.old) == (None, "unknown", None, True)
    Threshold.objects.update(op="le")
    assert capacity.receptions(cast.actor("duty"), make.NOW) == []


@pytest.mark.req("R11.68")
def test_a_situation_report_tells_what_the_page_of_reception_tells(
    country: make.Country, cast: make.Cast, rule: Threshold
) -> None:
    country.year(country.series(measure="taken"), [10, 20, 30, 40, 50, 60, 95])
    country.observe(country.series(measure="places"), YESTERDAY - timedelta(days=5), 100)
    country.observe(country.series("TL-BCP-SOU", "taken", "NET"), YESTERDAY, 50)
    country.observe(country.series("TL-BCP-SOU", "places"), YESTERDAY - timedelta(days=1), 0)
    page = capacity.receptions(cast.actor("duty"), make.NOW)
    rows = counts.daily(make.NOW, YESTERDAY - timedelta(days=6), YESTERDAY)
    told = counts.capacity(rows, 7, YESTERDAY)
    assert [
        (one["place"], one["source"], one["value"], one["of"], one["reached"], one["days_ago"]) for one in told
    ] == [
        ("TL-BCP-NOR", "REG", 95, 100, True, 0),
        ("TL-BCP-SOU", "NET", 50, 0, True, 0),
    ]
    assert sorted(
        (one.place.code, one.series.source.code, one.latest.value, one.places and one.places.value, one.judged.alarm)
        for one in page
    ) == [(one["place"], one["source"], one["value"], one["of"], one["reached"]) for one in told]
