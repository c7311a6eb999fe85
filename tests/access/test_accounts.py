from __future__ import annotations

from datetime import UTC, datetime

import make as cast_of
import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client

from pasaj.access.models import Account, AuditDetail, AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import accounts, audit
from pasaj.core.problems import Refused

NOW = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def make(email: str = "Ana@Example.org ", name: str = "Ana") -> tuple[Account, str]:
    return accounts.create_account(email=email, name=name, actor=SYSTEM, now=NOW)


def actions() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "code"))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.problems]


def test_an_account_is_made_with_a_password_told_once() -> None:
    account, password = make()
    assert (account.email, account.name, account.language, account.theme) == ("ana@example.org", "Ana", "", "auto")
    assert account.check_password(password)
    assert make("b@example.org")[1] != password
    assert not AuditDetail.objects.filter(content__contains=password).exists()
    assert actions()[0] == ("account.created", account.code)
    assert EmailAddress.objects.get(user=account).verified


def test_a_password_can_be_read_out_over_the_phone() -> None:
    password = accounts.new_password()
    assert [len(group) for group in password.split("-")] == [4, 4, 4, 4, 4]
    assert not set(password) & set("01ilo")


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a b@example.org", "ana@example.org\nbcc: x@example.org"])
def test_what_is_not_an_address_is_refused(email: str) -> None:
    with pytest.raises(Refused) as refused:
        make(email)
    assert codes(refused) == ["ACCESS-007"]
    assert not Account.objects.exists()


def test_an_address_is_taken_whatever_its_letters() -> None:
    make("ana@example.org")
    with pytest.raises(Refused) as refused:
        make("ANA@example.ORG")
    assert codes(refused) == ["ACCESS-015"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.bulk_create([Account(email="ANA@EXAMPLE.org", name="x")])  # past save()
    assert Account.objects.get_by_natural_key("Ana@example.org").name == "Ana"


def test_a_change_is_logged_with_what_stood_before_and_no_change_is_not() -> None:
    account, _password = make()
    accounts.change_account(account=account, actor=SYSTEM, now=NOW, name="Ana B", language="ht", theme="dark")
    account.refresh_from_db()
    assert (account.name, account.language, account.theme) == ("Ana B", "ht", "dark")
    assert AuditDetail.objects.order_by("-pk").values_list("content", flat=True)[0] == (
        '{"language":"ht","language_before":"","name":"Ana B","name_before":"Ana","theme":"dark","theme_before":"auto"}'
    )
    accounts.change_account(account=account, actor=SYSTEM, now=NOW, name=" Ana B ", language="ht")
    accounts.change_account(account=account, actor=SYSTEM, now=NOW, name=" ", theme=None)
    assert [action for action, _code in actions()] == ["account.created", "account.changed"]
    with pytest.raises(Refused) as refused:
        accounts.change_account(account=account, actor=SYSTEM, now=NOW, language="xx")
    assert codes(refused) == ["ACCESS-016"]


def test_a_closed_account_cannot_be_used_and_its_tokens_end() -> None:
    account, password = make()
    client = Client()
    client.force_login(account)
    from pasaj.access.services import tokens

    _token, plain = tokens.issue(account=account, name="x", days=1, actor=SYSTEM, now=NOW)
    accounts.deactivate(account=account, actor=SYSTEM, now=NOW)
    accounts.deactivate(account=account, actor=SYSTEM, now=NOW)
    assert tokens.authenticate(plain, now=NOW) is None
    new = accounts.reactivate(account=account, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused) as refused:
        accounts.reactivate(account=account, actor=SYSTEM, now=NOW)
    assert codes(refused) == ["ACCESS-022"]
    assert tokens.authenticate(plain, now=NOW) is None
    account.refresh_from_db()
    assert (account.check_password(password), account.check_password(new)) == (False, True)
    assert [action for action, _code in actions()] == [
        "account.created",
        "account.signed-in",
        "token.issued",
        "token.revoked",
        "account.deactivated",
        "account.reactivated",
    ]


def signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_session_of_a_closed_account_never_comes_back(cast: cast_of.Cast) -> None:
    account, client, idle = cast.account("duty"), Client(), Client()
    client.force_login(account)
    idle.force_login(account)  # asks nothing while the account is closed
    assert signed_in(client)
    accounts.deactivate(account=account, actor=SYSTEM, now=NOW)
    assert not signed_in(client)
    accounts.reactivate(account=account, actor=SYSTEM, now=NOW)
    assert (signed_in(client), signed_in(idle)) == (False, False)


def test_a_new_password_ends_the_sessions_with_the_old_one(cast: cast_of.Cast) -> None:
    account, client = cast.account("duty"), Client()
    client.force_login(account)
    accounts.reset_password(account=account, actor=SYSTEM, now=NOW)
    assert not signed_in(client)


def test_a_password_changed_by_oneself_ends_the_other_sessions(cast: cast_of.Cast) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/account/login/", {"login": "duty@example.org", "password": "a long enough one"})
    typed = {"oldpassword": "a long enough one", "password1": "quite another one", "password2": "quite another one"}
    assert here.post("/account/password/change/", typed).status_code == 302
    assert (signed_in(here), signed_in(elsewhere)) == (True, False)


def test_a_closed_account_gets_no_password(cast: cast_of.Cast) -> None:
    account = cast.account("duty")
    accounts.deactivate(account=account, actor=SYSTEM, now=NOW)
    with pytest.raises(Refused) as refused:
        accounts.reset_password(account=account, actor=SYSTEM, now=NOW)
    assert codes(refused) == ["ACCESS-019"]


def test_a_new_password_replaces_the_old_one() -> None:
    account, old = make()
    new = accounts.reset_password(account=account, actor=SYSTEM, now=NOW)
    account.refresh_from_db()
    assert (account.check_password(old), account.check_password(new)) == (False, True)
    assert actions()[-1] == ("account.password-reset", account.code)
    assert audit.verify().sound
