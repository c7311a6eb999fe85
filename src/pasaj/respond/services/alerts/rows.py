"""Rows of alerts in a transaction: found, locked, read again; every step leaves an event and an entry in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.respond.models import Alert, AlertEvent, AlertMessage

State = AlertMessage.State
OPEN = (State.DRAFT, State.SUBMITTED)
WORDS = {
    State.DRAFT: _("a draft"),
    State.SUBMITTED: _("waiting for approval"),
    State.PUBLISHED: _("published"),
    State.DISCARDED: _("thrown away"),
}
WANTED = {
    "changed": _("changed"),
    "submitted": _("handed in"),
    "approved": _("approved"),
    "refused": _("refused"),
    "discarded": _("thrown away"),
}
POSSIBLE = {
    State.DRAFT: ("changed", "submitted", "discarded"),
    State.SUBMITTED: ("approved", "refused", "discarded"),
    State.PUBLISHED: (),
    State.DISCARDED: (),
}


def locked_alert(code: str) -> Alert:
    """The alert of this code (or of this message's identifier), held until the transaction ends.

    Whoever does anything with an alert holds its row first, so that two of them come one after the other, and the
    second one reads what the first one wrote. Raises Refused: ALERT-012.
    """
    row = Alert.objects.select_for_update().filter(code=code).first()
    if row is None:
        owner = AlertMessage.objects.filter(identifier=code).values_list("alert_id", flat=True).first()
        row = Alert.objects.select_for_update().filter(pk=owner).first() if owner else None
    if row is None:
        raise Refused(problem("ALERT-012", value=code[:60]))
    return row


def locked(identifier: str) -> AlertMessage:
    """The message and its alert, held until the transaction ends. Raises Refused: ALERT-012."""
    alert = locked_alert(identifier)
    row = AlertMessage.objects.select_for_update().filter(alert=alert, identifier=identifier).first()
    if row is None:  # the code of an alert: its open message
        row = AlertMessage.objects.select_for_update().filter(alert=alert, state__in=OPEN).order_by("-number").first()
    if row is None:
        raise Refused(problem("ALERT-012", value=identifier[:60]))
    row.alert = alert
    return row


def must(row: AlertMessage, wanted: str) -> None:
    """Raises Refused ALERT-001 when a message in this state cannot be `wanted`."""
    state = State(row.state)
    if wanted not in POSSIBLE[state]:
        allowed = ", ".join(str(WANTED[one]) for one in POSSIBLE[state]) or "–"
        raise Refused(problem("ALERT-001", state=WORDS[state], wanted=WANTED[wanted], allowed=allowed))


def open_messages(alert: Alert) -> list[AlertMessage]:
    """The drafts of an alert and what waits for approval, held until the transaction ends."""
    rows = list(AlertMessage.objects.select_for_update().filter(alert=alert, state__in=OPEN).order_by("number"))
    for row in rows:
        row.alert = alert
    return rows


def next_number(alert: Alert) -> int:
    """The number of the next message of an alert that is held."""
    return (
        AlertMessage.objects.filter(alert=alert).order_by("-number").values_list("number", flat=True).first() or 0
    ) + 1


def told(
    alert: Alert, action: str, actor: Actor, now: datetime, *, message: AlertMessage | None = None, note: str = "",
    **details: Any,
) -> None:  # fmt: skip
    """Leave an event with the alert and an entry in the log."""
    if message is not None:
        details["message"] = message.identifier
    AlertEvent.objects.create(
        alert=alert, message=message, at=now, recorded_at=timezone.now(), actor_id=actor.id, actor_label=actor.label,
        action=action, note=note, details=details,
    )  # fmt: skip
    audit.record(actor=actor, action=f"alert.{action}", code=alert.code, now=now, detail={"note": note, **details})
