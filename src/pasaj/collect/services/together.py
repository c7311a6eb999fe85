"""Several submissions in one transaction: those that wait for their turn are carried along by the first of them.

On SQLite a commit costs a write to the disk that nobody can share, and there is one writer at a time.
Whoever has the turn therefore stores what others of this process wait with too, each inside a savepoint
of its own, and commits once. Nobody is answered before that commit. On PostgreSQL, where commits
share their writes, each goes by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

from pasaj.collect.services import spool

Result = TypeVar("Result")
MOST = 16  # in one transaction: the lock is held for well under a second


class _Job(Generic[Result]):
    def __init__(self, step: Callable[[], Result]) -> None:
        self.step = step
        self.done = False
        self.result: Result | None = None
        self.error: Exception | None = None


_WAITING: deque[_Job[Any]] = deque()


def store(step: Callable[[], Result]) -> Result:
    """What `step` returns, once what it wrote is committed. What it raises is raised here, and nothing of it is kept.

    `step` may run in another thread of this process.
    """
    if connection.vendor != "sqlite":
        with transaction.atomic():
            return step()
    job = _Job(step)
    _WAITING.append(job)
    while not job.done:
        with spool.turn():
            if not job.done:
                _run([_WAITING.popleft() for _ in range(min(MOST, len(_WAITING)))])
    if job.error is not None:
        raise job.error
    return job.result  # type: ignore[return-value]


def _run(jobs: list[_Job[Any]]) -> None:
    """Under the turn, so that nobody else takes from the queue."""
    try:
        with transaction.atomic():
            for job in jobs:
                _step(job, alone=len(jobs) == 1)
    except Exception as error:  # noqa: BLE001 - raised again where each of them waits: nothing was committed
        for job in jobs:
            job.error = job.error or error
    finally:
        for job in jobs:
            job.done = True


def _step(job: _Job[Any], *, alone: bool) -> None:
    if alone:
        job.result = job.step()
        return
    try:
        with transaction.atomic():
            job.result = job.step()
    except Exception as error:  # noqa: BLE001 - raised again where it waits; the others are stored
        job.error = error
