"""Who says what, and what exactly they count: sources and measures with their definitions side by side."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from pasaj.access.rules import may, visible
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request
from pasaj.watch.models import Measure, Source, Threshold
from pasaj.watch.queries import figures


def source_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Source):
        raise Http404
    sources = figures.sources(request.actor)
    context = {
        "operational": [one for one in sources if one.kind != "published"],
        "published": [one for one in sources if one.kind == "published"],
        "measures": visible(Measure.objects.order_by("order", "code"), request.actor),
    }
    return render(request, "watch/source_list.html", context)


def source(request: Request, code: str) -> HttpResponse:
    rows = visible(Source.objects.select_related("institution"), request.actor)
    found = get_object_or_404(rows, code=code)
    context = {
        "source": found,
        "covered": figures.covered(request.actor, source=found),
        "posts": registry.posts(request.actor).filter(source_code=found.code),
    }
    return render(request, "watch/source.html", context)


def measure(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(visible(Measure.objects.all(), request.actor), code=code)
    covered = figures.covered(request.actor, measure=found)
    context = {
        "measure": found,
        "categories": [found.category_name(one["code"]) for one in found.categories],
        "definition": figures.definition(found),
        "covered": covered,
        "sources": list({one.series.source_id: one.series.source for one in covered}.values()),
        "groups": figures.contradictions(request.actor, found),
        "thresholds": visible(Threshold.objects.filter(measure=found).select_related("versus"), request.actor).order_by(
            "code"
        ),
    }
    return render(request, "watch/measure.html", context)
