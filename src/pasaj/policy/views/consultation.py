"""Rounds of consultation: those of a policy, one with how far it is, drafted, opened, closed, reported; invitations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.consultation import InviteForm, MinutesForm, ProlongForm, RoundForm
from pasaj.policy.models import AskedClause, Consultation, Policy
from pasaj.policy.queries import asking
from pasaj.policy.queries import consultation as queries
from pasaj.policy.services import comments
from pasaj.policy.services import consultation as services
from pasaj.policy.services.consultation import ConsultationWanted
from pasaj.policy.views.frame import tabs
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request

GET_POST = ["GET", "HEAD", "POST"]
Pairs = list[tuple[str, str]]


def find(request: Request, code: str, action: str = "view") -> Consultation:
    """The round of this code, if the reader may do this with it; else 404."""
    rows = visible(Consultation.objects.select_related("policy"), request.actor)
    row = get_object_or_404(rows, code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


def today(request: Request) -> date:
    """The day on the business clock."""
    return timezone.localdate(request.now)


def language(request: Request, row: Consultation, asked: list[AskedClause]) -> str:
    """Of the text: as the address asks, else the reader's, else the first in which anything is asked."""
    there = asking.languages(asked, row.policy) or [row.policy.source_language]
    wanted = request.GET.get("lang") or (get_language() or "").split("-")[0]
    return wanted if wanted in there else there[0]


def asked_pairs(asked: list[AskedClause]) -> Pairs:
    """The clauses that are asked about, to choose from."""
    return [(one.clause.code, f"{one.number} · {one.clause.code}") for one in asked]


def institutions(row: Consultation) -> Pairs:
    """Those who are asked."""
    return [(one.code, str(one)) for one in row.institutions.order_by("code")]


def own_institutions(request: Request, row: Consultation) -> Pairs:
    """Those who are asked and for which the reader speaks; all of them for a drafter."""
    if can(request.actor, "run", row):
        return institutions(row)
    own = {one.institution for one in request.actor.grants if one.role == "partner"}
    return [one for one in institutions(row) if one[0] in own]


@require_safe
def round_list(request: Request, code: str) -> HttpResponse:
    policy = get_object_or_404(visible(Policy.objects.all(), request.actor), code=code)
    rows = queries.of_policy(request.actor, policy)
    context = {
        "policy": policy, "rounds": rows, "drafts": may(request.actor, "run", Consultation),
        "tabs": tabs(request, policy, "round-list"),
    }  # fmt: skip
    return render(request, "policy/round_list.html", context)


@require_http_methods(GET_POST)
def round_new(request: Request, code: str) -> HttpResponse:
    policy = get_object_or_404(visible(Policy.objects.all(), request.actor), code=code)
    if not may(request.actor, "run", Consultation):
        raise Http404
    form = _round_form(request, policy, request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin(policy=code, wanted=_wanted(form), actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Drafted. Nobody is asked before you open it."))
            return redirect("policy:round", code=made.code)
    context = {"policy": policy, "form": form, "problems": problems}
    return render(request, "policy/round_form.html", context, status=422 if problems or form.errors else 200)


@require_http_methods(GET_POST)
def round_edit(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "run")
    if row.state != Consultation.State.DRAFT:
        raise Http404
    form = _round_form(request, row.policy, request.POST if request.method == "POST" else None, row)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.change(code=code, wanted=_wanted(form), seen=_seen(request), actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("policy:round", code=code)
    context = {"policy": row.policy, "round": row, "form": form, "problems": problems}
    return render(request, "policy/round_form.html", context, status=422 if problems or form.errors else 200)


def _seen(request: Request) -> int:
    found = request.POST.get("seen", "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else 0


def _round_form(request: Request, policy: Policy, data: Any, row: Consultation | None = None) -> RoundForm:
    pairs = sorted(((one.code, str(one)) for one in registry.institutions(request.actor)), key=lambda one: one[1])
    first: dict[str, Any] = {"channels": ["word", "web", "meeting"]}
    if row is not None:
        first = {
            "kind": row.kind, "institutions": [one[0] for one in institutions(row)], "channels": row.channels,
            "first": row.first_date, "last": row.last_date,
            **{f"name_{key}": text for key, text in row.names.items()},
            **{f"about_{key}": text for key, text in row.about_text.items()},
        }  # fmt: skip
    return RoundForm(data, initial=first, languages=policy.languages, institutions=pairs)


def _wanted(form: RoundForm) -> ConsultationWanted:
    given = form.cleaned_data
    return ConsultationWanted(
        given["kind"], form.said("name"), given["first"], given["last"], given["channels"], given["institutions"],
        form.said("about"),
    )  # fmt: skip


@require_safe
def round_page(request: Request, code: str) -> HttpResponse:
    return page(request, find(request, code))


def page(request: Request, row: Consultation, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page of a round."""
    runs = can(request.actor, "run", row)
    context = {
        "round": row,
        "runs": runs,
        "sees_all": may(request.actor, "run", Consultation) or not request.actor.has("partner"),
        "progress": queries.progress(row) if runs or not _only_partner(request) else None,
        "languages_asked": asking.languages(queries.asked(row), row.policy),
        "replies": visible(row.replies.select_related("institution").order_by("pk"), request.actor),
        "comments_here": can(request.actor, "comment", row),
        "replies_here": can(request.actor, "reply", row) and row.is_open,
        "takes": queries.takes(row, today(request)),
        "prolong": ProlongForm(initial={"last": row.last_date}) if runs and row.is_open else None,
        "public_url": request.build_absolute_uri(reverse("policy:consult", args=[row.code])),
        "reports": can(request.actor, "report", row),
        "problems": problems,
    }
    return render(request, "policy/round.html", context, status=problems[0].kind.status if problems else 200)


def _only_partner(request: Request) -> bool:
    return {one.role for one in request.actor.grants} <= {"partner", "chief"}


@require_POST
def round_act(request: Request, code: str) -> HttpResponse:
    """Open, prolong, close or report a round."""
    what = request.POST.get("do", "")
    row = find(request, code, "report" if what == "report" else "run")
    given: dict[str, Any] = {"code": code, "seen": _seen(request), "actor": request.actor, "now": request.now}
    try:
        if what == "open":
            services.begin_asking(**given)
            messages.success(
                request, _("Open. Its clauses stand as they are now, whatever is changed in the document.")
            )
        elif what == "close":
            services.close(**given)
            messages.success(request, _("Closed. Everything said has its answer."))
        elif what == "report":
            services.report(**given)
            messages.success(request, _("Published: everybody can read the report."))
        elif what == "prolong":
            form = ProlongForm(request.POST)
            if not form.is_valid():
                return page(request, row)
            services.prolong(**given, last=form.cleaned_data["last"])
        else:
            raise Http404
    except Refused as refused:
        return page(request, row, refused.problems)
    return redirect("policy:round", code=code)


@require_http_methods(GET_POST)
def invitations(request: Request, code: str) -> HttpResponse:
    """Links for people without an account: a new one is shown this once."""
    row = find(request, code, "run")
    form = InviteForm(request.POST if request.POST.get("do") == "invite" else None, institutions=institutions(row))
    problems: tuple[Problem, ...] = ()
    link = ""
    try:
        if request.POST.get("do") == "revoke":
            number = request.POST.get("invitation", "")
            known = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0
            services.revoke(code=code, invitation=known, actor=request.actor, now=request.now)
            return redirect("policy:round-invitations", code=code)
        if form.is_bound and form.is_valid():
            _made, token = services.invite(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
            base = settings.PASAJ_URL or f"{request.scheme}://{request.get_host()}"
            link = base + reverse("policy:consult-invited", args=[token])
            form = InviteForm(institutions=institutions(row))
    except Refused as refused:
        problems = refused.problems
    context = {
        "round": row, "form": form, "problems": problems, "link": link,
        "invitations": row.invitations.select_related("institution").order_by("-pk"),
    }  # fmt: skip
    return render(request, "policy/round_invitations.html", context, status=422 if problems or form.errors else 200)


@require_http_methods(GET_POST)
def minutes(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "run")
    form = MinutesForm(request.POST or None, institutions=institutions(row))
    problems: tuple[Problem, ...] = ()
    if form.is_bound and form.is_valid():
        tongue = language(request, row, queries.asked(row))
        try:
            made = comments.minutes(
                code=code, **form.cleaned_data, language=tongue, actor=request.actor, now=request.now
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("{count} comments taken down.").format(count=len(made)))
            return redirect("policy:round-comments", code=code)
    context = {"round": row, "form": form, "problems": problems}
    return render(request, "policy/round_minutes.html", context, status=422 if problems or form.errors else 200)
