"""Policies: the list, one with its statements, and one statement."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pasaj.access.rules import can, visible
from pasaj.policy.models import Policy
from pasaj.policy.queries import statements as queries
from pasaj.registry.queries import Request


@require_safe
def policy_list(request: Request) -> HttpResponse:
    rows = visible(Policy.objects.select_related("institution"), request.actor).order_by("-pk")
    return render(request, "policy/policy_list.html", {"policies": rows})


@require_safe
def policy(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(visible(Policy.objects.select_related("institution"), request.actor), code=code)
    context = {"policy": row, "themes": queries.themes(request.actor, row)}
    return render(request, "policy/policy.html", context)


@require_safe
def statement(request: Request, code: str) -> HttpResponse:
    row = queries.find(code)
    if row is None or not can(request.actor, "view", row):
        raise Http404
    return render(request, "policy/statement.html", {"statement": row, "policy": row.policy})
