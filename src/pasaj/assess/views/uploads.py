"""Handing in a framework: check it only, or keep it as a draft; publish the draft, or throw it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pasaj.access.rules import can, may
from pasaj.assess.forms.frameworks import UploadForm
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.assess.queries import frameworks as queries
from pasaj.assess.services import frameworks, workbooks
from pasaj.assess.views.frameworks import find, page
from pasaj.core import framework as core
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request

MOST = 200  # problems shown at once


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    if not may(request.actor, "upload", Framework):
        raise Http404
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    problems: tuple[Problem, ...] = ()
    checked: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        keep = request.POST.get("do") == "keep"
        try:
            found = workbooks.hand_in(
                file=file, filename=file.name or "", keep=keep, actor=request.actor, now=request.now
            )
        except Refused as refused:
            problems = refused.problems
        else:
            if found.row:
                messages.success(request, _("Stored as a draft. Look at it, then publish it or throw it away."))
                return redirect("assess:framework-version", code=found.said.code, version=found.said.version)
            checked = _checked(request, found)
    context = {"form": form, "problems": problems[:MOST], "count": len(problems), **checked}
    return render(request, "assess/framework_upload.html", context, status=422 if problems or form.errors else 200)


def _checked(request: Request, found: workbooks.HandedIn) -> dict[str, Any]:
    """What storing it would do."""
    in_use = queries.version(request.actor, found.said.code)
    difference = core.compare(in_use.framework_said, found.said) if in_use else None
    return {
        "said": found.said,
        "warnings": found.warnings[:MOST],
        "in_use": in_use,
        "counts": difference.counts() if difference else {},
    }


@require_POST
def publish(request: Request, code: str, version: str) -> HttpResponse:
    row = _allowed(request, code, version, "publish")
    try:
        frameworks.publish(version=row, actor=request.actor, now=request.now)
    except Refused as refused:  # somebody was faster
        return page(request, find(request, code, version), problems=refused.problems)
    messages.success(request, _("Published. From now on this version stays as it is."))
    return redirect("assess:framework-version", code=code, version=version)


@require_POST
def discard(request: Request, code: str, version: str) -> HttpResponse:
    row = _allowed(request, code, version, "discard")
    try:
        frameworks.discard(version=row, actor=request.actor, now=request.now)
    except Refused as refused:
        return page(request, find(request, code, version), problems=refused.problems)
    messages.success(request, _("The draft is gone."))
    return redirect("assess:framework-list")


def _allowed(request: Request, code: str, version: str, action: str) -> FrameworkVersion:
    """A version on which this may be done, else 404. What somebody else published meanwhile is told as such."""
    row = find(request, code, version)
    if can(request.actor, action, row) or (may(request.actor, action, FrameworkVersion) and not row.is_draft):
        return row
    raise Http404
