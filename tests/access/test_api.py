from __future__ import annotations

import make
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from pasaj.access.api import Bearer, SignedIn, auth
from pasaj.access.models import AuditEntry
from pasaj.access.rules import NOBODY, SYSTEM
from pasaj.access.services import accounts, tokens
from pasaj.core.problems import Refused


@pytest.fixture
def plain(cast: make.Cast) -> str:
    account = cast.account("partner")
    return tokens.issue(account=account, name="x", days=1, actor=SYSTEM, now=make.NOW)[1]


def request(header: str = "") -> HttpRequest:
    made = RequestFactory().get("/", headers={"Authorization": header} if header else {})
    made.user, made.now, made.actor = AnonymousUser(), make.NOW, NOBODY  # type: ignore[attr-defined]
    return made


def test_a_token_brings_its_accounts_roles(cast: make.Cast, plain: str) -> None:
    asked = request(f"Bearer {plain}")
    found = Bearer()(asked)
    assert found is not None
    assert asked.user == cast.account("partner")
    assert asked.actor == cast.actor("partner", via="token")  # type: ignore[attr-defined]
    assert AuditEntry.objects.order_by("-id")[0].at == make.NOW


@pytest.mark.req("R10.9")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_token_writes_only_where_it_was_made_to(cast: make.Cast, plain: str, method: str) -> None:
    account = cast.account("partner")
    writing = tokens.issue(account=account, name="y", days=1, may_write=True, actor=SYSTEM, now=make.NOW)[1]
    asked = request(f"Bearer {plain}")
    asked.method = method
    with pytest.raises(Refused) as error:
        Bearer()(asked)
    assert ([one.code for one in error.value.problems], asked.actor) == (["ACCESS-023"], NOBODY)  # type: ignore[attr-defined]
    asked = request(f"Bearer {writing}")
    asked.method = method
    assert (Bearer()(asked), asked.user) == (account.tokens.get(name="y"), account)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {plain}", "{plain}", "Bearer {plain} "])
def test_anything_else_leaves_a_stranger(plain: str, header: str) -> None:
    asked = request(header.format(plain=plain))
    assert Bearer()(asked) is None
    assert (asked.user.is_authenticated, asked.actor) == (False, NOBODY)  # type: ignore[attr-defined]


def test_a_session_counts_while_the_account_is_open(cast: make.Cast) -> None:
    asked = request()
    assert SignedIn().authenticate(asked, "key") is None
    asked.user = cast.account("duty")
    assert SignedIn().authenticate(asked, "key") == cast.account("duty")
    accounts.deactivate(account=cast.account("duty"), actor=SYSTEM, now=make.NOW)
    assert SignedIn().authenticate(asked, "key") is None
    assert [type(one) for one in auth] == [Bearer, SignedIn]
