"""Background work: a supervisor with an urgent and a slow worker, and what falls due.

`python -m pasaj.site.worker PARENT` is the supervisor that ends with process PARENT (0: with
nobody), `python -m pasaj.site.worker PARENT QUEUE` one worker. Jobs recover from their rows
(watch.models.Work): a queue row is only a wake-up, so ending a worker at any moment loses nothing.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from pasaj.site.parent import die_with

QUEUES = ("urgent", "slow")
POLL = {"urgent": 0.5, "slow": 1.0}  # seconds between two looks into the queue
TICK = 0.5
BEAT = 10.0
GRACE = 3.0  # seconds a worker has to end its slice
RESTART = 3.0  # seconds before a worker that ended by itself is started again

log = logging.getLogger("pasaj.worker")


def supervise() -> None:
    """Run until SIGTERM or SIGINT. Blocks."""
    Supervisor().run()


def work(queue: str) -> None:
    """One worker on one queue, until SIGTERM. Blocks."""
    import django  # noqa: PLC0415 - the supervisor's children set up Django for themselves

    django.setup()
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    from django_tasks_db.management.commands.db_worker import Worker  # noqa: PLC0415

    worker = Worker(
        queue_names=[queue],
        interval=POLL[queue],
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:40]}-{os.getpid()}-{queue}",
        excluded_queue_names=[],
    )
    worker.configure_signals()
    worker.run()


class Supervisor:
    """Keeps the workers alive, shows a sign of life, starts what is due."""

    def __init__(self) -> None:
        self.stopping = False
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.host = socket.gethostname()[:120]
        self.holder = f"{self.host}:{os.getpid()}"[:120]

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for queue in QUEUES:
            self._start(queue)
        import django  # noqa: PLC0415 - after the workers: they start meanwhile

        django.setup()
        beaten = -BEAT
        try:
            while not self.stopping:
                self._revive()
                if time.monotonic() - beaten >= BEAT:
                    beaten = time.monotonic()
                    self._guarded(self._beat)
                    self._guarded(self._due)
                time.sleep(TICK)
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, queue: str) -> None:
        self.started[queue] = time.monotonic()
        self.workers[queue] = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "pasaj.site.worker", str(os.getpid()), queue], start_new_session=True
        )

    def _revive(self) -> None:
        for queue, worker in list(self.workers.items()):
            if worker.poll() is not None and time.monotonic() - self.started[queue] >= RESTART:
                log.warning("The %s worker ended (%s): started again.", queue, worker.returncode)
                self._start(queue)

    def _guarded(self, job: Callable[[datetime], None]) -> None:
        """A job that fails is told and tried again at its next turn; it never ends the supervisor."""
        from django.db import close_old_connections  # noqa: PLC0415
        from django.utils import timezone  # noqa: PLC0415

        try:
            close_old_connections()
            job(timezone.now())
        except Exception:
            log.exception("%s failed.", job.__name__)

    def _beat(self, now: datetime) -> None:
        from pasaj.site.models import Beat  # noqa: PLC0415

        if all(worker.poll() is None for worker in self.workers.values()):
            defaults = {"at": now, "pid": os.getpid(), "host": self.host}
            Beat.objects.update_or_create(name=self.host[:40], defaults=defaults)

    def _due(self, now: datetime) -> None:
        from pasaj.site import leases  # noqa: PLC0415
        from pasaj.site.due import JOBS  # noqa: PLC0415

        for name, every, job in JOBS:
            if not self.stopping and leases.take(name=name, holder=self.holder, now=now, hold=every):
                job(now)

    def _end(self) -> None:
        for worker in self.workers.values():
            worker.terminate()
        until = time.monotonic() + GRACE
        for worker in self.workers.values():
            try:
                worker.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        self._guarded(self._leave)

    def _leave(self, now: datetime) -> None:
        """An orderly end leaves no sign of life behind; an old one means that something broke."""
        from pasaj.site.models import Beat  # noqa: PLC0415

        Beat.objects.filter(name=self.host[:40], pid=os.getpid()).delete()


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    parent = int(arguments[0])
    if parent:
        die_with(parent)
    if len(arguments) > 1:
        work(arguments[1])
    else:
        supervise()


if __name__ == "__main__":
    main(sys.argv[1:])
