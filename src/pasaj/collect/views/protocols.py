"""Return protocols: the table of verdicts, the operations behind a cell, and the table as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pasaj.collect.queries import protocols as queries
from pasaj.collect.services import exports
from pasaj.core import periods
from pasaj.core.protocol import VERDICTS
from pasaj.registry.models import Protocol
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

MONTHS, PAGE = 12, 50


@require_safe
def protocol_list(request: Request) -> HttpResponse:
    if not queries.may_judge(request.actor):
        raise Http404
    return render(request, "collect/protocol_list.html", {"protocols": queries.protocols(request.actor)})


def find(request: Request, code: str) -> Protocol:
    """The protocol of this code, if it exists and its table may be asked for; else 404."""
    return get_object_or_404(queries.protocols(request.actor), code=code)


def window(request: Request) -> queries.Window:
    """The months asked for, else the last twelve; what is no month counts as not given."""
    this = periods.containing("month", request.now.date())
    last = periods.parse(request.GET.get("to", ""), "month") or this
    first = periods.parse(request.GET.get("from", ""), "month")
    if first is None:
        first = last
        for _month in range(MONTHS - 1):
            first = first.previous()
    return queries.Window(first, last) if first.start <= last.start else queries.Window(last, first)


@require_safe
def protocol(request: Request, code: str) -> HttpResponse:
    shown = window(request)
    table = queries.table(find(request, code), request.actor, shown)
    context = {
        "table": table,
        "window": shown,
        "persons": request.GET.get("count") == "persons",
        "verdicts": VERDICTS,
        "outside": sum(row.outside for row in table.rows),
    }
    return render(request, "collect/protocol.html", context)


@require_safe
def protocol_operations(request: Request, code: str) -> HttpResponse:
    """The operations behind a cell: of a place, a month, a clause and a verdict, or of fewer; or those of a report."""
    shown = window(request)
    table = queries.table(find(request, code), request.actor, shown)
    wanted = {name: request.GET.get(name, "") for name in ("place", "month", "clause", "verdict", "receipt")}
    clauses = [one for one in table.protocol.clauses if wanted["clause"] in ("", one.code)]
    lines = [line for line in table.lines if _asked(request, line, wanted)]
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "table": table,
        "window": shown,
        "wanted": wanted,
        "place": table.places.get(wanted["place"], wanted["place"]),
        "clauses": clauses,
        "page": page,
        "lines": [
            (line, table.places.get(line.judged.operation.place, ""), [line.finding(one.code) for one in clauses])
            for line in page
        ],
    }
    return render(request, "collect/protocol_operations.html", context)


def _asked(request: Request, line: queries.Line, wanted: dict[str, str]) -> bool:
    """Whether an operation is one of those asked for. An empty place or month in the address means: not known."""
    operation = line.judged.operation
    if wanted["receipt"] not in ("", line.receipt):
        return False
    for name, value in (("place", operation.place), ("month", operation.month)):
        if name in request.GET and wanted[name] != value:
            return False
    if not wanted["clause"]:
        return True
    finding = line.finding(wanted["clause"])
    return finding is not None and wanted["verdict"] in ("", finding.verdict)


@require_safe
def protocol_csv(request: Request, code: str) -> FileResponse:
    shown = window(request)
    table = queries.table(find(request, code), request.actor, shown)
    released = exports.export(table=table, window=shown, actor=request.actor, now=request.now)
    return hand_over(released, f"{code}.csv")
