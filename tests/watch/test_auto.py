"""Detection by the method that fits each series: answers kept, false alerts held back, episodes, replays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Refused
from pasaj.registry.models import Post
from pasaj.watch import jobs
from pasaj.watch.models import Answer, DetectionRun, Episode, Observation, Signal
from pasaj.watch.queries import episodes as episodes_in_words
from pasaj.watch.queries import series as queries
from pasaj.watch.queries import signals as words
from pasaj.watch.services import detection
from pasaj.watch.services.detection import decide

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def chosen_by_series(country: make.Country) -> None:
    Post.objects.update(retired_at=make.NOW)
    country.home.detect = {"methods": ["auto"]}
    country.home.save()


def opened(
    first: date = YESTERDAY - 27 * DAY, as_of: datetime = make.NOW, after: DetectionRun | None = None, measure: str = ""
) -> DetectionRun:
    return detection.open_run(
        as_of=as_of, from_date=first, to_date=YESTERDAY, measure=measure, after=after, actor=SYSTEM, now=make.NOW
    )


def detect(**how: Any) -> DetectionRun:
    return detection.run(opened(**how).pk, now=make.NOW)


def only(kind: str = "unusual") -> Signal:
    (signal,) = Signal.objects.filter(kind=kind)
    return signal


@pytest.mark.req("R13.43")
def test_a_young_series_is_judged_by_the_days_before_and_says_so(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])
    run = detect(first=YESTERDAY)
    signal = only()
    assert (signal.method, signal.direction, signal.observed) == ("ears_c2", "up", 310)
    assert signal.details["choice"] == {"code": "short", "reported": 15}
    assert (signal.details["basis"], len(signal.details["baseline"])) == (
        {"kind": "before", "gap": 2, "number": 12},
        12,
    )
    assert signal.details["record"]["highest"] == {"number": 14, "ever": True, "since": "2025-09-16"}
    assert words.choice(signal).startswith("15 reported periods, too few for a model")
    assert (run.chosen, run.refused, run.withheld, run.series_seen) == ({"ears_c2": 1}, {}, 0, 1)
    assert len(run.digest) == 64
    answer = Answer.objects.get()
    assert (answer.alarm, answer.method, answer.upper, answer.run) == (True, "ears_c2", signal.upper, run)


def test_the_record_is_told_where_it_says_something(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, *QUIET, 310])
    detect(first=YESTERDAY)
    assert words.sentence(only()).endswith("from the 26 days before the last two; the highest in 28 days.")


def test_every_period_asked_about_has_an_answer_or_a_reason(country: make.Country) -> None:
    country.year(country.series(), [100, 102, 310])
    run = detect()
    rows = {one.period_start: one for one in Answer.objects.all()}
    assert sorted(rows) == [YESTERDAY - 2 * DAY, YESTERDAY - DAY, YESTERDAY]
    assert {one.reason for one in rows.values()} == {"DETECT-101"}
    assert run.refused == {"DETECT-101": 3}
    assert Signal.objects.filter(kind="unusual").count() == 0


def test_three_years_of_weeks_are_judged_by_the_same_weeks(country: make.Country) -> None:
    series = country.series(cadence="week")
    monday = YESTERDAY - timedelta(days=YESTERDAY.weekday() + 7)
    for back in range(170):
        start = monday - timedelta(weeks=back)
        value = 300 if back == 0 else 100 + (back * 7) % 11
        country.observe(series, start, value, period_end=start + 6 * DAY)
    run = detect()
    assert set(run.chosen) == {"farrington"}
    signal = only()
    assert (signal.method, signal.details["choice"]) == ("farrington", {"code": "weeks", "years": 3})
    assert signal.details["basis"] == {"kind": "years", "years": 3, "number": 21}
    assert "from the same weeks of 3 years; the highest in 169 weeks." in words.sentence(signal)


@pytest.mark.req("R13.44")
def test_among_many_series_what_may_be_chance_is_held_back(country: make.Country) -> None:
    for category in range(40):
        country.year(country.series(category=f"c{category}"), [*QUIET, 100])
    country.home.detect = {"methods": ["auto"], "false_discoveries": 0.001}
    country.home.save()
    detect()  # all quiet: these are what the two that follow are weighed among
    weak = country.series(category="c1")
    strong = country.series(category="c2")
    for series, value in ((weak, 111), (strong, 200)):
        country.observe(series, YESTERDAY, value, revision=2, reported_at=make.NOW)
    run = detect(first=YESTERDAY)
    assert (only().series, run.withheld) == (strong, 1)
    assert Answer.objects.get(series=weak, period_start=YESTERDAY).alarm
    assert only().details["q_value"] < 0.001
    # Where people's protection is at stake it is told all the same.
    weak.measure.protection = True
    weak.measure.save()
    assert detect(first=YESTERDAY).withheld == 0
    assert set(Signal.objects.values_list("series__category", flat=True)) == {"c1", "c2"}


@pytest.mark.req("R13.71")
def test_counts_that_are_seldom_small_by_chance_do_not_hide_the_one_that_is(country: make.Country) -> None:
    for category in range(120):
        country.year(country.series(category=f"c{category}"), [*[0] * (19 if category == 7 else 9), 1] * 4)
    country.observe(country.series(category="c7"), YESTERDAY, 3, revision=2, reported_at=make.NOW)
    country.home.detect = {"methods": ["auto"], "false_discoveries": 0.003}
    country.home.save()
    run = detect(first=YESTERDAY)
    answer = Answer.objects.get(series__category="c7")
    assert (answer.method, len(answer.attainable)) == ("rare", 5)
    assert (answer.p_value or 1) * 120 > 0.003  # as if every p-value could occur, it would be held back
    assert (only().series, run.withheld) == (answer.series, 0)
    assert only().details["q_value"] < 0.003
    # Without what they could have been, the answers are weighed as before.
    Answer.objects.update(attainable=None)
    assert decide.verdicts(run).q_values[answer.pk] > 0.003
    # An answer that keeps a reason is not one of the family.
    Answer.objects.exclude(pk=answer.pk).update(reason="DETECT-111")
    assert set(decide.verdicts(run).q_values) == {answer.pk}


@pytest.mark.req("R13.72")
def test_one_is_enough_where_the_pack_says_so(country: make.Country) -> None:
    measure = country.measures["returns"]
    measure.always_from, measure.alert_on = 1, "up"
    measure.save()
    country.home.detect = {"methods": ["auto"], "false_discoveries": 0.0001}
    country.home.save()
    # One of them without a history, one with one in which it is no rarity, and one with nothing.
    for place, values in (("TL-BCP-NOR", [0, 1]), ("TL-BCP-SOU", [0, 1] * 20)):
        country.year(country.series(place), values)
    country.year(country.series("TL-BCP-SOU", category="women"), [0] * 20)
    run = detect(first=YESTERDAY)
    assert (run.withheld, run.chosen["rare"]) == (0, 3)
    young, old = Signal.objects.filter(kind="unusual").order_by("crossing__code")
    assert (young.p_value, young.expected, young.direction) == (None, None, "up")
    assert (old.p_value or 0) > 0.1
    assert words.sentence(old).endswith("the pack warns from 1 on.")
    assert words.line(young).against == "warning from 1 on"
    assert words.choice(young).startswith("The pack warns from 1 on, whatever is usual")
    assert Episode.objects.count() == 2


@pytest.mark.req("R13.45")
def test_after_an_earlier_run_only_what_changed_is_looked_at(country: make.Country) -> None:
    for place in ("TL-BCP-NOR", "TL-BCP-SOU"):
        country.year(country.series(place), [*QUIET, 100])
    first = detect()
    assert first.series_seen == 2
    assert detection.last_run(before=make.NOW + HOUR) == first
    nothing = detect(as_of=make.NOW + HOUR, after=first)
    assert (nothing.series_seen, nothing.answers.count()) == (0, 0)
    late = YESTERDAY - 2 * DAY
    country.observe(country.series(), late, 310, revision=2, reported_at=make.NOW + 2 * HOUR)
    third = detect(as_of=make.NOW + 3 * HOUR, after=first)
    assert third.series_seen == 1
    # From the changed day on: later days are compared with it.
    assert sorted(third.answers.values_list("period_start", flat=True)) == [late, late + DAY, YESTERDAY]
    assert only().period_start == late


def test_a_changed_setting_is_looked_at_in_every_series_again(country: make.Country) -> None:
    country.year(country.series(), QUIET)
    detect()
    assert detection.last_run(before=make.NOW + HOUR) is not None
    country.measures["returns"].sensitivity = "early"
    country.measures["returns"].save()
    assert detection.last_run(before=make.NOW + HOUR) is None


def test_the_daily_run_goes_on_from_the_last_one(country: make.Country) -> None:
    country.year(country.series(), QUIET)
    earlier = detect(as_of=make.NOW - 3 * DAY)
    DetectionRun.objects.filter(pk=earlier.pk).update(to_date=YESTERDAY - 40 * DAY)
    jobs.detect_daily(make.NOW)
    run = DetectionRun.objects.latest("pk")
    assert (run.after, run.from_date) == (earlier, YESTERDAY - 39 * DAY)


def test_the_settings_of_a_measure_choose_its_method(country: make.Country) -> None:
    measure = country.measures["returns"]
    measure.method, measure.sensitivity = "ears_c1", "early"
    measure.save()
    country.year(country.series(), [*QUIET, 310])
    detect(first=YESTERDAY)
    signal = only()
    assert (signal.method, signal.parameters["variant"], signal.parameters["alpha"]) == ("ears_c1", "C1", 0.005)
    assert signal.details["choice"] == {"code": "set"}
    assert signal.details["baseline"][-1]["period"] == (YESTERDAY - DAY).isoformat()


@pytest.mark.req("R13.46")
def test_a_past_run_gives_the_same_answers_again(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*QUIET, 310])
    run = detect()
    country.observe(series, YESTERDAY, 100, revision=2, reported_at=make.NOW + HOUR)
    country.measures["returns"].alert_on = "none"
    country.measures["returns"].save()
    found = detection.replay(code=run.code)
    assert (found.same, found.changed, found.digest) == (True, (), run.digest)
    DetectionRun.objects.filter(pk=run.pk).update(versions={**run.versions, "numpy": "1.0"}, digest="0" * 64)
    other = detection.replay(code=run.code)
    assert not other.same
    assert other.changed[0].startswith("numpy 1.0 → ")


def test_a_run_without_kept_answers_cannot_be_replayed(country: make.Country) -> None:
    country.year(country.series(), QUIET)
    country.home.detect = {"methods": ["ears_c2"]}
    country.home.save()
    for code in (detect().code, "DR-1999-0001"):
        with pytest.raises(Refused) as refused:
            detection.replay(code=code)
        assert [one.code for one in refused.value.problems] == ["DETECT-007"]


def test_a_killed_run_goes_on_in_every_phase(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])

    def die(done: int, total: int) -> None:
        raise KeyboardInterrupt

    run = opened(first=YESTERDAY)
    ended: list[DetectionRun] = []
    while not ended:
        try:
            ended.append(detection.run(run.pk, now=make.NOW, progress=die))
        except KeyboardInterrupt:
            assert DetectionRun.objects.get(pk=run.pk).state == "running"
    (done,) = ended
    assert (done.state, done.done, done.signals_new, done.series_seen, done.chosen) == (
        "done", done.total, 1, 1, {"ears_c2": 1},
    )  # fmt: skip
    assert done.digest == detection.replay(code=run.code).digest
    assert Episode.objects.count() == 1


@pytest.mark.req("R13.40")
def test_signals_that_follow_one_another_are_one_episode_that_keeps_its_code(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*QUIET, *[100] * 5, 310, 100, 290, 100, 100, 100, 100])
    detect()
    (episode,) = Episode.objects.all()
    assert (episode.code, episode.direction, episode.periods, episode.running) == ("EP-2025-0001", "up", 2, False)
    assert (episode.peak, episode.end_date - episode.start_date) == (310, 2 * DAY)
    assert set(Signal.objects.filter(kind="unusual").values_list("episode", flat=True)) == {episode.pk}
    assert episodes_in_words.line(episode).sentence.startswith("2 unusual days; furthest on ")
    country.observe(series, episode.start_date, 101, revision=2, reported_at=make.NOW + HOUR)
    detect(as_of=make.NOW + 2 * HOUR)
    (again,) = Episode.objects.all()
    assert (again.code, again.periods, again.peak) == ("EP-2025-0001", 1, 290)
    gone = Signal.objects.get(period_start=episode.start_date, kind="unusual")
    assert (gone.episode, gone.severity, gone.details["still"]) == (None, 0, False)
    country.observe(series, again.start_date, 101, revision=2, reported_at=make.NOW + 3 * HOUR)
    detect(as_of=make.NOW + 4 * HOUR)
    assert Episode.objects.count() == 0


@pytest.mark.req("R13.41")
def test_severity_shows_the_rule_that_gave_it(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])
    detect(first=YESTERDAY)
    signal = only()
    assert signal.severity == 3
    grade, parts = episodes_in_words.severity(signal)
    assert (grade, [(part.name, part.points) for part in parts]) == (
        "Severe",
        [("How far from what was expected", 3), ("How certain", 1), ("People's protection", 0),
         ("Unusual periods so far", 0)],
    )  # fmt: skip
    assert parts[0].value == "3.1 times"
    signal.severity = 0
    assert episodes_in_words.severity(signal) == ("", [])


def test_a_figure_taken_back_ends_its_signal(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*QUIET, 310])
    detect(first=YESTERDAY)
    Observation.objects.create(
        series=series, period_start=YESTERDAY, period_end=YESTERDAY, revision=2, state="withdrawn", origin="entry",
        reported_at=make.NOW + HOUR, recorded_at=make.NOW,
    )  # fmt: skip
    detect(first=YESTERDAY, as_of=make.NOW + 2 * HOUR)
    assert (only().details["still"], only().method) == (False, "ears_c2")


def test_the_series_page_shows_what_detection_found_usual(country: make.Country, cast: make.Cast) -> None:
    series = country.series()
    country.year(series, [*QUIET, 310])
    detect()
    settings = country.home.detect

    def usual(who: str) -> list[Any]:
        figures = queries.figures(series, cast.actor(who), YESTERDAY, YESTERDAY, settings)
        return [one.usual for one in figures]

    (found,) = usual("analyst")
    assert found.upper == Answer.objects.get(period_start=YESTERDAY).upper
    assert usual("partner") == []


def test_queries_do_not_grow_with_the_series(country: make.Country) -> None:
    def queries_of(run: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            detection.run(run, now=make.NOW)
        return len(caught)

    for place in ("TL-BCP-NOR", "TL-BCP-SOU"):  # what has only begun asks for its neighbours, all of it at once
        country.year(country.series(place), QUIET)
    detect()
    week = YESTERDAY - 6 * DAY  # so many answers are one statement, however many series
    one = queries_of(opened(week).pk)
    for place, measure in (("TL-BCP-NOR", "entries"), ("TL-BCP-SOU", "entries")):
        country.year(country.series(place, measure), QUIET)
    assert queries_of(opened(week).pk) == one
