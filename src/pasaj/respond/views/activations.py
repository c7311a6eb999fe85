"""Activations: the list, the board, decisions on level, end and stand-down, and what institutions ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry import queries as registry
from pasaj.registry.models import Institution, localised
from pasaj.registry.queries import Request
from pasaj.respond.forms.plans import DecisionForm, LevelForm, ProlongForm, Reasoned, RequestForm
from pasaj.respond.models import Activation, Decision, Plan, ResourceRequest
from pasaj.respond.queries import plans as queries
from pasaj.respond.services import activations as services
from pasaj.respond.services import requests as asking
from pasaj.respond.views import tasks

SHOWN = 100


def find(request: Request, code: str, action: str = "view") -> Activation:
    """The activation of this code, if the reader may do this with it; else 404."""
    row = get_object_or_404(queries.activations(request.actor), code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


def tabs(request: Request, row: Activation, here: str) -> list[dict[str, Any]]:
    """The pages of an activation that the reader may see."""
    pages = [("board", "respond:activation", _("Board")), ("requests", "respond:activation-requests", _("Requests"))]
    if may(request.actor, "view", Decision):
        pages.append(("decisions", "respond:activation-decisions", _("Decisions")))
        if row.state != Activation.State.ACTIVE:
            pages.append(("review", "respond:activation-review", _("Review")))
    return [{"url": reverse(name, args=[row.code]), "label": label, "here": key == here} for key, name, label in pages]


@require_safe
def activation_list(request: Request) -> HttpResponse:
    rows = queries.activations(request.actor)
    found = queries.running(request.actor, rows[:SHOWN], request.now)
    context = {
        "running": [one for one in found if one.row.state == Activation.State.ACTIVE],
        "past": [one for one in found if one.row.state != Activation.State.ACTIVE],
        "may_activate": may(request.actor, "activate", Plan),
        "may_see": bool(request.actor.grants),
    }
    if not request.actor.grants:
        raise Http404
    return render(request, "respond/activation_list.html", context)


@require_safe
def activation(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    board = queries.board(request.actor, row, request.now)
    by_time = request.GET.get("by") == "time"
    context = {
        "activation": row,
        "board": board,
        "tabs": tabs(request, row, "board"),
        "by_time": by_time,
        "lanes": [
            (lane, [(line, tasks.quick(request, line)) for line in lane.lines]) for lane in board.lanes
        ] if not by_time else [],
        "timed": [(line, tasks.quick(request, line)) for line in board.lines] if by_time else [],
        "open_requests": queries.requests(request.actor, row).filter(state__in=asking.OPEN).count(),
        "may_run": can(request.actor, "run", row),
        "alert_url": reverse("respond:alert", args=[row.alert.code]) if can(request.actor, "view", row.alert) else "",
    }  # fmt: skip
    return render(request, "respond/activation.html", context)


# --- Decisions -----------------------------------------------------------------------------------

Deed = Callable[[Request, Activation, dict[str, Any]], object]
DEEDS: dict[str, Deed] = {
    "level": lambda request, row, data: services.change_level(
        code=row.code, **data, actor=request.actor, now=request.now
    ),
    "prolong": lambda request, row, data: services.prolong(code=row.code, **data, actor=request.actor, now=request.now),
    "decide": lambda request, row, data: services.decide(code=row.code, **data, actor=request.actor, now=request.now),
    "stand_down": lambda request, row, data: services.stand_down(
        code=row.code, **data, actor=request.actor, now=request.now
    ),
}


def _forms(row: Activation, deed: str = "", data: Any = None) -> dict[str, forms.Form]:
    """The forms of the page; the one of `deed` filled with what was typed."""
    levels = [(one["code"], localised(one["names"])) for one in row.content["levels"] if one["code"] != row.level]

    def given(name: str) -> dict[str, Any]:
        return {"data": data if name == deed else None, "prefix": name}

    return {
        "level": LevelForm(levels=levels, **given("level")),
        "prolong": ProlongForm(**given("prolong")),
        "decide": DecisionForm(**given("decide")),
        "stand_down": Reasoned(**given("stand_down")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: Request, code: str) -> HttpResponse:
    """The log of decisions, and taking one."""
    row = find(request, code)
    if not may(request.actor, "view", Decision):
        raise Http404
    deed = ""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        find(request, code, "run")
        deed = request.POST.get("deed", "")
        if deed not in DEEDS:
            raise Http404
    found = _forms(row, deed, request.POST or None)
    if deed and found[deed].is_valid():
        try:
            DEEDS[deed](request, row, found[deed].cleaned_data)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Written down."))
            return redirect("respond:activation-decisions", code=code)
    running = row.state == Activation.State.ACTIVE
    context = {
        "activation": row,
        "tabs": tabs(request, row, "decisions"),
        "log": queries.decisions(request.actor, row),
        "levels": {one["code"]: localised(one["names"]) for one in row.content["levels"]},
        "forms": found if running and can(request.actor, "run", row) else {},
        "deed": deed,
        "wrong": found[deed] if deed else None,
        "problems": problems,
        "past": running and services.today(request.now) > row.ends_date,
    }
    status = problems[0].kind.status if problems else 422 if deed and found[deed].errors else 200
    return render(request, "respond/activation_decisions.html", context, status=status)


# --- Requests ------------------------------------------------------------------------------------


def _asking(request: Request) -> list[Institution]:
    """For whom the reader may ask: the duty officer for everybody, others for their own institutions."""
    rows = registry.institutions(request.actor)
    if not request.actor.has("duty", "approver"):
        rows = rows.filter(pk__in=request.actor.institution_ids)
    return list(rows)


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: Request, code: str) -> HttpResponse:
    """What was asked for, and asking for more."""
    row = find(request, code)
    may_ask = can(request.actor, "request", row)
    if request.method == "POST" and not may_ask:
        raise Http404
    form = RequestForm(
        request.POST or None,
        asking=_pairs(_asking(request)),
        asked=_pairs(registry.institutions(request.actor)),
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data}
        try:
            asking.ask(activation=code, **data, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Asked; the institution is told."))
            return redirect("respond:activation-requests", code=code)
    return _requests_page(request, row, form if may_ask else None, problems)


def _pairs(rows: Any) -> list[tuple[str, str]]:
    return sorted(((one.code, str(one)) for one in rows), key=lambda pair: pair[1].casefold())


def _requests_page(
    request: Request, row: Activation, form: RequestForm | None, problems: tuple[Problem, ...]
) -> HttpResponse:
    context = {
        "activation": row,
        "tabs": tabs(request, row, "requests"),
        "requests": [(one, _answers(request, one)) for one in queries.requests(request.actor, row)],
        "form": form,
        "problems": problems,
    }
    status = problems[0].kind.status if problems else 422 if form and form.errors else 200
    return render(request, "respond/activation_requests.html", context, status=status)


def _answers(request: Request, row: ResourceRequest) -> list[tuple[str, Any]]:
    """What the reader may say of a request now."""
    if row.activation.state != Activation.State.ACTIVE:
        return []
    duty, own = request.actor.has("duty"), request.actor.institution_ids
    sides = {"asking": row.asking_id in own, "asked": row.asked_id in own}
    sides["both"] = any(sides.values())
    found = asking.possible(row)
    return [(one, asking.LABELS[one]) for one in found if duty or sides[asking.STEPS[one].by]]


@require_POST
def request_act(request: Request, code: str) -> HttpResponse:
    """Promise, deliver, refuse or withdraw."""
    rows = visible(ResourceRequest.objects.select_related("activation__alert", "activation__plan"), request.actor)
    row = get_object_or_404(rows, code=code)
    action = request.POST.get("action", "")
    if action not in dict(_answers(request, row)):
        raise Http404
    given = {name: request.POST.get(name, "")[:2100] for name in ("note", "quantity", "seen")}
    try:
        asking.act(code=code, action=action, **given, actor=request.actor, now=request.now)
    except Refused as refused:
        form = None
        return _requests_page(request, find(request, row.activation.code), form, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("respond:activation-requests", code=row.activation.code)
