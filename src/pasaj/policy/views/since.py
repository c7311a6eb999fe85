"""What changed under a policy since a version or a day, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe

from pasaj.access.rules import may
from pasaj.core.problems import Refused
from pasaj.policy.models import Policy, Problem, Version
from pasaj.policy.queries import changes
from pasaj.policy.queries.changes import start_of
from pasaj.policy.queries.versions import versions
from pasaj.policy.services import documents
from pasaj.policy.views.frame import policy_of, tabs
from pasaj.policy.views.versions import version_of
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

NOW = "now"


@dataclass(frozen=True, slots=True)
class Asked:
    """From where to where. start: a version or a day, None where there is nothing before. end: None until today."""

    start: Version | date | None
    end: Version | None

    @property
    def version(self) -> Version | None:
        return self.start if isinstance(self.start, Version) else None

    @property
    def day(self) -> date | None:
        return self.start if isinstance(self.start, date) else None


@require_safe
def since(request: Request, code: str) -> HttpResponse:
    """What changed since a version or a day (`?since=3`, `?since=2026-01-31`), until now or a version (`&until=4`)."""
    row = policy_of(request, code)
    cell = may(request.actor, "view", Problem)
    rows = list(versions(request.actor, row).select_related("supersedes"))
    asked = _asked(request, row, rows, cell)
    language = _language(request, row)
    context = {
        "policy": row,
        "tabs": tabs(request, row, "since"),
        "cell": cell,
        "asked": asked,
        "since_value": str(asked.version.number) if asked.version else "",
        "until_value": str(asked.end.number) if asked.end else "",
        "shown": _shown(asked),
        "versions": [(str(one.number), one) for one in rows],
        "found": found(request, row, asked, language, cell),
        "language": language,
        "tongues_of": [(one, str(get_language_info(one)["name_local"])) for one in row.languages],
    }
    return render(request, "policy/since.html", context)


@require_safe
def version_changes(request: Request, code: str, number: int) -> HttpResponse:
    """An address of before: in what a version differs from the one before it, or from now."""
    version_of(request, code, number)
    to_now = request.GET.get("to") == NOW
    if to_now and not may(request.actor, "view", Problem):
        raise Http404
    told = {"since": str(number)} if to_now else {"since": str(max(1, number - 1)), "until": str(number)}
    if "lang" in request.GET:
        told["lang"] = request.GET["lang"]
    return redirect(f"{reverse('policy:since', args=[code])}?{urlencode(told)}", permanent=True)


@require_safe
def changes_file(request: Request, code: str, number: int) -> FileResponse:
    """Word with recorded changes from a version to a later one (`?until=4`) or to what stands now; for the cell."""
    row = version_of(request, code, number)
    if not may(request.actor, "view", Problem):
        raise Http404
    wanted = request.GET.get("until", "")
    end = start_of(wanted, list(versions(request.actor, row.policy)))
    if wanted and not isinstance(end, Version):
        raise Http404
    until = version_of(request, code, end.number) if isinstance(end, Version) else None  # with its content
    language = _language(request, row.policy)
    try:
        released = documents.release_changes(
            version=row, end=until, language=language, actor=request.actor, now=request.now
        )
    except Refused as refused:
        raise Http404 from refused
    return hand_over(released, f"{row.code}-{until.code if until else 'now'}-{language}.docx")


def found(request: Request, row: Policy, asked: Asked, language: str, cell: bool) -> changes.Since | None:
    """The answer; None where there is nothing to compare with. Readers outside the cell compare versions alone."""
    if asked.start is None:
        return None
    if not cell:
        assert isinstance(asked.start, Version)
        assert asked.end is not None
        return changes.between(asked.start.content, asked.end.content, language)
    start = asked.start if isinstance(asked.start, Version) else beginning(request, asked.start)
    return changes.since(request.actor, row, start, asked.end, language)


def beginning(request: Request, day: date) -> datetime:
    """The first moment of a day here."""
    return datetime.combine(day, time.min, request.home.zone).astimezone(UTC)


def _asked(request: Request, row: Policy, rows: list[Version], cell: bool) -> Asked:
    """What the address asks; without an answer to it the newest version, or all since the policy was begun."""
    told = [one for one in request.GET.getlist("since") if one]
    changed = [one for one in told if one != request.GET.get("shown", "")]
    start = start_of((changed or told or [""])[0], rows)
    end = start_of(request.GET.get("until", ""), rows)
    until = end if isinstance(end, Version) else None
    if not cell:
        return _outside(start, until, rows)
    if start is None:
        start = rows[0] if rows else row.created_at.date()
    if until and isinstance(start, Version) and until.number <= start.number:
        start, until = (until, start) if until.number < start.number else (start, None)
    return Asked(start, until)


def _outside(start: Version | date | None, until: Version | None, rows: list[Version]) -> Asked:
    """Two versions for who reads published ones alone: without an answer the newest and the one before it."""
    if not rows:
        raise Http404
    end = until or rows[0]
    before = start if isinstance(start, Version) and start.number != end.number else end.supersedes
    if before is not None and before.number > end.number:
        before, end = end, before
    return Asked(before, end)


def _shown(asked: Asked) -> str:
    if asked.version:
        return str(asked.version.number)
    return asked.day.isoformat() if asked.day else ""


def _language(request: Request, row: Policy) -> str:
    """The language asked for, else the reader's, else the source language. 404 for one it is not written in."""
    wanted = request.GET.get("lang", "")
    if wanted and wanted not in row.languages:
        raise Http404
    own = (get_language() or "").split("-")[0]
    return wanted or (own if own in row.languages else str(row.languages[0]))
