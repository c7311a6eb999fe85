"""The page of a public alert for everybody: no sign-in, no script needed, all languages, light and printable."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pasaj.registry.queries import Request
from pasaj.respond.queries import alertboard as board
from pasaj.respond.queries import alertpage as page
from pasaj.respond.views.alerts import language


@require_safe
def public_alert(request: Request, code: str) -> HttpResponse:
    """Real alerts for everybody alone; of any other nobody learns here that it exists."""
    told = page.public(code)
    if not told:
        raise Http404
    shown = told[-1]
    names = board.names_of([shown])
    context = {
        "alert": shown.alert,
        "message": shown,
        "tongues": page.tongues(shown, request.home.languages, language()),
        "places": board.places(shown, language(), names),
        "cap_url": page.cap_url(shown),
        "over": shown.alert.state != "published",
    }
    return render(request, "respond/alert_public.html", context)
