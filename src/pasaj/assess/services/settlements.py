"""Where assessors differ, somebody decides; the decision is kept beside their answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Round, Settlement
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import citing
from pasaj.core.problems import Refused, problem
from pasaj.core.scoring import Missing

LONGEST = 2000
VALUES = (*map(str, range(5)), *Missing)


def stands(found: list[queries.Given], settled: Settlement | None) -> str:
    """What a cell says now, in a word: changes with every answer and every settlement."""
    answers = ",".join(f"{one.answer.assessor}={one.answer.value}" for one in found)
    return f"{answers};{settled.pk if settled else ''}"


@transaction.atomic
def settle(
    *, code: str, unit: str, indicator: str, value: str, reason: str, seen: str, actor: Actor, now: datetime
) -> Settlement:
    """Decide what a cell is; an empty `value` lifts the decision before. `seen`: `stands` of the page it was made on.

    Raises Refused: ROUND-001 (no round), 006 (value), 013 (no reason), 014 (no answers), 015 (changed meanwhile), 021,
    022 (nothing to lift).
    """
    row = Round.objects.select_for_update(of=("self",)).select_related("framework").filter(code=code).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=code))
    said = reason.strip().replace("\r\n", "\n")
    if not said:
        raise Refused(problem("ROUND-013"))
    if len(said) > LONGEST:
        raise Refused(problem("ROUND-021", limit=LONGEST))
    if value and value not in VALUES:
        raise Refused(problem("ROUND-006", value=value[:40], indicator=indicator))
    there = row.units.filter(code=unit).first()
    counted, _replaced = queries.given(row)
    answers = sorted((one for one in counted if one.key == (unit, indicator)), key=lambda one: one.answer.assessor)
    if there is None or not answers:
        raise Refused(problem("ROUND-014", indicator=indicator, unit=unit))
    settled = queries.settlements(row).get((unit, indicator))
    if stands(answers, settled) != seen:
        raise Refused(problem("ROUND-015", indicator=indicator, unit=unit))
    if not value and settled is None:
        raise Refused(problem("ROUND-022", indicator=indicator, unit=unit))
    made = Settlement(
        round=row,
        unit=there,
        indicator=indicator,
        value=value,
        reason=said,
        answers={one.answer.assessor: str(one.answer.value) for one in answers},
        at=now,
        actor_id=actor.id,
        actor_label=actor.label,
    )
    made.save(force_insert=True)
    citing.moved(row, actor, now, unit)
    detail = {"unit": unit, "indicator": indicator, "value": value, "reason": said}
    audit.record(actor=actor, action="round.settled", code=code, now=now, detail=detail)
    return made
