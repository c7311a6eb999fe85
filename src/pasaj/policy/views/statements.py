"""One statement of a policy: what it rests on, what rests on it, and what people do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can
from pasaj.core.problems import Problem, Refused
from pasaj.evidence.queries.trace import states_of
from pasaj.policy.forms.policies import ProgressForm, ReadingForm
from pasaj.policy.forms.statements import FORMS, Choices, ProblemForm, StatementForm
from pasaj.policy.models import Action, Goal, Indicator, Policy
from pasaj.policy.models import Problem as PolicyProblem
from pasaj.policy.queries import statement as queries
from pasaj.policy.queries import words
from pasaj.policy.queries.statements import AnyStatement
from pasaj.policy.services import following, statements
from pasaj.policy.views.frame import policy_of, statement_of, tabs, whole
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request

# What may be written from a statement: kind of the new one, and the field that refers to this one.
NEXT: dict[str, tuple[tuple[str, str], ...]] = {
    "problem": (("objective", "problems"),),
    "objective": (("measure", "objectives"), ("indicator", "measures")),
    "measure": (("action", "measure"),),
    "action": (("indicator", "measures"),),
    "indicator": (),
}


@require_safe
def statement(request: Request, code: str) -> HttpResponse:
    """The page of a statement; a line of costs or an observation leads to the statement it belongs to."""
    whose = queries.parent_code(code)
    if whose and whose != code:
        statement_of(request, whose)
        return redirect("policy:statement", code=whose)
    return page(request, statement_of(request, code))


def page(request: Request, row: AnyStatement, problems: tuple[Problem, ...] = (), form: Any = None) -> HttpResponse:
    kind = queries.kind_of(row)
    up, down, against = queries.around(row.code, request.actor)
    may_edit = can(request.actor, "edit", row)
    found = states_of([row.code]).get(row.code)
    standing = "withdrawn" if row.withdrawn_at else str(found.state) if found else ""
    more = queries.besides(request.actor, row)
    context = {
        "statement": row, "policy": row.policy, "kind": kind, "kind_title": words.KINDS[kind],
        "tabs": tabs(request, row.policy),
        "up": up, "down": down, "against": against, "standing": words.STANDINGS[standing],
        "history": queries.history(row.code), "deeds": words.DEEDS, "problems": problems, "bound": form,
        "may_edit": may_edit, "next": NEXT[kind] if may_edit and not row.withdrawn_at else (),
        "typed": request.POST if problems else {}, **more, **_forms(row, more, form),
    }  # fmt: skip
    status = problems[0].kind.status if problems else 422 if form is not None and form.errors else 200
    return render(request, f"policy/{kind}.html", context, status=status)


def _forms(row: AnyStatement, more: dict[str, Any], form: Any) -> dict[str, Any]:
    """The forms on the page, the one that was filled in as it was filled in."""
    found: dict[str, Any] = {}
    if isinstance(row, Action) and more["may_follow"]:
        filled = form if isinstance(form, ProgressForm) else None
        found["progress_form"] = filled or ProgressForm(initial={"state": row.state, "seen": row.revision})
    if isinstance(row, Indicator) and more["may_observe"]:
        read = form if isinstance(form, ReadingForm) else None
        found["reading_form"] = read or ReadingForm(initial={"source": row.source_name})
    return found


@require_POST
def statement_step(request: Request, code: str) -> HttpResponse:
    """Withdraw it, or take it up again."""
    row, step = statement_of(request, code, "edit"), request.POST.get("step", "")
    if step not in ("withdraw", "reinstate"):
        raise Http404
    verb = statements.withdraw if step == "withdraw" else statements.reinstate
    try:
        verb(
            code=code, seen=whole(request, "seen"), reason=request.POST.get("reason", ""), actor=request.actor,
            now=request.now,
        )  # fmt: skip
    except Refused as refused:
        return page(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:statement", code=code)


@require_POST
def progress(request: Request, code: str) -> HttpResponse:
    """How an action stands."""
    row = statement_of(request, code, "follow") if _is(code, Action) else None
    if row is None:
        raise Http404
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return page(request, row, form=form)
    try:
        following.report(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
    except Refused as refused:
        return page(request, row, refused.problems, form)
    messages.success(request, _("Written down."))
    return redirect("policy:statement", code=code)


@require_POST
def observe(request: Request, code: str) -> HttpResponse:
    """What was observed of an indicator."""
    row = statement_of(request, code, "observe") if _is(code, Indicator) else None
    if row is None:
        raise Http404
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return page(request, row, form=form)
    try:
        following.observe(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
    except Refused as refused:
        return page(request, row, refused.problems, form)
    messages.success(request, _("Written down."))
    return redirect("policy:statement", code=code)


def _is(code: str, model: type[AnyStatement]) -> bool:
    return model._default_manager.filter(code=code).exists()


# --- Writing and editing -------------------------------------------------------------------------


def statement_new(request: Request, code: str, kind: str) -> HttpResponse:
    """A new statement. The address says what it refers to: ?findings=, problems=, objectives=, measure=, measures=."""
    row = policy_of(request, code, "edit")
    if kind not in FORMS:
        raise Http404
    form = _form(request, row, kind, _asked(request), new=True)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = statements.write(policy=code, wanted=form.wanted(), actor=request.actor, now=request.now)
            return redirect("policy:statement", code=made.code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row, kind, None)


def _asked(request: Request) -> dict[str, Any]:
    asked = {name: request.GET.getlist(name)[:20] for name in ("findings", "problems", "objectives")}
    single = {name: request.GET.get(name, "")[:32] for name in ("measure", "measures")}
    theme = request.GET.get("theme", "")
    return {**asked, **single, "theme": theme if theme.isascii() and theme.isdecimal() else None}


def statement_edit(request: Request, code: str) -> HttpResponse:
    row = statement_of(request, code, "edit")
    if row.withdrawn_at:
        raise Http404
    kind = queries.kind_of(row)
    form = _form(request, row.policy, kind, _initial(request, row), new=False, own=row)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        which = {"code": code, "seen": data["seen"] or 0, "wording": data["wording"]}
        try:
            statements.edit(**which, wanted=form.wanted(), actor=request.actor, now=request.now)
            return redirect("policy:statement", code=code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row.policy, kind, row)


def _initial(request: Request, row: AnyStatement) -> dict[str, Any]:
    said = {f"text_{language}": text for language, text in row.text.items()} | {"seen": row.revision}
    if isinstance(row, PolicyProblem):
        offers = _offers(request, row.policy, "problem", row)
        findings, documents = ({code for code, _text in offers[name]} for name in ("findings", "documents"))
        return said | ProblemForm.initial_of(row, findings, documents)
    more: dict[str, Any] = FORMS[queries.kind_of(row)].initial_of(row)  # type: ignore[attr-defined]
    return said | more


def _form(
    request: Request, row: Policy, kind: str, initial: dict[str, Any], *, new: bool, own: AnyStatement | None = None
) -> StatementForm:
    return FORMS[kind](
        request.POST or None, initial=initial, languages=row.languages, offers=_offers(request, row, kind, own), new=new
    )


def _offers(request: Request, row: Policy, kind: str, own: AnyStatement | None) -> dict[str, Choices]:
    """What can be chosen in the form of a kind."""
    actor = request.actor

    def standing(name: str) -> list[tuple[str, str]]:
        rows = getattr(row, name).filter(withdrawn_at=None).order_by("pk")
        return queries.options(rows.exclude(pk=own.pk) if own and name == f"{kind}s" else rows)

    themes: Choices = [(str(one.number), f"{one.number}. {one}") for one in row.themes.order_by("number")]
    instruments = queries.options(registry.instruments(actor))
    institutions = sorted(
        ((one.code, str(one)) for one in registry.institutions(actor)), key=lambda pair: pair[1].casefold()
    )
    if kind == "problem":
        return {"theme": themes, "findings": queries.grounds(actor), "documents": instruments}
    if kind == "objective":
        goals = queries.options(Goal.objects.filter(retired_at=None).order_by("pk"))
        return {"theme": themes, "problems": standing("problems"), "goals": goals}
    if kind == "measure":
        shares = dict.fromkeys(("lead", "support", "consulted", "informed"), institutions)
        return {
            "theme": themes, "objectives": standing("objectives"), **shares, "basis": instruments,
            "function": queries.options(registry.functions(actor)), "territory": queries.options(registry.areas(actor)),
            "safeguards": standing("measures"),
        }  # fmt: skip
    if kind == "action":
        return {
            "measure": standing("measures"), "owner": institutions, "needs": standing("actions"),
            "recommendations": queries.recommendations(actor), "adopts": instruments,
        }  # fmt: skip
    return {"measures": [*standing("actions"), *standing("objectives")]}


def _form_page(
    request: Request, form: StatementForm, problems: tuple[Problem, ...], row: Policy, kind: str,
    own: AnyStatement | None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "problems": problems, "policy": row, "kind": kind, "kind_title": words.KINDS[kind],
               "statement": own}  # fmt: skip
    return render(request, "policy/statement_form.html", context, status=422 if problems or form.errors else 200)
