"""What is recommended for findings: by whom, until when, with which effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Finding, Recommendation, Round
from pasaj.assess.services import chain
from pasaj.assess.services.findings import institution_of, reason_of, texts
from pasaj.core.problems import Refused, problem
from pasaj.evidence import services as evidence
from pasaj.evidence.services import Tie

State = Recommendation.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """A recommendation as somebody wants it. findings: codes. institution: the code of the one that is to do it."""

    text: Mapping[str, str]
    findings: Sequence[str]
    horizon: str
    due: date
    effort: str
    institution: str = ""


@transaction.atomic
def write(*, code: str, wanted: Wanted, actor: Actor, now: datetime) -> Recommendation:
    """Recommend something for findings of a round.

    Raises Refused: ROUND-001, FIND-001, 004, 005, 008, 011, 014, 016.
    """
    row = Round.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=code))
    number = chain.last_number(row, "R") + 1
    made = Recommendation(round=row, code=f"{row.code}-R{number:02}", created_at=now, simulated=row.simulated)
    found = _fill(made, wanted, actor, now)
    made.save(force_insert=True)
    _follow(made, found, actor, now)
    return _done(made, "written", actor, now)


@transaction.atomic
def edit(*, code: str, wanted: Wanted, seen: int, actor: Actor, now: datetime) -> Recommendation:
    """Change a recommendation. Raises Refused: FIND-002, 003, 010, 012 and as `write`."""
    row = _opened(code, seen, State.DRAFT, State.ADOPTED)
    before = {"text": row.text, "due": row.due_date.isoformat()}
    found = _fill(row, wanted, actor, now)
    if row.state == State.ADOPTED and row.institution is None:
        raise Refused(problem("FIND-012"))
    row.revision += 1
    row.save()
    _follow(row, found, actor, now)
    return _done(row, "edited", actor, now, before=before)


@transaction.atomic
def adopt(*, code: str, seen: int, actor: Actor, now: datetime) -> Recommendation:
    """Make it the round's own. Raises Refused: FIND-002, 003, 010, 012 (nobody does it), 013 (no adopted finding)."""
    row = _opened(code, seen, State.DRAFT)
    if row.institution is None:
        raise Refused(problem("FIND-012"))
    if not row.findings.filter(state=Finding.State.ADOPTED).exists():
        raise Refused(problem("FIND-013", code=code))
    return _turn(row, State.ADOPTED, "adopted", "", actor, now)


@transaction.atomic
def drop(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> Recommendation:
    """Set it aside. Raises Refused: FIND-002, 003, 005, 006, 010."""
    row = _opened(code, seen, State.DRAFT, State.ADOPTED)
    why = reason_of(reason)
    chain.take_back(code, why, actor, now)
    return _turn(row, State.DROPPED, "dropped", why, actor, now)


@transaction.atomic
def reopen(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> Recommendation:
    """Make it a draft again. Raises Refused: FIND-002, 003, 005, 006, 010."""
    row = _opened(code, seen, State.DROPPED, State.ADOPTED)
    why = reason_of(reason)
    chain.take_up(code, why, actor, now)
    return _turn(row, State.DRAFT, "opened", why, actor, now)


# --- Inside ------------------------------------------------------------------------------------


def _opened(code: str, seen: int, *states: str) -> Recommendation:
    rows = Recommendation.objects.select_for_update(of=("self",)).select_related("round", "institution")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("FIND-010", code=code))
    if row.revision != seen:
        raise Refused(problem("FIND-002", code=code, now=row.revision, seen=seen))
    if row.state not in states:
        raise Refused(problem("FIND-003", code=code, state=row.state))
    return row


def _fill(row: Recommendation, wanted: Wanted, actor: Actor, now: datetime) -> list[Finding]:
    row.text = texts(wanted.text)
    for value, allowed in ((wanted.horizon, Recommendation.Horizon), (wanted.effort, Recommendation.Effort)):
        if value not in allowed.values:
            raise Refused(problem("FIND-008", value=value[:40], allowed=", ".join(allowed.values)))
    if wanted.due < row.round.period_end:
        raise Refused(problem("FIND-014"))
    codes = list(dict.fromkeys(wanted.findings))
    if not codes:
        raise Refused(problem("FIND-011"))
    found = {one.code: one for one in Finding.objects.filter(round=row.round, code__in=codes)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise Refused(*(problem("FIND-001", code=code) for code in missing))
    row.institution = institution_of(wanted.institution)
    row.horizon, row.due_date, row.effort = wanted.horizon, wanted.due, wanted.effort
    row.owner_id, row.changed_at = actor.id, now
    return [found[code] for code in codes]


def _follow(row: Recommendation, found: Sequence[Finding], actor: Actor, now: datetime) -> None:
    """The rows and the chain say which findings it answers to."""
    row.findings.set(found)
    evidence.put(drafts=[chain.recommendation_draft(row)], actor=actor, now=now)
    ties = {(row.code, one.code): Tie(row.code, one.code, chain.ANSWERS_TO) for one in found}
    chain.tie(ties, chain.ANSWERS_TO, [row.code], actor, now)


def _turn(row: Recommendation, state: str, action: str, note: str, actor: Actor, now: datetime) -> Recommendation:
    row.state, row.reason = state, note if state == State.DROPPED else ""
    row.owner_id, row.revision, row.changed_at = actor.id, row.revision + 1, now
    row.save(update_fields=["state", "reason", "owner_id", "revision", "changed_at"])
    return _done(row, action, actor, now, note)


def _done(
    row: Recommendation, action: str, actor: Actor, now: datetime, note: str = "", **details: object
) -> Recommendation:
    chain.say(row.round, [row.code], action, actor, now, note, **details)
    audit.record(
        actor=actor, action=f"recommendation.{action}", code=row.code, now=now, detail={"note": note, **details}
    )
    return row
