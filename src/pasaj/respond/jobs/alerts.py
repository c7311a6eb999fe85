"""Alerts that wait, end, or are answered by SMS. `now` is real time; what is done is done by the business clock."""

from __future__ import annotations

from datetime import datetime

from pasaj.respond.services import alerts
from pasaj.watch.jobs import business


def follow_alerts(now: datetime) -> None:
    """Ask approvers and deputies, send what nobody answered as a notice, and note what has ended."""
    alerts.follow_up(now=business(now))


def settle_codes(now: datetime) -> None:
    """Take the answers of approvers out of the texts that came in."""
    alerts.settle_codes(now=business(now))
