"""The duty room: its page, the log with its archive, and handovers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may
from pasaj.core.problems import Problem, Refused
from pasaj.notify.queries import directory, people
from pasaj.registry.queries import Request
from pasaj.respond.forms.duty import EntryForm, HandoverForm, QuickForm, standing
from pasaj.respond.models import Event, Handover, LogEntry
from pasaj.respond.queries import capacity, choices
from pasaj.respond.queries import duty as queries
from pasaj.respond.queries import events as event_queries
from pasaj.respond.services import duty_files, handover, log
from pasaj.share.models import Audience
from pasaj.share.services import release
from pasaj.share.views import hand_over
from pasaj.watch.views.series import asked

PAGE = 50
SHIFT = timedelta(hours=12)


def room(request: Request) -> HttpResponse:
    """The page of whoever is on duty; the form on top writes one line."""
    _cell(request)
    form = QuickForm(request.POST if request.method == "POST" else None, contacts=choices.contacts(request.actor))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        _writer(request)
        if form.is_valid():
            try:
                row = log.write(line=form.line(), actor=request.actor, now=request.now)
            except Refused as refused:
                problems = form.explain(refused.problems)
            else:
                messages.success(request, _("%(code)s is in the log.") % {"code": row.code})
                return redirect("respond:duty")
    today, names = request.now.date(), people.role_names()
    context = {
        "form": form if may(request.actor, "write", LogEntry) else None,
        "problems": problems,
        "today": today,
        "entries": list(queries.of_day(request.actor, today)),
        "on_call": [(one, names.get(one.role, one.role)) for one in directory.on_call(request.now)],
        "open_items": [one.plain() | {"since": one.since} for one in queries.open_items(request.actor, request.now)],
        "events": list(event_queries.find(request.actor, event_queries.Filter(state="open"))[:10]),
        "receptions": capacity.receptions(request.actor, request.now),
        "waiting": queries.handovers(request.actor).filter(accepted_at=None).first(),
        "last": queries.handovers(request.actor).exclude(accepted_at=None).first(),
        "may_write": may(request.actor, "write", LogEntry),
        "may_report": may(request.actor, "report", Event),
        "may_prepare": may(request.actor, "prepare", Handover),
    }
    return render(request, "respond/duty.html", context, status=422 if problems or form.errors else 200)


def _cell(request: Request) -> None:
    if not may(request.actor, "view", LogEntry):
        raise Http404


def _writer(request: Request) -> None:
    if not may(request.actor, "write", LogEntry):
        raise Http404


# --- The log -----------------------------------------------------------------------------------


@require_safe
def log_list(request: Request) -> HttpResponse:
    """The archive: by day, or every line that holds a text."""
    _cell(request)
    text = request.GET.get("q", "").strip()[:100]
    rows = queries.holding(request.actor, text) if text else queries.entries(request.actor)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    day = asked(request, "day")
    if day:
        return redirect("respond:log-day", day=day.isoformat())
    return render(request, "respond/log_list.html", {"page": page, "text": text, "total": page.paginator.count})


@require_safe
def log_day(request: Request, day: str) -> HttpResponse:
    """The main courante of one day in the order of the clock, for reading and for paper."""
    _cell(request)
    wanted = _day(day)
    entries = list(queries.of_day(request.actor, wanted).order_by("at", "pk"))
    context = {
        "day": wanted,
        "entries": entries,
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1) if wanted < request.now.date() else None,
        "simulated": any(one.origin == "demo" for one in entries),
    }
    return render(request, "respond/log_day.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@require_safe
def log_entry(request: Request, code: str) -> HttpResponse:
    """One line, with what it corrects and what was made of it."""
    row = get_object_or_404(queries.entries(request.actor), code=code)
    context = {
        "entry": row,
        "events": list(event_queries.find(request.actor).filter(log_entry=row)),
        "may_correct": may(request.actor, "write", LogEntry) and not hasattr(row, "corrected_by"),
        "may_report": may(request.actor, "report", Event),
    }
    return render(request, "respond/log_entry.html", context)


def log_new(request: Request) -> HttpResponse:
    """A whole line: with the time, the role and what it is about. `?ref=` fills the last."""
    _cell(request)
    _writer(request)
    initial = {name: request.GET.get(name, "")[:60] for name in ("ref", "kind", "who")}
    return _entry_form(request, None, initial)


def log_correct(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(queries.entries(request.actor), code=code)
    _writer(request)
    return _entry_form(request, row, standing(row))


def _entry_form(request: Request, row: LogEntry | None, initial: dict[str, Any]) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    form = EntryForm(given, contacts=choices.contacts(request.actor), roles=choices.roles(), initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            if row is None:
                made = log.write(line=form.line(), actor=request.actor, now=request.now)
            else:
                made = log.correct(code=row.code, line=form.line(), actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("%(code)s is in the log.") % {"code": made.code})
            return redirect("respond:log-entry", code=made.code)
    context = {"form": form, "problems": problems, "entry": row}
    return render(request, "respond/log_form.html", context, status=422 if problems or form.errors else 200)


@require_safe
def log_csv(request: Request) -> FileResponse:
    """The log of a period, for the cell."""
    _cell(request)
    rows = queries.entries(request.actor)
    first, last = asked(request, "from"), asked(request, "to")
    zone = request.home.zone
    question: dict[str, object] = {}
    if first:
        rows, question["from"] = rows.filter(at__date__gte=first), first.isoformat()
    if last:
        rows, question["to"] = rows.filter(at__date__lte=last), last.isoformat()
    parcel = duty_files.log_parcel(rows.order_by("at", "pk"), form="csv", kind="table", question=question)
    released = release(parcel=parcel, audience=Audience.STRICT, actor=request.actor, now=request.now.astimezone(zone))
    return hand_over(released, "duty-log.csv")


# --- Handovers ---------------------------------------------------------------------------------


@require_safe
def handover_list(request: Request) -> HttpResponse:
    _cell(request)
    page = Paginator(queries.handovers(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "respond/handover_list.html", {"page": page, "may_prepare": _may_prepare(request)})


def _may_prepare(request: Request) -> bool:
    return may(request.actor, "prepare", Handover)


def handover_new(request: Request) -> HttpResponse:
    """Prepare a handover with what is open now, or the waiting one again."""
    if not _may_prepare(request):
        raise Http404
    waiting = queries.handovers(request.actor).filter(accepted_at=None).first()
    last = queries.handovers(request.actor).exclude(accepted_at=None).first()
    if waiting:
        initial: dict[str, Any] = {name: getattr(waiting, name) for name in ("started_at", "ended_at", "note")}
    else:
        recent = last is not None and request.now - last.ended_at < timedelta(days=2)
        started = last.ended_at if last is not None and recent else request.now - SHIFT
        initial = {"started_at": started, "ended_at": request.now}
    form = HandoverForm(request.POST if request.method == "POST" else None, initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            code = waiting.code if waiting else ""
            row = handover.prepare(**form.cleaned_data, code=code, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            return redirect("respond:handover", code=row.code)
    open_items = [one.plain() | {"since": one.since} for one in queries.open_items(request.actor, request.now)]
    context = {"form": form, "problems": problems, "waiting": waiting, "open_items": open_items}
    return render(request, "respond/handover_form.html", context, status=422 if problems or form.errors else 200)


@require_safe
def handover_page(request: Request, code: str) -> HttpResponse:
    return _handover(request, get_object_or_404(queries.handovers(request.actor), code=code))


def _handover(request: Request, row: Handover, problems: tuple[Problem, ...] = (), status: int = 200) -> HttpResponse:
    shift = queries.entries(request.actor).filter(at__gte=row.started_at, at__lte=row.ended_at)
    context = {
        "handover": row,
        "problems": problems,
        "open_items": row.snapshot,
        "entries": list(shift[:200]),
        "may_accept": can(request.actor, "accept", row),
        "may_prepare": can(request.actor, "prepare", row),
    }
    return render(request, "respond/handover.html", context, status=status)


@require_POST
def handover_accept(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(queries.handovers(request.actor), code=code)
    if not may(request.actor, "accept", Handover):
        raise Http404
    seen = row.prepared_at if request.POST.get("seen") == row.prepared_at.isoformat() else row.started_at
    try:
        handover.accept(code=code, seen=seen, actor=request.actor, now=request.now)
    except Refused as refused:
        return _handover(request, row, refused.problems, refused.problems[0].kind.status)
    messages.success(request, _("You have taken over. The handover stays as it is."))
    return redirect("respond:handover", code=code)
