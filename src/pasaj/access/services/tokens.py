"""Keys for programs: shown once, kept as a hash, revocable, and never without an end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pasaj.access.models import Account, ApiToken
from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem

MAX_DAYS = 366
LOG_USE_EVERY = timedelta(hours=1)


@transaction.atomic
def issue(
    *, account: Account, name: str, days: int, may_write: bool = False, actor: Actor, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token that lives for `days`; its plain text is returned this once and kept nowhere.

    One that may not write only reads, whatever its account may do.

    `now` is the business clock, for the log; a token lives by the real clock.
    Raises Refused: ACCESS-018 (no name, or a life that is too long).
    """
    name = name.strip()
    if not name or not 1 <= days <= MAX_DAYS:
        raise Refused(problem("ACCESS-018", days=MAX_DAYS))
    prefix = f"pasaj_{secrets.token_hex(4)}"
    plain = f"{prefix}_{secrets.token_urlsafe(32)}"  # 256 random bits: a plain hash is enough
    created = timezone.now()
    token = ApiToken.objects.create(
        account=account,
        name=name[:100],
        prefix=prefix,
        sha256=_hash(plain),
        may_write=may_write,
        created_at=created,
        expires_at=created + timedelta(days=days),
    )
    audit.record(
        actor=actor,
        action="token.issued",
        code=token.code,
        now=now,
        detail={"name": token.name, "account": account.code, "expires_at": token.expires_at, "may_write": may_write},
    )
    return token, plain


@transaction.atomic
def revoke(*, token: ApiToken, actor: Actor, now: datetime) -> None:
    """End a token at once. Revoking it again changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(actor=actor, action="token.revoked", code=token.code, now=now)
    token.refresh_from_db()


@transaction.atomic
def revoke_all(*, account: Account, actor: Actor, now: datetime) -> int:
    """End every token of an account that still works. Returns how many there were."""
    found = list(account.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).order_by("pk"))
    for token in found:
        revoke(token=token, actor=actor, now=now)
    return len(found)


def authenticate(plain: str, *, now: datetime) -> ApiToken | None:
    """The token that this text opens, or None when it is unknown, expired, revoked, or its account closed.

    Its use is logged at most once an hour, at `now` (business clock); validity goes by the real clock.
    """
    token = ApiToken.objects.select_related("account").filter(sha256=_hash(plain)).first()
    real_now = timezone.now()
    if token is None or not token.is_valid(real_now) or not token.account.is_active:
        return None
    if token.last_used_at is None or token.last_used_at <= real_now - LOG_USE_EVERY:
        _log_use(token, now, real_now)
    return token


@transaction.atomic
def _log_use(token: ApiToken, now: datetime, real_now: datetime) -> None:
    stale = Q(last_used_at=None) | Q(last_used_at__lte=real_now - LOG_USE_EVERY)
    if ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=real_now):
        actor = Actor(id=token.account_id, label=str(token.account), via="token")
        audit.record(actor=actor, action="token.used", code=token.code, now=now)
    token.last_used_at = real_now


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
