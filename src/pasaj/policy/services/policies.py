"""A policy begun and changed: its names, period, languages, themes, rates and capacities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Capacity, Policy, Rate, Theme
from pasaj.policy.services import chain
from pasaj.policy.services.statements import locked
from pasaj.policy.services.words import currency_of, line, number, referred, texts
from pasaj.registry.models import Institution


@dataclass(frozen=True, slots=True)
class PolicyWanted:
    """A policy as somebody wants it. themes: (names by language, a goal or "") in their order, numbered from 1.

    languages: the first is the source language. minimum: the least certainty of findings, 0 to 1.
    """

    names: Mapping[str, str]
    institution: str
    languages: Sequence[str]
    first: date
    last: date
    currency: str
    themes: Sequence[tuple[Mapping[str, str], str]]
    purpose: Mapping[str, str] = field(default_factory=dict)
    minimum: float = 0.0


@transaction.atomic
def begin(*, wanted: PolicyWanted, actor: Actor, now: datetime, simulated: bool = False) -> Policy:
    """A new policy, P1, P2, … Raises Refused: POL-004, 005, 010, 012, 016, 019, SCREEN-001."""
    numbers = [int(code[1:]) for code in Policy.objects.select_for_update().values_list("code", flat=True)]
    row = Policy(code=f"P{max(numbers, default=0) + 1}", simulated=simulated, created_at=now)
    _fill(row, wanted, now)
    row.save(force_insert=True)
    _themes(row, wanted)
    chain.say(row, [row.code], "created", actor, now)
    audit.record(actor=actor, action="policy.created", code=row.code, now=now)
    return row


@transaction.atomic
def change(*, code: str, wanted: PolicyWanted, seen: int, actor: Actor, now: datetime) -> Policy:
    """Change it. A theme is renamed or added, never taken away. Raises Refused: POL-001, 003 and as `begin`."""
    row = locked(code)
    if row.revision != seen:
        raise Refused(problem("POL-003", code=code, now=row.revision, seen=seen))
    if len(wanted.themes) < row.themes.count():
        raise Refused(problem("POL-019"))
    _fill(row, wanted, now)
    row.revision += 1
    row.save()
    _themes(row, wanted)
    return _done(row, "changed", actor, now)


@transaction.atomic
def set_rate(
    *, policy: str, currency: str, year: int, rate: Decimal, on: date, source: str, actor: Actor, now: datetime
) -> Rate:
    """One rate a currency and year. Raises Refused: POL-001, 005, 015, 016."""
    row = locked(policy)
    worth = number(rate, 8)
    if worth <= 0:
        raise Refused(problem("POL-015", value=str(rate), places=8))
    made, _new = Rate.objects.update_or_create(
        policy=row, currency=currency_of(currency), year=year,
        defaults={"rate": worth, "dated_date": on, "source": line(source)},
    )  # fmt: skip
    _done(row, "changed", actor, now, rate=f"{currency} {year}: {worth} ({on}, {source})")
    return made


@transaction.atomic
def set_capacity(*, policy: str, institution: str, actions: int, actor: Actor, now: datetime) -> Capacity:
    """How many actions an institution says it can run at once. Raises Refused: POL-001, 012."""
    row = locked(policy)
    [owner] = referred(Institution, [institution])
    made, _new = Capacity.objects.update_or_create(policy=row, institution=owner, defaults={"actions": actions})
    _done(row, "changed", actor, now, capacity=f"{institution}: {actions}")
    return made


def _fill(row: Policy, wanted: PolicyWanted, now: datetime) -> None:
    row.names, row.goals_text = texts(wanted.names), texts(wanted.purpose, needed=False)
    [row.institution] = referred(Institution, [wanted.institution])
    row.languages = list(dict.fromkeys(wanted.languages))
    if not row.languages or not wanted.themes:
        raise Refused(problem("POL-019"))
    if wanted.last <= wanted.first:
        raise Refused(problem("POL-010"))
    row.first_date, row.last_date = wanted.first, wanted.last
    row.currency, row.minimum_certainty = currency_of(wanted.currency), wanted.minimum
    row.changed_at = now


def _themes(row: Policy, wanted: PolicyWanted) -> None:
    for number_, (names, goal) in enumerate(wanted.themes, 1):
        Theme.objects.update_or_create(policy=row, number=number_, defaults={"names": texts(names), "goal": goal})


def _done(row: Policy, action: str, actor: Actor, now: datetime, **details: str) -> Policy:
    chain.say(row, [row.code], action, actor, now, "", **details)
    audit.record(actor=actor, action=f"policy.{action}", code=row.code, now=now, detail=details)
    return row
