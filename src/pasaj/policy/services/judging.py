"""A judgement of one option on one criterion: who held what, how sure, on which evidence, and who sees it otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import appraisal as core
from pasaj.core.appraisal import grade
from pasaj.core.problems import Refused, problem
from pasaj.evidence.models import Node
from pasaj.policy.models import Criterion, Judgement, Option
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.services import appraisal as appraisals
from pasaj.policy.services import chain
from pasaj.policy.services.words import choice, referred
from pasaj.registry.models import Instrument

CELL_CODES = frozenset({"POLOPT-006", "POLOPT-007", "POLOPT-008", "POLOPT-009"})


@dataclass(frozen=True, slots=True)
class JudgementWanted:
    """word: of the scale, or `varies` or `unknown`. value, low, high, sigma: figures. evidence: codes of the chain."""

    word: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sigma: float | None = None
    certainty: str = ""
    evidence: Sequence[str] = ()
    note: str = ""
    dissent: str = ""


@transaction.atomic
def judge(*, option: str, criterion: str, wanted: JudgementWanted, seen: int, actor: Actor, now: datetime) -> Judgement:
    """Judge a cell. `seen`: the revision before the person's eyes, 0 for none.

    Raises Refused: POL-005, 009, 012, SCREEN-001, POLOPT-006 to 009, 020, 027 (says nothing), 028 (judged meanwhile).
    """
    [on] = referred(Option, [option], withdrawn_at=None)
    row = appraisals.opened(on.appraisal.code, None)
    [by] = referred(Criterion, [criterion], appraisal=row)
    last = queries.history(on, by).first()
    if (last.revision if last else 0) != seen:
        raise Refused(problem("POLOPT-028", column=f"{option} / {criterion}"))
    made = Judgement(option=on, criterion=by, revision=seen + 1, at=now, actor_id=actor.id, actor_label=actor.label)
    _fill(made, wanted, row.code)
    made.save(force_insert=True)
    row.revision, row.changed_at = row.revision + 1, now
    row.save(update_fields=["revision", "changed_at"])
    appraisals.follow(row, actor, now)
    place = f"{criterion}: {wanted.word or wanted.value}"
    chain.say(row.policy, [option], "judged", actor, now, made.note, criterion=criterion, revision=made.revision)
    audit.record(actor=actor, action="appraisal.judged", code=option, now=now, detail={"said": place})
    return made


def _fill(row: Judgement, wanted: JudgementWanted, question: str) -> None:
    figures = row.criterion.scale == queries.FIGURE
    given = wanted if figures else replace(wanted, value=None, low=None, high=None, sigma=None)
    row.word, row.value, row.low, row.high = given.word.strip(), given.value, given.low, given.high
    row.sigma = given.sigma
    if figures and row.word not in ("", *grade.OPEN):
        raise Refused(problem("POL-009", value=row.word[:40], allowed=", ".join(grade.OPEN)))
    if row.word in grade.OPEN:
        row.value = row.low = row.high = row.sigma = None
    if not row.word and row.value is None and row.low is None and row.high is None:
        raise Refused(problem("POLOPT-027"))
    _check(row, question)
    row.certainty = choice(wanted.certainty, ("", *Judgement.Certainty.values))
    row.evidence = _evidence(wanted.evidence)
    row.note, row.dissent = appraisals.screened(wanted.note), appraisals.screened(wanted.dissent)


def _check(row: Judgement, question: str) -> None:
    option, criterion = row.option.code, queries.criterion_of(row.criterion)
    cells = {(option, criterion.code): queries.performance_of(row)}
    asked = core.Question(question, (option, ""), option, (criterion,), cells)
    wrong = [one for one in core.check(asked) if one.code in CELL_CODES]
    if wrong:
        raise Refused(*wrong)


def _evidence(codes: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    known = set(Node.objects.filter(code__in=wanted).values_list("code", flat=True))
    known |= set(Instrument.objects.filter(code__in=wanted).values_list("code", flat=True))
    missing = [code for code in wanted if code not in known]
    if missing:
        raise Refused(*(problem("POL-012", code=code[:40]) for code in missing))
    return wanted
