"""Following up: the board of a policy, the owner's own page, and what was done with recommendations."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.access.rules import may
from pasaj.policy.models import Action
from pasaj.policy.models import Problem as PolicyProblem
from pasaj.policy.queries import board as queries
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry.queries import Request


@require_safe
def board(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code)
    context = {
        "policy": row, "tabs": tabs(request, row, "board"),
        "found": queries.board(request.actor, row, request.now.date()),
    }  # fmt: skip
    return render(request, "policy/board.html", context)


@require_safe
def mine(request: Request) -> HttpResponse:
    """The actions of the reader's own institutions, and their indicators."""
    if not may(request.actor, "view", Action):
        raise Http404
    actions, indicators = queries.mine(request.actor, request.now.date())
    return render(request, "policy/mine.html", {"actions": actions, "indicators": indicators})


@require_safe
def recommendations(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code)
    if not may(request.actor, "view", PolicyProblem):
        raise Http404
    found = queries.recommendations(request.actor, row)
    context = {
        "policy": row, "tabs": tabs(request, row, "recommendations"), "lines": found,
        "open": sum(not one.actions for one in found),
    }  # fmt: skip
    return render(request, "policy/recommendations.html", context)
