"""What the cell does with a report, step by step: states, events, the log, and two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import make
import pytest
from collect import filled, phone

from pasaj.access.models import AuditEntry
from pasaj.access.rules import Actor
from pasaj.collect.models import Message, ReviewEvent, Submission
from pasaj.collect.queries.sender import of_key
from pasaj.collect.services import review
from pasaj.collect.services.submissions import Sender
from pasaj.core.problems import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(country: make.Country) -> Sender:
    return filled.sender(country)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as raised:
        yield
    assert [one.code for one in raised.value.problems] == [code]


def act(row: Submission, step: str, text: str = "", reasons: tuple[str, ...] = (), seen: str = "") -> Submission:
    return review.act(
        receipt=row.receipt, step=step, seen=seen or review.mark(row), text=text, reasons=reasons,
        actor=Actor(id=7, label="Duty"), now=filled.LATER,
    )  # fmt: skip


def entries(row: Submission) -> list[str]:
    return list(AuditEntry.objects.filter(code=row.receipt).order_by("pk").values_list("action", flat=True))


@pytest.mark.req("R2.16")
def test_it_is_approved_and_rejected_with_a_reason(who: Sender) -> None:
    row = filled.report(who, "uuid:1")
    assert act(row, "approve").review == "approved"
    with refused("COLLECT-061"):
        act(row, "approve")
    with refused("COLLECT-062"):
        act(row, "reject", "  ")
    assert act(row, "reject", "counted twice").review == "rejected"
    assert [(one.action, one.note) for one in row.events.order_by("pk")] == [
        ("received", ""), ("approved", ""), ("rejected", "counted twice"),
    ]  # fmt: skip
    assert entries(row) == ["submission.received", "submission.reviewed", "submission.reviewed"]


@pytest.mark.req("R2.16")
def test_a_question_goes_to_the_sender_and_the_answer_comes_back(who: Sender) -> None:
    row = filled.report(who, "uuid:1")
    assert who.app_user is not None
    with refused("COLLECT-064"):
        review.answer(own=of_key(who.app_user), receipt=row.receipt, text="x", actor=Actor(None, "k"), now=make.NOW)
    assert act(row, "ask", "How many children?").review == "question"
    other = phone.key("Other")[0]
    with refused("COLLECT-064"):
        review.answer(own=of_key(other), receipt=row.receipt, text="x", actor=Actor(None, "k"), now=make.NOW)
    key = Actor(None, "Marie", via="key")
    review.answer(
        own=of_key(who.app_user), receipt=row.receipt, text="Three\r\nsmall ones ", actor=key, now=filled.LATER
    )
    with refused("COLLECT-064"):
        review.answer(own=of_key(who.app_user), receipt=row.receipt, text="x", actor=key, now=make.NOW)
    act(row, "ask", "Who?")
    with refused("COLLECT-065"):
        review.answer(own=of_key(who.app_user), receipt=row.receipt, text="call 509 3777 1234", actor=key, now=make.NOW)
    row.review = "new"
    row.save()
    row.refresh_from_db()
    assert row.review == "new"
    assert [(one.from_sender, one.text) for one in Message.objects.order_by("pk")] == [
        (False, "How many children?"), (True, "Three\nsmall ones"), (False, "Who?"),
    ]  # fmt: skip
    assert entries(row) == ["submission.received", "submission.asked", "submission.answered", "submission.asked"]


def test_only_a_key_can_be_asked(country: make.Country) -> None:
    row = filled.report(filled.sender(country), "uuid:1")
    row.app_user = None
    assert sorted(review.possible(row)) == ["approve", "note", "refuse", "reject"]


def test_reasons_are_struck_one_by_one_and_then_it_counts(who: Sender) -> None:
    row = filled.report(who, "uuid:1", state="quarantined", reasons=["version", "screen"], held=True, processing="done")
    assert sorted(review.possible(row)) == ["ask", "note", "refuse", "release"]
    with refused("COLLECT-061"):
        act(row, "release", reasons=("device",))
    first = act(row, "release", reasons=("version", "device"))
    assert (first.state, first.reasons, first.held, first.processing) == ("quarantined", ["screen"], True, "done")
    second = act(row, "release", reasons=("screen",))
    assert (second.state, second.reasons, second.held, second.processing) == ("received", [], False, "waiting")
    assert [one.details for one in row.events.filter(action="released").order_by("pk")] == [
        {"reasons": ["version"], "left": ["screen"], "version": 1}, {"reasons": ["screen"], "left": [], "version": 1},
    ]  # fmt: skip


def test_what_is_set_aside_is_kept(who: Sender) -> None:
    row = filled.report(who, "uuid:1", state="quarantined", reasons=["right"])
    aside = act(row, "refuse", "not a post of ours")
    assert (aside.state, aside.reasons) == ("refused", [])
    assert bytes(aside.versions.get().body.xml) == filled.answers("uuid:1")
    assert sorted(review.possible(aside)) == ["note"]
    assert entries(row)[-1] == "submission.refused"


def test_what_failed_is_tried_again(who: Sender) -> None:
    row = filled.report(who, "uuid:1")
    filled.failure(row)
    assert act(row, "retry").processing == "waiting"
    with refused("COLLECT-061"):
        act(row, "retry")
    assert ReviewEvent.objects.filter(action="retried").count() == 1


def test_two_people_do_not_decide_over_each_other(who: Sender) -> None:
    row = filled.report(who, "uuid:1")
    seen = review.mark(row)
    act(row, "approve", seen=seen)
    with refused("COLLECT-060"):
        act(row, "reject", "wrong", seen=seen)
    assert Submission.objects.get().review == "approved"
    seen = review.mark(row)
    phone.send(who, filled.answers("uuid:2", count=9, deprecated="uuid:1"))
    with refused("COLLECT-060"):
        act(row, "approve", seen=seen)
    assert Submission.objects.get().review == "new"


def test_words_have_a_bound(who: Sender) -> None:
    row = filled.report(who, "uuid:1")
    with refused("COLLECT-063"):
        act(row, "note", "x" * 2001)
    assert act(row, "note", "x" * 2000).review == "new"


def test_what_was_removed_is_past_deciding(who: Sender) -> None:
    row = filled.report(who, "uuid:1", state="redacted")
    assert review.possible(row) == frozenset()
    with refused("COLLECT-061"):
        act(row, "note", "x")
