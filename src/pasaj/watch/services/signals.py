"""Triage: what people do with a signal. Every step leaves an event; nothing disappears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Area, CrossingPoint
from pasaj.registry.services import next_code
from pasaj.watch.models import Signal, SignalEvent
from pasaj.watch.services import citing
from pasaj.watch.services.screening import naming

REASONS = {
    "explained": _("The post explained it"),
    "calendar": _("Market day, holiday or another known date"),
    "data": _("The figure was wrong and is being corrected"),
    "duplicate": _("Another signal says the same"),
    "minor": _("True, but too small to matter"),
}

State = Signal.State


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done: from which states, to which (empty: it stays), and its event's name."""

    before: frozenset[str]
    after: str
    event: str


STEPS = {
    "acknowledge": Step(frozenset({State.NEW}), State.ACKNOWLEDGED, "acknowledged"),
    "verify": Step(frozenset({State.NEW, State.ACKNOWLEDGED}), State.VERIFIED, "verified"),
    "discard": Step(frozenset({State.NEW, State.ACKNOWLEDGED}), State.DISCARDED, "discarded"),
    "reopen": Step(frozenset({State.VERIFIED, State.DISCARDED}), State.NEW, "reopened"),
    "note": Step(frozenset(State.values), "", "noted"),
}


def possible(state: str) -> tuple[str, ...]:
    """What can be done with a signal in this state, in the order of the buttons."""
    return tuple(action for action, step in STEPS.items() if state in step.before)


def act(
    *, code: str, action: str, actor: Actor, now: datetime, reason: str = "", note: str = "", seen: str = ""
) -> Signal:
    """Acknowledge, verify, discard, reopen a signal, or add a note to it.

    `seen` is the state the person had before the eyes; given and outdated, nothing is done.
    Raises Signal.DoesNotExist, LookupError for an action that does not exist, and Refused:
    SIGNAL-001 (not possible in this state), SIGNAL-002 (discarding without a reason of `REASONS`
    and a note), SIGNAL-003 (somebody was faster), SIGNAL-004 (an empty note), SCREEN-001.
    """
    step = STEPS[action]
    reason, note = reason.strip(), note.strip()
    if action == "discard" and (reason not in REASONS or not note):
        raise Refused(problem("SIGNAL-002", column="reason" if reason not in REASONS else "note"))
    if action == "note" and not note:
        raise Refused(problem("SIGNAL-004", column="note"))
    if said := naming(note=note):
        raise Refused(*said)
    with transaction.atomic():
        signal = Signal.objects.select_for_update().get(code=code)
        _check(signal, step, seen)
        before = signal.state
        if step.after:
            signal.state, signal.state_at = step.after, now
            signal.save(update_fields=["state", "state_at"])
        SignalEvent.objects.create(
            signal=signal,
            at=now,
            actor_id=actor.id,
            actor_label=actor.label,
            action=step.event,
            reason=reason if action == "discard" else "",
            note=note,
            details={"from": before, "to": signal.state},
        )
        if action == "verify":
            citing.cite(signal, actor, now)
        audit.record(
            actor=actor,
            action=f"signal.{step.event}",
            code=code,
            now=now,
            detail={"from": before, "to": signal.state, "reason": reason, "note": note},
        )
    return signal


@dataclass(frozen=True, slots=True)
class Outside:
    """What did not come from our counts. `ref`: the code of where it stands; the same `key` is raised once."""

    key: str
    ref: str
    text: str
    first: date
    last: date
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)  # by language, where there is more than one
    crossing: CrossingPoint | None = None
    area: Area | None = None
    protection: bool = False
    simulated: bool = False


def raise_event(*, said: Outside, actor: Actor, now: datetime) -> Signal:
    """A signal of an event that the duty room confirmed, for triage; the same event again gives the same signal."""
    return raise_outside(kind=Signal.Kind.EVENT, method="event", said=said, actor=actor, now=now)


def raise_outside(*, kind: str, method: str, said: Outside, actor: Actor, now: datetime) -> Signal:
    """A signal without a series or a run. Neither creates nor changes anything when its key is known already."""
    with transaction.atomic():
        known = Signal.objects.select_for_update().filter(key=said.key).first()
        if known is not None:
            return known
        signal = Signal.objects.create(
            code=next_code("SG", now),
            key=said.key,
            kind=kind,
            method=method,
            crossing=said.crossing,
            area=said.area,
            direction="none",
            period_start=said.first,
            period_end=said.last,
            protection=said.protection,
            details={
                "ref": said.ref,
                "text": said.text,
                "texts": dict(said.texts),
                "simulated": said.simulated,
                "still": True,
            },
            inputs_as_of=now,
            created_at=now,
            state_at=now,
        )
        SignalEvent.objects.create(
            signal=signal,
            at=now,
            actor_id=actor.id,
            actor_label=actor.label,
            action="raised",
            details={"ref": said.ref},
        )
        audit.record(actor=actor, action="signal.raised", code=signal.code, now=now, detail={"ref": said.ref})
    return signal


def _check(signal: Signal, step: Step, seen: str) -> None:
    state = Signal.State(signal.state)
    if seen and seen != signal.state and step.after:
        raise Refused(problem("SIGNAL-003", state=WORDS[state]))
    if signal.state not in step.before:
        allowed = ", ".join(str(LABELS[action]) for action in possible(signal.state))
        raise Refused(problem("SIGNAL-001", state=WORDS[state], wanted=WORDS[State(step.after)], allowed=allowed))


WORDS = {
    State.NEW: _("new"),
    State.ACKNOWLEDGED: _("acknowledged"),
    State.VERIFIED: _("verified"),
    State.DISCARDED: _("discarded"),
}
LABELS = {
    "acknowledge": _("Acknowledge"),
    "verify": _("Verify"),
    "discard": _("Discard"),
    "reopen": _("Open again"),
    "note": _("Add a note"),
}
