"""Submissions that wait, one after the other, each in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.collect.models import Outcome, Submission
from pasaj.collect.services import citing, spool
from pasaj.collect.services.meaning.admitting import may_feed
from pasaj.collect.services.meaning.applying import apply, withdraw
from pasaj.collect.services.meaning.checking import check
from pasaj.collect.services.meaning.work import finish, open_up
from pasaj.core.problems import Refused, problem

State, Processing = Submission.State, Submission.Processing
SLICE = 50

log = logging.getLogger("pasaj.collect")


def process_waiting(now: datetime, *, limit: int = SLICE) -> int:
    """Work through submissions that wait, the oldest first. Returns how many were looked at.

    `now` is the business clock. Each is a transaction of its own, so that no writer holds the database for long.
    """
    waiting = Submission.objects.filter(state=State.RECEIVED, processing=Processing.WAITING)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])
    for number in ids:
        try:
            with spool.turn(gives_way=True):  # phones that wait for their answer come first
                process(number, now=now)
        except OperationalError:
            raise  # the database was busy or away: they go on waiting
        except Exception as error:
            log.exception("Submission %s cannot be put to use.", number)
            _stumble(number, error, now)
    return len(ids)


def _stumble(submission_id: int, error: Exception, now: datetime) -> None:
    """A report that nothing can be made of goes into the tray, or it would stand in the way of all others."""
    problems = error.problems if isinstance(error, Refused) else ()
    found = next(iter(problems), problem("CLI-031", detail=type(error).__name__))
    with transaction.atomic():
        submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission_id)
        Outcome.objects.update_or_create(
            version_id=submission.current_id,
            kind="report",
            position="",
            defaults={"state": Outcome.State.FAILED, "problem": found.plain(), "settled_at": now, "created_at": now},
        )
        finish(submission, Processing.FAILED)


def process(submission_id: int, *, now: datetime) -> Submission:
    """Give a submission its meaning: outcomes of its current version, and what an older one said taken back."""
    with transaction.atomic(), audit.at_the_end():
        return _process(submission_id, now)


def _process(submission_id: int, now: datetime) -> Submission:
    submission = (
        Submission.objects.select_for_update(of=("self",)).select_related("form", "app_user").get(pk=submission_id)
    )
    if submission.state != State.RECEIVED or submission.processing != Processing.WAITING:
        return submission
    work = open_up(submission, now)
    if work is None or not may_feed(work):
        citing.follow(submission, SYSTEM if work is None else work.actor, now)
        return submission
    check(work)
    failed = apply(work)
    submission.processing = Processing.FAILED if failed else Processing.DONE
    if work.meaning.empty:
        submission.processing = Processing.NOTHING
    submission.save(update_fields=["processing", "crossing", "area", "period_start"])
    audit.record(
        actor=work.actor,
        action="submission.processed",
        code=submission.receipt,
        now=now,
        detail={"version": work.version.number, "outcomes": work.made, "failed": failed},
    )
    citing.follow(submission, work.actor, now)
    return submission


def retry(*, submission: Submission, actor: Actor, now: datetime) -> Submission:
    """Try the meaning of a submission again, after somebody mended what stood in the way."""
    with transaction.atomic():
        changed = Submission.objects.filter(
            pk=submission.pk, state=State.RECEIVED, processing__in=(Processing.FAILED, Processing.NOTHING)
        ).update(processing=Processing.WAITING)
        if changed:
            audit.record(actor=actor, action="submission.retried", code=submission.receipt, now=now)
    return process(submission.pk, now=now)


def take_back(*, submission: Submission, note: str, actor: Actor, now: datetime) -> None:
    """Withdraw everything that a submission gave, when it is set aside. Inside the caller's transaction."""
    with audit.at_the_end():
        for outcome in Outcome.objects.filter(version__submission=submission, state=Outcome.State.DONE):
            withdraw(outcome, actor, now, note)
