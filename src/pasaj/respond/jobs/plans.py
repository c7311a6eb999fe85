"""What happens of itself in activations: tasks open, overdue ones are told of."""

from __future__ import annotations

from datetime import datetime

from pasaj.registry import queries as registry
from pasaj.respond.services import tasks


def follow_tasks(now: datetime) -> int:
    """Look at every activation that runs. `now` is real time; returns how much was done."""
    home = registry.home()
    return tasks.follow_up(now=home.business_now(now)) if home else 0
