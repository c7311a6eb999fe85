"""“My reports” of somebody with an account: the own ones from phone and browser, questions, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import make
import pytest
from collect import filled, phone
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.models import AuditEntry
from pasaj.access.rules import Actor
from pasaj.collect.models import Message, ReviewEvent, Submission
from pasaj.collect.services import review
from pasaj.collect.services.submissions import Sender
from pasaj.notify.models import Contact, Inbound
from pasaj.registry.models import Institution

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
URL = "/collect/mine/"
NORTH = "TL-BCP-NOR"


def ask(row: Submission, text: str) -> None:
    review.act(
        receipt=row.receipt, step="ask", seen=review.mark(row), text=text, actor=Actor(1, "Duty"), now=make.NOW
    )  # fmt: skip


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sent(cast: make.Cast, who: str, instance: str, via: str = "web", **more: Any) -> Submission:
    return filled.report(Sender(via, account_id=cast.account(who).pk), instance, **more)


@pytest.fixture(autouse=True)
def form(country: make.Country) -> None:
    filled.form()


@pytest.mark.req("R7.1")
def test_each_sees_the_own_reports_and_no_others(country: make.Country, cast: make.Cast, as_: As) -> None:
    rows = {
        ("chief", "web"): sent(cast, "chief", "uuid:1", place=country, crossing=NORTH),
        ("chief", "basic"): sent(cast, "chief", "uuid:2", "basic"),
        ("duty", "web"): sent(cast, "duty", "uuid:3"),
        ("stranger", "web"): sent(cast, "analyst", "uuid:4"),  # of a role that ended
        ("key", "key"): filled.report(phone.sender(phone.key()[0]), "uuid:5"),
    }
    left = rows["stranger", "web"]
    Submission.objects.filter(pk=left.pk).update(account_id=cast.account("stranger").pk)
    found = {}
    for who in make.CAST:
        answer = as_(who).get(URL)
        assert answer.status_code == 200
        found[who] = {key for key, row in rows.items() if row.receipt in answer.content.decode()}
    assert found == {
        **{who: set() for who in make.CAST},
        "chief": {("chief", "web"), ("chief", "basic")}, "duty": {("duty", "web")}, "stranger": {("stranger", "web")},
    }  # fmt: skip
    assert Client().get(URL).status_code == 302
    chief = as_("chief").get(URL).content.decode()
    # A receipt is a link for whoever may open the report in the cell's pages.
    assert re.findall(r'href="/collect/submissions/([\w-]+)/"', chief) == [rows["chief", "web"].receipt]
    assert "Northgate" in chief


@pytest.mark.req("R2.16")
@pytest.mark.parametrize("via", ["web", "basic"])
def test_a_question_to_an_account_is_answered_under_its_session(cast: make.Cast, as_: As, via: str) -> None:
    row = sent(cast, "chief", "uuid:1", via)
    assert "ask" in review.possible(row)
    assert "asks about" not in text_of(as_("chief").get("/"))
    ask(row, "How many children?")
    client = as_("chief")
    assert "The cell asks about 1 of your reports" in text_of(client.get("/"))
    assert "The cell asks about" not in text_of(as_("duty").get("/"))
    assert "How many children?" in text_of(client.get(URL))
    given = {"receipt": row.receipt, "text": "Three small ones"}
    answer = client.post(URL, given)
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}?answered=1")
    assert "Three small ones" in text_of(client.get(answer["Location"]))
    message = Message.objects.get(from_sender=True)
    assert (message.text, message.actor_id) == ("Three small ones", cast.account("chief").pk)
    assert ReviewEvent.objects.get(action="answered").actor_id == cast.account("chief").pk
    assert AuditEntry.objects.filter(action="submission.answered", code=row.receipt).count() == 1
    assert client.post(URL, given).status_code == 409  # one answer a question
    # The cell reads it, and who looks at it finds it to be looked at again.
    assert "Three small ones" in text_of(as_("duty").get(f"/collect/submissions/{row.receipt}/"))
    assert Submission.objects.get().review == "new"


@pytest.mark.req("R7.1")
def test_nobody_answers_for_another(cast: make.Cast, as_: As) -> None:
    row = sent(cast, "chief", "uuid:1")
    ask(row, "How many?")
    for who in set(make.CAST) - {"chief"}:
        assert as_(who).post(URL, {"receipt": row.receipt, "text": "x"}).status_code == 409
    keyed = filled.report(phone.sender(phone.key()[0]), "uuid:2")
    ask(keyed, "How many?")
    assert as_("chief").post(URL, {"receipt": keyed.receipt, "text": "x"}).status_code == 409
    assert not Message.objects.filter(from_sender=True).exists()
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cast.account("chief"))
    assert forged.post(URL, {"receipt": row.receipt, "text": "x"}).status_code == 403


def test_what_may_not_be_stored_comes_back_as_typed(cast: make.Cast, as_: As) -> None:
    row = sent(cast, "chief", "uuid:1")
    ask(row, "Who told you?")
    for text in ("", "tel 509 3777 1234", "x" * 2001):
        answer = as_("chief").post(URL, {"receipt": row.receipt, "text": text})
        assert (answer.status_code, text in answer.content.decode()) == (422, True)
    assert as_("chief").put(URL).status_code == 405


def test_it_offers_what_may_be_filled(country: make.Country, cast: make.Cast, as_: As) -> None:
    phone.form("drafted", state="draft")
    found = {who: re.findall(r'href="(/collect/forms/[^"]+/fill/)"', as_(who).get(URL).text) for who in make.CAST}
    may = ["/collect/forms/market/fill/"]
    assert found == {**{who: [] for who in make.CAST}, **dict.fromkeys(("chief", "duty", "analyst", "admin"), may)}
    menu = {who: f'href="{URL}"' in as_(who).get("/").content.decode() for who in make.CAST}
    assert {who for who, there in menu.items() if there} == {"chief", "duty", "analyst", "admin"}
    counts = {who for who in make.CAST if 'href="/counts/"' in as_(who).get(URL).text.partition("<main")[2]}
    assert counts == {"chief", "duty"}


def test_it_asks_as_often_for_many_as_for_one(country: make.Country, cast: make.Cast, as_: As) -> None:
    client = as_("chief")
    counted = []
    for number in range(3):
        row = sent(cast, "chief", f"uuid:{number}", place=country, crossing=NORTH, photo="p.jpg")
        ask(row, "How many?")
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        counted.append(len(asked))
    assert counted[0] == counted[2]


def texted(cast: make.Cast, who: str, text: str, **fields: Any) -> None:
    account = cast.account(who)
    contact, _new = Contact.objects.get_or_create(
        code=f"CT-{who}", name=who, institution=Institution.objects.get(code="IMM"), role="post", language="fr",
        account_id=account.pk, defaults={"created_at": make.NOW},
    )  # fmt: skip
    Inbound.objects.create(
        channel="sms", external_id=text, sender="+15005550101", contact=contact, text=text, received_at=make.NOW,
        recorded_at=make.NOW, **{"state": "settled", "meaning": "count", **fields},
    )  # fmt: skip


@pytest.mark.req("R11.36")
def test_counts_sent_by_sms_are_listed_with_what_became_of_them(cast: make.Cast, as_: As) -> None:
    texted(cast, "chief", "R 1/10 12", ref=f"{NORTH} 2025-10-01")
    texted(cast, "chief", "R 1/10 many", state="unknown", problem="TEXT-002")
    texted(cast, "chief", "hello", state="unknown", meaning="")
    texted(cast, "partner", "R 1/10 99", ref=f"{NORTH} 2025-10-01")
    page = text_of(as_("chief").get(URL))
    assert "Counts that you sent by SMS" in page
    assert f"R 1/10 12 recorded as a count {NORTH} 2025-10-01" in page
    assert "R 1/10 many nothing recorded" in page
    assert ("hello" in page, "R 1/10 99" in page) == (False, False)
    seen = {who: "R 1/10 99" in as_(who).get(URL).content.decode() for who in make.CAST}
    assert [who for who, shown in seen.items() if shown] == ["partner"]
    assert "Counts that you sent by SMS" not in text_of(as_("duty").get(URL))
