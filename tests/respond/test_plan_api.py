"""Tasks done by programs: who may, with which token, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import make
import pytest
from django.test import Client
from respond.plans import active, events, states, task

from pasaj.access.rules import SYSTEM
from pasaj.access.services import tokens

pytestmark = pytest.mark.django_db
API = "/api/v1/tasks"
FIRST, SECOND = "AC-2025-0001-T01", "AC-2025-0001-T02"  # of the aid network, of the immigration service


def body(answer: Any) -> Any:
    return json.loads(answer.content)


def key(cast: make.Cast, who: str, *, write: bool = True) -> dict[str, str]:
    _row, secret = tokens.issue(
        account=cast.account(who), name="script", days=30, may_write=write, actor=SYSTEM, now=make.NOW
    )
    return {"Authorization": f"Bearer {secret}"}


def post(said: object, headers: dict[str, str], code: str = FIRST) -> tuple[int, Any]:
    answer = Client().post(f"{API}/{code}", json.dumps(said), content_type="application/json", headers=headers)
    return answer.status_code, body(answer)


def refusal(answer: tuple[int, Any]) -> tuple[int, list[tuple[str, str]]]:
    status, said = answer
    return status, [(one["code"], one["place"]) for one in said["problems"]]


@pytest.mark.req("R11.54")
def test_a_task_is_acknowledged_and_done_with_a_token_that_may_write(cast: make.Cast) -> None:
    active()
    said = {
        "code": FIRST, "action": "receive", "names": make.names("Open reception"), "institution": "AID",
        "state": "open", "protection": True, "enforcement": False, "due_at": "2025-10-01T14:00:00Z", "late": False,
        "acknowledged_at": None, "waits_for": [], "waits_for_protection": False, "reason": "",
    }  # fmt: skip
    partner, reads = key(cast, "partner"), key(cast, "partner", write=False)
    assert refusal(post({"action": "done"}, reads)) == (403, [("ACCESS-023", "")])
    assert post({"action": "acknowledge"}, partner) == (200, {**said, "acknowledged_at": "2025-10-01T12:00:00Z"})
    assert post({"action": "done", "seen": "open"}, partner) == (
        200, {**said, "acknowledged_at": "2025-10-01T12:00:00Z", "state": "done"},
    )  # fmt: skip
    assert post({"action": "done"}, partner)[0] == 200  # the same again does nothing twice
    assert (states()["receive"], states()["count"]) == ("done", "open")
    assert events("receive") == ["made", "opened", "acknowledged", "done"]


@pytest.mark.req("R11.54")
def test_who_does_which_task(cast: make.Cast) -> None:
    active()
    keys = {who: key(cast, who) for who in make.CAST}
    note = {"action": "note", "note": "They are on the way"}
    assert {who: tuple(post(note, keys[who], code)[0] for code in (FIRST, SECOND)) for who in make.CAST} == {
        **dict.fromkeys(("approver", "analyst", "admin", "dpo", "stranger"), (404, 404)),
        "duty": (200, 200), "partner": (200, 404), "chief": (404, 200),
    }  # fmt: skip
    move = {"action": "reassign", "institution": "CELL", "note": "They have no car"}
    assert {who: post(move, keys[who])[0] for who in ("partner", "chief", "analyst", "stranger")} == dict.fromkeys(
        ("partner", "chief", "analyst", "stranger"), 404
    )
    status, told = post(move, keys["approver"])
    assert (status, told["institution"], told["reason"]) == (200, "CELL", "They have no car")
    assert post(note, keys["partner"])[0] == 404  # theirs no longer
    assert post(note, keys["duty"], "AC-2025-0001-T99")[0] == 404


@pytest.mark.req("R11.54")
def test_what_cannot_be_done_with_a_task_is_told(cast: make.Cast) -> None:
    active()
    duty = key(cast, "duty")
    before = states()
    told = [
        refusal(post(said, duty, code))
        for said, code in (
            ({"action": "block"}, FIRST),
            ({"action": "done", "seen": "waiting"}, FIRST),
            ({"action": "unblock"}, FIRST),
            ({"action": "done"}, SECOND),
            ({"action": "done"}, "AC-2025-0001-T04"),
            ({"action": "reassign", "note": "No car", "institution": "NONE"}, FIRST),
            ({"action": "reassign", "note": "No car", "institution": "AID"}, FIRST),
            ({"action": "note", "note": "x" * 5000}, FIRST),
        )
    ]
    assert told == [
        (422, [("PLAN-056", "column note")]),
        (409, [("PLAN-069", "")]),
        (409, [("PLAN-062", "")]),
        (409, [("PLAN-063", "")]),
        (409, [("PLAN-064", "")]),
        (422, [("PLAN-065", "column institution")]),
        (422, [("PLAN-066", "column institution")]),
        (422, [("PLAN-067", "column note")]),
    ]
    assert [post(said, duty)[0] for said in ({}, {"action": "sing"}, {"action": "note", "note": 5})] == [422, 422, 422]
    session = Client(enforce_csrf_checks=True)
    session.force_login(cast.account("duty"))
    path, said = f"{API}/{FIRST}", json.dumps({"action": "done"})
    assert session.post(path, said, content_type="application/json").status_code == 403
    assert Client().post(path, said, content_type="application/json").status_code == 401
    assert (states(), task("receive").acknowledged_at) == (before, None)
