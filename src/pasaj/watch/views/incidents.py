"""Incidents and sea events: the list and its file, one with its history, and the form to record one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import Institution, localised
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import release
from pasaj.share.views import hand_over
from pasaj.watch.forms.happenings import IncidentForm, standing
from pasaj.watch.models import Incident, IncidentType
from pasaj.watch.queries import incidents as queries
from pasaj.watch.services import incidents as service
from pasaj.watch.services import outgoing
from pasaj.watch.views.series import asked

PAGE = 25


def incident_list(request: Request) -> HttpResponse:
    wanted = _wanted(request)
    page = Paginator(queries.find(request.actor, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, queries.shown(row)) for row in page.object_list],
        "total": page.paginator.count,
        "wanted": wanted,
        "types": queries.used_types(request.actor),
        "places": _places(request),
        "simulated": any(row.origin == "demo" for row in page.object_list),
        "may_record": may(request.actor, "record", Incident),
        "query": request.GET.urlencode(),
    }
    return render(request, "watch/incident_list.html", context)


def _wanted(request: Request) -> queries.Filter:
    return queries.Filter(
        type=request.GET.get("type", ""),
        domain=request.GET.get("domain", ""),
        place=request.GET.get("place", ""),
        first=asked(request, "from"),
        last=asked(request, "to"),
    )


def _places(request: Request) -> list[tuple[str, str]]:
    """The places of the incidents the reader may see, for the filter."""
    rows = visible(Incident.objects.current(), request.actor)
    crossings = rows.exclude(crossing=None).values_list("crossing__code", "crossing__name")
    areas = rows.exclude(area=None).values_list("area__code", "area__names")
    found = dict(crossings) | {code: localised(names) for code, names in areas}
    return sorted(found.items(), key=lambda pair: pair[1])


def incidents_csv(request: Request) -> FileResponse:
    if not may(request.actor, "view", Incident):
        raise Http404
    wanted = _wanted(request)
    question = {name: request.GET[name] for name in ("type", "domain", "place", "from", "to") if request.GET.get(name)}
    parcel = outgoing.incidents(queries.find(request.actor, wanted), form="csv", kind="table", question=question)
    released = release(parcel=parcel, audience=Audience.AMBER, actor=request.actor, now=request.now)
    return hand_over(released, "incidents.csv")


def find(request: Request, code: str) -> Incident:
    """The last revision of the incident, if it may be seen; else 404."""
    found = queries.latest(request.actor, code)
    if found is None:
        raise Http404
    return found


def incident(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


def _page(request: Request, row: Incident, problems: tuple[Problem, ...] = (), status: int = 200) -> HttpResponse:
    revisions = queries.revisions(request.actor, row.code)
    context = {
        "incident": row,
        "quantities": queries.shown(row),
        "definition": localised(row.type.definitions),
        "revisions": [(one, queries.shown(one)) for one in revisions],
        "may_note": can(request.actor, "note", row),
        "may_correct": can(request.actor, "correct", row),
        "problems": problems,
    }
    return render(request, "watch/incident.html", context, status=status)


def incident_new(request: Request) -> HttpResponse:
    """First the type, with its definition; then what may be said of it."""
    if not may(request.actor, "record", Incident):
        raise Http404
    kinds = list(queries.types(request.actor))
    wanted = request.GET.get("type", "")
    kind = next((one for one in kinds if one.code == wanted), None)
    if kind is None:
        if wanted or request.method == "POST":
            raise Http404
        choices = [(one, localised(one.definitions)) for one in kinds]
        return render(request, "watch/incident_type.html", {"kinds": choices})
    form = _form(request, kind, {"first": request.now.date(), "place": request.GET.get("place", "")})
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = service.record(**form.given(), actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("Incident %(code)s is recorded.") % {"code": row.code})
            return redirect("watch:incident", code=row.code)
    return _form_page(request, kind, form, problems)


def incident_correct(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    if not can(request.actor, "correct", row):
        raise Http404
    form = _form(request, row.type, standing(row))
    seen = request.POST.get("seen", str(row.revision))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = {**form.given(), "code": code, "seen": int(seen) if seen.isdecimal() and len(seen) < 10 else 0}
        try:
            service.correct(**given, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
            seen = str(row.revision)
        else:
            messages.success(request, _("The correction is stored."))
            return redirect("watch:incident", code=code)
    return _form_page(request, row.type, form, problems, incident=row, seen=seen)


@require_POST
def incident_withdraw(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    if not can(request.actor, "correct", row):
        raise Http404
    seen = request.POST.get("seen", "")
    try:
        service.withdraw(
            code=code,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            note=request.POST.get("note", "").strip(),
            actor=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, row, refused.problems, refused.problems[0].kind.status)
    messages.success(request, _("Incident %(code)s is taken back.") % {"code": code})
    return redirect("watch:incident", code=code)


def _form(request: Request, kind: IncidentType, initial: dict[str, Any]) -> IncidentForm:
    services = visible(Institution.objects.filter(retired_at=None, country=""), request.actor).order_by("code")
    return IncidentForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        places=queries.places(request.actor, kind),
        services=list(services),
        initial=initial,
    )


def _form_page(
    request: Request, kind: IncidentType, form: IncidentForm, problems: tuple[Problem, ...], **more: Any
) -> HttpResponse:
    context = {"kind": kind, "definition": localised(kind.definitions), "form": form, "problems": problems, **more}
    return render(request, "watch/incident_form.html", context, status=422 if form.errors or problems else 200)
