"""Activations in the chain of evidence: what was done about an alert, and what was learnt from it."""

from __future__ import annotations

from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Node
from pasaj.evidence.services import Draft, Tie
from pasaj.notify.models import Mode
from pasaj.registry import queries as registry
from pasaj.respond.models import Activation

KIND, FOR = "activation", "activated-for"


def cite(row: Activation, actor: Actor, now: datetime) -> None:
    """Put an activation into the chain, resting on its alert where that is a statement already."""
    home = registry.home()
    draft = Draft(
        code=row.code,
        kind=KIND,
        titles=row.content["names"],
        fields={"plan": row.fingerprint, "level": row.level, "alert": row.alert.code},
        simulated=row.mode != Mode.ACTUAL or bool(home and home.demo),
    )
    evidence.put(drafts=[draft], actor=actor, now=now)
    if Node.objects.filter(code=row.alert.code, kind="alert", withdrawn_at=None).exists():
        evidence.link(ties=[Tie(row.code, row.alert.code, FOR)], actor=actor, now=now)
