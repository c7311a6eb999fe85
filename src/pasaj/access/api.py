"""Who asks the API: a program with a token, or a person signed in on the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from ninja.security import HttpBearer, SessionAuth

from pasaj.access.models import Account, ApiToken
from pasaj.access.services import tokens
from pasaj.core.problems import Refused, problem

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Bearer(HttpBearer):
    """`Authorization: Bearer pasaj_…`. Sets request.user and request.actor to the token's account.

    Raises Refused ACCESS-023: the request changes something, and the token only reads.
    """

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = tokens.authenticate(token, now=getattr(request, "now", None) or timezone.now())
        if found is None:
            return None
        if request.method not in READING and not found.may_write:
            raise Refused(problem("ACCESS-023"))
        actor_for = import_string(settings.ACTOR_FOR)  # registry's: it knows which roles an account holds
        request.user = found.account
        request.actor = actor_for(found.account, via="token")  # type: ignore[attr-defined]
        return found


class SignedIn(SessionAuth):
    """The site's own session; changing requests need the CSRF token as on pages."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Account | None:
        return request.user if isinstance(request.user, Account) and request.user.is_active else None


# For routers and APIs: `NinjaAPI(auth=auth)`.
auth: list[Any] = [Bearer(), SignedIn()]
