"""One clause: its text and history, what it realises, where it stands; the editor, conflicts, two revisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, visible
from pasaj.core import wording
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.document import RealiseForm, TextForm
from pasaj.policy.models import Clause, ClauseText
from pasaj.policy.queries import choices, translating
from pasaj.policy.queries import document as queries
from pasaj.policy.services import clauses, document
from pasaj.policy.views.document import status_of, tongue_of, tongues
from pasaj.registry.queries import Request

STEPS = ("move", "withdraw", "reinstate")
CONFLICT = "DOC-002"


def clause_of(request: Request, code: str, action: str = "view") -> Clause:
    """The clause of this code, if the reader may do this with it; else 404."""
    rows = visible(Clause.objects.select_related("policy", "parent", "theme"), request.actor)
    row = get_object_or_404(rows, code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


def held_in(row: Clause, language: str) -> ClauseText | None:
    """What a clause says in a language."""
    return ClauseText.objects.filter(clause=row, language=language).first()


@require_safe
def clause(request: Request, code: str) -> HttpResponse:
    return page(request, clause_of(request, code))


def page(request: Request, row: Clause, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page of a clause, with what stands against what was asked."""
    language, entries = tongue_of(request, row.policy), queries.outline(row.policy)
    entry = next((one for one in entries if one.clause.pk == row.pk), None)
    held = held_in(row, language)
    may_edit = can(request.actor, "edit", row)
    with override(language):
        text = queries.preview(row, language, held.text) if held else ()
    context = {
        "clause": row,
        "policy": row.policy,
        "entry": entry,
        "language": language,
        "tongues": tongues(row.policy, language),
        "held": held,
        "text": text,
        "stale": entry is not None and entry.is_stale(language),
        "missing": entry is not None and entry.is_missing(language),
        "editors": queries.editors(row, request.actor, request.now),
        "history": list(queries.history(row, language)[:50]),
        "suggestions": list(queries.suggestions(row)),
        "realised": [*row.measures.order_by("pk"), *row.objectives.order_by("pk")],
        "places": choices.places(row.policy, entries, row),
        "here": _place(entries, row),
        "realise": _realise_form(row) if may_edit else None,
        "problems": problems,
        "typed": request.POST if problems else {},
        "may_edit": may_edit,
        "may_suggest": can(request.actor, "suggest", row),
        "may_decide": may_edit,
    }
    return render(request, "policy/clause.html", context, status=status_of(problems))


def _place(entries: Any, row: Clause) -> str:
    """Where the clause stands now, as a place to choose."""
    above = row.parent.code if row.parent else ""
    siblings = [one.clause.code for one in entries if one.clause.parent_id == row.parent_id]
    at = siblings.index(row.code) if row.code in siblings else 0
    return f"{above}|{siblings[at - 1] if at else ''}"


def _realise_form(row: Clause, data: Any = None) -> RealiseForm:
    return RealiseForm(
        data,
        initial={
            "measures": list(row.measures.values_list("code", flat=True)),
            "objectives": list(row.objectives.values_list("code", flat=True)),
            "seen": row.revision,
        },
        measures=choices.statements(row.policy, row.policy.measures),
        objectives=choices.statements(row.policy, row.policy.objectives),
    )


@require_POST
def clause_act(request: Request, code: str) -> HttpResponse:
    """Move it, withdraw it, take it up again."""
    row, step = clause_of(request, code, "edit"), request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    seen = request.POST.get("seen", "")
    which: dict[str, Any] = {
        "code": code, "seen": int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0,
        "actor": request.actor, "now": request.now,
    }  # fmt: skip
    try:
        if step == "move":
            under, _bar, after = request.POST.get("place", "").partition("|")
            document.move(**which, under=under, after=after)
        elif step == "withdraw":
            document.withdraw(**which, reason=request.POST.get("reason", ""))
        else:
            document.reinstate(**which, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:clause", code=code)


@require_POST
def clause_realise(request: Request, code: str) -> HttpResponse:
    row = clause_of(request, code, "edit")
    form = _realise_form(row, request.POST)
    if not form.is_valid():
        raise Http404  # nothing that the page offers
    try:
        document.realise(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
    except Refused as refused:
        return page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:clause", code=code)


@require_safe
def clause_compare(request: Request, code: str) -> HttpResponse:
    """Two revisions of a text beside each other."""
    row = clause_of(request, code)
    language = tongue_of(request, row.policy)
    ends = [request.GET.get(name, "") for name in ("old", "new")]
    if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in ends):
        raise Http404
    found = queries.compare(row, language, int(ends[0]), int(ends[1]))
    if found is None:
        raise Http404
    old, new, segments = found
    context = {
        "clause": row, "policy": row.policy, "language": language, "old": old, "new": new, "segments": segments,
        "history": queries.history(row, language),
    }  # fmt: skip
    return render(request, "policy/clause_compare.html", context)


# --- The editor --------------------------------------------------------------------------------


def clause_edit(request: Request, code: str) -> HttpResponse:
    """Write the text of a clause in one language; with a preview, references to choose, and a draft that stays."""
    row = clause_of(request, code, "edit")
    language = tongue_of(request, row.policy)
    if row.withdrawn_at:
        return redirect("policy:clause", code=code)
    if request.method != "POST":
        clauses.enter(code=code, language=language, actor=request.actor, now=request.now)
        return _editor(request, row, language, _begun(request, row, language))
    form = TextForm(request.POST, language=language, head=row.is_head)
    step = request.POST.get("step", "save")
    if step == "discard":
        clauses.discard(code=code, language=language, actor=request.actor)
        return _back(row, language)
    if not form.is_valid():
        return _editor(request, row, language, form)
    if step in ("preview", "insert"):
        return _tried(request, row, language, form, step)
    said = form.cleaned_data
    try:
        clauses.save(
            code=code, language=language, text=said["text"], seen=said["seen"], note=said["note"],
            merged=said["merged"], actor=request.actor, now=request.now,
        )  # fmt: skip
    except Refused as refused:
        if refused.problems[0].code == CONFLICT:
            return conflict_page(request, row, language, form, refused.problems)
        return _editor(request, row, language, form, refused.problems)
    messages.success(request, _("Saved as a revision of its own."))
    return _back(row, language)


def _begun(request: Request, row: Clause, language: str) -> TextForm:
    """What stands, or the reader's own draft."""
    held, draft = held_in(row, language), queries.draft_of(row, language, request.actor)
    text, seen = (held.text, held.revision) if held else ("", 0)
    if draft is not None:
        text, seen = draft.text, draft.base
    return TextForm(initial={"text": text, "seen": seen}, language=language, head=row.is_head)


def _tried(request: Request, row: Clause, language: str, form: TextForm, step: str) -> HttpResponse:
    """The same again with a preview, or with the chosen reference behind the text; kept as a draft."""
    said = dict(form.cleaned_data)
    if step == "insert" and wording.find(said["reference"]):
        said["text"] = f"{said['text'].rstrip()} {said['reference']}".lstrip()
    clauses.keep(
        code=row.code, language=language, text=said["text"], base=said["seen"], actor=request.actor, now=request.now
    )
    again = TextForm(initial={**said, "reference": ""}, language=language, head=row.is_head)
    problems = wording.check(wording.normal(said["text"]))
    return _editor(request, row, language, again, problems, said["text"])


def _editor(
    request: Request, row: Clause, language: str, form: TextForm, problems: tuple[Problem, ...] = (),
    tried: str | None = None,
) -> HttpResponse:  # fmt: skip
    held, draft = held_in(row, language), queries.draft_of(row, language, request.actor)
    preview = None
    if tried is not None and len(tried) <= wording.LONGEST:
        with override(language):
            preview = queries.preview(row, language, wording.normal(tried))
    context = {
        "clause": row,
        "policy": row.policy,
        "language": language,
        "tongue": next(one for one in tongues(row.policy, language) if one.here),
        "form": form,
        "held": held,
        "draft": draft,
        "behind": draft is not None and held is not None and draft.base != held.revision,
        "problems": problems,
        "preview": preview,
        "editors": queries.editors(row, request.actor, request.now),
        "source": translating.source(row, language, held),
        "references": choices.reference_groups(row.policy, queries.outline(row.policy), request.actor),
    }
    return render(
        request, "policy/clause_edit.html", context, status=200 if tried is not None else status_of(problems, form)
    )


def conflict_page(
    request: Request, row: Clause, language: str, form: TextForm, problems: tuple[Problem, ...]
) -> HttpResponse:
    """Both texts beside each other, with both together as a proposal to save. Nothing is lost."""
    said = form.cleaned_data
    found = queries.conflict(row, language, said["seen"], said["text"])
    if found is None:
        raise Http404
    again = TextForm(
        initial={"text": found.proposal, "note": said["note"], "seen": found.theirs.revision, "merged": True},
        language=language, head=row.is_head,
    )  # fmt: skip
    theirs = queries.history(row, language).first()
    context = {
        "clause": row, "policy": row.policy, "language": language, "found": found, "form": again, "theirs": theirs,
        "problems": problems,
    }  # fmt: skip
    return render(request, "policy/clause_conflict.html", context, status=409)


def _back(row: Clause, language: str) -> HttpResponse:
    return redirect(f"{reverse('policy:clause', args=[row.code])}?lang={language}")


@require_POST
def clause_confirm(request: Request, code: str) -> HttpResponse:
    """A translation still says what its source says now."""
    row = clause_of(request, code, "edit")
    language, seen = tongue_of(request, row.policy), request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    try:
        clauses.confirm(code=code, language=language, seen=number, actor=request.actor, now=request.now)
    except Refused as refused:
        return page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return _back(row, language)
