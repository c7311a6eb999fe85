"""Background work: conversion of forms, waivers that run out, and what reports mean."""

from __future__ import annotations

import time
from datetime import datetime

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from pasaj.collect.models import FormUpload, Submission
from pasaj.collect.services import conversion, forms, meaning, redactions
from pasaj.watch import jobs

LONGEST = 20.0  # seconds of reports in one go, so that whoever waits for a form is served in between


@task(queue_name="urgent")
def run_reports() -> None:
    """Put waiting reports to use, until none is left or others should have their turn."""
    until = time.monotonic() + LONGEST
    while meaning.process_waiting(jobs.business(timezone.now())):
        if time.monotonic() > until:
            run_reports.enqueue()
            return


def wake_reports() -> None:
    """Ask a worker to put reports to use soon. One wake-up serves all that wait."""
    if not DBTaskResult.objects.filter(task_path=run_reports.module_path, status="READY").exists():
        run_reports.enqueue()


def wake_waiting_reports(now: datetime) -> None:
    """Wake somebody if reports wait: their own wake-up may have been lost. `now` is real time."""
    waiting = Submission.objects.filter(state=Submission.State.RECEIVED, processing=Submission.Processing.WAITING)
    if waiting.exists():
        wake_reports()


@task(queue_name="urgent")
def run_conversion(work_id: int) -> None:
    """Convert an upload. Somebody is looking at its page meanwhile, so it does not wait behind imports."""
    convert(work_id)


def convert(work_id: int, progress: conversion.Progress | None = None) -> FormUpload:
    """Convert an upload that waits, here and now. What is wrong with it stands on its row afterwards."""
    jobs.perform(
        FormUpload,
        work_id,
        lambda: conversion.convert(work_id, now=jobs.business(timezone.now()), progress=progress),
        "form",
    )
    return FormUpload.objects.select_related("version__form").get(pk=work_id)


def wake(work_id: int) -> None:
    """Ask a worker to convert this upload soon. Call it in the transaction that made the row."""
    run_conversion.enqueue(work_id)


def wake_waiting(now: datetime) -> int:
    """Wake uploads that nobody is at. `now` is real time."""
    return jobs.wake_rows(FormUpload, run_conversion, now)


def close_unwaived(now: datetime) -> None:
    """Close versions whose waivers have run out. `now` is real time."""
    forms.close_unwaived(now=jobs.business(now))


def relist_redactions(now: datetime) -> None:
    """Complete the list of removed answers beside the home. `now` is real time."""
    redactions.relist()
