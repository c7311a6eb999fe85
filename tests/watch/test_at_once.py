"""Several at once, each with a connection of its own: codes, detection runs, imports and corrections."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core.periods import Period
from pasaj.core.problems import Refused
from pasaj.registry.models import Counter, Post
from pasaj.registry.services import next_code
from pasaj.registry.services.codes import next_codes
from pasaj.watch.models import (
    CrossingStatus,
    DetectionRun,
    Import,
    Incident,
    IncidentQuantity,
    Observation,
    Series,
    Signal,
    SignalEvent,
)
from pasaj.watch.services import detection, imports, incidents, status
from pasaj.watch.services.incidents import Quantity
from pasaj.watch.services.observations import Entry, SeriesKey, report_all, series_for

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
YESTERDAY = make.TODAY - DAY
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]
PLACES = ("TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01")
MAPPING = """
period: {column: Date, type: day}
crossing: {column: Point}
values:
- {column: Returned, measure: returns}
- {column: Entered, measure: entries}
"""
AtOnce = Callable[..., list[Any]]


# --- Codes -------------------------------------------------------------------------------------


@pytest.mark.req("R6.5")
def test_codes_taken_at_once_are_consecutive_and_given_once(at_once: AtOnce) -> None:
    def take() -> list[str]:
        """Ten codes; every third piece of work is rolled back and its code given to the next."""
        kept = []
        for at in range(10):
            with transaction.atomic():
                code = next_code("SG", make.NOW)
                if at % 3 == 2:
                    transaction.set_rollback(True)
                    continue
            kept.append(code)
        return kept

    def take_two() -> list[str]:
        return [code for _ in range(5) for code in next_codes("SG", make.NOW, 2)]

    taken = [code for part in at_once(take, take, take, take_two) for code in part]
    assert sorted(taken) == [f"SG-2025-{number:04d}" for number in range(1, 32)]
    assert Counter.objects.get().last == 31


# --- Detection ---------------------------------------------------------------------------------


def jumps(country: make.Country, last: int) -> list[Series]:
    """Series with a jump yesterday, of which nothing is expected."""
    Post.objects.update(retired_at=make.NOW)
    made = [country.series(place, measure) for place in PLACES for measure in ("returns", "entries", "children")]
    for series in made:
        country.year(series, [*QUIET, last])
    return made


def opened_run(later: int = 0) -> DetectionRun:
    return detection.open_run(
        as_of=make.NOW + later * DAY, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW
    )


@pytest.mark.req("R8.4")
def test_two_detection_runs_at_once_find_everything_once(country: make.Country, at_once: AtOnce) -> None:
    series = jumps(country, 310)

    def both(later: int) -> list[DetectionRun]:
        rows = [opened_run(later), opened_run(later), opened_run(later)]
        return at_once(*(lambda row=row: detection.run(row.pk, now=make.NOW) for row in rows))

    runs = both(0)
    assert [run.state for run in runs] == ["done"] * 3
    assert (sum(run.signals_new for run in runs), {run.signals_new + run.signals_known for run in runs}) == (9, {9})
    assert {signal.series_id for signal in Signal.objects.all()} == {one.pk for one in series}
    codes = sorted(Signal.objects.values_list("code", flat=True))
    assert codes == [f"SG-2025-{number:04d}" for number in range(1, 10)]
    assert list(SignalEvent.objects.values_list("action", flat=True)) == ["found"] * 9
    # The figures change: each signal is told again, once, whichever run comes first.
    for at, one in enumerate(series):
        country.observe(one, YESTERDAY, 500 + at, revision=2, reported_at=make.NOW)
    again = both(1)
    assert [(run.state, run.signals_new, run.signals_known) for run in again] == [("done", 0, 9)] * 3
    assert sorted(SignalEvent.objects.values_list("action", flat=True)) == ["found"] * 9 + ["recomputed"] * 9
    assert sorted(Signal.objects.values_list("observed", flat=True)) == [500.0 + at for at in range(9)]


# --- Imports and corrections -------------------------------------------------------------------


def opened(data: str) -> Import:
    return imports.open_import(
        file=io.BytesIO(data.encode()), filename="a.csv", mapping=MAPPING, source="REG", actor=SYSTEM, now=make.NOW
    )


def type_in(day: date, value: int) -> list[int]:
    """What a person types at the Northgate for a day, in the order of the form; the revisions it became."""
    keys = [SeriesKey("TL-BCP-NOR", measure, source="REG") for measure in ("entries", "returns")]
    entries = [Entry(key, Period(day, day), Decimal(value), confirmed=True) for key in keys]
    return [one.observation.revision for one in report_all(entries=entries, actor=SYSTEM, now=make.NOW)]


@pytest.mark.req("R6.7")
def test_corrections_beside_an_import_lose_nothing(country: make.Country, at_once: AtOnce) -> None:
    """Both write the same figures; a person is at most told to look again, and no row is lost or given twice."""
    days = [date(2025, 8, 1) + at * DAY for at in range(30)]
    row = opened("Date,Point,Returned,Entered\n" + "".join(f"{day},Northgate,7,7\n" for day in days))
    typed: dict[date, list[int]] = {}
    told: list[str] = []

    def correct() -> None:
        for day in days:
            try:
                typed[day] = type_in(day, 99)
            except Refused as refused:
                told.extend(one.code for one in refused.problems)

    done, _ = at_once(lambda: imports.run(row.pk, now=make.NOW, slice_rows=2), correct)
    assert (done.state, done.rows_refused, set(told) - {"OBS-013"}) == ("done", 0, set())
    assert Observation.objects.filter(batch=row).count() == 60
    assert Observation.objects.filter(batch=None, value=99).count() == 2 * len(typed)
    for day in days:
        for measure in ("returns", "entries"):
            rows = Observation.objects.filter(period_start=day, series__measure__code=measure)
            revisions = list(rows.order_by("revision").values_list("revision", flat=True))
            assert revisions == list(range(1, 2 + (day in typed)))
            assert rows.current().count() == 1
    assert Series.objects.count() == 2
    assert AuditEntry.objects.filter(action__startswith="observation.").count() == 2 * len(typed)
    assert audit.verify().sound


def test_two_who_write_the_same_figures_in_another_order_wait_for_each_other(
    country: make.Country, at_once: AtOnce
) -> None:
    """An import writes by code of the series, a form from top to bottom. Never does each wait for the other."""
    series = {measure: country.series(measure=measure) for measure in ("entries", "returns")}
    begun, met = threading.Event(), threading.Event()

    def by_code() -> None:
        with transaction.atomic():
            for measure in ("entries", "returns"):
                Observation.objects.create(
                    series=series[measure], period_start=YESTERDAY, period_end=YESTERDAY, value=7, origin="import",
                    reported_at=make.NOW, recorded_at=make.NOW,
                )  # fmt: skip
                begun.set()
                met.wait(1)  # the other has come as far as it can meanwhile

    def by_form() -> list[int] | list[str]:
        begun.wait()
        keys = [SeriesKey("TL-BCP-NOR", measure, source="REG") for measure in ("returns", "entries")]
        entries = [Entry(key, Period(YESTERDAY, YESTERDAY), Decimal(9), field=key.measure) for key in keys]
        try:
            stored = report_all(entries=entries, actor=SYSTEM, now=make.NOW)
        except Refused as refused:
            return [one.column for one in refused.problems]
        finally:
            met.set()
        assert [one.entry for one in stored] == entries
        return [one.observation.revision for one in stored]

    _, outcome = at_once(by_code, by_form)
    # SQLite lets one write after the other; on PostgreSQL the person is told what came meanwhile.
    assert outcome == ([2, 2] if connection.vendor == "sqlite" else ["entries"])


def test_two_who_make_the_same_new_series_in_another_order_wait_for_each_other(
    country: make.Country, at_once: AtOnce
) -> None:
    """The same for series that nobody has reported of before: made by code, whatever the order of the form."""
    measures = ("entries", "returns")
    begun, met = threading.Event(), threading.Event()

    def by_code() -> None:
        with transaction.atomic():
            for measure in measures:
                series_for(SeriesKey("TL-BCP-NOR", measure, source="REG"))
                begun.set()
                met.wait(1)  # the other has come as far as it can meanwhile

    def by_form() -> list[str]:
        begun.wait()
        keys = [SeriesKey("TL-BCP-NOR", measure, source="REG") for measure in reversed(measures)]
        entries = [Entry(key, Period(YESTERDAY, YESTERDAY), Decimal(9)) for key in keys]
        try:
            stored = report_all(entries=entries, actor=SYSTEM, now=make.NOW)
        finally:
            met.set()
        return [one.observation.series.measure.code for one in stored]

    assert at_once(by_code, by_form)[1] == list(reversed(measures))
    assert Series.objects.count() == 2


@pytest.mark.req("R6.7")
def test_two_imports_at_once_are_done_one_after_the_other(country: make.Country, at_once: AtOnce) -> None:
    data = "Date,Point,Returned,Entered\n" + "".join(f"{YESTERDAY - at * DAY},Northgate,7,\n" for at in range(40))
    rows = [opened(data), opened(data)]

    def run(row: Import) -> str:
        try:
            return imports.run(row.pk, now=make.NOW, slice_rows=2).state
        except imports.Busy as busy:
            return busy.problems[0].code

    outcomes = at_once(*(lambda row=row: run(row) for row in rows))
    for row, outcome in zip(rows, outcomes, strict=True):
        row.refresh_from_db()
        assert (row.state, outcome) in {("queued", "IMPORT-020"), ("done", "done")}
    assert "done" in outcomes
    assert [imports.run(row.pk, now=make.NOW).state for row in rows] == ["done", "done"]
    assert sorted(Import.objects.values_list("rows_new", "rows_unchanged")) == [(0, 40), (40, 0)]
    assert Observation.objects.visible().count() == Observation.objects.count() == 40


# --- Incidents and status ----------------------------------------------------------------------


def delivered(persons: int = 4) -> Incident:
    return incidents.record(
        type_code="accident", place_code="TL-BCP-NOR", period=Period(YESTERDAY, YESTERDAY),
        quantities=[Quantity("persons", Decimal(persons), "persons")], ref="SB-2025-0001/incidents[1]",
        origin="form", actor=SYSTEM, now=make.NOW,
    )  # fmt: skip


@pytest.mark.req("R1.15")
def test_the_same_incident_delivered_several_times_at_once_is_one(country: make.Country, at_once: AtOnce) -> None:
    make.incident_types()
    told = at_once(*[delivered] * 6)
    assert {(one.code, one.revision) for one in told} == {("IN-2025-0001", 1)}
    assert [one.value for one in IncidentQuantity.objects.all()] == [Decimal(4)]
    # The code that a late one took for nothing is given to the next.
    assert [Incident.objects.count(), Counter.objects.get(prefix="IN").last] == [1, 1]
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["incident.recorded"]


def test_edits_of_an_incident_delivered_at_once_are_revisions_of_it(country: make.Country, at_once: AtOnce) -> None:
    make.incident_types()
    delivered(3)
    at_once(*(lambda persons=persons: delivered(persons) for persons in (4, 5, 6, 7)))
    rows = Incident.objects.order_by("revision")
    assert [(one.code, one.revision) for one in rows] == [("IN-2025-0001", number) for number in (1, 2, 3, 4, 5)]
    assert sorted(one.quantities.get().value for one in rows) == [3, 4, 5, 6, 7]


def test_the_same_status_delivered_several_times_at_once_is_one(country: make.Country, at_once: AtOnce) -> None:
    def closed() -> CrossingStatus:
        return status.report(
            crossing_code="TL-BCP-NOR", side="own", state="closed", since=YESTERDAY, cause="Flood",
            ref="SB-2025-0001/state", origin="form", actor=SYSTEM, now=make.NOW,
        )  # fmt: skip

    assert {(one.code, one.revision) for one in at_once(*[closed] * 6)} == {("CS-2025-0001", 1)}
    assert CrossingStatus.objects.count() == 1
