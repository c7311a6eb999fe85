"""Versions of a policy: the list, one to read, its files; proposing and publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.policy.models import Clause, Policy, Version
from pasaj.policy.queries import coherence
from pasaj.policy.queries import versions as queries
from pasaj.policy.queries.grounds import moved
from pasaj.policy.services import documents
from pasaj.policy.services import versions as services
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over


def version_of(request: Request, code: str, number: int) -> Version:
    rows = visible(Version.objects.select_related("policy__institution", "supersedes"), request.actor)
    return get_object_or_404(rows, policy__code=code, number=number)


@require_safe
def version_list(request: Request, code: str) -> HttpResponse:
    return _list(request, policy_of(request, code))


def _list(request: Request, row: Policy, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    proposal = queries.open_proposal(row)
    context = {
        "policy": row,
        "tabs": tabs(request, row, "version-list"),
        "versions": queries.versions(request.actor, row),
        "drafts": may(request.actor, "view", Clause),
        "proposal": proposal,
        "stops": coherence.checked(row, request.now.date()).stops if may(request.actor, "check", Policy) else (),
        "steps": services.STEPS[row.state] if can(request.actor, "turn", row) else (),
        "may_propose": can(request.actor, "propose", row),
        "may_publish": proposal is not None
        and can(request.actor, "publish", row)
        and proposal.proposer_id != request.actor.id,
        "problems": problems,
        "typed": request.POST if problems else {},
    }
    status = problems[0].kind.status if problems else 200
    return render(request, "policy/versions.html", context, status=status)


@require_POST
def propose(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "propose")
    told = {"note": request.POST.get("note", ""), "public": request.POST.get("public") == "yes"}
    try:
        services.propose(policy=code, **told, actor=request.actor, now=request.now)  # type: ignore[arg-type]
    except Refused as refused:
        return _list(request, row, refused.problems)
    messages.success(request, _("Proposed. Another person publishes it."))
    return redirect("policy:version-list", code=code)


@require_POST
def decide(request: Request, code: str) -> HttpResponse:
    """Publish what is proposed, or send it back."""
    row = policy_of(request, code, "publish")
    try:
        if request.POST.get("step") == "refuse":
            reason = request.POST.get("reason", "")
            services.refuse(policy=code, reason=reason, actor=request.actor, now=request.now)
            messages.success(request, _("Sent back."))
            return redirect("policy:version-list", code=code)
        made = services.publish(policy=code, actor=request.actor, now=request.now)
    except Refused as refused:
        return _list(request, row, refused.problems)
    messages.success(request, _("Published. It stays as it is; what moves later is listed on its page."))
    return redirect("policy:version", code=code, number=made.number)


@require_POST
def turn(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "turn")
    told: dict[str, Any] = {"state": request.POST.get("state", ""), "reason": request.POST.get("reason", "")}
    try:
        services.turn(policy=code, **told, actor=request.actor, now=request.now)
    except Refused as refused:
        return _list(request, row, refused.problems)
    messages.success(request, _("Written down."))
    return redirect("policy:version-list", code=code)


@require_safe
def version(request: Request, code: str, number: int) -> HttpResponse:
    row = version_of(request, code, number)
    language = language_of(request, row)
    cell = may(request.actor, "check", Policy)  # a partner reads the version; its evidence stays with the cell
    said = queries.says(row, language, everybody=not cell)
    if said is None:
        raise Http404
    context = {
        "policy": row.policy,
        "version": row,
        "said": said,
        "passages": queries.passages(row, said, language, everybody=not cell),
        "moved": moved(row.content) if cell else [],
        "tongues_of": tongues(row),
        "everybody": False,
        "cell": cell,
    }
    return render(request, "policy/version.html", context)


@require_safe
def file(request: Request, code: str, number: int, suffix: str) -> FileResponse | HttpResponse:
    row = version_of(request, code, number)
    cell = may(request.actor, "check", Policy)
    if suffix not in documents.FORMS or (suffix == "json" and not cell):
        raise Http404
    language = language_of(request, row)
    released = documents.release_version(
        version=row, language=language, form=suffix, everybody=not cell, actor=request.actor, now=request.now
    )
    name = row.code if suffix == "json" else f"{row.code}-{language}"
    return hand_over(released, f"{name}.{suffix}")


@require_safe
def draft_file(request: Request, code: str, suffix: str) -> FileResponse:
    """The document of today as PDF or Word: a draft, and says so on every page. It tells findings: for the cell."""
    row = policy_of(request, code)
    if suffix not in ("pdf", "docx") or not may(request.actor, "view", Clause):
        raise Http404
    asked = request.GET.get("lang", "") or (get_language() or "").split("-")[0]
    language = asked if asked in row.languages else row.source_language
    released = documents.release_draft(policy=row, language=language, form=suffix, actor=request.actor, now=request.now)
    return hand_over(released, f"{code}-{_('draft')}-{language}.{suffix}")


def language_of(request: Request, row: Version) -> str:
    """The language asked for, else the reader's, else the source language. 404 for one it was not published in."""
    asked = request.GET.get("lang", "")
    if asked and asked not in row.languages:
        raise Http404
    own = (get_language() or "").split("-")[0]
    return asked or (own if own in row.languages else str(row.languages[0]))


def tongues(row: Version) -> list[tuple[str, str]]:
    """The languages it was published in, each with its own name."""
    return [(one, str(get_language_info(one)["name_local"])) for one in row.languages]
