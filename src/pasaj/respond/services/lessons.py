"""What an activation taught: written while its review is open, and made findings of a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Finding
from pasaj.assess.services import findings
from pasaj.assess.services.findings import Wanted
from pasaj.core.problems import Refused, problem
from pasaj.evidence import services as evidence
from pasaj.evidence.services import Tie
from pasaj.registry.models import Function, Institution
from pasaj.registry.queries import refuse_naming
from pasaj.respond.models import Activation, Lesson
from pasaj.respond.services import citing_activations as citing
from pasaj.respond.services.activations import LONGEST, held_stood_down

LEARNT = "learnt-from"


@dataclass(frozen=True, slots=True)
class Learnt:
    """A lesson as a person wants it. measured: {"promise", "promised_hours", "took_hours"} where it is of a time."""

    text: str
    function: str = ""
    institution: str = ""
    measured: Mapping[str, str | float] = field(default_factory=dict)


def write(*, code: str, wanted: Learnt, actor: Actor, now: datetime) -> Lesson:
    """Add a lesson to the review of an activation.

    Raises Refused: PLAN-054, 059, 065, 067, 073, 083, 084, SCREEN-001.
    """
    text = wanted.text.strip().replace("\r\n", "\n")
    if not text:
        raise Refused(problem("PLAN-073", column="text", value="text"))
    if len(text) > LONGEST:
        raise Refused(problem("PLAN-067", column="text", limit=LONGEST))
    refuse_naming(text=text)
    with transaction.atomic():
        row = held_stood_down(code)
        last = row.lessons.aggregate(last=Max("order"))["last"] or 0
        made = Lesson.objects.create(
            activation=row,
            order=last + 1,
            text=text,
            measured=dict(wanted.measured),
            function=_function(wanted.function),
            institution=_institution(wanted.institution),
            actor_id=actor.id,
            actor_label=actor.label,
        )
        audit.record(actor=actor, action="lesson.written", code=code, now=now, detail={"order": last + 1, "text": text})
    return made


def remove(*, code: str, order: int, actor: Actor, now: datetime) -> None:
    """Take a lesson back that is no finding yet. Raises Refused: PLAN-054, 059, 080, 081, 084."""
    with transaction.atomic():
        one = _lesson(held_stood_down(code), order)
        if one.finding:
            raise Refused(problem("PLAN-081", value=order, finding=one.finding))
        detail = {"order": order, "text": one.text}
        one.delete()
        audit.record(actor=actor, action="lesson.removed", code=code, now=now, detail=detail)


def adopt(
    *, code: str, order: int, round_code: str, severity: int, language: str, actor: Actor, now: datetime
) -> Finding:
    """Make a lesson a finding of a round, resting on the activation. `language`: the one in which it is written.

    It is a draft, like any finding, and is adopted on its own page. Raises Refused: PLAN-054, 059, 080, 081, 084, and
    what assess.findings.write raises.
    """
    with transaction.atomic():
        row = held_stood_down(code)
        one = _lesson(row, order)
        if one.finding:
            raise Refused(problem("PLAN-081", value=order, finding=one.finding))
        institution = one.institution.code if one.institution else ""
        wanted = Wanted({language: one.text}, severity=severity, institution=institution)
        made = findings.write(code=round_code, wanted=wanted, actor=actor, now=now)
        citing.cite(row, actor, now)
        evidence.link(ties=[Tie(made.code, row.code, LEARNT)], note=one.text[:400], actor=actor, now=now)
        one.finding = made.code
        one.save(update_fields=["finding"])
        detail = {"order": order, "finding": made.code}
        audit.record(actor=actor, action="lesson.adopted", code=code, now=now, detail=detail)
    return made


def _lesson(row: Activation, order: int) -> Lesson:
    found = row.lessons.select_related("institution").filter(order=order).first()
    if found is None:
        raise Refused(problem("PLAN-080", value=order))
    return found


def _function(code: str) -> str:
    if code and not Function.objects.filter(code=code).exists():
        raise Refused(problem("PLAN-083", column="function", value=code[:40]))
    return code


def _institution(code: str) -> Institution | None:
    found = Institution.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(problem("PLAN-065", column="institution", value=code[:40]))
    return found
