"""The pack browser: what this home knows about places, services and their calendar, each row with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.access.rules import can
from pasaj.core.pack.days import next_days
from pasaj.registry import queries
from pasaj.registry.forms import InstitutionFilter
from pasaj.registry.models import CalendarRule
from pasaj.registry.queries import Request

MOST_WARNINGS = 100
ADDRESSES = {
    "areas": "registry:area-list",
    "crossings": "site:crossing-list",
    "institutions": "registry:institution-list",
    "instruments": "registry:pack-instruments",
    "functions": "registry:pack-functions",
    "mandates": "registry:pack-mandates",
    "exchange_layers": "registry:pack-exchange",
    "exchange_needs": "registry:pack-exchange",
    "timeline": "registry:pack-timeline",
    "calendar": "registry:pack-calendar",
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A calendar rule and the next day it names, from the home's own date on."""

    rule: CalendarRule
    next: date | None


@require_safe
def pack(request: Request) -> HttpResponse:
    home = getattr(request, "home", None)  # absent before a pack is loaded
    if home is None or not can(request.actor, "view", home):
        raise Http404
    shelves = queries.shelves(request.actor)
    warnings = queries.load_warnings(home)
    context = {
        "shelves": [(shelf, ADDRESSES.get(shelf.name, "")) for shelf in shelves],
        "verify": sum(shelf.verify for shelf in shelves),
        "cell": queries.institution(request.actor, home.cell),
        "layers": sorted(home.layers),
        "warnings": warnings[:MOST_WARNINGS],
        "warning_count": len(warnings),
    }
    return render(request, "registry/pack.html", context)


@require_safe
def area_list(request: Request) -> HttpResponse:
    return render(request, "registry/area_list.html", {"areas": queries.areas(request.actor)})


@require_safe
def area(request: Request, code: str) -> HttpResponse:
    found = queries.area(request.actor, code)
    if found is None:
        raise Http404
    context = {
        "area": found,
        "inside": queries.areas_within(request.actor, found),
        "crossings": queries.crossings_in(request.actor, found),
    }
    return render(request, "registry/area.html", context)


@require_safe
def institution_list(request: Request) -> HttpResponse:
    form = InstitutionFilter(request.GET)
    rows = queries.institutions(request.actor, form.chosen)
    return render(request, "registry/institution_list.html", {"form": form, "institutions": rows})


@require_safe
def institution(request: Request, code: str) -> HttpResponse:
    found = queries.institution(request.actor, code)
    if found is None:
        raise Http404
    posts = queries.posts(request.actor).filter(institution=found)
    return render(request, "registry/institution.html", {"institution": found, "posts": posts})


@require_safe
def instrument_list(request: Request) -> HttpResponse:
    return render(request, "registry/instrument_list.html", {"instruments": queries.instruments(request.actor)})


@require_safe
def function_list(request: Request) -> HttpResponse:
    return render(request, "registry/function_list.html", {"functions": queries.functions(request.actor)})


@require_safe
def mandate_list(request: Request) -> HttpResponse:
    return render(request, "registry/mandate_list.html", {"mandates": queries.mandates(request.actor)})


@require_safe
def exchange_list(request: Request) -> HttpResponse:
    context = {"layers": queries.exchange_layers(request.actor), "needs": queries.exchange_needs(request.actor)}
    return render(request, "registry/exchange_list.html", context)


@require_safe
def timeline(request: Request) -> HttpResponse:
    return render(request, "registry/timeline.html", {"events": queries.timeline(request.actor)})


@require_safe
def calendar(request: Request) -> HttpResponse:
    today = request.now.date()
    dated = [Dated(rule, next(next_days(rule.rule, today), None)) for rule in queries.calendar(request.actor)]
    coming = sorted((one for one in dated if one.next), key=lambda one: one.next or today)
    context = {"coming": coming, "past": [one for one in dated if one.next is None]}
    return render(request, "registry/calendar.html", context)
