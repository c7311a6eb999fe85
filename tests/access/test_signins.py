from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import make
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client, RequestFactory

from pasaj.access.models import AuditDetail, AuditEntry
from pasaj.access.queries import factors_of
from pasaj.access.services import accounts

PASSWORD = "a long enough one"


def sign_in(client: Client, email: str = "duty@example.org", password: str = PASSWORD) -> int:
    return client.post("/account/login/", {"login": email, "password": password}).status_code


def log() -> list[tuple[str, int | None, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor_id", "code"))


def test_sign_in_and_out_are_entries(cast: make.Cast, client: Client) -> None:
    duty = cast.account("duty")
    assert sign_in(client, "DUTY@Example.org") == 302
    assert client.post("/account/logout/").status_code == 302
    assert log() == [("account.signed-in", duty.pk, duty.code), ("account.signed-out", duty.pk, duty.code)]
    assert AuditEntry.objects.order_by("id")[0].at == make.NOW  # the business clock


def test_a_device_follows_the_choices_of_whoever_signs_in(cast: make.Cast, client: Client) -> None:
    client.cookies["language"], client.cookies["theme"] = "es", "light"
    make.Account.objects.filter(email="duty@example.org").update(language="ht", theme="dark")
    sign_in(client)
    assert (client.cookies["language"].value, client.cookies["theme"].value) == ("ht", "dark")
    client.post("/account/logout/")
    sign_in(client, "chief@example.org")
    assert (client.cookies["language"].value, client.cookies["theme"].value) == ("", "")


def test_a_language_chosen_on_the_sign_in_page_outlives_signing_in(cast: make.Cast, client: Client) -> None:
    client.cookies["theme"] = "dark"  # left by somebody else
    client.post("/language/", {"language": "ht"})
    sign_in(client)
    assert (client.cookies["language"].value, client.cookies["theme"].value) == ("ht", "")


def test_a_refused_sign_in_is_an_entry_without_the_password(
    cast: make.Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert sign_in(client, password="not this secret") == 200
    assert sign_in(client, "nobody@example.org", "not this secret") == 200
    duty = cast.account("duty")
    assert log() == [("account.sign-in-refused", None, duty.code), ("account.sign-in-refused", None, "")]
    assert [detail.values for detail in AuditDetail.objects.order_by("pk")] == [
        {"email": "duty@example.org", "from": "127.0.0.1"},
        {"email": "nobody@example.org", "from": "127.0.0.1"},
    ]
    for text in (caplog.text, str(list(AuditEntry.objects.values())), str(list(AuditDetail.objects.values()))):
        assert "not this secret" not in text


def test_the_answer_does_not_tell_whether_an_account_exists(cast: make.Cast) -> None:
    def page(email: str) -> str:
        answer = Client().post("/account/login/", {"login": email, "password": "wrong wrong"})
        return str(answer.context["form"].errors)

    assert page("duty@example.org") == page("nobody@example.org")


def test_nobody_signs_up(country: make.Country, client: Client) -> None:
    email = "new@example.org"
    answer = client.post("/account/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert not make.Account.objects.filter(email=email).exists()
    assert answer.status_code in (200, 302)


def test_a_closed_account_does_not_sign_in(cast: make.Cast, client: Client) -> None:
    duty = cast.account("duty")
    duty.is_active = False
    duty.save()
    sign_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.req("R7.6")
def test_too_many_tries_are_stopped(cast: make.Cast, client: Client) -> None:
    for _turn in range(5):
        sign_in(client, password="wrong wrong")
    assert sign_in(client) == 200  # even with the right one, for a while
    assert "_auth_user_id" not in client.session
    assert len(log()) == 5  # what was stopped before asking is no entry


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "203.0.113.7", "192.0.2.1"),  # nobody in front: whoever calls wrote it
        (1, None, "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the left one was sent along by the visitor
        (2, "6.6.6.6, 203.0.113.7, 198.51.100.2", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),  # it passed one proxy only
        (1, "6.6.6.6, nonsense", "192.0.2.1"),
        (1, "6.6.6.6,", "192.0.2.1"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "999.1.1.1:80", "192.0.2.1"),
    ],
)
def test_where_a_request_comes_from(
    rf: RequestFactory, settings: Any, proxies: int, header: str | None, expected: str
) -> None:
    settings.PASAJ_PROXIES = proxies
    given = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", **given)
    assert accounts.client_address(request) == expected
    assert accounts.AccountAdapter(request).get_client_ip(request) == expected


def attempts(forwarded: Callable[[int], str]) -> list[int]:
    """Twelve wrong passwords for as many addresses, each with its header: the answers."""
    client = Client()
    return [
        client.post(
            "/account/login/",
            {"login": f"nobody{number}@example.org", "password": "wrong wrong"},
            HTTP_X_FORWARDED_FOR=forwarded(number),
        ).status_code
        for number in range(12)
    ]


@pytest.mark.req("R7.6")
def test_a_header_of_ones_own_does_not_lift_the_limit(country: make.Country, settings: Any) -> None:
    for proxies, forwarded in ((0, "203.0.113.{0}"), (1, "203.0.113.{0}, 198.51.100.7"), (2, "203.0.113.{0}")):
        settings.PASAJ_PROXIES = proxies
        AuditDetail.objects.all().delete()
        attempts(lambda number, forwarded=forwarded: forwarded.format(number))  # type: ignore[misc]
        assert AuditDetail.objects.count() == 10  # what was stopped before asking is no entry
        cache.clear()


@pytest.mark.req("R7.6")
def test_visitors_behind_one_proxy_do_not_stop_each_other(country: make.Country, settings: Any) -> None:
    settings.PASAJ_PROXIES = 1
    attempts(lambda number: f"6.6.6.6, 203.0.113.{number}")
    asked = [detail.values["from"] for detail in AuditDetail.objects.order_by("pk")]
    assert asked == [f"203.0.113.{number}" for number in range(12)]


@pytest.mark.req("R7.6")
def test_a_second_factor_is_asked_for(cast: make.Cast, client: Client, in_code: Callable[[str], str]) -> None:
    duty = cast.account("duty")
    secret = generate_totp_secret()
    TOTP.activate(duty, secret)
    assert factors_of(duty) == {Authenticator.Type.TOTP}
    assert client.post("/account/login/", {"login": duty.email, "password": PASSWORD})["Location"].startswith(
        "/account/2fa/authenticate/"
    )
    assert "_auth_user_id" not in client.session
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert [action for action, _actor, _code in log()] == ["account.factor-failed"]
    assert client.post("/account/2fa/authenticate/", {"code": in_code(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(duty.pk)
    assert [action for action, _actor, _code in log()][-1] == "account.signed-in"
    assert secret not in str(list(AuditDetail.objects.values()))


@pytest.fixture
def in_code() -> Callable[[str], str]:
    """The code an authenticator app would show now."""
    import time

    def code(secret: str) -> str:
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

    return code
