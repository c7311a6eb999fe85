"""Suggestions for clauses: written, taken, refused, or brought together with what has changed since."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, visible
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.document import SuggestionForm, TextForm
from pasaj.policy.models import Suggestion
from pasaj.policy.services import clauses
from pasaj.policy.views.clauses import clause_of, conflict_page, held_in, page
from pasaj.policy.views.document import status_of, tongue_of, tongues
from pasaj.registry.queries import Request

NEEDS_A_PERSON = "DOC-010"


def suggestion_new(request: Request, code: str) -> HttpResponse:
    row = clause_of(request, code, "suggest")
    language = tongue_of(request, row.policy)
    held = held_in(row, language)
    if row.withdrawn_at:
        raise Http404
    initial = {"text": held.text if held else "", "base": held.revision if held else 0}
    form = SuggestionForm(request.POST or None, initial=initial, language=language)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            clauses.suggest(
                clause=code, language=language, text=said["text"], base=said["base"], author=request.actor.label,
                reason=said["reason"], actor=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, _("Your suggestion stands beside the clause; the drafters answer it."))
            return redirect("policy:clause", code=code)
        except Refused as refused:
            problems = refused.problems
    context = {
        "clause": row, "policy": row.policy, "language": language, "form": form, "problems": problems, "held": held,
        "tongue": next(one for one in tongues(row.policy, language) if one.here),
    }  # fmt: skip
    return render(request, "policy/suggestion_new.html", context, status=status_of(problems, form))


def suggestion_of(request: Request, code: str) -> Suggestion:
    """The suggestion, if the reader may see it; else 404."""
    rows = visible(
        Suggestion.objects.select_related("clause__policy", "clause__parent", "clause__theme"), request.actor
    )
    return get_object_or_404(rows, code=code)


@require_POST
def suggestion_act(request: Request, code: str) -> HttpResponse:
    """Take it, refuse it with a reason, or open it in the editor beside what stands."""
    row = suggestion_of(request, code)
    if not can(request.actor, "decide", row):
        raise Http404
    step, answer = request.POST.get("step", ""), request.POST.get("answer", "")
    try:
        if step == "take":
            clauses.take(code=code, answer=answer, actor=request.actor, now=request.now)
        elif step == "refuse":
            clauses.refuse(code=code, answer=answer, actor=request.actor, now=request.now)
        elif step == "settle":
            held = held_in(row.clause, row.language)
            clauses.settle(
                code=code, number=held.revision if held else 0, answer=answer, actor=request.actor, now=request.now
            )
        else:
            raise Http404
    except Refused as refused:
        if refused.problems[0].code == NEEDS_A_PERSON:
            return _together(request, row, refused.problems)
        return page(request, row.clause, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:clause", code=row.clause.code)


def _together(request: Request, row: Suggestion, problems: tuple[Problem, ...]) -> HttpResponse:
    """The suggestion and what stands now, with both together as a proposal."""
    data = {"text": row.text, "note": _("With {code}").format(code=row.code), "seen": row.base, "merged": "1"}
    form = TextForm(data, language=row.language, head=row.clause.is_head)
    form.is_valid()
    return conflict_page(request, row.clause, row.language, form, problems)
