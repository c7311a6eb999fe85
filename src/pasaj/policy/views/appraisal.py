"""Appraisals of options: the list of a policy, the table, a judgement, and the forms of question, option, criterion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.appraisal import AppraisalForm, BeginForm, CriterionForm, JudgementForm, OptionForm
from pasaj.policy.models import Appraisal, Criterion, Objective, Option
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.queries import appraisalpages as pages
from pasaj.policy.services import appraisal as services
from pasaj.policy.services.judging import judge
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry.queries import Request

SHORT = 110


def find(request: Request, code: str, action: str = "view") -> Appraisal:
    """The appraisal, if the actor may do this with it, else 404."""
    row = get_object_or_404(queries.find(request.actor), code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


def changeable(request: Request, code: str) -> Appraisal:
    """The same for editing: what is decided is not edited."""
    row = find(request, code, "edit")
    if row.chosen_id is not None:
        raise Http404
    return row


def whole(request: Request, name: str) -> int:
    """A whole number that a form sent; -1 for anything else, which no revision has."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else -1


def _tabs(row: Appraisal, here: str) -> list[dict[str, Any]]:
    names = (("appraisal", _("Judgements")), ("appraisal-result", _("Result")))
    return [{"url": reverse(f"policy:{name}", args=[row.code]), "label": label, "here": name == here}
            for name, label in names]  # fmt: skip


def framed(request: Request, row: Appraisal, here: str, **more: Any) -> dict[str, Any]:
    """What every page of an appraisal has."""
    may_edit = can(request.actor, "edit", row) and row.chosen_id is None
    return {"appraisal": row, "policy": row.policy, "tabs": _tabs(row, here), "may_edit": may_edit, **more}


def status_of(problems: tuple[Problem, ...], form: Any = None) -> int:
    """The status of a page that tells these problems."""
    if problems:
        return problems[0].kind.status
    return 422 if form is not None and form.errors else 200


@require_safe
def appraisal_list(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code)
    if not may(request.actor, "view", Appraisal):
        raise Http404
    rows = queries.listed(queries.find(request.actor).filter(policy=row))
    context = {
        "policy": row,
        "tabs": tabs(request, row, "appraisal-list"),
        "appraisals": rows,
        "may_write": may(request.actor, "edit", Appraisal),
    }
    return render(request, "policy/appraisal_list.html", context)


def appraisal_new(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code)
    if not may(request.actor, "edit", Appraisal):
        raise Http404
    rows = visible(Objective.objects.filter(policy=row, withdrawn_at=None), request.actor).order_by("pk")
    objectives = [(one.code, f"{one.code} · {_short(str(one))}") for one in rows]
    form = BeginForm(
        request.POST or None, languages=row.languages, objectives=objectives,
        initial={"objective": request.GET.get("objective", "")},
    )  # fmt: skip
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        wanted = services.AppraisalWanted(form.said)
        objective = form.cleaned_data["objective"]
        try:
            made = services.begin(
                objective=objective, wanted=wanted, nothing=form.nothing, actor=request.actor, now=request.now
            )
            return redirect("policy:appraisal", code=made.code)
        except Refused as refused:
            problems = refused.problems
    context = {"policy": row, "form": form, "problems": problems}
    return render(request, "policy/appraisal_new.html", context, status=status_of(problems, form))


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


@require_safe
def appraisal(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    found = queries.table(row)
    return render(request, "policy/appraisal.html", framed(
        request, row, "appraisal", found=found, lines=pages.lines(found), next=pages.next_open(found),
    ))  # fmt: skip


def appraisal_edit(request: Request, code: str) -> HttpResponse:
    row = changeable(request, code)
    weighing = {one.code for one in queries.table(row).question.weighing()}
    criteria = [one for one in row.criteria.order_by("number") if one.code in weighing]
    form = AppraisalForm(
        request.POST or None, initial=AppraisalForm.initial_of(row), languages=row.policy.languages, criteria=criteria
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            services.change(code=code, wanted=form.wanted(), seen=seen, actor=request.actor, now=request.now)
            messages.success(request, _("Written down."))
            return redirect("policy:appraisal-result", code=code)
        except Refused as refused:
            problems = refused.problems
    context = framed(request, row, "", form=form, problems=problems)
    return render(request, "policy/appraisal_edit.html", context, status=status_of(problems, form))


def option_new(request: Request, code: str) -> HttpResponse:
    row = changeable(request, code)
    form = OptionForm(request.POST or None, initial={"seen": row.revision}, languages=row.policy.languages)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            made = services.add_option(code=code, text=form.said, seen=seen, actor=request.actor, now=request.now)
            return redirect(f"{reverse('policy:appraisal', args=[code])}#{made.letter}")
        except Refused as refused:
            problems = refused.problems
    context = framed(request, row, "", form=form, problems=problems, option=None)
    return render(request, "policy/option_form.html", context, status=status_of(problems, form))


@require_safe
def option(request: Request, code: str) -> HttpResponse:
    """An option stands in the table of its appraisal."""
    row = get_object_or_404(visible(Option.objects.select_related("appraisal"), request.actor), code=code)
    return redirect(f"{reverse('policy:appraisal', args=[row.appraisal.code])}#{row.letter}")


def option_edit(request: Request, code: str) -> HttpResponse:
    """Say an option otherwise, or take it out."""
    own = get_object_or_404(visible(Option.objects.filter(withdrawn_at=None), request.actor), code=code)
    row = changeable(request, own.appraisal.code)
    initial = {"seen": row.revision, **{f"text_{language}": text for language, text in own.text.items()}}
    form = OptionForm(request.POST or None, initial=initial, languages=row.policy.languages)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        which: dict[str, Any] = {"option": code, "seen": form.cleaned_data["seen"] or 0}
        which |= {"actor": request.actor, "now": request.now}
        try:
            if request.POST.get("step") == "withdraw":
                services.withdraw_option(reason=request.POST.get("reason", ""), **which)
            else:
                services.edit_option(text=form.said, **which)
            return redirect("policy:appraisal", code=row.code)
        except Refused as refused:
            problems = refused.problems
    context = framed(request, row, "", form=form, problems=problems, option=own, typed=request.POST)
    return render(request, "policy/option_form.html", context, status=status_of(problems, form))


def criterion_new(request: Request, code: str) -> HttpResponse:
    row = changeable(request, code)
    form = CriterionForm(request.POST or None, initial={"seen": row.revision}, languages=row.policy.languages)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            services.add_criterion(code=code, wanted=form.wanted(), seen=seen, actor=request.actor, now=request.now)
            return redirect("policy:appraisal", code=code)
        except Refused as refused:
            problems = refused.problems
    context = framed(request, row, "", form=form, problems=problems)
    return render(request, "policy/criterion_form.html", context, status=status_of(problems, form))


@require_POST
def criterion_remove(request: Request, code: str, criterion: str) -> HttpResponse:
    row = changeable(request, code)
    try:
        services.remove_criterion(
            code=code, criterion=criterion, seen=whole(request, "seen"), actor=request.actor, now=request.now
        )
    except Refused as refused:
        found = queries.table(row)
        context = framed(request, row, "appraisal", found=found, lines=pages.lines(found), problems=refused.problems)
        return render(request, "policy/appraisal.html", context, status=status_of(refused.problems))
    return redirect("policy:appraisal", code=code)


def judgement(request: Request, code: str, letter: str, criterion: str) -> HttpResponse:
    """One cell: what is held, what was held before, and the form."""
    row = find(request, code)
    on = get_object_or_404(Option, appraisal=row, code=f"{code}-{letter}", withdrawn_at=None)
    by = get_object_or_404(Criterion, appraisal=row, code=criterion)
    held = list(queries.history(on, by))
    form: JudgementForm | None = None
    problems: tuple[Problem, ...] = ()
    if can(request.actor, "edit", row) and row.chosen_id is None:
        form = JudgementForm(
            request.POST or None, initial=JudgementForm.initial_of(held[0] if held else None), criterion=by
        )
        if request.method == "POST" and form.is_valid():
            try:
                judge(
                    option=on.code, criterion=criterion, wanted=form.wanted(), seen=form.cleaned_data["seen"] or 0,
                    actor=request.actor, now=request.now,
                )  # fmt: skip
                return _onward(request, row, on, by)
            except Refused as refused:
                problems = refused.problems
    elif request.method == "POST":
        raise Http404
    context = framed(
        request, row, "", form=form, problems=problems, option=on, criterion=by, held=held,
        others=[one for one in pages.lines(queries.table(row)) if one.criterion.pk == by.pk],
    )  # fmt: skip
    return render(request, "policy/judgement.html", context, status=status_of(problems, form))


def _onward(request: Request, row: Appraisal, on: Option, by: Criterion) -> HttpResponse:
    if request.POST.get("then") == "next":
        following = pages.next_open(queries.table(row), (on.code, by.code))
        if following:
            return redirect("policy:judgement", code=row.code, letter=following.letter, criterion=following.criterion)
    return redirect(f"{reverse('policy:appraisal', args=[row.code])}#{by.code}")
