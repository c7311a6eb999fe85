"""Calls to the posts of a crossing that are silent: the form, and what earlier calls brought."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from pasaj.access.rules import may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import CrossingPoint, Post
from pasaj.registry.queries import Request
from pasaj.watch.forms.happenings import CallForm
from pasaj.watch.models import SilenceCall
from pasaj.watch.queries import calls as queries
from pasaj.watch.services import silences
from pasaj.watch.services.silences import CAUSES, OUTCOMES

LAST = 20


def calls(request: Request, code: str) -> HttpResponse:
    crossing = get_object_or_404(visible(CrossingPoint.objects.all(), request.actor), code=code)
    rows = Post.objects.filter(crossing=crossing, retired_at=None).select_related("institution")
    posts = list(visible(rows, request.actor, "call").order_by("source_code"))
    if not posts:
        raise Http404
    choices = [(one.source_code, f"{one.institution} · {one.source_code}") for one in posts]
    form = CallForm(
        request.POST if request.method == "POST" else None,
        posts=choices,
        initial={"post": request.GET.get("post", ""), "cause": SilenceCall.Cause.UNKNOWN},
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            silences.record(
                crossing_code=code,
                source_code=data["post"],
                cause=data["cause"],
                outcome=data["outcome"],
                note=data["note"],
                actor=request.actor,
                now=request.now,
            )
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("The call is written down."))
            return redirect("site:morning")
    context = {
        "crossing": crossing,
        "posts": posts,
        "form": form,
        "problems": problems,
        "calls": said(request, queries.of_crossing(request.actor, crossing, LAST)),
    }
    return render(request, "watch/calls.html", context, status=422 if form.errors or problems else 200)


def said(request: Request, rows: list[SilenceCall]) -> list[tuple[SilenceCall, object, object, str]]:
    """Calls with cause and outcome in words; the note for the cell alone."""
    shows_note = may(request.actor, "note", SilenceCall)
    return [
        (row, CAUSES.get(row.cause, row.cause), OUTCOMES.get(row.outcome, row.outcome), row.note if shows_note else "")
        for row in rows
    ]
