"""Background work: what runs, how far it is, and what came of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from pasaj.access.rules import may
from pasaj.registry.queries import Request
from pasaj.watch.models import Backtest, DetectionRun, Import
from pasaj.watch.queries import imports as queries


def job_list(request: Request) -> HttpResponse:
    if not (may(request.actor, "view", Import) or may(request.actor, "view", DetectionRun)):
        raise Http404
    jobs = queries.jobs(request.actor)
    context = {
        "jobs": jobs,
        "running": any(not one.ends for one in jobs),
        "may_cancel": {
            "import": may(request.actor, "cancel", Import),
            "detection": may(request.actor, "cancel", DetectionRun),
            "backtest": may(request.actor, "cancel", Backtest),
        },
        "may_import": may(request.actor, "open", Import),
    }
    return render(request, "watch/job_list.html", context)
