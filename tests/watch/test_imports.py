"""Files of figures: compared, staged, visible at once; the same file twice changes nothing."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.problems import Refused
from pasaj.watch.models import Import, Observation, Series
from pasaj.watch.services import imports, observations
from pasaj.watch.services.observations import SeriesKey

WIDE = """
period: {column: Date, type: day}
crossing: {column: Point}
values:
- {column: Returned, measure: returns}
- {column: Entered, measure: entries}
"""
LONG = """
period: {column: day, type: day, format: DD/MM/YYYY}
place: {column: place}
values: {column: count, measure: {column: what, words: {Retours: returns, Entrées: entries}}}
reported: {column: told, format: DD/MM/YYYY}
"""
GOOD = "Date,Point,Returned,Entered\n2025-09-01,TL-BCP-NOR,12,30\n2025-09-02,Nòpòt,0,\n2025-09-02,Southgate,7,9\n"


def opened(data: str | bytes, mapping: str = WIDE, **fields: Any) -> Import:
    raw = data.encode() if isinstance(data, str) else data
    fields = {"source": "REG", "filename": "counts.csv", "actor": SYSTEM, "now": make.NOW, **fields}
    return imports.open_import(file=io.BytesIO(raw), mapping=mapping, **fields)


def imported(data: str | bytes, mapping: str = WIDE, **fields: Any) -> Import:
    row = opened(data, mapping, **fields)
    return imports.run(row.pk, now=make.NOW)


def counts(row: Import) -> tuple[str, int, int, int, int]:
    return row.state, row.rows_new, row.rows_changed, row.rows_unchanged, row.rows_refused


def standing() -> list[tuple[str, str, int, str]]:
    rows = Observation.objects.current().select_related("series").order_by("series__code", "period_start")
    return [(one.series.code, one.period_start.isoformat(), one.revision, str(one.value)) for one in rows]


@pytest.mark.req("R2.7")
def test_a_wide_file(country: make.Country) -> None:
    row = imported(GOOD)
    assert counts(row) == ("done", 3, 0, 0, 0)
    assert row.result["new"] == 5  # figures; the blank one says nothing
    assert [(code, day, value) for code, day, _, value in standing()] == [
        ("TL-BCP-NOR.entries.in.total.REG.day", "2025-09-01", "30.0000"),
        ("TL-BCP-NOR.returns.in.total.REG.day", "2025-09-01", "12.0000"),
        ("TL-BCP-NOR.returns.in.total.REG.day", "2025-09-02", "0.0000"),
        ("TL-BCP-SOU.entries.in.total.REG.day", "2025-09-02", "9.0000"),
        ("TL-BCP-SOU.returns.in.total.REG.day", "2025-09-02", "7.0000"),
    ]
    seen = Observation.objects.all()[0]
    assert (seen.origin, seen.reported_at, seen.batch_id) == ("import", make.NOW, row.pk)
    assert [one.action for one in AuditEntry.objects.order_by("id")] == ["import.opened", "import.applied"]


@pytest.mark.req("R2.7")
def test_the_same_file_twice_changes_nothing(country: make.Country) -> None:
    imported(GOOD)
    before = standing()
    again = imported(GOOD)
    assert counts(again) == ("done", 0, 0, 3, 0)
    assert (standing(), Observation.objects.count()) == (before, 5)


def test_a_long_file_with_words_dates_and_areas(country: make.Country) -> None:
    row = imported(
        "day;place;what;count;told\n01/09/2025;Northgate;Retours;1 200;03/09/2025\n02/09/2025;North;entrées;4;\n", LONG
    )
    assert counts(row) == ("done", 2, 0, 0, 0)
    assert [(code, value) for code, _, _, value in standing()] == [
        ("TL-BCP-NOR.returns.in.total.REG.day", "1200.0000"),
        ("TL-N.entries.in.total.REG.day", "4.0000"),
    ]
    told = [one.reported_at for one in Observation.objects.order_by("pk")]
    assert told == [datetime(2025, 9, 3, 12, tzinfo=country.home.zone), make.NOW]
    assert row.result["delimiter"] == ";"


def test_a_changed_file_makes_revisions(country: make.Country) -> None:
    imported(GOOD)
    row = imported(GOOD.replace("12,30", "13,30"))
    assert counts(row) == ("done", 0, 1, 2, 0)
    assert standing()[1] == ("TL-BCP-NOR.returns.in.total.REG.day", "2025-09-01", 2, "13.0000")
    assert Observation.objects.count() == 6


def test_a_correction_by_hand_outlives_the_same_file(country: make.Country) -> None:
    imported(GOOD)
    figure = Observation.objects.get(series__code="TL-BCP-NOR.returns.in.total.REG.day", period_start="2025-09-01")
    observations.correct(observation=figure, value=Decimal(14), expected_revision=1, actor=SYSTEM, now=make.NOW)
    assert counts(imported(GOOD)) == ("done", 0, 0, 3, 0)
    assert standing()[1][2:] == (2, "14.0000")


def test_a_dry_run_writes_nothing(country: make.Country) -> None:
    imported(GOOD)
    series = Series.objects.count()
    row = imported(GOOD.replace("12,30", "13,30") + "2025-09-03,Southgate,1,1\n2025-09-03,Narnia,1,1\n", dry_run=True)
    assert counts(row) == ("done", 1, 1, 2, 1)
    assert (row.applied_at, Observation.objects.count(), Series.objects.count()) == (None, 5, series)
    real = imports.apply(dry=row, actor=SYSTEM, now=make.NOW)
    assert counts(imports.run(real.pk, now=make.NOW)) == ("done", 1, 1, 2, 1)
    assert Observation.objects.count() == 8


@pytest.mark.req("R6.7")
def test_nothing_is_visible_before_the_last_moment(country: make.Country) -> None:
    seen: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        seen.append((Observation.objects.visible().count(), Observation.objects.count()))

    row = opened(GOOD)
    imports.run(row.pk, now=make.NOW, progress=look, slice_rows=2)
    assert {visible for visible, _ in seen[:-1]} == {0}
    assert max(written for _, written in seen[:-1]) == 5
    assert seen[-1] == (5, 5)


def test_progress_rises_to_its_total(country: make.Country) -> None:
    told: list[tuple[int, int]] = []
    row = opened(GOOD)
    imports.run(row.pk, now=make.NOW, progress=lambda done, total: told.append((done, total)), slice_rows=1)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert len({total for _, total in told}) == 1


def test_cancelled_in_the_middle_leaves_nothing(country: make.Country) -> None:
    row = opened(GOOD)

    def stop(done: int, total: int) -> None:
        if Observation.objects.exists():
            imports.cancel(import_id=row.pk, actor=SYSTEM, now=make.NOW)

    done = imports.run(row.pk, now=make.NOW, progress=stop, slice_rows=1)
    assert (done.state, done.applied_at) == ("cancelled", None)
    assert (Observation.objects.count(), Series.objects.count()) == (0, 0)
    assert imports.run(row.pk, now=make.NOW).state == "cancelled"


def test_cancelled_while_it_waits(country: make.Country) -> None:
    row = opened(GOOD)
    assert imports.cancel(import_id=row.pk, actor=SYSTEM, now=make.NOW).state == "cancelled"
    assert imports.run(row.pk, now=make.NOW).state == "cancelled"
    assert Observation.objects.count() == 0


def test_an_import_that_is_done_is_not_done_again(country: make.Country) -> None:
    row = imported(GOOD)
    assert imports.run(row.pk, now=make.NOW).applied_at == row.applied_at
    assert Observation.objects.count() == 5


@pytest.mark.skipif(connection.vendor == "postgresql", reason="There the lock belongs to the connection")
def test_two_imports_at_once_wait_for_each_other(country: make.Country) -> None:
    first, second = opened(GOOD), opened(GOOD)
    codes: list[str] = []

    def other(done: int, total: int) -> None:
        if not codes:
            with pytest.raises(imports.Busy) as refused:
                imports.run(second.pk, now=make.NOW)
            codes.append(refused.value.problems[0].code)

    imports.run(first.pk, now=make.NOW, progress=other)
    second.refresh_from_db()
    assert (codes, second.state) == (["IMPORT-020"], "queued")
    assert counts(imports.run(second.pk, now=make.NOW)) == ("done", 0, 0, 3, 0)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="There the lock belongs to the connection")
def test_one_from_a_terminal_does_not_wait_unseen(country: make.Country) -> None:
    first, second = opened(GOOD), opened(GOOD, foreground=True)
    codes: list[str] = []

    def other(done: int, total: int) -> None:
        if not codes:
            with pytest.raises(imports.Busy) as refused:
                imports.run(second.pk, now=make.NOW)
            codes.append(refused.value.problems[0].code)

    imports.run(first.pk, now=make.NOW, progress=other)
    second.refresh_from_db()
    assert (codes, second.state) == (["IMPORT-020"], "cancelled")


def test_somebody_reports_while_the_import_runs(country: make.Country) -> None:
    """What a person typed meanwhile is not covered by the file's figure."""
    row = opened(GOOD)
    key = SeriesKey("TL-BCP-NOR", "returns", source="REG")
    typed: list[int] = []

    def type_it(done: int, total: int) -> None:
        if Observation.objects.exists() and not typed:
            made = observations.report(
                series_key=key,
                period=observations.Period(date(2025, 9, 1), date(2025, 9, 1)),
                value=Decimal(99),
                expected_revision=0,
                actor=SYSTEM,
                now=make.NOW,
            )
            typed.append(made.revision)

    assert imports.run(row.pk, now=make.NOW, progress=type_it).state == "done"
    assert typed == [2]  # above the hidden one
    assert standing()[1][2:] == (2, "99.0000")


def test_an_error_of_ours_leaves_it_running_and_swept_next_time(country: make.Country) -> None:
    row = opened(GOOD)

    def fall(done: int, total: int) -> None:
        if Observation.objects.exists():
            raise RuntimeError("the machine fell over")

    with pytest.raises(RuntimeError):
        imports.run(row.pk, now=make.NOW, progress=fall, slice_rows=1)
    assert (Observation.objects.count(), Observation.objects.visible().count()) == (1, 0)
    assert imports.sweep(now=make.NOW) == 1
    row.refresh_from_db()
    assert (row.state, Observation.objects.count(), Series.objects.count()) == ("queued", 0, 0)
    assert counts(imports.run(row.pk, now=make.NOW)) == ("done", 3, 0, 0, 0)


def test_an_error_in_a_terminal_leaves_nothing(country: make.Country) -> None:
    row = opened(GOOD, foreground=True)

    def fall(done: int, total: int) -> None:
        if Observation.objects.exists():
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        imports.run(row.pk, now=make.NOW, progress=fall, slice_rows=1)
    row.refresh_from_db()
    assert (row.state, Observation.objects.count()) == ("cancelled", 0)


def test_one_from_a_terminal_that_is_gone_is_not_taken_up_again(country: make.Country) -> None:
    row = opened(GOOD, foreground=True)
    assert row.state == "running"
    Import.objects.filter(pk=row.pk).update(result={"process": "elsewhere:1"})
    assert imports.run(row.pk, now=make.NOW).state == "cancelled"
    assert Observation.objects.count() == 0
    last = AuditEntry.objects.latest("pk")
    assert (last.action, last.code, last.via) == ("import.cancelled", row.code, "system")


CHILD = """
import os, sys, signal
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from datetime import datetime, UTC
from pasaj.watch.models import Observation
from pasaj.watch.services import imports
def progress(done, total):
    if Observation.objects.count() >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
imports.run(int(sys.argv[2]), now=datetime(2025, 10, 1, 12, tzinfo=UTC), progress=progress, slice_rows=50)
"""


@pytest.mark.req("R6.7")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [50, 150, 250])
def test_killed_half_way(country: make.Country, after: int) -> None:
    """A real process, really killed: nothing visible, database intact, next try clean."""
    first = date(2025, 1, 1)
    lines = [f"{first + timedelta(days=at)},{place},{at},1" for at in range(75) for place in ("Northgate", "Southgate")]
    row = opened("Date,Point,Returned,Entered\n" + "\n".join(lines))
    name = str(connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "PASAJ_HOME": str(settings.PASAJ_HOME),
        "DJANGO_SETTINGS_MODULE": "pasaj.site.settings",
    }
    done = subprocess.run([sys.executable, "-c", CHILD, name, str(row.pk), str(after)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (Observation.objects.count(), Observation.objects.visible().count()) == (after, 0)
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(name)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    row.refresh_from_db()
    assert row.state == "running"
    other = opened("Date,Point,Returned,Entered\n2025-05-01,Northgate,1,1\n")
    assert counts(imports.run(other.pk, now=make.NOW)) == ("done", 1, 0, 0, 0)
    row.refresh_from_db()
    assert (row.state, Observation.objects.count()) == ("queued", 2)
    assert list(imports.folder().glob("*.scratch")) == []
    assert counts(imports.run(row.pk, now=make.NOW)) == ("done", 150, 0, 0, 0)
    assert Observation.objects.visible().count() == 302
    assert list(imports.folder().glob("*.scratch")) == []


def many(rows: int) -> str:
    first = date(2020, 1, 1)
    return "Date,Point,Returned,Entered\n" + "".join(
        f"{first + timedelta(days=at // 2)},{('Northgate', 'Southgate')[at % 2]},{at},{at}\n" for at in range(rows)
    )


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat(country: make.Country) -> None:
    """Four times the rows, not four times the memory."""
    imported(many(20))
    short, long = (opened(many(rows), dry_run=True) for rows in (800, 3200))
    low = peak(lambda: imports.run(short.pk, now=make.NOW, slice_rows=200))
    high = peak(lambda: imports.run(long.pk, now=make.NOW, slice_rows=200))
    assert high < 1.6 * low


def test_the_number_of_queries_follows_the_slices_not_the_rows(
    country: make.Country, django_assert_max_num_queries: Any
) -> None:
    imported(many(10))
    row = opened(many(1000))
    with django_assert_max_num_queries(90):
        imports.run(row.pk, now=make.NOW, slice_rows=2000)


def test_an_upload_has_a_limit(country: make.Country, settings: Any) -> None:
    settings.PASAJ_MAX_UPLOAD_MB = 1
    with pytest.raises(Refused) as refused:
        opened("x" * 1_000_001)
    assert [one.code for one in refused.value.problems] == ["IMPORT-018"]
    assert (Import.objects.count(), list(imports.folder().glob("*.part"))) == (0, [])


def test_files_are_kept_under_their_code_and_removed_together(country: make.Country) -> None:
    row = imported(GOOD + "2025-09-03,Narnia,1,1\n")
    kept = [Path(settings.PASAJ_HOME) / "files" / name for name in (row.path, row.refused_path)]
    assert [one.exists() for one in kept] == [True, True]
    imports.remove_files(row)
    assert [one.exists() for one in kept] == [False, False]


def test_mapping_text_or_values(country: make.Country) -> None:
    assert imports.read_mapping(b"\xef\xbb\xbfa: no\nb: 2025-01-01\nc:\n") == {"a": "no", "b": "2025-01-01", "c": None}
    row = opened(GOOD, json.loads(json.dumps(imports.read_mapping(WIDE))))
    assert counts(imports.run(row.pk, now=make.NOW)) == ("done", 3, 0, 0, 0)


def test_reported_is_now_in_the_home(country: make.Country) -> None:
    imported(GOOD)
    assert {one.reported_at for one in Observation.objects.all()} == {make.NOW.astimezone(UTC)}


@pytest.mark.req("R7.3")
def test_figures_that_are_visible_stay_so(country: make.Country) -> None:
    row = imported(GOOD)
    for change in (
        lambda: Import.objects.update(applied_at=None),
        lambda: Import.objects.filter(pk=row.pk).update(state="cancelled"),
        lambda: connection.cursor().execute("UPDATE watch_import SET applied_at = NULL"),
        lambda: connection.cursor().execute("DELETE FROM watch_import"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Observation.objects.visible().count() == 5


def test_an_interruption_after_the_end_takes_nothing_back(country: make.Country) -> None:
    row = opened(GOOD, foreground=True)

    def interrupt(done: int, total: int) -> None:
        if done == total and Observation.objects.visible().exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.run(row.pk, now=make.NOW, progress=interrupt)
    row.refresh_from_db()
    assert (row.state, row.applied_at, Observation.objects.visible().count()) == ("done", make.NOW, 5)
    imports.sweep(now=make.NOW)
    assert Observation.objects.visible().count() == 5
