"""What is recommended for the findings of a round: the list, one, and the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.assess.forms.findings import RecommendationForm
from pasaj.assess.models import Recommendation, Round
from pasaj.assess.queries import findings as queries
from pasaj.assess.services import recommendations
from pasaj.assess.views.findings import institutions, whole
from pasaj.assess.views.rounds import find, tabs
from pasaj.core.problems import Problem, Refused
from pasaj.evidence.queries import words as said
from pasaj.evidence.queries.trace import trace
from pasaj.registry.queries import Request

State = Recommendation.State
STEPS = {"adopt": recommendations.adopt, "drop": recommendations.drop, "reopen": recommendations.reopen}
TITLE = 110  # signs of a finding in the list to choose from
YEAR = timedelta(days=365)


@require_safe
def recommendation_list(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    context = {
        "round": row,
        "tabs": tabs(row, "recommendations"),
        "lines": queries.recommendations(request.actor, row),
        "may_write": may(request.actor, "edit", Recommendation) and row.state != Round.State.DRAFT,
    }
    return render(request, "assess/recommendations.html", context)


def _one(request: Request, code: str, action: str = "view") -> Recommendation:
    rows = visible(Recommendation.objects.select_related("round__framework__framework", "institution"), request.actor)
    row = get_object_or_404(rows, code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


@require_safe
def recommendation(request: Request, code: str) -> HttpResponse:
    return _page(request, _one(request, code))


def _page(request: Request, row: Recommendation, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    chain = trace(row.code, request.actor)
    context = {
        "recommendation": row,
        "round": row.round,
        "findings": row.findings.order_by("pk"),
        "against": [said.against(each) for each in chain.blockers] if chain else [],
        "history": queries.history(row.code),
        "problems": problems,
        "may_edit": can(request.actor, "edit", row) and row.state != State.DROPPED,
        "may_decide": can(request.actor, "decide", row),
        "typed": request.POST if problems else {},
    }
    return render(request, "assess/recommendation.html", context, status=problems[0].kind.status if problems else 200)


@require_POST
def recommendation_act(request: Request, code: str) -> HttpResponse:
    """Adopt, drop, open again."""
    row, step = _one(request, code, "decide"), request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    which: dict[str, Any] = {"code": code, "seen": whole(request, "seen"), "actor": request.actor, "now": request.now}
    if step != "adopt":
        which["reason"] = request.POST.get("reason", "")
    try:
        STEPS[step](**which)  # type: ignore[operator]
    except Refused as refused:
        return _page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("assess:recommendation", code=code)


def recommendation_new(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    if not may(request.actor, "edit", Recommendation) or row.state == Round.State.DRAFT:
        raise Http404
    asked = request.GET.get("finding", "")
    due = max(row.period_end, request.now.date()) + YEAR
    form = _form(request, row, {"findings": [asked], "due": due, "horizon": "short", "effort": "low"})
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = recommendations.write(code=code, wanted=form.wanted(), actor=request.actor, now=request.now)
            return redirect("assess:recommendation", code=made.code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row, None)


def recommendation_edit(request: Request, code: str) -> HttpResponse:
    row = _one(request, code, "edit")
    if row.state == State.DROPPED:
        raise Http404
    form = _form(request, row.round, RecommendationForm.initial_of(row))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            recommendations.edit(code=code, wanted=form.wanted(), seen=seen, actor=request.actor, now=request.now)
            return redirect("assess:recommendation", code=code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row.round, row)


def _form(request: Request, row: Round, initial: dict[str, Any]) -> RecommendationForm:
    found = queries.findings(request.actor, row).filter(state__in=queries.OPEN)
    answerable = {one.code: f"{one.code} · {_short(str(one))}" for one in found}
    return RecommendationForm(
        request.POST or None, initial=initial, languages=request.home.languages, institutions=institutions(request),
        answerable=answerable,
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= TITLE else f"{text[:TITLE]}…"


def _form_page(
    request: Request, form: RecommendationForm, problems: tuple[Problem, ...], row: Round, own: Recommendation | None
) -> HttpResponse:
    context = {"form": form, "problems": problems, "round": row, "recommendation": own}
    return render(request, "assess/recommendation_form.html", context, status=422 if problems or form.errors else 200)
