from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pasaj.access.models import Account, ApiToken, AuditEntry
from pasaj.access.rules import Actor
from pasaj.access.services import tokens
from pasaj.core.problems import Refused

BUSINESS = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)
REAL = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return Account.objects.create_user("ana@example.org", name="Ana")


def issue(account: Account, days: int = 30, name: str = "Notebook") -> tuple[ApiToken, str]:
    actor = Actor(id=account.pk, label="Ana")
    return tokens.issue(account=account, name=name, days=days, actor=actor, now=BUSINESS)


def uses() -> list[datetime]:
    return list(AuditEntry.objects.filter(action="token.used").order_by("id").values_list("at", flat=True))


@pytest.mark.req("R7.5")
def test_only_the_hash_is_kept(account: Account) -> None:
    token, plain = issue(account)
    assert plain.startswith(f"{token.prefix}_")
    assert token.prefix.startswith("pasaj_")
    assert token.sha256 == hashlib.sha256(plain.encode()).hexdigest()
    secret = plain.removeprefix(f"{token.prefix}_")
    assert len(secret) == 43
    for model in (ApiToken, AuditEntry):
        assert secret not in str(list(model.objects.values()))
    assert secret not in str([entry.detail.content for entry in AuditEntry.objects.all()])


@time_machine.travel(REAL, tick=False)
def test_a_token_lives_by_the_real_clock(account: Account) -> None:
    token, plain = issue(account, days=30)
    assert (token.created_at, token.expires_at) == (REAL, REAL + timedelta(days=30))
    assert tokens.authenticate(plain, now=BUSINESS) == token
    with time_machine.travel(REAL + timedelta(days=30) - timedelta(seconds=1), tick=False):
        assert tokens.authenticate(plain, now=BUSINESS) == token
    with time_machine.travel(REAL + timedelta(days=30), tick=False):
        assert tokens.authenticate(plain, now=BUSINESS) is None


@pytest.mark.req("R7.5")
def test_unknown_revoked_and_closed_are_refused(account: Account) -> None:
    token, plain = issue(account)
    actor = Actor(id=account.pk, label="Ana")
    for wrong in ("", "pasaj_", token.prefix, plain[:-1], plain + "x", plain.upper(), token.sha256):
        assert tokens.authenticate(wrong, now=BUSINESS) is None
    tokens.revoke(token=token, actor=actor, now=BUSINESS)
    tokens.revoke(token=token, actor=actor, now=BUSINESS)
    assert tokens.authenticate(plain, now=BUSINESS) is None
    assert AuditEntry.objects.filter(action="token.revoked", code=token.code).count() == 1
    _other, plain = issue(account)
    Account.objects.update(is_active=False)
    assert tokens.authenticate(plain, now=BUSINESS) is None


@pytest.mark.parametrize(("name", "days"), [("", 30), ("  ", 30), ("x", 0), ("x", -1), ("x", 367)])
def test_a_token_needs_a_name_and_an_end(account: Account, name: str, days: int) -> None:
    with pytest.raises(Refused) as refused:
        issue(account, days=days, name=name)
    assert [one.code for one in refused.value.problems] == ["ACCESS-018"]
    assert not ApiToken.objects.exists()


def test_use_is_logged_at_most_once_an_hour(account: Account) -> None:
    with time_machine.travel(REAL, tick=False):
        token, plain = issue(account)
        tokens.authenticate(plain, now=BUSINESS)
    assert uses() == [BUSINESS]
    with time_machine.travel(REAL + timedelta(minutes=59), tick=False):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tokens.authenticate(plain, now=BUSINESS + timedelta(minutes=59))
        assert len(queries) == 1
    assert uses() == [BUSINESS]
    with time_machine.travel(REAL + timedelta(minutes=60), tick=False):
        tokens.authenticate(plain, now=BUSINESS + timedelta(minutes=60))
    assert uses() == [BUSINESS, BUSINESS + timedelta(minutes=60)]
    token.refresh_from_db()
    assert token.last_used_at == REAL + timedelta(minutes=60)
    used = AuditEntry.objects.filter(action="token.used").order_by("-id")[0]
    assert (used.actor_id, used.via, used.code) == (account.pk, "token", token.code)


def test_a_token_that_looks_used_by_a_second_process_is_not_logged_twice(account: Account) -> None:
    token, plain = issue(account)
    stale = ApiToken.objects.get(pk=token.pk)
    tokens.authenticate(plain, now=BUSINESS)
    tokens._log_use(stale, BUSINESS, timezone.now())
    assert uses() == [BUSINESS]
