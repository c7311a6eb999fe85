"""The costed action plan: table, calendar, load of institutions, and money."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.access.rules import can, visible
from pasaj.core.policy.costs import Reckoning
from pasaj.policy.models import Objective, Policy
from pasaj.policy.queries import calendar as queries
from pasaj.policy.queries import costs
from pasaj.policy.views.drawing import drawn
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry.models import Institution, localised
from pasaj.registry.queries import Request


@require_safe
def plan(request: Request, code: str) -> HttpResponse:
    """Every action with owner, dates, cost and what is missing."""
    row = policy_of(request, code)
    context = {
        "policy": row, "tabs": tabs(request, row, "plan"), "may_edit": can(request.actor, "edit", row),
        "found": queries.calendar(request.actor, row, request.now.date()),
    }  # fmt: skip
    return render(request, "policy/plan.html", context)


@require_safe
def gantt(request: Request, code: str) -> HttpResponse:
    """The calendar: a picture for each theme, and the same as a table."""
    row = policy_of(request, code)
    today = request.now.date()
    found = queries.calendar(request.actor, row, today)
    pictures = [(part, drawn(queries.picture(part, row, today), part.rows)) for part in found.parts]
    waits = [(one, found_) for one, found_ in found.order.early]
    context = {
        "policy": row, "tabs": tabs(request, row, "gantt"), "found": found, "pictures": pictures, "early": waits,
        "today": today,
    }  # fmt: skip
    return render(request, "policy/gantt.html", context)


@require_safe
def load(request: Request, code: str) -> HttpResponse:
    """How many actions each institution runs at once in each quarter."""
    row = policy_of(request, code)
    found = queries.burdens(request.actor, row)
    context = {
        "policy": row, "tabs": tabs(request, row, "load"), "burdens": found,
        "quarters": [one.quarter for one in found[0].quarters] if found else [],
    }  # fmt: skip
    return render(request, "policy/load.html", context)


@require_safe
def financing(request: Request, code: str) -> HttpResponse:
    """Cost, what somebody stands for, and the gap: by year, funder, institution, kind and objective."""
    row = policy_of(request, code)
    found = costs.reckoned(request.actor, row)
    context = {
        "policy": row, "tabs": tabs(request, row, "financing"), "found": found,
        "institutions": _institutions(found.by_institution.items()),
        "objectives": _objectives(request, row, found),
    }  # fmt: skip
    return render(request, "policy/financing.html", context)


def _institutions(sums: object) -> list[tuple[str, object]]:
    names = {code: localised(names) for code, names in Institution.objects.values_list("code", "names")}
    return [(names.get(code, code), one) for code, one in sums]  # type: ignore[attr-defined]


def _objectives(request: Request, row: Policy, found: Reckoning) -> list[tuple[Objective, object]]:
    rows = visible(Objective.objects.filter(policy=row, withdrawn_at=None), request.actor).order_by("pk")
    return [(one, found.by_objective[one.code]) for one in rows if one.code in found.by_objective]
