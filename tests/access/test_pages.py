from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.models import Account, ApiToken, AuditDetail, AuditEntry
from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit, tokens

As = Callable[[str], Client]
NOBODY_ELSE = ("chief", "duty", "approver", "analyst", "partner", "stranger")


def lines(client: Client, **search: object) -> list[str]:
    """The entries that the audit page lists."""
    return re.findall(r"AUDIT-\d+", client.get("/audit/", search).content.decode())


def write(actor: Actor, action: str = "test.done", code: str = "T-1", **detail: object) -> AuditEntry:
    audit.record(actor=actor, action=action, code=code, now=make.NOW, detail=detail)
    return AuditEntry.objects.latest("id")


@pytest.fixture
def empty_log(cast: make.Cast, as_: As) -> dict[str, Client]:
    """Everybody signed in, and a log that we know: their sign-ins are entries too."""
    return {who: as_(who) for who in make.CAST}


def retype(client: Client) -> None:
    """Type the password again, as before anything that could be misused at an open desk."""
    assert client.post("/account/reauthenticate/", {"password": "a long enough one"}).status_code == 302


# --- Account -----------------------------------------------------------------------------------


def test_the_account_page_shows_roles_and_what_to_sign_in_with(cast: make.Cast, as_: As) -> None:
    page = as_("chief").get("/account/").content.decode()
    assert "chief@example.org" in page
    assert "Post chief" in page
    assert "IMM" in page
    assert "One crossing point" in page
    assert "Add a second factor" in page
    assert "You hold no role yet" in as_("stranger").get("/account/").content.decode()


def test_an_account_is_changed_and_its_language_shows_at_once(cast: make.Cast, as_: As) -> None:
    client = as_("duty")
    answer = client.post("/account/", {"name": "Dana", "language": "es", "theme": "dark"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    account = Account.objects.get(email="duty@example.org")
    assert (account.name, account.language, account.theme) == ("Dana", "es", "dark")
    assert (client.cookies["language"].value, client.cookies["theme"].value) == ("es", "dark")
    assert '<html lang="es"' in client.get("/account/").content.decode()
    client.post("/account/", {"name": "Dana", "language": "", "theme": "auto"})
    assert (client.cookies["language"].value, client.cookies["theme"].value) == ("", "")
    assert '<html lang="en"' in client.get("/account/").content.decode()
    assert [entry.action for entry in AuditEntry.objects.order_by("-id")[:2]] == ["account.changed"] * 2


def test_what_was_typed_stays_on_error(as_: As) -> None:
    answer = as_("duty").post("/account/", {"name": "", "language": "xx", "theme": "dark"})
    page = answer.content.decode()
    assert Account.objects.get(email="duty@example.org").name == "duty"
    assert 'aria-invalid="true"' in page
    assert '<option value="dark" selected>' in page


def test_a_visitor_is_sent_to_sign_in(country: make.Country, client: Client) -> None:
    for path in ("/account/", "/account/tokens/", "/account/tokens/new/", "/audit/", "/audit/1/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


# --- Tokens ------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_opens_the_api(cast: make.Cast, as_: As) -> None:
    client = as_("analyst")
    retype(client)
    answer = client.post("/account/tokens/new/", {"name": "Notebook", "days": "30"})
    found = re.search(r'value="(pasaj_[0-9a-f]{8}_[\w-]{43})"', answer.content.decode())
    assert found
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (201, True)
    plain = found[1]
    page = client.get("/account/tokens/").content.decode()
    assert (plain in page, ApiToken.objects.get().prefix in page) == (False, True)
    assert (">read<" in page, ">read and write<" in page) == (True, False)
    assert tokens.authenticate(plain, now=make.NOW) == ApiToken.objects.get()
    client.post("/account/tokens/new/", {"name": "Robot", "days": "30", "may_write": "on"})
    assert ">read and write<" in client.get("/account/tokens/").content.decode()


def test_a_token_is_made_with_the_password_fresh(cast: make.Cast, as_: As) -> None:
    client = as_("analyst")
    asked = client.get("/account/tokens/new/")
    assert (asked.status_code, asked["Location"]) == (302, "/account/reauthenticate/?next=%2Faccount%2Ftokens%2Fnew%2F")
    late = client.post("/account/tokens/new/", {"name": "My notebook", "days": "365", "may_write": "on"})
    assert (late.status_code, late["Location"]) == (302, "/account/tokens/new/?name=My+notebook&days=365&may_write=on")
    assert not ApiToken.objects.exists()
    retype(client)
    page = client.get(late["Location"]).content.decode()  # what was typed is not lost
    assert 'value="My notebook"' in page
    assert '<option value="365" selected>' in page
    assert re.search(r'<input type="checkbox" name="may_write"[^>]* checked>', page)


def test_only_the_owner_and_the_administrator_revoke(cast: make.Cast, as_: As) -> None:
    account = cast.account("analyst")
    token, _plain = tokens.issue(account=account, name="Notebook", days=30, actor=SYSTEM, now=make.NOW)
    path = f"/account/tokens/{token.pk}/revoke/"
    for who in ("chief", "duty", "approver", "partner", "stranger", "dpo"):
        assert as_(who).post(path).status_code == 404
        assert "Notebook" not in as_(who).get("/account/tokens/").content.decode()
    assert as_("analyst").get(path).status_code == 405
    token.refresh_from_db()
    assert token.revoked_at is None
    assert as_("analyst").post(path).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    other, _plain = tokens.issue(account=account, name="Other", days=30, actor=SYSTEM, now=make.NOW)
    assert as_("admin").post(f"/account/tokens/{other.pk}/revoke/").status_code == 302


# --- Audit -------------------------------------------------------------------------------------


@pytest.mark.req("R7.1")
def test_each_sees_their_own_entries_and_two_see_all(cast: make.Cast, empty_log: dict[str, Client]) -> None:
    secret = write(SYSTEM, email="somebody@example.org")
    theirs = {who: write(cast.actor(who), code=f"OF-{who}") for who in make.CAST}
    for who, client in empty_log.items():
        found = lines(client, action="", code="")
        if who in ("dpo", "admin"):
            assert len(found) == AuditEntry.objects.count()
            continue
        own = AuditEntry.objects.filter(actor_id=cast.account(who).pk)  # with the sign-in
        assert found == [entry.reference for entry in own.order_by("-id")]
        assert client.get(f"/audit/{theirs[who].pk}/").status_code == 200
        for foreign in (secret, theirs["dpo"], theirs["chief" if who != "chief" else "duty"]):
            assert client.get(f"/audit/{foreign.pk}/").status_code == 404
        assert client.get("/audit/999999/").status_code == 404
        assert "somebody@example.org" not in client.get("/audit/").content.decode()


def test_the_log_is_searched_by_day_person_action_and_code(cast: make.Cast, as_: As) -> None:
    client = as_("dpo")
    start = AuditEntry.objects.count()
    write(cast.actor("chief"), "signal.found", "SG-1")
    late = make.NOW + timedelta(hours=16)
    audit.record(actor=cast.actor("duty"), action="token.used", code="SG-2", now=late)
    audit.record(actor=SYSTEM, action="token.used", code="SG-1", now=make.NOW + timedelta(days=2))
    one, two, three = (f"AUDIT-{start + at}" for at in (1, 2, 3))
    assert lines(client, code="sg-1") == [three, one]
    assert lines(client, who="DUTY@example") == [two]
    assert lines(client, action="token.used") == [three, two]
    assert lines(client, action="token.used", code="SG-1") == [three]
    # 2 October 04:00 UTC is midnight at home: the first moment of that day
    assert lines(client, from_date="2025-10-02", to_date="2025-10-02") == [two]
    assert lines(client, from_date="2025-10-02", who="d", action="token.used") == [two]
    assert lines(client, from_date="2025-10-03", action="token.used") == [three]
    assert one in lines(client, to_date="2025-10-01")
    assert lines(client, code="SG-9") == []
    assert "No entry fits" in client.get("/audit/", {"code": "SG-9"}).content.decode()


def test_a_search_that_makes_no_sense_is_told_and_does_not_fail(as_: As) -> None:
    client = as_("dpo")
    answer = client.get("/audit/", {"from_date": "2025-02-31", "before": "x", "action": "no", "code": "z" * 300})
    assert answer.status_code == 200
    assert client.get("/audit/", {"code": "\0"}).status_code == 400
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get("/audit/", {"from_date": day, "to_date": day}).status_code == 200
    for before in ("-1", "9" * 40, "²", ""):
        assert client.get("/audit/", {"before": before}).status_code == 200
    assert client.get(f"/audit/{'9' * 40}/").status_code == 404
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_long_log_has_pages(as_: As) -> None:
    client = as_("dpo")
    for at in range(55):
        write(SYSTEM, code=f"T-{at}")
    first = client.get("/audit/", {"action": "", "code": ""})
    head = AuditEntry.objects.count()
    assert lines(client) == [f"AUDIT-{number}" for number in range(head, head - 50, -1)]
    assert first.context["older"] == f"action=&code=&before={head - 49}"
    assert lines(client, before=head - 49) == [f"AUDIT-{number}" for number in range(head - 50, 0, -1)]


def test_looking_at_others_values_is_logged_and_at_ones_own_is_not(cast: make.Cast, as_: As) -> None:
    client, theirs = as_("dpo"), write(cast.actor("chief"), note="by the river")
    mine = write(cast.actor("dpo"), note="by me")
    count = AuditEntry.objects.count()
    assert "by me" in client.get(f"/audit/{mine.pk}/").content.decode()
    assert AuditEntry.objects.count() == count
    assert "by the river" in client.get(f"/audit/{theirs.pk}/").content.decode()
    last = AuditEntry.objects.order_by("-id")[0]
    assert (last.action, last.code, last.actor_id) == ("audit.viewed", theirs.reference, cast.account("dpo").pk)


def test_only_the_data_protection_focal_point_erases(cast: make.Cast, empty_log: dict[str, Client]) -> None:
    entry = write(cast.actor("chief"), note="by the river")
    path = f"/audit/{entry.pk}/erase/"
    for who in (*NOBODY_ELSE, "admin"):
        assert empty_log[who].post(path, {"reason": "asked for"}).status_code == 404
    client = empty_log["dpo"]
    assert client.post(path, {"reason": " "}).status_code == 422
    assert AuditDetail.objects.filter(entry_id=entry.pk).exists()
    answer = client.post(path, {"reason": "asked for"})
    assert (answer.status_code, answer["Location"]) == (302, f"/audit/{entry.pk}/")
    page = client.get(f"/audit/{entry.pk}/").content.decode()
    assert "by the river" not in page
    assert "were erased" in page
    assert audit.verify().sound


def test_values_are_shown_as_text(cast: make.Cast, as_: As) -> None:
    entry = write(cast.actor("dpo"), note="<script>alert(1)</script>")
    page = as_("dpo").get(f"/audit/{entry.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def count_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.req("R7.1")
def test_lists_run_a_constant_number_of_queries(cast: make.Cast, as_: As) -> None:
    client = as_("dpo")
    people = [cast.actor("chief"), cast.actor("duty"), SYSTEM]
    seen: dict[str, list[int]] = {"/audit/": [], "/account/tokens/": [], "/audit/?code=T-1": []}
    for number in (1, 2):  # 1 row, then 3
        for at in range(number):
            write(people[at], note="x")
            tokens.issue(account=cast.account("dpo"), name="x", days=1, actor=SYSTEM, now=make.NOW)
        for path, counts in seen.items():
            counts.append(count_queries(client, path))
    assert {path: len(set(counts)) for path, counts in seen.items()} == dict.fromkeys(seen, 1)
