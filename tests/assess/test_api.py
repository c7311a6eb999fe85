"""Rounds for programs: the rows of the pages, for the same people; settling with a token that may write."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, assessor, convert, report, version, wanted
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.access.services import tokens
from pasaj.assess.models import AnswerSheet, Round
from pasaj.assess.services import rounds
from pasaj.share.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
ROUNDS = "/api/v1/rounds"
PARTS = ("answers", "scores", "critical", "agreement", "sensitivity", "disagreements", "settlements")


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@pytest.fixture
def answered(cast: make.Cast) -> Round:
    """Two assessors, one disagreement, a critical zero; one of them looks at one unit."""
    row = a_round(simulated=True)
    (_a, marie), (_b, paul) = assessor(row, "Marie"), assessor(row, "Paul", (NORTH,))
    report(row, marie, NORTH, {"EQP-1": 3, "EQP-2": "not_observed", "PRO-1": 4})
    report(row, paul, NORTH, {"EQP-1": 1, "EQP-2": 2})
    report(row, marie, SOUTH, {"EQP-1": 0, "EQP-2": "not_applicable"})
    report(row, marie, "TL", {"LEG-1": 4}, sort="country")
    return row


@pytest.mark.req("R7.1")
def test_rounds_are_for_the_cell(answered: Round, as_: As) -> None:
    paths = [f"{ROUNDS}/A1", *(f"{ROUNDS}/A1/{part}" for part in PARTS)]

    def asked(who: str) -> set[int]:
        found = set()
        for path in paths:
            answer = as_(who).get(path)
            found.add(answer.status_code)
            if answer.streaming:
                b"".join(answer.streaming_content)
        return found

    cell = {"duty", "approver", "analyst", "lead", "dpo", "admin"}
    assert {who: asked(who) for who in (*make.CAST, "lead")} == {
        who: {200 if who in cell else 404} for who in (*make.CAST, "lead")
    }
    assert {who: body(as_(who).get(ROUNDS))["count"] for who in (*make.CAST, "lead")} == {
        who: int(who in cell) for who in (*make.CAST, "lead")
    }
    assert {Client().get(path).status_code for path in (ROUNDS, *paths)} == {401}


@pytest.mark.req("R10.9")
def test_a_round_with_its_scope_and_how_far_it_is(answered: Round, as_: As) -> None:
    client = as_("duty")
    (listed,) = body(client.get(ROUNDS))["items"]
    assert (listed["code"], listed["framework"], listed["state"], listed["simulated"]) == ("A1", "small", "open", True)
    found = body(client.get(f"{ROUNDS}/A1"))
    assert [(one["code"], one["sort"], one["asked"]) for one in found["units"]] == [
        ("TL", "country", ["LEG-1"]),
        ("IMM", "institution", ["LEG-2"]),
        (NORTH, "crossing_point", ["EQP-1", "EQP-2", "PRO-1"]),
        (SOUTH, "crossing_point", ["EQP-1", "EQP-2"]),
    ]
    assert found["assessors"] == [{"code": "A1-E1", "units": []}, {"code": "A1-E2", "units": [NORTH]}]
    assert found["progress"]["unit"][2] == {"code": NORTH, "answered": 3, "asked": 3}
    assert [one["form"] for one in found["forms"]] == ["a1_country", "a1_institution", "a1_crossing_point"]
    assert found["forms_outdated"] is False
    assert "Marie" not in json.dumps(found)  # an assessor is a code
    assert body(client.get(f"{ROUNDS}?state=closed"))["items"] == []
    assert body(client.get(f"{ROUNDS}?framework=small"))["count"] == 1


@pytest.mark.req("R10.9")
def test_answers_and_scores_are_those_of_the_files(answered: Round, as_: As) -> None:
    client = as_("analyst")
    for what in ("answers", "scores"):
        answer = client.get(f"{ROUNDS}/A1/{what}?limit=1000")
        rows = body(answer)
        file = client.get(f"/assessment/rounds/A1/{what}.csv")
        table = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
        assert [list(one) for one in rows] == [list(one) for one in table]
        assert [one["indicator"] for one in rows] == [one["indicator"] for one in table]
        assert (answer["X-Pasaj-Count"], answer["X-Pasaj-Audience"]) == (str(len(table)), "TLP:AMBER")
    assert Release.objects.filter(kind="api").count() == 2
    cell = body(client.get(f"{ROUNDS}/A1/answers?unit={NORTH}&indicator=EQP-2&assessor=A1-E1"))
    assert [(one["value"], one["missing"], one["receipt"], one["simulated"]) for one in cell] == [
        (None, "not_observed", AnswerSheet.objects.order_by("pk")[0].outcome.version.submission.receipt, True)
    ]
    (north,) = body(client.get(f"{ROUNDS}/A1/scores?level=unit_pillar&unit={NORTH}&pillar=EQP"))
    assert (north["low"], north["high"], north["observed"]) == (1.5, 2.5, 1)
    assert client.get(f"{ROUNDS}/A1/scores?level=planet").status_code == 422


def test_what_is_critical_and_how_sure_it_is(answered: Round, as_: As) -> None:
    client = as_("analyst")
    assert body(client.get(f"{ROUNDS}/A1/critical")) == [{"unit": SOUTH, "indicator": "EQP-1", "state": "zero"}]
    agreed = body(client.get(f"{ROUNDS}/A1/agreement"))
    assert agreed["cells"] == 1
    for weights in ("near", "any"):
        found = body(client.get(f"{ROUNDS}/A1/sensitivity?weights={weights}"))
        assert (found["weights"], found["draws"], list(found["best"])) == (weights, 1000, ["LEG", "EQP", "PRO"])
        assert {(one["first"], one["second"]) for one in found["pairs"]} == {
            ("LEG", "EQP"), ("LEG", "PRO"), ("EQP", "PRO"),
        }  # fmt: skip
    assert client.get(f"{ROUNDS}/A1/sensitivity?weights=none").status_code == 422


def test_where_fewer_than_two_pillars_have_a_score_there_is_no_order(as_: As) -> None:
    row = a_round(scope=rounds.Scope(country="TL"))
    assert as_("duty").get(f"{ROUNDS}/{row.code}/sensitivity").status_code == 404


@pytest.mark.req("R10.9")
def test_a_part_at_a_time(answered: Round, as_: As) -> None:
    client = as_("duty")
    whole = body(client.get(f"{ROUNDS}/A1/answers"))
    assert len(whole) == 8
    assert body(client.get(f"{ROUNDS}/A1/answers?limit=3&offset=2")) == whole[2:5]
    assert body(client.get(f"{ROUNDS}/A1/answers?limit=0")) == whole[:1]
    assert body(client.get(f"{ROUNDS}/A1/answers?offset=99999999999999999999")) == []
    assert body(client.get(f"{ROUNDS}?offset=-1&limit=5000"))["count"] == 1


def headers(cast: make.Cast, who: str, *, may_write: bool) -> dict[str, str]:
    _token, plain = tokens.issue(
        account=cast.account(who), name="script", days=30, may_write=may_write, actor=SYSTEM, now=make.NOW
    )
    return {"Authorization": f"Bearer {plain}"}


@pytest.mark.req("R10.9")
@pytest.mark.req("R7.5")
def test_settling_with_a_token_that_may_write(answered: Round, cast: make.Cast) -> None:
    url, client = f"{ROUNDS}/A1/settlements", Client()
    reads, writes = headers(cast, "lead", may_write=False), headers(cast, "lead", may_write=True)
    (open_,) = body(client.get(f"{ROUNDS}/A1/disagreements?settled=false", headers=reads))
    assert (open_["unit"], open_["indicator"], open_["kind"], open_["spread"]) == (NORTH, "EQP-1", "value", 2)
    assert [(one["assessor"], one["value"]) for one in open_["answers"]] == [("A1-E1", "3"), ("A1-E2", "1")]
    said = {name: open_[name] for name in ("unit", "indicator", "seen")} | {"value": "2", "reason": "Seen together"}

    def post(asked: dict[str, str], key: dict[str, str]) -> Any:
        return client.post(url, json.dumps(asked), content_type="application/json", headers=key)

    refused = post(said, reads)
    assert (refused.status_code, body(refused)["problems"][0]["code"]) == (403, "ACCESS-023")
    stale = post({**said, "seen": ""}, writes)
    assert (stale.status_code, body(stale)["problems"][0]["code"]) == (422, "ROUND-015")
    nothing = post({**said, "value": ""}, writes)
    assert body(nothing)["problems"][0]["code"] == "ROUND-022"
    assert post({"unit": NORTH}, writes).status_code == 422
    assert post(said, headers(cast, "analyst", may_write=True)).status_code == 404
    assert not answered.settlements.exists()
    made = post(said, writes)
    assert made.status_code == 201
    told, (listed,) = body(made), body(client.get(url, headers=reads))
    assert (told["value"], told["answers"]) == ("2", {"A1-E1": "3", "A1-E2": "1"})
    assert {datetime.fromisoformat(one.pop("at")) for one in (told, listed)} == {make.NOW}
    assert told == listed
    (settled,) = body(client.get(f"{ROUNDS}/A1/disagreements?settled=true", headers=reads))
    assert settled["settled_as"] == "2"
    assert body(client.get(f"{ROUNDS}/A1/disagreements?settled=false", headers=reads)) == []


@pytest.mark.req("R10.6")
def test_two_rounds_beside_each_other(answered: Round, as_: As) -> None:
    later = answered.period_start + timedelta(days=30)
    second = rounds.create(
        framework=version(), wanted=wanted(starts=later, ends=later), actor=SYSTEM, now=make.NOW
    )  # fmt: skip
    rounds.publish(code=second.code, wake=convert, actor=SYSTEM, now=make.NOW)
    _who, marie = assessor(second)
    report(second, marie, SOUTH, {"EQP-1": 4})
    changes = body(as_("duty").get(f"{ROUNDS}/A2/compare/A1"))
    (south,) = [one for one in changes if (one["level"], one["code"]) == ("unit", SOUTH)]
    assert (south["old_low"], south["new_high"], south["change"], south["cells"]) == (0, 4, "up", 1)
    assert changes[0]["level"] == "country"
    for path in ("A1/compare/A2", "A2/compare/A9", "A9/compare/A1"):
        assert as_("duty").get(f"{ROUNDS}/{path}").status_code == 404, path


@pytest.mark.req("R9.7")
def test_they_ask_the_same_number_of_questions(answered: Round, as_: As) -> None:
    client = as_("duty")
    paths = [ROUNDS, f"{ROUNDS}/A1", f"{ROUNDS}/A1/answers", f"{ROUNDS}/A1/disagreements", f"{ROUNDS}/A1/settlements"]

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as made:
            body(client.get(path))
        return len(made)

    before = [count(path) for path in paths]
    for number in range(3):
        _other, key = assessor(answered, f"Other {number}")
        report(answered, key, NORTH, {"EQP-1": number})
        report(answered, key, SOUTH, {"EQP-1": number})
    a_round()
    assert [count(path) for path in paths] == before
