"""Background work: answers that came in are looked at and counted."""

from __future__ import annotations

from datetime import datetime

from pasaj.assess.services import sheets
from pasaj.watch import jobs


def settle_answers(now: datetime) -> None:
    """Count the answers that wait. `now` is real time."""
    while sheets.settle_waiting(jobs.business(now)) == sheets.SLICE:
        pass
