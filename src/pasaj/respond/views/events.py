"""The register of events and rumours: the list, one with its steps, what people do with it, and the answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request
from pasaj.respond.forms.duty import EventForm, SettleForm, StepForm
from pasaj.respond.models import Alert, Event, LogEntry
from pasaj.respond.queries import choices, duty
from pasaj.respond.queries import events as queries
from pasaj.respond.services import duty_files, events
from pasaj.share.models import Audience
from pasaj.share.services import release
from pasaj.share.views import hand_over

PAGE = 25


def _wanted(request: Request) -> queries.Filter:
    return queries.Filter(**{name: request.GET.get(name, "")[:40] for name in ("state", "source", "hazard", "place")})


@require_safe
def event_list(request: Request) -> HttpResponse:
    _reader(request)
    wanted = _wanted(request)
    page = Paginator(queries.find(request.actor, wanted), PAGE).get_page(request.GET.get("page"))
    states = [("open", _("To be verified")), *((state, word) for state, (word, _tone) in queries.STATES.items())]
    context = {
        "page": page,
        "total": page.paginator.count,
        "wanted": wanted,
        "states": states,
        "sources": queries.SOURCES,
        "hazards": queries.HAZARDS,
        "simulated": any(row.origin == "demo" for row in page.object_list),
        "may_report": may(request.actor, "report", Event),
        "may_answers": may(request.actor, "follow", Event),
        "query": request.GET.urlencode(),
    }
    return render(request, "respond/event_list.html", context)


def _reader(request: Request) -> None:
    if not may(request.actor, "view", Event):
        raise Http404


@require_safe
def events_csv(request: Request) -> FileResponse:
    _reader(request)
    question = {name: request.GET[name] for name in ("state", "source", "hazard", "place") if request.GET.get(name)}
    parcel = duty_files.event_parcel(
        queries.find(request.actor, _wanted(request)), form="csv", kind="table", question=question
    )
    released = release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now)
    return hand_over(released, "events.csv")


def event_new(request: Request) -> HttpResponse:
    """Report an event; `?log=LG-2026-0001` fills in what a line of the log says."""
    if not may(request.actor, "report", Event):
        raise Http404
    form = EventForm(
        request.POST if request.method == "POST" else None,
        places=choices.places(request.actor),
        institutions=choices.institutions(request.actor, "tell"),
        initial=_from_log(request),
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = events.report(said=form.said(), actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("Event %(code)s is in the register.") % {"code": row.code})
            return redirect("respond:event", code=row.code)
    context = {"form": form, "problems": problems}
    return render(request, "respond/event_form.html", context, status=422 if problems or form.errors else 200)


def _from_log(request: Request) -> dict[str, Any]:
    row = duty.entries(request.actor).filter(code=request.GET.get("log", "")[:20]).first()
    if row is None:
        return {"source": Event.Source.OFFICIAL if request.actor.has("chief") else Event.Source.PARTNER}
    return {
        "what": row.text,
        "place": row.crossing.code if row.crossing else "",
        "institution": row.institution.code if row.institution else "",
        "source": Event.Source.RADIO if row.kind == LogEntry.Kind.RADIO else Event.Source.OFFICIAL,
        "reported_at": row.at,
        "log_entry": row.code,
    }


@require_safe
def event(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


def find(request: Request, code: str) -> Event:
    """The event of this code if the actor may see it, else 404."""
    return get_object_or_404(queries.find(request.actor), code=code)


def _page(
    request: Request,
    row: Event,
    problems: tuple[Problem, ...] = (),
    step: StepForm | None = None,
    settle: SettleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    follows = can(request.actor, "follow", row)
    verifies = can(request.actor, "verify", row)
    possible = events.possible(row) if verifies else ()
    context = {
        "event": row,
        "problems": problems,
        "follows": follows,
        "steps": list(queries.steps(row)) if follows else [],
        "step_form": (step or _step_form(request)) if "step" in possible else None,
        "settle_form": (settle or SettleForm()) if "step" in possible else None,
        "may_reopen": "reopen" in possible,
        "may_raise": "raise" in possible,
        "log": list(duty.about(request.actor, row.code)[:20]),
        "may_write": may(request.actor, "write", LogEntry),
        "draft_url": _draft_url(row) if may(request.actor, "draft", Alert) else "",
    }
    return render(request, "respond/event.html", context, status=status)


def _draft_url(row: Event) -> str:
    """Where an alert is drafted from this event; empty while nobody has confirmed it."""
    return f"{reverse('respond:alert-new')}?event={row.code}" if row.state == Event.State.CONFIRMED else ""


def _step_form(request: Request, given: Any = None) -> StepForm:
    return StepForm(given, institutions=choices.institutions(request.actor), roles=choices.roles())


def _verified(request: Request, code: str) -> Event:
    row = find(request, code)
    if not can(request.actor, "verify", row):
        raise Http404
    return row


@require_POST
def event_step(request: Request, code: str) -> HttpResponse:
    row = _verified(request, code)
    form = _step_form(request, request.POST)
    if not form.is_valid():
        return _page(request, row, step=form, status=422)
    try:
        events.step(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, form.explain(refused.problems), step=form, status=refused.problems[0].kind.status)
    messages.success(request, _("The step is written down."))
    return redirect("respond:event", code=code)


@require_POST
def event_settle(request: Request, code: str) -> HttpResponse:
    row = _verified(request, code)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, settle=form, status=422)
    seen = request.POST.get("seen", "")[:20]
    try:
        events.settle(code=code, **form.cleaned_data, seen=seen, actor=request.actor, now=request.now)
    except Refused as refused:
        status = refused.problems[0].kind.status
        return _page(request, find(request, code), form.explain(refused.problems), settle=form, status=status)
    messages.success(request, _("The outcome is written down."))
    return redirect("respond:event", code=code)


@require_POST
def event_reopen(request: Request, code: str) -> HttpResponse:
    row = _verified(request, code)
    try:
        events.reopen(code=code, reason=request.POST.get("reason", ""), actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, refused.problems, status=refused.problems[0].kind.status)
    return redirect("respond:event", code=code)


@require_POST
def event_raise(request: Request, code: str) -> HttpResponse:
    """Make a confirmed event a signal; from there it goes the way of signals."""
    row = _verified(request, code)
    protection = bool(request.POST.get("protection"))
    try:
        signal = events.raise_signal(code=code, protection=protection, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, refused.problems, status=refused.problems[0].kind.status)
    messages.success(request, _("Signal %(code)s is raised.") % {"code": signal.code})
    return redirect("watch:signal", code=signal.code)


@require_safe
def answer_list(request: Request) -> HttpResponse:
    """Rumours that were refuted, and what may be told of them."""
    if not may(request.actor, "follow", Event):
        raise Http404
    page = Paginator(queries.answers(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "respond/answer_list.html", {"page": page})


@require_safe
def answers_text(request: Request) -> HttpResponseBase:
    """The answers as a text for the public. The gate refuses what holds a count, even one typed long ago."""
    if not may(request.actor, "follow", Event):
        raise Http404
    parcel = duty_files.answers_text(queries.answers(request.actor)[:PAGE])
    try:
        released = release(parcel=parcel, audience=Audience.CLEAR, actor=request.actor, now=request.now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("respond:answer-list")
    return hand_over(released, "answers.txt")
