"""What became of it: how actions stand, and what was observed of indicators."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.evidence import services as evidence
from pasaj.policy.models import Action, Indicator, Progress, Reading
from pasaj.policy.services import chain
from pasaj.policy.services.statements import opened
from pasaj.policy.services.words import LONGEST, choice, line, number
from pasaj.registry.queries import refuse_naming


@transaction.atomic
def report(
    *, code: str, state: str, note: str, seen: int, actor: Actor, now: datetime, on: date | None = None
) -> Action:
    """How an action stands. `on`: the day it was done. A dropped one says why.

    Raises Refused: POL-002, 003, 005, 006, 007, 009, 018, SCREEN-001.
    """
    row = opened(code, seen)
    if not isinstance(row, Action):
        raise Refused(problem("POL-002", code=code))
    said = note.strip()
    if len(said) > LONGEST:
        raise Refused(problem("POL-005", limit=LONGEST))
    refuse_naming(note=said)
    row.state = choice(state, Action.State.values)
    if row.state == Action.State.DROPPED and not said:
        raise Refused(problem("POL-006"))
    row.done_date = (on or now.date()) if row.state == Action.State.DONE else None
    if row.done_date and row.done_date > now.date():
        raise Refused(problem("POL-018", day=row.done_date))
    row.revision, row.changed_at = row.revision + 1, now
    row.save(update_fields=["state", "done_date", "revision", "changed_at"])
    Progress.objects.create(action=row, state=row.state, note=said, at=now, actor_id=actor.id, actor_label=actor.label)
    chain.follow([row], actor, now)
    chain.say(row.policy, [code], "progress", actor, now, said, state=row.state)
    audit.record(actor=actor, action="policy.progress", code=code, now=now, detail={"state": row.state, "note": said})
    return row


@transaction.atomic
def observe(
    *, code: str, period_end: date, value: Decimal, source: str, actor: Actor, now: datetime, figure: str = ""
) -> Reading:
    """What was observed of an indicator for the period that ends on a day; the same day again is a correction.

    figure: the code of a figure it was read from, "" for none. Raises Refused: POL-002, 005, 007, 012, 015, 018.
    """
    row = Indicator.objects.select_for_update(of=("self",)).select_related("policy").filter(code=code).first()
    if row is None:
        raise Refused(problem("POL-002", code=code[:40]))
    if row.withdrawn_at:
        raise Refused(problem("POL-007", code=code))
    if period_end > now.date():
        raise Refused(problem("POL-018", day=period_end))
    before = row.readings.filter(period_end=period_end).count()
    made = Reading.objects.create(
        indicator=row, code=f"{code}-{period_end}", period_end=period_end, revision=before + 1, value=number(value),
        source=line(source), reported_at=now, actor_id=actor.id, actor_label=actor.label,
        simulated=row.policy.simulated,
    )  # fmt: skip
    evidence.put(drafts=[chain.reading_draft(made)], actor=actor, now=now)
    chain.tie({(made.code, "reports"): [code, *([figure] if figure else [])]}, actor, now)
    chain.say(row.policy, [code], "observed", actor, now, value=str(made.value), period=str(period_end))
    audit.record(
        actor=actor, action="policy.observed", code=code, now=now,
        detail={"period": str(period_end), "value": str(made.value)},
    )  # fmt: skip
    return made
