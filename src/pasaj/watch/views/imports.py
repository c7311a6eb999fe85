"""Files of counts: tried first, then applied as background work; refused rows handed back to whoever sent them."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Generator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, may, visible
from pasaj.core import csvsafe
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over
from pasaj.watch import jobs
from pasaj.watch.forms.imports import ImportForm
from pasaj.watch.models import Import
from pasaj.watch.queries import imports as queries
from pasaj.watch.services import imports

PAGE = 50
AT_ONCE = 300_000  # bytes that are tried while the person waits; more is background work
SHOWN = 20  # problems on the page; the file of refused rows has them all


def import_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Import):
        raise Http404
    page = Paginator(queries.find(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "watch/import_list.html", {"page": page, "may_open": may(request.actor, "open", Import)})


def import_new(request: Request) -> HttpResponse:
    """Upload a file and try it: nothing is stored until the result has been looked at."""
    if not may(request.actor, "open", Import):
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*given, sources=queries.sources(request.actor), earlier=queries.earlier_mappings(request.actor))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("watch:import", code=_try(request, form).code)
        except Refused as refused:
            problems = refused.problems
    context = {"form": form, "problems": problems, "largest": settings.PASAJ_MAX_UPLOAD_MB}
    return render(request, "watch/import_new.html", context, status=422 if problems or form.errors else 200)


def _try(request: Request, form: ImportForm) -> Import:
    """A dry run: at once when the file is small."""
    file = form.cleaned_data["file"]
    with transaction.atomic():
        row = imports.open_import(
            file=file,
            filename=file.name or "",
            mapping=form.plain_mapping(),
            source=form.cleaned_data["source"],
            dry_run=True,
            actor=request.actor,
            now=request.now,
        )
        if file.size > AT_ONCE:
            jobs.wake("import", row.pk)
    return row if file.size > AT_ONCE else imports.run(row.pk, now=request.now)


def import_(request: Request, code: str) -> HttpResponse:
    row = _find(request, code)
    running = row.state in (Import.State.QUEUED, Import.State.RUNNING)
    if request.htmx and not running:
        # The progress was asked for and has ended: the whole page says something else now.
        return HttpResponse(headers={"HX-Refresh": "true"})
    theirs = can(request.actor, "refused", row)
    problems = [Problem.of(one) for one in row.problems] if theirs else []
    context: dict[str, Any] = {
        "import": row,
        "problems": problems[:SHOWN],
        "more": max(0, len(problems) - SHOWN),
        "codes": [] if theirs else queries.codes(row),
        "percent": queries.percent(row),
        "running": running,
        "took": row.finished_at - row.started_at if row.finished_at and row.started_at else None,
        "may_apply": _may_apply(request, row),
        "may_cancel": can(request.actor, "cancel", row),
        "may_take_refused": bool(row.refused_path) and theirs,
    }
    return render(request, "watch/import.html", context)


@require_POST
def import_apply(request: Request, code: str) -> HttpResponse:
    row = _find(request, code)
    if not _may_apply(request, row):
        raise Http404
    with transaction.atomic():
        made = imports.apply(dry=row, actor=request.actor, now=request.now)
        jobs.wake("import", made.pk)
    messages.success(request, _("The import will start in a moment."))
    return redirect("watch:import", code=made.code)


@require_POST
def import_cancel(request: Request, code: str) -> HttpResponse:
    row = _find(request, code)
    if not can(request.actor, "cancel", row):
        raise Http404
    imports.cancel(import_id=row.pk, actor=request.actor, now=request.now)
    messages.success(request, _("It stops before its next part. Nothing of it becomes visible."))
    return redirect("watch:import", code=code)


def import_refused(request: Request, code: str) -> FileResponse:
    """The refused rows, for the person who imported the file: what they sent, through the gate like all that leaves."""
    row = get_object_or_404(visible(Import.objects.exclude(refused_path=""), request.actor, "refused"), code=code)
    path = Path(settings.PASAJ_HOME) / "files" / row.refused_path
    if not path.is_file():
        raise Http404
    with contextlib.closing(_refused_rows(path)) as rows:
        header = next(rows)
        parcel = Parcel(
            kind="table",
            title=_("Refused rows of %(file)s") % {"file": row.filename},
            form="csv",
            header=header,
            rows=(Row(values=one, own_count=True) for one in rows),
            question={"import": row.code},
        )
        released = release(parcel=parcel, audience=Audience.RED, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-refused.csv")


def _refused_rows(path: Path) -> Generator[list[str], None, None]:
    """The rows as they were before they were made harmless: the gate does that again."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        delimiter = max(",;\t|", key=first.count)
        file.seek(0)
        for row in csv.reader(file, delimiter=delimiter):
            yield [csvsafe.plain(cell) for cell in row]


def _may_apply(request: Request, row: Import) -> bool:
    """A dry run that found something to write, of a file that is still there."""
    useful = row.dry_run and row.state == Import.State.DONE and row.rows_new + row.rows_changed > 0
    return useful and may(request.actor, "open", Import)


def _find(request: Request, code: str) -> Import:
    return get_object_or_404(visible(Import.objects.select_related("source"), request.actor), code=code)
