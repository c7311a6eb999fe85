"""Rounds of an assessment: made, opened, followed, closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.models import Account
from pasaj.access.rules import can, may
from pasaj.assess.forms.rounds import AssessorForm, RoundForm
from pasaj.assess.models import Round
from pasaj.assess.queries import pages, reports
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import rounds
from pasaj.collect import jobs
from pasaj.collect.models import AppUser
from pasaj.core.problems import Problem, Refused
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request

ANSWERING = ("lead", "analyst", "duty", "admin")  # who may fill a form in the browser


def find(request: Request, code: str, action: str = "view") -> Round:
    """The round of this code, if the reader may do this with it; else 404."""
    row = get_object_or_404(queries.find(request.actor), code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


@require_safe
def round_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Round):
        raise Http404
    context = {"rounds": pages.listed(request.actor), "may_run": may(request.actor, "run", Round)}
    return render(request, "assess/round_list.html", context)


def country_code(request: Request) -> str:
    """The country as a unit: the area of its own, else the pack."""
    return registry.nation() or request.home.code.upper()


def round_new(request: Request) -> HttpResponse:
    if not may(request.actor, "run", Round):
        raise Http404
    form = RoundForm(request.POST or None, actor=request.actor, country=country_code(request))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = rounds.create(
                framework=form.cleaned_data["framework"], wanted=form.wanted(), actor=request.actor, now=request.now
            )
            return redirect("assess:round", code=row.code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, None)


def round_edit(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "run")
    if row.state == Round.State.CLOSED:
        raise Http404
    units = row.units.all()
    initial = {
        "title": row.title,
        "starts": row.period_start,
        "ends": row.period_end,
        "photos": row.pictures,
        "mapping": row.mapping,
        "country": any(one.sort == "country" for one in units),
        "institutions": [one.code for one in units if one.sort == "institution" and one.assessed],
        "partners": [one.code for one in units if not one.assessed],
        "crossings": [one.code for one in units if one.sort == "crossing_point"],
    }
    form = RoundForm(request.POST or None, initial=initial, actor=request.actor, country=country_code(request), row=row)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            rounds.change(code=code, wanted=form.wanted(row), actor=request.actor, now=request.now)
            return redirect("assess:round", code=code)
        except Refused as refused:
            problems = refused.problems
    return _form_page(request, form, problems, row)


def _form_page(request: Request, form: RoundForm, problems: tuple[Problem, ...], row: Round | None) -> HttpResponse:
    context = {"form": form, "problems": problems, "round": row}
    return render(request, "assess/round_form.html", context, status=422 if problems or form.errors else 200)


@require_safe
def round_page(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


def _page(
    request: Request, row: Round, problems: tuple[Problem, ...] = (), form: AssessorForm | None = None
) -> HttpResponse:
    found = queries.result(row)
    may_run = can(request.actor, "run", row)
    open_ = row.state != Round.State.CLOSED
    context = {
        "round": row,
        "found": found,
        "progress": pages.progress(found),
        "tabs": tabs(row, "round"),
        "forms": pages.forms(row),
        "assessors": pages.assessors(row),
        "outdated": pages.outdated(row),
        "newer": pages.newer_version(row),
        "edition": reports.editions(request.actor, row).first(),
        "problems": problems,
        "may_run": may_run and open_,
        "assessor_form": (form or _assessor_form(request, row)) if may_run and open_ else None,
    }
    return render(request, "assess/round.html", context, status=422 if problems else 200)


def _assessor_form(request: Request, row: Round) -> AssessorForm:
    taken = row.assessors.values_list("app_user_id", "account_id")
    real_now = timezone.now()
    keys = AppUser.objects.filter(revoked_at=None, expires_at__gt=real_now).exclude(pk__in=[a for a, _b in taken if a])
    roles = Q(memberships__role__in=ANSWERING, memberships__ended_at=None, is_active=True)
    accounts = Account.objects.filter(roles).exclude(pk__in=[b for _a, b in taken if b]).distinct().order_by("email")
    units = pages.unit_choices(row)
    known = [(one.code, one.who) for one in pages.assessors(row)]
    return AssessorForm(
        request.POST or None,
        keys=list(keys.order_by("code")),
        accounts=list(accounts),
        assessors=known,
        units=units,
    )


@require_POST
def assessor_add(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "run")
    form = _assessor_form(request, row)
    if not form.is_valid():
        return _page(request, row, form=form)
    try:
        _name(code, form, request)
    except Refused as refused:
        return _page(request, row, refused.problems, form)
    return redirect("assess:round", code=code)


def _name(code: str, form: AssessorForm, request: Request) -> None:
    if form.assessor:
        units = form.cleaned_data["units"]
        rounds.assign(code=code, assessor=form.assessor, units=units, actor=request.actor, now=request.now)
    else:
        rounds.add_assessor(code=code, **form.chosen(), actor=request.actor, now=request.now)


@require_POST
def round_open(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "run")
    try:
        handed = rounds.publish(code=code, wake=jobs.wake, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, refused.problems)
    if handed:
        messages.success(request, _("The forms are being made. Phones are offered them within a minute."))
    else:
        messages.info(request, _("The forms say already what the round looks at."))
    return redirect("assess:round", code=code)


@require_POST
def round_close(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "run")
    try:
        with transaction.atomic():
            rounds.close(code=code, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, refused.problems)
    messages.success(request, _("The round is closed. Its answers stay."))
    return redirect("assess:round", code=code)


def tabs(row: Round, here: str) -> list[dict[str, Any]]:
    """The pages of a round beside each other."""
    words = {
        "round": _("Course"),
        "results": _("Results"),
        "differences": _("Disagreements"),
        "mapping-exchange": _("Between institutions"),
        "findings": _("Findings"),
        "priorities": _("Priorities"),
        "recommendations": _("Recommendations"),
        "report": _("Report"),
    }
    return [
        {"label": label, "url": reverse(f"assess:{name}", args=[row.code]), "here": name == here}
        for name, label in words.items()
    ]
