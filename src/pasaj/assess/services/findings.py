"""Findings in people's hands: written, edited, adopted, dismissed, and linked to what they rest on.

`seen` is the revision before the person's eyes: when somebody changed it since, nothing happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Finding, Round
from pasaj.assess.queries import rounds as queries
from pasaj.assess.queries import sayings
from pasaj.assess.services import chain, drafting
from pasaj.collect.services import citing as reports
from pasaj.core import findings as core
from pasaj.core.problems import Refused, problem
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Node
from pasaj.evidence.queries.trace import blockers
from pasaj.evidence.services import Tie
from pasaj.registry.models import Institution
from pasaj.registry.queries import refuse_naming

State = Finding.State
LONGEST = 2000
OWN = "own"
JUDGED: Mapping[str, float] = {"low": 0.3, "medium": 0.6, "high": 0.9}
"""How sure a person may say that a finding is; "" leaves what the rule computed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A finding as a person wants it. sure: a key of JUDGED, or "". part, whole: how many of how many are concerned."""

    statement: Mapping[str, str]
    severity: int
    sure: str = ""
    part: int | None = None
    whole: int | None = None
    rights: bool = False
    rights_affected: str = ""
    institution: str = ""
    wording: str = ""  # why only the wording changes; a second person confirms it on the trace page


@transaction.atomic
def write(*, code: str, wanted: Wanted, actor: Actor, now: datetime) -> Finding:
    """A finding of one's own; rests on nothing yet.

    Raises Refused: ROUND-001, FIND-004, 005, 008, 009, 016, SCREEN-001.
    """
    row = Round.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=code))
    made = Finding(round=row, code=f"{row.code}-F{chain.last_number(row, 'F') + 1:02}", rule=OWN, created_at=now)
    made.key, made.edited, made.owner_id, made.simulated = f"{OWN}:{made.code}", True, actor.id, row.simulated
    made.reach_part, made.reach_whole, made.reach_of = 1, 1, "units"
    made.certainty = {"judged": JUDGED["medium"]}
    _fill(made, wanted, now)
    made.save(force_insert=True)
    evidence.put(drafts=[chain.finding_draft(made)], actor=actor, now=now)
    return _done(made, "written", actor, now)


@transaction.atomic
def edit(*, code: str, wanted: Wanted, seen: int, actor: Actor, now: datetime) -> Finding:
    """Change what a finding says; from now on no rule changes its words.

    Raises Refused: FIND-001 to 005, 008, 009, 016, SCREEN-001; EVID-020 never, as a finding has no numbers of its own.
    """
    row = _opened(code, seen, State.DRAFT, State.ADOPTED)
    before = {"statement": row.statement, "severity": row.severity}
    _fill(row, wanted, now)
    row.edited, row.owner_id, row.revision = True, actor.id, row.revision + 1
    row.save()
    evidence.put(drafts=[chain.finding_draft(row)], actor=actor, now=now, editorial=wanted.wording.strip())
    return _done(row, "edited", actor, now, wanted.wording.strip(), before=before)


@transaction.atomic
def take_over(*, code: str, seen: int, actor: Actor, now: datetime) -> Finding:
    """Let a finding say what its rule says now. Raises Refused: FIND-001 to 003 (nothing is proposed)."""
    row = _opened(code, seen, State.DRAFT, State.ADOPTED)
    if not row.proposed:
        raise Refused(problem("FIND-003", code=code, state=row.state))
    before = {"statement": row.statement, "severity": row.severity}
    drafting.take_over(row, row.proposed, now)
    row.edited, row.owner_id, row.revision = row.state == State.ADOPTED, actor.id, row.revision + 1
    row.save()
    evidence.put(drafts=[chain.finding_draft(row)], actor=actor, now=now)
    return _done(row, "edited", actor, now, before=before)


@transaction.atomic
def adopt(*, code: str, seen: int, actor: Actor, now: datetime) -> Finding:
    """Make a finding the round's own. Raises Refused: FIND-001 to 003, 007 (nothing live supports it)."""
    row = _opened(code, seen, State.DRAFT)
    if not _is_supported(code):
        raise Refused(problem("FIND-007", code=code))
    row.state, row.owner_id, row.revision, row.changed_at = State.ADOPTED, actor.id, row.revision + 1, now
    row.save(update_fields=["state", "owner_id", "revision", "changed_at"])
    return _done(row, "adopted", actor, now)


def _is_supported(code: str) -> bool:
    """Whether at least one link of its own is neither broken nor cut."""
    if not Node.objects.filter(code=code, withdrawn_at=None).exists():
        return False
    return not any(one.reason == "unsupported" and one.code == code for one in blockers(code))


@transaction.atomic
def dismiss(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> Finding:
    """Set a finding aside; what rests on it cannot be published any more. Raises Refused: FIND-001 to 003, 005, 006."""
    row = _opened(code, seen, State.DRAFT, State.ADOPTED)
    row.reason = reason_of(reason)
    row.state, row.owner_id, row.revision, row.changed_at = State.DISMISSED, actor.id, row.revision + 1, now
    row.save(update_fields=["state", "reason", "owner_id", "revision", "changed_at"])
    chain.take_back(code, row.reason, actor, now)
    return _done(row, "dismissed", actor, now, row.reason)


@transaction.atomic
def reopen(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> Finding:
    """Make a dismissed or adopted finding a draft again. Raises Refused: FIND-001 to 003, 005, 006."""
    row = _opened(code, seen, State.DISMISSED, State.ADOPTED)
    why = reason_of(reason)
    row.state, row.reason, row.revision, row.changed_at = State.DRAFT, "", row.revision + 1, now
    row.owner_id, row.edited = actor.id, True  # a person has spoken of it
    row.save(update_fields=["state", "reason", "owner_id", "edited", "revision", "changed_at"])
    chain.take_up(code, why, actor, now)
    return _done(row, "opened", actor, now, why)


@transaction.atomic
def link(*, code: str, target: str, claim: str, note: str, seen: int, actor: Actor, now: datetime) -> Finding:
    """Rest a finding on something more: a signal, a figure, a report by its receipt, or a cell as UNIT/INDICATOR.

    From now on no rule changes what it rests on. Raises Refused: FIND-001 to 003, 015, and what `evidence.link` raises.
    """
    row = _opened(code, seen, State.DRAFT, State.ADOPTED)
    parent = _parent(row, target.strip(), actor, now)
    evidence.link(ties=[Tie(code, parent, chain.RESTS_ON, claim)], note=note.strip(), actor=actor, now=now)
    row.edited, row.revision, row.changed_at = True, row.revision + 1, now
    row.save(update_fields=["edited", "revision", "changed_at"])
    return _done(row, "linked", actor, now, note.strip(), parent=parent)


def _parent(row: Finding, target: str, actor: Actor, now: datetime) -> str:
    """The code in the chain of what somebody names; reports and cells are put into it."""
    if Node.objects.filter(code=target, kind__in=("signal", "figure", "submission")).exists():
        return target
    unit, _slash, indicator = target.partition("/")
    found = queries.result(row.round)
    if (unit, indicator) in found.scores.cells:
        rest = core.Rest("cell", {"unit": unit, "indicator": indicator}, "")
        asked = chain.asked_for(rest, found, sayings.book(found))
        return evidence.figures(asked=[asked], actor=actor, now=now)[0].code
    reports.cite({target}, actor, now)
    if not Node.objects.filter(code=target, kind=reports.KIND).exists():
        raise Refused(problem("FIND-015", target=target[:60]))
    return target


# --- Inside ------------------------------------------------------------------------------------


def _opened(code: str, seen: int, *states: str) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("round__framework", "institution")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("FIND-001", code=code))
    if row.revision != seen:
        raise Refused(problem("FIND-002", code=code, now=row.revision, seen=seen))
    if row.state not in states:
        raise Refused(problem("FIND-003", code=code, state=row.state))
    return row


def _fill(row: Finding, wanted: Wanted, now: datetime) -> None:
    row.statement = texts(wanted.statement)
    if wanted.severity not in list(core.Severity):
        raise Refused(problem("FIND-008", value=wanted.severity, allowed="1, 2, 3, 4"))
    if wanted.sure and wanted.sure not in JUDGED:
        raise Refused(problem("FIND-008", value=wanted.sure, allowed=", ".join(JUDGED)))
    row.severity, row.rights = wanted.severity, wanted.rights
    row.rights_affected = wanted.rights_affected.strip()[:400]
    refuse_naming(rights_affected=row.rights_affected)
    if wanted.sure:
        row.certainty = {"judged": JUDGED[wanted.sure]}
    if wanted.part is not None and wanted.whole is not None:
        if not 0 <= wanted.part <= wanted.whole or wanted.whole < 1:
            raise Refused(problem("FIND-009", part=wanted.part, whole=wanted.whole))
        row.reach_part, row.reach_whole = wanted.part, wanted.whole
    row.institution = institution_of(wanted.institution)
    row.changed_at = now


def institution_of(code: str) -> Institution | None:
    """The institution of this code; none for an empty one. Raises Refused: FIND-016."""
    found = Institution.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(problem("FIND-016", code=code[:40]))
    return found


def texts(said: Mapping[str, str]) -> dict[str, str]:
    """Texts by language as they are kept. Raises Refused: FIND-004 (empty), FIND-005 (too long), SCREEN-001."""
    found = {language: text.strip().replace("\r\n", "\n") for language, text in said.items() if text.strip()}
    if not found:
        raise Refused(problem("FIND-004"))
    if max(map(len, found.values())) > LONGEST:
        raise Refused(problem("FIND-005", limit=LONGEST))
    refuse_naming(**found)
    return found


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises Refused: FIND-005, FIND-006 (none), SCREEN-001."""
    said = text.strip().replace("\r\n", "\n")
    if not said:
        raise Refused(problem("FIND-006"))
    if len(said) > LONGEST:
        raise Refused(problem("FIND-005", limit=LONGEST))
    refuse_naming(reason=said)
    return said


def _done(row: Finding, action: str, actor: Actor, now: datetime, note: str = "", **details: object) -> Finding:
    chain.say(row.round, [row.code], action, actor, now, note, **details)
    event = f"finding.{'edited' if action == 'linked' else action}"
    audit.record(actor=actor, action=event, code=row.code, now=now, detail={"note": note, **details})
    return row
