"""One import at a time writes to a home; what killed ones left behind is removed."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.watch.models import Import, Observation
from pasaj.watch.services import staging
from pasaj.watch.services.imports.opening import folder, process

State = Import.State
DAY = 86_400  # seconds
LOCK = 0x696D_706F_7274  # "import"


class Busy(Refused):
    """Another import is writing to this home. The one that was asked for stays queued."""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the home's import lock. Raises Busy at once when somebody else does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise Busy(problem("IMPORT-020"))
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    with (folder() / "lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(problem("IMPORT-020")) from error
        yield


def sweep(*, now: datetime) -> int:
    """Remove what killed imports left behind, and queue them again. Returns how many; 0 while one is running.

    `now`: the business clock.
    """
    try:
        with alone():
            for part in folder().glob("*.part"):  # uploads that were cut off
                if part.stat().st_mtime < time.time() - DAY:
                    part.unlink(missing_ok=True)
            return sweep_others(None, now=now)
    except Busy:
        return 0


def sweep_others(import_id: int | None, *, now: datetime) -> int:
    """The same, for whoever holds the lock already: no import but `import_id` can be alive."""
    staged = Exists(Observation.objects.filter(batch=OuterRef("pk")))
    dead = Import.objects.filter(applied_at=None, dry_run=False)
    if import_id is not None:
        dead = dead.exclude(pk=import_id)
    left = 0
    for row in dead.filter(state=State.RUNNING) | dead.filter(staged):
        clean(row)
        if row.state == State.RUNNING:
            if abandoned(row):
                leave(row, SYSTEM, now)
            elif not row.result.get("process"):
                row.state = State.QUEUED
                row.save(update_fields=["state"])
        left += 1
    return left


def clean(row: Import) -> None:
    """Remove what a run left behind: hidden rows and its scratch file."""
    staging.sweep(row)
    (folder() / f"{row.code}.scratch").unlink(missing_ok=True)


def abandoned(row: Import) -> bool:
    """Whether it was run from a terminal that is gone: nobody is waiting for it any more."""
    owner = row.result.get("process", "")
    return bool(owner) and owner != process()


def leave(row: Import, actor: Actor, now: datetime) -> None:
    """End an import that nobody waits for, and say so in the log. `now`: the business clock."""
    row.state, row.finished_at = State.CANCELLED, timezone.now()
    with transaction.atomic():
        row.save(update_fields=["state", "finished_at"])
        audit.record(actor=actor, action="import.cancelled", code=row.code, now=now)
