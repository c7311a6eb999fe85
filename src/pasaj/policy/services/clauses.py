"""The texts of clauses in people's hands: saved, confirmed as translations, suggested, taken, refused.

`seen` is the revision of that text before the person's eyes. Nothing that somebody typed is ever lost: what cannot be
saved as a revision stands as their draft.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import wording
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Clause, ClauseDraft, ClauseRevision, ClauseText, Editing, Suggestion
from pasaj.policy.services import chain, clausechain
from pasaj.policy.services.clausetexts import checked, revision_of, source_fingerprint, write
from pasaj.policy.services.document import taken
from pasaj.policy.services.words import line, reason_of
from pasaj.registry.queries import refuse_naming

STALE = timedelta(minutes=15)
Origin = ClauseRevision.Origin
State = Suggestion.State


def save(
    *, code: str, language: str, text: str, seen: int, actor: Actor, now: datetime, note: str = "", merged: bool = False
) -> ClauseRevision:
    """Make a text the newest revision of a clause. What cannot be saved is kept as the actor's draft.

    seen: 0 where there was no text yet. merged: it brings two people's changes together. Raises Refused: DOC-001 to
    004, 012, 013 (it says so already), 014, 017 (nothing to translate), WRD-001 to 011, SCREEN-001, POL-005.
    """
    keep(code=code, language=language, text=text, base=seen, actor=actor, now=now)
    with transaction.atomic():
        clause = _open(code)
        found = checked(clause, language, text)
        held = ClauseText.objects.filter(clause=clause, language=language).first()
        revision = held.revision if held else 0
        if revision != seen:
            raise Refused(problem("DOC-002", code=code, language=language, now=revision, seen=seen))
        made = _write(clause, language, found, held, Origin.MERGE if merged else Origin.EDITOR, note, actor, now)
        drop(clause, language, actor)
    return made


@transaction.atomic
def confirm(*, code: str, language: str, seen: int, actor: Actor, now: datetime, note: str = "") -> ClauseRevision:
    """Say that a translation still says what the source text says now.

    Raises Refused: DOC-001, 002, 004, 013 (it is of the text as it stands), 019 (there is none).
    """
    clause = _open(code)
    held = ClauseText.objects.filter(clause=clause, language=language).first()
    if held is None or language == clause.source_language:
        raise Refused(problem("DOC-019", number=seen))
    if held.revision != seen:
        raise Refused(problem("DOC-002", code=code, language=language, now=held.revision, seen=seen))
    if held.translates == source_fingerprint(clause):
        raise Refused(problem("DOC-013", code=code))
    made = write(clause, language, held.text, Origin.CONFIRMED, actor, now, note=line(note, 400))
    return _said(made, "saved", actor, now, made.note)


def keep(*, code: str, language: str, text: str, base: int, actor: Actor, now: datetime) -> ClauseDraft | None:
    """Keep what somebody typed; the newest draft replaces their older one. None for an actor without an account.

    Beyond ten times the limit it is cut: no clause is that long, and nobody typed it. Raises Refused: DOC-001.
    """
    clause = Clause.objects.filter(code=code).first()
    if clause is None:
        raise Refused(problem("DOC-001", code=code[:40]))
    if actor.id is None:
        return None
    kept = text[: 10 * wording.LONGEST].replace("\x00", "")
    row, _new = ClauseDraft.objects.update_or_create(
        clause=clause, language=language[:8], owner_id=actor.id,
        defaults={"base": base, "text": kept, "saved_at": now},
    )  # fmt: skip
    return row


def discard(*, code: str, language: str, actor: Actor) -> None:
    """Throw one's own draft away, and close the editor. Raises Refused: DOC-001."""
    clause = Clause.objects.filter(code=code).first()
    if clause is None:
        raise Refused(problem("DOC-001", code=code[:40]))
    drop(clause, language, actor)


def drop(clause: Clause, language: str, actor: Actor) -> None:
    """The actor's draft and open editor of this text are gone."""
    for model in (ClauseDraft, Editing):
        model._default_manager.filter(clause=clause, language=language, owner_id=actor.id or 0).delete()


def enter(*, code: str, language: str, actor: Actor, now: datetime) -> None:
    """Somebody has the editor open; told to others for fifteen minutes after they were last seen. Stops nobody."""
    clause = Clause.objects.filter(code=code).first()
    if clause is None or actor.id is None:
        return
    held = Editing.objects.filter(clause=clause, language=language, owner_id=actor.id).first()
    since = held.since_at if held and now - held.seen_at <= STALE else now
    Editing.objects.update_or_create(
        clause=clause, language=language, owner_id=actor.id,
        defaults={"owner_label": actor.label, "since_at": since, "seen_at": now},
    )  # fmt: skip


# --- Suggestions -------------------------------------------------------------------------------


@transaction.atomic
def suggest(
    *, clause: str, language: str, text: str, base: int, author: str, reason: str = "",
    origin: str = Suggestion.Origin.WEB, source: str = "", actor: Actor, now: datetime,
) -> Suggestion:  # fmt: skip
    """Put another text beside a clause, made from revision `base` of that language; 0 where there was none yet.

    author: as the account or the reply names them. source: the reply or comment it came with. The text is checked as
    one that is saved, so that taking it cannot fail on its marks. Raises Refused: DOC-001, 003, 004, 012 to 014, 019
    (no such revision), WRD-001 to 011, SCREEN-001, POL-005.
    """
    row = _open(clause)
    found = checked(row, language, text)
    if _base(row, language, base) == found:
        raise Refused(problem("DOC-013", code=clause))
    refuse_naming(reason=reason)
    made = Suggestion.objects.create(
        clause=row, code=f"{row.code}-S{row.suggestions.count() + 1}", language=language, base=base, text=found,
        author=line(author, 200), reason=reason.strip()[:2000], origin=Suggestion.Origin(origin), source=source[:80],
        actor_id=actor.id, created_at=now,
    )  # fmt: skip
    chain.say(row.policy, [row.code], "suggested", actor, now, made.reason, suggestion=made.code)
    audit.record(actor=actor, action="clause.suggested", code=made.code, now=now, detail={"origin": made.origin})
    return made


@transaction.atomic
def take(*, code: str, actor: Actor, now: datetime, answer: str = "") -> ClauseRevision:
    """Make a suggestion the text. An older one is merged with what has changed since its base.

    Raises Refused: DOC-004, 009 (decided), 010 (the same words changed: needs rebase), 013, 015, POL-005, SCREEN-001.
    """
    row = _undecided(code)
    clause = _open(row.clause.code)
    held = ClauseText.objects.filter(clause=clause, language=row.language).first()
    found = row.text
    if held is not None and held.revision != row.base:
        merged = wording.merge(_base(clause, row.language, row.base), held.text, row.text).text
        if merged is None:
            raise Refused(problem("DOC-010", code=code, base=row.base))
        found = checked(clause, row.language, merged)
    said = line(answer, 400)
    made = _write(clause, row.language, found, held, Origin.SUGGESTION, said, actor, now, row.code)
    _decide(row, State.TAKEN, said, actor, now, made.number)
    return made


@transaction.atomic
def settle(*, code: str, number: int, actor: Actor, now: datetime, answer: str = "") -> Suggestion:
    """Say that a revision made by hand took a suggestion. Raises Refused: DOC-009, 015, 019, POL-005, SCREEN-001."""
    row = _undecided(code)
    made = revision_of(row.clause, row.language, number)
    return _decide(row, State.TAKEN, line(answer, 400), actor, now, made.number)


@transaction.atomic
def refuse(*, code: str, answer: str, actor: Actor, now: datetime) -> Suggestion:
    """Set a suggestion aside with a reason. Raises Refused: DOC-009, 015, POL-005, POL-006 (no reason), SCREEN-001."""
    return _decide(_undecided(code), State.REFUSED, reason_of(answer), actor, now, None)


# --- Inside ------------------------------------------------------------------------------------


def _open(code: str) -> Clause:
    found = taken(code)
    if found.withdrawn_at:
        raise Refused(problem("DOC-004", code=code))
    return found


def _base(clause: Clause, language: str, number: int) -> str:
    """The text that a suggestion was made from. Raises Refused: DOC-019."""
    return "" if number == 0 else revision_of(clause, language, number).text


def _undecided(code: str) -> Suggestion:
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("clause__policy")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("DOC-015", code=code[:40]))
    if row.state != State.OPEN:
        raise Refused(problem("DOC-009", code=code))
    return row


def _write(
    clause: Clause, language: str, text: str, held: ClauseText | None, origin: str, note: str, actor: Actor,
    now: datetime, suggestion: str = "",
) -> ClauseRevision:  # fmt: skip
    translates = language != clause.source_language
    source = source_fingerprint(clause) if translates else ""
    if translates and not source:
        raise Refused(problem("DOC-017", code=clause.code, language=clause.source_language))
    if held is not None and held.text == text and held.translates == source:
        raise Refused(problem("DOC-013", code=clause.code))
    made = write(clause, language, text, origin, actor, now, note=line(note, 400), suggestion=suggestion)
    if not translates:
        clausechain.follow([clause], actor, now)
    Clause.objects.filter(pk=clause.pk).update(changed_at=now)
    return _said(made, "saved", actor, now, made.note)


def _said(made: ClauseRevision, action: str, actor: Actor, now: datetime, note: str) -> ClauseRevision:
    detail = {"language": made.language, "revision": made.number, "origin": made.origin}
    chain.say(made.clause.policy, [made.clause.code], action, actor, now, note, **detail)
    audit.record(
        actor=actor, action=f"clause.{action}", code=made.clause.code, now=now, detail={**detail, "note": note}
    )
    return made


def _decide(row: Suggestion, state: str, answer: str, actor: Actor, now: datetime, number: int | None) -> Suggestion:
    row.state, row.answer, row.taken_as = State(state), answer, number
    row.decided_at, row.decided_by = now, actor.label
    row.save(update_fields=["state", "answer", "taken_as", "decided_at", "decided_by"])
    chain.say(row.clause.policy, [row.clause.code], state, actor, now, answer, suggestion=row.code)
    audit.record(actor=actor, action=f"clause.{state}", code=row.code, now=now, detail={"answer": answer})
    return row
