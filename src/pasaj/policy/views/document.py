"""The document of a policy: read whole, begun from the template, a clause added, terms defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.policy.forms.document import ClauseForm, TermForm
from pasaj.policy.models import Clause, DocumentTemplate, Policy, Term
from pasaj.policy.queries import choices, sections, words
from pasaj.policy.queries import document as queries
from pasaj.policy.services import document as services
from pasaj.policy.views import frame
from pasaj.registry.models import localised
from pasaj.registry.queries import Request


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of the policy, whether it is shown, and how many clauses lack it or are old in it."""

    code: str
    name: str
    here: bool


def policy_of(request: Request, code: str, action: str = "view") -> Policy:
    """The policy whose document the reader may see; with "edit", may change. Else 404."""
    row = get_object_or_404(visible(Policy.objects.select_related("institution"), request.actor), code=code)
    if not may(request.actor, action, Clause):
        raise Http404
    return row


def tongue_of(request: Request, row: Policy) -> str:
    """The language asked for, the reader's, or the source language."""
    wanted = request.POST.get("lang") or request.GET.get("lang") or ""
    reader = (get_language() or "").split("-")[0]
    found = [one for one in (wanted, reader) if one in row.languages]
    return found[0] if found else row.source_language


def tongues(row: Policy, language: str) -> list[Tongue]:
    """The languages of a policy in their order, to choose from."""
    return [Tongue(one, LANGUAGE_NAMES.get(one, one), one == language) for one in row.languages]


@require_safe
def document(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code)
    language = tongue_of(request, row)
    shown = queries.sheet(row, language)
    context = {
        "policy": row,
        "language": language,
        "tongues": tongues(row, language),
        "tabs": frame.tabs(request, row, "document"),
        "shown": shown,
        "contents": [one for one in shown if one.entry.clause.is_head and one.entry.depth <= 2],
        "missing": sum(one.missing for one in shown),
        "stale": sum(one.stale for one in shown),
        "lost": [one for one in shown if one.lost],
        "waiting": sum(one.entry.suggested for one in shown),
        "withdrawn": row.clauses.exclude(withdrawn_at=None).order_by("code"),
        "may_edit": may(request.actor, "edit", Clause),
        "may_suggest": may(request.actor, "suggest", Clause),
        "template": DocumentTemplate.objects.filter(retired_at=None).order_by("pk").first(),
    }
    return render(request, "policy/document.html", context)


@require_POST
def document_start(request: Request, code: str) -> HttpResponse:
    policy_of(request, code, "edit")
    try:
        made = services.start(policy=code, actor=request.actor, now=request.now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(number)s clauses made from the template.") % {"number": len(made)})
    return redirect("policy:document", code=code)


def clause_new(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "edit")
    entries = queries.outline(row)
    form = ClauseForm(
        request.POST or None,
        initial={"kind": request.GET.get("kind", "text"), "place": request.GET.get("place", "")},
        tongues=row.languages,
        names=[(name, words.SECTIONS.get(name, name)) for name in sections.known()],
        themes=[(str(one.number), f"{one.number}. {one}") for one in row.themes.order_by("number")],
        places=choices.places(row, entries),
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        under, _bar, after = said["place"].partition("|")
        try:
            made = services.add(
                policy=code, kind=said["kind"], text=form.said, under=under, after=after, part=said["part"],
                theme=int(said["theme"]) if said["theme"] else None, actor=request.actor, now=request.now,
            )  # fmt: skip
            return redirect("policy:clause", code=made.code)
        except Refused as refused:
            problems = refused.problems
    context = {"policy": row, "form": form, "problems": problems}
    return render(request, "policy/clause_new.html", context, status=status_of(problems, form))


def terms(request: Request, code: str) -> HttpResponse:
    """The words that a policy defines: one is added or changed at a time."""
    row = policy_of(request, code)
    may_edit = may(request.actor, "edit", Term)
    chosen = row.terms.filter(code=request.GET.get("term", "")).first()
    form = TermForm(
        request.POST or None,
        initial=_initial(chosen),
        tongues=[(one.code, one.name) for one in tongues(row, "")],
        known=chosen is not None,
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if not may_edit:
            raise Http404
        if form.is_valid():
            try:
                services.define(
                    policy=code, code=form.cleaned_data["code"], names=form.said("name"), meanings=form.said("meaning"),
                    seen=form.cleaned_data["seen"], actor=request.actor, now=request.now,
                )  # fmt: skip
                messages.success(request, _("Written down."))
                return redirect("policy:terms", code=code)
            except Refused as refused:
                problems = refused.problems
    rows = sorted(row.terms.all(), key=lambda one: localised(one.names).casefold())
    context = {
        "policy": row, "rows": [(one, localised(one.meanings)) for one in rows], "problems": problems,
        "form": form if may_edit else None, "chosen": chosen,
        "pairs": [(form[f"name_{one}"], form[f"meaning_{one}"]) for one in row.languages],
    }  # fmt: skip
    return render(request, "policy/terms.html", context, status=status_of(problems, form))


def _initial(chosen: Term | None) -> dict[str, Any]:
    if chosen is None:
        return {"seen": 0}
    said = {f"name_{language}": text for language, text in chosen.names.items()}
    said |= {f"meaning_{language}": text for language, text in chosen.meanings.items()}
    return {**said, "code": chosen.code, "seen": chosen.revision}


def status_of(problems: Sequence[Problem], form: Any = None) -> int:
    """The status of a page that tells problems."""
    if problems:
        return problems[0].kind.status
    return 422 if form is not None and form.is_bound and not form.is_valid() else 200
