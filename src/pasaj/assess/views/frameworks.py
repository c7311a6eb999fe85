"""Frameworks to be read: the list, one version by pillar, two versions side by side, and the file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.access.rules import can, may
from pasaj.assess.forms.frameworks import ComparisonForm, IndicatorFilter
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.assess.queries import frameworks as queries
from pasaj.assess.services import exports
from pasaj.core import framework as core
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

FILES = {"xlsx": "book", "zip": "zip"}


@require_safe
def framework_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Framework):
        raise Http404
    context = {"frameworks": queries.listed(request.actor), "may_upload": may(request.actor, "upload", Framework)}
    return render(request, "assess/framework_list.html", context)


def find(request: Request, code: str, version: str = "") -> FrameworkVersion:
    """A version that may be seen (without a name: the one in use, else the draft); 404 where there is none."""
    found = queries.version(request.actor, code, version)
    if found is None and not version:
        found = queries.versions(request.actor).filter(framework__code=code).first()
    if found is None:
        raise Http404
    return found


@require_safe
def framework(request: Request, code: str, version: str = "") -> HttpResponse:
    return page(request, find(request, code, version))


def page(request: Request, row: FrameworkVersion, **more: Any) -> HttpResponse:
    """One version by pillar."""
    said, form = row.framework_said, IndicatorFilter(request.GET)
    groups = queries.groups(said, **form.chosen)
    shown = [one for group in groups for one in group.indicators]
    listed = queries.framework(request.actor, row.framework.code)
    in_use = listed.in_use if listed else None
    context = {
        "row": row,
        "said": said,
        "groups": groups,
        "shown": len(shown),
        "filtered": any(form.chosen.values()),
        "points": queries.points(shown),
        "units": core.UNITS,
        "form": form,
        "versions": listed.versions if listed else (),
        "in_use": in_use,
        "is_in_use": bool(in_use and in_use.pk == row.pk),
        "may_publish": can(request.actor, "publish", row),
        "may_discard": can(request.actor, "discard", row),
        "may_upload": may(request.actor, "upload", Framework),
        **more,
    }
    return render(request, "assess/framework.html", context, status=422 if more.get("problems") else 200)


@require_safe
def compare(request: Request, code: str) -> HttpResponse:
    """What differs between two versions; without a choice the one in use against the one before it."""
    listed = queries.framework(request.actor, code)
    if listed is None:
        raise Http404
    held = [one.version for one in listed.versions]
    wanted = {"before": held[min(1, len(held) - 1)], "after": held[0]}
    form = ComparisonForm({**wanted, **request.GET.dict()}, versions=held)
    before = after = difference = None
    names, questions = {}, {}
    if form.is_valid():
        before, after = (find(request, code, form.cleaned_data[name]) for name in ("before", "after"))
        difference = core.compare(before.framework_said, after.framework_said)
        both = (before.framework_said, after.framework_said)
        names = {pillar.code: pillar.names for said in both for pillar in said.pillars}
        questions = {one.code: one.questions for said in both for one in said.indicators}
    context = {
        "listed": listed,
        "form": form,
        "before": before,
        "after": after,
        "difference": difference,
        "names": names,
        "questions": questions,
        "counts": difference.counts() if difference else {},
        "title": after or listed.newest,
    }
    return render(request, "assess/framework_compare.html", context, status=200 if difference else 422)


@require_safe
def file(request: Request, code: str, version: str, suffix: str) -> FileResponse:
    """The framework as a workbook, or its tables in a zip."""
    if suffix not in FILES:
        raise Http404
    row = find(request, code, version)
    released = exports.export(version=row, form=FILES[suffix], actor=request.actor, now=request.now)
    return hand_over(released, f"{code}-{version}.{suffix}")
