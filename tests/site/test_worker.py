"""Background work: claims, wake-ups, leases, and a worker that is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
import shell
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from pasaj.access.models import AuditDetail, AuditEntry
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.site import due, leases
from pasaj.site.models import Beat, Lease
from pasaj.watch import jobs
from pasaj.watch.models import DetectionRun, Import, Work
from pasaj.watch.services import detection, imports

State = Work.State


def run_of(**fields: Any) -> DetectionRun:
    defaults = {"as_of": make.NOW, "from_date": make.TODAY, "to_date": make.TODAY, "requested_at": make.NOW}
    return DetectionRun.objects.create(code=f"DR-{DetectionRun.objects.count()}", **{**defaults, **fields})


@pytest.mark.django_db
def test_a_row_is_claimed_once() -> None:
    row, now = run_of(), timezone.now()
    assert jobs.claim(DetectionRun, row.pk, now)
    assert not jobs.claim(DetectionRun, row.pk, now)
    assert jobs.claim(DetectionRun, row.pk, now + jobs.STALE + timedelta(seconds=1))
    DetectionRun.objects.update(state=State.DONE)
    assert not jobs.claim(DetectionRun, row.pk, now + timedelta(days=1))


def test_a_job_runs_its_row_and_a_second_wake_up_finds_nothing(country: make.Country) -> None:
    row = run_of()
    jobs.run_detection.call(row.pk)
    row.refresh_from_db()
    assert row.state == State.DONE
    finished = row.finished_at
    jobs.run_detection.call(row.pk)
    row.refresh_from_db()
    assert row.finished_at == finished


def test_a_failure_is_written_on_the_row(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise Refused(problem("OBS-008", value="weather", allowed="returns"))

    def break_down(*_args: Any, **_more: Any) -> None:
        raise ZeroDivisionError("by zero")

    first, second, third = run_of(), run_of(), run_of()
    monkeypatch.setattr(detection, "run", refuse)
    jobs.run_detection.call(first.pk)
    monkeypatch.setattr(detection, "run", break_down)
    with pytest.raises(ZeroDivisionError):
        jobs.run_detection.call(second.pk)

    def lock(*_args: Any, **_more: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(detection, "run", lock)
    with pytest.raises(OperationalError):
        jobs.run_detection.call(third.pk)
    rows = [(row.state, [one["code"] for one in row.problems]) for row in DetectionRun.objects.order_by("pk")]
    assert rows == [(State.FAILED, ["OBS-008"]), (State.FAILED, ["CLI-031"]), (State.RUNNING, [])]
    assert entries() == [("detection.failed", "DR-0", None, "job"), ("detection.failed", "DR-1", None, "job")]
    detail = AuditDetail.objects.order_by("-pk").values_list("content", flat=True)[0]
    assert json.loads(detail) == {"problems": ["CLI-031"]}  # what an error says may hold a cell: codes only


def test_a_failed_import_is_written_down_as_that_of_whoever_asked(
    country: make.Country, cast: make.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = cast.account("analyst").pk
    row = Import.objects.create(
        code="IM-1", filename="a.csv", sha256="0" * 64, requested_at=make.NOW, requested_by_id=who
    )

    def break_down(*_args: Any, **_more: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(imports, "run", break_down)
    with pytest.raises(OSError, match="No space"):
        jobs.run_import.call(row.pk)
    assert entries() == [("import.failed", "IM-1", who, "job")]

    def unwritten(**_more: Any) -> None:
        raise RuntimeError("no entry, no change")

    Import.objects.update(state=State.QUEUED)
    monkeypatch.setattr(audit, "record", unwritten)
    with pytest.raises(RuntimeError, match="no entry"):
        jobs.run_import.call(row.pk)
    row.refresh_from_db()
    assert (row.state, len(entries())) == (State.RUNNING, 1)


def test_an_import_whose_terminal_is_gone_is_written_down(country: make.Country) -> None:
    now = timezone.now()
    common: dict[str, Any] = {
        "filename": "a.csv", "sha256": "0" * 64, "requested_at": make.NOW, "state": State.RUNNING,
        "heartbeat_at": now - jobs.STALE - timedelta(seconds=1), "result": {"process": "elsewhere:1"},
    }  # fmt: skip
    for code, dry_run in (("IM-1", True), ("IM-2", False)):
        Import.objects.create(code=code, dry_run=dry_run, **common)
    Import.objects.create(code="IM-3", **{**common, "dry_run": True, "heartbeat_at": now})
    jobs.wake_waiting(now)
    jobs.wake_waiting(now)
    states = dict(Import.objects.values_list("code", "state"))
    assert states == {"IM-1": State.CANCELLED, "IM-2": State.CANCELLED, "IM-3": State.RUNNING}
    assert sorted(entries()) == [("import.cancelled", code, None, "system") for code in ("IM-1", "IM-2")]
    assert {entry.at for entry in AuditEntry.objects.all()} == {make.NOW}  # the business clock


def entries() -> list[tuple[str, str, int | None, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "code", "actor_id", "via"))


def test_a_busy_import_stays_queued(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Import.objects.create(code="IM-1", filename="a.csv", sha256="0" * 64, requested_at=make.NOW)

    def busy(import_id: int, **_more: Any) -> None:
        Import.objects.filter(pk=import_id).update(state=State.QUEUED)
        raise imports.Busy(problem("IMPORT-020"))

    monkeypatch.setattr(imports, "run", busy)
    jobs.run_import.call(row.pk)
    row.refresh_from_db()
    assert (row.state, row.problems) == (State.QUEUED, [])


def test_waiting_rows_are_woken_once(country: make.Country) -> None:
    now = timezone.now()
    queued = run_of()
    stale = run_of(state=State.RUNNING, heartbeat_at=now - jobs.STALE - timedelta(seconds=5))
    run_of(state=State.RUNNING, heartbeat_at=now)
    run_of(state=State.DONE)
    assert jobs.wake_waiting(now) == 2
    assert jobs.wake_waiting(now) == 0  # their wake-ups wait in the queue
    asked = sorted(row.args_kwargs["args"][0] for row in DBTaskResult.objects.filter(queue_name="slow"))
    assert asked == [queued.pk, stale.pk]
    # A worker took the wake-up and was killed: the queue row says "running" for ever, the row is woken again.
    DBTaskResult.objects.update(status="RUNNING", started_at=now, enqueued_at=now)
    assert jobs.wake_waiting(now + jobs.PATIENCE + timedelta(seconds=1)) == 2


@pytest.mark.req("R6.6")
def test_the_days_past_are_looked_at_once_a_business_day(country: make.Country) -> None:
    now = timezone.now()
    jobs.detect_daily(now)
    (run,) = DetectionRun.objects.all()
    assert (run.to_date, run.as_of) == (make.TODAY - timedelta(days=1), make.NOW)
    jobs.detect_daily(now)
    assert DetectionRun.objects.count() == 1
    run.state, run.finished_at = State.FAILED, now
    run.save()
    jobs.detect_daily(now)
    assert DetectionRun.objects.count() == 1  # not at once
    jobs.detect_daily(now + jobs.RETRY + timedelta(minutes=1))
    assert DetectionRun.objects.count() == 2
    DetectionRun.objects.update(state=State.DONE)
    country.home.clock_at = make.NOW + timedelta(days=1)
    country.home.save()
    jobs.detect_daily(now)
    assert DetectionRun.objects.count() == 3


@pytest.mark.django_db
def test_without_a_pack_nothing_is_due() -> None:
    jobs.detect_daily(timezone.now())
    assert DetectionRun.objects.count() == 0


@pytest.mark.django_db
def test_a_lease_is_held_by_one_until_it_runs_out() -> None:
    now, hold = timezone.now(), timedelta(minutes=1)
    assert leases.take(name="tidy", holder="a", now=now, hold=hold)
    assert not leases.take(name="tidy", holder="b", now=now + timedelta(seconds=59), hold=hold)
    assert leases.take(name="tidy", holder="b", now=now + hold, hold=hold)
    assert Lease.objects.get().holder == "b"


@pytest.mark.django_db
def test_tidying_removes_what_is_over() -> None:
    now = timezone.now()
    Beat.objects.create(name="old", at=now - timedelta(days=30), pid=1, host="old")
    Beat.objects.create(name="new", at=now, pid=1, host="new")
    jobs.wake("detection", 1)
    jobs.wake("detection", 2)
    DBTaskResult.objects.filter(args_kwargs__args=[1]).update(status="RUNNING", enqueued_at=now - timedelta(days=30))
    due.tidy(now)
    assert list(Beat.objects.values_list("name", flat=True)) == ["new"]
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [[2]]


def ask(home: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with sqlite3.connect(home / "pasaj.sqlite3", timeout=20) as database:
        return database.execute(sql, values).fetchall()


def test_the_supervisor_finishes_what_a_killed_worker_left(tmp_path: Path) -> None:
    """A real supervisor: work left behind is found by its row; one signal ends the whole family."""
    home = shell.small_home(tmp_path)
    shell.done(home, "detect", "--as-of", "2025-03-10")
    ask(
        home,
        "UPDATE watch_detectionrun SET state = 'running', finished_at = NULL, heartbeat_at = '2025-01-01 00:00:00'",
    )
    process = shell.start(home, "work")
    try:
        shell.wait_for(lambda: ask(home, "SELECT state FROM watch_detectionrun WHERE id = 1") == [("done",)], 60)
        shell.wait_for(lambda: ask(home, "SELECT count(*) FROM site_beat") == [(1,)])
        worker = next(pid for pid in shell.alive(home) if b"urgent" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(worker, signal.SIGKILL)
        shell.wait_for(lambda: len(set(shell.alive(home)) - {worker}) == 3)  # started again
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0
        assert shell.alive(home) == []
    finally:
        process.kill()
        process.communicate()
