"""Late reports: figures that grow are judged as reported and as they will be; alarms say which count they rest on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import Post
from pasaj.watch.models import Answer, DetectionRun, Observation, Series, Signal
from pasaj.watch.queries import signals as lines
from pasaj.watch.services import detection

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
SHARES = (0.5, 0.8, 1.0)  # of a figure that is in on the first morning, the second, and from then on
LEVELS = (200, 208, 192, 200, 204, 196, 200, 202, 198)


@pytest.fixture(autouse=True)
def chosen_by_series(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)
    country.home.detect = {"methods": ["auto"]}
    country.home.save()


def morning(day: date, back: int = 0) -> datetime:
    """When the report with so many days of delay came: before the hour at which detection looks."""
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC) + (1 + back) * DAY


def grow(
    country: make.Country,
    series: Series,
    finals: Sequence[int],
    last: date = YESTERDAY,
    shares: Sequence[float] = SHARES,
) -> None:
    """Figures that end on `last` and grow as `shares` say, as far as the reports have come by now."""
    for at, final in enumerate(finals):
        day = last - (len(finals) - 1 - at) * DAY
        for revision, share in enumerate(shares, 1):
            told = morning(day, revision - 1)
            if told <= make.NOW:
                country.observe(series, day, round(final * share), revision=revision, reported_at=told)


def steady(days: int) -> list[int]:
    return [LEVELS[at % len(LEVELS)] for at in range(days)]


def opened(
    first: date = YESTERDAY - 27 * DAY,
    last: date = YESTERDAY,
    as_of: datetime = make.NOW,
    after: DetectionRun | None = None,
) -> DetectionRun:
    return detection.open_run(as_of=as_of, from_date=first, to_date=last, after=after, actor=SYSTEM, now=make.NOW)


def detect(**how: Any) -> DetectionRun:
    return detection.run(opened(**how).pk, now=make.NOW)


def answer(day: date = YESTERDAY) -> Answer:
    return Answer.objects.get(period_start=day)


def only() -> Signal:
    (signal,) = Signal.objects.filter(kind="unusual")
    return signal


@pytest.mark.req("R13.50")
def test_the_open_days_of_a_late_series_have_an_estimate_with_its_interval(country: make.Country) -> None:
    grow(country, country.series(), steady(60))
    run = detect()
    rows = {one.period_start: one for one in Answer.objects.all()}
    estimated = [day for day, one in rows.items() if one.estimate is not None]
    assert sorted(estimated) == [YESTERDAY - DAY, YESTERDAY]
    newest = rows[YESTERDAY]
    final = steady(60)[-1]
    assert newest.estimate == pytest.approx(final, abs=4)
    assert newest.estimate_low < final < newest.estimate_high
    assert (newest.alarm, newest.rests_on) == (False, "waiting")
    assert Signal.objects.filter(kind="unusual").count() == 0
    assert run.settings["late"] == {"interval": 0.9}


@pytest.mark.req("R13.51")
def test_a_fall_that_late_reports_will_fill_does_not_ring(country: make.Country) -> None:
    grow(country, country.series(), steady(60))
    plain = country.series("TL-BCP-SOU")
    country.year(plain, [*steady(59), 100])
    detect(first=YESTERDAY)
    # Half of what is usual: nothing is missing of the one, and half of the other is still to come.
    assert only().series == plain
    assert Answer.objects.get(series=country.series()).rests_on == "waiting"


@pytest.mark.req("R13.51")
def test_a_fall_rings_once_the_completed_count_is_low_too(country: make.Country) -> None:
    grow(country, country.series(), [*steady(59), 60])
    detect(first=YESTERDAY)
    signal = only()
    late = signal.details["late"]
    assert (signal.direction, signal.observed, late["rests_on"], late["reported"]) == ("down", 30, "both", 30)
    assert late["low"] <= 60 <= late["high"]


@pytest.mark.req("R13.52")
def test_an_alarm_that_rests_only_on_the_estimate_says_so_and_is_settled(country: make.Country) -> None:
    series = country.series()
    grow(country, series, [*steady(59), 420])
    first = detect()
    signal = only()
    late = signal.details["late"]
    assert (signal.direction, signal.observed, late["rests_on"]) == ("up", 210, "completed")
    assert late["estimate"] == pytest.approx(420, abs=10)
    assert signal.upper < late["low"] <= 420 <= late["high"]
    assert signal.severity > 0
    assert signal.episode.peak == late["estimate"]
    # The next reports come: the count itself is above what is usual now.
    country.observe(series, YESTERDAY, 336, revision=2, reported_at=morning(YESTERDAY, 1))
    second = detect(as_of=make.NOW + DAY, after=first)
    assert second.after == first
    signal.refresh_from_db()
    assert (signal.observed, signal.details["late"]["rests_on"], signal.details["still"]) == (336, "both", True)
    told = signal.events.get(action="recomputed").details
    assert (told["old"]["rests_on"], told["new"]["rests_on"]) == ("completed", "both")
    country.observe(series, YESTERDAY, 420, revision=3, reported_at=morning(YESTERDAY, 2))
    detect(as_of=make.NOW + 2 * DAY, after=second)
    signal.refresh_from_db()
    assert (signal.observed, signal.details["still"], "late" in signal.details) == (420, True, False)
    assert (answer().estimate, answer().rests_on) == (None, "")


def page(client: Client, name: str, code: str) -> str:
    return str(client.get(reverse(name, args=[code])).content.decode())


def body(client: Client, address: str) -> str:
    """A file as it leaves; unclosed, as closing it closes the database of the test."""
    return b"".join(client.get(address).streaming_content).decode("utf-8-sig")


@pytest.mark.req("R13.52")
def test_the_pages_the_file_and_the_api_call_an_estimate_one(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    series = country.series()
    grow(country, series, [*steady(59), 420])
    detect()
    signal, client = only(), as_("duty")
    late = signal.details["late"]
    shown = page(client, "watch:signal", signal.code)
    assert lines.sentence(signal).startswith(
        f"{late['estimate']} returns estimated at Northgate, 30 September 2025, from 210 reported so far; "
    )
    assert "from 210 reported so far;" in shown
    assert "Rests on an estimate of what is still to come in." in shown
    assert lines.line(signal).observed == f"{late['estimate']} estimated"
    shown = page(client, "watch:series", series.code)
    assert f"210 reported so far, estimate {late['estimate']}" in " ".join(shown.split())
    layers = client.get(reverse("watch:series", args=[series.code])).context["spec"]["layer"]
    bars = [one["data"]["values"] for one in layers if one["mark"]["type"] == "rule"]
    estimates = [answer(YESTERDAY - DAY).estimate, late["estimate"]]
    assert [[row["value"] for row in rows] for rows in bars] == [estimates, estimates]
    before = answer(YESTERDAY - DAY)
    rows = list(csv.DictReader(io.StringIO(body(client, reverse("watch:series-csv", args=[series.code])))))
    assert [(row["value"], row["estimate"], row["estimate_as_of"] != "") for row in rows[-3:]] == [
        (str(steady(58)[-1]), "", False),
        (str(round(0.8 * steady(59)[-1])), f"{before.estimate:g}", True),
        ("210", f"{late['estimate']:g}", True),
    ]
    told = json.loads(body(client, f"/api/v1/signals/{signal.code}"))
    assert [told[name] for name in ("observed", "estimate", "estimate_low", "estimate_high", "rests_on")] == [
        210, late["estimate"], late["low"], late["high"], "completed",
    ]  # fmt: skip


@pytest.mark.req("R13.53")
def test_an_estimate_of_before_the_latest_report_is_not_shown(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    series = country.series()
    grow(country, series, steady(60))
    detect()
    country.observe(series, YESTERDAY, 150, revision=2, reported_at=make.NOW + timedelta(hours=1))
    shown = as_("duty").get(reverse("watch:series", args=[series.code])).context["awaited"]
    assert [one.start for one in shown] == [YESTERDAY - DAY]


@pytest.mark.req("R13.53")
def test_reports_that_do_not_come_end_what_rested_on_them(country: make.Country) -> None:
    series = country.series()
    grow(country, series, [*steady(59), 420])
    run = detect()
    for days in (1, 2):  # nothing more is reported of that day, and nothing of the days after it
        run = detect(as_of=make.NOW + days * DAY, after=run)
        assert run.series_seen == 1
    signal = only()
    assert (signal.observed, signal.details["still"]) == (210, False)
    assert answer().estimate is None


@pytest.mark.req("R13.54")
def test_complete_figures_cost_nothing_and_show_nothing(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*steady(59), 100])
    late_first = country.series("TL-BCP-SOU")
    for at, value in enumerate(steady(60)):  # whole, but always a day late; one figure was mended later
        day = YESTERDAY - (59 - at) * DAY
        if at < 59:
            country.observe(late_first, day, value, reported_at=morning(day, 1))
    country.observe(late_first, YESTERDAY - 30 * DAY, 300, revision=2, reported_at=morning(YESTERDAY, -2))
    run = detect()
    assert not Answer.objects.exclude(estimate=None).exists()
    assert not Answer.objects.exclude(rests_on="").exists()
    assert run.digest == detection.replay(code=run.code).digest


@pytest.mark.req("R13.55")
def test_a_partial_figure_is_judged_by_what_it_will_be(country: make.Country) -> None:
    series = country.series()
    for at, final in enumerate([*steady(59), 420]):
        day = YESTERDAY - (59 - at) * DAY
        country.observe(series, day, final // 2, quality="partial", reported_at=morning(day))
        if day < YESTERDAY:
            country.observe(series, day, final, revision=2, reported_at=morning(day, 1))
    detect(first=YESTERDAY)
    signal = only()
    assert (signal.observed, signal.details["late"]["rests_on"]) == (210, "completed")
    assert signal.details["figure"]["quality"] == "partial"


@pytest.mark.req("R13.56")
def test_a_past_run_with_estimates_gives_the_same_again(country: make.Country) -> None:
    series = country.series()
    grow(country, series, [*steady(59), 420])
    run = detect()
    country.observe(series, YESTERDAY, 500, revision=2, reported_at=make.NOW + DAY)
    second = detect(as_of=make.NOW + 2 * DAY, after=run)
    assert detection.replay(code=run.code).same
    assert detection.replay(code=second.code).same
    # Runs of before had no estimates: they are computed as they were.
    DetectionRun.objects.filter(pk=run.pk).update(
        settings={name: value for name, value in run.settings.items() if name != "late"}
    )
    assert not detection.replay(code=run.code).same


def test_weeks_are_completed_too(country: make.Country) -> None:
    series = country.series(cadence="week")
    monday = YESTERDAY - timedelta(days=YESTERDAY.weekday() + 7)
    for back in range(60):
        start = monday - timedelta(weeks=back)
        final = 200 + 2 * (back % 5)
        for revision, share in enumerate((0.5, 1.0), 1):
            told = morning(start + 6 * DAY) + timedelta(weeks=revision - 1)
            if told <= make.NOW:
                country.observe(
                    series, start, round(final * share), period_end=start + 6 * DAY, revision=revision, reported_at=told
                )
    detect()
    found = answer(monday)
    assert (found.rests_on, found.estimate) == ("waiting", pytest.approx(200, abs=6))


@pytest.mark.parametrize("finals", [[0] * 60, [10**9] * 60, [1, 0, 0] * 20, [200], [200] * 20, [0] * 59 + [10**9]])
def test_odd_counts_have_an_answer_or_a_reason(country: make.Country, finals: list[int]) -> None:
    series = country.series()
    grow(country, series, finals)
    run = detect()
    answered = list(Answer.objects.all())
    assert len(answered) == min(28, len(finals))
    assert all(one.method or one.reason for one in answered)
    assert all(one.estimate is None or one.estimate_low <= one.estimate_high for one in answered)
    assert detection.replay(code=run.code).same


def test_odd_reports_neither_break_nor_teach(country: make.Country) -> None:
    series = country.series()
    grow(country, series, steady(60))
    before = {one.period_start: one for one in _answers()}
    today = make.TODAY
    country.observe(series, today, 5, reported_at=make.NOW)  # of a day that is not over
    country.observe(series, YESTERDAY - 30 * DAY, 201, revision=9, reported_at=make.NOW - 29 * DAY)
    gone = YESTERDAY - DAY  # taken back: there is nothing to estimate
    Observation.objects.create(
        series=series, period_start=gone, period_end=gone, revision=9, state="withdrawn", origin="entry",
        reported_at=make.NOW, recorded_at=make.NOW,
    )  # fmt: skip
    after = {one.period_start: one for one in _answers()}
    assert (after[gone].estimate, after[gone].method) == (None, "")
    assert after[YESTERDAY].estimate == pytest.approx(before[YESTERDAY].estimate, abs=3)


def _answers() -> list[Answer]:
    detect()
    return list(Answer.objects.all())


def test_queries_do_not_grow_with_late_series(country: make.Country) -> None:
    def queries_of(run: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            detection.run(run, now=make.NOW)
        return len(caught)

    grow(country, country.series(), steady(60))
    detect()
    week = YESTERDAY - 6 * DAY  # so many answers are one statement, however many series
    one = queries_of(opened(week).pk)
    for place, measure in (("TL-BCP-SOU", "returns"), ("TL-BCP-NOR", "entries"), ("TL-BCP-SOU", "entries")):
        grow(country, country.series(place, measure), steady(60))
    assert queries_of(opened(week).pk) == one
    assert Answer.objects.exclude(estimate=None).count() == 8
