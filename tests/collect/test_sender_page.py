"""The page of a key: what arrived, what lacks, what the cell asks; nobody else's reports, and no cookie."""

from __future__ import annotations

import re
from typing import Any

import make
import pytest
from collect import filled, phone
from django.test import Client

from pasaj.access.models import AuditEntry
from pasaj.access.rules import Actor
from pasaj.collect.models import Device, Message, Submission
from pasaj.collect.services import review
from pasaj.collect.services.submissions import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(country: make.Country) -> tuple[Sender, str]:
    filled.form()
    user, token = phone.key(language="ht")
    return phone.sender(user), token


def ask(row: Submission, text: str) -> None:
    review.act(
        receipt=row.receipt, step="ask", seen=review.mark(row), text=text, actor=Actor(1, "Duty"),
        now=make.NOW,
    )  # fmt: skip


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_it_shows_the_own_reports_and_no_others(key: tuple[Sender, str]) -> None:
    who, token = key
    mine = filled.report(who, "uuid:1", photo="p.jpg")
    other = filled.report(phone.sender(phone.key("Other")[0]), "uuid:2")
    answer = Client().get(f"/key/{token}/")
    text = plain(answer)
    assert answer.status_code == 200
    assert (mine.receipt in text, other.receipt in text, "p.jpg" in text) == (True, False, True)
    assert 'lang="ht"' in answer.content.decode()
    assert dict(answer.cookies) == {}
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"
    assert "form-action 'self'" in answer["Content-Security-Policy"]
    # Looking at it in a browser takes no device's place.
    assert Device.objects.filter(app_user=who.app_user).count() == 1


def test_a_question_is_answered_without_an_account(key: tuple[Sender, str]) -> None:
    who, token = key
    row = filled.report(who, "uuid:1")
    ask(row, "How many children?")
    client = Client(enforce_csrf_checks=True)
    assert "How many children?" in plain(client.get(f"/key/{token}/"))
    form = "application/x-www-form-urlencoded"
    given = f"receipt={row.receipt}&text=Three+small+ones"
    answer = client.post(f"/key/{token}/", given, content_type=form)
    assert (answer.status_code, answer["Location"]) == (303, f"/key/{token}/?answered=1")
    assert "Three small ones" in plain(client.get(answer["Location"]))
    assert list(Message.objects.filter(from_sender=True).values_list("text", flat=True)) == ["Three small ones"]
    assert client.post(f"/key/{token}/", given, content_type=form).status_code == 409
    assert AuditEntry.objects.filter(action="submission.answered").count() == 1


def test_what_may_not_be_stored_comes_back_as_typed(key: tuple[Sender, str]) -> None:
    who, token = key
    row = filled.report(who, "uuid:1")
    ask(row, "Who told you?")
    form = "application/x-www-form-urlencoded"
    for text, status in (("", 422), ("tel+509+3777+1234", 422), ("x" * 2001, 422)):
        answer = Client().post(f"/key/{token}/", f"receipt={row.receipt}&text={text}", content_type=form)
        assert answer.status_code == status
        assert text.replace("+", " ") in answer.content.decode()
    huge = Client().post(f"/key/{token}/", b"text=" + b"x" * 40_000, content_type=form)
    assert huge.status_code == 422
    assert not Message.objects.filter(from_sender=True).exists()
    stranger = Client().post(f"/key/{phone.key('Other')[1]}/", f"receipt={row.receipt}&text=x", content_type=form)
    assert stranger.status_code == 409


@pytest.mark.req("R7.5")
def test_a_key_that_does_not_work_opens_nothing(key: tuple[Sender, str]) -> None:
    from django.utils import timezone

    who, token = key
    filled.report(who, "uuid:1")
    assert who.app_user is not None
    assert Client().get("/key/" + "A" * 43 + "/").status_code == 403
    assert Client().put(f"/key/{token}/").status_code == 405
    who.app_user.revoked_at = timezone.now()
    who.app_user.save()
    gone = Client().get(f"/key/{token}/")
    assert (gone.status_code, "uuid:1" in plain(gone), gone["Referrer-Policy"]) == (403, False, "no-referrer")


@pytest.mark.parametrize(
    ("state", "reviewed", "said"),
    [
        ("received", "new", "Arrived."),
        ("received", "approved", "Arrived. The cell has looked at it and found it in order."),
        ("received", "rejected", "Arrived. The cell did not accept it."),
        ("quarantined", "new", "Arrived. The cell looks at it before it counts."),
        ("refused", "new", "Arrived. The cell does not count it."),
        ("redacted", "new", "Removed for data protection. Delete it on the phone too."),
    ],
)
def test_states_are_said_in_plain_words(country: make.Country, state: str, reviewed: str, said: str) -> None:
    filled.form()
    user, token = phone.key()
    filled.report(phone.sender(user), "uuid:1", state=state, review=reviewed)
    assert re.findall(r'"What became of it">\s*<div>(.*?)</div>', Client().get(f"/key/{token}/").content.decode()) == [
        said
    ]
