"""Situation reports in people's hands: drafted, edited, read again, submitted, approved, sent, or let be.

`seen` is the revision before the person's eyes: when somebody changed it since, nothing happens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import sitrep as core
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify.models import Mode
from pasaj.registry.models import Home
from pasaj.registry.services import next_code, next_number
from pasaj.respond.models import Sitrep, SitrepEvent
from pasaj.respond.queries import sitreps as queries
from pasaj.watch.services.screening import naming

State = Sitrep.State
LONGEST = 4000  # characters of a part
REASON = 1000
LAST = "last"  # start from the latest that was let go
Texts = Mapping[str, Mapping[str, str]]


@transaction.atomic
def draft(
    *,
    as_of: datetime,
    actor: Actor,
    now: datetime,
    previous: str = LAST,
    mode: str = Mode.ACTUAL,
    corrects: str = "",
    correction: str = "",
) -> Sitrep:
    """A new one from the facts as known at `as_of`, with what people wrote in the report before carried over.

    previous: its code, LAST, or "" for none. corrects: the code of one that was wrong, of which it takes the period;
    correction says what was. A draft of the same moment that is there already is given back as it is. Raises Refused:
    SITREP-001, 003, 004, 009, 010, SCREEN-001.
    """
    home = Home.objects.select_for_update().get(pk=1)  # one at a time: the same moment is drafted once
    if mode not in Mode.values:
        raise Refused(problem("SITREP-009", value=mode[:20], allowed=", ".join(Mode.values)))
    wrong = _to_correct(corrects) if corrects else None
    why = _reason(correction, "correction") if wrong else ""
    same = Sitrep.objects.filter(state=State.DRAFT, as_of_at=as_of, mode=mode, corrects=wrong).first()
    if same is not None:
        return same
    before = wrong.previous if wrong else queries.last(mode) if previous == LAST else _found(previous or None)
    if as_of > now or (before is not None and as_of < before.as_of_at):
        raise Refused(problem("SITREP-004", column="as_of", moment=_said(as_of, home)))
    days = queries.Span(wrong.period_start, wrong.period_end) if wrong else queries.span(home, as_of, before)
    facts = queries.gather(home=home, as_of=as_of, days=days, previous=before, mode=mode)
    source = wrong or before
    texts, marks = core.carry(
        queries.first_draft(facts, home.languages), source.texts if source else {}, source.marks if source else {}
    )
    made = Sitrep.objects.create(
        code=next_code("SR", now), number=next_number("SR"), mode=mode, as_of_at=as_of, period_start=days.start,
        period_end=days.end, previous=before, corrects=wrong, correction=why, texts=texts, marks=marks, facts=facts,
        facts_at=now, simulated=facts["simulated"], author_id=actor.id, author_label=actor.label, created_at=now,
        recorded_at=timezone.now(),
    )  # fmt: skip
    record(
        made, "drafted", actor, now, why, previous=before.code if before else "", corrects=wrong.code if wrong else ""
    )
    return made


@transaction.atomic
def edit(
    *,
    code: str,
    texts: Texts,
    seen: int,
    actor: Actor,
    now: datetime,
    looked: Collection[tuple[str, str]] = (),
) -> Sitrep:  # fmt: skip
    """Change what it says: parts by language; those that are not given stay.

    looked: language and part that were read and stay as they were carried over or drafted. Saving what is there already
    changes nothing. Raises Refused: SITREP-001, 002, 003, 005, 009, SCREEN-001.
    """
    row = opened(code, seen, State.DRAFT)
    wanted = _texts(row, texts)
    moved = [
        (language, part)
        for language, said in wanted.items()
        for part, text in said.items()
        if text != row.texts[language][part]
    ]
    marked = [
        (language, part)
        for language, part in looked
        if row.marks.get(language, {}).get(part, core.EDITED) != core.EDITED
    ]
    if not moved and not marked:
        return row
    for language, part in moved:
        row.texts[language][part] = wanted[language][part]
    for language, part in {*moved, *marked}:
        row.marks[language][part] = core.EDITED
    changed = sorted(f"{language}.{part}" for language, part in {*moved, *marked})
    return _saved(row, "edited", actor, now, changed=changed)


@transaction.atomic
def refresh(*, code: str, seen: int, actor: Actor, now: datetime, as_of: datetime | None = None) -> Sitrep:
    """Read the facts again, as known at `as_of` (else at the moment it has). Parts nobody touched are drafted anew.

    Raises Refused: SITREP-001 to 004.
    """
    row = opened(code, seen, State.DRAFT)
    home = Home.objects.get(pk=1)
    moment = as_of or row.as_of_at
    if moment > now or (row.previous is not None and moment < row.previous.as_of_at):
        raise Refused(problem("SITREP-004", column="as_of", moment=_said(moment, home)))
    days = queries.Span(row.period_start, row.period_end) if row.corrects else queries.span(home, moment, row.previous)
    facts = queries.gather(home=home, as_of=moment, days=days, previous=row.previous, mode=row.mode)
    for language, parts in queries.first_draft(facts, home.languages).items():
        for part, text in parts.items():
            if row.marks.setdefault(language, {}).get(part, core.DRAFTED) == core.DRAFTED:
                row.texts.setdefault(language, {})[part] = text
                row.marks[language][part] = core.DRAFTED
    row.facts, row.facts_at, row.as_of_at, row.simulated = facts, now, moment, facts["simulated"]
    row.period_start, row.period_end = days.start, days.end
    return _saved(row, "refreshed", actor, now, as_of=moment.isoformat())


@transaction.atomic
def submit(*, code: str, seen: int, actor: Actor, now: datetime) -> Sitrep:
    """Freeze facts and texts and ask for a second person. Raises Refused: SITREP-001 to 003, 007."""
    row = opened(code, seen, State.DRAFT)
    reference = Home.objects.only("default_language").get(pk=1).default_language
    said = row.texts.get(reference, {})
    if not said.get("headline", "").strip() or not said.get("situation", "").strip():
        raise Refused(problem("SITREP-007", column=f"{reference}-headline", language=reference))
    row.state, row.submitted_at, row.fingerprint = State.SUBMITTED, now, fingerprint(row)
    return _saved(row, "submitted", actor, now, fingerprint=row.fingerprint)


@transaction.atomic
def give_back(*, code: str, seen: int, note: str, actor: Actor, now: datetime) -> Sitrep:
    """Make what was submitted a draft again, with a reason. Raises Refused: SITREP-001 to 003, 005, 010, SCREEN-001."""
    row = opened(code, seen, State.SUBMITTED)
    why = _reason(note, "note")
    row.state, row.submitted_at, row.fingerprint = State.DRAFT, None, ""
    return _saved(row, "returned", actor, now, why)


@transaction.atomic
def approve(*, code: str, seen: int, actor: Actor, now: datetime) -> Sitrep:
    """Let it go as it was submitted. Raises Refused: SITREP-001 to 003, 006 (who worked on it does not approve it)."""
    row = opened(code, seen, State.SUBMITTED)
    worked = row.events.filter(actor_id=actor.id, action__in=("drafted", "edited", "refreshed", "submitted"))
    if actor.id is None or actor.id == row.author_id or worked.exists():
        raise Refused(problem("SITREP-006", code=code))
    row.state, row.approver_id, row.approver_label, row.approved_at = State.APPROVED, actor.id, actor.label, now
    return _saved(row, "approved", actor, now, fingerprint=row.fingerprint)


@transaction.atomic
def discard(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> Sitrep:
    """Let one be that was never approved. Raises Refused: SITREP-001 to 003, 005, 010, SCREEN-001."""
    row = opened(code, seen, State.DRAFT, State.SUBMITTED)
    why = _reason(reason, "reason")
    row.state = State.DISCARDED
    return _saved(row, "discarded", actor, now, why)


def fingerprint(row: Sitrep) -> str:
    """SHA-256 over what is approved: code, moment, mode, facts and texts."""
    what = [row.code, row.as_of_at.isoformat(), row.mode, row.facts, row.texts]
    text = json.dumps(what, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- Inside ------------------------------------------------------------------------------------


def _said(moment: datetime, home: Home) -> str:
    return moment.astimezone(home.zone).strftime("%Y-%m-%d %H:%M")


def _found(code: str | None) -> Sitrep | None:
    if code is None:
        return None
    row = Sitrep.objects.filter(code=code).first()
    if row is None:
        raise Refused(problem("SITREP-001", code=code[:20]))
    return row


def _to_correct(code: str) -> Sitrep:
    row = _found(code)
    assert row is not None
    if row.state not in queries.GONE_OUT:
        raise Refused(problem("SITREP-003", code=code, state=row.state))
    return row


def opened(code: str, seen: int | None, *states: str) -> Sitrep:
    """The row, locked, in one of these states. Raises Refused: SITREP-001 to 003."""
    row = (
        Sitrep.objects.select_for_update(of=("self",)).select_related("previous", "corrects").filter(code=code).first()
    )
    if row is None:
        raise Refused(problem("SITREP-001", code=code[:20]))
    if seen is not None and row.revision != seen:
        raise Refused(problem("SITREP-002", code=code))
    if row.state not in states:
        raise Refused(problem("SITREP-003", code=code, state=row.state))
    return row


def _texts(row: Sitrep, texts: Texts) -> dict[str, dict[str, str]]:
    """Texts as they are kept. Raises Refused with every problem, its column LANGUAGE-PART."""
    wanted: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for language, said in texts.items():
        if language not in row.texts:
            raise Refused(problem("SITREP-009", value=language[:20], allowed=", ".join(row.texts)))
        for part, text in said.items():
            if part not in core.PARTS:
                raise Refused(problem("SITREP-009", value=part[:20], allowed=", ".join(core.PARTS)))
            kept = text.strip().replace("\r\n", "\n")
            if len(kept) > LONGEST:
                problems.append(problem("SITREP-005", column=f"{language}-{part}", length=len(kept), limit=LONGEST))
            elif kept != row.texts[language].get(part, ""):  # what we drafted ourselves is not looked at again
                problems += naming(**{f"{language}-{part}": kept})
            wanted.setdefault(language, {})[part] = kept
    if problems:
        raise Refused(*problems)
    return wanted


def _reason(text: str, column: str) -> str:
    said = text.strip().replace("\r\n", "\n")
    if not said:
        raise Refused(problem("SITREP-010", column=column))
    if len(said) > REASON:
        raise Refused(problem("SITREP-005", column=column, length=len(said), limit=REASON))
    if found := naming(**{column: said}):
        raise Refused(*found)
    return said


def _saved(row: Sitrep, action: str, actor: Actor, now: datetime, note: str = "", **details: Any) -> Sitrep:
    row.revision += 1
    row.save()
    record(row, action, actor, now, note, **details)
    return row


def record(row: Sitrep, action: str, actor: Actor, now: datetime, note: str = "", **details: Any) -> None:
    """An event beside the row and the entry in the log."""
    SitrepEvent.objects.create(
        sitrep=row, at=now, recorded_at=timezone.now(), actor_id=actor.id, actor_label=actor.label, action=action,
        note=note, details=details,
    )  # fmt: skip
    audit.record(actor=actor, action=f"sitrep.{action}", code=row.code, now=now, detail={"note": note, **details})
