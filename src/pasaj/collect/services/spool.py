"""Files that arrive with submissions, on disk: written under a temporary name, then given a final one.

A final name is random and used once, below `$PASAJ_HOME/files/submissions/YYYY-MM/`. It is there, and
on the disk, before the row that names it is committed; a file that no row names is an orphan, which
`sweep` removes after an hour. Names that phones give stand in rows only, never in a path.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from pasaj.collect.models import Attachment
from pasaj.core.pictures import without_metadata
from pasaj.core.problems import Refused, problem

PLACE = "submissions"
INCOMING = "incoming"
ORPHAN = timedelta(hours=1)  # no request takes so long
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
SLICE = 500
LOCK = "receive.lock"  # in the home

LONGEST_REST = 0.1  # seconds

_TURN = threading.Lock()


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file that arrived whole. `name` as the phone gave it; `path` is where the bytes stand now."""

    name: str
    content_type: str
    path: Path
    size: int
    sha256: str


def files() -> Path:
    """What paths in rows are relative to."""
    home: Path = settings.PASAJ_HOME
    return home / "files"


@contextlib.contextmanager
def disk() -> Iterator[None]:
    """Raises Refused COLLECT-027 where the disk is full or does not take what is written."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise Refused(problem("COLLECT-027")) from error
        raise


class Incoming:
    """One file being received: `write` its parts, then `finish`, or `discard` it at any time."""

    def __init__(self, name: str, content_type: str) -> None:
        self.name, self.content_type = name, content_type
        self.size, self.hash = 0, hashlib.sha256()
        self.path = files() / PLACE / INCOMING / secrets.token_hex(16)
        with disk():
            self.file: IO[bytes] = _open(self.path)

    def write(self, part: bytes) -> None:
        """Append bytes. Raises Refused: COLLECT-027."""
        with disk():
            self.file.write(part)
        self.hash.update(part)
        self.size += len(part)

    def finish(self) -> Spooled:
        """The file is whole and on the disk. Raises Refused: COLLECT-027."""
        with disk():
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
        return Spooled(self.name, self.content_type[:100], self.path, self.size, self.hash.hexdigest())

    def discard(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError):  # what could not be written cannot be flushed either
            self.file.close()
        self.path.unlink(missing_ok=True)


def _open(path: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.fdopen(os.open(path, flags, 0o600), "wb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.fdopen(os.open(path, flags, 0o600), "wb")


@contextlib.contextmanager
def turn(*, gives_way: bool = False) -> Iterator[None]:
    """Write one submission after the other, in the order they came.

    `gives_way`: for work that nobody waits for. Afterwards it rests as long as it worked, so that
    a backlog of it takes no more than its half.

    SQLite has one writer at a time, and those who wait for it look again ever more rarely: under load
    some wait until they give up. Here they queue, in this process and between processes. PostgreSQL
    needs none of it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _TURN:
        handle = os.open(settings.PASAJ_HOME / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            begun = time.monotonic()
            yield
        finally:
            os.close(handle)
    if gives_way:
        time.sleep(min(time.monotonic() - begun, LONGEST_REST))


def receive(name: str, content_type: str, source: Iterable[bytes]) -> Spooled:
    """Write a whole file from its parts. Raises Refused: COLLECT-027."""
    incoming = Incoming(name, content_type)
    try:
        for part in source:
            incoming.write(part)
        return incoming.finish()
    except BaseException:
        incoming.discard()
        raise


def bare(spooled: Spooled) -> Spooled:
    """The file without what a camera wrote beside the picture. Raises Refused: COLLECT-027."""
    data = spooled.path.read_bytes()
    clean = without_metadata(data)
    if clean == data:
        return spooled
    made = receive(spooled.name, spooled.content_type, [clean])
    spooled.path.unlink(missing_ok=True)
    return made


def keep(spooled: Iterable[Spooled], real_now: datetime) -> dict[str, Spooled]:
    """Give files their final names. Returns them by path below `files()`. Raises Refused: COLLECT-027."""
    kept: dict[str, Spooled] = {}
    folder = files() / PLACE / f"{real_now:%Y-%m}"
    with disk():
        for one in spooled:
            target = folder / secrets.token_hex(16)
            try:
                one.path.rename(target)
            except FileNotFoundError:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                one.path.rename(target)
            kept[target.relative_to(files()).as_posix()] = one
        if kept:
            _sync(folder)
    return kept


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(paths: Iterable[str]) -> None:
    """Remove files that no row names."""
    for path in paths:
        (files() / path).unlink(missing_ok=True)


def sweep(*, real_now: datetime) -> int:
    """Remove what a request left that was cut off: unfinished files, and finished ones without a row.

    A final name is never used twice, so a file without a row after an hour gets none any more.
    Returns how many files were removed.
    """
    removed = 0
    before = (real_now - ORPHAN).timestamp()
    for folder in sorted((files() / PLACE).glob("*")):
        old = [path for path in folder.iterdir() if path.stat().st_mtime < before]
        for at in range(0, len(old), SLICE):
            removed += _remove_orphans(old[at : at + SLICE])
    return removed


def _remove_orphans(candidates: list[Path]) -> int:
    names = {path.relative_to(files()).as_posix(): path for path in candidates}
    named = set(Attachment.objects.filter(path__in=names).values_list("path", flat=True))
    orphans = [path for name, path in names.items() if name not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
