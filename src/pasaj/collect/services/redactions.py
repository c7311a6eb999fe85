"""Answers that must go: one person asks, another confirms, the bytes are removed and their hashes stay.

The list of what was removed stands in a small file beside the home as well, so that a backup from before
can be restored without bringing it back: see `reapply`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from pasaj.access.models import AuditDetail
from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.collect.models import Attachment, Check, Message, Outcome, Redaction, Submission, SubmissionBody
from pasaj.collect.services import citing, meaning, spool
from pasaj.core.problems import Refused, problem
from pasaj.registry.queries import refuse_naming
from pasaj.watch.services import forgetting

REMOVED = "removed"  # instead of a file's name, which a phone may have given


def ask(*, submission_id: int, reason: str, actor: Actor, now: datetime) -> Redaction:
    """Ask for the removal of a submission's answers. Raises Refused: FORM-041 (asked or done), FORM-042 (no reason),
    SCREEN-001.
    """
    if not reason.strip():
        raise Refused(problem("FORM-042"))
    refuse_naming(reason=reason)  # it stays in the log and in the list beside the home
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission_id)
        if Redaction.objects.filter(submission=row).exists():
            raise Refused(problem("FORM-041", code=row.receipt))
        made = Redaction.objects.create(
            submission=row,
            reason=reason.strip(),
            asked_at=now,
            asked_by_id=actor.id or 0,  # 0: whoever holds the home
            asked_by=actor.label,
        )
        audit.record(
            actor=actor, action="submission.redaction-asked", code=row.receipt, now=now, detail={"reason": made.reason}
        )
    return made


def withdraw(*, submission_id: int, actor: Actor, now: datetime) -> None:
    """Take back what was asked for and not confirmed. Raises Refused FORM-043."""
    with transaction.atomic():
        made = _asked(submission_id)
        receipt = made.submission.receipt
        made.delete()
        audit.record(actor=actor, action="submission.redaction-withdrawn", code=receipt, now=now)


def confirm(*, submission_id: int, actor: Actor, now: datetime) -> Redaction:
    """Remove the answers, as a second person. Raises Refused: FORM-040 (the same person), FORM-041, FORM-043."""
    with transaction.atomic(), audit.at_the_end():
        made = _asked(submission_id)
        if made.asked_by_id == (actor.id or 0):
            raise Refused(problem("FORM-040"))
        made.confirmed_at, made.confirmed_by_id, made.confirmed_by = now, actor.id or 0, actor.label
        made.hashes = _hashes(made.submission)
        made.save(update_fields=["confirmed_at", "confirmed_by_id", "confirmed_by", "hashes"])
        gone = _purge(made.submission, actor, now)
        detail = {"reason": made.reason, "asked_by": made.asked_by, "removed": len(made.hashes)}
        audit.record(actor=actor, action="submission.redacted", code=made.submission.receipt, now=now, detail=detail)
        transaction.on_commit(lambda: _after(made, gone))
    return made


def _asked(submission_id: int) -> Redaction:
    row = Submission.objects.select_for_update().get(pk=submission_id)
    made = Redaction.objects.select_related("submission__form").filter(submission=row).first()
    if made is None:
        raise Refused(problem("FORM-043", code=row.receipt))
    if made.confirmed_at:
        raise Refused(problem("FORM-041", code=row.receipt))
    return made


# --- Removing ----------------------------------------------------------------------------------


def _hashes(row: Submission) -> list[dict[str, Any]]:
    versions = [
        {"name": one.instance_id, "sha256": one.sha256, "size": one.size} for one in row.versions.order_by("number")
    ]
    files = Attachment.objects.filter(version__submission=row).exclude(sha256="").order_by("pk")
    return versions + [{"name": REMOVED, "sha256": one.sha256, "size": one.size} for one in files]


def _purge(row: Submission, actor: Actor, now: datetime) -> list[str]:
    """Delete answers and all that repeats them. Returns the paths that are to be unlinked after the commit."""
    versions = list(row.versions.select_related("form_version", "body").filter(body__isnull=False).order_by("number"))
    said = {text.strip() for one in versions for text in meaning.free_texts(one)}
    said |= {text.strip() for text in Message.objects.filter(submission=row).values_list("text", flat=True)}
    key = b"".join(bytes(one.body.xml) for one in versions) or os.urandom(32)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten with zeros
    SubmissionBody.objects.filter(version__submission=row).delete()
    Check.objects.filter(version__submission=row).delete()
    Outcome.objects.filter(version__submission=row).update(data={}, problem=None)
    Message.objects.filter(submission=row).update(text="")
    files = Attachment.objects.filter(version__submission=row)
    paths = [path for path in files.values_list("path", flat=True) if path]
    for one in files:
        one.name, one.path = f"{REMOVED}-{one.pk}", ""
        one.save(update_fields=["name", "path"])
    forgetting.forget_texts(ref=f"{row.receipt}/", said=said - {""}, key=key, actor=actor, now=now)
    _forget_steps(row, said - {""}, actor, now)
    Submission.objects.filter(pk=row.pk).update(state=Submission.State.REDACTED, updated_at=now)
    row.state = Submission.State.REDACTED
    citing.follow(row, actor, now)
    kept = set(Attachment.objects.filter(path__in=paths).values_list("path", flat=True))
    return sorted(set(paths) - kept)


def _forget_steps(row: Submission, said: Collection[str], actor: Actor, now: datetime) -> None:
    """What was written to the sender and back goes from the log's values, and notes of steps that repeat an answer."""
    told = AuditDetail.objects.filter(entry__code=row.receipt).select_related("entry")
    entries = [one.entry_id for one in told if one.values.get("text")]
    if entries:
        audit.erase(actor=actor, now=now, reason=f"{row.receipt}: answers removed", entries=entries)
    for step in row.events.exclude(note=""):
        if forgetting.repeats(step.note, said):
            row.events.filter(pk=step.pk).update(note="")


def _after(made: Redaction, paths: Iterable[str]) -> None:
    for path in paths:
        (spool.files() / path).unlink(missing_ok=True)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # old pages stand in the log of changes until then
    _list([made])


# --- The list beside the home ------------------------------------------------------------------


def tombstones() -> Path:
    """The file that lists what was removed: beside the home, so that it outlives it."""
    home: Path = Path(settings.PASAJ_HOME).absolute()
    return Path(settings.PASAJ_REDACTIONS) if settings.PASAJ_REDACTIONS else home.with_name(f"{home.name}.redactions")


def _list(rows: Iterable[Redaction]) -> None:
    path = tombstones()
    with path.open("a", encoding="utf-8") as file:
        for one in rows:
            file.write(json.dumps(_plain(one), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _plain(one: Redaction) -> dict[str, Any]:
    assert one.confirmed_at is not None
    return {
        "form_id": one.submission.form.form_id,
        "instance_id": one.submission.instance_id,
        "reason": one.reason,
        "asked_at": one.asked_at.isoformat(),
        "asked_by_id": one.asked_by_id,
        "asked_by": one.asked_by,
        "confirmed_at": one.confirmed_at.isoformat(),
        "confirmed_by_id": one.confirmed_by_id,
        "confirmed_by": one.confirmed_by,
    }


def listed() -> list[dict[str, Any]]:
    """What the file beside the home lists; a line that was cut off is left out."""
    path = tombstones()
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def relist() -> int:
    """Put into the file what it lacks: a disk that was full lost a line. Returns how many."""
    known = {(one["form_id"], one["instance_id"]) for one in listed()}
    rows = Redaction.objects.exclude(confirmed_at=None).select_related("submission__form").order_by("pk")
    missing = [one for one in rows if (one.submission.form.form_id, one.submission.instance_id) not in known]
    if missing:
        _list(missing)
    return len(missing)


def reapply(*, now: datetime) -> int:
    """Remove again what the file lists, after an older backup was restored. Returns how many were removed."""
    done = 0
    for plain in listed():
        with transaction.atomic(), audit.at_the_end():
            row = (
                Submission.objects.select_for_update()
                .filter(form__form_id=plain["form_id"], instance_id=plain["instance_id"])
                .exclude(state=Submission.State.REDACTED)
                .first()
            )
            if row is None:
                continue
            Redaction.objects.filter(submission=row, confirmed_at=None).delete()
            names = ("reason", "asked_by_id", "asked_by", "confirmed_by_id", "confirmed_by")
            made = Redaction.objects.create(
                submission=row,
                asked_at=datetime.fromisoformat(plain["asked_at"]),
                confirmed_at=datetime.fromisoformat(plain["confirmed_at"]),
                hashes=_hashes(row),
                **{name: plain[name] for name in names},
            )
            gone = _purge(row, SYSTEM, now)
            detail = {"confirmed_by": made.confirmed_by, "again": True}
            audit.record(actor=SYSTEM, action="submission.redacted", code=row.receipt, now=now, detail=detail)
        for path in gone:
            (spool.files() / path).unlink(missing_ok=True)
        done += 1
    return done
