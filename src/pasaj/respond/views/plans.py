"""The library of contingency plans, one plan as a timeline, and activating it for an alert."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pasaj.access.rules import may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import Function, Institution, localised
from pasaj.registry.queries import Request
from pasaj.respond.forms.plans import ActivateForm
from pasaj.respond.models import Alert, Plan
from pasaj.respond.queries import plans as queries
from pasaj.respond.services import activations
from pasaj.watch.models import Measure

State = Alert.State


def find(request: Request, code: str) -> Plan:
    """The plan of this code, retired ones too; else 404."""
    return get_object_or_404(visible(Plan.objects.all(), request.actor), code=code)


@require_safe
def plan_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Plan):
        raise Http404
    found = queries.library(request.actor, request.now.date())
    context = {
        "shelf": found,
        "leading": queries.leading(found),
        "may_activate": may(request.actor, "activate", Plan),
        "due": sum(one.due for one in found),
        "wrong": sum(bool(one.problems) for one in found),
    }
    return render(request, "respond/plan_list.html", context)


@require_safe
def plan(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    shelved = queries.shelved(row, request.now.date())
    wanted = request.GET.get("level", "")
    level = shelved.plan.level(wanted)
    context = {
        "plan": row,
        "shelved": shelved,
        "level": level,
        "hours": queries.timeline(shelved.plan, level.code if level else ""),
        "institutions": {one.code: one for one in Institution.objects.order_by("code")},
        "functions": {one.code: one for one in Function.objects.order_by("code")},
        "actions": {one.code: one for one in shelved.plan.actions},
        "levels": {one.code: one for one in shelved.plan.levels},
        "measures": {one.code: one for one in Measure.objects.order_by("code")},
        "may_activate": may(request.actor, "activate", Plan) and row.retired_at is None,
        "activations": queries.running(
            request.actor, queries.activations(request.actor).filter(plan=row)[:10], request.now
        ),
    }
    return render(request, "respond/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_activate(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    get_object_or_404(visible(Plan.objects.filter(retired_at=None), request.actor, "activate"), pk=row.pk)
    # Whoever may activate is of the cell, which sees every alert.
    alerts = Alert.objects.filter(state=State.PUBLISHED).order_by("-created_at", "-pk")
    shelved = queries.shelved(row, request.now.date())
    form = ActivateForm(
        request.POST or None,
        initial={"alert": request.GET.get("alert", ""), "level": request.GET.get("level", "")},
        alerts=[(one.code, f"{one.code} · {queries.alert_name(one)}") for one in alerts],
        levels=[
            (one.code, f"{localised(dict(one.names))} · {localised(dict(one.when))}") for one in shelved.plan.levels
        ],
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = activations.activate(plan=code, **form.cleaned_data, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("The plan is activated; its institutions are told of their tasks."))
            return redirect("respond:activation", code=made.code)
    context = {"plan": row, "shelved": shelved, "form": form, "problems": problems, "alerts": alerts}
    status = problems[0].kind.status if problems else 422 if form.errors else 200
    return render(request, "respond/plan_activate.html", context, status=status)
