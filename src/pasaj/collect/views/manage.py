"""Forms for those who run them: hand in, look at what stands against them, publish, waive, close."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pasaj.access.queries import say
from pasaj.access.rules import can, may, visible
from pasaj.collect import jobs
from pasaj.collect.forms.manage import FormUploadForm, MediaForm, WaiverForm
from pasaj.collect.models import Form, FormUpload, FormVersion, Submission, Waiver
from pasaj.collect.queries import forms as queries
from pasaj.collect.services import conversion, form_files, forms
from pasaj.collect.services import media as media_files
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import CrossingPoint
from pasaj.registry.queries import Request

# What the worker is at, in words.
PHASES = {
    "reading": gettext_lazy("The workbook is read."),
    "converting": gettext_lazy("The questions are converted."),
    "screening": gettext_lazy("The questions are screened."),
    "validating": gettext_lazy("ODK Validate looks at it."),
    "storing": gettext_lazy("It is stored."),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def form_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Form):
        raise Http404
    context = {
        "forms": list(queries.find(request.actor)),
        "may_upload": may(request.actor, "upload", Form),
        "may_fill": may(request.actor, "fill", Form),
        "may_count": may(request.actor, "report", CrossingPoint),
        "may_received": may(request.actor, "view", Submission),
        "unfinished": queries.recent_uploads(request.actor, request.now),
    }
    return render(request, "collect/form_list.html", context)


def form_upload(request: Request) -> HttpResponse:
    if not may(request.actor, "upload", Form):
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FormUploadForm(*given)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                row = conversion.upload(
                    file=form.cleaned_data["file"],
                    filename=form.cleaned_data["file"].name or "",
                    publish=form.cleaned_data["publish"] and may(request.actor, "publish", Form),
                    actor=request.actor,
                    now=request.now,
                )
                jobs.wake(row.pk)
            return redirect("collect:form-upload-state", code=row.code)
        except Refused as refused:
            problems = refused.problems
    context = {"form": form, "problems": problems, "java": bool(conversion.java())}
    return render(request, "collect/form_upload.html", context, status=422 if problems or form.errors else 200)


def form_upload_state(request: Request, code: str) -> HttpResponse:
    rows = FormUpload.objects.select_related("version__form").defer("version__fields")
    row = get_object_or_404(visible(rows, request.actor), code=code)
    running = row.state in (FormUpload.State.QUEUED, FormUpload.State.RUNNING)
    if request.htmx and not running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "upload": row,
        "running": running,
        "phase": PHASES.get(row.phase, ""),
        "percent": 100 * row.done // row.total if row.total else 0,
        "problems": [Problem.of(one) for one in row.problems],
    }
    return render(request, "collect/form_upload_state.html", context)


def form(request: Request, form_id: str) -> HttpResponse:
    return _page(request, _find(request, form_id))


def _find(request: Request, form_id: str, action: str = "view") -> Form:
    found = get_object_or_404(visible(Form.objects.all(), request.actor), form_id=form_id)
    if action != "view" and not can(request.actor, action, found):
        raise Http404
    return found


def _page(
    request: Request, found: Form, *, problems: tuple[Problem, ...] = (), media: Any = None, waiver: Any = None
) -> HttpResponse:
    held = forms.active(found, request.now)
    versions = queries.versions(found)
    shown = [(one, queries.findings(one, held), not forms.standing(one, request.now, held)) for one in versions]
    may_waive = may(request.actor, "grant", Waiver)
    context = {
        "form": found,
        "versions": shown,
        "fields": queries.newest_fields(found),
        "problems": problems,
        "media": queries.media(found),
        "missing": media_files.missing(versions[0]) if versions else [],
        "media_form": media or MediaForm(),
        "waivers": queries.waivers(found, request.actor),
        "waiver_form": (waiver or _waiver_form(request, found, versions)) if may_waive else None,
        "may_fill": queries.fillable(request.actor).filter(pk=found.pk).exists(),
        "may_received": may(request.actor, "view", Submission),
        "may_publish": can(request.actor, "publish", found),
        "may_close": can(request.actor, "close", found) and found.closed_at is None,
        "may_upload": may(request.actor, "upload", Form),
        "may_waive": may_waive,
        "java": bool(conversion.java()),
    }
    return render(request, "collect/form.html", context, status=422 if problems else 200)


def _waiver_form(request: Request, found: Form, versions: list[FormVersion], data: Any = None) -> WaiverForm | None:
    """A form with the findings that may be waived, those without a waiver first; None when there are none."""
    held = forms.active(found, request.now)
    waivable = [one for version in versions for one in queries.findings(version, held) if one.waivable]
    open_ones = {
        one.key: f"{say(one.problem).text} ({one.question}, {one.problem.code})"
        for one in sorted(waivable, key=lambda one: one.waiver is not None)
    }
    if not open_ones:
        return None
    today = timezone.localdate(request.now)
    return WaiverForm(data, findings=list(open_ones.items()), today=today)


@require_POST
def form_publish(request: Request, form_id: str, number: int) -> HttpResponse:
    found = _find(request, form_id, "publish")
    version = get_object_or_404(found.versions, number=number)
    try:
        forms.publish(version_id=version.pk, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, found, problems=refused.problems)
    messages.success(request, _("Published. Phones are offered it from now on."))
    return redirect("collect:form", form_id=form_id)


@require_POST
def form_close(request: Request, form_id: str) -> HttpResponse:
    found = _find(request, form_id, "close")
    forms.close(form_id=found.pk, actor=request.actor, now=request.now)
    messages.success(request, _("Closed. No phone is offered it any more."))
    return redirect("collect:form", form_id=form_id)


@require_POST
def form_waive(request: Request, form_id: str) -> HttpResponse:
    found = _find(request, form_id)
    if not may(request.actor, "grant", Waiver):
        raise Http404
    filled = _waiver_form(request, found, queries.versions(found), request.POST)
    if filled is None or not filled.is_valid():
        return _page(request, found, waiver=filled, problems=())
    rule, _space, question = filled.cleaned_data["finding"].partition(" ")
    until = datetime.combine(filled.cleaned_data["until"], time.max, tzinfo=timezone.get_current_timezone())
    try:
        forms.grant_waiver(
            form_id=found.pk,
            rule=rule,
            question=question,
            purpose=filled.cleaned_data["purpose"],
            expires_at=until,
            actor=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, found, waiver=filled, problems=refused.problems)
    messages.success(request, _("The waiver is granted."))
    return redirect("collect:form", form_id=form_id)


@require_POST
def waiver_end(request: Request, form_id: str, pk: int) -> HttpResponse:
    found = _find(request, form_id)
    waiver = get_object_or_404(visible(found.waivers.all(), request.actor), pk=pk)
    if not may(request.actor, "grant", Waiver):
        raise Http404
    forms.end_waiver(waiver_id=waiver.pk, actor=request.actor, now=request.now)
    messages.success(request, _("The waiver is ended."))
    return redirect("collect:form", form_id=form_id)


@require_POST
def form_attach(request: Request, form_id: str) -> HttpResponse:
    found = _find(request, form_id)
    if not may(request.actor, "upload", Form):
        raise Http404
    filled = MediaForm(request.POST, request.FILES)
    if not filled.is_valid():
        return _page(request, found, media=filled)
    file = filled.cleaned_data["file"]
    try:
        form_files.attach(form_id=found.pk, file=file, filename=file.name or "", actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, found, problems=refused.problems)
    messages.success(request, _("The file is kept. Phones load it at their next look."))
    return redirect("collect:form", form_id=form_id)


def form_source(request: Request, form_id: str, number: int) -> FileResponse:
    """The XLSForm that a version was made from: questions, no answers."""
    version = get_object_or_404(_find(request, form_id).versions, number=number)
    path = Path(settings.PASAJ_HOME) / "files" / version.source_path
    if not version.source_path or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{form_id}-{number}.xlsx", content_type=XLSX)
