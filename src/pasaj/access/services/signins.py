"""Sign-ins, sign-outs and changes of what one signs in with: Django and allauth tell, the log keeps.

Never a password, a code or a key; the address somebody tried and where from stand beside the log,
where they can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from pasaj.access.models import Account, address
from pasaj.access.rules import NOBODY, Actor
from pasaj.access.services import audit
from pasaj.access.services.accounts import client_address

# What is told with (request, user): the action it becomes in the log.
TOLD: tuple[tuple[Signal, str], ...] = (
    (auth_signals.user_logged_in, "account.signed-in"),
    (auth_signals.user_logged_out, "account.signed-out"),
    (account_signals.password_changed, "account.password-changed"),
    (account_signals.password_reset, "account.password-reset-by-mail"),
    (account_signals.email_added, "account.address-added"),
    (account_signals.email_changed, "account.address-changed"),
    (account_signals.email_removed, "account.address-removed"),
    (mfa_signals.authenticator_added, "account.factor-added"),
    (mfa_signals.authenticator_removed, "account.factor-removed"),
    (mfa_signals.authenticator_reset, "account.factor-reset"),
    (mfa_signals.authentication_failed, "account.factor-failed"),
)


def listen() -> None:
    """Connect the listeners. Called once, when the app is ready."""
    for signal, action in TOLD:
        signal.connect(_listener(action), dispatch_uid=action, weak=False)
    auth_signals.user_login_failed.connect(refused_sign_in, dispatch_uid="account.sign-in-refused")


def refused_sign_in(credentials: Mapping[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Somebody could not sign in. The log says for which account, when there is one; the page does not."""
    tried = address(str(credentials.get("email") or credentials.get("username") or ""))
    account = Account.objects.filter(email=tried).first()
    _record(request, NOBODY, "account.sign-in-refused", account, {"email": tried[:254]})


def _listener(action: str) -> Any:
    def told(request: HttpRequest | None = None, user: Account | None = None, **kwargs: Any) -> None:
        if user is None:  # a session that had ended already
            return
        factor, email = kwargs.get("authenticator"), kwargs.get("email_address") or kwargs.get("to_email_address")
        detail = {"factor": factor.type} if factor is not None else {}
        if email is not None:
            detail["email"] = email.email
        _record(request, Actor(id=user.pk, label=str(user)), action, user, detail)

    return told


def _record(
    request: HttpRequest | None, actor: Actor, action: str, account: Account | None, detail: dict[str, Any]
) -> None:
    if request is not None and (where := client_address(request)):
        detail["from"] = where
    with transaction.atomic():
        audit.record(
            actor=actor,
            action=action,
            code=account.code if account else "",
            now=getattr(request, "now", None) or timezone.now(),
            detail=detail,
        )
