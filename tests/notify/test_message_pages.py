"""The pages and the interface of the outbox: who opens them, what stands there, what can be done."""

from __future__ import annotations

import re
from collections.abc import Callable

import make
import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from notify.sending import NOW, contact, mail_server, put

from pasaj.notify.models import Delivery
from pasaj.notify.services import outbox

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
CELL = {"duty", "approver", "analyst"}
WHO = ("chief", "duty", "approver", "analyst", "partner", "stranger")


def filled() -> str:
    """A message of every state, and its code."""
    people = [
        contact("Anna", "anna@example.org", "+15005550101", language="fr"),
        contact("Bad", "bad@example.org"),
        contact("Board", "Notice board of the post"),
        contact("Waits", "waits@example.org", from_hour=9, to_hour=10, night_severity="extreme"),
    ]
    message = put(*people, acknowledge_minutes=30)
    with mail_server() as sink:
        sink.answers["bad@example.org"] = "550 no such person"
        outbox.deliver(real_now=timezone.now(), now=NOW)
    return message.code


def text_of(page: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", WHO)
def test_who_opens_the_outbox(cast: make.Cast, as_: As, who: str) -> None:
    code, client = filled(), as_(who)
    seen = 200 if who in CELL else 404
    addresses = ("/notices/", f"/notices/{code}/", f"/notices/{code}/bulletin", f"/api/v1/notices/{code}")
    assert {one: client.get(one).status_code for one in addresses} == dict.fromkeys(addresses, seen)
    listed = client.get("/api/v1/notices").json()
    assert [one["code"] for one in listed] == ([code] if who in CELL else [])
    if who in CELL:
        shown = client.get(f"/notices/{code}/").content.decode()
        plain = "anna@example.org" in shown
        assert plain == (who != "analyst")
        assert ("+15005550101" in shown) == plain
        api = client.get(f"/api/v1/notices/{code}").json()
        assert ("anna@example.org" in [one["address"] for one in api["recipients"]]) == plain
    acts = {step: client.post(f"/notices/{code}/act", {"step": step}).status_code for step in ("cancel", "resend")}
    assert acts == dict.fromkeys(acts, 302 if who == "duty" else 404)
    assert Delivery.objects.filter(state="cancelled").exists() == (who == "duty")


def test_nobody_opens_it_without_signing_in(cast: make.Cast) -> None:
    code = filled()
    found = [Client().get(one).status_code for one in ("/notices/", f"/notices/{code}/", f"/api/v1/notices/{code}")]
    assert found == [302, 302, 401]


def test_what_a_message_page_says(cast: make.Cast, as_: As) -> None:
    code = filled()
    page = text_of(as_("duty").get(f"/notices/{code}/"))
    for said in ("550 no such person", "the hours begin", "Try again what was given up", "Cancel what waits",
                 "Bulletins were handed out", "5: 1 handed over, of which 0 arrived"):  # fmt: skip
        assert said in page, said
    assert "bad@example.org" in text_of(as_("duty").get(f"/notices/{code}/?state=failed"))
    assert "anna@example.org" not in text_of(as_("duty").get(f"/notices/{code}/?state=failed"))
    listed = text_of(as_("duty").get("/notices/?kind=alert&state=failed&ref=AL-2026-0001"))
    assert code in listed
    assert "No message fits these filters." in text_of(as_("duty").get("/notices/?state=delivered"))
    assert as_("duty").post(f"/notices/{code}/act", {"step": "printed"}).status_code == 302
    assert Delivery.objects.get(channel="bulletin").state == "sent"
    assert as_("duty").post(f"/notices/{code}/act", {"step": "x"}).status_code == 404


def test_an_empty_outbox_says_what_would_be_there(cast: make.Cast, as_: As) -> None:
    page = text_of(as_("duty").get("/notices/"))
    assert "Nothing was sent yet." in page
    assert "SMS is not set up on this server: what goes out by it waits." in page


def test_a_bulletin_is_the_message_in_one_language_and_says_exercise(cast: make.Cast, as_: As) -> None:
    message = put(contact("Anna", "anna@example.org"), mode="exercise")
    page = text_of(as_("duty").get(f"/notices/{message.code}/bulletin?lang=ht"))
    assert "EGZÈSIS EGZÈSIS EGZÈSIS. Mete timoun yo nan lekòl la anvan." in page


def test_the_list_asks_as_often_with_three_as_with_one(cast: make.Cast, as_: As) -> None:
    from django.db import connection

    client, counts = as_("duty"), []
    anna = contact("Anna", "anna@example.org")
    for at in range(3):
        put(anna, ref=f"AL-{at}")
        client.get("/notices/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/notices/")
        counts.append(len(asked))
    assert counts[0] == counts[2]
