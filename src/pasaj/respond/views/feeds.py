"""Feeds for everybody, the messages in them, and the page about both directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pasaj.access.queries import say
from pasaj.access.rules import may, visible
from pasaj.core.cap.feeds import MEDIA_TYPE
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import localised
from pasaj.registry.queries import Request
from pasaj.respond.forms.feeds import SourceForm
from pasaj.respond.models import ExternalAlert, Feed
from pasaj.respond.queries import feeds as queries
from pasaj.respond.services import external, signing

PAGE = 50
AGE = "public, max-age=60"  # seconds that a cache on the way may answer by itself


def _base(request: Request) -> str:
    return settings.PASAJ_URL or f"{request.scheme}://{request.get_host()}"


def _language(request: Request) -> str:
    """Of the address, never of a cookie: the same address says the same to everybody."""
    asked = request.GET.get("lang", "")
    return asked if asked in request.home.languages else request.home.default_language


@require_safe
def public_feed(request: Request, form: str) -> HttpResponse:
    """What was published to everybody. Knows no session: who is signed in reads the same."""
    if not hasattr(request, "home"):
        raise Http404
    base = _base(request)
    wanted = queries.Wanted(
        form=form,
        language=_language(request),
        link=base + request.get_full_path(),
        page=base + reverse("respond:feeds"),
        message=base + reverse("respond:public-message", args=["identifier"]).replace("identifier", "{identifier}"),
    )
    stamped = queries.stamp(wanted, request.now)
    modified = int(stamped.modified.timestamp()) if stamped.modified else None
    answer = get_conditional_response(request, etag=stamped.etag, last_modified=modified)
    if answer is None:
        body = queries.document(wanted, stamped, request.home)
        answer = HttpResponse(body, content_type=f"{queries.FORMS[form][0]}; charset=utf-8")
        answer["ETag"] = stamped.etag
        if modified is not None:
            answer["Last-Modified"] = http_date(modified)
    answer["Cache-Control"] = AGE
    return answer


@require_safe
def public_message(request: Request, identifier: str) -> HttpResponse:
    """One message as it was sent, at an address that stays. Only what is for everybody."""
    row = queries.message(identifier, None)
    if row is None:
        raise Http404
    answer = get_conditional_response(request, etag=f'"{row.sha256}"')
    if answer is None:
        answer = HttpResponse(row.xml, content_type=f"{MEDIA_TYPE}; charset=utf-8")
        answer["ETag"] = f'"{row.sha256}"'
    answer["Cache-Control"] = AGE
    return answer


@never_cache
@require_safe
def feed_page(request: Request) -> HttpResponse:
    """Where our feeds are, how to subscribe, and the sources of others with their health."""
    return _page(request, SourceForm())


@never_cache
@require_POST
def source_add(request: Request) -> HttpResponse:
    if not may(request.actor, "manage", Feed):
        raise Http404
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        made = external.add(wanted=form.wanted(), actor=request.actor, now=request.now, real_now=timezone.now())
    except Refused as refused:
        return _page(request, form, problems=refused.problems, status=422)
    messages.success(request, _("Added. It is asked within a minute: %(code)s") % {"code": made.code})
    return redirect("respond:feeds")


@never_cache
@require_http_methods(["POST"])
def source_turn(request: Request, code: str) -> HttpResponse:
    """Stop a source, or ask it again."""
    row = get_object_or_404(visible(Feed.objects.all(), request.actor, "manage"), code=code)
    turn = external.resume if row.stopped_at else external.stop
    turn(code=code, actor=request.actor, now=request.now, real_now=timezone.now())
    return redirect("respond:feeds")


def _told(problems: Sequence[dict[str, Any]]) -> str:
    """The first three of stored problems as sentences."""
    said = [say(Problem.of(one)) for one in problems[:3]]
    return " ".join(f"{one.code}: {one.text}" for one in said)


def _page(request: Request, form: SourceForm, *, problems: object = (), status: int = 200) -> HttpResponse:
    base, sees = _base(request), may(request.actor, "view", Feed)
    sources = queries.sources(request.actor) if sees else Feed.objects.none()
    received = queries.received(request.actor) if sees else ExternalAlert.objects.none()
    page = Paginator(received, PAGE).get_page(request.GET.get("page"))
    context = {
        "public": [base + reverse("respond:public-feed", args=[kind]) for kind in queries.FORMS],
        "restricted": [f"{base}/api/v1/feeds/alerts.{kind}" for kind in queries.FORMS],
        "tongues": request.home.languages,
        "key": signing.key() if signing.exists() else None,
        "sees": sees,
        "may_manage": may(request.actor, "manage", Feed),
        "sources": [(row, _told([row.problem] if row.problem else [])) for row in sources],
        "page": page,
        "rows": [(row, localised(row.content.get("lines") or {}), _told(row.problems)) for row in page.object_list],
        "form": form,
        "problems": problems,
    }
    return render(request, "respond/feeds.html", context, status=status)
