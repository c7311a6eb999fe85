"""The duty room for programs: who gets what, and reporting an event with a token that may write."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from django.test import Client

from pasaj.access.services import tokens
from pasaj.registry.models import Function
from pasaj.respond.models import Event
from pasaj.respond.services import events, log, presence
from pasaj.respond.services.events import Said
from pasaj.respond.services.log import Line
from pasaj.respond.services.presence import Where

pytestmark = pytest.mark.django_db


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@pytest.fixture
def room(country: make.Country, cast: make.Cast) -> None:
    duty = cast.actor("duty")
    Function.objects.create(code="RECEPTION", names=make.names("Reception"), source="test")
    log.write(line=Line(kind="note", text="Quiet"), actor=duty, now=make.NOW)
    events.report(said=Said("Crowd", "TL-BCP-NOR", "radio", "rescue", (5, 9)), actor=duty, now=make.NOW)
    presence.put(where=Where("AID", "RECEPTION", "TL-BCP-NOR", make.TODAY, "Meeting"), actor=duty, now=make.NOW)


@pytest.mark.req("R11.69")
@pytest.mark.parametrize(
    ("who", "logged", "seen", "works"),
    [
        ("duty", ["LG-2025-0001"], ["EV-2025-0001"], ["PW-2025-0001"]),
        ("approver", ["LG-2025-0001"], ["EV-2025-0001"], ["PW-2025-0001"]),
        ("analyst", ["LG-2025-0001"], ["EV-2025-0001"], ["PW-2025-0001"]),
        ("chief", None, ["EV-2025-0001"], []),
        ("partner", None, [], ["PW-2025-0001"]),
        ("stranger", None, [], []),
    ],
)
def test_who_gets_what(
    room: None, as_: Callable[[str], Client], who: str, logged: list[str] | None, seen: list[str], works: list[str]
) -> None:
    client = as_(who)
    answer = client.get("/api/v1/duty-log")
    assert (answer.status_code, [one["code"] for one in body(answer)] if logged else None) == (
        200 if logged else 404, logged,
    )  # fmt: skip
    assert [one["code"] for one in body(client.get("/api/v1/events"))] == seen
    assert [one["code"] for one in body(client.get("/api/v1/presence"))] == works
    one = client.get("/api/v1/events/EV-2025-0001")
    assert (one.status_code, body(one).get("what")) == ((200, "Crowd") if seen else (404, None))
    assert body(client.get("/api/v1/capacity")) == []


@pytest.mark.req("R11.69")
def test_an_event_is_reported_with_a_token_that_may_write(country: make.Country, cast: make.Cast) -> None:
    said = {"what": "Smoke", "place": "TL-BCP-NOR", "source": "official", "hazard": "fire", "people_high": 9}

    def post(who: str, write: bool, **given: Any) -> Any:
        _row, secret = tokens.issue(
            account=cast.account(who), name="t", days=1, may_write=write, actor=cast.actor(who), now=make.NOW
        )
        return Client().post(
            "/api/v1/events", json.dumps({**said, **given}), content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip

    assert post("chief", write=False).status_code == 403
    made = post("chief", write=True)
    assert (made.status_code, body(made)["code"], body(made)["people_verified"]) == (201, "EV-2025-0001", "unverified")
    assert (body(made)["people_low"], body(made)["people_high"]) == (9, 9)
    foreign = post("chief", write=True, place="TL-BCP-SOU")
    assert (foreign.status_code, body(foreign)["problems"][0]["code"]) == (403, "EVENT-010")
    another = post("partner", write=True, institution="IMM")
    assert (another.status_code, body(another)["problems"][0]["code"]) == (403, "EVENT-010")
    wrong = post("partner", write=True, hazard="people")
    assert (wrong.status_code, body(wrong)["problems"][0]["code"]) == (422, "DUTY-004")
    assert post("stranger", write=True).status_code == 404
    assert Event.objects.count() == 1
