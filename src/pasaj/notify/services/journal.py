"""What a sender has in hand at this very moment, so that whoever comes after it knows.

A database row is too slow to write between the last byte and the answer of a gateway, and it would not help: a
process can end after the commit and before the byte. A note in a file of its own, right before the write that makes
the gateway take the message, survives the end of the process (not a power cut, after which what was in hand is sent
again). While the sender lives it holds a lock on the file; the system lets go of it when the process ends, however
it ends, so nobody has to guess by the clock.

The file begins with the board: the keys of what is with the gateway but for its last byte, eight bytes each, zero
where there is none. It is written through memory: a system call would let another thread run before the write that
follows, and a kill in those milliseconds lost a message. Behind it stand lines `= KEY OUTCOME`: it answered.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import mmap
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from pasaj.notify.channels import Outcome

FOLDER = "outbox"  # below $PASAJ_HOME
ENDING = ".journal"
BOARD = 4096  # bytes: 512 keys, and a sender has at most a slice of 50 in hand
KEY = 8


def folder() -> Path:
    """Where journals lie."""
    return Path(settings.PASAJ_HOME) / FOLDER


@dataclass(frozen=True, slots=True)
class Found:
    """What an ended sender left behind: deliveries handed over without an answer, and answers not yet in the rows."""

    sealed: frozenset[int] = frozenset()
    answered: Mapping[int, Outcome] = field(default_factory=dict)


class Journal:
    """The file of one sender, written by several threads: a note is one store, a line one system call."""

    def __init__(self) -> None:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            self.name = f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(8)}"
            self.path = folder() / f"{self.name}{ENDING}"
            self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            if _locked(self.handle) and _is_same(self.handle, self.path):
                os.ftruncate(self.handle, BOARD)
                self.board, self.places = mmap.mmap(self.handle, BOARD), itertools.count()
                return
            os.close(self.handle)  # somebody tidied it away before it was locked

    def sealed(self, key: int) -> None:
        """The next write hands this delivery over."""
        at, note = next(self.places) * KEY, key.to_bytes(KEY, "little")
        self.board[at : at + KEY] = note

    def answered(self, key: int, outcome: Outcome) -> None:
        """The gateway said what becomes of this delivery."""
        os.write(self.handle, f"= {key} {json.dumps(asdict(outcome))}\n".encode())

    def clear(self) -> None:
        """All that stands in it is in the rows now."""
        os.ftruncate(self.handle, BOARD)
        self.board[:], self.places = bytes(BOARD), itertools.count()

    def leave(self) -> None:
        """Stop in the middle: whoever takes it over reads what is in hand."""
        self.board.close()  # it holds the lock too
        os.close(self.handle)

    def close(self) -> None:
        """End it in good order: nothing is left in hand."""
        self.path.unlink(missing_ok=True)
        self.leave()


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same(handle: int, path: Path) -> bool:
    try:
        return os.fstat(handle).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


class Alive(Exception):  # noqa: N818 - it reads as what it says
    """The sender still works."""


class Elsewhere(Exception):  # noqa: N818 - it reads as what it says
    """No such journal on this machine."""


@contextlib.contextmanager
def taken_over(name: str) -> Iterator[Found]:
    """The journal of an ended sender; it is removed when the block ends well. Raises Alive or Elsewhere."""
    path = folder() / f"{name}{ENDING}"
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError as error:
        raise Elsewhere from error
    try:
        if not _locked(handle):
            raise Alive
        yield _read(path)
        path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def names() -> list[str]:
    """The journals on this machine."""
    return sorted(one.name.removesuffix(ENDING) for one in folder().glob(f"*{ENDING}"))


def _read(path: Path) -> Found:
    content = path.read_bytes()
    board = content[:BOARD]
    sealed = {int.from_bytes(board[at : at + KEY], "little") for at in range(0, len(board), KEY)} - {0}
    answered: dict[int, Outcome] = {}
    for line in content[BOARD:].decode("utf-8", "replace").splitlines():
        sign, _, rest = line.partition(" ")
        key, _, said = rest.partition(" ")
        if sign == "=" and key.isdecimal():
            with contextlib.suppress(ValueError, TypeError):  # cut off by the end: as if it had not been answered
                answered[int(key)] = Outcome(**json.loads(said))
    return Found(frozenset(sealed - answered.keys()), answered)
