"""Problems, objectives, measures, actions and indicators in people's hands: written, edited, withdrawn, taken up.

`seen` is the revision before the person's eyes: when somebody changed it since, nothing happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Action, Measure, Objective, Policy, Problem
from pasaj.policy.queries.statements import AnyStatement, find
from pasaj.policy.services import chain
from pasaj.policy.services.fill import MODELS, fill, next_code
from pasaj.policy.services.wanted import Wanted
from pasaj.policy.services.words import line, reason_of


@transaction.atomic
def write(*, policy: str, wanted: Wanted, actor: Actor, now: datetime, code: str = "") -> AnyStatement:
    """A new statement of a policy, in the chain of evidence with what it rests on. `code`: its own, "" for the next.

    Raises Refused: POL-001, 004, 005, 009 to 017, SCREEN-001, EVID-013 (what it rests on was withdrawn).
    """
    return write_all(policy=policy, wanted=[(code, wanted)], actor=actor, now=now)[0]


@transaction.atomic
def write_all(*, policy: str, wanted: Sequence[tuple[str, Wanted]], actor: Actor, now: datetime) -> list[AnyStatement]:
    """Several at once, in their order: each may refer to those before it. Raises as `write`; all or none."""
    owner = locked(policy)
    made = [_made(owner, code, one, actor, now) for code, one in wanted]
    chain.follow(made, actor, now)
    codes = [row.code for row in made]
    chain.say(owner, codes, "written", actor, now)
    audit.record(actor=actor, action="policy.written", code=owner.code, now=now, detail={"codes": codes})
    return made


@transaction.atomic
def edit(*, code: str, wanted: Wanted, seen: int, actor: Actor, now: datetime, wording: str = "") -> AnyStatement:
    """Change what a statement says. `wording`: why only the wording changes, which a second person confirms.

    Raises Refused: POL-002, 003, 007 and as `write`; EVID-020 when more than the wording changed.
    """
    row = opened(code, seen)
    if MODELS[type(wanted)] is not type(row):
        raise Refused(problem("POL-002", code=code))
    before = {"text": row.text}
    after = fill(row, wanted)
    row.author_id, row.revision, row.changed_at = actor.id, row.revision + 1, now
    row.save()
    after()
    chain.follow([row], actor, now, editorial=line(wording, 400))
    return _done(row, "edited", actor, now, before=before)


@transaction.atomic
def withdraw(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> AnyStatement:
    """It does not stand any more. What hangs on it must go first or hang on something else.

    Raises Refused: POL-002, 003, 005, 006, 007, 008 (what hangs on it), SCREEN-001.
    """
    row = opened(code, seen)
    hanging = carried(row)
    if hanging:
        raise Refused(problem("POL-008", code=code, others=", ".join(hanging)))
    row.reason, row.withdrawn_at = reason_of(reason), now
    row.revision, row.changed_at = row.revision + 1, now
    row.save(update_fields=["reason", "withdrawn_at", "revision", "changed_at"])
    chain.take_back(code, row.reason, actor, now)
    return _done(row, "withdrawn", actor, now, row.reason)


@transaction.atomic
def reinstate(*, code: str, seen: int, reason: str, actor: Actor, now: datetime) -> AnyStatement:
    """A withdrawn statement stands again. Raises Refused: POL-002, 003, 005, 006, SCREEN-001, EVID-013."""
    row = opened(code, seen, withdrawn=True)
    why = reason_of(reason)
    row.reason, row.withdrawn_at = "", None
    row.revision, row.changed_at = row.revision + 1, now
    row.save(update_fields=["reason", "withdrawn_at", "revision", "changed_at"])
    chain.take_up(code, why, actor, now)
    return _done(row, "reinstated", actor, now, why)


def carried(row: AnyStatement) -> list[str]:
    """The codes of the standing statements that would rest on nothing without this one, or refer to it."""
    if isinstance(row, Problem):
        return _codes(row.objectives)
    if isinstance(row, Objective):
        return _codes(row.measures) + _codes(row.indicators) + _codes(row.appraisals)
    if isinstance(row, Measure):
        return _codes(row.actions) + _codes(row.safeguarded)
    if isinstance(row, Action):
        lines = list(row.costs.filter(withdrawn_at=None).order_by("code").values_list("code", flat=True))
        return _codes(row.indicators) + _codes(row.needed_by) + lines
    return []


def locked(policy: str) -> Policy:
    """The policy, so that no two people give the same code. Raises Refused: POL-001."""
    row = Policy.objects.select_for_update().filter(code=policy).first()
    if row is None:
        raise Refused(problem("POL-001", code=policy))
    return row


def opened(code: str, seen: int, *, withdrawn: bool = False) -> AnyStatement:
    """The statement, locked, as it was seen. Raises Refused: POL-002, 003, 007."""
    row = find(code, lock=True)
    if row is None:
        raise Refused(problem("POL-002", code=code))
    if row.revision != seen:
        raise Refused(problem("POL-003", code=code, now=row.revision, seen=seen))
    if bool(row.withdrawn_at) != withdrawn:
        raise Refused(problem("POL-007", code=code))
    return row


# --- Inside ------------------------------------------------------------------------------------


def _codes(rows: object) -> list[str]:
    found = rows.filter(withdrawn_at=None).order_by("pk")  # type: ignore[attr-defined]
    return list(found.values_list("code", flat=True))


def _made(policy: Policy, code: str, wanted: Wanted, actor: Actor, now: datetime) -> AnyStatement:
    model = MODELS[type(wanted)]
    row = model(policy=policy, code=code or next_code(policy, wanted), simulated=policy.simulated)
    row.author_id = actor.id
    row.created_at = row.changed_at = now
    after = fill(row, wanted)
    row.save(force_insert=True)
    after()
    return row


def _done(
    row: AnyStatement, action: str, actor: Actor, now: datetime, note: str = "", **details: object
) -> AnyStatement:
    chain.say(row.policy, [row.code], action, actor, now, note, **details)
    audit.record(actor=actor, action=f"policy.{action}", code=row.code, now=now, detail={"note": note, **details})
    return row
