"""What was sent: the list with its map, one submission and what people do with it, the tray, activity."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pasaj.access.rules import can, may, visible
from pasaj.collect import jobs
from pasaj.collect.models import AppUser, Attachment, Outcome, Redaction, Submission, SubmissionVersion
from pasaj.collect.queries import activity as doings
from pasaj.collect.queries import answers as reading
from pasaj.collect.queries import submissions as queries
from pasaj.collect.services import review, spool
from pasaj.collect.views import outcomes as results
from pasaj.core.forms.fields import Field, from_plain
from pasaj.core.periods import parse
from pasaj.core.problems import Problem, Refused
from pasaj.registry import queries as registry
from pasaj.registry.models import Home
from pasaj.registry.queries import Request
from pasaj.watch.queries.board import weeks

PAGE, PILE = 50, 25
# A file that somebody sent opens in no window of ours, whatever it says it is.
SANDBOX = "default-src 'none'; sandbox"
# Which right opens a step; two where either is enough.
RIGHTS: dict[str, tuple[str, ...]] = {
    "approve": ("review",),
    "reject": ("review",),
    "ask": ("review",),
    "note": ("review", "clear"),
    "release": ("release", "clear"),
    "refuse": ("release", "clear"),
    "retry": ("review", "release"),
}
NEEDS_READING = frozenset({"approve", "reject"})
LABELS = {
    "approve": gettext_lazy("Approve"),
    "ask": gettext_lazy("Ask the sender"),
    "note": gettext_lazy("Write a note"),
    "reject": gettext_lazy("Reject"),
    "retry": gettext_lazy("Try again"),
    "refuse": gettext_lazy("Set aside"),
}
DONE = {
    "approve": gettext_lazy("Approved."),
    "ask": gettext_lazy("Asked: the sender sees the question on the page “My reports”."),
    "note": gettext_lazy("Written down."),
    "reject": gettext_lazy("Rejected."),
    "retry": gettext_lazy("It will be tried again within a minute."),
    "refuse": gettext_lazy("Set aside: it counts for nothing, and is kept."),
    "release": gettext_lazy("Let out for this reason."),
}
EVENTS = {
    "received": gettext_lazy("Received"),
    "edited": gettext_lazy("Corrected by the sender"),
    "released": gettext_lazy("Let out of quarantine"),
    "refused": pgettext_lazy("state of a report", "Set aside"),
    "approved": gettext_lazy("Approved"),
    "asked": gettext_lazy("Question asked"),
    "answered": gettext_lazy("Answered by the sender"),
    "rejected": gettext_lazy("Rejected"),
    "noted": gettext_lazy("Note"),
    "retried": gettext_lazy("Tried again"),
    "quarantined": gettext_lazy("Put into quarantine"),
}


# --- The list and its map ----------------------------------------------------------------------


def asked(request: Request) -> queries.Filter:
    """What the address asks for; what is no date or no word of ours counts as not given."""
    words = ("form", "crossing", "area", "state", "reason", "review", "processing", "text")
    days = {"first": "from", "last": "to", "period_first": "period_from", "period_last": "period_to"}
    given: dict[str, Any] = {name: request.GET.get(name, "").strip()[:120] for name in words}
    for name, of in days.items():
        found = parse(request.GET.get(of, ""), "day")
        given[name] = found.start if found else None
    return queries.Filter(**given)


@require_GET
def submission_list(request: Request) -> HttpResponse:
    wanted, zone = asked(request), request.home.zone
    page = Paginator(queries.find(request.actor, wanted, zone), PAGE).get_page(request.GET.get("page"))
    counts = queries.counts(request.actor, wanted, zone)
    located = registry.located(request.actor)
    places = queries.places(request.actor, wanted, zone)
    context = {
        "page": page,
        "lines": [queries.line(one) for one in page.object_list],
        "wanted": wanted,
        "tabs": [(state, label, counts[state]) for state, label in queries.STATES.items()],
        "total": sum(counts.values()),
        "waiting": queries.waiting(request.actor),
        "forms": queries.forms(request.actor),
        "crossings": queries.crossings(request.actor),
        "reviews": queries.REVIEWS,
        "processings": queries.PROCESSINGS,
        "reasons": queries.REASONS,
        "places": [(one, one.crossing.pk in located) for one in places],
        "map": _map(request, any(one.crossing.pk in located for one in places)),
    }
    return render(request, "collect/submission_list.html", context)


def _map(request: Request, drawn: bool) -> dict[str, Any]:
    if not drawn:
        return {}
    layers = Home.objects.filter(pk=request.home.pk).values_list("layers", flat=True).first() or {}
    return {
        "src": f"{reverse('collect:submission-map')}?{request.GET.urlencode()}",
        "layers": [reverse("site:map-layer", args=[name]) for name in sorted(layers)],
        "extent": request.home.extent,
    }


@require_GET
def submission_map(request: Request) -> HttpResponse:
    """How many reports came from each crossing whose position the reader may know."""
    located = registry.located(request.actor)
    places = queries.places(request.actor, asked(request), request.home.zone)
    features = [_feature(one) for one in places if one.crossing.pk in located]
    collection = {"type": "FeatureCollection", "features": features}
    return HttpResponse(json.dumps(collection, ensure_ascii=False), content_type="application/geo+json")


def _feature(one: queries.Place) -> dict[str, Any]:
    crossing, state = one.crossing, "unusual" if one.waiting else "reported"
    reports = ngettext("%(number)s report", "%(number)s reports", one.number) % {"number": one.number}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [crossing.lon, crossing.lat]},
        "properties": {
            "code": crossing.code,
            "name": crossing.name,
            "state": state,
            "word": reports,
            "volume": one.number,
            "detail": _("%(number)s wait in the tray") % {"number": one.waiting} if one.waiting else "",
            "url": f"{reverse('collect:submission-list')}?crossing={crossing.code}",
        },
    }


# --- One submission ----------------------------------------------------------------------------


def find(request: Request, receipt: str) -> Submission:
    rows = queries.related(Submission.objects.select_related("current__form_version", "current__body", "device"))
    return get_object_or_404(visible(rows, request.actor), receipt=receipt)


@require_GET
def submission(request: Request, receipt: str) -> HttpResponse:
    return _page(request, find(request, receipt))


def _page(
    request: Request, row: Submission, problems: tuple[Problem, ...] = (), status: int = 200, typed: str = ""
) -> HttpResponse:
    readable = can(request.actor, "read", row)
    senders = may(request.actor, "view", AppUser)
    context: dict[str, Any] = {
        "submission": row,
        "line": queries.line(row),
        "problems": problems,
        "typed": typed,
        "readable": readable,
        "senders": senders,
        "seen": review.mark(row),
        "steps": _steps(request, row, readable),
        "reasons": _reasons(request, row),
        "may_redact": can(request.actor, "redact", row),
        "redaction": Redaction.objects.filter(submission=row).exclude(confirmed_at=None).first(),
        **_history(request, row, readable, senders),
    }
    return render(request, "collect/submission.html", context, status=status)


def _steps(request: Request, row: Submission, readable: bool) -> list[tuple[str, Any]]:
    possible = review.possible(row)
    return [
        (step, label)
        for step, label in LABELS.items()
        if step in possible and _may(request, step, row) and (readable or step not in NEEDS_READING)
    ]


def _may(request: Request, step: str, row: Submission) -> bool:
    return any(can(request.actor, right, row) for right in RIGHTS[step])


def _reasons(request: Request, row: Submission) -> list[tuple[str, Any, bool]]:
    """Why it waits, and whether this reader may say that it need not any more."""
    return [(one, queries.REASONS.get(one, one), _may_release(request, one, row)) for one in row.reasons]


def _may_release(request: Request, reason: str, row: Submission) -> bool:
    return can(request.actor, "clear" if reason == "screen" else "release", row)


def _history(request: Request, row: Submission, readable: bool, senders: bool) -> dict[str, Any]:
    """Answers, files, versions, events and outcomes: what was held is told as existing, and no more."""
    versions = list(row.versions.select_related("form_version", "body").order_by("-number"))
    context: dict[str, Any] = {
        "versions": versions,
        "events": [(one, EVENTS.get(one.action, one.action)) for one in row.events.order_by("pk")],
    }
    if not readable:
        return context
    context |= {
        "letters": row.messages.order_by("pk"),
        "outcomes": results.made(row, _questions(row), request.actor),
        "files": _files(request, row),
        "files_shown": reading.may_place(request.actor, row),
        **_answers(request, row, versions, senders),
    }
    return context


def _questions(row: Submission) -> tuple[Field, ...]:
    version = row.current.form_version if row.current else None
    return from_plain(version.fields) if version else ()


def _answers(request: Request, row: Submission, versions: list[SubmissionVersion], senders: bool) -> dict[str, Any]:
    by_number = {str(one.number): one for one in versions}
    shown = by_number.get(request.GET.get("version", ""), row.current)
    if shown is None:
        return {}
    sheet = reading.sheet(shown)
    before = by_number.get(str(shown.number - 1))
    old = reading.sheet(before) if before else None
    to = reading.reader(request.actor, row, *filter(None, (sheet, old)), senders=senders)
    if reading.is_private(sheet) or row.held:
        review.read(submission=row, version=shown, actor=request.actor, now=request.now)
    return {
        "shown": shown,
        "broken": sheet.answers is None and getattr(shown, "body", None) is not None,
        "answers": [(kind, list(some)) for kind, some in groupby(reading.parts(sheet, to), _kind)],
        "aside": reading.aside(sheet, to),
        "changes": reading.changes(old, sheet, to) if old else [],
        "before": before,
        "flags": _flags(shown, sheet),
    }


def _kind(part: reading.Part) -> str:
    return type(part).__name__


def _flags(version: SubmissionVersion, sheet: reading.Sheet) -> list[tuple[Any, str, str]]:
    """What evaluating the answers again showed: kind, question, message of the form."""
    made = getattr(version, "check_made", None)
    if made is None:
        return []
    language = (get_language() or "").split("-")[0]
    return [
        (FINDINGS.get(one.get("kind", ""), one.get("kind", "")), reading.check_label(one, sheet, language),
         str(one.get("message", "")))
        for one in made.findings
    ]  # fmt: skip


FINDINGS = {
    "not-evaluated": gettext_lazy("The answers could not be evaluated again"),
    "constraint": gettext_lazy("The answer is outside what the form allows"),
    "required": gettext_lazy("An answer that the form requires is missing"),
    "calculation": gettext_lazy("A calculated value differs when it is calculated again"),
}


def _files(request: Request, row: Submission) -> list[Attachment]:
    return list(Attachment.objects.filter(version=row.current_id).order_by("pk")) if row.current_id else []


@require_GET
def attachment(request: Request, receipt: str, number: int) -> FileResponse:
    """One file that came with it: kept apart from our pages, and never shown inside one."""
    row = find(request, receipt)
    one = get_object_or_404(Attachment.objects.exclude(path=""), pk=number, version__submission=row)
    path = spool.files() / one.path
    if not can(request.actor, "read", row) or not reading.may_place(request.actor, row) or not path.is_file():
        raise Http404
    review.read(submission=row, version=one.version, actor=request.actor, now=request.now, file=one.name)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=one.name)
    response["Content-Type"] = one.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


@require_POST
def submission_act(request: Request, receipt: str) -> HttpResponse:
    row = find(request, receipt)
    step = request.POST.get("step", "")
    if step not in RIGHTS or not _may(request, step, row):
        raise Http404
    if step in NEEDS_READING and not can(request.actor, "read", row):
        raise Http404
    reasons = [one for one in request.POST.getlist("reason") if _may_release(request, one, row)]
    try:
        review.act(
            receipt=receipt,
            step=step,
            seen=request.POST.get("seen", ""),
            text=request.POST.get("text", ""),
            reasons=reasons,
            actor=request.actor,
            now=request.now,
        )
    except Refused as refused:
        status = refused.problems[0].kind.status
        return _page(request, find(request, receipt), refused.problems, status, request.POST.get("text", ""))
    if step in {"release", "retry"}:
        jobs.wake_reports()
    messages.success(request, DONE[step])
    if request.POST.get("back") == "tray":
        return redirect("collect:tray")
    return redirect("collect:submission-page", receipt=receipt)


# --- What waits, and who sends -----------------------------------------------------------------


@require_GET
def tray(request: Request) -> HttpResponse:
    """What failed and what is in quarantine, by reason, the oldest first."""
    piles = queries.tray(request.actor, PILE)
    rows = {one.pk: one for pile in piles for one in pile.rows}
    failures = queries.failures(list(rows.values()))
    asked = queries.questions(rows.values())
    marks = queries.marks(rows.values())
    rights = {
        right: set(visible(Submission.objects.filter(pk__in=rows), request.actor, right).values_list("pk", flat=True))
        for right in ("read", "review", "release", "clear")
    }
    context = {
        "piles": [
            {
                "reason": pile.reason,
                "label": pile.label,
                "total": pile.total,
                "rows": [_waiting(pile, one, _told(one, failures, asked, rights), marks, rights) for one in pile.rows],
            }
            for pile in piles
        ],
        "waiting": queries.waiting(request.actor),
        "may_phones": may(request.actor, "manage", AppUser),
    }
    return render(request, "collect/tray.html", context)


def _told(
    row: Submission,
    failures: dict[int, list[Outcome]],
    asked: dict[int, tuple[Field, ...]],
    rights: dict[str, set[int]],
) -> list[results.Told]:
    """What stands in the way, for who may read the answers: a problem may repeat one."""
    if row.pk not in rights["read"]:
        return []
    return results.told(failures.get(row.pk, []), asked.get(row.pk, ()))


def _waiting(
    pile: queries.Pile,
    row: Submission,
    problems: list[results.Told],
    marks: dict[int, str],
    rights: dict[str, set[int]],
) -> dict[str, Any]:
    if pile.reason == "failed":
        needed, step = rights["review"] | rights["release"], "retry"
    else:
        needed, step = rights["clear" if pile.reason == "screen" else "release"], "release"
    return {
        "line": queries.line(row),
        "problems": problems if pile.reason == "failed" else [],
        "seen": marks[row.pk],
        "step": step if row.pk in needed else "",
    }


@require_GET
def activity(request: Request) -> HttpResponse:
    days, rows = doings.activity(request.actor, request.now, request.home.zone)
    places = [(place, list(some)) for place, some in groupby(rows, lambda row: row.place)]
    return render(request, "collect/activity.html", {"weeks": weeks(days), "places": places, "columns": len(days) + 4})
