"""The pages of people: who has which access, and taking it away."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.models import Account, AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import tokens
from pasaj.registry.models import Membership

As = Callable[[str], Client]
PASSWORD = "a long enough one"
MANAGERS = ("admin", "dpo")


def text(page: str) -> str:
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return text(answer.content.decode())


def path(who: make.Account, deed: str = "") -> str:
    return f"/people/{who.pk}/{deed}"


def deeds(cast: make.Cast) -> list[str]:
    chief = cast.account("chief")
    role = Membership.objects.get(account=chief)
    return [path(chief, one) for one in (f"roles/{role.pk}/end/", "close/", "reopen/", "password/", "tokens/")]


def retype(client: Client) -> None:
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("who", make.CAST)
def test_who_opens_the_pages(cast: make.Cast, as_: As, who: str) -> None:
    client = as_(who)
    expected = 200 if who in MANAGERS else 404
    assert client.get("/people/").status_code == expected
    for other in make.CAST:  # also the own one: that is what "My account" is for
        assert client.get(path(cast.account(other))).status_code == expected
    assert ('href="/people/"' in client.get("/").content.decode()) == (who in MANAGERS)


@pytest.mark.parametrize("who", [who for who in make.CAST if who != "admin"])
def test_whoever_may_not_finds_nothing_and_changes_nothing(cast: make.Cast, as_: As, who: str) -> None:
    client = as_(who)
    entries = AuditEntry.objects.count()
    role, *others = deeds(cast)
    for address in others if who == "dpo" else [role, *others]:
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert AuditEntry.objects.count() == entries
    assert Account.objects.filter(is_active=False).count() == 0


def test_the_list_names_roles_and_closed_accounts(cast: make.Cast, as_: As) -> None:
    Account.objects.filter(email="partner@example.org").update(is_active=False)
    shown = read(as_("admin"), "/people/")
    assert "chief chief@example.org Post chief, IMM , TL-BCP-NOR" in shown
    assert shown.index("stranger@example.org") < shown.index("partner@example.org")  # closed ones come last
    assert shown.rstrip().endswith("Never Closed")
    found = read(as_("admin"), "/people/?q=CHIEF")
    assert re.findall(r"\S+@example\.org", found) == ["chief@example.org"]
    assert "No account fits." in read(as_("admin"), "/people/?q=nobody+at+all")
    assert len(re.findall(r"\S+@example\.org", read(as_("admin"), "/people/?q=" + "x" * 200))) == len(make.CAST)


def test_the_list_runs_the_same_queries_however_many_there_are(country: make.Country, cast: make.Cast, as_: As) -> None:
    client = as_("admin")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/people/")
        return len(seen)

    client.get("/people/")
    few = count()
    for number in range(3):
        more = make.account(f"more{number}@example.org")
        for role in ("duty", "analyst"):
            make.member(more, country.institutions["CELL"], role, country.crossings["TL-BCP-NOR"])
        tokens.issue(account=more, name="x", days=1, actor=SYSTEM, now=make.NOW)
    assert count() == few


@pytest.mark.parametrize("who", MANAGERS)
def test_a_role_is_ended_after_a_question(cast: make.Cast, as_: As, who: str) -> None:
    chief, client = cast.account("chief"), as_(who)
    end = deeds(cast)[0]
    assert f'href="{end}"' in client.get(path(chief)).content.decode()
    assert "Post chief at IMM: from now on" in read(client, end)
    assert Membership.objects.get(account=chief).ended_at is None  # only asked
    answer = client.post(end)
    assert (answer.status_code, answer["Location"]) == (302, path(chief))
    assert Membership.objects.get(account=chief).ended_at == make.NOW
    shown = read(client, path(chief))
    assert "This account holds no role" in shown
    assert "Ended Post chief, IMM , Northgate: Wed 1 Oct 2025 – Wed 1 Oct 2025" in shown
    assert (client.get(end).status_code, client.post(end).status_code) == (404, 404)


def test_a_role_of_somebody_else_is_not_found_under_a_name(cast: make.Cast, as_: As) -> None:
    role = Membership.objects.get(account=cast.account("duty"))
    assert as_("admin").post(path(cast.account("chief"), f"roles/{role.pk}/end/")).status_code == 404
    role.refresh_from_db()
    assert role.ended_at is None


@pytest.mark.req("R7.7")
def test_an_account_is_closed_and_its_sessions_and_tokens_end(cast: make.Cast, as_: As) -> None:
    chief, theirs, client = cast.account("chief"), as_("chief"), as_("admin")
    _token, plain = tokens.issue(account=chief, name="Monthly notebook", days=1, actor=SYSTEM, now=make.NOW)
    assert theirs.get("/account/").status_code == 200
    assert "Monthly notebook" in read(client, path(chief))
    assert "Nobody can sign in with it any more." in read(client, path(chief, "close/"))
    assert client.post(path(chief, "close/")).status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert tokens.authenticate(plain, now=make.NOW) is None
    shown = read(client, path(chief))
    assert ("State Closed" in shown, "Monthly notebook" in shown) == (True, False)
    assert client.post(path(chief, "close/")).status_code == 409


@pytest.mark.req("R7.7")
def test_the_last_administrator_is_told_why_it_stays(cast: make.Cast, as_: As) -> None:
    admin, client = cast.account("admin"), as_("admin")
    role = Membership.objects.get(account=admin)
    for deed in ("close/", f"roles/{role.pk}/end/"):
        answer = client.post(path(admin, deed))
        assert answer.status_code == 409
        assert "ACCESS-020" in answer.content.decode()
    assert client.get("/people/").status_code == 200


def test_tokens_are_revoked(cast: make.Cast, as_: As) -> None:
    chief, client = cast.account("chief"), as_("admin")
    _token, plain = tokens.issue(account=chief, name="Monthly notebook", days=1, actor=SYSTEM, now=make.NOW)
    assert "1 token works." in read(client, path(chief, "tokens/"))
    assert "Monthly notebook" not in read(as_("dpo"), path(chief))
    assert client.post(path(chief, "tokens/")).status_code == 302
    assert tokens.authenticate(plain, now=make.NOW) is None
    assert "Monthly notebook" not in read(client, path(chief))


@pytest.mark.parametrize("deed", ["password/", "reopen/"])
def test_a_new_password_is_shown_once_to_who_has_just_typed_the_own_one(cast: make.Cast, as_: As, deed: str) -> None:
    chief, theirs, client = cast.account("chief"), as_("chief"), as_("admin")
    if deed == "reopen/":
        client.post(path(chief, "close/"))
    address = path(chief, deed)
    assert client.get(address)["Location"].startswith("/account/reauthenticate/")
    assert (client.post(address).status_code, client.post(address)["Location"]) == (302, address)
    retype(client)
    assert "once" in read(client, address)
    answer = client.post(address)
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    plain = re.findall(r'value="((?:[a-z2-9]{4}-){4}[a-z2-9]{4})"', answer.content.decode())
    assert len(plain) == 1
    found = Account.objects.get(pk=chief.pk)
    assert (found.is_active, found.check_password(plain[0]), found.check_password(PASSWORD)) == (True, True, False)
    assert theirs.get("/account/").status_code == 302
    assert plain[0] not in client.get(path(chief)).content.decode()


def test_what_cannot_be_handed_over_says_why(cast: make.Cast, as_: As) -> None:
    chief, client = cast.account("chief"), as_("admin")
    retype(client)
    answer = client.post(path(chief, "reopen/"))
    assert (answer.status_code, "ACCESS-022" in answer.content.decode()) == (409, True)
    client.post(path(chief, "close/"))
    answer = client.post(path(chief, "password/"))
    assert (answer.status_code, "ACCESS-019" in answer.content.decode()) == (409, True)
