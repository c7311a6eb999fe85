"""Which objectives of a policy serve which goals: the crosswalk and its files."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.policy.queries import alignment as queries
from pasaj.policy.services import alignment as exports
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

FORMS = ("csv", "xlsx")


@require_safe
def alignment(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "check")
    frameworks = queries.frameworks()
    framework = request.GET.get("framework", "")
    framework = framework if framework in frameworks else ""
    whole = request.GET.get("show", "") == "all"
    everything = queries.crosswalk(row)
    context = {
        "policy": row,
        "tabs": tabs(request, row, "alignment"),
        "crosswalk": queries.crosswalk(row, framework=framework, gaps=not whole),
        "everything": everything,
        "frameworks": {name: name for name in frameworks},
        "framework": framework,
        "show": "all" if whole else "",
        "reach": [(str(word), tone) for word, tone in queries.REACH.values()],
    }
    return render(request, "policy/alignment.html", context)


@require_safe
def alignment_file(request: Request, code: str, form: str) -> FileResponse:
    row = policy_of(request, code, "check")
    if form not in FORMS:
        raise Http404
    released = exports.export(row=row, form=form, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-alignment.{form}")
