"""Feeds of alerts for members and programs with a token: what each may see, of every scope."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from ninja import Router

from pasaj.core.cap.feeds import MEDIA_TYPE
from pasaj.respond.queries import feeds as queries

router = Router()


@router.get("/feeds/alerts.{form}", url_name="restricted_feed", summary="Published alerts as Atom or RSS")
def restricted_feed(request: Any, form: Literal["atom", "rss"], lang: str = "") -> HttpResponse:
    """Alerts of every scope that you may see, running or of the last 30 days, without exercises. Answers 304."""
    base = settings.PASAJ_URL or f"{request.scheme}://{request.get_host()}"
    home = request.home
    wanted = queries.Wanted(
        form=form,
        language=lang if lang in home.languages else home.default_language,
        link=base + request.get_full_path(),
        page=f"{base}/response/feeds/",
        message=f"{base}/api/v1/feeds/cap/{{identifier}}",
        actor=request.actor,
    )
    stamped = queries.stamp(wanted, request.now)
    modified = int(stamped.modified.timestamp()) if stamped.modified else None
    answer = get_conditional_response(request, etag=stamped.etag, last_modified=modified)
    if answer is None:
        body = queries.document(wanted, stamped, home)
        answer = HttpResponse(body, content_type=f"{queries.FORMS[form][0]}; charset=utf-8")
        answer["ETag"] = stamped.etag
        if modified is not None:
            answer["Last-Modified"] = http_date(modified)
    # A cache on the way must never give one reader what is another's.
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Authorization, Cookie"
    return answer


@router.get("/feeds/cap/{identifier}", url_name="restricted_message", summary="One alert as CAP 1.2")
def restricted_message(request: Any, identifier: str) -> HttpResponse:
    """The signed message as it was sent. 404 for what you may not see."""
    row = queries.message(identifier, request.actor)
    if row is None:
        raise Http404
    answer = HttpResponse(row.xml, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer["ETag"] = f'"{row.sha256}"'
    answer["Cache-Control"] = "private, no-cache"
    return answer
