"""A message beside those that were sent before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from core.cap import messages

from pasaj.core import cap

HOUR = timedelta(hours=1)


def message(number: int, *, kind: str = "Update", after: int | None = None, about: tuple[cap.Alert, ...] = (),
            **given: object) -> cap.Alert:  # fmt: skip
    return messages.alert(
        identifier=f"A-{number}",
        msg_type=kind,
        sent=messages.SENT + HOUR * (number if after is None else after),
        references=tuple(cap.reference(one) for one in about),
        **{"info": (messages.info(expires=messages.SENT + 24 * HOUR),), **given},
    )


def found(alert: cap.Alert, *earlier: cap.Alert, related: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    return [(one.code, one.text()) for one in cap.check_beside(alert, earlier, related=related)]


FIRST = message(1, kind="Alert")
SECOND = message(2, about=(FIRST,))


@pytest.mark.req("R11.13")
def test_an_update_names_every_message_that_is_in_force() -> None:
    assert found(SECOND, FIRST) == []
    assert found(message(3, about=(FIRST, SECOND)), FIRST, SECOND) == []
    told = [("CAP-051", "A-1 of 2026-11-30T10:00:00-05:00 is still in force and is not referred to.")]
    assert found(message(3, kind="Cancel", about=(SECOND,)), FIRST, SECOND) == told
    assert found(message(3, kind="Ack", about=(SECOND,)), FIRST, SECOND) == []


def test_what_has_expired_or_is_of_another_event_need_not_be_named() -> None:
    short = message(1, kind="Alert", info=(messages.info(expires=messages.SENT + 2 * HOUR),))
    second = message(2, about=(short,))
    assert found(message(3, about=(second,)), short, second) == []
    endless = message(1, kind="Alert", info=())
    second = message(2, about=(endless,))
    assert [code for code, _text in found(message(3, about=(second,)), endless, second)] == ["CAP-051"]
    other = message(9, kind="Alert", after=0)
    assert found(message(3, about=(FIRST, SECOND)), FIRST, SECOND, other) == []
    key = (other.sender, other.identifier)
    assert [code for code, _text in found(SECOND, FIRST, other, related=(key, ("x", "y")))] == ["CAP-051"]
    later = message(9, kind="Alert", after=8)
    assert found(SECOND, FIRST, later, related=((later.sender, later.identifier),)) == []


@pytest.mark.req("R11.13")
def test_references_go_in_no_circle() -> None:
    one, two = message(1, about=(message(2, after=1),)), message(2, after=1, about=(message(1),))
    assert found(one, two) == [("CAP-052", "The references go in a circle: A-1 → A-2 → A-1.")]
    three = message(3, about=(message(1, after=1), message(2, after=2), message(7)))
    ring = (message(1, about=(message(2, after=2),)), message(2, about=(message(1, after=1),)))
    assert [code for code, _text in found(three, *ring)] == []


@pytest.mark.req("R11.13")
def test_a_reference_repeats_what_was_sent_to_the_letter() -> None:
    wrong = cap.Reference(FIRST.sender, FIRST.identifier, "2026-11-30T10:00:01-05:00")
    second = messages.alert(identifier="A-2", sent=SECOND.sent, references=(wrong,))
    assert found(second, FIRST) == [
        ("CAP-053", "It refers to A-1 of 2026-11-30T10:00:01-05:00, which was sent at 2026-11-30T10:00:00-05:00.")
    ]
    elsewhere = cap.Reference(FIRST.sender, FIRST.identifier, "2026-11-30T15:00:00-00:00")
    assert [code for code, _text in found(messages.alert(sent=SECOND.sent, references=(elsewhere,)), FIRST)] == [
        "CAP-053"
    ]
    utc = messages.alert(identifier="U-1", sent=datetime(2026, 11, 30, 13, tzinfo=UTC), msg_type="Alert", references=())
    plus = cap.Reference(utc.sender, "U-1", "2026-11-30T13:00:00+00:00")
    assert found(messages.alert(references=(plus,)), utc) == []
    off = cap.Reference(utc.sender, "U-1", "2026-11-30T13:00:01+00:00")
    assert [code for code, _text in found(messages.alert(references=(off,)), utc)] == ["CAP-053"]


@pytest.mark.req("R11.13")
def test_only_what_was_sent_before_can_be_referred_to() -> None:
    late = message(5, kind="Alert")
    assert [code for code, _text in found(message(2, about=(late,)), late)] == ["CAP-022"]


@pytest.mark.req("R11.13")
def test_an_identifier_is_used_once() -> None:
    assert found(SECOND, FIRST, SECOND) == []
    other = messages.alert(identifier="A-1", sent=FIRST.sent, msg_type="Alert", references=())
    assert [code for code, _text in found(other, FIRST)] == ["CAP-054"]


def test_a_message_without_a_zone_of_its_own_is_the_same_moment() -> None:
    moved = message(1, kind="Alert")
    assert cap.reference(moved).sent == "2026-11-30T10:00:00-05:00"
    tokyo = timezone(9 * HOUR)
    assert cap.timestamp(moved.sent.astimezone(tokyo)) == "2026-12-01T00:00:00+09:00"
