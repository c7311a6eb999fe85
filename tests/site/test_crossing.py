"""Crossings: the list, one crossing's page, its small charts, and how little it weighs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import CalendarRule
from pasaj.site.pages import svg
from pasaj.site.templatetags.pasaj import stopped
from pasaj.watch.models import Answer
from pasaj.watch.queries.ranges import Usual
from pasaj.watch.services import detection

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY


def crossing(client: Client, code: str = "TL-BCP-NOR") -> Any:
    return client.get(reverse("site:crossing", args=[code]))


def test_the_page_shows_the_last_days_by_measure_and_source(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    country.year(country.series(), [100] * 20)
    country.observe(country.series(), make.TODAY, 7)
    country.observe(country.series(source="NET"), YESTERDAY, 90)
    country.observe(country.series(category="deported"), YESTERDAY, 60)
    rows = crossing(as_("duty")).context["rows"]
    assert [
        (row.series.code, row.today and row.today.value, row.yesterday and row.yesterday.value) for row in rows
    ] == [
        ("TL-BCP-NOR.returns.in.total.NET.day", None, 90),
        ("TL-BCP-NOR.returns.in.total.REG.day", 7, 100),
    ]
    assert rows[1].usual == Usual(100, 100 - 3.090232306167813 * 0.5, 100 + 3.090232306167813 * 0.5)


@pytest.mark.parametrize(("text", "shown"), [("Seen", "Seen."), ("Seen.", "Seen."), ("Seen?", "Seen?"), ("", "")])
def test_a_text_of_a_pack_ends_as_a_sentence_once(text: str, shown: str) -> None:
    assert stopped(text) == shown


@pytest.mark.req("R13.82")
def test_the_usual_range_is_that_of_the_method_that_judged(country: make.Country, as_: Callable[[str], Client]) -> None:
    series = country.series()
    country.year(series, [100] * 20)
    country.home.detect = {}  # what a pack gets that names no method
    country.home.save()
    run = detection.open_run(
        as_of=make.NOW, from_date=YESTERDAY - 3 * DAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW
    )
    assert detection.run(run.pk, now=make.NOW).chosen == {"ears_c2": 4}
    Answer.objects.filter(series=series, period_start=YESTERDAY).update(expected=80, lower=60, upper=99)
    row = crossing(as_("duty")).context["rows"][0]
    assert row.usual == Usual(80, 60, 99)
    # A day that no run has looked at has the range of the days before it.
    Answer.objects.filter(series=series, period_start=YESTERDAY).delete()
    assert crossing(as_("duty")).context["rows"][0].usual.expected == 100


def test_market_days_and_holidays_ahead(country: make.Country, as_: Callable[[str], Client]) -> None:
    for key, rule, place, kind in (
        ("market", "weekly:fri", country.crossings["TL-BCP-NOR"], "market"),
        ("elsewhere", "weekly:mon", country.crossings["TL-BCP-SOU"], "market"),
        ("holiday", "2025-10-12", None, "holiday"),
    ):
        CalendarRule.objects.create(key=key, rule=rule, crossing=place, kind=kind, names=make.names(key), source="test")
    calendar = crossing(as_("duty")).context["calendar"]
    assert [(day, [rule.key for rule in rules]) for day, rules in calendar] == [
        (date(2025, 10, 3), ["market"]),
        (date(2025, 10, 10), ["market"]),
        (date(2025, 10, 12), ["holiday"]),
    ]


@pytest.mark.req("R7.1")
@pytest.mark.parametrize(
    ("who", "status", "rows", "enters"),
    [
        ("duty", 200, 1, True),
        ("chief", 200, 1, True),
        ("analyst", 200, 1, False),
        ("partner", 200, 0, False),
        ("stranger", 404, 0, False),
    ],
)
def test_who_sees_what_of_a_crossing(
    country: make.Country, as_: Callable[[str], Client], who: str, status: int, rows: int, enters: bool
) -> None:
    country.observe(country.series(), YESTERDAY, 310)
    answer = crossing(as_(who))
    assert answer.status_code == status
    if status == 200:
        assert (len(answer.context["rows"]), answer.context["may_enter"]) == (rows, enters)


@pytest.mark.req("R3.3")
def test_an_unofficial_crossing_has_no_position(country: make.Country, as_: Callable[[str], Client]) -> None:
    hidden = country.crossings["TL-UBP-01"]
    hidden.lat, hidden.lon = 19.123, -71.654
    hidden.save()
    answer = crossing(as_("duty"), hidden.code)
    assert answer.context["located"] is False
    assert (b"19.123" in answer.content, b"71.654" in answer.content) == (False, False)


def test_a_code_that_does_not_exist(country: make.Country, as_: Callable[[str], Client]) -> None:
    assert crossing(as_("duty"), "TL-BCP-XXX").status_code == 404


def test_the_page_is_light_and_needs_no_script_of_its_own(country: make.Country, as_: Callable[[str], Client]) -> None:
    for measure in country.measures:
        for source in ("REG", "NET"):
            country.year(country.series(measure=measure, source=source), [1000 + at for at in range(60)])
    text = crossing(as_("duty")).content.decode()
    assert len(text.encode()) < 70_000  # the frame's style and script are some 60 kB more, compressed
    assert [name for name in ("map.", "chart.") if f"build/{name}" in text] == []


def test_the_list_holds_every_crossing_and_asks_the_same_questions(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    client, url = as_("duty"), reverse("site:crossing-list")
    country.observe(country.series(), YESTERDAY, 310)
    country.observe(country.series("TL-BCP-SOU"), YESTERDAY, 20)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    queries()
    one = queries()
    country.observe(country.series("TL-UBP-01"), YESTERDAY, 3)
    country.observe(country.series("TL-BCP-SOU", source="NET"), YESTERDAY, 19)
    assert queries() == one
    lines = client.get(url).context["board"].lines
    assert [(line.crossing.code, line.volume) for line in lines] == [
        ("TL-BCP-NOR", 310),
        ("TL-BCP-SOU", 20),
        ("TL-UBP-01", 3),
    ]


# --- Small charts ------------------------------------------------------------------------------


def test_a_small_chart_draws_gaps_ranges_and_marks() -> None:
    usual = [None, Usual(10, 5, 15), Usual(10, 5, 15), None]
    drawn = svg.spark([10, 20, None, 0], usual, [1], "four <days>", width=108, height=48)
    assert drawn == (
        '<svg class="spark" viewBox="0 0 108 48" width="108" height="48" role="img" aria-label="four &lt;days&gt;">'
        '<path d="M4 44H104" stroke="currentColor" opacity=".35"/>'
        '<path d="M37.3 14.0L70.7 14.0L70.7 34.0L37.3 34.0z" fill="currentColor" opacity=".13"/>'
        '<path d="M4.0 24.0L37.3 4.0" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>'
        '<path d="M104.0 44.0h1.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>'
        '<circle cx="104.0" cy="44.0" r="2.4" fill="currentColor"/>'
        '<path class="spark-mark" d="M37.3 -1.0l4.5 8h-9z" fill="currentColor" stroke="none"/>'
        "</svg>"
    )


def test_a_small_chart_of_nothing() -> None:
    assert svg.spark([None, None], [None, None], [], "nothing", width=108, height=48) == (
        '<svg class="spark" viewBox="0 0 108 48" width="108" height="48" role="img" aria-label="nothing">'
        '<path d="M4 44H104" stroke="currentColor" opacity=".35"/></svg>'
    )
