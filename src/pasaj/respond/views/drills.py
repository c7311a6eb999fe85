"""Drills: what can be played, what was, and how each went."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.access.rules import may
from pasaj.registry.queries import Request
from pasaj.respond.models import Drill
from pasaj.respond.queries import drills as queries


@require_safe
def drill_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Drill):
        raise Http404
    asked = request.GET.get("scenario", "")[:40]
    context = {
        "scenarios": queries.scenarios(request.actor),
        "played": queries.played(request.actor, asked),
        "asked": asked,
    }
    return render(request, "respond/drill_list.html", context)


@require_safe
def drill(request: Request, code: str) -> HttpResponse:
    row = queries.drill(request.actor, code)
    if row is None:
        raise Http404
    earlier = queries.before(row)
    steps = queries.steps(row, earlier)
    context = {
        "drill": row,
        "steps": steps,
        "kept": sum(one.hours.kept is True for one in steps),
        "promised": sum(one.hours.kept is not None for one in steps),
        "earlier": earlier,
        "timeline": queries.timeline(row),
        "counts": row.report.get("counts", {}),
        "institutions": row.report.get("institutions", []),
        "facts": row.report.get("facts", []),
    }
    return render(request, "respond/drill.html", context)
