"""A public version for everybody: no sign-in, no script needed. Of any other nobody learns here that it exists."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.policy.models import Version
from pasaj.policy.queries import versions as queries
from pasaj.policy.services import documents
from pasaj.policy.views.versions import language_of, tongues
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over


def _found(code: str, number: int | None) -> Version:
    row = queries.public(code, number)
    if row is None:
        raise Http404
    return row


@require_safe
def policy(request: Request, code: str, number: int | None = None) -> HttpResponse:
    row = _found(code, number)
    language = language_of(request, row)
    said = queries.says(row, language, everybody=True)
    if said is None:
        raise Http404
    newest = queries.public(code)
    context = {
        "policy": row.policy,
        "version": row,
        "said": said,
        "passages": queries.passages(row, said, language, everybody=True),
        "tongues_of": tongues(row),
        "newest": newest if newest and newest.number != row.number else None,
        "before": queries.public_before(row),
        "everybody": True,
    }
    return render(request, "policy/version.html", context)


@require_safe
def changes(request: Request, code: str, number: int) -> HttpResponse:
    """In what a version reads otherwise than the one that everybody read before."""
    row = _found(code, number)
    before = queries.public_before(row)
    if before is None:
        raise Http404
    language = language_of(request, row)
    context = {
        "policy": row.policy,
        "version": row,
        "before": before,
        "language": language,
        "apart": queries.apart(before, row, language),
        "tongues_of": tongues(row),
    }
    return render(request, "policy/public_changes.html", context)


@require_safe
def file(request: Request, code: str, number: int, suffix: str) -> FileResponse:
    row = _found(code, number)
    if suffix not in ("pdf", "docx"):
        raise Http404
    language = language_of(request, row)
    released = documents.release_version(
        version=row, language=language, form=suffix, everybody=True, actor=request.actor, now=request.now
    )
    return hand_over(released, f"{row.code}-{language}.{suffix}")
