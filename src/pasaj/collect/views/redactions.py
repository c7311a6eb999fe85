"""Asking for the removal of answers, and confirming it as a second person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import visible
from pasaj.collect.forms.manage import RedactionForm
from pasaj.collect.models import Redaction, Submission
from pasaj.collect.services import redactions
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request


def _find(request: Request, receipt: str) -> Submission:
    rows = visible(Submission.objects.select_related("form"), request.actor, "redact")
    return get_object_or_404(rows, receipt=receipt)


def redaction(request: Request, receipt: str) -> HttpResponse:
    """What was asked and done; and the next step for whoever looks."""
    row = _find(request, receipt)
    given = (request.POST,) if request.method == "POST" else ()
    form = RedactionForm(*given)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            redactions.ask(submission_id=row.pk, reason=reason, actor=request.actor, now=request.now)
            messages.success(request, _("Asked for. Somebody else has to confirm it."))
            return redirect("collect:redaction", receipt=receipt)
        except Refused as refused:
            problems = refused.problems
    return _page(request, row, form, problems)


def _page(request: Request, row: Submission, form: RedactionForm, problems: tuple[Problem, ...]) -> HttpResponse:
    made = Redaction.objects.filter(submission=row).first()
    asked = made is not None and made.confirmed_at is None
    context = {
        "submission": row,
        "redaction": made,
        "asked": asked,
        "may_confirm": made is not None and asked and made.asked_by_id != request.actor.id,
        "form": form,
        "problems": problems,
    }
    return render(request, "collect/redaction.html", context, status=422 if problems or form.errors else 200)


@require_POST
def redaction_confirm(request: Request, receipt: str) -> HttpResponse:
    row = _find(request, receipt)
    try:
        redactions.confirm(submission_id=row.pk, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, RedactionForm(), refused.problems)
    messages.success(request, _("The answers are removed. Their hashes stay."))
    return redirect("collect:redaction", receipt=receipt)


@require_POST
def redaction_withdraw(request: Request, receipt: str) -> HttpResponse:
    row = _find(request, receipt)
    try:
        redactions.withdraw(submission_id=row.pk, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, RedactionForm(), refused.problems)
    messages.success(request, _("Taken back: nothing is removed."))
    return redirect("collect:redaction", receipt=receipt)
