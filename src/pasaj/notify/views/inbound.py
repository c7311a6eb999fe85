"""Texts that came in, and what became of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from pasaj.access.rules import may
from pasaj.notify.models import Inbound
from pasaj.notify.queries import people
from pasaj.registry.queries import Request

PAGE = 25


def inbound_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Inbound):
        raise Http404
    state = request.GET.get("state", "")
    rows = people.inbound(request.actor, state if state in Inbound.State.values else "")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, people.why(row.problem)) for row in page.object_list],
        "total": page.paginator.count,
        "state": state,
        "may_read": may(request.actor, "settle", Inbound),
    }
    return render(request, "notify/inbound_list.html", context)
