"""Whether the background work is alive: shown on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from pasaj.site.models import Beat

STALE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    at: datetime | None  # real time of the last sign of life
    alive: bool


def latest(now: datetime) -> Heartbeat:
    at = Beat.objects.aggregate(at=Max("at"))["at"]
    return Heartbeat(at=at, alive=at is not None and now - at < STALE)
