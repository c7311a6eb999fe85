"""Series: lists, the chart with its table, and the same numbers as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render

from pasaj.access.rules import visible
from pasaj.core.periods import parse
from pasaj.registry.models import localised
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.views import hand_over
from pasaj.watch.forms.counts import quality_name
from pasaj.watch.models import Measure, Series, Source
from pasaj.watch.queries import charts, episodes, levels
from pasaj.watch.queries import series as queries
from pasaj.watch.queries import signals as lines_of
from pasaj.watch.services import exports

PAGE, TABLE = 50, 31


def series_list(request: Request) -> HttpResponse:
    wanted = {name: request.GET.get(name, "").strip() for name in ("crossing", "area", "measure", "source")}
    rows = queries.find(request.actor, **wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "wanted": wanted, **choices(request)}
    return render(request, "watch/series_list.html", context)


def choices(request: Request) -> dict[str, Any]:
    """What the filter fields offer."""
    return {
        "crossings": queries.crossings(request.actor),
        "measures": visible(Measure.objects.order_by("order", "code"), request.actor),
        "sources": visible(Source.objects.order_by("name"), request.actor),
    }


def find(request: Request, code: str) -> Series:
    """The series of this code, if it exists and may be seen; else 404."""
    rows = Series.objects.select_related("crossing__area", "area", "measure", "source__institution")
    return get_object_or_404(visible(rows, request.actor), code=code)


def window(request: Request, series: Series) -> tuple[date, date]:
    """The dates asked for, else the latest ones that say something."""
    today = request.now.date()
    last = asked(request, "to") or today
    first = asked(request, "from") or queries.window(series, last)[0]
    return (first, last) if first <= last else (last, first)


def asked(request: Request, name: str) -> date | None:
    """A date of the address; what is no date counts as not given."""
    found = parse(request.GET.get(name, ""), "day")
    return found.start if found else None


def series(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    first, last = window(request, row)
    figures = queries.figures(row, request.actor, first, last, request.home.detect)
    signals = queries.signals(row, request.actor, first, last)
    others = queries.beside(row, request.actor, figures)
    level = levels.of(row, request.actor)
    lines = [lines_of.line(one) for one in signals]
    by_period = {(one.period_start, one.period_end): line for one, line in zip(signals, lines, strict=True)}
    table = [(one, by_period.get((one.start, one.end)), quality_name(one.quality)) for one in reversed(figures)]
    context = {
        "series": row,
        "first": first,
        "last": last,
        "figures": figures,
        "simulated": any(one.simulated for one in figures),
        "awaited": [one for one in reversed(figures) if one.awaited],
        "spec": charts.series_chart(row, figures, signals, steps=levels.steps(level, figures)) if figures else None,
        "level": level,
        "page": Paginator(table, TABLE).get_page(request.GET.get("page")),
        "signals": lines,
        "episodes": [episodes.line(one) for one in queries.episodes(row, request.actor, first, last)],
        "definition": localised(row.measure.definitions),
        "citations": sorted({one.citation for one in figures if one.citation}),
        "others": others,
        "compared": others.compared[: -TABLE - 1 : -1],
        "window": f"from={first.isoformat()}&to={last.isoformat()}",
    }
    return render(request, "watch/series.html", context)


def series_csv(request: Request, code: str) -> FileResponse:
    row = find(request, code)
    first, last = window(request, row)
    rows = exports.figures(actor=request.actor, series=code, first=first, last=last)
    released = exports.export(
        rows=rows,
        form="csv",
        audience=Audience.AMBER,
        title=row.code,
        question={"series": code, "from": first.isoformat(), "to": last.isoformat()},
        actor=request.actor,
        now=request.now,
    )
    return hand_over(released, f"{code}.csv")
