"""What the tasks of an activation wait for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from pasaj.core.plans import Part, Standing, standings
from pasaj.notify.models import ContactRole, Delivery
from pasaj.respond.models import Activation, Task

State = Task.State
RUNNING = (State.WAITING, State.OPEN, State.BLOCKED)


def standings_of(activation: Activation, tasks: Iterable[Task]) -> dict[str, Standing]:
    """What each task waits for, by action."""
    parts = [
        Part(
            action=one.action,
            state=one.state,
            after=tuple(one.after),
            protection=one.protection,
            enforcement=one.enforcement,
            acknowledged=one.acknowledged_at is not None,
        )
        for one in tasks
    ]
    # Asked only where it matters: most activations have nothing that waits for it.
    asks = any(one.enforcement and one.state == State.WAITING for one in parts)
    return standings(parts, acknowledged=asks and alert_acknowledged(activation))


def alert_acknowledged(activation: Activation) -> bool:
    """Whether somebody of a protection institution has acknowledged a message of the alert.

    That is an institution that leads a protection action of the plan, or a contact in a role of protection.
    """
    leads = {one["lead"] for one in activation.content["actions"] if one["protection"]}
    role = ContactRole.objects.filter(code=OuterRef("contact__role"), protection=True)
    code = activation.alert.code
    rows = Delivery.objects.filter(
        Q(message__ref=code) | Q(message__ref__startswith=f"{code}-"), message__kind="alert"
    ).exclude(acknowledged_at=None)
    return rows.filter(Q(contact__institution__code__in=leads) | Q(Exists(role))).exists()
