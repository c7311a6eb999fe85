"""What no page of ours sends is refused; then each request learns which home it serves, what time it is, who asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from pasaj.access.models import Account
from pasaj.access.rules import NOBODY
from pasaj.collect.services import conversion
from pasaj.collect.views.callers import SPARE, largest, nowhere
from pasaj.core.word.opening import MOST_BYTES
from pasaj.registry import queries as registry
from pasaj.registry.queries import Request
from pasaj.site import beats

# What a stranger may open: signing in, the language, and whether the server lives. The API answers 401 itself.
OPEN = (
    "/account/login",
    "/account/signup",
    "/account/password/reset",
    "/account/inactive",
    "/account/2fa/authenticate",
    "/account/2fa/webauthn/login",
    "/language/",
    "/theme/",
    "/api/",
    "/feeds/",  # alerts for everybody
    "/n/",  # the link in a message: whoever has it may say that it was read
    "/a/",  # public alerts
    "/p/",  # public versions of policies
    "/consult/",  # rounds of consultation for everybody, and by invitation
    "/collect/sw.js",  # browsers ask for it by themselves, also when nobody is signed in
)
NO_HOME_NEEDED = ("/static/", "/healthz")
# PostgreSQL stores no NUL, and Python reads no number of so many digits: nobody types either.
NONSENSE = re.compile(r"\x00|[0-9]{1000}")


PHONES = ("/key/", "/openrosa/", "/gateway/")
# Forms filled in a browser by somebody who has a key and no account: pages like others, but open to whoever has it.
PAGES_OF_KEYS = re.compile(r"/key/[^/]+/(fill/|outbox/|sw\.js$)")


class PhonesMiddleware:
    """Answers phones before all that pages need: they carry no session, cookie or form of ours.

    Their views bound the body, say who asks and dress every answer themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PHONES) or PAGES_OF_KEYS.match(request.path_info):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return nowhere(request)
        request.resolver_match = match
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answer


# Where forms and their files are handed in.
FORM_FILES = re.compile(r"/collect/(?:form-uploads/new|forms/[^/]+/files)")
WORD_REPLY = re.compile(r"/consultations/[^/]+/reply/")


class BoundsMiddleware:
    """Refuses what would only fail further in (400), and bodies that would only fill the disk (413)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _refuse_nonsense([request.path_info, *request.COOKIES.values(), *_texts(request.GET)])
        if _length(request) > _largest(request):
            return HttpResponse(status=413)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.path != reverse("collect:submission"):  # its files go to a handler of its own
            _refuse_nonsense(_texts(request.POST))


def _refuse_nonsense(texts: Iterable[str]) -> None:
    if any(NONSENSE.search(text) for text in texts):
        raise BadRequest("A NUL or an endless number.")


def _texts(data: QueryDict) -> Iterable[str]:
    for name, values in data.lists():
        yield from (name, *map(str, values))


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else 0


def _largest(request: HttpRequest) -> int:
    """Bytes. A file somewhat too large is still read, so that the page can say so kindly."""
    if request.path == reverse("collect:submission"):
        return largest() + 2 * SPARE  # the view refuses in the words of the protocol
    if request.path == reverse("watch:import-new"):
        return 2 * settings.PASAJ_MAX_UPLOAD_MB * 1_000_000 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if FORM_FILES.fullmatch(request.path):
        return 2 * conversion.LARGEST + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if WORD_REPLY.fullmatch(request.path):
        return 2 * MOST_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _is_open(path: str) -> bool:
    return path.startswith(OPEN) or PAGES_OF_KEYS.match(path) is not None


class HomeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponse:
        if plain.path.startswith(NO_HOME_NEEDED):
            return self.get_response(plain)
        request = cast(Request, plain)
        self._prepare(request)
        if request.actor is NOBODY and not _is_open(request.path):
            if request.path == reverse("collect:submission"):  # a page that sends in the background must not take
                return HttpResponse(status=401)  # the sign-in page for an answer
            if request.headers.get("HX-Request"):  # a partial cannot show a sign-in page: load the whole page again
                return HttpResponse(status=401, headers={"HX-Refresh": "true"})
            return redirect_to_login(request.get_full_path())
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        return response

    def _prepare(self, request: Request) -> None:
        real_now = timezone.now()
        home = registry.home()
        account = request.user if isinstance(request.user, Account) and request.user.is_active else None
        request.actor = registry.actor_for(account) if account else NOBODY
        request.heartbeat = beats.latest(real_now)
        request.now = real_now
        timezone.deactivate()
        if home:
            request.home = home
            request.now = home.business_now(real_now)
            timezone.activate(home.zone)
            self._choose_language(request, home.default_language)

    def _choose_language(self, request: Request, default: str) -> None:
        """A choice made (cookie, else account) wins; otherwise the pack's language, whatever the browser prefers."""
        for chosen in (request.COOKIES.get("language"), request.actor.language, default, "en"):
            if chosen in dict(settings.LANGUAGES):
                translation.activate(chosen)
                break
        request.LANGUAGE_CODE = translation.get_language() or default
