"""What an approver decides about the coherence of a policy, and what blocks its publication."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.assess.models import Finding
from pasaj.core.problems import Refused, problem
from pasaj.evidence.models import Node
from pasaj.policy.models import NotAddressed, Policy, Waiver
from pasaj.policy.queries import coherence as queries
from pasaj.policy.services import chain
from pasaj.policy.services.statements import locked
from pasaj.policy.services.words import SHORT, choice, line, reason_of


def stops(row: Policy, now: datetime) -> tuple[queries.Found, ...]:
    """The errors that block the publication of a policy: those that nobody waived."""
    return queries.checked(row, now.date()).stops


@transaction.atomic
def waive(*, policy: str, fingerprint: str, reason: str, actor: Actor, now: datetime) -> Waiver:
    """Let a breach pass that stands now, named by its fingerprint. Waived again, the newer reason counts.

    Raises Refused: POL-001, 005, 006, SCREEN-001; POL-030 no such breach stands, POL-031 it cannot be waived.
    """
    row = locked(policy)
    why = reason_of(reason)
    found = next((one for one in queries.checked(row, now.date()).found if one.breach.fingerprint == fingerprint), None)
    if found is None:
        raise Refused(problem("POL-030", policy=policy))
    if found.rule.unwaivable:
        raise Refused(problem("POL-031", rule=found.rule.code, why=found.unwaivable))
    row.waivers.filter(fingerprint=fingerprint, ended_at=None).update(ended_at=now, ended_label=actor.label)
    made = Waiver.objects.create(
        policy=row, rule=found.breach.rule, statement=found.breach.statement, fingerprint=fingerprint,
        values={name: str(value) for name, value in found.breach.values.items()}, reason=why, at=now,
        actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    _done(row, made.statement, "waived", actor, now, why, rule=made.rule)
    return made


@transaction.atomic
def unwaive(*, policy: str, waiver: int, actor: Actor, now: datetime) -> Waiver:
    """Take a waiver back: the breach counts again. Raises Refused: POL-001, POL-032 no such waiver stands."""
    row = locked(policy)
    found = row.waivers.filter(pk=waiver, ended_at=None).first()
    if found is None:
        raise Refused(problem("POL-032", policy=policy))
    _end(found, actor, now)
    _done(row, found.statement, "unwaived", actor, now, found.reason, rule=found.rule)
    return found


@transaction.atomic
def set_aside(*, policy: str, kind: str, subject: str, reason: str, actor: Actor, now: datetime) -> NotAddressed:
    """Record why a finding or a group is not addressed. Said again, the newer reason counts.

    Raises Refused: POL-001, 005, 006, 009, 012 (no such finding), POL-033 nobody is named, SCREEN-001.
    """
    row = locked(policy)
    sort, named, why = choice(kind, NotAddressed.Kind.values), line(subject, SHORT), reason_of(reason)
    if not named:
        raise Refused(problem("POL-033"))
    if sort == NotAddressed.Kind.FINDING and not _is_finding(named):
        raise Refused(problem("POL-012", code=named[:40]))
    row.not_addressed.filter(kind=sort, subject=named, ended_at=None).update(ended_at=now, ended_label=actor.label)
    made = NotAddressed.objects.create(
        policy=row, kind=sort, subject=named, reason=why, at=now, actor_id=actor.id, actor_label=actor.label
    )
    _done(row, row.code, "set-aside", actor, now, why, subject=named)
    return made


@transaction.atomic
def take_up(*, policy: str, record: int, actor: Actor, now: datetime) -> NotAddressed:
    """Take such a record back. Raises Refused: POL-001, POL-032 no such record stands."""
    row = locked(policy)
    found = row.not_addressed.filter(pk=record, ended_at=None).first()
    if found is None:
        raise Refused(problem("POL-032", policy=policy))
    _end(found, actor, now)
    _done(row, row.code, "taken-up", actor, now, found.reason, subject=found.subject)
    return found


def _is_finding(code: str) -> bool:
    there = Node.objects.filter(code=code, kind="finding", withdrawn_at=None).exists()
    return there or Finding.objects.filter(code=code).exists()


def _end(row: Waiver | NotAddressed, actor: Actor, now: datetime) -> None:
    row.ended_at, row.ended_label = now, actor.label
    row.save(update_fields=["ended_at", "ended_label"])


def _done(row: Policy, code: str, action: str, actor: Actor, now: datetime, note: str, **details: str) -> None:
    chain.say(row, [code], action, actor, now, note, **details)
    audit.record(actor=actor, action=f"policy.{action}", code=code, now=now, detail={"note": note, **details})
