"""Background work on imports, detection runs and (in apps above) other rows of work.

The row is the job; a queue entry is only a wake-up.

A worker that is killed leaves its row "running" with a heartbeat that grows old: `wake_waiting`
finds it and wakes it again. A queue entry that is delivered twice finds the row claimed and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Literal

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry import queries as registry
from pasaj.watch.models import Backtest, DetectionRun, Import, Work
from pasaj.watch.rules import requester
from pasaj.watch.services import backtests, detection, imports, inbound

Kind = Literal["import", "detection", "backtest"]
MODELS: dict[Kind, type[Work]] = {"import": Import, "detection": DetectionRun, "backtest": Backtest}
STALE = timedelta(seconds=90)  # real time without a heartbeat after which a worker counts as gone
PATIENCE = timedelta(seconds=20)  # how long a queued row may wait for its own wake-up
LOOK_BACK = 28  # days that the daily detection goes over again: late reports and corrections arrive
RETRY = timedelta(hours=1)  # before a daily detection that failed is tried again


@task(queue_name="slow")
def run_import(work_id: int) -> None:
    perform(Import, work_id, lambda: imports.run(work_id, now=business(timezone.now())), "import")


@task(queue_name="slow")
def run_detection(work_id: int) -> None:
    perform(DetectionRun, work_id, lambda: detection.run(work_id, now=business(timezone.now())), "detection")


@task(queue_name="slow")
def run_backtest(work_id: int) -> None:
    perform(Backtest, work_id, lambda: backtests.run(work_id), "backtest")


TASKS: dict[Kind, Any] = {"import": run_import, "detection": run_detection, "backtest": run_backtest}


def wake(kind: Kind, work_id: int) -> None:
    """Ask a worker to look at this row soon. Call it in the transaction that made the row."""
    TASKS[kind].enqueue(work_id)


def claim(model: type[Work], work_id: int, now: datetime) -> bool:
    """Whether the row was free (queued, or its worker gone) and is ours from now on. `now` is real time."""
    free = Q(state=Work.State.QUEUED) | Q(state=Work.State.RUNNING, heartbeat_at__lt=now - STALE)
    return (
        model._default_manager.filter(free, pk=work_id).update(
            state=Work.State.RUNNING, started_at=now, heartbeat_at=now
        )
        == 1
    )


def perform(model: type[Work], work_id: int, service: Callable[[], object], kind: str) -> None:
    """Do a piece of work if it is free. A failure is kept on its row, and in the log as `kind`.failed."""
    if not claim(model, work_id, timezone.now()):
        return
    try:
        service()
    except imports.Busy:
        pass  # it stays queued and is woken again
    except Refused as refused:
        _fail(model, work_id, refused.problems, kind)
    except OperationalError:
        raise  # the database was busy or away: the heartbeat grows old and the row is woken again
    except Exception as error:
        _fail(model, work_id, [problem("CLI-031", detail=f"{type(error).__name__}: {error}")], kind)
        raise


def _fail(model: type[Work], work_id: int, problems: Sequence[Problem], kind: str) -> None:
    with transaction.atomic():
        row = model._default_manager.select_for_update().get(pk=work_id)
        if row.state == Work.State.FAILED:
            return  # whoever failed it has written it down
        row.state, row.finished_at = Work.State.FAILED, timezone.now()
        row.problems = [one.plain() for one in problems]
        row.save(update_fields=["state", "finished_at", "problems"])
        audit.record(
            actor=requester(row),
            action=f"{kind}.failed",
            code=row.code,
            now=business(timezone.now()),
            detail={"problems": [one.code for one in problems]},
        )


def wake_waiting(now: datetime) -> int:
    """Wake rows that wait without a wake-up and rows whose worker is gone. Returns how many were woken.

    `now` is real time.
    """
    imports.sweep(now=business(now))
    gone = Q(state=Work.State.RUNNING, heartbeat_at__lt=now - STALE)
    # Without its terminal a foreground import has nobody to tell; the others begin again.
    for row in Import.objects.filter(gone, result__process__isnull=False):
        with transaction.atomic():
            if Import.objects.filter(gone, pk=row.pk).update(state=Work.State.CANCELLED, finished_at=now):
                audit.record(actor=SYSTEM, action="import.cancelled", code=row.code, now=business(now))
    return sum(wake_rows(model, TASKS[kind], now) for kind, model in MODELS.items())


def wake_rows(model: type[Work], task: Any, now: datetime) -> int:
    """Wake the rows of one sort of work that nobody is at. Returns how many. `now` is real time."""
    gone = Q(state=Work.State.RUNNING, heartbeat_at__lt=now - STALE)
    free = model._default_manager.filter(Q(state=Work.State.QUEUED) | gone).values_list("pk", flat=True)
    forgotten = set(free) - _awaited(task, now)
    for work_id in sorted(forgotten):
        task.enqueue(work_id)
    return len(forgotten)


def _awaited(task: Any, now: datetime) -> set[int]:
    """Rows that a queue entry speaks of which no worker has taken yet, or only just."""
    entries = DBTaskResult.objects.filter(task_path=task.module_path)
    fresh = entries.filter(Q(status="READY") | Q(started_at__gt=now - PATIENCE) | Q(enqueued_at__gt=now - PATIENCE))
    return {arguments["args"][0] for arguments in fresh.values_list("args_kwargs", flat=True)}


def detect_daily(now: datetime) -> None:
    """Once a business day, look at the days past again. A run of today, by whomever, is enough."""
    home = registry.home()
    if home is None:
        return
    business = home.business_now(now)
    morning = datetime.combine(business.date(), time.min, tzinfo=home.zone)
    runs = DetectionRun.objects.filter(as_of__gte=morning, measure="")
    if runs.exclude(state=Work.State.FAILED).exists() or runs.filter(finished_at__gt=now - RETRY).exists():
        return
    after = detection.last_run(before=business)
    first = business.date() - timedelta(days=LOOK_BACK)
    run = detection.open_run(
        as_of=business,
        from_date=min(first, after.to_date + timedelta(days=1)) if after else first,
        to_date=business.date() - timedelta(days=1),
        measure="",
        after=after,
        actor=SYSTEM,
        now=business,
    )
    wake("detection", run.pk)


def read_texts(now: datetime) -> None:
    """Read the reports that came in by SMS. `now` is real time."""
    inbound.read_waiting(now=business(now), real_now=now)


def business(now: datetime) -> datetime:
    """The business clock at `now`, real time."""
    home = registry.home()
    return home.business_now(now) if home else now
