"""Who asks the OpenRosa addresses, in which language, and how every answer of theirs looks."""

from __future__ import annotations

import base64
import binascii
import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone, translation
from django.utils.http import http_date
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from pasaj.access.queries import say
from pasaj.access.rules import Actor, policy
from pasaj.access.services import tokens
from pasaj.collect.models import AppUser, Device, Form
from pasaj.collect.services import phones, spool
from pasaj.collect.services.submissions import Sender
from pasaj.core.openrosa import answers
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry import queries as registry
from pasaj.registry.models import Home

XML = "text/xml; charset=utf-8"
SPARE = 1_000_000  # bytes that the parts of a body take beside their content
BROKEN = (MultiPartParserError, UnreadablePostError, RequestDataTooBig, SuspiciousOperation)

log = logging.getLogger("pasaj.collect")


@dataclass(slots=True)
class Caller:
    """Who asks. `base`: the address that every path of this caller begins with."""

    home: Home
    now: datetime
    real_now: datetime
    actor: Actor
    sender: Sender
    base: str

    @property
    def app_user(self) -> AppUser | None:
        return self.sender.app_user

    def forms(self) -> Any:
        """Condition on forms: the caller may fetch and send them."""
        return phones.rights(self.app_user) if self.app_user else policy(Form, "fill", self.actor)

    def versions(self) -> Q:
        """Condition on versions of those forms: drafts are for testers."""
        return Q() if self.app_user and self.app_user.testing else ~Q(state="draft")


View = Callable[..., HttpResponse]


def openrosa(*methods: str) -> Callable[[View], View]:
    """Make a view an OpenRosa address: `view(request, caller, **arguments)`, called with the token or without."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, token: str | None = None, **arguments: Any) -> HttpResponse:
            said = _spoken(request, lambda: view(request, _caller(request, methods, token), **arguments))
            if said.status_code == 405:
                said["Allow"] = ", ".join(methods)
            return said

        return answer

    return decorate


def nowhere(request: HttpRequest) -> HttpResponse:
    """The answer at any other address of phones."""
    return _spoken(request, lambda: _lost(request))


def _lost(request: HttpRequest) -> HttpResponse:
    home = registry.home()
    _speak(request, home.default_language if home else "")
    return told(problem("COLLECT-033"))


def _spoken(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer in the caller's language; the thread's own is put back for the next request."""
    with translation.override(translation.get_language(), deactivate=True):
        _speak(request, "")
        return dressed(guarded(answer))


def guarded(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or what stands against it as a sender reads it."""
    try:
        return answer()
    except Refused as refused:
        return told(refused.problems[0])
    except TooManyFilesSent:
        return told(problem("COLLECT-037", limit=settings.DATA_UPLOAD_MAX_NUMBER_FILES - 1))
    except BROKEN:
        return told(problem("COLLECT-024"))
    except OperationalError as error:
        return told(problem("COLLECT-027" if "full" in str(error) or "No space" in str(error) else "COLLECT-028"))
    except OSError as error:
        if error.errno in spool.NO_ROOM or error.errno == errno.EDQUOT:
            return told(problem("COLLECT-027"))
        log.exception("A submission was not taken.")
    except Exception:
        log.exception("A submission was not taken.")
    return told(problem("COLLECT-029"))


def told(found: Problem) -> HttpResponse:
    """A refusal: phones show its text as it stands."""
    said = say(found)
    response = HttpResponse(
        answers.response(f"{said.text} {said.remedy}", success=False), status=found.kind.status, content_type=XML
    )
    response["X-Pasaj-Problem"] = found.code
    if found.kind.status == 401:
        response["WWW-Authenticate"] = 'Basic realm="Pasaj", charset="UTF-8"'
    if found.kind.status == 503:
        response["Retry-After"] = "60"
    return response


def dressed(response: HttpResponse) -> HttpResponse:
    """What every answer carries, an error too."""
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(largest())
    response["Date"] = http_date()
    response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    response["Referrer-Policy"] = "no-referrer"  # the address holds a key
    response.setdefault("Content-Security-Policy", "default-src 'none'; sandbox")  # nothing here is a page
    response.setdefault("Cache-Control", "private, no-store")
    if not response.streaming and response.status_code not in {204, 304}:
        response.setdefault("Content-Length", str(len(response.content)))
    return response


def largest() -> int:
    """Bytes of one request that are taken."""
    return int(settings.PASAJ_MAX_SUBMISSION_MB) * 1_000_000


def check_length(request: HttpRequest) -> None:
    """Raises Refused: COLLECT-025."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not (stated.isascii() and stated.isdigit() and len(stated) < 20 and int(stated) <= largest() + SPARE):
        raise Refused(problem("COLLECT-025", limit=settings.PASAJ_MAX_SUBMISSION_MB))


# --- Who it is ---------------------------------------------------------------------------------


def _caller(request: HttpRequest, methods: tuple[str, ...], token: str | None) -> Caller:
    real_now = timezone.now()
    home = registry.home()
    if home is None:
        raise Refused(problem("COLLECT-035"))
    _speak(request, home.default_language)
    if request.method not in methods:
        raise Refused(problem("COLLECT-034", method=request.method or ""))
    check_length(request)
    site = _site(request)
    now = home.business_now(real_now)
    if token is None:
        actor, sender = _account(request, now)
        return Caller(home, now, real_now, actor, sender, f"{site}/openrosa")
    device = phones.identify(token, device_id=request.GET.get("deviceID", ""), real_now=real_now)
    user = device.app_user
    _speak(request, user.language or home.default_language)
    phones.seen(device, real_now=real_now)
    return Caller(home, now, real_now, _actor(user), _of_key(user, device), f"{site}/key/{token}")


def _actor(user: AppUser) -> Actor:
    return Actor(id=None, label=str(user), via="key", language=user.language)


def _of_key(user: AppUser, device: Device) -> Sender:
    return Sender("key", app_user=user, device=device)


def _site(request: HttpRequest) -> str:
    """The address that the caller reached us by. Raises Refused: COLLECT-032."""
    try:
        host = request.get_host()
    except DisallowedHost as error:
        stated = str(request.META.get("HTTP_HOST", ""))[:100]
        raise Refused(problem("COLLECT-032", host=stated)) from error
    return settings.PASAJ_URL or f"{request.scheme}://{host}"


def _speak(request: HttpRequest, default: str) -> None:
    """The language of the answers: what the request prefers of ours, else `default`."""
    ours = dict(settings.LANGUAGES)
    wanted = (code.split("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    translation.activate(next((code for code in wanted if code in ours), default if default in ours else "en"))


def _account(request: HttpRequest, now: datetime) -> tuple[Actor, Sender]:
    """A named account: its e-mail address, and one of its access tokens as the password.

    The account's own password is not taken: it would go round the second factor.
    Raises Refused: COLLECT-021, COLLECT-022.
    """
    if not (request.is_secure() or _is_here(request)):
        raise Refused(problem("COLLECT-022"))
    email, password = _basic(request.headers.get("Authorization", ""))
    token = tokens.authenticate(password, now=now) if password else None
    if token is None or token.account.email != email.strip().lower():
        raise Refused(problem("COLLECT-021"))
    stated = phones.clean_device(request.GET.get("deviceID", ""))
    sender = Sender("basic", account_id=token.account_id, stated_device=stated)
    return registry.actor_for(token.account, via="token"), sender


def _is_here(request: HttpRequest) -> bool:
    """Whether it comes from this machine and calls it so: through a proxy it names another host."""
    host = request.META.get("HTTP_HOST", "").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
    return request.META.get("REMOTE_ADDR", "") in {"127.0.0.1", "::1"} and host in {"localhost", "127.0.0.1", "[::1]"}


def _basic(header: str) -> tuple[str, str]:
    kind, _, coded = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        email, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return email, password
