"""The entry page: what is typed is kept, asked about, stored once, and receipted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.rules import SYSTEM
from pasaj.core.periods import Period
from pasaj.watch.models import Observation
from pasaj.watch.services import observations
from pasaj.watch.services.observations import SeriesKey

YESTERDAY = make.TODAY - timedelta(days=1)
PAGE = f"/crossings/TL-BCP-NOR/counts/{YESTERDAY}/"
As = Callable[[str], Client]


def post(client: Client, page: str = PAGE, **typed: str) -> Any:
    data = {"source": "REG", "r-returns-total": "0", "r-entries-total": "0"}
    return client.post(page, data | {name.replace("__", "-"): value for name, value in typed.items()})


def stored() -> list[tuple[str, str, int, str]]:
    rows = Observation.objects.select_related("series__measure").order_by("pk")
    return [(one.series.measure.code, one.series.category, one.revision, one.state) for one in rows]


def value_of(page: Any, name: str) -> str:
    found = re.search(rf'id="v-{name}"[^>]*?value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("who", "north", "south"),
    [
        ("chief", 200, 404),
        ("duty", 200, 200),
        ("approver", 404, 404),
        ("analyst", 404, 404),
        ("partner", 404, 404),
        ("stranger", 404, 404),
        ("admin", 404, 404),
        ("dpo", 404, 404),
    ],
)
@pytest.mark.req("R7.1")
def test_who_may_report_where(as_: As, who: str, north: int, south: int) -> None:
    client = as_(who)
    assert client.get(PAGE).status_code == north
    assert client.get(PAGE.replace("NOR", "SOU")).status_code == south
    assert client.get("/counts/").status_code == north
    assert post(client, PAGE.replace("NOR", "SOU"), v__returns__total="1").status_code == (302 if south == 200 else 404)


def test_without_a_sign_in_nobody_gets_in(country: make.Country) -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().post(PAGE, {"v-returns-total": "3"}).status_code == 302
    assert Observation.objects.count() == 0


@pytest.mark.req("R2.1")
def test_counts_are_stored_and_receipted(as_: As) -> None:
    answer = post(as_("chief"), v__returns__total="12", v__returns__deported="8", note="a note")
    assert answer.status_code == 302
    assert stored() == [("returns", "deported", 1, "reported"), ("returns", "total", 1, "reported")]
    made = Observation.objects.get(series__category="total")
    assert (made.value, made.note, made.actor_label, made.series.source.code) == (Decimal(12), "a note", "chief", "REG")
    receipt = as_("chief").get(answer["Location"])
    assert receipt.status_code == 200
    assert [(row.value, row.revision) for row in receipt.context["rows"]] == [(Decimal(12), 1), (Decimal(8), 1)]


def test_blank_is_not_reported_and_zero_is_zero(as_: As) -> None:
    post(as_("chief"), v__returns__total="0", v__entries__total="")
    assert stored() == [("returns", "total", 1, "reported")]
    assert Observation.objects.get().value == 0


@pytest.mark.req("R6.2")
def test_nothing_to_report_writes_zeros_but_not_for_what_is_there(as_: As, country: make.Country) -> None:
    post_ = country.crossings["TL-BCP-NOR"].posts.get()
    post_.measures = ["returns", "entries", "children", "places", "staff"]
    post_.save()
    post(as_("chief"), v__entries__total="5", nothing="1")
    found = {one.series.measure.code: one.value for one in Observation.objects.all()}
    assert found == {"returns": Decimal(0), "entries": Decimal(5), "children": Decimal(0)}


def test_what_was_typed_stays_when_something_is_wrong(as_: As) -> None:
    answer = post(as_("chief"), v__returns__total="-4", v__entries__total="twelve", note="keep me")
    assert (answer.status_code, Observation.objects.count()) == (422, 0)
    assert (value_of(answer, "returns-total"), value_of(answer, "entries-total")) == ("-4", "twelve")
    assert [(line.name, one.code) for line, one in answer.context["form"].wrong] == [
        ("returns-total", "OBS-003"),
        ("entries-total", "OBS-016"),
    ]
    assert "keep me" in answer.content.decode()


def test_every_problem_is_told_at_once(as_: As, country: make.Country) -> None:
    country.year(country.series(), [10] * 13, YESTERDAY - timedelta(1))
    answer = post(as_("chief"), v__returns__total="999", v__entries__total="-1")
    wrong = [(line.name, one.code) for line, one in answer.context["form"].wrong]
    assert wrong == [("returns-total", "OBS-014"), ("entries-total", "OBS-003")]
    assert Observation.objects.filter(period_start=YESTERDAY).count() == 0


def test_nothing_typed_at_all(as_: As) -> None:
    answer = post(as_("chief"))
    assert (answer.status_code, [one.code for one in answer.context["form"].problems]) == (422, ["OBS-022"])


def test_far_from_usual_asks_and_then_takes_it(as_: As, country: make.Country) -> None:
    country.year(
        country.series(), [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100], YESTERDAY - timedelta(1)
    )
    asked = post(as_("chief"), v__returns__total="1000")
    assert (asked.status_code, Observation.objects.filter(period_start=YESTERDAY).count()) == (422, 0)
    assert 'name="c-returns-total" value="1000"' in " ".join(asked.content.decode().split())
    other = post(as_("chief"), v__returns__total="2000", c__returns__total="1000")
    assert other.status_code == 422  # the tick was for another number
    done = post(as_("chief"), v__returns__total="1000", c__returns__total="1000")
    assert done.status_code == 302
    assert Observation.objects.get(period_start=YESTERDAY).value == Decimal(1000)


def test_the_page_shows_the_day_before_and_what_is_usual(as_: As, country: make.Country) -> None:
    country.year(country.series(), [10, 12, 11, 9, 10, 12, 11, 9, 10, 12], YESTERDAY - timedelta(1))
    page = as_("chief").get(PAGE)
    line = page.context["form"].lines[0]
    assert (line.asked.yesterday.value, line.asked.usual is not None) == (Decimal(12), True)


def test_somebody_corrected_it_meanwhile(as_: As) -> None:
    post(as_("chief"), v__returns__total="12")
    key, period = SeriesKey("TL-BCP-NOR", "returns", source="REG"), Period(YESTERDAY, YESTERDAY)
    observations.report(
        series_key=key, period=period, value=Decimal(13), expected_revision=1, actor=SYSTEM, now=make.NOW
    )
    answer = post(as_("chief"), v__returns__total="14", r__returns__total="1")
    assert (answer.status_code, Observation.objects.count()) == (409, 2)
    line = answer.context["form"].lines[0]
    assert (line.typed, line.revision, line.asked.standing.value) == ("14", 2, Decimal(13))
    assert post(as_("chief"), v__returns__total="14", r__returns__total="2").status_code == 302
    assert stored()[-1] == ("returns", "total", 3, "reported")


def test_sent_twice_is_stored_once(as_: As) -> None:
    post(as_("chief"), v__returns__total="12")
    assert post(as_("chief"), v__returns__total="12").status_code == 302
    assert Observation.objects.count() == 1


def test_emptying_a_box_takes_the_count_back_after_a_question(as_: As) -> None:
    post(as_("chief"), v__returns__total="12")
    asked = post(as_("chief"), v__returns__total="", r__returns__total="1")
    assert [one.code for _, one in asked.context["form"].wrong] == ["OBS-023"]
    done = post(as_("chief"), v__returns__total="", r__returns__total="1", c__returns__total="withdraw")
    assert (done.status_code, stored()[-1]) == (302, ("returns", "total", 2, "withdrawn"))


@pytest.mark.parametrize("day", ["2025-02-30", "2099-01-01", "tomorrow"])
def test_days_that_cannot_be_reported(as_: As, day: str) -> None:
    assert as_("chief").get(f"/crossings/TL-BCP-NOR/counts/{day}/").status_code == 404


def test_without_a_day_it_is_yesterday_in_the_morning(as_: As) -> None:
    assert as_("chief").get("/crossings/TL-BCP-NOR/counts/")["Location"] == PAGE


def test_sources_are_those_of_the_posts(as_: As) -> None:
    assert [one.code for one in as_("chief").get(PAGE).context["sources"]] == ["REG"]
    assert as_("chief").get(f"{PAGE}?source=NET").status_code == 404
    assert post(as_("chief"), source="NET", v__returns__total="1").status_code == 404


def test_the_french_decimal_sign(as_: As, country: make.Country) -> None:
    country.measures["entries"].__class__.objects.filter(code="entries").update(kind="quantity")
    client = as_("chief")
    client.cookies["language"] = "fr"
    post(client, v__entries__total="1 234,5")
    assert Observation.objects.get().value == Decimal("1234.5")


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_lists_run_as_many_queries_for_one_row_as_for_three(as_: As, country: make.Country) -> None:
    client = as_("duty")
    client.get("/counts/")
    three = queries(client, "/counts/")
    for code in ("TL-BCP-NOR", "TL-BCP-SOU"):
        country.crossings[code].posts.all().delete()
        country.crossings[code].memberships.all().delete()
        country.crossings[code].delete()
    assert queries(client, "/counts/") == three


def test_one_measure_or_five_the_form_runs_as_many_queries(as_: As, country: make.Country) -> None:
    post_ = country.crossings["TL-BCP-NOR"].posts.get()
    client = as_("chief")
    client.get(PAGE)
    counted = []
    for measures in (["returns"], ["returns", "entries", "children", "places", "staff"]):
        post_.measures = measures
        post_.save()
        counted.append(queries(client, PAGE))
    assert counted[0] == counted[1]


# --- One figure --------------------------------------------------------------------------------


@pytest.fixture
def figure(country: make.Country) -> Observation:
    return country.observe(country.series(), YESTERDAY, 12)


@pytest.mark.parametrize(
    ("who", "status"),
    [("chief", 200), ("duty", 200), ("approver", 200), ("analyst", 200), ("partner", 404), ("stranger", 404)],
)
def test_who_may_ask_a_figure(as_: As, figure: Observation, who: str, status: int) -> None:
    assert as_(who).get(reverse("watch:figure", args=[figure.pk])).status_code == status


def test_a_figure_has_a_stable_address(as_: As, figure: Observation) -> None:
    page = f"/figures/{figure.series.code}/{YESTERDAY}/"
    assert as_("duty").get(page)["Location"] == f"/figures/{figure.pk}/"
    assert as_("partner").get(page).status_code == 404
    assert as_("duty").get(f"/figures/{figure.series.code}/not-a-day/").status_code == 404


def test_a_partner_sees_what_was_published_and_his_own(as_: As, country: make.Country) -> None:
    printed = country.observe(
        country.series("TL", source="PUB", cadence="day"), YESTERDAY, 9, origin="pack", citation="Note 7"
    )
    unsourced = country.observe(country.series("TL-N", source="PUB"), YESTERDAY, 9, origin="pack")
    own = country.observe(country.series(source="NET"), YESTERDAY, 11)
    seen = [as_("partner").get(f"/figures/{one.pk}/").status_code for one in (printed, unsourced, own)]
    assert seen == [200, 404, 200]


def test_a_correction_on_the_page_of_the_figure(as_: As, figure: Observation) -> None:
    page = f"/figures/{figure.pk}/"
    answer = as_("duty").post(
        page, {"state": "reported", "value": "13", "quality": "approx", "note": "recounted", "revision": "1"}
    )
    latest = Observation.objects.current().get()
    assert (answer["Location"], latest.revision, latest.quality) == (f"/figures/{latest.pk}/", 2, "approx")
    old = as_("duty").post(page, {"state": "reported", "value": "14", "quality": "exact", "revision": "1"})
    assert (old.status_code, [one.code for one in old.context["problems"]]) == (422, ["OBS-013"])
    assert 'name="revision" value="2"' in " ".join(old.content.decode().split())
    for who in ("analyst", "approver"):
        data = {"state": "reported", "value": "15", "quality": "exact", "revision": "2"}
        assert as_(who).post(page, data).status_code == 404


def test_a_figure_can_be_taken_back_or_not_apply(as_: As, figure: Observation) -> None:
    for turn, state in enumerate(("na", "withdrawn"), 1):
        as_("duty").post(
            f"/figures/{figure.pk}/", {"state": state, "value": "", "quality": "exact", "revision": str(turn)}
        )
    assert list(Observation.objects.order_by("revision").values_list("state", flat=True)) == [
        "reported",
        "na",
        "withdrawn",
    ]


def test_published_figures_are_corrected_in_the_pack_only(as_: As, country: make.Country) -> None:
    printed = country.observe(country.series(), YESTERDAY, 9, origin="pack", citation="Note 7")
    page = as_("duty").get(f"/figures/{printed.pk}/")
    assert (page.status_code, page.context["may_correct"]) == (200, False)
    data = {"state": "reported", "value": "13", "quality": "exact", "revision": "1"}
    assert as_("duty").post(f"/figures/{printed.pk}/", data).status_code == 404
