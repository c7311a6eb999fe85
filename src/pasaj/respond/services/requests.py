"""What institutions ask of each other in an activation: asked, promised, refused, delivered (in part), withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Institution
from pasaj.registry.queries import refuse_naming
from pasaj.registry.services.codes import next_code
from pasaj.respond.models import ResourceRequest
from pasaj.respond.services import telling
from pasaj.respond.services.activations import LONGEST
from pasaj.respond.services.opening import held_active

State = ResourceRequest.State
MOST = Decimal(1_000_000)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be said of a request; `by`: who says it, asking or asked."""

    before: frozenset[str]
    after: str
    by: str
    reason: bool = False


OPEN = frozenset({State.ASKED, State.PROMISED})
STEPS = {
    "promise": Step(frozenset({State.ASKED}), State.PROMISED, "asked"),
    "deliver": Step(OPEN, State.DELIVERED, "both"),
    "refuse": Step(OPEN, State.REFUSED, "asked", reason=True),
    "withdraw": Step(OPEN, State.WITHDRAWN, "asking", reason=True),
}


def ask(
    *,
    activation: str,
    asking: str,
    asked: str,
    what: str,
    quantity: Decimal | int | str,
    unit: str,
    needed_at: datetime,
    actor: Actor,
    now: datetime,
) -> ResourceRequest:
    """Ask another institution for something, by codes. It is told.

    Raises Refused with every problem, its `column` the argument's name: PLAN-054, 055, 065, 067, 071 to 073, 076,
    SCREEN-001.
    """
    what, unit = what.strip(), unit.strip()
    refuse_naming(what=what, unit=unit)
    problems: list[Problem] = []
    who = {name: _institution(name, code, problems) for name, code in (("asking", asking), ("asked", asked))}
    if asking and asking == asked:
        problems.append(problem("PLAN-071", column="asked"))
    amount = _amount(quantity, problems)
    for name, said, limit in (("what", what, 200), ("unit", unit, 40)):
        if not said:
            problems.append(problem("PLAN-073", column=name, value=name))
        elif len(said) > limit:
            problems.append(problem("PLAN-067", column=name, limit=limit))
    if needed_at <= now:
        problems.append(problem("PLAN-076", column="needed_at", value=needed_at.strftime("%Y-%m-%d %H:%M")))
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        row = held_active(activation)
        made = ResourceRequest.objects.create(
            code=next_code("RR", now),
            activation=row,
            **who,
            what=what,
            quantity=amount,
            unit=unit,
            needed_at=needed_at,
            state_at=now,
            created_at=now,
            actor_id=actor.id,
            actor_label=actor.label,
        )
        _say(made, "asked", actor, now, "", {})
        telling.requested(made, actor, now)
        detail = {"what": what, "quantity": str(amount), "unit": unit, "asking": asking, "asked": asked}
        audit.record(actor=actor, action="request.asked", code=made.code, now=now, detail=detail)
    return made


def act(
    *,
    code: str,
    action: str,
    actor: Actor,
    now: datetime,
    note: str = "",
    quantity: Decimal | int | str = "",
    seen: str = "",
) -> ResourceRequest:
    """Promise, deliver, refuse or withdraw. `quantity`: what was delivered this time; empty: all that is missing.

    Delivered in part, a request stays promised. `seen`: its state before the person's eyes. Raises Refused: PLAN-055,
    056 (a reason is needed), 061, 067, 069, 070, 072, 074, 075, SCREEN-001.
    """
    step = STEPS.get(action)
    if step is None:
        raise Refused(problem("PLAN-061", value=action[:40], allowed=", ".join(STEPS)))
    note = _note(note, step)
    with transaction.atomic():
        row = _held(code)
        if seen and seen != row.state:
            raise Refused(problem("PLAN-069", value=code))
        if row.state not in step.before:
            allowed = ", ".join(str(LABELS[one]) for one in possible(row)) or "–"
            raise Refused(problem("PLAN-074", state=row.state, wanted=step.after, allowed=allowed))
        details: dict[str, str] = {}
        after = step.after
        if action == "deliver":
            given = _delivered(row, quantity)
            row.delivered += given
            details = {"quantity": str(given)}
            after = State.DELIVERED if row.delivered == row.quantity else State.PROMISED
        row.state, row.state_at, row.reason = after, now, note if step.reason else row.reason
        row.save(update_fields=["state", "state_at", "reason", "delivered"])
        event = {"promise": "promised", "deliver": "delivered", "refuse": "refused", "withdraw": "withdrawn"}[action]
        _say(row, event, actor, now, note, details)
        (telling.requested if action == "withdraw" else telling.answered)(row, actor, now)
        detail = {"state": row.state, "note": note, **details}
        audit.record(actor=actor, action=f"request.{event}", code=code, now=now, detail=detail)
    return row


def possible(row: ResourceRequest) -> tuple[str, ...]:
    """What can be said of a request as it stands."""
    return tuple(name for name, step in STEPS.items() if row.state in step.before)


def _held(code: str) -> ResourceRequest:
    found = ResourceRequest.objects.filter(code=code).values_list("activation__code", flat=True).first()
    if found is None:
        raise Refused(problem("PLAN-070", value=code[:40]))
    held_active(found)
    return ResourceRequest.objects.select_related("activation__alert", "asking", "asked").get(code=code)


def _note(note: str, step: Step) -> str:
    said = note.strip().replace("\r\n", "\n")
    if step.reason and not said:
        raise Refused(problem("PLAN-056", column="note"))
    if len(said) > LONGEST:
        raise Refused(problem("PLAN-067", column="note", limit=LONGEST))
    refuse_naming(note=said)
    return said


def _institution(name: str, code: str, problems: list[Problem]) -> Institution | None:
    found = Institution.objects.filter(code=code, retired_at=None).first()
    if found is None:
        problems.append(problem("PLAN-065", column=name, value=code[:40]))
    return found


def _number(quantity: Decimal | int | str) -> Decimal | None:
    """An amount above zero to the cent, or None."""
    try:
        found = Decimal(str(quantity).strip().replace(",", "."))
    except InvalidOperation:
        return None
    usable = found.is_finite() and 0 < found <= MOST and found == found.quantize(CENT)
    return found.quantize(CENT) if usable else None


def _amount(quantity: Decimal | int | str, problems: list[Problem]) -> Decimal:
    found = _number(quantity)
    if found is None:
        problems.append(problem("PLAN-072", column="quantity", value=str(quantity)[:40]))
    return found or Decimal(1)


def _delivered(row: ResourceRequest, quantity: Decimal | int | str) -> Decimal:
    missing = row.quantity - row.delivered
    if quantity == "":
        return missing
    found = _number(quantity)
    if found is None:
        raise Refused(problem("PLAN-072", column="quantity", value=str(quantity)[:40]))
    if found > missing:
        raise Refused(problem("PLAN-075", column="quantity", value=found, open=missing, unit=row.unit))
    return found


def _say(row: ResourceRequest, action: str, actor: Actor, now: datetime, note: str, details: dict[str, str]) -> None:
    row.events.create(
        at=now,
        recorded_at=timezone.now(),
        actor_id=actor.id,
        actor_label=actor.label,
        action=action,
        note=note,
        details=details,
    )


LABELS = {
    "promise": _("Promise it"),
    "deliver": _("Delivered"),
    "refuse": _("Refuse"),
    "withdraw": _("Withdraw"),
}
WORDS = {
    State.ASKED: _("asked"),
    State.PROMISED: _("promised"),
    State.REFUSED: _("refused"),
    State.DELIVERED: _("delivered"),
    State.WITHDRAWN: _("withdrawn"),
}
