"""Due jobs are run by one process at a time, whatever the number of machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from pasaj.site.models import Lease


def take(*, name: str, holder: str, now: datetime, hold: timedelta) -> bool:
    """Whether `holder` has the lease `name` from `now` (real time) for as long as `hold`."""
    Lease.objects.get_or_create(name=name, defaults={"holder": "", "until": now})
    return Lease.objects.filter(name=name, until__lte=now).update(holder=holder, until=now + hold, ran_at=now) == 1
