"""Backtests: what a sensitivity would have cost and found on one's own series."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.queries import say
from pasaj.access.rules import may, visible
from pasaj.core.backtest import HISTORIES
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request
from pasaj.watch import jobs
from pasaj.watch.models import Backtest
from pasaj.watch.queries import backtests as queries
from pasaj.watch.services import backtests as service

PAGE = 30


def backtest_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Backtest):
        raise Http404
    context = {
        "page": Paginator(queries.find(request.actor), PAGE).get_page(request.GET.get("page")),
        "may_open": may(request.actor, "open", Backtest),
        "measures": queries.measures(),
        "chosen": request.GET.get("measure", ""),
        "sensitivities": queries.SENSITIVITIES,
    }
    return render(request, "watch/backtest_list.html", context)


@require_POST
def backtest_new(request: Request) -> HttpResponse:
    if not may(request.actor, "open", Backtest):
        raise Http404
    try:
        with transaction.atomic():
            row = service.open_backtest(measure=request.POST.get("measure", ""), actor=request.actor, now=request.now)
            jobs.wake("backtest", row.pk)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, say(problem).text)
        return redirect("watch:backtest-list")
    messages.success(request, _("The backtest will start in a moment. It takes some minutes."))
    return redirect("watch:backtest", code=row.code)


def backtest(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(queries.find(request.actor), code=code)
    asked = request.GET.get("history", "")
    history = int(asked) if asked.isdecimal() and len(asked) < 4 and int(asked) in HISTORIES else 0
    found = queries.results(row)
    context = {
        "row": row,
        "problems": [Problem.of(plain) for plain in row.problems],
        "sensitivities": [
            (name, label, name == row.measure.sensitivity) for name, label in queries.SENSITIVITIES.items()
        ],
        "quiet": queries.quiet_lines(row, found),
        "shocks": queries.shock_lines(found, history),
        "spec": queries.curves(found, history),
        "histories": [(one, queries.history_name(one), one == history) for one in HISTORIES],
        "history": queries.history_name(history),
        "running": row.state in {"queued", "running"},
        "may_cancel": row.state in {"queued", "running"} and may(request.actor, "cancel", Backtest),
    }
    return render(request, "watch/backtest.html", context)


@require_POST
def backtest_cancel(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(visible(queries.find(request.actor), request.actor, "cancel"), code=code)
    service.cancel(code=row.code, actor=request.actor, now=request.now)
    messages.success(request, _("It stops after the step it is working on. What it has found stays."))
    return redirect("watch:backtest", code=row.code)
