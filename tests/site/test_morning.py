"""The morning page: what it says is true, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import Post
from pasaj.site.pages import morning as page
from pasaj.watch.models import Signal
from pasaj.watch.services import detection

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]


def detect() -> None:
    run = detection.open_run(
        as_of=make.NOW, from_date=YESTERDAY - 27 * DAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW
    )
    detection.run(run.pk, now=make.NOW)


def morning(client: Client) -> Any:
    answer = client.get(reverse("site:morning"))
    assert answer.status_code == 200
    return answer.context


def states(context: Any) -> dict[str, str]:
    return {line.crossing.code: line.state for line in context["board"].lines}


def test_an_empty_home_says_so(country: make.Country, as_: Callable[[str], Client]) -> None:
    context = morning(as_("duty"))
    assert context["heading"] == "No counts have been reported yet"
    assert (context["act"], context["ask"], context["clear"]) == ([], [], [])


@pytest.mark.req("R8.3")
def test_a_country_that_fell_silent_a_month_ago_is_no_empty_home(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    country.observe(country.series(), YESTERDAY - 40 * DAY, 100)
    context = morning(as_("duty"))
    assert context["heading"] == "2 crossings silent since 3 September"
    assert {(one.first.post.crossing.code, one.first.last) for one in context["ask"]} == {
        ("TL-BCP-NOR", YESTERDAY - 40 * DAY),
        ("TL-BCP-SOU", None),
    }
    assert (context["board"].reported, context["board"].expected, context["board"].latest) == (0, 2, None)


@pytest.mark.req("R2.3")
@pytest.mark.req("R1.4")
def test_the_heading_and_the_lists_say_what_is_true(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.year(country.series(), [*QUIET, 310])
    country.observe(country.series(source="NET"), YESTERDAY, 200)
    country.year(country.series("TL-BCP-SOU"), [*QUIET[:12], None, None, None])
    detect()
    context = morning(as_("duty"))
    assert context["heading"] == "1 place with new signals, 1 crossing silent since Sunday 28"
    assert states(context) == {"TL-BCP-NOR": "unusual", "TL-BCP-SOU": "silent", "TL-UBP-01": "not_expected"}
    assert [(one.line.place, one.line.what, one.line.observed, one.line.against) for one in context["act"]] == [
        ("Northgate", "Returns", "310", "92 to 107 expected")
    ]
    assert [(one.first.post.crossing.code, one.missed, one.first.since) for one in context["ask"]] == [
        ("TL-BCP-SOU", "3 days missing", date(2025, 9, 28))
    ]
    assert [one.line.against for one in context["clear"]] == ["REG 310 · NET 200"]
    assert (context["board"].reported, context["board"].expected) == (1, 2)


@pytest.mark.req("R6.2")
def test_zero_is_a_report_and_the_strip_tells_all_apart(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.year(country.series(), [5, None, 0])
    context = morning(as_("duty"))
    lines = {line.crossing.code: [cell.state for cell in line.cells[-4:]] for line in context["board"].lines}
    assert lines == {
        "TL-BCP-NOR": ["not_expected", "reported", "silent", "zero"],
        "TL-BCP-SOU": ["not_expected", "silent", "silent", "silent"],
        "TL-UBP-01": ["not_expected"] * 4,
    }


def test_a_report_that_is_not_late_yet_is_not_silence(country: make.Country, as_: Callable[[str], Client]) -> None:
    """The usual hour is measured: reports that come at nine in the morning are not missed at seven."""
    series = country.series()
    for back in range(2, 12):
        day = YESTERDAY - (back - 1) * DAY
        at = datetime(day.year, day.month, day.day, 14, tzinfo=UTC) + DAY  # nine o'clock, the day after
        country.observe(series, day, 5, reported_at=at)
    Post.objects.filter(crossing__code="TL-BCP-SOU").delete()
    context = morning(as_("duty"))
    assert [one.first.post.crossing.code for one in context["ask"]] == []
    assert states(context)["TL-BCP-NOR"] == "not_expected"


def test_what_was_looked_at_leaves_the_list(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.year(country.series(), [*QUIET, 310])
    detect()
    Signal.objects.filter(kind="unusual").update(state="acknowledged")
    assert morning(as_("duty"))["act"] == []


def test_signals_of_one_measure_are_one_line(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.year(country.series(), [*QUIET, 310, 320])
    country.year(country.series(category="deported"), [*QUIET, 300, 310])
    detect()
    (one,) = morning(as_("duty"))["act"]
    assert (one.line.what, one.line.observed, one.days, one.since) == ("Returns", "320", 2, YESTERDAY - DAY)


def test_old_signals_wait_elsewhere(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.year(country.series(), [*QUIET, 310], last=YESTERDAY - 60 * DAY)
    run = detection.open_run(
        as_of=make.NOW, from_date=YESTERDAY - 90 * DAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW
    )
    detection.run(run.pk, now=make.NOW)
    context = morning(as_("duty"))
    assert (context["act"], context["counts"]["older"]) == ([], 1)


@pytest.mark.req("R7.1")
def test_each_sees_his_own_morning(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.year(country.series("TL-BCP-SOU"), [*QUIET, 310])
    country.year(country.series("TL-BCP-SOU", source="NET"), [*QUIET, 310])
    country.year(country.series(), QUIET[:10], last=YESTERDAY - 2 * DAY)
    detect()
    assert [one.line.crossing for one in morning(as_("duty"))["act"]] == ["TL-BCP-SOU"]
    chief = morning(as_("chief"))
    assert (chief["act"], [one.first.post.crossing.code for one in chief["ask"]]) == ([], ["TL-BCP-NOR"])
    assert states(chief)["TL-BCP-SOU"] == "not_expected"
    partner = morning(as_("partner"))
    assert (partner["act"], partner["ask"], partner["sources"]) == ([], [], ["Network monitors"])
    stranger = morning(as_("stranger"))
    assert (stranger["board"].lines, stranger["act"], stranger["ask"]) == ((), [], [])


def test_nobody_sees_it_without_signing_in(country: make.Country, client: Client) -> None:
    assert client.get(reverse("site:morning")).status_code == 302
    assert client.get(reverse("site:map-crossings")).status_code == 302


@pytest.mark.req("R3.3")
def test_the_map_has_official_crossings_only(country: make.Country, as_: Callable[[str], Client]) -> None:
    hidden = country.crossings["TL-UBP-01"]
    hidden.lat, hidden.lon = 19.1, -71.6
    hidden.save()
    country.year(country.series(), [310])
    country.year(country.series(source="NET"), [200])
    country.year(country.series(measure="entries"), [40])
    data = as_("duty").get(reverse("site:map-crossings")).json()
    found = {one["properties"]["code"]: one for one in data["features"]}
    assert sorted(found) == ["TL-BCP-NOR", "TL-BCP-SOU"]
    assert found["TL-BCP-NOR"] == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-71.7, 19.5]},
        "properties": {
            "code": "TL-BCP-NOR",
            "name": "Northgate",
            "state": "reported",
            "word": "Reported",
            "volume": 350.0,
            "detail": "Returns 200 · Returns 310 · Entries 40",
            "url": "/crossings/TL-BCP-NOR/",
        },
    }


def test_layers_of_the_pack(country: make.Country, as_: Callable[[str], Client]) -> None:
    layer = {"type": "FeatureCollection", "features": []}
    country.home.layers = {"coast": layer}
    country.home.save()
    client = as_("duty")
    assert client.get(reverse("site:map-layer", args=["coast"])).json() == layer
    assert client.get(reverse("site:map-layer", args=["secret"])).status_code == 404
    assert as_("stranger").get(reverse("site:map-layer", args=["coast"])).status_code == 404
    assert morning(client)["map"]["layers"] == ["/map/layers/coast.geojson"]


def test_simulated_counts_say_so(country: make.Country, as_: Callable[[str], Client]) -> None:
    country.observe(country.series(), YESTERDAY, 5, origin="demo", quality="simulated")
    assert morning(as_("duty"))["board"].simulated is True


def test_questions_do_not_grow_with_the_country(country: make.Country, as_: Callable[[str], Client]) -> None:
    client = as_("duty")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            morning(client)
        return len(caught)

    country.year(country.series(), [*QUIET, 310])
    country.year(country.series("TL-BCP-SOU", source="NET"), QUIET)
    detect()
    queries()
    one = queries()
    for source, measure in (("REG", "entries"), ("NET", "returns"), ("NET", "entries")):
        country.year(country.series(source=source, measure=measure), [*QUIET, 400])
    detect()
    assert queries() == one


@pytest.mark.parametrize(
    ("since", "text"),
    [(date(2025, 9, 28), "Sunday 28"), (date(2025, 9, 24), "24 September"), (YESTERDAY, "Tuesday 30")],
)
def test_since_when(since: date, text: str) -> None:
    with translation.override("en"):
        assert page.since_words(since, make.TODAY) == text


def test_weeks_of_the_strip() -> None:
    days = [date(2025, 9, 25) + at * DAY for at in range(10)]
    assert page.weeks(days) == [(date(2025, 9, 25), 4), (date(2025, 9, 29), 6)]
