"""What the methods say of the options, and what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, visible
from pasaj.core import appraisal as core
from pasaj.core.problems import Problem, Refused
from pasaj.policy.models import Appraisal, Measure
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.queries import appraisalpages as pages
from pasaj.policy.services import appraisal as services
from pasaj.policy.services import appraisaltable as exports
from pasaj.policy.views.appraisal import find, framed, status_of, whole
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over


@require_safe
def appraisal_result(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


def _page(request: Request, row: Appraisal, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    found = queries.table(row)
    told: pages.Told | None = None
    unclear: tuple[Problem, ...] = ()
    try:
        told = pages.told(found, queries.result(found))
    except Refused as refused:
        unclear = refused.problems
    measures = visible(Measure.objects.filter(policy=row.policy, withdrawn_at=None), request.actor)
    code = row.chosen.code if row.chosen else ""
    context = framed(
        request, row, "appraisal-result", found=found, told=told, problems=problems or unclear,
        may_decide=can(request.actor, "decide", row), may_override=can(request.actor, "override", row),
        may_realise=can(request.actor, "edit", row),
        measures=measures.filter(objectives=row.objective).exclude(option=code).order_by("pk") if code else [],
        became=measures.filter(option=code).order_by("pk") if code else [],
        typed=request.POST if problems else {},
    )  # fmt: skip
    return render(request, "policy/appraisal_result.html", context, status=status_of(problems))


@require_safe
def appraisal_file(request: Request, code: str, form: str) -> FileResponse:
    """The table of judgements as CSV or XLSX, through the gate."""
    row = find(request, code)
    if form not in ("csv", "xlsx"):
        raise Http404
    released = exports.export(row=row, form=form, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-judgements.{form}")


@require_POST
def appraisal_act(request: Request, code: str) -> HttpResponse:
    """Choose an option, take the choice back, or say which measure it became."""
    row = find(request, code, "decide")
    which: dict[str, Any] = {"code": code, "seen": whole(request, "seen"), "actor": request.actor, "now": request.now}
    step, reason = request.POST.get("step", ""), request.POST.get("reason", "")
    try:
        if step == "decide":
            option = request.POST.get("option", "")
            _may_choose(request, row, option)
            services.decide(option=option, reason=reason, **which)
        elif step == "reopen":
            services.reopen(reason=reason, **which)
        elif step == "realise" and can(request.actor, "edit", row):
            services.realise(measure=request.POST.get("measure", ""), **which)
        else:
            raise Http404
    except Refused as refused:
        return _page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:appraisal-result", code=code)


def _may_choose(request: Request, row: Appraisal, option: str) -> None:
    """A vetoed option is chosen, if at all, by somebody who approves. Raises Http404."""
    vetoed = {one.option for one in core.vetoes(queries.table(row).question)}
    if option in vetoed and not can(request.actor, "override", row):
        raise Http404
