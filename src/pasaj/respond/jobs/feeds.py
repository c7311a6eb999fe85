"""Sources of alerts are asked in the slow worker: the network may take its time there."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from pasaj.respond.services import external
from pasaj.watch import jobs


@task(queue_name="slow")
def ask_sources() -> None:
    """Ask the sources whose time has come. One that was asked meanwhile is not due any more."""
    real_now = timezone.now()
    external.ask_due(now=jobs.business(real_now), real_now=real_now)


def wake_sources(now: datetime) -> None:
    """Wake the worker when a source is due and no wake-up waits already. `now` is real time."""
    waiting = DBTaskResult.objects.filter(task_path=ask_sources.module_path, status="READY")
    if external.is_due(now) and not waiting.exists():
        ask_sources.enqueue()
