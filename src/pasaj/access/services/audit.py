"""The log of who did what: append-only, chained, and valid also after personal values are erased.

An entry holds no value, only a commitment to each: HMAC-SHA-256 of field and value under a salt of
the entry's own. Values and salt stand in `AuditDetail`; deleting that row makes the commitments
impossible to guess back and leaves the chain whole. Each entry's hash covers the hash before it.
What the chain cannot show by itself is a missing end: `Verification.head` is there to be written
down elsewhere and compared later.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from pasaj.access.models import GENESIS, Account, AuditDetail, AuditEntry
from pasaj.access.rules import Actor
from pasaj.core.problems import Problem, Refused, problem

ADVISORY_LOCK = 0x70_61_73_61_6A  # "pasaj": PostgreSQL's lock that makes entries wait for each other
SLICE = 2000
_kept: ContextVar[list[Callable[[], object]] | None] = ContextVar("kept", default=None)


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading the whole log showed. `problem` names the first broken entry (row = entry id)."""

    entries: int  # entries read, up to the broken one
    erased: int  # entries whose values were deleted
    head: str  # hash of the last good entry
    problem: Problem | None = None

    @property
    def sound(self) -> bool:
        return self.problem is None


def record(*, actor: Actor, action: str, code: str, now: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Add an entry to the log, inside the transaction of the change it tells of.

    `now` is the business clock; the real clock is kept beside it. `detail` holds JSON-ready values
    (dates and decimals too). On PostgreSQL entries wait for each other from here to the end of
    the transaction, so call it last, or in `at_the_end`. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit entry belongs into the transaction of the change it tells of.")
    write = partial(_write, actor, action, code, now, dict(detail or {}))
    kept = _kept.get()
    if kept is None:
        write()
    else:
        kept.append(write)


@contextlib.contextmanager
def at_the_end() -> Iterator[None]:
    """Entries recorded inside are written when the block ends, in their order, and not at all when it raises.

    For transactions that do several things: whoever waits for rows while others wait for the log would make
    all of them wait for ever. Blocks may lie in each other, as savepoints do.
    """
    inner: list[Callable[[], object]] = []
    token = _kept.set(inner)
    try:
        yield
    finally:
        _kept.reset(token)
    outer = _kept.get()
    if outer is not None:
        outer += inner
        return
    for write in inner:
        write()


def _write(actor: Actor, action: str, code: str, now: datetime, detail: Mapping[str, Any]) -> None:
    _wait_for_others()
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    salt = secrets.token_hex(32)
    content = {field: json.loads(_canonical(value)) for field, value in detail.items()}
    entry = AuditEntry(
        id=last[0] + 1 if last else 1,
        at=now.astimezone(UTC),
        recorded_at=timezone.now(),
        actor_id=actor.id,
        via=actor.via,
        action=action,
        code=code,
        commitments={field: _commitment(salt, field, value) for field, value in content.items()},
        previous_hash=last[1] if last else GENESIS,
    )
    entry.hash = _seal(entry)
    entry.save(force_insert=True)
    if content:
        AuditDetail.objects.create(entry=entry, salt=salt, content=_canonical(content))


def verify(progress: Callable[[int], None] | None = None) -> Verification:
    """Read the whole log in slices and check numbers, chain, hashes and the values still there.

    `progress` is told how many entries were read. Stops at the first broken entry. Checks nothing
    about triggers: see `guards.missing`.
    """
    count, erased, head = 0, 0, GENESIS
    while entries := list(AuditEntry.objects.filter(id__gt=count).order_by("id")[:SLICE]):
        details = AuditDetail.objects.filter(entry_id__gt=count, entry_id__lte=entries[-1].id).in_bulk()
        for entry in entries:
            found = details.get(entry.id)
            wrong = _wrong(entry, count + 1, head, found)
            if wrong:
                return Verification(count, erased, head, problem(wrong, row=entry.id, number=entry.id))
            count, head = entry.id, entry.hash
            erased += bool(entry.commitments) and found is None
        if progress:
            progress(count)
    stray = AuditDetail.objects.filter(entry_id__gt=count).order_by("entry_id").first()
    if stray:  # values whose entry is gone: the end of the log was cut off
        return Verification(count, erased, head, problem("ACCESS-014", row=stray.pk, number=stray.pk))
    return Verification(count, erased, head)


@transaction.atomic
def erase(
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    entries: Iterable[int] = (),
    account_id: int | None = None,
) -> int:
    """Delete values beside the log: of single entries, or of all that an account did or that tell of it.

    The entries and their hashes stay; the erasure is an entry itself, without the values. Returns
    how many entries lost their values. Raises Refused: ACCESS-017 (no reason given).
    """
    if not reason.strip():
        raise Refused(problem("ACCESS-017"))
    wanted = Q(entry_id__in=list(entries))
    code = ""
    if account_id is not None:
        code = Account(pk=account_id).code
        wanted |= Q(entry__actor_id=account_id) | Q(entry__code=code)
    numbers = sorted(AuditDetail.objects.filter(wanted).values_list("entry_id", flat=True))
    if not numbers:
        return 0
    AuditDetail.objects.filter(entry_id__in=numbers).delete()
    record(
        actor=actor,
        action="audit.erased",
        code=code or AuditEntry(pk=numbers[0]).reference,
        now=now,
        detail={"entries": numbers, "reason": reason},
    )
    return len(numbers)


@dataclass(frozen=True, slots=True)
class Value:
    """A value kept beside the log, and whether it is the one the entry was written with."""

    field: str
    value: Any
    genuine: bool

    @property
    def said(self) -> str:
        """The value as a person reads it: what it is made of, one after the other."""
        return _said(self.value)


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_said(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return "" if value is None else str(value)


def read_values(*, entry: AuditEntry, actor: Actor, now: datetime) -> tuple[Value, ...]:
    """The values beside an entry; looking at those of another person's entry is an entry itself.

    Empty when there are none, or when they were erased. The caller has checked that `actor` may view it.
    """
    detail = AuditDetail.objects.filter(entry_id=entry.pk).first()
    if detail is None:
        return ()
    if entry.actor_id is None or entry.actor_id != actor.id:
        with transaction.atomic():
            record(actor=actor, action="audit.viewed", code=entry.reference, now=now)
    return tuple(
        Value(field, value, opens(detail, field, entry.commitments.get(field, "")))
        for field, value in detail.values.items()
    )


def opens(detail: AuditDetail, field: str, commitment: str) -> bool:
    """Whether the value kept beside the log is the one the entry committed to."""
    values = detail.values
    return field in values and hmac.compare_digest(_commitment(detail.salt, field, values[field]), commitment)


def _wrong(entry: AuditEntry, expected: int, head: str, detail: AuditDetail | None) -> str:
    if entry.id != expected:
        return "ACCESS-010"
    if entry.previous_hash != head:
        return "ACCESS-011"
    if entry.hash != _seal(entry):
        return "ACCESS-012"
    if detail and (
        detail.values.keys() != entry.commitments.keys()
        or not all(opens(detail, field, commitment) for field, commitment in entry.commitments.items())
    ):
        return "ACCESS-013"
    return ""


def _wait_for_others() -> None:
    # SQLite needs nothing: its transactions are IMMEDIATE, the first one in holds the write lock.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _canonical(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _commitment(salt: str, field: str, value: Any) -> str:
    message = f"{field}\0{_canonical(value)}".encode()
    return hmac.new(bytes.fromhex(salt), message, hashlib.sha256).hexdigest()


def _seal(entry: AuditEntry) -> str:
    content = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.via,
        entry.action,
        entry.code,
        entry.commitments,
        entry.previous_hash,
    ]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()
