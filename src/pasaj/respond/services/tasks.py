"""What people do with a task, and what happens of itself: tasks open, overdue ones are told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Delivery
from pasaj.registry.models import Institution, Mandate
from pasaj.registry.queries import refuse_naming
from pasaj.respond.models import Activation, Task
from pasaj.respond.queries.standings import RUNNING, standings_of
from pasaj.respond.services import telling
from pasaj.respond.services.activations import LONGEST, today
from pasaj.respond.services.opening import held, held_active, open_ready, say

State = Task.State
CELL_AFTER = timedelta(hours=1)
"""How long after its own institution the cell is told of an overdue task."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done: from which states, the event's name, and whether a reason is needed."""

    before: frozenset[str]
    event: str
    reason: bool = False


RUNS = frozenset(RUNNING)
STEPS = {
    "acknowledge": Step(RUNS, "acknowledged"),
    "done": Step(frozenset({State.OPEN}), "done"),
    "block": Step(frozenset({State.WAITING, State.OPEN}), "blocked", reason=True),
    "unblock": Step(frozenset({State.BLOCKED}), "unblocked"),
    "reassign": Step(RUNS, "reassigned", reason=True),
    "drop": Step(RUNS, "dropped", reason=True),
    "reopen": Step(frozenset({State.DONE, State.DROPPED}), "reopened", reason=True),
    "note": Step(frozenset(State.values), "noted", reason=True),
}
MOVES = frozenset({"reassign", "drop"})
"""Steps that are for whoever runs the activation, not for the institution that has the task."""


def possible(task: Task, *, moves: bool) -> tuple[str, ...]:
    """What can be done with a task as it stands, in the order of the buttons."""
    found = [name for name, step in STEPS.items() if task.state in step.before and (moves or name not in MOVES)]
    if task.acknowledged_at is not None and "acknowledge" in found:
        found.remove("acknowledge")
    return tuple(found)


def act(
    *, code: str, action: str, actor: Actor, now: datetime, note: str = "", institution: str = "", seen: str = ""
) -> Task:
    """Acknowledge, finish, block, unblock, reassign, drop, reopen a task, or add a note to it.

    Acknowledged or done already, nothing happens: a double click does nothing twice. `institution`: who has it from
    now on; where that one has no mandate in the action's function the event says so, with the reason. `seen`: the
    state before the person's eyes. What may open then opens. Raises Refused: PLAN-055, 056 (a reason is needed),
    060 to 067, 069, SCREEN-001.
    """
    step = STEPS.get(action)
    if step is None:
        raise Refused(problem("PLAN-061", value=action[:40], allowed=", ".join(STEPS)))
    note = _note(note, step)
    with transaction.atomic():
        row, task = _held(code)
        if _is_done_already(task, action):
            return task
        _check(row, task, action, step, seen)
        before = task.state
        details = _change(task, action, note, institution, now)
        task.save()
        say([task], step.event, actor, now, note, **{"from": before, "to": task.state, **details})
        if action == "reassign":
            telling.reassigned(row, task, actor, now)
        telling.opened(row, [one for one in open_ready(row, actor, now) if one.pk != task.pk], actor, now)
        detail = {"from": before, "to": task.state, "note": note, **details}
        audit.record(actor=actor, action=f"task.{step.event}", code=code, now=now, detail=detail)
        # It may have opened itself: unblocked, or opened again.
        task.refresh_from_db(fields=["state", "state_at", "opens_at"])
    return task


def _note(note: str, step: Step) -> str:
    said = note.strip().replace("\r\n", "\n")
    if step.reason and not said:
        raise Refused(problem("PLAN-056", column="note"))
    if len(said) > LONGEST:
        raise Refused(problem("PLAN-067", column="note", limit=LONGEST))
    refuse_naming(note=said)
    return said


def _held(code: str) -> tuple[Activation, Task]:
    """The activation, locked, and the task as it stands now."""
    found = Task.objects.filter(code=code).values_list("activation__code", flat=True).first()
    if found is None:
        raise Refused(problem("PLAN-060", value=code[:40]))
    row = held_active(found)
    return row, Task.objects.select_related("institution").get(code=code)


def _is_done_already(task: Task, action: str) -> bool:
    acknowledged = action == "acknowledge" and task.acknowledged_at is not None
    return acknowledged or (action == "done" and task.state == State.DONE)


def _check(row: Activation, task: Task, action: str, step: Step, seen: str) -> None:
    if seen and seen != task.state and action != "note":
        raise Refused(problem("PLAN-069", value=task.code))
    if action == "done" and task.state == State.WAITING:
        tasks = list(row.tasks.order_by("order", "pk"))
        standing = standings_of(row, tasks)[task.action]
        if standing.waits_for:
            waits = {one.action: one.code for one in tasks}
            listed = ", ".join(waits[one] for one in standing.waits_for)
            raise Refused(problem("PLAN-063", value=listed))
        raise Refused(problem("PLAN-064"))
    if task.state not in step.before:
        allowed = ", ".join(str(LABELS[one]) for one in possible(task, moves=True))
        raise Refused(problem("PLAN-062", state=task.state, allowed=allowed))


def _change(task: Task, action: str, note: str, institution: str, now: datetime) -> dict[str, object]:
    """Do it to the row; returns what the event tells beside."""
    if action in CHANGES:
        CHANGES[action](task, note, now)
        return {}
    return _reassign(task, note, institution, now) if action == "reassign" else {}


def _acknowledge(task: Task, _note: str, now: datetime) -> None:
    task.acknowledged_at = now


def _done(task: Task, _note: str, now: datetime) -> None:
    task.state, task.state_at, task.reason = State.DONE, now, ""
    task.acknowledged_at = task.acknowledged_at or now


def _to(state: str) -> Callable[[Task, str, datetime], None]:
    def change(task: Task, note: str, now: datetime) -> None:
        task.state, task.state_at = state, now
        task.reason = note if state in (State.BLOCKED, State.DROPPED) else ""

    return change


CHANGES: dict[str, Callable[[Task, str, datetime], None]] = {
    "acknowledge": _acknowledge,
    "done": _done,
    "block": _to(State.BLOCKED),
    "drop": _to(State.DROPPED),
    # What may open is opened right after.
    "unblock": _to(State.WAITING),
    "reopen": _to(State.WAITING),
}


def _reassign(task: Task, note: str, code: str, now: datetime) -> dict[str, object]:
    found = Institution.objects.filter(code=code, retired_at=None).first()
    if found is None:
        raise Refused(problem("PLAN-065", column="institution", value=code[:40]))
    if found == task.institution:
        raise Refused(problem("PLAN-066", column="institution", value=code))
    before, task.institution = task.institution.code, found
    task.acknowledged_at, task.escalated_at, task.escalation, task.reason = None, None, 0, note
    return {"institution": code, "before": before, "mandated": mandated(task, found, now)}


def mandated(task: Task, institution: Institution, now: datetime) -> bool:
    """Whether an institution leads or supports the function of the task's action on the day of `now`."""
    functions = {one["code"]: one["function"] for one in task.activation.content["actions"]}
    day = today(now)
    rows = Mandate.objects.filter(
        Q(valid_start=None) | Q(valid_start__lte=day),
        Q(valid_end=None) | Q(valid_end__gte=day),
        function__code=functions.get(task.action, ""),
        institution=institution,
        role__in=(Mandate.Part.LEAD, Mandate.Part.SUPPORT),
        retired_at=None,
    )
    return rows.exists()


# --- Of itself -----------------------------------------------------------------------------------


def follow_up(*, now: datetime) -> int:
    """Open what may open, take acknowledgements of messages over, tell of what is overdue. How much it did.

    `now`: the business clock. Done twice at once it does nothing twice: each activation is locked in its turn.
    """
    codes = Activation.objects.filter(state=Activation.State.ACTIVE).order_by("pk").values_list("code", flat=True)
    return sum(_follow(code, now) for code in list(codes))


def _follow(code: str, now: datetime) -> int:
    if not _calls_for_it(code, now):
        return 0
    with transaction.atomic():
        row = held(code)
        if row.state != Activation.State.ACTIVE:
            return 0
        count = _take_over(row, now)
        opened = open_ready(row, SYSTEM, now)
        telling.opened(row, opened, SYSTEM, now)
        return count + len(opened) + _escalate(row, now) + _past_its_end(row, now)


def _calls_for_it(code: str, now: datetime) -> bool:
    """Whether anything might be due, without a lock: this is asked every few seconds."""
    row = Activation.objects.select_related("alert").get(code=code)
    tasks = list(row.tasks.order_by("order", "pk"))
    found = standings_of(row, tasks)
    return (
        any(one.state == State.WAITING and found[one.action].may_open for one in tasks)
        or any(_step(one, now) for one in tasks)
        or (row.end_told_at is None and today(now) > row.ends_date)
        or (any(_unseen(one) for one in tasks) and _acknowledging(row).exists())
    )


def _unseen(task: Task) -> bool:
    return task.acknowledged_at is None and task.state in RUNNING


def _acknowledging(row: Activation) -> QuerySet[Delivery]:
    """Answers to the messages that told institutions of their tasks here."""
    rows = Delivery.objects.filter(message__kind=telling.KIND, message__ref__startswith=f"{row.code}/")
    return rows.exclude(acknowledged_at=None)


def _take_over(row: Activation, now: datetime) -> int:
    """Who acknowledged the message that told of tasks has seen those tasks."""
    answers = _acknowledging(row).select_related("message", "contact").order_by("acknowledged_at", "pk")
    seen: dict[str, Delivery] = {}
    for one in answers:
        seen.setdefault(one.message.ref.partition("/")[2], one)
    count = 0
    for task in row.tasks.select_related("institution").order_by("order", "pk"):
        answer = seen.get(task.institution.code)
        if answer is None or not _unseen(task) or not _was_told(task, answer):
            continue
        task.acknowledged_at = answer.acknowledged_at
        task.save(update_fields=["acknowledged_at"])
        who = Actor(id=None, label=answer.contact.name if answer.contact else "", via="message")
        say([task], "acknowledged", who, now, message=answer.message.code)
        detail = {"message": answer.message.code}
        audit.record(actor=who, action="task.acknowledged", code=task.code, now=now, detail=detail)
        count += 1
    return count


def _was_told(task: Task, answer: Delivery) -> bool:
    """Whether the answer is to a message that came after the task was made."""
    return answer.message.created_at >= task.events.order_by("pk").values_list("at", flat=True)[0]


def _step(task: Task, now: datetime) -> int:
    """Which step of telling is due: 1 its institution, 2 the cell, 0 none."""
    if task.state not in (State.OPEN, State.BLOCKED) or task.due_at > now:
        return 0
    if task.escalation == 0:
        return 1
    late = task.escalation == 1 and task.escalated_at is not None and now >= task.escalated_at + CELL_AFTER
    return 2 if late else 0


def _escalate(row: Activation, now: datetime) -> int:
    count = 0
    for task in row.tasks.select_related("institution").order_by("due_at", "order"):
        step = _step(task, now)
        if step:
            task.escalation, task.escalated_at = step, now
            task.save(update_fields=["escalation", "escalated_at"])
            say([task], "escalated", SYSTEM, now, step=step)
            telling.overdue(row, task, step, SYSTEM, now)
            audit.record(actor=SYSTEM, action="task.escalated", code=task.code, now=now, detail={"step": step})
            count += 1
    return count


def _past_its_end(row: Activation, now: datetime) -> int:
    if row.end_told_at is not None or today(now) <= row.ends_date:
        return 0
    row.end_told_at = now
    row.save(update_fields=["end_told_at"])
    telling.ended(row, SYSTEM, now)
    audit.record(actor=SYSTEM, action="activation.past", code=row.code, now=now, detail={"end": str(row.ends_date)})
    return 1


LABELS = {
    "acknowledge": _("Acknowledge"),
    "done": _("Done"),
    "block": _("Cannot be done now"),
    "unblock": _("Can be done again"),
    "reassign": _("Give to another institution"),
    "drop": _("Drop"),
    "reopen": _("Open again"),
    "note": _("Add a note"),
}
WORDS = {
    State.WAITING: _("waiting"),
    State.OPEN: _("open"),
    State.DONE: _("done"),
    State.BLOCKED: _("blocked"),
    State.DROPPED: _("dropped"),
}
