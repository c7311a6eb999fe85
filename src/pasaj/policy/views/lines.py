"""Cost lines and commitments of an action, one at a time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import visible
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.policies import CostForm, MoneyForm
from pasaj.policy.models import Action, Commitment, CostLine, Price
from pasaj.policy.queries import statement as queries
from pasaj.policy.services import money
from pasaj.policy.views.frame import statement_of
from pasaj.policy.views.statements import page
from pasaj.registry.queries import Request


def cost(request: Request, code: str, line: str = "") -> HttpResponse:
    """A cost line of an action: a new one, or one that is changed."""
    action = _action(request, code)
    own = get_object_or_404(visible(_standing(CostLine, action), request.actor), code=line) if line else None
    initial = CostForm.initial_of(own) if own else _fresh(action) | {"periods": 1}
    prices = [(one.code, f"{one} ({one.low:f}–{one.high:f} {one.currency}/{one.unit})")
              for one in Price.objects.filter(retired_at=None).order_by("code")]  # fmt: skip
    form = CostForm(request.POST or None, initial=initial, items=prices)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        wanted = [form.wanted(code, line)]
        try:
            money.put_costs(policy=action.policy.code, wanted=wanted, actor=request.actor, now=request.now)
            return redirect("policy:statement", code=code)
        except Refused as refused:
            problems = refused.problems
    return _page(request, form, problems, action, line, _("Cost line"))


def commitment(request: Request, code: str, line: str = "") -> HttpResponse:
    """Money that somebody stands for."""
    action = _action(request, code)
    own = get_object_or_404(visible(_standing(Commitment, action), request.actor), code=line) if line else None
    initial = MoneyForm.initial_of(own) if own else _fresh(action) | {"on": request.now.date()}
    form = MoneyForm(request.POST or None, initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        wanted = [form.wanted(code, line)]
        try:
            money.put_commitments(policy=action.policy.code, wanted=wanted, actor=request.actor, now=request.now)
            return redirect("policy:statement", code=code)
        except Refused as refused:
            problems = refused.problems
    return _page(request, form, problems, action, line, _("Money for it"))


@require_POST
def line_withdraw(request: Request, code: str, line: str) -> HttpResponse:
    """A cost line or a commitment does not stand any more."""
    action = _action(request, code)
    there = _standing(CostLine, action).filter(code=line).exists()
    if not there and not _standing(Commitment, action).filter(code=line).exists():
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        money.withdraw_line(policy=action.policy.code, code=line, reason=reason, actor=request.actor, now=request.now)
    except Refused as refused:
        return page(request, action, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:statement", code=code)


def _standing(model: Any, action: Action) -> Any:
    return model._default_manager.filter(action=action, withdrawn_at=None)


def _action(request: Request, code: str) -> Action:
    row = statement_of(request, code, "edit")
    if not isinstance(row, Action) or row.withdrawn_at:
        raise Http404
    return row


def _fresh(action: Action) -> dict[str, Any]:
    return {"currency": action.policy.currency, "year": action.first_date.year}


def _page(
    request: Request, form: CostForm | MoneyForm, problems: tuple[Problem, ...], action: Action, line: str, title: str
) -> HttpResponse:
    context = {"form": form, "problems": problems, "statement": action, "policy": action.policy, "line": line,
               "line_title": title, "kind": queries.kind_of(action)}  # fmt: skip
    return render(request, "policy/line_form.html", context, status=422 if problems or form.errors else 200)
