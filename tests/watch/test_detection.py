"""Detection: what is found, found once, and told again when the figures change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Refused
from pasaj.registry.models import Post
from pasaj.watch.models import DetectionRun, Measure, Observation, Signal, Threshold
from pasaj.watch.services import detection

DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]


def detect(
    first: date = YESTERDAY - 27 * DAY, last: date = YESTERDAY, as_of: datetime = make.NOW, measure: str = ""
) -> DetectionRun:
    run = detection.open_run(as_of=as_of, from_date=first, to_date=last, measure=measure, actor=SYSTEM, now=make.NOW)
    return detection.run(run.pk, now=make.NOW)


@pytest.fixture(autouse=True)
def only_the_north_is_expected(country: make.Country) -> None:
    Post.objects.filter(crossing=country.crossings["TL-BCP-SOU"]).update(retired_at=make.NOW)


def found(kind: str) -> list[Signal]:
    return list(Signal.objects.filter(kind=kind).order_by("pk"))


@pytest.mark.req("R1.6")
def test_a_jump_is_found_with_its_inputs(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*QUIET, 310])
    run = detect(first=YESTERDAY)
    (signal,) = found("unusual")
    baseline = QUIET[-9:-2]
    mean = sum(baseline) / 7
    spread = (sum((value - mean) ** 2 for value in baseline) / 6) ** 0.5
    assert (signal.code, signal.state, signal.direction, signal.method) == ("SG-2025-0001", "new", "up", "ears_c2")
    assert (signal.observed, signal.period_start, signal.crossing) == (310, YESTERDAY, country.crossings["TL-BCP-NOR"])
    assert signal.expected == pytest.approx(mean, abs=1e-9)
    assert signal.upper == pytest.approx(mean + 3.090232306167813 * spread, abs=1e-9)
    assert [one["value"] for one in signal.details["baseline"]] == baseline
    assert signal.details["baseline"][-1]["period"] == (YESTERDAY - 3 * DAY).isoformat()
    assert signal.inputs_as_of == make.NOW
    assert (run.state, run.signals_new, run.signals_known, run.series_seen) == ("done", 1, 0, 1)
    assert sorted(run.versions) == ["numpy", "pasaj", "python", "scipy"]
    assert [event.action for event in signal.events.all()] == ["found"]


@pytest.mark.req("R8.4")
def test_a_second_run_finds_nothing_new(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])
    detect()
    run = detect()
    assert (run.signals_new, run.signals_known) == (0, Signal.objects.count())
    assert [event.action for signal in Signal.objects.all() for event in signal.events.all()] == ["found"] * len(
        Signal.objects.all()
    )


def test_a_correction_is_told_with_old_and_new_numbers(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*QUIET, 310])
    detect(first=YESTERDAY)
    country.observe(series, YESTERDAY, 101, revision=2, reported_at=make.NOW + timedelta(hours=1))
    detect(first=YESTERDAY, as_of=make.NOW + timedelta(hours=2))
    (signal,) = found("unusual")
    assert (signal.observed, signal.details["still"], signal.state) == (101, False, "new")
    event = signal.events.get(action="recomputed")
    assert (event.details["old"]["observed"], event.details["new"]["observed"]) == (310, 101)
    assert (event.details["old"]["still"], event.details["new"]["still"]) == (True, False)


def test_a_run_that_looks_from_an_earlier_moment_changes_nothing_known_since(country: make.Country) -> None:
    series = country.series()
    country.year(series, [*QUIET, 310])
    country.observe(series, YESTERDAY, 400, revision=2, reported_at=make.NOW - timedelta(hours=1))
    detect(first=YESTERDAY)
    detect(first=YESTERDAY, as_of=make.NOW - timedelta(hours=5))
    (signal,) = found("unusual")
    assert (signal.observed, signal.events.count()) == (400, 1)


@pytest.mark.req("R6.1")
def test_only_what_was_known_is_looked_at(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])
    detect(first=YESTERDAY, as_of=datetime(2025, 9, 30, 20, tzinfo=UTC))
    assert found("unusual") == []


def test_gaps_still_answer_and_short_histories_say_so(country: make.Country) -> None:
    country.year(country.series(), [*QUIET[:7], None, 100, None, 96, 100, 98, 101, 310])
    country.year(country.series("TL-BCP-SOU"), [100, 104, 310])
    run = detect(first=YESTERDAY, measure="returns")
    assert [signal.crossing.code for signal in found("unusual") if signal.crossing] == ["TL-BCP-NOR"]
    assert run.refused == {"DETECT-101": 1}


@pytest.mark.req("R8.2")
@pytest.mark.parametrize(("alert_on", "expected"), [("up", []), ("down", ["down"]), ("both", ["down"]), ("none", [])])
def test_the_measure_says_which_way_counts(country: make.Country, alert_on: str, expected: list[str]) -> None:
    measure = country.measures["returns"]
    measure.alert_on = alert_on
    measure.save()
    country.year(country.series(), [*QUIET, 3])
    detect(first=YESTERDAY)
    assert [signal.direction for signal in found("unusual")] == expected


def test_published_months_take_part(country: make.Country) -> None:
    series = country.series("TL-N", source="PUB", cadence="month")
    months = [100, 90, 95, 105, 98, 102, 97, 103, 99, 180]
    for at, value in enumerate(months):
        first = date(2024, at + 1, 1)
        last = date(2024, at + 2, 1) - DAY
        country.observe(series, first, value, period_end=last, origin="pack", citation="note", reported_at=make.NOW)
    detect()
    (signal,) = found("unusual")
    assert (signal.period_start, signal.period_end, signal.area) == (
        date(2024, 10, 1),
        date(2024, 10, 31),
        country.areas["TL-N"],
    )
    assert signal.details["baseline"][0]["period"] == "2024-01"


def test_silence_is_one_signal_that_grows_and_ends(country: make.Country) -> None:
    series = country.series()
    country.year(country.series("TL-BCP-SOU"), [*QUIET, 100])
    country.year(series, [*QUIET[:11], None, None, None, None])
    detect(last=YESTERDAY - 2 * DAY, as_of=make.NOW - 2 * DAY)
    detect()
    (signal,) = found("silence")
    assert (signal.period_start, signal.period_end) == (YESTERDAY - 3 * DAY, YESTERDAY)
    assert (signal.crossing, signal.expected, signal.details["over"]) == (country.crossings["TL-BCP-NOR"], 4, False)
    assert [event.action for event in signal.events.order_by("pk")] == ["found", "recomputed"]
    for back in range(4):
        country.observe(series, YESTERDAY - back * DAY, 0, reported_at=make.NOW)
    detect()
    (signal,) = found("silence")
    assert (signal.details["still"], signal.details["over"]) == (False, True)


def test_a_source_that_used_to_report_is_missed_too(country: make.Country) -> None:
    """Nobody expects the network monitors in the pack; their habit does."""
    country.year(country.series(), [5] * 60)
    country.year(country.series(source="NET"), [5] * 30, last=YESTERDAY - 4 * DAY)
    country.year(country.series("TL-BCP-SOU", source="NET"), [5] * 10, last=YESTERDAY - 4 * DAY)
    detect()
    (signal,) = found("silence")
    assert (signal.details["post"], signal.details["institution"], signal.details["missed"]) == (
        "TL-BCP-NOR/NET",
        "AID",
        ["2025-09-27", "2025-09-28", "2025-09-29", "2025-09-30"],
    )


def test_one_forgotten_day_and_a_zero_report_are_no_silence(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, None])
    country.year(country.series(measure="entries"), [*QUIET[:12], None, 0, 0])
    detect()
    assert found("silence") == []


@pytest.mark.req("R8.3")
def test_sources_that_disagree(country: make.Country) -> None:
    country.observe(country.series(), YESTERDAY, 310)
    country.observe(country.series(source="NET"), YESTERDAY, 200)
    detect()
    (signal,) = found("conflict")
    assert [(one["source"], one["value"]) for one in signal.details["figures"]] == [("REG", 310), ("NET", 200)]
    assert (signal.lower, signal.upper, signal.details["difference"]) == (200, 310, 110)
    country.observe(country.series(source="NET"), YESTERDAY, 309, revision=2, reported_at=make.NOW)
    detect()
    (signal,) = found("conflict")
    assert (signal.details["still"], signal.events.count()) == (False, 2)


def threshold(country: make.Country, **fields: Any) -> Threshold:
    return Threshold.objects.create(
        **{
            "code": "FULL",
            "names": make.names("More people than places"),
            "measure": country.measures["returns"],
            "versus": country.measures["places"],
            "op": "ge",
            "factor": Decimal(1),
            "protection": True,
            "source": "test",
            **fields,
        }
    )


@pytest.mark.req("R1.10")
def test_a_capacity_is_reached(country: make.Country) -> None:
    threshold(country)
    country.observe(country.series(measure="places"), YESTERDAY - 3 * DAY, 50)
    country.observe(country.series(), YESTERDAY - DAY, 49)
    country.observe(country.series(), YESTERDAY, 51)
    detect()
    (signal,) = found("capacity")
    assert (signal.observed, signal.upper, signal.protection, signal.period_start) == (51, 50, True, YESTERDAY)
    assert signal.details["versus_day"] == (YESTERDAY - 3 * DAY).isoformat()


def test_queries_do_not_grow_with_the_series(country: make.Country) -> None:
    threshold(country)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            detect()
        return len(caught)

    country.year(country.series(), QUIET)
    detect()  # the counters' first rows
    one = queries()
    for place, measure in (("TL-BCP-SOU", "returns"), ("TL-BCP-NOR", "entries"), ("TL-BCP-SOU", "entries")):
        country.year(country.series(place, measure), QUIET)
    assert queries() == one


def test_a_cancelled_run_keeps_what_it_found(country: make.Country, cast: make.Cast) -> None:
    country.year(country.series(), [*QUIET, 310])
    run = detection.open_run(
        as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=cast.actor("duty"), now=make.NOW
    )

    def stop(done: int, total: int) -> None:
        detection.cancel(code=run.code, actor=cast.actor("duty"), now=make.NOW)

    stopped = detection.run(run.pk, now=make.NOW, progress=stop)
    assert (stopped.state, stopped.done, stopped.signals_new) == ("cancelled", 1, 1)
    assert detection.run(run.pk, now=make.NOW).state == "cancelled"


def test_a_killed_run_goes_on_where_it_stopped(country: make.Country) -> None:
    country.year(country.series(), [*QUIET, 310])
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)

    def die(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detection.run(run.pk, now=make.NOW, progress=die)
    half = DetectionRun.objects.get()
    assert (half.state, half.done) == ("running", 1)
    whole = detection.run(run.pk, now=make.NOW)
    assert (whole.state, whole.done, whole.signals_new, whole.series_seen) == ("done", whole.total, 1, 1)


def test_a_run_that_cannot_be_is_refused(country: make.Country) -> None:
    with pytest.raises(Refused) as wrong_dates:
        detect(first=YESTERDAY, last=YESTERDAY - DAY)
    with pytest.raises(Refused) as wrong_measure:
        detect(measure="nothing")
    country.home.detect = {"methods": ["magic"]}
    country.home.save()
    with pytest.raises(Refused) as wrong_method:
        detect()
    codes = [error.value.problems[0].code for error in (wrong_dates, wrong_measure, wrong_method)]
    assert codes == ["CLI-025", "OBS-008", "DETECT-001"]
    assert DetectionRun.objects.count() == 0


def test_rows_not_yet_applied_are_not_seen(country: make.Country) -> None:
    from pasaj.watch.models import Import

    country.year(country.series(), QUIET, last=YESTERDAY - DAY)
    batch = Import.objects.create(code="IM-2025-0001", filename="a.csv", sha256="0" * 64, requested_at=make.NOW)
    country.observe(country.series(), YESTERDAY, 310, batch=batch)
    detect(first=YESTERDAY)
    assert found("unusual") == []
    assert Observation.objects.filter(batch=batch).count() == 1


def test_a_method_without_such_a_preset_fails_the_run_and_says_so(country: make.Country) -> None:
    country.year(country.series(), QUIET)
    country.home.detect = {"methods": ["ears_c9"]}
    country.home.save()
    with pytest.raises(Refused):
        detect()
    run = DetectionRun.objects.get()
    assert (run.state, [one["code"] for one in run.problems], run.finished_at is None) == (
        "failed",
        ["DETECT-001"],
        False,
    )


def test_sources_that_count_their_own_do_not_contradict_each_other(country: make.Country) -> None:
    country.observe(country.series(measure="staff"), YESTERDAY, 4)
    country.observe(country.series(measure="staff", source="NET"), YESTERDAY, 40)
    detect(first=YESTERDAY)
    assert len(found("conflict")) == 1
    Signal.objects.all().update(details={"figures": []})
    Measure.objects.filter(code="staff").update(per_source=True)
    country.observe(country.series(measure="staff"), YESTERDAY - DAY, 4)
    country.observe(country.series(measure="staff", source="NET"), YESTERDAY - DAY, 40)
    detect(first=YESTERDAY - DAY)
    assert len(found("conflict")) == 1


def test_a_limit_beside_ones_own_posts_is_not_that_of_another_service(country: make.Country) -> None:
    places, staff = country.measures["places"], country.measures["staff"]
    Threshold.objects.create(code="few", names=make.names("Few"), measure=staff, op="le", versus=places, factor="0.7")
    country.observe(country.series(measure="staff"), YESTERDAY, 4)
    country.observe(country.series(measure="places", source="NET"), YESTERDAY, 40)
    detect(first=YESTERDAY)
    assert len(found("capacity")) == 1
    Measure.objects.update(per_source=True)
    country.observe(country.series(measure="staff"), YESTERDAY - DAY, 4)
    country.observe(country.series(measure="places", source="NET"), YESTERDAY - DAY, 40)
    detect(first=YESTERDAY - DAY, last=YESTERDAY - DAY)
    assert len(found("capacity")) == 1
