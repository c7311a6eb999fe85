"""Two pairs of eyes: handed in, approved by others than those who wrote it, or refused with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.respond.models import Alert, AlertMessage, Approval
from pasaj.respond.queries import alerts as queries
from pasaj.respond.rules.alerts import WRITTEN
from pasaj.respond.services.alerts.publishing import publish
from pasaj.respond.services.alerts.rows import State, locked, must, told
from pasaj.watch.services.screening import naming


def submit(*, identifier: str, actor: Actor, now: datetime) -> AlertMessage:
    """Hand a draft in for approval.

    Raises Refused with everything that stands against it: ALERT-001, 010 (its end has passed), 012, and those of
    `queries.alerts.troubles`.
    """
    with transaction.atomic(), audit.at_the_end():
        row = locked(identifier)
        must(row, "submitted")
        hand_in(row, actor, now)
    return row


def hand_in(row: AlertMessage, actor: Actor, now: datetime) -> None:
    """The same for a message that is held already."""
    found = queries.troubles(row)
    if row.expires_at <= now:
        found.append(problem("ALERT-010", column="expires_at", value=f"{row.expires_at:%Y-%m-%d %H:%M}",
                             start=f"{now:%Y-%m-%d %H:%M}"))  # fmt: skip
    if found:
        raise Refused(*found)
    row.state, row.submitted_at = State.SUBMITTED, now
    row.save(update_fields=["state", "submitted_at"])
    _follow(row.alert, Alert.State.DRAFT, Alert.State.SUBMITTED)
    told(row.alert, "submitted", actor, now, message=row, sha256=queries.content_sha256(row))


def _follow(alert: Alert, before: str, after: str) -> None:
    """An alert of which nothing is published yet stands where its message stands."""
    if alert.state == before:
        alert.state = after
        alert.save(update_fields=["state"])


def approve(*, identifier: str, actor: Actor, now: datetime, note: str = "", by: str = "page") -> AlertMessage:
    """Say yes to a message as it stands now. The yes that completes the quorum publishes it, all in one.

    Whoever has lost the role of an approver since does not count; nor does a yes to an earlier text. `by`: page or
    code. Raises Refused: ALERT-001 (it does not wait), 005 (who wrote in it), 006 (no approver), 007 (decided
    already), 012, SCREEN-001, and what stands against sending it now: 010, 011, 013, 019, SHARE-005.
    """
    with transaction.atomic(), audit.at_the_end():
        row = locked(identifier)
        must(row, "approved")
        _decide(row, "yes", note, by, actor, now)
        told(row.alert, "approved", actor, now, message=row, note=note.strip(), by=by)
        if queries.approvals(row).values("actor_id").distinct().count() >= queries.quorum(row):
            publish(row, actor, now)
    return row


def refuse(*, identifier: str, actor: Actor, now: datetime, note: str, by: str = "page") -> AlertMessage:
    """Give a message back to those who wrote it, with the reason; it is a draft again.

    Raises Refused: ALERT-001, 006, 007, 008 (no reason), 012, SCREEN-001.
    """
    if not note.strip():
        raise Refused(problem("ALERT-008", column="note"))
    with transaction.atomic(), audit.at_the_end():
        row = locked(identifier)
        must(row, "refused")
        _decide(row, "no", note, by, actor, now)
        row.state, row.submitted_at = State.DRAFT, None
        row.save(update_fields=["state", "submitted_at"])
        row.requests.filter(answered_at=None, expires_at__gt=now).update(expires_at=now)
        _follow(row.alert, Alert.State.SUBMITTED, Alert.State.DRAFT)
        told(row.alert, "refused", actor, now, message=row, note=note.strip(), by=by)
    return row


def _decide(row: AlertMessage, decision: str, note: str, by: str, actor: Actor, now: datetime) -> None:
    if actor.id is None or not queries.may_approve(actor.id):
        raise Refused(problem("ALERT-006"))
    if decision == "yes" and wrote(row, actor.id):
        raise Refused(problem("ALERT-005"))
    if said := naming(note=note):
        raise Refused(*said)
    sha256 = queries.content_sha256(row)
    if Approval.objects.filter(message=row, actor_id=actor.id, content_sha256=sha256).exists():
        raise Refused(problem("ALERT-007"))
    Approval.objects.create(
        message=row, actor_id=actor.id, actor_label=actor.label, decision=decision, by=by, content_sha256=sha256,
        author_id=row.author_id if row.author_id != actor.id else None, note=note.strip(), at=now,
        recorded_at=timezone.now(),
    )  # fmt: skip


def wrote(row: AlertMessage, account_id: int) -> bool:
    """Whether somebody has written in this message: then the person does not approve it."""
    return row.author_id == account_id or row.events.filter(actor_id=account_id, action__in=WRITTEN).exists()
