"""Tasks: those of one's own institutions, one with its history, and what is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.queries import say
from pasaj.access.rules import can, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request
from pasaj.respond.forms.plans import TaskForm
from pasaj.respond.models import Activation, Task
from pasaj.respond.queries import plans as queries
from pasaj.respond.services import tasks as services

WITHOUT_A_NOTE = ("acknowledge", "done", "unblock")
"""Steps that are one press of a button; the others ask for a reason on the page of the task."""


def find(request: Request, code: str) -> Task:
    """The task of this code, if the reader may see it; else 404."""
    rows = visible(Task.objects.select_related("institution", "activation__alert", "activation__plan"), request.actor)
    return get_object_or_404(rows, code=code)


def steps(request: Request, task: Task) -> tuple[str, ...]:
    """What the reader may do with a task now."""
    if task.activation.state != Activation.State.ACTIVE or not can(request.actor, "act", task):
        moves = can(request.actor, "move", task) and task.activation.state == Activation.State.ACTIVE
        return tuple(one for one in services.possible(task, moves=True) if one in services.MOVES) if moves else ()
    return services.possible(task, moves=can(request.actor, "move", task))


def quick(request: Request, line: queries.Line) -> list[str]:
    """The buttons of a line: what needs no reason. Asked of the actor, not of the database."""
    task = line.task
    own = task.institution_id in request.actor.institution_ids or request.actor.has("duty")
    if not own or task.activation.state != Activation.State.ACTIVE:
        return []
    return [one for one in services.possible(task, moves=False) if one in WITHOUT_A_NOTE]


@require_safe
def task_list(request: Request) -> HttpResponse:
    found = queries.mine(request.actor, request.now)
    if not request.actor.grants:
        raise Http404
    shown = [{"line": one.line, "plan": one.plan, "steps": quick(request, one.line)} for one in found]
    context = {"mine": shown, "late": sum(one.line.late for one in found)}
    return render(request, "respond/task_list.html", context)


@require_safe
def task(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


def _page(
    request: Request, row: Task, problems: tuple[Problem, ...] = (), form: TaskForm | None = None
) -> HttpResponse:
    every = list(row.activation.tasks.select_related("institution").order_by("due_at", "order", "pk"))
    line = next(one for one in queries.lines(row.activation, every, request.now) if one.task.pk == row.pk)
    action = next((one for one in queries.core_plan(row.activation).actions if one.code == row.action), None)
    allowed = steps(request, row)
    context = {
        "task": row,
        "line": line,
        "action": action,
        "function": queries.function_of(action),
        "activation": row.activation,
        "steps": [one for one in allowed if one in WITHOUT_A_NOTE],
        "reasoned": [(one, services.LABELS[one]) for one in allowed if one not in WITHOUT_A_NOTE],
        "moves": "reassign" in allowed,
        "form": form or task_form(request),
        "problems": problems,
        "history": row.events.order_by("-at", "-pk"),
        "before": [one for one in every if one.action in row.after],
    }
    status = problems[0].kind.status if problems else 200
    return render(request, "respond/task.html", context, status=status)


def task_form(request: Request, data: Any = None) -> TaskForm:
    """The form of a task, with the institutions it may be given to."""
    rows = registry.institutions(request.actor)
    pairs = sorted(((one.code, str(one)) for one in rows), key=lambda pair: pair[1].casefold())
    return TaskForm(data, institutions=pairs)


@require_POST
def task_act(request: Request, code: str) -> HttpResponse:
    """Do something with a task: the line of the board comes back, without a script the page it was done on."""
    row = find(request, code)
    action = request.POST.get("action", "")
    if action not in services.STEPS:
        raise Http404
    if action not in steps(request, row) and not _may_at_all(request, row, action):
        raise Http404
    form = task_form(request, request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in ("note", "institution")}
    seen = request.POST.get("seen", "")[:10]
    try:
        done = services.act(code=code, action=action, **given, seen=seen, actor=request.actor, now=request.now)
    except Refused as refused:
        if request.htmx:
            return _again(request, row, refused)
        return _page(request, row, refused.problems, form)
    told = done.events.order_by("-pk").first()
    if told and action == "reassign" and told.details.get("mandated") is False:
        messages.warning(request, _("Given away. This institution has no mandate in the function of this action."))
    elif not request.htmx:
        messages.success(request, _("Written down."))
    return redirect(_back(request, row))


def _back(request: Request, row: Task) -> str:
    """The page that the button was pressed on; without a script as with one, it then tells how things stand."""
    wanted = request.POST.get("next", "")
    if wanted == "mine":
        return reverse("respond:task-list")
    if wanted in ("board", "time"):
        by = "?by=time" if wanted == "time" else ""
        return reverse("respond:activation", args=[row.activation.code]) + by
    return reverse("respond:task", args=[row.code])


def _again(request: Request, row: Task, refused: Refused) -> HttpResponse:
    """A refusal on the board: the whole page comes anew and says why."""
    for one in refused.problems:
        told = say(one)
        messages.error(request, f"{told.text} {told.remedy}")
    return HttpResponse(status=204, headers={"HX-Redirect": _back(request, row)})


def _may_at_all(request: Request, row: Task, action: str) -> bool:
    """Whether the reader could do this with the task in another state: then the refusal says why not now."""
    return can(request.actor, "move" if action in services.MOVES else "act", row)
