"""Answers that came in through a form: looked at once, then counted or told why not.

The outcome of the report is the row of work. One that cannot be counted stands in the tray of its submission with the
reason; tried again there, it comes back here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.assess.models import AnswerSheet, Assessor, MappingAnswer, Round, RoundUnit
from pasaj.assess.queries.rounds import framework_of, value_of
from pasaj.assess.services import citing, mapping
from pasaj.collect.models import Outcome, Submission
from pasaj.core import rounds as core
from pasaj.core.problems import Problem, Refused, problem

TOP = 4
KINDS = (core.KIND, *mapping.KINDS)
SLICE = 100


def settle_waiting(now: datetime, *, limit: int = SLICE) -> int:
    """Look at outcomes that wait, the oldest first. Returns how many. `now`: the business clock."""
    waiting = Outcome.objects.filter(kind__in=KINDS, state=Outcome.State.WAITING)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])
    for number in ids:
        settle(number, now=now)
    return len(ids)


@transaction.atomic
def settle(outcome_id: int, *, now: datetime) -> AnswerSheet | MappingAnswer | None:
    """Count one outcome, or write down what stands against it. Doing it twice changes nothing."""
    outcome = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome_id)
    if outcome.kind not in KINDS or outcome.state != Outcome.State.WAITING:
        return None
    submission = Submission.objects.select_related("app_user").get(versions__outcomes=outcome)
    try:
        sheet = _sheet(outcome, submission, now)
    except Refused as refused:
        _fail(outcome, submission, refused.problems[0], now)
        return None
    sheet.save()
    outcome.state, outcome.problem, outcome.settled_at = Outcome.State.DONE, None, now
    outcome.code = f"{sheet.round.code}/{sheet.unit.code}/{sheet.assessor.code}"
    outcome.save(update_fields=["state", "problem", "settled_at", "code"])
    citing.moved(sheet.round, SYSTEM, now, sheet.unit.code, outcome.kind)
    detail = {"receipt": submission.receipt, "unit": sheet.unit.code, "assessor": sheet.assessor.code}
    audit.record(actor=SYSTEM, action="round.answered", code=sheet.round.code, now=now, detail=detail)
    return sheet


def _fail(outcome: Outcome, submission: Submission, why: Problem, now: datetime) -> None:
    outcome.state, outcome.problem, outcome.settled_at = Outcome.State.FAILED, why.plain(), now
    outcome.save(update_fields=["state", "problem", "settled_at"])
    submission.processing = Submission.Processing.FAILED
    submission.save(update_fields=["processing"])


def _sheet(outcome: Outcome, submission: Submission, now: datetime) -> AnswerSheet | MappingAnswer:
    """The row that says that an outcome counts. Raises Refused: ROUND-001 to 009, and as services.mapping."""
    data = outcome.data
    row = Round.objects.select_related("framework").filter(code=str(data.get("round", ""))).first()
    if row is None:
        raise Refused(problem("ROUND-001", code=str(data.get("round", ""))))
    if row.state == Round.State.DRAFT or (row.closed_at is not None and submission.received_at > row.closed_at):
        raise Refused(problem("ROUND-002", code=row.code, state=row.state))
    units = row.units.filter(assessed=True) if outcome.kind == core.KIND else row.units.all()
    unit = units.filter(code=str(data.get("unit", ""))).first()
    if unit is None:
        raise Refused(problem("ROUND-003", unit=str(data.get("unit", "")), code=row.code))
    assessor = _assessor(row, unit, submission)
    made: AnswerSheet | MappingAnswer
    if outcome.kind == core.KIND:
        _check_answers(row, unit, data.get("answers") or {})
        made = AnswerSheet()
    else:
        mapping.check(row, unit, outcome)
        # One report has several of these outcomes: where one failed and is tried again, the others count already.
        made = MappingAnswer.objects.filter(outcome=outcome).first() or MappingAnswer()
    made.round, made.unit, made.assessor, made.outcome = row, unit, assessor, outcome
    made.assessed_date = _day(data.get("date"), submission.received_at, now)
    made.received_at = submission.received_at
    return made


def _assessor(row: Round, unit: RoundUnit, submission: Submission) -> Assessor:
    if submission.app_user_id is not None:
        found = row.assessors.filter(app_user=submission.app_user_id).first()
    else:
        found = row.assessors.filter(account_id=submission.account_id).first() if submission.account_id else None
    if found is None:
        raise Refused(problem("ROUND-004", code=row.code))
    if not found.everywhere and not found.assignments.filter(unit=unit).exists():
        raise Refused(problem("ROUND-005", assessor=found.code, unit=unit.code))
    return found


def _check_answers(row: Round, unit: RoundUnit, answers: dict[str, Any]) -> None:
    if not answers:
        raise Refused(problem("ROUND-008"))
    known = {one.code for one in framework_of(row.framework).of_unit(unit.sort)}
    for code, said in answers.items():
        if code not in known:
            raise Refused(problem("ROUND-007", indicator=code, unit=unit.code))
        try:
            value = value_of(said)
        except ValueError:
            value = TOP + 1
        if isinstance(value, int) and value > TOP:
            raise Refused(problem("ROUND-006", value=str(said)[:40], indicator=code))


def _day(said: object, received_at: datetime, now: datetime) -> date:
    """The day they looked; that of the report where none is said."""
    if not said:
        return received_at.date()
    try:
        day = date.fromisoformat(str(said)[:10])
    except ValueError:
        day = date.max
    if day > now.date():
        raise Refused(problem("ROUND-009", value=str(said)[:40]))
    return day
