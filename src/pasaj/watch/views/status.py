"""The status of a crossing: what holds on each side, what was reported before, and the form to report it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import CrossingPoint
from pasaj.registry.queries import Request
from pasaj.watch.forms.happenings import StatusForm
from pasaj.watch.models import CrossingStatus
from pasaj.watch.queries import status as queries
from pasaj.watch.services import status as service


def status(request: Request, code: str) -> HttpResponse:
    crossing = get_object_or_404(visible(CrossingPoint.objects.select_related("area"), request.actor), code=code)
    may_report = can(request.actor, "report", crossing)
    form = StatusForm(
        request.POST if request.method == "POST" else None, initial={"side": "own", "since": request.now.date()}
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if not may_report:
            raise Http404
        if form.is_valid():
            try:
                service.report(crossing_code=code, **form.cleaned_data, actor=request.actor, now=request.now)
            except Refused as refused:
                problems = form.explain(refused.problems)
            else:
                messages.success(request, _("Written down."))
                return redirect("watch:status", code=code)
    history = list(queries.history(request.actor, crossing))
    context = {
        "crossing": crossing,
        "sides": queries.standing(crossing, request.now.date(), request.now, request.actor),
        "history": history,
        "simulated": any(row.origin == "demo" for row in history),
        "form": form if may_report else None,
        "problems": problems,
        "may_note": may(request.actor, "note", CrossingStatus),
        "may_withdraw": may(request.actor, "withdraw", CrossingStatus),
    }
    return render(request, "watch/status.html", context, status=422 if form.errors or problems else 200)


@require_POST
def status_withdraw(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(visible(CrossingStatus.objects.current(), request.actor, "withdraw"), code=code)
    service.withdraw(code=row.code, actor=request.actor, now=request.now)
    messages.success(request, _("The report is taken back."))
    return redirect("watch:status", code=row.crossing.code)
