"""Who is on call: now, tonight and day by day; planning, taking over, taking out."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, may, visible
from pasaj.core import oncall as core
from pasaj.core.periods import FIRST_YEAR, LAST_YEAR
from pasaj.core.problems import Problem, Refused
from pasaj.notify.forms.directory import PlanForm, ShiftForm, SwapForm, first_hours
from pasaj.notify.models import Shift
from pasaj.notify.queries import people
from pasaj.notify.services import shifts
from pasaj.registry.queries import Request


def called(request: Request) -> tuple[list[Shift], list[Shift]]:
    """Who is on call now and tonight, as the reader may see it."""
    if not may(request.actor, "view", Shift):
        return [], []
    week = people.week(request.actor, request.now.date(), request.now, request.home.zone)
    return list(week.now), list(week.tonight)


def on_call(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Shift):
        raise Http404
    return page_of(request)


def _first(request: Request) -> date:
    """The first day shown: what the address says, else today."""
    try:
        found = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return request.now.astimezone(request.home.zone).date()
    return min(max(found, date(FIRST_YEAR, 1, 8)), date(LAST_YEAR - 1, 12, 24))


def page_of(
    request: Request,
    problems: tuple[Problem, ...] = (),
    shift_form: ShiftForm | None = None,
    plan_form: PlanForm | None = None,
) -> HttpResponse:
    """The list; with problems its status is 422."""
    first = _first(request)
    roles = people.role_names()
    week = people.week(request.actor, first, request.now, request.home.zone)
    swaps = frozenset(visible(Shift.objects.all(), request.actor, "swap").values_list("pk", flat=True))
    local = request.now.astimezone(request.home.zone)
    wrong = bool(problems or (shift_form and shift_form.errors) or (plan_form and plan_form.errors))
    context = {
        "week": week,
        "roles": roles,
        "first": first,
        "today": local.date(),
        "before": first - timedelta(days=people.DAYS),
        "after": first + timedelta(days=people.DAYS),
        "swaps": swaps,
        "at": request.now,
        "may_plan": may(request.actor, "plan", Shift),
        "shift_form": shift_form or ShiftForm(roles=roles, initial=first_hours(local)),
        "plan_form": plan_form or PlanForm(roles=roles),
        "example": core.EXAMPLE,
        "problems": problems[:50],
    }
    return render(request, "notify/on_call.html", context, status=422 if wrong else 200)


@require_POST
def shift_new(request: Request) -> HttpResponse:
    if not may(request.actor, "plan", Shift):
        raise Http404
    form = ShiftForm(request.POST, roles=people.role_names())
    if not form.is_valid():
        return page_of(request, shift_form=form)
    try:
        shifts.plan(wanted=[form.wanted()], actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, form.explain(refused.problems), shift_form=form)
    messages.success(request, _("The shift is planned."))
    return redirect("notify:on-call")


@require_POST
def shift_plan(request: Request) -> HttpResponse:
    if not may(request.actor, "plan", Shift):
        raise Http404
    form = PlanForm(request.POST, request.FILES, roles=people.role_names())
    if not form.is_valid():
        return page_of(request, plan_form=form)
    try:
        done = shifts.plan_text(
            text=form.plan(),
            role=form.cleaned_data["role"],
            today=request.now.astimezone(request.home.zone).date(),
            actor=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return page_of(request, form.explain(refused.problems), plan_form=form)
    text = _("%(made)s shifts planned, %(same)s stood already.")
    messages.success(request, text % {"made": len(done.made), "same": done.unchanged})
    return redirect("notify:on-call")


def shift_swap(request: Request, number: int) -> HttpResponse:
    shift = get_object_or_404(visible(Shift.objects.select_related("contact__institution"), request.actor), pk=number)
    if not can(request.actor, "swap", shift):
        raise Http404
    form = SwapForm(request.POST if request.method == "POST" else None, shift=shift)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            shifts.swap(
                shift=shift, contact=form.cleaned_data["contact"], actor=request.actor, now=request.now
            )  # fmt: skip
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("The shift is taken over."))
            return redirect("notify:on-call")
    context = {
        "shift": shift,
        "role": people.role_names().get(shift.role, shift.role),
        "form": form,
        "problems": problems,
    }
    return render(request, "notify/shift_swap.html", context, status=422 if form.errors or problems else 200)


@require_POST
def shift_remove(request: Request, number: int) -> HttpResponse:
    shift = get_object_or_404(visible(Shift.objects.all(), request.actor), pk=number)
    if not can(request.actor, "plan", shift):
        raise Http404
    try:
        shifts.remove(shift=shift, actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, refused.problems)
    messages.success(request, _("The shift is taken out."))
    return redirect("notify:on-call")
