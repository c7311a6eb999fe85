"""Which language a page speaks: the one chosen, else the account's, else the pack's; never the browser's."""

from __future__ import annotations

from collections.abc import Callable

import make
import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def language_of(client: Client, **headers: str) -> str:
    answer = client.get("/account/login/" if not client.session.get("_auth_user_id") else "/account/", headers=headers)
    return str(answer.headers["Content-Language"])


@pytest.mark.req("R5.2")
@pytest.mark.parametrize("default", ["fr", "ht", "es"])
def test_the_packs_language_whatever_the_browser_prefers(country: make.Country, default: str) -> None:
    type(country.home).objects.update(default_language=default)
    assert language_of(Client(), accept_language="en-US,en;q=0.9") == default


def test_the_accounts_language_and_then_the_one_chosen_here(
    country: make.Country, cast: make.Cast, as_: Callable[[str], Client]
) -> None:
    account = cast.account("duty")
    account.language = "ht"
    account.save()
    client = as_("duty")
    assert language_of(client) == "ht"
    client.post("/language/", {"language": "es"})
    assert language_of(client) == "es"


def test_a_language_nobody_speaks_is_passed_over(country: make.Country) -> None:
    client = Client()
    client.cookies["language"] = "xx'><script>"
    assert language_of(client) == "en"
