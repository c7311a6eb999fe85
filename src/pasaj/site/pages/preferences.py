"""The reader's language and colours: in a cookie, so that the sign-in page knows them, and with the account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pasaj.access.services.accounts import CHOSEN, change_account
from pasaj.registry.queries import Request
from pasaj.site.context import SCHEMES

YEAR = 60 * 60 * 24 * 365


@require_POST
def language(request: Request) -> HttpResponse:
    codes = {code for code, _name in settings.LANGUAGES}
    return _keep(request, "language", request.POST.get("language", ""), codes)


@require_POST
def theme(request: Request) -> HttpResponse:
    return _keep(request, "theme", request.POST.get("theme", ""), set(SCHEMES))


def _keep(request: Request, name: str, value: str, allowed: set[str]) -> HttpResponse:
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if value in allowed:
        if request.actor.id is None:
            request.session[CHOSEN + name] = value  # chosen on the sign-in page: it outlives signing in
        else:
            change_account(account=request.user, actor=request.actor, now=request.now, **{name: value})
        # Readable by the page's script, which changes the colours without a new page.
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    return response
