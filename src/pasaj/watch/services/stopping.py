"""Stop a piece of background work: at once while it waits, else after its present part."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.watch.models import Work

Row = TypeVar("Row", bound=Work)


def stop(model: type[Row], code: str, action: str, actor: Actor, now: datetime) -> Row:
    """Ask the work of this code to stop; what has ended already stays as it is. `action`: for the log."""
    with transaction.atomic():
        row = model._default_manager.select_for_update().get(code=code)
        if row.state in {Work.State.QUEUED, Work.State.RUNNING}:
            row.cancel_asked = True
            if row.state == Work.State.QUEUED:
                row.state, row.finished_at = Work.State.CANCELLED, timezone.now()
            row.save(update_fields=["cancel_asked", "state", "finished_at"])
            audit.record(actor=actor, action=action, code=code, now=now)
    return row
