"""The review after an activation: what it took against what was promised, what happened, and lessons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pasaj.access.rules import can, may, visible
from pasaj.assess.models import Round
from pasaj.core.problems import Problem, Refused
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request
from pasaj.respond.forms.plans import AdoptForm, LessonForm, ReviewForm
from pasaj.respond.models import Activation, Lesson
from pasaj.respond.queries import plans as queries
from pasaj.respond.queries.reviews import measured
from pasaj.respond.services import activations, lessons
from pasaj.respond.views.activations import find, tabs


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    if not may(request.actor, "view", Lesson) or row.state == Activation.State.ACTIVE:
        raise Http404
    deed = ""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        find(request, code, "review")
        deed = request.POST.get("deed", "")
        if deed not in ("text", "lesson", "close"):
            raise Http404
        text, lesson = _forms(request, row, deed)
        form = {"text": text, "lesson": lesson}.get(deed)
        if form is None or form.is_valid():
            try:
                _do(request, code, deed, form.cleaned_data if form else {})
            except Refused as refused:
                problems = refused.problems
            else:
                messages.success(request, _("Written down."))
                return redirect("respond:activation-review", code=code)
    return _page(request, row, deed, problems)


def _do(request: Request, code: str, deed: str, data: dict[str, Any]) -> None:
    who: dict[str, Any] = {"code": code, "actor": request.actor, "now": request.now}
    if deed == "text":
        activations.review(text=data["text"], **who)
    elif deed == "lesson":
        wanted = lessons.Learnt(data["lesson"], data["function"], data["institution"])
        lessons.write(wanted=wanted, **who)
    else:
        activations.close(**who)


def _forms(request: Request, row: Activation, deed: str) -> tuple[ReviewForm, LessonForm]:
    data = request.POST or None
    functions = [(one.code, str(one)) for one in registry.functions(request.actor)]
    institutions = [(one.code, str(one)) for one in registry.institutions(request.actor)]
    return (
        ReviewForm(data if deed == "text" else None, initial={"text": row.review}),
        LessonForm(
            data if deed == "lesson" else None,
            functions=sorted(functions, key=lambda pair: pair[1].casefold()),
            institutions=sorted(institutions, key=lambda pair: pair[1].casefold()),
        ),
    )


def _page(request: Request, row: Activation, deed: str, problems: tuple[Problem, ...]) -> HttpResponse:
    text, lesson = _forms(request, row, deed)
    may_write = can(request.actor, "review", row)
    rounds = visible(Round.objects.exclude(state=Round.State.DRAFT), request.actor).order_by("-period_end", "-pk")
    pairs = [(one.code, f"{one.code} · {one.title}") for one in rounds] if may_write else []
    board = queries.board(request.actor, row, request.now)
    context = {
        "activation": row,
        "board": board,
        "tabs": tabs(request, row, "review"),
        "measured": measured(row),
        "lessons": row.lessons.select_related("institution").order_by("order"),
        "text_form": text if may_write else None,
        "lesson_form": lesson if may_write else None,
        "adopt_form": AdoptForm(rounds=pairs) if pairs else None,
        "may_write": may_write,
        "wrong": {"text": text, "lesson": lesson}.get(deed),
        "problems": problems,
    }
    status = problems[0].kind.status if problems else 422 if request.method == "POST" else 200
    return render(request, "respond/activation_review.html", context, status=status)


@require_POST
def lesson(request: Request, code: str, order: int) -> HttpResponse:
    """Make a lesson a finding of a round, or take it back."""
    row = find(request, code, "review")
    deed = request.POST.get("deed", "")
    try:
        if deed == "remove":
            lessons.remove(code=code, order=order, actor=request.actor, now=request.now)
        elif deed == "adopt":
            return _adopt(request, row, order)
        else:
            raise Http404
    except Refused as refused:
        return _page(request, row, "", refused.problems)
    messages.success(request, _("Taken back."))
    return redirect("respond:activation-review", code=code)


def _adopt(request: Request, row: Activation, order: int) -> HttpResponse:
    rounds = visible(Round.objects.exclude(state=Round.State.DRAFT), request.actor)
    form = AdoptForm(request.POST, rounds=[(one.code, one.code) for one in rounds.order_by("pk")])
    if not form.is_valid():
        return _page(request, row, "", ())
    made = lessons.adopt(
        code=row.code,
        order=order,
        round_code=form.cleaned_data["round"],
        severity=form.cleaned_data["severity"],
        language=(get_language() or request.home.default_language).split("-")[0],
        actor=request.actor,
        now=request.now,
    )
    messages.success(request, _("It is a finding now, as a draft: %(code)s.") % {"code": made.code})
    return redirect("respond:activation-review", code=row.code)
