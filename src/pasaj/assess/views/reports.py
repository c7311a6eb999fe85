"""The report of a round: the draft of today, what was published, what has moved since, and files of it all."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can
from pasaj.assess.models import Report, Round
from pasaj.assess.queries import reports as queries
from pasaj.assess.queries.report import LANGUAGES, build, standing
from pasaj.assess.services import documents, reports
from pasaj.assess.views.rounds import find, tabs
from pasaj.core import report as core
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

DRAFT = "draft"
WHY = "why-"  # before the code of a finding in the form: why it is let pass
APART = "annex"  # a chapter with a page of its own: it is as long as all the others


@require_safe
def report(request: Request, code: str, edition: str = "") -> HttpResponse:
    """An edition by its number, the draft of today, or (neither is asked for) the newest of them."""
    return _page(request, find(request, code), edition)


def _page(request: Request, row: Round, edition: str = "", problems: tuple[Problem, ...] = ()) -> HttpResponse:
    listed = list(queries.editions(request.actor, row))
    shown = _edition(listed, edition)
    said = _said(request, row, shown)
    chapters = queries.chapters(said)
    may_publish = can(request.actor, "publish", row)
    part = APART if request.GET.get("part") == APART else ""
    context = {
        "round": row,
        "tabs": tabs(row, "report"),
        "said": said,
        "edition": shown,
        "editions": listed,
        "key": shown.number if shown else DRAFT,
        "since": queries.since_told(shown) if shown else None,
        "contents": chapters,
        "chapters": [one for one in chapters if (one.heading.anchor == APART) == bool(part)],
        "part": part,
        "apart": APART,
        "written_in": _languages(shown),
        "problems": problems,
        "may_publish": may_publish,
        "against": standing.against(row) if may_publish and shown is None else (),
    }
    return render(request, "assess/report.html", context, status=422 if problems else 200)


def _edition(listed: list[Report], asked: str) -> Report | None:
    """None: the draft. 404 for a number that there is not."""
    if asked == DRAFT:
        return None
    if not asked:
        return listed[0] if listed else None
    found = next((one for one in listed if str(one.number) == asked), None)
    if found is None:
        raise Http404
    return found


def _languages(shown: Report | None) -> list[tuple[str, str]]:
    codes = shown.languages if shown else LANGUAGES
    return [(one, str(get_language_info(one)["name_local"])) for one in codes]


def _said(request: Request, row: Round, shown: Report | None) -> core.Report:
    """The blocks in the language asked for, else in the reader's, else in one there is."""
    there = list(shown.languages) if shown else list(LANGUAGES)
    asked = request.GET.get("lang", "")
    if asked and asked not in there:
        raise Http404
    own = (get_language() or "").split("-")[0]
    language = asked or (own if own in there else there[0])
    if shown is None:
        return build(row, language=language, actor=request.actor, now=request.now)
    said = queries.says(shown, language)
    assert said is not None
    return said


@require_safe
def file(request: Request, code: str, edition: str, suffix: str) -> FileResponse:
    """The PDF or the Word file of an edition, or of the draft of today."""
    row = find(request, code)
    if suffix not in documents.FORMS:
        raise Http404
    shown = _edition(list(queries.editions(request.actor, row)), edition)
    said = _said(request, row, shown)
    released = documents.release_report(said=said, form=suffix, actor=request.actor, now=request.now)
    name = said.code if shown else f"{said.code}-{DRAFT}"
    return hand_over(released, f"{name}-{said.language}.{suffix}")


@require_POST
def publish(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "publish")
    try:
        waivers = {name.removeprefix(WHY): str(text) for name, text in request.POST.items() if name.startswith(WHY)}
        made = reports.publish(code=code, waivers=waivers, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, DRAFT, refused.problems)
    messages.success(request, _("Published. It stays as it is; what moves later is listed on this page."))
    return redirect("assess:report-edition", code=code, edition=made.number)
