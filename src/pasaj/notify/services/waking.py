"""Wakes the sender: a queue row that says "look into the outbox". The deliveries themselves are the work."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from pasaj.notify.services import sending
from pasaj.registry import queries as registry

SLICE = 500  # deliveries after which other urgent work gets its turn


@task(queue_name="urgent")
def run_outbox() -> None:
    """Send what is due, and ask to be called again while there is more."""
    real_now = timezone.now()
    home = registry.home()
    now = home.business_now(real_now) if home else real_now
    if sending.deliver(real_now=real_now, now=now, limit=SLICE) >= SLICE:
        run_outbox.enqueue()


def wake() -> None:
    """Ask a worker to look into the outbox, unless one is asked already. In the transaction that made the rows."""
    waiting = DBTaskResult.objects.filter(task_path=run_outbox.module_path, status="READY")
    if not waiting.exists():
        run_outbox.enqueue()
