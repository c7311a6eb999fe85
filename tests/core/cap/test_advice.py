"""What makes a valid message better."""

from __future__ import annotations

import pytest
from core.cap import messages

from pasaj.core import cap
from pasaj.core.cap.geometry import crosses_itself

SIGNED = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>'
RING = tuple((18.0 + at / 1000, -71.0 - at * at / 1e6) for at in range(110))
INFO = "/alert/info[1]"


def found(alert: cap.Alert) -> list[tuple[str, str]]:
    data = cap.build(alert)
    assert cap.check(data) == []
    return [(one.code, one.column) for one in cap.advice(data.replace(b"</alert>", SIGNED))]


def one(**given: object) -> cap.Alert:
    return messages.alert(info=(messages.info(**given),))  # type: ignore[arg-type]


@pytest.mark.req("R11.12")
@pytest.mark.parametrize(
    ("alert", "wanted"),
    [
        (messages.alert(), []),
        (one(sender_name=""), [("CAP-061", INFO)]),
        (one(response_type=()), [("CAP-061", INFO)]),
        (one(area=(messages.area(polygon=(), circle=()),)), [("CAP-062", f"{INFO}/area[1]")]),
        (one(headline="x" * 141), [("CAP-063", f"{INFO}/headline")]),
        (one(headline="Go up.", instruction="Go up."), [("CAP-064", f"{INFO}/instruction")]),
        (one(urgency="Unknown"), [("CAP-065", f"{INFO}/urgency")]),
        (one(area=(messages.area(circle=(cap.Circle(18, -71, 0),)),)), [("CAP-066", f"{INFO}/area[1]/circle")]),
        (one(area=(messages.area(polygon=((*RING, RING[0]),)),)), [("CAP-067", f"{INFO}/area[1]/polygon")]),
        (
            messages.alert(scope="Public", restriction="", info=(messages.info(response_type=("Assess",)),)),
            [("CAP-068", f"{INFO}/responseType")],
        ),
        (messages.alert(status="Exercise", note=""), [("CAP-069", "/alert")]),
        (messages.alert(msg_type="Error", note=""), [("CAP-070", "/alert")]),
        (one(event="x" * 36), [("CAP-071", f"{INFO}/event")]),
        (messages.alert(info=(messages.info(), messages.info())), [("CAP-072", "/alert/info[2]")]),
        (
            messages.alert(info=(messages.info("fr", headline="Zeta"), messages.info("ht", headline="Zeta"))),
            [("CAP-073", "/alert/info[2]/headline")],
        ),
    ],
)
def test_a_recommendation(alert: cap.Alert, wanted: list[tuple[str, str]]) -> None:
    assert found(alert) == wanted


def test_an_unsigned_message_and_a_circle_that_is_none() -> None:
    assert [one.code for one in cap.advice(cap.build(messages.alert()))] == ["CAP-074"]
    odd = cap.build(one()).replace(b"18.85,-71.87 5", b"here").replace(b"</alert>", SIGNED)
    assert cap.advice(odd) == []


@pytest.mark.parametrize(
    ("ring", "crossing"),
    [
        ([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)], False),
        ([(0, 0), (0, 1), (0, 1), (1, 1), (1, 0), (0, 0)], False),
        ([(0, 0), (1, 1), (0, 1), (1, 0), (0, 0)], True),
        ([(0, 0), (1, 0), (0, 0)], True),
        ([(0, 0), (2, 0), (1, 0), (1, 1), (0, 0)], True),  # back along its own side
        ([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2), (0, 0)], True),  # touches a side
        ([(1, 0), (2, 0), (2, 2), (0, 2), (0, 0), (2, 0), (1, 0)], True),  # ends along its first side
        ([(0, 0), (4, 0), (4, 4), (0, 4), (0, 3), (3, 3), (3, 1), (0, 1), (0, 0)], False),
    ],
)
def test_whether_a_ring_crosses_itself(ring: list[tuple[float, float]], crossing: bool) -> None:
    assert crosses_itself(ring) is crossing
    for turn in range(1, len(ring) - 1):
        moved = [*ring[turn:-1], *ring[: turn + 1]]
        assert crosses_itself(moved) is crossing
        assert crosses_itself(moved[::-1]) is crossing
