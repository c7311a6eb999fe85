"""Cost lines and commitments of actions: several at once, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.evidence import services as evidence
from pasaj.policy.models import Action, Commitment, CostLine, Policy, Price
from pasaj.policy.services import chain
from pasaj.policy.services.statements import locked
from pasaj.policy.services.words import choice, currency_of, line, number, reason_of, referred


@dataclass(frozen=True, slots=True)
class CostWanted:
    """A cost line. code: "" for a new one. item: of the price list, or ""."""

    action: str
    label: str
    kind: str
    quantity: Decimal
    unit: str
    unit_cost: Decimal
    periods: Decimal
    currency: str
    year: int
    item: str = ""
    justification: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class CommitmentWanted:
    """Money a funder stands for. code: "" for a new one."""

    action: str
    funder: str
    amount: Decimal
    currency: str
    year: int
    state: str
    on: date
    source: str = ""
    code: str = ""


@transaction.atomic
def put_costs(*, policy: str, wanted: Sequence[CostWanted], actor: Actor, now: datetime) -> list[CostLine]:
    """New cost lines and changed ones; what is the same already is left alone.

    Raises Refused: POL-001, 002, 005, 009, 011 (year), 012, 015, 016, SCREEN-001.
    """
    owner = locked(policy)
    actions = _actions(owner, [one.action for one in wanted])
    referred(Price, [one.item for one in wanted if one.item])
    there = {row.code: row for row in CostLine.objects.filter(action__policy=owner)}
    made: list[CostLine] = []
    for one in wanted:
        row = _line(one, there, CostLine(action=actions[one.action], simulated=owner.simulated), "L")
        before = _values(row, COSTS)
        _fill_cost(row, one, owner, actions)
        _keep(row, before, COSTS, there, made)
    evidence.put(drafts=[chain.cost_draft(row) for row in made], actor=actor, now=now)
    chain.tie({(row.code, "costs"): [row.action.code] for row in made}, actor, now)
    _done(owner, [row.code for row in made], actor, now)
    return made


@transaction.atomic
def put_commitments(
    *, policy: str, wanted: Sequence[CommitmentWanted], actor: Actor, now: datetime
) -> list[Commitment]:
    """New commitments and changed ones. Raises as `put_costs`."""
    owner = locked(policy)
    actions = _actions(owner, [one.action for one in wanted])
    there = {row.code: row for row in Commitment.objects.filter(action__policy=owner)}
    made: list[Commitment] = []
    for one in wanted:
        row = _line(one, there, Commitment(action=actions[one.action], simulated=owner.simulated), "F")
        before = _values(row, COMMITMENTS)
        row.action, row.funder, row.source = actions[one.action], line(one.funder, 200), line(one.source)
        row.amount, row.currency = number(one.amount), currency_of(one.currency)
        if row.amount <= 0:
            raise Refused(problem("POL-015", value=str(one.amount), places=4))
        row.state, row.dated_date = choice(one.state, Commitment.State.values), one.on
        row.year = _year(owner, one.year, row.code)
        _keep(row, before, COMMITMENTS, there, made)
    _done(owner, [row.code for row in made], actor, now)
    return made


@transaction.atomic
def withdraw_line(*, policy: str, code: str, reason: str, actor: Actor, now: datetime) -> CostLine | Commitment:
    """A cost line or a commitment does not stand any more. Raises Refused: POL-001, 002, 006, 007."""
    owner = locked(policy)
    why = reason_of(reason)
    rows: tuple[type[CostLine | Commitment], ...] = (CostLine, Commitment)
    found = (model._default_manager.filter(action__policy=owner, code=code).first() for model in rows)
    row = next((one for one in found if one), None)
    if row is None:
        raise Refused(problem("POL-002", code=code[:40]))
    if row.withdrawn_at:
        raise Refused(problem("POL-007", code=code))
    row.withdrawn_at, row.revision = now, row.revision + 1
    row.save(update_fields=["withdrawn_at", "revision"])
    chain.take_back(code, why, actor, now)
    _done(owner, [code], actor, now, why)
    return row


# --- Inside ------------------------------------------------------------------------------------

Line = TypeVar("Line", CostLine, Commitment)
COSTS = ("action_id", "label", "kind", "quantity", "unit", "unit_cost", "periods", "currency", "year", "item",
         "justification")  # fmt: skip
COMMITMENTS = ("action_id", "funder", "amount", "currency", "year", "state", "dated_date", "source")


def _actions(policy: Policy, codes: Sequence[str]) -> dict[str, Action]:
    return {row.code: row for row in referred(Action, codes, policy=policy, withdrawn_at=None)}


def _line(wanted: CostWanted | CommitmentWanted, there: dict[str, Line], new: Line, letter: str) -> Line:
    """The row of a code, or a new one with the next code of its action."""
    if wanted.code in there:
        row = there[wanted.code]
        if row.withdrawn_at:
            raise Refused(problem("POL-007", code=wanted.code))
        return row
    head = f"{wanted.action}-{letter}"
    tails = [int(code.removeprefix(head)) for code in there if code.startswith(head)]
    new.code = wanted.code or f"{head}{max(tails, default=0) + 1}"
    if wanted.code and not (wanted.code.startswith(head) and wanted.code.removeprefix(head).isdigit()):
        raise Refused(problem("POL-002", code=wanted.code[:40]))
    return new


def _fill_cost(row: CostLine, one: CostWanted, owner: Policy, actions: dict[str, Action]) -> None:
    row.action, row.label, row.kind = actions[one.action], line(one.label), choice(one.kind, CostLine.Kind.values)
    row.quantity, row.unit_cost, row.periods = number(one.quantity), number(one.unit_cost), number(one.periods)
    for value in (row.quantity, row.unit_cost, row.periods):
        if value < 0:
            raise Refused(problem("POL-015", value=str(value), places=4))
    row.unit, row.currency = line(one.unit, 60), currency_of(one.currency)
    row.year = _year(owner, one.year, row.code)
    row.item, row.justification = one.item, line(one.justification, 2000)


def _year(policy: Policy, year: int, code: str) -> int:
    if not policy.first_date.year <= year <= policy.last_date.year:
        raise Refused(problem("POL-011", code=code, first=policy.first_date, last=policy.last_date))
    return year


def _values(row: CostLine | Commitment, names: tuple[str, ...]) -> tuple[object, ...] | None:
    return tuple(getattr(row, name) for name in names) if row.pk else None


def _keep(
    row: Line, before: tuple[object, ...] | None, names: tuple[str, ...], there: dict[str, Line], made: list[Line]
) -> None:
    """Save what is new or has changed."""
    if row.pk and before == _values(row, names):
        return
    if row.pk:
        row.revision += 1
    row.save()
    there[row.code] = row
    made.append(row)


def _done(policy: Policy, codes: list[str], actor: Actor, now: datetime, note: str = "") -> None:
    if codes:
        chain.say(policy, codes, "costed", actor, now, note)
        audit.record(
            actor=actor, action="policy.costs", code=policy.code, now=now, detail={"codes": codes, "note": note}
        )
