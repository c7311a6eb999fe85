"""What the cell does with a submission: look at it, ask its sender, let it out of quarantine, set it aside.

Each step is one transaction with an event on the submission and an entry of the log. Callers have
asked who may; here stands what the state of the submission allows. `seen` (see `mark`) is what the
page was made from: when anything happened since, the step is refused and nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import Message, ReviewEvent, Submission, SubmissionVersion
from pasaj.collect.queries.sender import asked
from pasaj.collect.queries.submissions import marks
from pasaj.collect.services import citing, meaning
from pasaj.core.problems import Refused, problem
from pasaj.registry.queries import naming, refuse_naming

State, Review, Processing = Submission.State, Submission.Review, Submission.Processing

LONGEST = 2000  # signs of a question, an answer or a note
WITH_WORDS = frozenset({"ask", "reject", "refuse", "note"})
# The steps after which other figures may stand.
COUNTS = frozenset({"approve", "reject", "release", "refuse"})
# The event that each step leaves, and the entry of the log.
EVENTS = {
    "approve": ("approved", "submission.reviewed"),
    "reject": ("rejected", "submission.reviewed"),
    "ask": ("asked", "submission.asked"),
    "note": ("noted", "submission.reviewed"),
    "release": ("released", "submission.released"),
    "refuse": ("refused", "submission.refused"),
    "retry": ("retried", "submission.retried"),
}


def mark(submission: Submission) -> str:
    """What stands now, in a word: changes with every version, event and message."""
    return marks([submission])[submission.pk]


def possible(submission: Submission) -> frozenset[str]:
    """The steps that its state allows, whoever takes them."""
    state = submission.state
    if state == State.REDACTED:
        return frozenset()
    steps = {"note"}
    if state == State.RECEIVED:
        steps |= {"approve"} if submission.review != Review.APPROVED else set()
        steps |= {"reject"} if submission.review != Review.REJECTED else set()
        steps |= {"retry"} if submission.processing == Processing.FAILED else set()
    if state == State.QUARANTINED:
        steps |= {"release"}
    if state != State.REFUSED:
        steps |= {"refuse"}
        steps |= {"ask"} if submission.app_user_id or submission.account_id else set()
    return frozenset(steps)


@transaction.atomic
def act(
    *, receipt: str, step: str, seen: str, actor: Actor, now: datetime, text: str = "", reasons: Iterable[str] = ()
) -> Submission:
    """Take one step. `reasons`: why it was in quarantine and no longer need be (for "release").

    Raises Refused: COLLECT-060 (something happened since), COLLECT-061 (not possible now), COLLECT-062 (words
    are missing), COLLECT-063 (too many), SCREEN-001 (they may name somebody), and for
    "refuse" what stands against taking a figure back.
    """
    row = Submission.objects.select_for_update(of=("self",)).select_related("current").get(receipt=receipt)
    if mark(row) != seen:
        raise Refused(problem("COLLECT-060"))
    if step not in possible(row):
        raise Refused(problem("COLLECT-061"))
    said = _words(text, needed=step in WITH_WORDS)
    refuse_naming(text=said)
    with audit.at_the_end():
        details = _CHANGES[step](row, said, tuple(reasons), actor, now)
        row.updated_at = now
        row.save(update_fields=["state", "reasons", "held", "review", "processing", "updated_at"])
        _write_down(row, step, said, details, actor, now)
        if step in COUNTS:
            citing.follow(row, actor, now, said)
    return row


def _words(text: str, *, needed: bool) -> str:
    said = text.strip().replace("\r\n", "\n")
    if needed and not said:
        raise Refused(problem("COLLECT-062"))
    if len(said) > LONGEST:
        raise Refused(problem("COLLECT-063", limit=LONGEST))
    return said


def _write_down(row: Submission, step: str, text: str, details: dict[str, Any], actor: Actor, now: datetime) -> None:
    event, action = EVENTS[step]
    ReviewEvent(
        submission=row,
        at=now,
        actor_id=actor.id,
        actor_label=actor.label,
        action=event,
        note="" if step == "ask" else text,  # the question is a message, and stands there
        details=details,
    ).save(force_insert=True)
    audit.record(actor=actor, action=action, code=row.receipt, now=now, detail={"step": step, "text": text, **details})


# --- What each step changes --------------------------------------------------------------------


def _approve(row: Submission, *_given: object) -> dict[str, Any]:
    row.review = Review.APPROVED
    return {}


def _reject(row: Submission, *_given: object) -> dict[str, Any]:
    row.review = Review.REJECTED
    return {}


def _note(row: Submission, *_given: object) -> dict[str, Any]:
    return {}


def _ask(row: Submission, text: str, _reasons: object, actor: Actor, now: datetime) -> dict[str, Any]:
    Message.objects.create(submission=row, at=now, actor_id=actor.id, actor_label=actor.label, text=text)
    row.review = Review.QUESTION
    return {}


def _release(row: Submission, _text: str, reasons: tuple[str, ...], *_given: object) -> dict[str, Any]:
    """Strike reasons; with the last one gone it feeds what its form declares."""
    lifted = [one for one in row.reasons if one in reasons]
    if row.reasons and not lifted:  # without any: it was set aside, and its sender sent it again
        raise Refused(problem("COLLECT-061"))
    row.reasons = [one for one in row.reasons if one not in lifted]
    if "screen" in lifted:
        row.held = False
    if not row.reasons:
        row.state = State.RECEIVED
        row.processing = Processing.WAITING
    # Of this version only: what its sender changes later is screened again.
    return {"reasons": lifted, "left": row.reasons, "version": row.current.number if row.current else 0}


def _refuse(row: Submission, text: str, _reasons: object, actor: Actor, now: datetime) -> dict[str, Any]:
    """It counts for nothing from now on: what it made is taken back."""
    meaning.take_back(submission=row, note=text, actor=actor, now=now)
    reasons, row.reasons = row.reasons, []
    row.state = State.REFUSED
    return {"reasons": reasons}


def _retry(row: Submission, *_given: object) -> dict[str, Any]:
    row.processing = Processing.WAITING
    return {}


_CHANGES: dict[str, Any] = {
    "approve": _approve,
    "reject": _reject,
    "note": _note,
    "ask": _ask,
    "release": _release,
    "refuse": _refuse,
    "retry": _retry,
}


# --- Reading and answering ---------------------------------------------------------------------


def read(*, submission: Submission, version: SubmissionVersion, actor: Actor, now: datetime, file: str = "") -> None:
    """Somebody reads the answers of a version, or one of its files: an entry of the log.

    What the sender wrote back counts as read.
    """
    with transaction.atomic():
        submission.messages.filter(from_sender=True, read_at=None).update(read_at=now)
        audit.record(
            actor=actor,
            action="submission.viewed",
            code=submission.receipt,
            now=now,
            detail={"version": version.number, "file": file},
        )


@transaction.atomic
def answer(*, own: QuerySet[Submission], receipt: str, text: str, actor: Actor, now: datetime) -> None:
    """The sender answers the cell's question about one of the own reports (`own`: see queries.sender).

    The report waits to be looked at again. One answer a question: a second one has to be asked for.
    Raises Refused: COLLECT-062, COLLECT-063, COLLECT-064 (nothing was asked), COLLECT-065 (it may name somebody).
    """
    said = _words(text, needed=True)
    if naming(said):
        raise Refused(problem("COLLECT-065"))
    row = asked(own.select_for_update(of=("self",))).filter(receipt=receipt).first()
    if row is None:
        raise Refused(problem("COLLECT-064"))
    row.messages.filter(from_sender=False, read_at=None).update(read_at=now)
    who = {"actor_id": actor.id, "actor_label": actor.label}
    Message.objects.create(submission=row, at=now, from_sender=True, text=said, **who)
    row.review = Review.NEW
    row.updated_at = now
    row.save(update_fields=["review", "updated_at"])
    ReviewEvent(submission=row, at=now, action="answered", **who).save(force_insert=True)
    audit.record(actor=actor, action="submission.answered", code=row.receipt, now=now, detail={"text": said})
