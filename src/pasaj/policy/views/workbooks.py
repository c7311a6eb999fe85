"""The action plan as a workbook: out, and back in after it was looked at."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from pasaj.core.problems import Problem, Refused
from pasaj.policy.services import taking
from pasaj.policy.services import workbook as files
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

SHOWN = 200


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook (.xlsx)"), allow_empty_file=True, help_text=_("As it left from the page of the action plan.")
    )


@require_safe
def workbook(request: Request, code: str) -> FileResponse:
    row = policy_of(request, code)
    released = files.export(policy=row, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-plan.xlsx")


def take(request: Request, code: str) -> HttpResponse:
    """Look at a workbook (a file), or store what was looked at (a token)."""
    row = policy_of(request, code, "edit")
    problems: tuple[Problem, ...] = ()
    found: taking.Preview | None = None
    token = request.POST.get("token", "")
    form = WorkbookForm(*((request.POST, request.FILES) if request.method == "POST" and not token else ()))
    try:
        if token:
            count = taking.take(policy=row, token=token, actor=request.actor, now=request.now)
            text = ngettext("%(number)s line was stored.", "%(number)s lines were stored.", count)
            messages.success(request, text % {"number": count})
            return redirect("policy:plan", code=code)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            found = taking.look(policy=row, file=file, filename=file.name or "", actor=request.actor)
    except Refused as refused:
        problems = refused.problems
    context = {
        "policy": row, "tabs": tabs(request, row), "form": form, "problems": problems, "found": found,
        "refused": found.refused[:SHOWN] if found else [], "shown": SHOWN,
    }  # fmt: skip
    status = problems[0].kind.status if problems else 422 if form.errors or (found and found.refused) else 200
    return render(request, "policy/workbook.html", context, status=status)
