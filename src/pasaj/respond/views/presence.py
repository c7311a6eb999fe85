"""Who does what where, and the capacity of reception places."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import Institution
from pasaj.registry.queries import Request
from pasaj.respond.forms.duty import PresenceForm
from pasaj.respond.models import Presence
from pasaj.respond.queries import capacity, choices
from pasaj.respond.queries import presence as queries
from pasaj.respond.services import duty_files, presence
from pasaj.share.models import Audience
from pasaj.share.services import release
from pasaj.share.views import hand_over
from pasaj.watch.models import Observation


def _asked(request: Request) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:40] for name in ("institution", "function", "place")}


def _reader(request: Request) -> None:
    if not may(request.actor, "view", Presence):
        raise Http404


@require_safe
def presence_list(request: Request) -> HttpResponse:
    """Partners by places, as it stands today; below it every entry."""
    _reader(request)
    rows = queries.find(request.actor, **_asked(request))
    changeable = set(visible(rows, request.actor, "set").values_list("pk", flat=True))
    entries = list(rows)
    today = request.now.date()
    now = [
        one for one in entries if one.presence_start <= today and (not one.presence_end or one.presence_end >= today)
    ]
    context = {
        "matrix": queries.matrix(now),
        "entries": [(one, one.pk in changeable, one not in now) for one in entries],
        "asked": _asked(request),
        "functions": choices.functions(request.actor),
        "may_add": may(request.actor, "contribute", Institution),
        "simulated": any(one.origin == "demo" for one in entries),
        "today": today,
        "query": request.GET.urlencode(),
    }
    return render(request, "respond/presence_list.html", context)


@require_safe
def presence_csv(request: Request) -> FileResponse:
    _reader(request)
    question = {name: value for name, value in _asked(request).items() if value}
    parcel = duty_files.presence_parcel(
        queries.find(request.actor, **_asked(request)), form="csv", kind="table", question=question
    )
    return hand_over(
        release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now), "who-does-what-where.csv"
    )


def presence_new(request: Request) -> HttpResponse:
    if not may(request.actor, "contribute", Institution):
        raise Http404
    return _form(request, None)


def presence_edit(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(visible(Presence.objects.all(), request.actor), code=code)
    if not can(request.actor, "set", row):
        raise Http404
    return _form(request, row)


def _form(request: Request, row: Presence | None) -> HttpResponse:
    form = PresenceForm(
        request.POST if request.method == "POST" else None,
        institutions=choices.institutions(request.actor, "contribute"),
        functions=choices.functions(request.actor),
        places=choices.where(request.actor),
        initial=_standing(row) if row else {"first": request.now.date()},
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = presence.put(where=form.where(), code=row.code if row else "", actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("%(code)s is entered.") % {"code": made.code})
            return redirect("respond:presence-list")
    context = {"form": form, "problems": problems, "entry": row}
    return render(request, "respond/presence_form.html", context, status=422 if problems or form.errors else 200)


def _standing(row: Presence) -> dict[str, object]:
    return {
        "institution": row.institution.code, "function": row.function.code, "place": row.place.code,
        "first": row.presence_start, "last": row.presence_end, "capacity_note": row.capacity_note,
        "source_note": row.source_note, "verify": row.verify,
    }  # fmt: skip


@require_POST
def presence_withdraw(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(visible(Presence.objects.all(), request.actor), code=code)
    if not can(request.actor, "set", row):
        raise Http404
    try:
        presence.withdraw(code=code, actor=request.actor, now=request.now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(code)s is taken back.") % {"code": code})
    return redirect("respond:presence-list")


@require_safe
def capacity_page(request: Request) -> HttpResponse:
    """How full each place of reception is, as far as the reader may see the counts."""
    if not may(request.actor, "view", Observation):
        raise Http404
    rows = capacity.receptions(request.actor, request.now)
    context = {
        "receptions": rows,
        "full": sum(one.judged.alarm for one in rows),
        "simulated": any(one.simulated for one in rows),
        "rules": capacity.rules(),
    }
    return render(request, "respond/capacity.html", context)
