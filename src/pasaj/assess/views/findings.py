"""The findings of a round: the list, what comes first, one with its evidence, and what people do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.assess.forms.findings import FindingForm, LinkForm
from pasaj.assess.models import Finding, Round
from pasaj.assess.queries import findings as queries
from pasaj.assess.queries import findingwords as words
from pasaj.assess.services import drafting, findings
from pasaj.assess.views.rounds import find, tabs
from pasaj.core.problems import Problem, Refused
from pasaj.evidence.queries import words as said
from pasaj.evidence.queries.trace import states_of, trace
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request

PAGE = 25
State = Finding.State
STEPS = ("adopt", "dismiss", "reopen", "take_over")
TONES = {"fresh": "good", "suspect": "open", "tainted": "plain", "unsupported": "bad"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is asked for; empty: all. `rights`: "yes"."""

    state: str = ""
    severity: str = ""
    rule: str = ""
    rights: str = ""


def _wanted(request: Request) -> Filter:
    return Filter(**{name: request.GET.get(name, "")[:20] for name in ("state", "severity", "rule", "rights")})


@require_safe
def finding_list(request: Request, code: str) -> HttpResponse:
    row, wanted = find(request, code), _wanted(request)
    rows = queries.findings(request.actor, row)
    used = {one: words.RULES.get(one, one) for one in rows.order_by("rule").values_list("rule", flat=True).distinct()}
    total = rows.count()
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.severity.isascii() and wanted.severity.isdecimal():
        rows = rows.filter(severity=int(wanted.severity))
    if wanted.rule:
        rows = rows.filter(rule=wanted.rule)
    if wanted.rights:
        rows = rows.filter(rights=True)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    states = states_of([one.code for one in page])
    context = {
        "round": row,
        "tabs": tabs(row, "findings"),
        "page_obj": page,
        "lines": [(one, _standing(one.code, states)) for one in page],
        "total": total,
        "wanted": wanted,
        "states": words.STATES,
        "severities": words.SEVERITIES,
        "rules": used,
        "may_find": can(request.actor, "find", row) and row.state != Round.State.DRAFT,
        "may_write": may(request.actor, "edit", Finding) and row.state != Round.State.DRAFT,
    }
    return render(request, "assess/findings.html", context)


def _standing(code: str, states: Any) -> tuple[str, str]:
    """Word and tone of what a statement is worth in the chain."""
    found = states.get(code)
    if found is None:
        return _("not in the chain"), "quiet"
    if found.levels:
        return _("rests on something to be looked at again"), TONES[str(found.state)]
    return str(said.NODES[found.state]), TONES[str(found.state)]


@require_POST
def finding_draft(request: Request, code: str) -> HttpResponse:
    """Have the rules look at the round."""
    find(request, code, "find")
    try:
        done = drafting.draft(code=code, actor=request.actor, now=request.now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assess:findings", code=code)
    texts = [
        ngettext("%(number)s new finding", "%(number)s new findings", len(done.new)) % {"number": len(done.new)},
        ngettext("%(number)s updated", "%(number)s updated", len(done.updated)) % {"number": len(done.updated)},
        ngettext("%(number)s no longer found", "%(number)s no longer found", len(done.superseded))
        % {"number": len(done.superseded)},
        ngettext(
            "%(number)s of people of which a rule says something else now",
            "%(number)s of people of which a rule says something else now",
            len(done.moved),
        )
        % {"number": len(done.moved)},
    ]
    messages.success(request, "; ".join(texts) + ".")
    return redirect("assess:findings", code=code)


@require_safe
def priorities(request: Request, code: str) -> HttpResponse:
    """Severity x certainty x reach, with the arithmetic in columns."""
    row = find(request, code)
    found = queries.priorities(request.actor, row)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"round": row, "tabs": tabs(row, "priorities"), "page_obj": page, "lines": page, "total": len(found)}
    return render(request, "assess/priorities.html", context)


# --- One finding -------------------------------------------------------------------------------


def one(request: Request, code: str, action: str = "view") -> Finding:
    """The finding of this code, if the reader may do this with it; else 404."""
    rows = visible(Finding.objects.select_related("round__framework__framework", "institution"), request.actor)
    row = get_object_or_404(rows, code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


@require_safe
def finding(request: Request, code: str) -> HttpResponse:
    return _page(request, one(request, code))


def _page(
    request: Request, row: Finding, problems: tuple[Problem, ...] = (), link: LinkForm | None = None
) -> HttpResponse:
    chain = trace(row.code, request.actor)
    steps = [step for step in chain.up if step.level == 1] if chain else []
    may_edit, may_decide = can(request.actor, "edit", row), can(request.actor, "decide", row)
    open_ = row.state in (State.DRAFT, State.ADOPTED)
    context = {
        "finding": row,
        "round": row.round,
        "factors": row.priority,
        "chain": chain,
        "standing": _standing(row.code, states_of([row.code])),
        "evidence": [(step, said.link_word(step.state), step.state >= 2) for step in steps],
        "against": [said.against(each) for each in chain.blockers] if chain else [],
        "recommendations": row.recommendations.select_related("institution").order_by("pk"),
        "history": queries.history(row.code),
        "problems": problems,
        "may_edit": may_edit and open_,
        "may_decide": may_decide,
        "may_recommend": may_edit and open_,
        "link_form": (link or LinkForm(initial={"seen": row.revision})) if may_edit and open_ else None,
        "typed": request.POST if problems else {},
    }
    return render(request, "assess/finding.html", context, status=problems[0].kind.status if problems else 200)


@require_POST
def finding_act(request: Request, code: str) -> HttpResponse:
    """Adopt, dismiss, open again, or take over what the rule says now."""
    step = request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    row = one(request, code, "edit" if step == "take_over" else "decide")
    which: dict[str, Any] = {"code": code, "seen": whole(request, "seen"), "actor": request.actor, "now": request.now}
    reason = request.POST.get("reason", "")
    try:
        if step == "adopt":
            findings.adopt(**which)
        elif step == "take_over":
            findings.take_over(**which)
        elif step == "dismiss":
            findings.dismiss(**which, reason=reason)
        else:
            findings.reopen(**which, reason=reason)
    except Refused as refused:
        return _page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("assess:finding", code=code)


def whole(request: Request, name: str) -> int:
    """A number of the form; 0 for none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@require_POST
def finding_link(request: Request, code: str) -> HttpResponse:
    row = one(request, code, "edit")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, row, link=form)
    try:
        findings.link(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, refused.problems, form)
    messages.success(request, _("Written down."))
    return redirect("assess:finding", code=code)


def finding_new(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    if not may(request.actor, "edit", Finding) or row.state == Round.State.DRAFT:
        raise Http404
    form = _form(request, {"severity": 2, "sure": "medium", "part": 1, "whole": 1}, new=True)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = findings.write(code=code, wanted=form.wanted(), actor=request.actor, now=request.now)
            return redirect("assess:finding", code=made.code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row, None)


def finding_edit(request: Request, code: str) -> HttpResponse:
    row = one(request, code, "edit")
    if row.state not in (State.DRAFT, State.ADOPTED):
        raise Http404
    form = _form(request, FindingForm.initial_of(row), new=False)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            findings.edit(code=code, wanted=form.wanted(), seen=seen, actor=request.actor, now=request.now)
            return redirect("assess:finding", code=code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row.round, row)


def _form(request: Request, initial: dict[str, Any], *, new: bool) -> FindingForm:
    return FindingForm(
        request.POST or None, initial=initial, languages=request.home.languages, institutions=institutions(request),
        new=new,
    )  # fmt: skip


def institutions(request: Request) -> list[tuple[str, str]]:
    """The institutions to choose an owner from, by name."""
    return sorted(
        ((one.code, str(one)) for one in registry.institutions(request.actor)), key=lambda pair: pair[1].casefold()
    )


def _form_page(
    request: Request, form: FindingForm, problems: tuple[Problem, ...], row: Round, own: Finding | None
) -> HttpResponse:
    context = {"form": form, "problems": problems, "round": row, "finding": own}
    return render(request, "assess/finding_form.html", context, status=422 if problems or form.errors else 200)
