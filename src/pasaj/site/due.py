"""What falls due in the background: name, how often at most, job. Each is run by one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from pasaj.assess import jobs as assess
from pasaj.collect import jobs as forms
from pasaj.collect.services import spool
from pasaj.notify import jobs as notify
from pasaj.policy import jobs as policy
from pasaj.respond.jobs import alerts, feeds, plans
from pasaj.site.models import Beat
from pasaj.watch import jobs

KEPT = timedelta(days=7)


def tidy(now: datetime) -> None:
    """Remove wake-ups that were answered or whose worker is gone, expired sessions and old signs of life."""
    DBTaskResult.objects.exclude(status="READY").filter(enqueued_at__lt=now - KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    Beat.objects.filter(at__lt=now - KEPT).delete()


def sweep_submissions(now: datetime) -> None:
    """Remove the files of submissions that were cut off while they arrived."""
    spool.sweep(real_now=now)


JOBS: tuple[tuple[str, timedelta, Callable[[datetime], object]], ...] = (
    ("wake", timedelta(seconds=15), jobs.wake_waiting),
    ("wake forms", timedelta(seconds=15), forms.wake_waiting),
    ("wake reports", timedelta(seconds=10), forms.wake_waiting_reports),
    ("read texts", timedelta(seconds=10), jobs.read_texts),
    ("send messages", timedelta(seconds=5), notify.wake_waiting),
    ("settle inbound", timedelta(seconds=30), notify.settle_inbound),
    ("escalate messages", timedelta(seconds=30), notify.escalate),
    ("settle answers", timedelta(seconds=10), assess.settle_answers),
    ("settle codes", timedelta(seconds=10), alerts.settle_codes),
    ("follow alerts", timedelta(seconds=15), alerts.follow_alerts),
    ("follow tasks", timedelta(seconds=15), plans.follow_tasks),
    ("follow policies", timedelta(hours=6), policy.follow_policies),
    ("close unwaived", timedelta(minutes=5), forms.close_unwaived),
    ("ask sources", timedelta(seconds=30), feeds.wake_sources),
    ("detect", timedelta(minutes=1), jobs.detect_daily),
    ("sweep submissions", timedelta(hours=1), sweep_submissions),
    ("list redactions", timedelta(hours=1), forms.relist_redactions),
    ("tidy", timedelta(days=1), tidy),
)
