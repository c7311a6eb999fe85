"""A round of consultation from draft to report: drafted, opened with its clauses frozen, closed, reported.

`seen` is the revision of the round before the person's eyes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import AskedClause, Consultation, Invitation, Policy
from pasaj.policy.queries import asking
from pasaj.policy.queries.consultation import hashed, unanswered
from pasaj.policy.services import chain
from pasaj.policy.services.statements import locked
from pasaj.policy.services.words import line, referred, referred_one, texts
from pasaj.registry.models import Institution
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release

State = Consultation.State
MOST_INVITATIONS = 500


@dataclass(frozen=True, slots=True)
class ConsultationWanted:
    """A round as somebody wants it. names, about: by language. institutions: codes of those asked."""

    kind: str
    names: Mapping[str, str]
    first: date
    last: date
    channels: Sequence[str]
    institutions: Sequence[str] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def begin(*, policy: str, wanted: ConsultationWanted, actor: Actor, now: datetime) -> Consultation:
    """Draft a round: P1-K1, P1-K2, … Raises Refused: POL-001, 004, 005, 012, CONS-015, 016, 031, SCREEN-001."""
    owner = locked(policy)
    last = owner.consultations.order_by("-number").values_list("number", flat=True).first() or 0
    row = Consultation(policy=owner, number=last + 1, code=f"{owner.code}-K{last + 1}", simulated=owner.simulated)
    row.created_at, row.owner_id, row.owner_label = now, actor.id, actor.label
    _fill(row, wanted)
    row.save(force_insert=True)
    row.institutions.set(referred(Institution, wanted.institutions))
    return _done(row, "created", actor, now)


@transaction.atomic
def change(*, code: str, wanted: ConsultationWanted, seen: int, actor: Actor, now: datetime) -> Consultation:
    """Change a draft. Raises Refused: as `begin`, CONS-011, 012, 013."""
    row = held(code, State.DRAFT)
    _as_seen(row, seen)
    _fill(row, wanted)
    row.revision += 1
    row.save()
    row.institutions.set(referred(Institution, wanted.institutions))
    return _done(row, "changed", actor, now)


@transaction.atomic
def prolong(*, code: str, last: date, seen: int, actor: Actor, now: datetime) -> Consultation:
    """Another last day of an open round. Raises Refused: CONS-011, 012, 013, 015."""
    row = held(code, State.OPEN)
    _as_seen(row, seen)
    if last < row.first_date:
        raise Refused(problem("CONS-015"))
    row.last_date, row.revision = last, row.revision + 1
    row.save(update_fields=["last_date", "revision"])
    return _done(row, "changed", actor, now, last=last.isoformat())


@transaction.atomic
def begin_asking(*, code: str, seen: int, actor: Actor, now: datetime) -> Consultation:
    """Open a round: its clauses are frozen as they stand, and the policy is in consultation.

    Raises Refused: CONS-011, 012, 013, 014 (nothing to ask about).
    """
    row = held(code, State.DRAFT)
    _as_seen(row, seen)
    asked = [AskedClause(consultation=row, **one) for one in asking.frozen(row.policy)]
    if not asked:
        raise Refused(problem("CONS-014", policy=row.policy.code))
    AskedClause.objects.bulk_create(asked)
    row.state, row.opened_at, row.revision = State.OPEN, now, row.revision + 1
    row.save(update_fields=["state", "opened_at", "revision"])
    Policy.objects.filter(pk=row.policy_id, state=Policy.State.DRAFT).update(state=Policy.State.CONSULTATION)
    return _done(row, "opened", actor, now, clauses=len(asked))


@transaction.atomic
def close(*, code: str, seen: int, actor: Actor, now: datetime) -> Consultation:
    """Close a round when everything said has its answer; names that people gave of their own are emptied.

    Raises Refused: CONS-011, 012, 013, 024 (what has no answer yet).
    """
    row = held(code, State.OPEN)
    _as_seen(row, seen)
    rest = unanswered(row)
    if any(rest.values()):
        raise Refused(problem("CONS-024", **dict[str, Any](rest)))
    row.state, row.closed_at, row.revision = State.CLOSED, now, row.revision + 1
    row.save(update_fields=["state", "closed_at", "revision"])
    row.comments.exclude(signed_as="").update(signed_as="")
    row.invitations.filter(revoked_at=None).update(revoked_at=now)
    return _done(row, "closed", actor, now)


@transaction.atomic
def report(*, code: str, seen: int, actor: Actor, now: datetime) -> Consultation:
    """Publish what was said and what was done with it: from now on its page is for everybody.

    Comments kept back are not in it, and no count is (small groups cannot be told). Raises Refused: CONS-011, 012, 013.
    """
    row = held(code, State.CLOSED)
    _as_seen(row, seen)
    parcel = Parcel(
        kind="report",
        title=f"{row.code} report",
        form="object",
        rows=[Row(values=(row.code,), citation=row.code)],
        header=("consultation",),
        question={"consultation": row.code},
    )
    release(parcel=parcel, audience=Audience.CLEAR, actor=actor, now=now).file.close()
    row.reported_at, row.revision = now, row.revision + 1
    row.save(update_fields=["reported_at", "revision"])
    return _done(row, "reported", actor, now)


# --- Invitations -------------------------------------------------------------------------------


@transaction.atomic
def invite(*, code: str, label: str, institution: str = "", actor: Actor, now: datetime) -> tuple[Invitation, str]:
    """A link for somebody without an account; its secret is given this once. label: an organisation or a function.

    Raises Refused: CONS-011, 012, 019, 021 (too many), 032 (no such channel), POL-005, 012, SCREEN-001.
    """
    row = held(code, State.OPEN)
    if Consultation.Channel.INVITATION not in row.channels:
        raise Refused(problem("CONS-032", code=code))
    said = line(label, 120)
    if not said:
        raise Refused(problem("CONS-019"))
    if row.invitations.count() >= MOST_INVITATIONS:
        raise Refused(problem("CONS-021"))
    token = secrets.token_urlsafe(24)
    made = Invitation.objects.create(
        consultation=row, institution=referred_one(Institution, institution), label=said,
        token_sha256=hashed(token), created_at=now, actor_label=actor.label,
    )  # fmt: skip
    _done(row, "invited", actor, now, label=said)
    return made, token


@transaction.atomic
def revoke(*, code: str, invitation: int, actor: Actor, now: datetime) -> Invitation:
    """A link works no more. Raises Refused: CONS-011, 025 (no such)."""
    row = held(code)
    found = row.invitations.select_for_update().filter(pk=invitation).first()
    if found is None:
        raise Refused(problem("CONS-025", code=str(invitation)))
    if found.revoked_at is None:
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        _done(row, "revoked", actor, now, label=found.label)
    return found


# --- Inside ------------------------------------------------------------------------------------


def held(code: str, *states: str) -> Consultation:
    """The round, locked, in one of these states. Raises Refused: CONS-011, 012."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("policy")
    row = rows.filter(code=code).first()
    if row is None:
        raise Refused(problem("CONS-011", code=code[:40]))
    if states and row.state not in states:
        raise Refused(problem("CONS-012", code=code, state=row.state))
    return row


def _as_seen(row: Consultation, seen: int) -> None:
    if row.revision != seen:
        raise Refused(problem("CONS-013", code=row.code))


def _fill(row: Consultation, wanted: ConsultationWanted) -> None:
    for value, allowed in [
        (wanted.kind, Consultation.Kind.values),
        *((one, Consultation.Channel.values) for one in wanted.channels),
    ]:
        if value not in allowed:
            raise Refused(problem("CONS-031", value=value[:40], allowed=", ".join(allowed)))
    if not wanted.channels:
        raise Refused(problem("CONS-016"))
    if wanted.last < wanted.first:
        raise Refused(problem("CONS-015"))
    row.kind, row.names, row.about_text = wanted.kind, texts(wanted.names), texts(wanted.about, needed=False)
    row.channels = [one for one in Consultation.Channel.values if one in wanted.channels]
    row.first_date, row.last_date = wanted.first, wanted.last


def _done(row: Consultation, action: str, actor: Actor, now: datetime, **details: object) -> Consultation:
    chain.say(row.policy, [row.code], action, actor, now, "", **details)
    audit.record(actor=actor, action=f"consultation.{action}", code=row.code, now=now, detail=details)
    return row
