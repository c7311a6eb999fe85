"""Policies: the list, one as a tree, begun and changed, and findings nobody has taken up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.policies import CapacityForm, PolicyForm, RateForm
from pasaj.policy.models import Action, Policy
from pasaj.policy.models import Problem as PolicyProblem
from pasaj.policy.queries import costs, groves
from pasaj.policy.queries import statement as single
from pasaj.policy.services import policies
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request


@require_safe
def policy_list(request: Request) -> HttpResponse:
    rows = visible(Policy.objects.select_related("institution"), request.actor).order_by("-pk")
    return render(
        request,
        "policy/policy_list.html",
        {
            "policies": rows,
            "may_begin": may(request.actor, "edit", Policy),
            "may_follow": may(request.actor, "view", Action),
        },
    )


@require_safe
def policy(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code)
    money = costs.reckoned(request.actor, row)
    context = {
        "policy": row,
        "tabs": tabs(request, row, "policy"),
        "groves": groves.groves(request.actor, row),
        "money": money,
        "withdrawn": groves.withdrawn(request.actor, row),
        "may_edit": can(request.actor, "edit", row),
        "may_find": may(request.actor, "view", PolicyProblem),
    }
    return render(request, "policy/policy.html", context)


def policy_new(request: Request) -> HttpResponse:
    if not may(request.actor, "edit", Policy):
        raise Http404
    year = request.now.year
    initial = {
        "first": date(year + 1, 1, 1), "last": date(year + 5, 12, 31), "languages_of": request.home.languages,
        "source": request.home.default_language, "institution": request.home.cell,
    }  # fmt: skip
    form = _form(request, initial, 3)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = policies.begin(wanted=form.wanted(), actor=request.actor, now=request.now)
            return redirect("policy:policy", code=made.code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, None)


def policy_edit(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "edit")
    form = _form(request, PolicyForm.initial_of(row), row.themes.count())
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            policies.change(code=code, wanted=form.wanted(), seen=seen, actor=request.actor, now=request.now)
            return redirect("policy:policy", code=code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row)


def _form(request: Request, initial: dict[str, Any], themes: int) -> PolicyForm:
    return PolicyForm(
        request.POST or None, initial=initial, languages=request.home.languages, themes=themes,
        institutions=single.options(registry.institutions(request.actor)),
    )  # fmt: skip


def _form_page(request: Request, form: PolicyForm, problems: tuple[Problem, ...], row: Policy | None) -> HttpResponse:
    context = {"form": form, "problems": problems, "policy": row}
    return render(request, "policy/policy_form.html", context, status=422 if problems or form.errors else 200)


# --- Rates and capacities ------------------------------------------------------------------------


def rates(request: Request, code: str) -> HttpResponse:
    """What the currencies are worth in each year, and how much the institutions can do at once."""
    row = policy_of(request, code)
    may_edit = can(request.actor, "edit", row)
    if request.method == "POST" and not may_edit:
        raise Http404
    which = request.POST.get("which", "")
    rate = RateForm(request.POST if which == "rate" else None, initial={"year": row.first_date.year})
    capacity = CapacityForm(
        request.POST if which == "capacity" else None,
        institutions=single.options(registry.institutions(request.actor)),
    )
    form: RateForm | CapacityForm = capacity if which == "capacity" else rate
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        verb: Any = policies.set_capacity if which == "capacity" else policies.set_rate
        try:
            verb(policy=code, **form.cleaned_data, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Written down."))
            return redirect("policy:rates", code=code)
    context = {
        "policy": row, "tabs": tabs(request, row, "rates"), "rate_form": rate, "capacity_form": capacity,
        "bound": form, "problems": problems, "may_edit": may_edit,
        "missing": costs.reckoned(request.actor, row).missing,
        "rates": row.rates.order_by("currency", "year"),
        "capacities": row.capacities.select_related("institution").order_by("institution__code"),
    }  # fmt: skip
    return render(request, "policy/rates.html", context, status=422 if problems or form.errors else 200)


# --- What nobody has taken up ----------------------------------------------------------------------


@require_safe
def findings(request: Request, code: str) -> HttpResponse:
    """Findings that no problem of this policy arises from yet."""
    row = policy_of(request, code)
    if not may(request.actor, "view", PolicyProblem):
        raise Http404
    found = single.unaddressed(request.actor, row)
    codes = [one.code for one in found]
    standing = groves.standing_words(codes)
    context = {
        "policy": row,
        "tabs": tabs(request, row, "findings"),
        "lines": [(one, standing.get(one.code, "")) for one in found],
        "may_edit": can(request.actor, "edit", row),
    }
    return render(request, "policy/findings.html", context)
