"""Levels of series: since when, from what to what; and a signal of a change that no unusual count tells of."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
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
from pasaj.watch.models import DetectionRun, Level, Series, Signal
from pasaj.watch.queries import levels, signals
from pasaj.watch.services import detection
from pasaj.watch.services.detection import shifts

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YESTERDAY = make.TODAY - DAY
DAYS = 120


def swing(day: int) -> int:
    """A quiet unevenness of about a tenth, the same in every test."""
    return (day * 37 + (day * day) % 11 * 13) % 41 - 20


def slow() -> list[int | None]:
    """A hundred a day, which from the 81st day on grows by half within three weeks: no day of it is unusual."""
    return [round(100 + swing(day) + 50 * min(1.0, max(0, day - 80) / 20)) for day in range(DAYS)]


def detect(as_of: Any = make.NOW, last: date = YESTERDAY, first: date = YESTERDAY - 27 * DAY) -> DetectionRun:
    run = detection.open_run(as_of=as_of, from_date=first, to_date=last, actor=SYSTEM, now=make.NOW)
    return detection.run(run.pk, now=make.NOW)


def found() -> list[Signal]:
    return list(Signal.objects.filter(kind="shift").order_by("pk"))


@pytest.fixture
def rising(country: make.Country) -> Series:
    Post.objects.update(retired_at=make.NOW)
    series = country.series()
    country.year(series, slow())
    return series


@pytest.mark.req("R13.63")
@pytest.mark.req("R13.64")
def test_a_slow_rise_is_another_level_and_a_signal(rising: Series) -> None:
    run = detect()
    level = Level.objects.get()
    start = make.TODAY - DAYS * DAY
    assert start + 80 * DAY < level.since_date < start + 100 * DAY
    assert (level.series, level.run, level.first_date, level.last_date) == (rising, run, start, YESTERDAY)
    assert (level.old, level.new) == (pytest.approx(101, abs=4), pytest.approx(148, abs=5))
    assert level.before + level.after == DAYS
    assert not Signal.objects.filter(kind="unusual", direction="up", period_end__gte=level.since_date - 7 * DAY)
    (signal,) = found()
    assert (signal.direction, signal.observed, signal.expected) == ("up", level.new, level.old)
    assert (signal.period_start, signal.period_end, signal.crossing) == (
        level.since_date, YESTERDAY, rising.crossing,
    )  # fmt: skip
    assert signal.p_value == level.p_value < 0.001


@pytest.mark.req("R13.65")
def test_further_runs_renew_the_level_and_tell_nothing_twice(rising: Series, country: make.Country) -> None:
    detect(last=YESTERDAY - 3 * DAY, as_of=make.NOW - 3 * DAY)
    first = Level.objects.get().last_date
    detect()
    assert Level.objects.get().last_date == first + 3 * DAY == YESTERDAY
    assert [[event.action for event in one.events.all()] for one in found()] == [["found"]]
    # A run that ends earlier, or looks from an earlier moment, leaves what a later one found.
    run = Level.objects.get().run
    detect(last=YESTERDAY - 3 * DAY, as_of=make.NOW + HOUR)
    detect(as_of=make.NOW - HOUR)
    assert Level.objects.get().run == run


def test_a_level_that_moves_is_told_again_with_old_and_new_numbers(rising: Series, country: make.Country) -> None:
    detect()
    for back in range(25):
        value = 260 + swing(back)
        country.observe(rising, YESTERDAY - back * DAY, value, revision=2, reported_at=make.NOW + HOUR)
    detect(as_of=make.NOW + 2 * HOUR)
    (signal,) = found()
    event = signal.events.get(action="recomputed")
    assert event.details["old"]["observed"] < 160 < 230 < event.details["new"]["observed"]
    assert signal.details["still"]


def test_a_change_that_was_taken_back_is_said_to_be_found_no_more(rising: Series, country: make.Country) -> None:
    detect()
    for back in range(45):
        country.observe(
            rising, YESTERDAY - back * DAY, 100 + swing(DAYS - 1 - back), revision=2, reported_at=make.NOW + HOUR
        )
    detect(as_of=make.NOW + 2 * HOUR)
    assert not Level.objects.exists()
    (signal,) = found()
    assert not signal.details["still"]
    # When it comes back, the same signal stands again.
    for back in range(45):
        row = slow()[DAYS - 1 - back]
        country.observe(rising, YESTERDAY - back * DAY, row or 0, revision=3, reported_at=make.NOW + 3 * HOUR)
    detect(as_of=make.NOW + 4 * HOUR)
    assert [one.details["still"] for one in found()] == [True]


@pytest.mark.req("R13.64")
def test_a_jump_that_an_unusual_count_tells_of_is_no_second_signal(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)
    country.year(country.series(), [100 + swing(day) + (200 if day >= 90 else 0) for day in range(DAYS)])
    detect(first=YESTERDAY - 60 * DAY)
    assert Level.objects.get().since_date == make.TODAY - 30 * DAY
    assert Signal.objects.filter(kind="unusual", direction="up", period_start=make.TODAY - 30 * DAY).exists()
    assert found() == []


@pytest.mark.parametrize(("alert_on", "number"), [("up", 1), ("both", 1), ("down", 0)])
def test_the_measure_says_which_way_counts(rising: Series, alert_on: str, number: int) -> None:
    rising.measure.alert_on = alert_on
    rising.measure.save()
    detect()
    assert (Level.objects.count(), len(found())) == (1, number)


def test_small_old_and_too_young_changes_are_no_signals(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)
    country.year(country.series(), [1000 + swing(day) + (120 if day >= 80 else 0) for day in range(DAYS)])
    country.year(country.series("TL-BCP-SOU"), [100 + swing(day) + (60 if day >= 40 else 0) for day in range(DAYS)])
    country.year(country.series(measure="entries"), [100 + swing(day) for day in range(DAYS)])
    country.year(country.series("TL-BCP-SOU", measure="entries"), [5, 6, 7])
    detect(first=YESTERDAY)
    assert sorted(Level.objects.values_list("series__crossing__code", flat=True)) == ["TL-BCP-NOR", "TL-BCP-SOU"]
    assert found() == []


@pytest.mark.req("R13.65")
def test_a_killed_run_goes_on(rising: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shifts.judge
    monkeypatch.setattr(shifts, "judge", lambda *_args: 1 / 0)
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    with pytest.raises(ZeroDivisionError):
        detection.run(run.pk, now=make.NOW)
    monkeypatch.setattr(shifts, "judge", whole)
    assert detection.run(run.pk, now=make.NOW).state == "done"
    assert (Level.objects.count(), len(found())) == (1, 1)


def test_queries_do_not_grow_with_series(rising: Series, country: make.Country) -> None:
    run = detect()

    def queries(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as seen:
            shifts.judge(run, ids)
        return len(seen)

    few = queries([rising.pk])
    more = [country.series(category=f"c{at}") for at in range(5)]
    for series in more:
        country.year(series, slow())
    assert queries([rising.pk, *(one.pk for one in more)]) == few
    assert Level.objects.count() == 6


@pytest.mark.req("R13.63")
def test_the_pages_and_the_api_tell_the_level(rising: Series, as_: Callable[[str], Client]) -> None:
    detect()
    level, (signal,) = Level.objects.get(), found()
    duty = as_("duty")
    page = duty.get(reverse("watch:series", args=[rising.code]))
    said = levels.Line(level, "", rises=True)
    assert "Higher level (estimate)" in page.content.decode()
    since = signals.since(level.since_date, "day")
    assert f"Since {since} about {level.new:.0f} persons a day; before, about {level.old:.0f}" in page.content.decode()
    steps = levels.steps(said, page.context["figures"])
    assert [one["date"] for one in steps] == [
        page.context["figures"][0].start.isoformat(), level.since_date.isoformat(), YESTERDAY.isoformat(),
    ]  # fmt: skip
    assert [one["value"] for one in steps] == [round(level.old, 2), round(level.new, 2), round(level.new, 2)]
    assert steps in [layer.get("data", {}).get("values") for layer in page.context["spec"]["layer"]]
    own = duty.get(reverse("watch:signal", args=[signal.code])).content.decode()
    for text in ("a day at Northgate since", "Old level (estimate)", "docs/methods/level-shift.md"):
        assert text in own
    assert signal.code in duty.get(reverse("watch:signal-list") + "?kind=shift").content.decode()
    assert signal.code in duty.get("/").content.decode()
    (row,) = json.loads(b"".join(duty.get("/api/v1/levels?measure=returns").streaming_content))
    assert (row["series"], row["since_date"], row["new"]) == (rising.code, level.since_date.isoformat(), level.new)
    assert as_("chief").get(reverse("watch:series", args=[rising.code])).context["level"] is not None
    assert json.loads(b"".join(as_("partner").get("/api/v1/levels").streaming_content)) == []


def test_the_steps_are_cut_to_the_dates_shown(rising: Series, as_: Callable[[str], Client]) -> None:
    detect()
    level = Level.objects.get()
    figures = as_("duty").get(reverse("watch:series", args=[rising.code])).context["figures"]
    said = levels.Line(level, "", rises=True)
    after = [one for one in figures if one.start > level.since_date]
    assert {one["value"] for one in levels.steps(said, after)} == {round(level.new, 2)}
    before = [one for one in figures if one.start < level.since_date]
    assert {one["value"] for one in levels.steps(said, before)} == {round(level.old, 2)}
    assert levels.steps(said, figures[:1]) == levels.steps(said, []) == levels.steps(None, figures) == []


@pytest.mark.parametrize("cadence", ["day", "week", "month"])
def test_levels_and_signals_are_said_in_every_language(rising: Series, cadence: str) -> None:
    detect()
    level, (signal,) = Level.objects.get(), found()
    rising.cadence = cadence
    assert signal.series
    signal.series.cadence = cadence
    said = set()
    for language in ("fr", "ht", "en", "es"):
        with translation.override(language):
            said |= {levels._sentence(rising, level), signals.sentence(signal)}
            assert "before" not in signals.line(signal).against or language == "en"
    assert len(said) == 8
    assert signals.line(signal).observed == f"{level.new:.0f}"


def test_weeks_and_months_have_levels_too(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)
    week = country.series(cadence="week")
    monday = YESTERDAY - (YESTERDAY.weekday() + 7) * DAY
    for back in range(60):
        value = (700 if back < 12 else 400) + 2 * swing(back)
        country.observe(week, monday - back * 7 * DAY, value, period_end=monday - (back * 7 - 6) * DAY)
    detect(first=YESTERDAY)
    assert Level.objects.get(series=week).since_date == monday - 11 * 7 * DAY
    (signal,) = found()
    assert signal.period_end == monday + 6 * DAY
    assert "a week at Northgate since the week of" in signals.sentence(signal)
