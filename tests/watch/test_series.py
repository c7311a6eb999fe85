"""Series: figures with their corrections and usual ranges, other sources beside them, the chart, the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from django.test import Client
from django.urls import reverse

from pasaj.access.rules import SYSTEM
from pasaj.core import detect
from pasaj.watch.models import Import, Series
from pasaj.watch.queries import charts, ranges
from pasaj.watch.queries import series as queries

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
SPOTS = ["TL-UBP-01", "TL-BCP-NOR", "TL-BCP-SOU"]  # by name
COUNTS: list[int | None] = [97, 99, 74, None, 132, 109, 101, 3, 226, 0, 96, None, None, 100, 101, 98, 104, 310, 99, 100]


def page(client: Client, series: Series, **asked: str) -> Any:
    return client.get(reverse("watch:series", args=[series.code]), asked)


@pytest.mark.parametrize("method", ["ears_c1", "ears_c2"])
def test_the_pages_compute_what_the_detectors_compute(method: str) -> None:
    import numpy as np

    home = {"methods": [method]}
    counts = np.array([[np.nan if one is None else one for one in COUNTS]], dtype=float)
    found = detect.run(
        method, counts, np.arange(len(COUNTS)), slice(0, None), direction="both",
        **ranges.CONTROLS,
    )  # fmt: skip
    usual = ranges.usual(COUNTS, home)
    for at, one in enumerate(usual):
        expected = found.expected[0, at]
        assert (one is None) == bool(np.isnan(expected))
        if one:
            assert (one.expected, one.lower, one.upper) == pytest.approx(
                (expected, found.lower[0, at], found.upper[0, at]), abs=1e-9
            )


def test_figures_carry_their_corrections_and_ranges(country: make.Country) -> None:
    series = country.series()
    country.year(series, [100] * 12)
    country.observe(series, YESTERDAY, 90, revision=2, reported_at=make.NOW)
    figures = queries.figures(series, SYSTEM, YESTERDAY - DAY, YESTERDAY, {"methods": ["ears_c2"]})
    assert [(one.value, one.revision, [old.value for old in one.earlier]) for one in figures] == [
        (100, 1, []),
        (90, 2, [100]),
    ]
    assert figures[-1].usual == ranges.Usual(100.0, 100 - 3.090232306167813 * 0.5, 100 + 3.090232306167813 * 0.5)


def test_a_part_of_a_month_is_no_month(country: make.Country) -> None:
    series = country.series("TL-N", source="PUB", cadence="month")
    for month in range(1, 10):
        last = date(2025, month + 1, 1) - DAY
        part = last - 3 * DAY if month == 4 else last
        country.observe(series, date(2025, month, 1), 100, period_end=part, origin="pack", citation="note")
    figures = queries.figures(series, SYSTEM, date(2025, 1, 1), date(2025, 9, 30), {"methods": ["ears_c2"]})
    assert [one.usual is not None for one in figures] == [False] * 8 + [True]


@pytest.mark.req("R6.3")
@pytest.mark.req("R3.10")
def test_other_sources_stand_beside_with_the_difference(country: make.Country) -> None:
    series, other = country.series(), country.series(source="NET")
    country.year(series, [310, 300])
    country.observe(other, YESTERDAY, 280)
    country.observe(country.series(source="NET", measure="entries"), YESTERDAY, 5)
    figures = queries.figures(series, SYSTEM, YESTERDAY - DAY, YESTERDAY, {"methods": ["ears_c2"]})
    silent = country.series(source="PUB")
    others = queries.beside(series, SYSTEM, figures)
    assert (others.series, others.rest) == ((other,), (silent,))
    assert [[(one.value, one.difference) for one in row.others if one] for row in others.compared] == [[(280, -20)]]


def test_the_chart_breaks_where_nothing_was_reported(country: make.Country) -> None:
    series = country.series()
    country.year(series, [5, None, 7])
    figures = queries.figures(series, SYSTEM, YESTERDAY - 5 * DAY, YESTERDAY)
    spec = charts.series_chart(series, figures, [])
    assert [(row["date"], row["value"]) for row in spec["data"]["values"]] == [
        ("2025-09-28", 5.0),
        ("2025-09-29", None),
        ("2025-09-30", 7.0),
    ]
    assert {layer["encoding"]["y"]["scale"]["zero"] for layer in spec["layer"]} == {True}
    assert {layer["encoding"]["y"]["axis"]["title"] for layer in spec["layer"]} == {"persons"}


@pytest.mark.parametrize(
    ("who", "own", "published"),
    [("duty", 200, 200), ("chief", 200, 200), ("partner", 404, 200), ("stranger", 404, 404)],
)
def test_who_sees_a_series(
    country: make.Country, as_: Callable[[str], Client], who: str, own: int, published: int
) -> None:
    ours, theirs = country.series(), country.series("TL-N", source="PUB", cadence="month")
    country.observe(ours, YESTERDAY, 310)
    country.observe(
        theirs, date(2025, 9, 1), 4000, period_end=date(2025, 9, 30), origin="pack", citation="Monthly note, p. 1"
    )
    client = as_(who)
    assert (page(client, ours).status_code, page(client, theirs).status_code) == (own, published)
    file = client.get(reverse("watch:series-csv", args=[ours.code]))
    assert file.status_code == own
    file.close()


def test_a_partner_sees_only_the_published_figures_of_a_mixed_series(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    mixed = country.series("TL-N", source="PUB")
    country.observe(mixed, YESTERDAY - DAY, 4000, origin="pack", citation="Note, p. 1")
    country.observe(mixed, YESTERDAY, 77)
    values = [one.value for one in page(as_("partner"), mixed).context["figures"]]
    assert values == [4000]


def test_the_file_holds_the_numbers_of_the_page(country: make.Country, as_: Callable[[str], Client]) -> None:
    series = country.series()
    country.year(series, [310, None, 300])
    answer = as_("duty").get(reverse("watch:series-csv", args=[series.code]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    answer.close()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["period_start"], row["value"]) for row in rows] == [("2025-09-28", "310"), ("2025-09-30", "300")]
    assert answer["X-Pasaj-Release"] == "RL-2025-0001"


def test_dates_of_the_address(country: make.Country, as_: Callable[[str], Client]) -> None:
    series = country.series()
    country.year(series, [1] * 120)
    client = as_("duty")
    assert len(page(client, series).context["figures"]) == 89  # 90 days up to today, which is not reported yet
    asked = page(client, series, **{"from": "2025-09-30", "to": "2025-09-29"})  # the wrong way round
    assert [one.start.isoformat() for one in asked.context["figures"]] == ["2025-09-29", "2025-09-30"]
    assert page(client, series, **{"from": "2025-02-31"}).status_code == 200


def test_a_simulated_series_says_so(country: make.Country, as_: Callable[[str], Client]) -> None:
    series = country.series()
    country.observe(series, YESTERDAY, 5, origin="demo", quality="simulated")
    assert page(as_("duty"), series).context["simulated"] is True


def test_the_list_filters(country: make.Country, as_: Callable[[str], Client]) -> None:
    for place, measure in (("TL-BCP-NOR", "returns"), ("TL-BCP-SOU", "returns"), ("TL-BCP-NOR", "entries")):
        country.observe(country.series(place, measure), YESTERDAY, 1)
    client, url = as_("duty"), reverse("watch:series-list")

    def codes(**asked: str) -> list[str]:
        return [row.code for row in client.get(url, asked).context["page"]]

    assert codes(crossing="TL-BCP-NOR", measure="returns") == ["TL-BCP-NOR.returns.in.total.REG.day"]
    assert codes(source="NET") == []
    assert len(codes()) == 3


@pytest.fixture
def mixed(country: make.Country) -> dict[str, Series]:
    """Series with figures that some may not see, later than those they may."""
    hidden = Import.objects.create(
        code="IM-2025-0001", filename="x", sha256="", requested_at=make.NOW, state="running", mapping={}
    )
    north, south = country.series(), country.series("TL-BCP-SOU", source="PUB")
    net = country.series("TL-UBP-01", source="NET")
    country.observe(north, YESTERDAY - DAY, 1)
    country.observe(north, YESTERDAY, 2, batch=hidden)
    country.observe(south, YESTERDAY - 3 * DAY, 3, origin="pack", citation="Note, p. 1")
    country.observe(south, YESTERDAY, 4)
    country.observe(net, YESTERDAY, 5, batch=hidden, origin="pack", citation="Note, p. 2")
    return {"north": north, "south": south, "net": net}


@pytest.mark.req("R7.1")
def test_the_latest_date_is_that_of_a_figure_the_reader_may_see(
    mixed: dict[str, Series], as_: Callable[[str], Client]
) -> None:
    def dates(who: str) -> dict[str, int | None]:
        """How many days before yesterday the latest figure of each series is."""
        names = {series.pk: name for name, series in mixed.items()}
        rows = as_(who).get(reverse("watch:series-list")).context["page"]
        return {names[row.pk]: row.last_date and (YESTERDAY - row.last_date).days for row in rows}

    cell = {"north": 1, "south": 0, "net": None}
    assert {who: dates(who) for who in make.CAST} == {
        **dict.fromkeys(("duty", "approver", "analyst", "admin", "dpo"), cell),
        "chief": {"north": 1, "south": 3},
        "partner": {"south": 3, "net": None},
        "stranger": {},
    }


@pytest.mark.req("R7.1")
def test_the_filter_offers_crossings_of_which_the_reader_sees_a_series(
    mixed: dict[str, Series], as_: Callable[[str], Client]
) -> None:
    def offered(who: str) -> list[str]:
        answer = as_(who).get(reverse("watch:series-list"))
        codes = [row.code for row in answer.context["crossings"]]
        assert [code for code in SPOTS if f'value="{code}"' in answer.content.decode()] == codes
        return codes

    assert {who: offered(who) for who in make.CAST} == {
        **dict.fromkeys(("duty", "approver", "analyst", "admin", "dpo"), SPOTS),
        "chief": ["TL-BCP-NOR", "TL-BCP-SOU"],
        "partner": ["TL-UBP-01", "TL-BCP-SOU"],
        "stranger": [],
    }
