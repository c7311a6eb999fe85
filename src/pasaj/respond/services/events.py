"""Events and rumours: reported by anybody of the network, verified step by step, settled with an outcome.

docs/methods/event-verification.md says what the states mean. `now` is the business clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.services import next_code
from pasaj.respond.models import Event, EventStep, LogEntry
from pasaj.respond.services.places import SHORT, among, institution_of, moment_of, place_of, text_of
from pasaj.share.services import counts_in
from pasaj.watch.models import Signal
from pasaj.watch.services import signals
from pasaj.watch.services.observations import local_date

MOST_PEOPLE = 1_000_000
OPEN = (Event.State.REPORTED, Event.State.VERIFYING)
SETTLED = (Event.State.CONFIRMED, Event.State.REFUTED, Event.State.UNVERIFIABLE)
RAISED = 500  # characters of an event that its signal repeats


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says happened. `place`: a crossing's or an area's code, `source`, `hazard`: of the closed lists.

    people: smallest and largest number possibly concerned, not verified. reported_at: when we learnt of it; none: now.
    """

    what: str
    place: str
    source: str
    hazard: str
    people: tuple[int, int] | None = None
    source_note: str = ""
    institution: str = ""
    reported_at: datetime | None = None
    log_entry: str = ""


def report(*, said: Said, origin: str = "entry", actor: Actor, now: datetime) -> Event:
    """Write an event down. Raises Refused: DUTY-001 to 006, 008, 009, EVENT-002, SCREEN-001."""
    content = _checked(said, now, origin)
    with transaction.atomic():
        row = Event.objects.create(
            code=next_code("EV", now),
            **content,
            recorded_at=timezone.now(),
            state_at=now,
            origin=origin,
            actor_id=actor.id,
            actor_label=actor.label[:SHORT],
        )
        _note(row, "reported", actor, content["reported_at"])
        detail = {"source": row.source, "place": row.place.code, "hazard": row.hazard}
        audit.record(actor=actor, action="event.reported", code=row.code, now=now, detail=detail)
    return row


def step(
    *,
    code: str,
    how: str,
    answer: str,
    asked: str = "",
    asked_role: str = "",
    at: datetime | None = None,
    origin: str = "entry",
    actor: Actor,
    now: datetime,
) -> Event:
    """Write down whom we asked and what they said. `asked`: an institution's code, `asked_role`: an office.

    Raises Refused: DUTY-002 to 006, 008, EVENT-001, EVENT-003 (settled already), SCREEN-001.
    """
    problems: list[Problem] = []
    said = text_of(answer, problems, "answer", origin=origin)
    if not said:
        problems.append(problem("DUTY-002", column="answer"))
    role = text_of(asked_role, problems, "asked_role", limit=40, origin=origin)
    among(how, [one for one in EventStep.How.values if one != "none"], problems, "how")
    institution = institution_of(asked, problems, "asked")
    moment = moment_of(at, now, problems)
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        row = _opened(code, "asked", OPEN)
        if row.state == Event.State.REPORTED:
            row.state, row.state_at = Event.State.VERIFYING, now
            row.save(update_fields=["state", "state_at"])
        _note(row, "asked", actor, moment, asked=institution, asked_role=role, how=how, answer=said)
        detail = {"asked": asked, "how": how}
        audit.record(actor=actor, action="event.asked", code=code, now=now, detail=detail)
    return row


def settle(
    *,
    code: str,
    state: str,
    outcome: str,
    answer: str = "",
    seen: str = "",
    origin: str = "entry",
    actor: Actor,
    now: datetime,
) -> Event:
    """Say what the verification found: confirmed, refuted or unverifiable. `answer`: what may be told to the public.

    `seen`: the state before the person's eyes. Raises Refused: DUTY-003, 004, EVENT-001, 003 to 009, SCREEN-001.
    """
    problems: list[Problem] = []
    among(state, [str(one) for one in SETTLED], problems, "state")
    found = text_of(outcome, problems, "outcome", origin=origin)
    public = text_of(answer, problems, "answer", origin=origin)
    if not found:
        problems.append(problem("EVENT-004", column="outcome"))
    if state == Event.State.REFUTED and not public:
        problems.append(problem("EVENT-007", column="answer"))
    if numbers := counts_in(public):
        problems.append(problem("EVENT-008", column="answer", found=", ".join(numbers[:5])))
    if problems:
        raise Refused(*problems)
    with transaction.atomic():
        row = _opened(code, state, OPEN, seen)
        _asked_enough(row, state)
        row.state, row.state_at, row.outcome, row.answer = state, now, found, public
        row.save(update_fields=["state", "state_at", "outcome", "answer"])
        _note(row, state, actor, now, answer=found, details={"answer": public})
        audit.record(actor=actor, action=f"event.{state}", code=code, now=now, detail={"outcome": found})
    return row


def reopen(*, code: str, reason: str, seen: str = "", actor: Actor, now: datetime) -> Event:
    """Verify a settled event once more; what was found before stays in its steps, and its signal is told of it.

    Raises Refused: DUTY-002, 003, EVENT-001, 003, 009, SCREEN-001.
    """
    problems: list[Problem] = []
    why = text_of(reason, problems, "reason")
    if not why:
        problems.append(problem("DUTY-002", column="reason"))
    if problems:
        raise Refused(*problems)
    with transaction.atomic(), audit.at_the_end():
        row = _opened(code, "verifying", SETTLED, seen)
        before = row.state
        row.state, row.state_at, row.outcome, row.answer = Event.State.VERIFYING, now, "", ""
        row.save(update_fields=["state", "state_at", "outcome", "answer"])
        _note(row, "reopened", actor, now, answer=why, details={"from": before})
        if row.signal is not None:
            signals.act(code=row.signal.code, action="note", actor=actor, now=now, note=f"{code}: {why}")
        audit.record(actor=actor, action="event.reopened", code=code, now=now, detail={"from": before, "why": why})
    return row


def raise_signal(*, code: str, protection: bool, actor: Actor, now: datetime) -> Signal:
    """Make a signal of a confirmed event, once. `protection`: people are in danger.

    Raises Refused: EVENT-001, EVENT-003 (not confirmed).
    """
    with transaction.atomic(), audit.at_the_end():
        row = _opened(code, "raised", (Event.State.CONFIRMED,))
        if row.signal is not None:
            return row.signal
        day = local_date(row.reported_at)
        said = signals.Outside(
            key=f"event:{code}", ref=code, text=row.what[:RAISED], first=day, last=day, crossing=row.crossing,
            area=row.area, protection=protection, simulated=row.origin == "demo",
        )  # fmt: skip
        row.signal = signals.raise_event(said=said, actor=actor, now=now)
        row.save(update_fields=["signal"])
        _note(row, "raised", actor, now, details={"signal": row.signal.code})
        audit.record(actor=actor, action="event.raised", code=code, now=now, detail={"signal": row.signal.code})
    return row.signal


# --- Inside ------------------------------------------------------------------------------------


def _checked(said: Said, now: datetime, origin: str) -> dict[str, Any]:
    problems: list[Problem] = []
    what = text_of(said.what, problems, "what", origin=origin)
    if not what:
        problems.append(problem("DUTY-002", column="what"))
    crossing, area = place_of(said.place, problems)
    entry = LogEntry.objects.filter(code=said.log_entry).first() if said.log_entry else None
    if said.log_entry and entry is None:
        problems.append(problem("DUTY-001", column="log_entry", code=said.log_entry[:40]))
    low, high = said.people or (None, None)
    if low is not None and high is not None and not 0 <= low <= high <= MOST_PEOPLE:
        problems.append(problem("EVENT-002", column="people_low", limit=MOST_PEOPLE))
    content = {
        "what": what,
        "crossing": crossing,
        "area": area,
        "source": among(said.source, Event.Source.values, problems, "source"),
        "source_note": text_of(said.source_note, problems, "source_note", limit=SHORT, origin=origin),
        "hazard": among(said.hazard, Event.Hazard.values, problems, "hazard"),
        "institution": institution_of(said.institution, problems),
        "people_low": low,
        "people_high": high,
        "reported_at": moment_of(said.reported_at, now, problems, "reported_at"),
        "log_entry": entry,
    }
    if problems:
        raise Refused(*problems)
    return content


def _opened(code: str, wanted: str, states: tuple[str, ...], seen: str = "") -> Event:
    row = (
        Event.objects.select_for_update(of=("self",))
        .select_related("crossing", "area", "institution", "signal")
        .filter(code=code)
        .first()
    )
    if row is None:
        raise Refused(problem("EVENT-001", code=code[:40]))
    if seen and seen != row.state:
        raise Refused(problem("EVENT-009", state=str(row.state)))
    if row.state not in states:
        allowed = ", ".join(possible(row))
        raise Refused(problem("EVENT-003", state=str(row.state), wanted=wanted, allowed=allowed or "-"))
    return row


def possible(row: Event) -> tuple[str, ...]:
    """What can be done with an event in its state, in the order of the buttons."""
    if row.state in OPEN:
        return ("step", *SETTLED)
    return ("reopen", "raise") if row.state == Event.State.CONFIRMED and row.signal_id is None else ("reopen",)


def _asked_enough(row: Event, state: str) -> None:
    """At least one step; to confirm, one that asked somebody else than who reported it, at any time."""
    steps = list(row.steps.filter(action="asked").values_list("asked_id", flat=True))
    if not steps:
        raise Refused(problem("EVENT-005"))
    if state == Event.State.CONFIRMED and row.institution_id and set(steps) <= {row.institution_id}:
        raise Refused(problem("EVENT-006", institution=str(row.institution)))


def _note(row: Event, action: str, actor: Actor, at: datetime, **given: Any) -> None:
    EventStep.objects.create(
        event=row,
        at=at,
        recorded_at=timezone.now(),
        action=action,
        actor_id=actor.id,
        actor_label=actor.label[:SHORT],
        **given,
    )
