"""Plans, activations and tasks for programs: read by whoever may see them, done with a token that may write."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from pasaj.access.rules import can, may, visible
from pasaj.assess.api.sending import Paging, send
from pasaj.core.plans import Measured
from pasaj.registry.queries import Request
from pasaj.respond.models import Activation, Lesson, Task
from pasaj.respond.queries import plans as queries
from pasaj.respond.queries.reviews import measured
from pasaj.respond.services import tasks

router = Router()
Deed = Literal["acknowledge", "done", "block", "unblock", "reassign", "drop", "reopen", "note"]


class PlanOut(Schema):
    code: str
    version: str
    names: dict[str, str]
    levels: list[str]
    actions: int
    days: int
    review_date: date
    due: bool
    problems: list[str]
    fingerprint: str


class ActivationOut(Schema):
    code: str
    plan: str
    alert: str
    level: str
    mode: str
    state: str
    started_at: datetime
    ends_date: date
    stood_down_at: datetime | None
    total: int
    done: int
    late: int


class TaskOut(Schema):
    code: str
    action: str
    names: dict[str, str]
    institution: str
    state: str
    protection: bool
    enforcement: bool
    due_at: datetime
    late: bool
    acknowledged_at: datetime | None
    waits_for: list[str]
    waits_for_protection: bool
    reason: str


class MeasuredOut(Schema):
    promise: str
    promised_hours: float | None
    took_hours: float | None
    kept: bool | None


class BoardOut(ActivationOut):
    changed: bool
    past: bool
    tasks: list[TaskOut]
    measured: list[MeasuredOut]


class TaskIn(Schema):
    action: Deed
    note: str = ""
    institution: str = ""
    seen: str = ""


class ActivationFilter(Paging):
    state: str = ""
    plan: str = ""


@router.get("/plans", response=list[PlanOut])
def plan_list(request: Request, wanted: Query[Paging]) -> FileResponse:
    """Contingency plans of the pack, with what their check says today by code of the problem."""
    rows = [
        (
            one.row.code,
            one.row.version,
            one.row.names,
            [level.code for level in one.plan.levels],
            len(one.plan.actions),
            one.plan.days,
            one.row.review_date.isoformat(),
            one.due,
            [problem.code for problem in one.problems],
            one.row.fingerprint,
        )
        for one in queries.library(request.actor, request.now.date())
    ]
    return send(request, "plans", tuple(PlanOut.model_fields), rows, **wanted.dict())


@router.get("/activations", response=list[ActivationOut])
def activation_list(request: Request, wanted: Query[ActivationFilter]) -> FileResponse:
    """Activations, running ones first, with counts of the tasks that the actor may see."""
    found = queries.activations(request.actor)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.plan:
        found = found.filter(plan__code=wanted.plan)
    rows = [tuple(_activation(one).values()) for one in queries.running(request.actor, found, request.now)]
    return send(request, "activations", tuple(ActivationOut.model_fields), rows, **wanted.dict())


@router.get("/activations/{code}", response=BoardOut)
def activation_detail(request: Request, code: str) -> FileResponse:
    """One activation with its tasks; what it took against what was promised once it is stood down."""
    row = get_object_or_404(queries.activations(request.actor), code=code)
    board = queries.board(request.actor, row, request.now)
    found = queries.running(request.actor, [row], request.now)[0]
    over = row.state != Activation.State.ACTIVE and may(request.actor, "view", Lesson)
    said = {
        **_activation(found),
        "changed": board.changed,
        "past": board.past,
        "tasks": [_task(one) for one in board.lines],
        "measured": [_measured(one) for one in measured(row)] if over else [],
    }
    return send(request, "activation", tuple(said), [tuple(said.values())], form="object", activation=code)


@router.post("/tasks/{code}", response=TaskOut)
def task_act(request: Request, code: str, said: TaskIn) -> dict[str, object]:
    """Acknowledge a task, say that it is done, blocked or no longer blocked, give it away, drop it, add a note."""
    rows = visible(Task.objects.select_related("institution", "activation__alert", "activation__plan"), request.actor)
    row = get_object_or_404(rows, code=code)
    if not can(request.actor, "move" if said.action in tasks.MOVES else "act", row):
        raise Http404
    tasks.act(code=code, **said.dict(), actor=request.actor, now=request.now)
    every = list(row.activation.tasks.select_related("institution").order_by("due_at", "order", "pk"))
    lines = queries.lines(row.activation, every, request.now)
    return _task(next(one for one in lines if one.task.pk == row.pk))


def _activation(one: queries.Running) -> dict[str, object]:
    row = one.row
    return {
        "code": row.code,
        "plan": row.plan.code,
        "alert": row.alert.code,
        "level": row.level,
        "mode": row.mode,
        "state": row.state,
        "started_at": row.started_at.isoformat(),
        "ends_date": row.ends_date.isoformat(),
        "stood_down_at": row.stood_down_at.isoformat() if row.stood_down_at else None,
        "total": one.count.asked,
        "done": one.count.done,
        "late": one.count.late,
    }


def _task(one: queries.Line) -> dict[str, object]:
    row = one.task
    return {
        "code": row.code,
        "action": row.action,
        "names": row.names,
        "institution": row.institution.code,
        "state": row.state,
        "protection": row.protection,
        "enforcement": row.enforcement,
        "due_at": row.due_at.isoformat(),
        "late": one.late,
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
        "waits_for": list(one.waits),
        "waits_for_protection": one.waits_for_protection,
        "reason": row.reason,
    }


def _measured(one: Measured) -> dict[str, object]:
    return {"promise": one.promise, "promised_hours": one.promised, "took_hours": one.took, "kept": one.kept}
