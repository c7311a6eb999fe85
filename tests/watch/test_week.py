"""A week from paper: one page, one save, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.core.periods import Period
from pasaj.registry.models import Post
from pasaj.watch.models import Observation
from pasaj.watch.services import observations
from pasaj.watch.services.observations import SeriesKey

MONDAY = date(2025, 9, 29)  # today is Wednesday
TUESDAY = MONDAY + timedelta(days=1)
PAGE = "/crossings/TL-BCP-NOR/week/2025-W40/"
As = Callable[[str], Client]


def post(client: Client, typed: dict[str, str], page: str = PAGE) -> Any:
    return client.post(page, {"source": "REG", **typed})


def stored() -> list[tuple[str, str, str, Decimal | None, int]]:
    rows = Observation.objects.select_related("series__measure")
    return sorted(
        (one.period_start.isoformat(), one.series.measure.code, one.state, one.value, one.revision) for one in rows
    )


def wrong(answer: Any) -> list[tuple[str, str]]:
    return [(line.name, one.code) for line, one in answer.context["form"].wrong]


def test_the_chosen_source_goes_along_to_other_days(as_: As) -> None:
    post_there = Post.objects.filter(crossing__code="TL-BCP-NOR").get()
    post_there.pk, post_there.key, post_there.source_code = None, "TL-BCP-NOR/NET", "NET"
    post_there.save()
    client = as_("duty")
    for page, other in (
        (PAGE, "/crossings/TL-BCP-NOR/week/2025-W39/"),
        ("/crossings/TL-BCP-NOR/counts/2025-09-30/", "/crossings/TL-BCP-NOR/counts/2025-09-29/"),
    ):
        first = client.get(page)
        assert (first.context["source"].code, f'href="{other}"' in first.content.decode()) == ("NET", True)
        chosen = client.get(f"{page}?source=REG")
        assert (chosen.context["source"].code, f'href="{other}?source=REG"' in chosen.content.decode()) == ("REG", True)
    done = client.post(page, {"source": "REG", "v-returns-total": "3"}, follow=True)
    assert f'href="{page}?source=REG"' in done.content.decode()


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
@pytest.mark.req("R2.14")
def test_who_may_fill_in_a_week(as_: As, who: str, north: int, south: int) -> None:
    client = as_(who)
    assert client.get(PAGE).status_code == north
    assert client.get(PAGE.replace("NOR", "SOU")).status_code == south
    typed = {f"v-entries-total-{MONDAY}": "1"}
    assert post(client, typed, PAGE.replace("NOR", "SOU")).status_code == (302 if south == 200 else 404)


@pytest.mark.req("R2.14")
def test_blank_zero_and_not_applicable_are_three_things(as_: As) -> None:
    client = as_("chief")
    typed = {
        f"v-entries-total-{MONDAY}": "12",
        f"v-returns-total-{MONDAY}": "0",
        f"v-entries-total-{TUESDAY}": "x",
        f"v-returns-total-{TUESDAY}": "*",
        f"v-entries-total-{make.TODAY}": "",
    }
    answer = post(client, typed)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?source=REG")
    assert stored() == [
        ("2025-09-29", "entries", "reported", Decimal(12), 1),
        ("2025-09-29", "returns", "reported", Decimal(0), 1),
        ("2025-09-30", "entries", "na", None, 1),
        ("2025-09-30", "returns", "na", None, 1),
    ]
    columns = client.get(PAGE).context["form"].columns
    assert [[line.typed for line in column.lines if line.asked.category == "total"] for column in columns] == [
        ["0", "12"], ["x", "x"], ["", ""], [], [], [], [],
    ]  # fmt: skip


def test_all_or_nothing_with_the_problem_beside_its_cell(as_: As) -> None:
    typed = {f"v-entries-total-{MONDAY}": "12", f"v-entries-total-{TUESDAY}": "twelve", "note": "keep me"}
    answer = post(as_("chief"), typed)
    assert (answer.status_code, Observation.objects.count()) == (422, 0)
    assert wrong(answer) == [(f"entries-total-{TUESDAY}", "OBS-016")]
    page = answer.content.decode()
    assert ('value="twelve"' in page, "keep me" in page, f'id="v-entries-total-{TUESDAY}_error"' in page) == (True,) * 3
    nothing = post(as_("chief"), {})
    assert [one.code for one in nothing.context["form"].problems] == ["OBS-022"]


def test_unusual_values_are_confirmed_cell_by_cell(as_: As, country: make.Country) -> None:
    country.year(country.series(measure="entries"), [100, 104, 96, 100, 102, 98, 100] * 3, MONDAY - timedelta(days=1))
    client = as_("chief")
    typed = {f"v-entries-total-{MONDAY}": "1000", f"v-entries-total-{TUESDAY}": "101"}
    asked = post(client, typed)
    assert wrong(asked) == [(f"entries-total-{MONDAY}", "OBS-014")]
    done = post(client, {**typed, f"c-entries-total-{MONDAY}": "1000"})
    assert (done.status_code, Observation.objects.filter(period_start__gte=MONDAY).count()) == (302, 2)


def test_somebody_corrected_it_meanwhile(as_: As) -> None:
    client = as_("chief")
    name = f"entries-total-{MONDAY}"
    post(client, {f"v-{name}": "12"})
    key, period = SeriesKey("TL-BCP-NOR", "entries", source="REG"), Period(MONDAY, MONDAY)
    observations.report(series_key=key, period=period, value=Decimal(13), actor=SYSTEM, now=make.NOW)
    late = post(client, {f"v-{name}": "14", f"r-{name}": "1"})
    assert (late.status_code, wrong(late)) == (409, [(name, "OBS-013")])
    assert post(client, {f"v-{name}": "14", f"r-{name}": "2"}).status_code == 302


@pytest.mark.parametrize("first", ["12", "x"])
def test_an_emptied_cell_is_taken_back_after_a_question(as_: As, first: str) -> None:
    client = as_("chief")
    name = f"entries-total-{MONDAY}"
    post(client, {f"v-{name}": first})
    asked = post(client, {f"v-{name}": "", f"r-{name}": "1"})
    assert wrong(asked) == [(name, "OBS-023")]
    assert post(client, {f"v-{name}": "", f"r-{name}": "1", f"c-{name}": "withdraw"}).status_code == 302
    assert stored()[-1][2:] == ("withdrawn", None, 2)


@pytest.mark.parametrize("week", ["2025-W41", "2025-W99", "2025-09-30", "2025W40", "soon"])
def test_weeks_that_cannot_be_filled_in(as_: As, week: str) -> None:
    assert as_("chief").get(f"/crossings/TL-BCP-NOR/week/{week}/").status_code == 404


def test_without_a_week_it_is_that_of_yesterday(as_: As) -> None:
    assert as_("chief").get("/crossings/TL-BCP-NOR/week/")["Location"] == PAGE


def test_a_crossing_without_a_source(as_: As, country: make.Country) -> None:
    country.crossings["TL-BCP-NOR"].posts.all().delete()
    country.sources["REG"].__class__.objects.filter(kind="operational").update(retired_at=make.NOW)
    page = as_("chief").get(PAGE)
    assert (page.status_code, page.context["source"], page.context["form"].rows) == (200, None, [])


def test_one_measure_or_five_the_grid_runs_as_many_queries(as_: As, country: make.Country) -> None:
    post_ = country.crossings["TL-BCP-NOR"].posts.get()
    client = as_("chief")
    client.get(PAGE)
    counted = []
    for measures in (["returns"], ["returns", "entries", "children", "places", "staff"]):
        post_.measures = measures
        post_.save()
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]
