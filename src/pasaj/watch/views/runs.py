"""Detection runs: what ran, how long, what it found, and what it could not answer and why."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.queries import say
from pasaj.access.rules import may, visible
from pasaj.core.problems import CATALOGUE, Problem, Refused
from pasaj.registry.queries import Request
from pasaj.watch import jobs
from pasaj.watch.models import Backtest, DetectionRun, Measure
from pasaj.watch.queries import signals as queries
from pasaj.watch.services import detection

PAGE = 30


def run_list(request: Request) -> HttpResponse:
    rows = visible(DetectionRun.objects.order_by("-pk"), request.actor)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_open": may(request.actor, "open", DetectionRun),
        "may_see_tries": may(request.actor, "view", Backtest),
    }
    return render(request, "watch/run_list.html", context)


@require_POST
def run_new(request: Request) -> HttpResponse:
    """Look again at the last four weeks, or at the whole history, as a worker's task."""
    if not may(request.actor, "open", DetectionRun):
        raise Http404
    yesterday = request.now.date() - timedelta(days=1)
    first = yesterday - timedelta(days=jobs.LOOK_BACK)
    if request.POST.get("what") == "whole":
        first = min(first, detection.first_day() or first)
    try:
        with transaction.atomic():
            row = detection.open_run(
                as_of=request.now,
                from_date=first,
                to_date=yesterday,
                actor=request.actor,
                now=request.now,
            )
            jobs.wake("detection", row.pk)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, say(problem).text)
        return redirect("watch:run-list")
    messages.success(request, _("Detection will start in a moment."))
    return redirect("watch:run", code=row.code)


def run(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(visible(DetectionRun.objects.select_related("after"), request.actor), code=code)
    signals = queries.by_urgency(queries.related(visible(row.signals.all(), request.actor)))
    measure = Measure.objects.filter(code=row.measure).first() if row.measure else None
    page = Paginator(signals, PAGE).get_page(request.GET.get("page"))
    context = {
        "run": row,
        "measure": measure,
        "unanswered": [
            (number, say(Problem(code))) for code, number in sorted(row.refused.items()) if code in CATALOGUE
        ],
        "chosen": sorted(row.chosen.items(), key=lambda one: (-one[1], one[0])),
        "problems": [Problem.of(plain) for plain in row.problems],
        "took": (row.finished_at - row.started_at).total_seconds() if row.finished_at and row.started_at else None,
        "page": page,
        "lines": [queries.line(one) for one in page.object_list],
        "grouped": True,
        "may_cancel": row.state in {"queued", "running"} and may(request.actor, "cancel", DetectionRun),
    }
    return render(request, "watch/run.html", context)


@require_POST
def run_cancel(request: Request, code: str) -> HttpResponse:
    rows = visible(visible(DetectionRun.objects.all(), request.actor), request.actor, "cancel")
    row = get_object_or_404(rows, code=code)
    detection.cancel(code=row.code, actor=request.actor, now=request.now)
    messages.success(request, _("It stops after the part it is working on. Signals already found stay."))
    return redirect("watch:run", code=code)
