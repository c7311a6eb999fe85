"""Figures that a later report changed far more than the changes of their source usually are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import Post
from pasaj.watch.models import DetectionRun, Observation, Series, Signal
from pasaj.watch.queries import signals as words
from pasaj.watch.services import detection

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
FAR = YESTERDAY - 5 * DAY
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_is_expected(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)


def correct(
    country: make.Country, series: Series, day: date, *values: float, at: datetime = make.NOW, **fields: Any
) -> None:
    """Further reports of a figure, one an hour up to `at`."""
    last = Observation.objects.filter(series=series, period_start=day).count()
    for number, value in enumerate(values, 1):
        told = at - (len(values) - number) * HOUR
        country.observe(series, day, str(value), revision=last + number, reported_at=told, **fields)


def usual(country: make.Country, series: Series) -> None:
    """Forty days, and of twelve of them a correction of a few in a hundred."""
    country.year(series, [200] * 40)
    for back in range(12):
        correct(country, series, YESTERDAY - (20 + back) * DAY, 204 + back % 3, at=make.NOW - 10 * DAY)


def detect(as_of: datetime = make.NOW, first: date = YESTERDAY - 27 * DAY, measure: str = "") -> DetectionRun:
    run = detection.open_run(
        as_of=as_of, from_date=first, to_date=YESTERDAY, measure=measure, actor=SYSTEM, now=make.NOW
    )
    return detection.run(run.pk, now=make.NOW)


def found() -> list[Signal]:
    return list(Signal.objects.filter(kind="revision").order_by("period_start"))


@pytest.mark.req("R13.57")
def test_a_figure_changed_far_more_than_its_source_does_is_a_signal_of_its_own(country: make.Country) -> None:
    series = country.series()
    usual(country, series)
    correct(country, series, FAR, 20)
    run = detect()
    (signal,) = found()
    assert (signal.observed, signal.expected, signal.direction, signal.series) == (20, 200, "down", series)
    assert (signal.method, signal.run, signal.details["values"]) == ("revisions", run, [200, 20])
    assert signal.lower < 200 < signal.upper < 300
    assert (signal.details["pooled"], signal.details["source"], signal.severity) == (False, "REG", 0)
    low, high = (words.number(bound) for bound in (int(signal.lower) + 1, int(signal.upper)))
    assert words.sentence(signal) == (
        "A later report of Daily register changed the figure for returns at Northgate, 25 September 2025, from 200 to"
        f" 20; its changes usually lead to {low} to {high}."
    )


@pytest.mark.req("R13.57")
def test_changes_within_the_habit_of_a_source_and_partial_reports_are_none(country: make.Country) -> None:
    series = country.series()
    usual(country, series)
    correct(country, series, FAR, 212)
    partial = country.series("TL-BCP-SOU")
    country.observe(partial, FAR, 20, quality="partial")
    correct(country, partial, FAR, 200)
    detect()
    assert found() == []


def test_a_source_that_always_doubles_its_figures_is_not_told_while_they_grow(country: make.Country) -> None:
    series = country.series()
    for back in range(1, 41):
        day = make.TODAY - back * DAY
        told = datetime(day.year, day.month, day.day, 11, tzinfo=make.NOW.tzinfo) + DAY
        country.observe(series, day, 100, reported_at=told)
        for revision, value in enumerate((130, 200), 2):
            if told + (revision - 1) * DAY <= make.NOW:
                country.observe(series, day, value, revision=revision, reported_at=told + (revision - 1) * DAY)
    detect()
    assert found() == []


@pytest.mark.req("R13.58")
def test_only_reports_known_at_the_moment_are_looked_at_and_only_late_ones_told(country: make.Country) -> None:
    series = country.series()
    usual(country, series)
    correct(country, series, FAR, 20)
    detect(as_of=make.NOW - HOUR)
    assert found() == []
    correct(country, series, YESTERDAY - 30 * DAY, 20, at=make.NOW - 9 * DAY)
    detect(first=YESTERDAY - 3 * DAY)  # the later report of that day came before
    assert [one.period_start for one in found()] == [FAR]
    detect(first=YESTERDAY - 9 * DAY)
    assert [one.period_start for one in found()] == [YESTERDAY - 30 * DAY, FAR]
    assert detect(measure="entries").signals_known == 0


@pytest.mark.req("R13.58")
def test_a_run_that_goes_on_tells_it_once_and_follows_what_comes(country: make.Country) -> None:
    series = country.series()
    usual(country, series)
    correct(country, series, FAR, 20)
    first = detect()
    for back in range(3):  # what is usual changes: what was told stays as it was told
        correct(country, series, YESTERDAY - (6 + back) * DAY, 230)
    run = detection.open_run(
        as_of=make.NOW + HOUR, from_date=FAR, to_date=YESTERDAY, after=first, actor=SYSTEM, now=make.NOW
    )
    second = detection.run(run.pk, now=make.NOW)
    (signal,) = found()
    assert (second.after, signal.events.count()) == (first, 1)
    correct(country, series, FAR, 199, at=make.NOW + 2 * HOUR)
    detect(as_of=make.NOW + 3 * HOUR)
    (signal,) = found()
    # It came and went: the move is told with all three, and the history has the step.
    assert (signal.observed, signal.details["values"], signal.details["still"]) == (20, [200, 20, 199], True)


def test_series_that_grow_by_late_reports_do_not_say_what_is_usual_for_others(country: make.Country) -> None:
    country.year(country.series(measure="entries"), [100] * 40)
    for back in range(2, 40):
        correct(country, country.series(measure="entries"), make.TODAY - back * DAY, 200, at=make.NOW - DAY)
    series = country.series()
    country.year(series, [200] * 40)
    other = country.series("TL-BCP-SOU")
    country.year(other, [200] * 40)
    for back in range(5):  # with those of another place enough to say what is usual
        correct(country, series, YESTERDAY - back * DAY, 190)
        correct(country, other, YESTERDAY - back * DAY, 195)
    detect()
    assert found() == []
    correct(country, other, FAR, 20)
    detect()
    assert [(one.series, one.details["pooled"]) for one in found()] == [(other, False)]


def test_a_figure_taken_back_says_nothing_of_how_far_figures_move(country: make.Country) -> None:
    series = country.series()
    usual(country, series)
    Observation.objects.create(
        series=series, period_start=FAR, period_end=FAR, revision=2, state="withdrawn", origin="entry",
        reported_at=make.NOW, recorded_at=make.NOW,
    )  # fmt: skip
    detect()
    assert found() == []


@pytest.mark.req("R13.59")
def test_the_page_the_filter_and_the_api_tell_both_figures(country: make.Country, as_: Callable[[str], Client]) -> None:
    series = country.series()
    usual(country, series)
    correct(country, series, FAR, 20)
    detect()
    (signal,) = found()
    client = as_("duty")
    answer = client.get(reverse("watch:signal", args=[signal.code]))
    assert [one["value"] for one in answer.context["reports"]] == [200, 20]
    figure = Observation.objects.get(series=series, period_start=FAR, revision=2)
    assert reverse("watch:figure", args=[figure.pk]) in answer.content.decode()
    listed = client.get(reverse("watch:signal-list"), {"kind": "revision"})
    assert [line.code for line in listed.context["lines"]] == [signal.code]
    assert listed.context["lines"][0].observed == "20"
    morning = client.get(reverse("site:morning"))
    assert [one.line.code for one in morning.context["clear"]] == [signal.code]
    told = client.get("/api/v1/signals?kind=revision")
    (row,) = json.loads(b"".join(told.streaming_content))
    assert (row["observed"], row["expected"], row["details"]["values"]) == (20, 200, [200, 20])


@pytest.mark.req("R13.59")
def test_a_partner_and_a_stranger_see_none_of_it(country: make.Country, as_: Callable[[str], Client]) -> None:
    series = country.series()
    usual(country, series)
    correct(country, series, FAR, 20)
    detect()
    url = reverse("watch:signal", args=[found()[0].code])
    assert [as_(who).get(url).status_code for who in ("chief", "analyst", "partner", "stranger")] == [
        200,
        200,
        404,
        404,
    ]


def test_queries_do_not_grow_with_changed_figures(country: make.Country) -> None:
    def queries() -> int:
        run = detection.open_run(as_of=make.NOW, from_date=FAR, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
        with CaptureQueriesContext(connection) as caught:
            detection.run(run.pk, now=make.NOW)
        return len(caught)

    usual(country, country.series())
    usual(country, country.series("TL-BCP-SOU", "entries"))
    correct(country, country.series(), FAR, 20)
    detect()
    one = queries()
    for back in range(3):
        correct(country, country.series("TL-BCP-SOU", "entries"), FAR - back * DAY, 20)
    detect()
    assert queries() == one
    assert len(found()) == 4
