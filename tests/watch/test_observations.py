"""Figures: reported, corrected, taken back; never overwritten, never lost to a race."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import IntegrityError, connection, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.periods import Period, containing
from pasaj.core.problems import Refused
from pasaj.watch.models import Observation, Series
from pasaj.watch.queries import figures
from pasaj.watch.services import observations
from pasaj.watch.services.observations import Entry, SeriesKey

YESTERDAY = make.TODAY - timedelta(days=1)
KEY = SeriesKey("TL-BCP-NOR", "returns", source="REG")


def report(value: int | str | None, day: date = YESTERDAY, **fields: Any) -> Observation:
    fields.setdefault("series_key", KEY)
    fields.setdefault("expected_revision", None)
    return observations.report(
        period=Period(day, day),
        value=None if value is None else Decimal(value),
        actor=SYSTEM,
        now=make.NOW,
        **fields,
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.problems]


def test_a_report_makes_its_series_and_an_audit_entry(country: make.Country) -> None:
    made = report(12)
    assert (made.revision, made.value, made.state, made.origin) == (1, Decimal(12), "reported", "entry")
    assert made.series.code == "TL-BCP-NOR.returns.in.total.REG.day"
    assert made.reported_at == make.NOW
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.code) == ("observation.reported", made.series.code)


@pytest.mark.req("R6.1")
def test_a_correction_is_a_new_revision_and_the_past_stays(country: make.Country) -> None:
    first = report(12)
    later = make.NOW + timedelta(hours=3)
    second = observations.correct(
        observation=first, value=Decimal(14), expected_revision=1, actor=SYSTEM, now=later, note="recounted"
    )
    assert (second.revision, second.value) == (2, Decimal(14))
    assert [one.value for one in Observation.objects.known_at(make.NOW)] == [Decimal(12)]
    assert [one.value for one in Observation.objects.known_at(later)] == [Decimal(14)]
    assert [one.pk for one in Observation.objects.current()] == [second.pk]


def test_the_same_again_changes_nothing(country: make.Country) -> None:
    first = report(12)
    assert report(12, expected_revision=0).pk == first.pk
    assert (Observation.objects.count(), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.req("R6.2")
def test_zero_not_reported_and_not_applicable_differ(country: make.Country) -> None:
    zero = report(0)
    never = report(None, YESTERDAY - timedelta(days=1), state="na")
    back = observations.withdraw(observation=zero, note="wrong post", expected_revision=1, actor=SYSTEM, now=make.NOW)
    assert [(one.state, one.value) for one in (zero, never, back)] == [
        ("reported", Decimal(0)),
        ("na", None),
        ("withdrawn", None),
    ]
    assert back.revision == 2


@pytest.mark.parametrize(("value", "code"), [("-4", "OBS-003"), ("2.5", "OBS-004"), ("1000000001", "OBS-012")], ids=str)
def test_values_a_count_cannot_have(country: make.Country, value: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        report(value)
    assert codes(refused) == [code]
    assert (Observation.objects.count(), Series.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (SeriesKey("NOWHERE", "returns", source="REG"), "OBS-006"),
        (SeriesKey("TL-BCP-NOR", "elephants", source="REG"), "OBS-008"),
        (SeriesKey("TL-BCP-NOR", "returns", category="tall", source="REG"), "OBS-009"),
        (SeriesKey("TL-BCP-NOR", "returns", direction="up", source="REG"), "OBS-010"),
        (SeriesKey("TL-BCP-NOR", "returns", source="XXX"), "OBS-011"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_unknown_codes(country: make.Country, key: SeriesKey, code: str) -> None:
    with pytest.raises(Refused) as refused:
        report(3, series_key=key)
    assert codes(refused) == [code]


def test_a_day_that_has_not_begun(country: make.Country) -> None:
    with pytest.raises(Refused) as refused:
        report(3, make.TODAY + timedelta(days=1))
    assert codes(refused) == ["OBS-002"]
    assert report(3, make.TODAY).revision == 1


def test_a_value_far_from_usual_asks_to_be_confirmed(country: make.Country) -> None:
    country.year(
        country.series(), [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100], YESTERDAY - timedelta(1)
    )
    for mistyped in (1000, 10):
        with pytest.raises(Refused) as refused:
            report(mistyped)
        assert codes(refused) == ["OBS-014"]
    assert report(110).revision == 1
    assert report(1000, confirmed=True).value == Decimal(1000)


def test_small_numbers_are_not_asked_about(country: make.Country) -> None:
    country.year(country.series(), [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1], YESTERDAY - timedelta(1))
    assert report(0).revision == 1
    assert report(8).revision == 2
    with pytest.raises(Refused):
        report(40)


def test_all_or_none_with_every_problem(country: make.Country) -> None:
    period = Period(YESTERDAY, YESTERDAY)
    entries = [
        Entry(KEY, period, Decimal(5), field="a"),
        Entry(SeriesKey("TL-BCP-NOR", "entries", source="REG"), period, Decimal(-1), field="b"),
        Entry(SeriesKey("TL-BCP-NOR", "children", source="REG"), period, Decimal("0.5"), field="c"),
    ]
    with pytest.raises(Refused) as refused:
        observations.report_all(entries=entries, actor=SYSTEM, now=make.NOW)
    assert [(one.code, one.column) for one in refused.value.problems] == [("OBS-003", "b"), ("OBS-004", "c")]
    assert Observation.objects.count() == 0


def test_an_old_revision_in_hand_is_refused_and_says_what_stands(country: make.Country) -> None:
    report(12)
    report(13, expected_revision=1)
    with pytest.raises(Refused) as refused:
        report(14, expected_revision=1)
    assert [(one.code, one.values()["current"]) for one in refused.value.problems] == [("OBS-013", "13")]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_never_overwrite_each_other(country: make.Country) -> None:
    """Both saw revision 1; real connections, many tries: each time exactly one wins, one is told."""
    report(12)
    for turn in range(1, 6):
        outcomes: list[str] = []
        start = threading.Barrier(2)

        def save(
            value: int, turn: int = turn, start: threading.Barrier = start, outcomes: list[str] = outcomes
        ) -> None:
            try:
                start.wait()
                outcomes.append(f"r{report(value, expected_revision=turn).revision}")
            except Refused as refused:
                outcomes += [one.code for one in refused.problems]
            finally:
                connection.close()

        threads = [threading.Thread(target=save, args=(20 * turn + who,)) for who in (1, 2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(outcomes) == ["OBS-013", f"r{turn + 1}"]
    assert list(Observation.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_the_table_refuses_changes_and_removal(country: make.Country) -> None:
    made = report(12)
    for statement in (
        "UPDATE watch_observation SET value = 13",
        "DELETE FROM watch_observation",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Observation.objects.get().value == made.value


def test_usual_needs_enough_days(country: make.Country) -> None:
    series = country.series()
    country.year(series, [10, 10, 10], YESTERDAY)
    assert figures.usual_before([series], containing("day", make.TODAY)) == {}


def test_completeness_counts_what_posts_should_say(country: make.Country) -> None:
    north, south = country.crossings["TL-BCP-NOR"], country.crossings["TL-BCP-SOU"]
    hill = country.crossings["TL-UBP-01"]
    country.observe(country.series(), YESTERDAY, 5)
    country.observe(country.series(measure="entries"), YESTERDAY, 0)
    country.observe(country.series("TL-BCP-SOU"), YESTERDAY, 0)
    days = figures.completeness([north, south, hill], YESTERDAY, make.TODAY, SYSTEM)
    assert {number: [(one.expected, one.reported, one.state) for one in found] for number, found in days.items()} == {
        north.pk: [(2, 2, "reported"), (2, 0, "silent")],
        south.pk: [(2, 1, "partial"), (2, 0, "silent")],
        hill.pk: [(0, 0, "not-expected"), (0, 0, "not-expected")],
    }


def test_without_posts_the_habit_counts(country: make.Country) -> None:
    hill = country.crossings["TL-UBP-01"]
    country.year(country.series("TL-UBP-01"), [1] * 20, YESTERDAY - timedelta(1))
    found = figures.completeness([hill], YESTERDAY, YESTERDAY, SYSTEM)[hill.pk]
    assert [(one.expected, one.state) for one in found] == [(1, "silent")]


@pytest.mark.req("R6.4")
def test_a_figure_tells_everything_and_its_other_sources(country: make.Country, cast: make.Cast) -> None:
    made = report(12)
    country.observe(country.series(source="NET"), YESTERDAY, 15)
    later = make.NOW + timedelta(hours=1)
    observations.correct(observation=made, value=Decimal(13), expected_revision=1, actor=SYSTEM, now=later)
    found = figures.figure(cast.actor("duty"), made.pk, as_of=make.NOW)
    assert found is not None
    assert (found.asked.value, found.latest.value, found.is_latest) == (Decimal(12), Decimal(13), False)
    assert [one.revision for one in found.revisions] == [2, 1]
    assert [(one.series.source.code, one.value) for one in found.beside] == [("NET", Decimal(15))]
    assert figures.figure(cast.actor("duty"), made.pk, as_of=make.NOW - timedelta(days=9)) is None
    assert figures.figure(cast.actor("stranger"), made.pk) is None
    assert figures.figure_of(cast.actor("duty"), made.series.code, YESTERDAY) == figures.figure(
        cast.actor("duty"),
        figures.figure(cast.actor("duty"), made.pk).latest.pk,  # type: ignore[union-attr]
    )


def test_what_a_person_says_about_a_simulated_figure_is_not_simulated(country: make.Country) -> None:
    simulated = country.observe(country.series(), YESTERDAY, 12, origin="demo", quality="simulated")
    corrected = observations.correct(
        observation=simulated, value=Decimal(13), expected_revision=1, actor=SYSTEM, now=make.NOW
    )
    assert (corrected.value, corrected.quality, corrected.origin) == (Decimal(13), "exact", "entry")
    other = country.observe(country.series(), YESTERDAY - timedelta(days=1), 12, origin="demo", quality="simulated")
    gone = observations.withdraw(observation=other, note="wrong", expected_revision=1, actor=SYSTEM, now=make.NOW)
    assert gone.state == "withdrawn"
