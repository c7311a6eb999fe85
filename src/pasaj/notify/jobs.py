"""Background work on messages. The rows are the work: queue entries only wake the sender."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from pasaj.notify.models import Delivery
from pasaj.notify.services import escalation, inbound, waking
from pasaj.registry import queries as registry


def wake_waiting(now: datetime) -> None:
    """Wake the sender while anything waits, or is in the hands of a sender that may have ended. Real time."""
    open_ = Q(state__in=(Delivery.State.QUEUED, Delivery.State.SENDING)) | Q(presumed_at__isnull=False)
    if Delivery.objects.filter(open_).exists():
        waking.wake()


def settle_inbound(now: datetime) -> int:
    """Settle texts whose process ended before it looked at them. `now` is real time."""
    return inbound.settle_new(now=business(now))


def escalate(now: datetime) -> int:
    """Pass on what nobody acknowledged in time. `now` is real time; deadlines stand by the business clock."""
    return escalation.follow_up(now=business(now), real_now=now)


def business(now: datetime) -> datetime:
    """The business clock at `now`, real time."""
    home = registry.home()
    return home.business_now(now) if home else now
