"""Accounts: made by an administrator or the command line, never by signing up."""

from __future__ import annotations

import re
import secrets
from collections.abc import Container
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pasaj.access.models import Account, address
from pasaj.access.rules import Actor
from pasaj.access.services import audit, tokens
from pasaj.core.problems import Refused, problem

HOST_AND_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+")
YEAR = 365 * 24 * 60 * 60  # seconds
# No letters that are mistaken for one another when read aloud or copied from paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CHOSEN = "chosen-"  # what somebody who has not signed in chose stands in the session under this and its name


def client_address(request: HttpRequest) -> str:
    """The network address a request comes from, past as many proxies as the settings name.

    Each proxy adds the address it was called from at the right end of X-Forwarded-For, so the entry that the
    outermost of ours wrote stands at that place from the right. What stands left of it, or without proxies
    anything in the header, was written by whoever called: it is never read.
    """
    direct = str(request.META.get("REMOTE_ADDR") or "")
    entries = str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")
    if 0 < settings.PASAJ_PROXIES <= len(entries):
        return _network_address(entries[-settings.PASAJ_PROXIES]) or direct
    return direct


def _network_address(text: str) -> str:
    """An IP address, with or without a port (192.0.2.1:443, [2001:db8::1]:443); empty for anything else."""
    found = HOST_AND_PORT.fullmatch(text.strip())
    try:
        return str(ip_address(found["v6"] or found["v4"] if found else text.strip()))
    except ValueError:
        return ""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour where ours differs: nobody signs up, and addresses are not self-service."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What limits on attempts count by."""
        return client_address(request) or str(super().get_client_ip(request))

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """A device follows the choices of whoever signs in on it."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_choices(response, user, chosen_before=request.session)
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Whoever has just signed in or out sees it."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)


def remember_choices(response: HttpResponse, account: Account, *, chosen_before: Container[str] = ()) -> None:
    """Put the account's language and colours into the cookies that the pages read.

    Where the account has none, what this person chose on the sign-in page stays; what others left does not.
    """
    chosen = {settings.LANGUAGE_COOKIE_NAME: account.language}
    chosen["theme"] = "" if account.theme == Account.Theme.AUTO else account.theme
    for cookie, value in chosen.items():
        if value:
            response.set_cookie(
                cookie, value, max_age=YEAR, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
            )
        elif CHOSEN + cookie not in chosen_before:
            response.delete_cookie(cookie, samesite="Lax")


def new_password() -> str:
    """A random password that can be read out over the phone (5 groups of 4 letters, 99 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(5))


@transaction.atomic
def create_account(*, email: str, name: str, actor: Actor, now: datetime, language: str = "") -> tuple[Account, str]:
    """Make an account with a random password, which is returned this once and kept nowhere.

    Raises Refused: ACCESS-007 (not an address), ACCESS-015 (taken), ACCESS-016 (unknown language).
    """
    email = address(email)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(problem("ACCESS-007", email=email)) from error
    if Account.objects.filter(email=email).exists():
        raise Refused(problem("ACCESS-015", email=email))
    _check_language(language)
    password = new_password()
    account = Account.objects.create_user(
        email, password, name=name.strip() or email, language=language, created_at=timezone.now()
    )
    # allauth lets only owners of a verified address add a second factor; the administrator vouches for it.
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=True)
    audit.record(
        actor=actor,
        action="account.created",
        code=account.code,
        now=now,
        detail={"email": email, "name": account.name},
    )
    return account, password


@transaction.atomic
def change_account(
    *,
    account: Account,
    actor: Actor,
    now: datetime,
    name: str | None = None,
    language: str | None = None,
    theme: str | None = None,
) -> Account:
    """Change what is given (name, language, theme); None leaves it. Nothing changed, nothing logged.

    Raises Refused: ACCESS-016 (unknown language); ValueError for an unknown theme.
    """
    if language is not None:
        _check_language(language)
    wanted: dict[str, Any] = {
        "name": name.strip() if name and name.strip() else None,
        "language": language,
        "theme": None if theme is None else Account.Theme(theme).value,
    }
    changes = {
        field: value for field, value in wanted.items() if value is not None and value != getattr(account, field)
    }
    if changes:
        before = {f"{field}_before": getattr(account, field) for field in changes}
        for field, value in changes.items():
            setattr(account, field, value)
        account.save(update_fields=list(changes))
        audit.record(actor=actor, action="account.changed", code=account.code, now=now, detail={**before, **changes})
    return account


@transaction.atomic
def reset_password(*, account: Account, actor: Actor, now: datetime) -> str:
    """Give the account a new random password, returned this once. Sessions with the old one end.

    Raises Refused: ACCESS-019 (the account is closed).
    """
    if not account.is_active:
        raise Refused(problem("ACCESS-019", email=account.email))
    password = new_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record(actor=actor, action="account.password-reset", code=account.code, now=now)
    return password


@transaction.atomic
def deactivate(*, account: Account, actor: Actor, now: datetime) -> None:
    """Close an account: its sessions, tokens and password end for good. What it did stays.

    Sessions are signed with the password: without it none comes back to life when the account is opened again.
    """
    if not account.is_active:
        return
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    tokens.revoke_all(account=account, actor=actor, now=now)
    audit.record(actor=actor, action="account.deactivated", code=account.code, now=now)


@transaction.atomic
def reactivate(*, account: Account, actor: Actor, now: datetime) -> str:
    """Open a closed account again, with a new password, returned this once; its old tokens stay revoked.

    Raises Refused: ACCESS-022 (the account is open).
    """
    if account.is_active:
        raise Refused(problem("ACCESS-022", email=account.email))
    password = new_password()
    account.is_active = True
    account.set_password(password)
    account.save(update_fields=["is_active", "password"])
    audit.record(actor=actor, action="account.reactivated", code=account.code, now=now)
    return password


def _check_language(language: str) -> None:
    allowed = [code for code, _name in settings.LANGUAGES]
    if language and language not in allowed:
        raise Refused(problem("ACCESS-016", language=language, allowed=", ".join(allowed)))
