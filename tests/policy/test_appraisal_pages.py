"""Pages and interface of appraisals: who sees and does what, from the question to the measure, with bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from django.test import Client
from policy import plans
from policy.test_appraisal import begun, judged, rights, seen

from pasaj.policy.models import Appraisal, Judgement, Measure, Option, Policy
from pasaj.policy.services import appraisal as services

As = Callable[[str], Client]
PAGES = (
    "/policy/P1/appraisals/",
    "/policy/appraisals/P1-Q1/",
    "/policy/appraisals/P1-Q1/result/",
    "/policy/appraisals/P1-Q1/judgements/B/BENEFIT/",
)
FORMS = (
    "/policy/P1/appraisals/new/",
    "/policy/appraisals/P1-Q1/edit/",
    "/policy/appraisals/P1-Q1/options/new/",
    "/policy/appraisals/P1-Q1/criteria/new/",
    "/policy/options/P1-Q1-B/edit/",
)
API = ("policies/P1/appraisals", "appraisals/P1-Q1", "appraisals/P1-Q1/judgements", "appraisals/P1-Q1/result")


@pytest.fixture
def asked(country: make.Country) -> Policy:
    found = plans.whole(country)
    begun()
    return found


@pytest.fixture
def drafter(country: make.Country) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(plans.member(country))
    return client


@pytest.mark.req("R12.19")
def test_who_sees_and_who_edits(asked: Policy, as_: As, drafter: Client) -> None:
    clients = {
        **{who: as_(who) for who in ("duty", "approver", "analyst", "partner", "chief", "stranger")},
        "drafter": drafter,
    }
    found = {who: [client.get(address).status_code for address in (*PAGES, *FORMS)] for who, client in clients.items()}
    reads, nothing = [200] * 4 + [404] * 5, [404] * 9
    assert found == {
        "duty": reads, "approver": reads, "analyst": reads, "partner": nothing, "chief": nothing, "stranger": nothing,
        "drafter": [200] * 9,
    }  # fmt: skip
    sent = {who: client.post("/policy/appraisals/P1-Q1/judgements/B/BENEFIT/", {"word": "large", "seen": 0}).status_code
            for who, client in clients.items()}  # fmt: skip
    assert {who for who, status in sent.items() if status != 404} == {"drafter"}
    assert Judgement.objects.count() == 1


def test_the_whole_way_from_the_question_to_the_measure(country: make.Country, drafter: Client) -> None:
    plans.whole(country)
    said = {"objective": "P1-O1.1", "text_en": "How are children referred?", "nothing_en": "As now"}
    assert drafter.post("/policy/P1/appraisals/new/", said)["location"] == "/policy/appraisals/P1-Q1/"
    said = {"text_en": "A post at each crossing", "seen": seen()}
    assert drafter.post("/policy/appraisals/P1-Q1/options/new/", said)["location"] == "/policy/appraisals/P1-Q1/#B"
    cost = {
        "text_en": "Cost",
        "code": "cost",
        "scale": "figure",
        "unit": "HTG",
        "points": "0 = 1\n5 000 000 = 0",
        "seen": seen(),
    }
    assert drafter.post("/policy/appraisals/P1-Q1/criteria/new/", cost).status_code == 302
    first = "/policy/appraisals/P1-Q1/judgements/A/COST/"
    answer = drafter.post(first, {"value": "0", "certainty": "high", "evidence": "A1-F01", "seen": 0, "then": "next"})
    assert answer["location"] == "/policy/appraisals/P1-Q1/judgements/B/PRIORITY/"
    second = {"value": "4000000", "low": "3000000", "high": "5000000", "seen": 0, "dissent": "Finance says 6"}
    drafter.post("/policy/appraisals/P1-Q1/judgements/B/COST/", second)
    for letter in "AB":
        drafter.post(f"/policy/appraisals/P1-Q1/judgements/{letter}/RIGHTS/", {"word": "none", "seen": 0})
    page = drafter.get("/policy/appraisals/P1-Q1/").content.decode()
    assert "dissent" in page
    assert "4\u202f000\u202f000" in page or "4,000,000" in page
    weights = {"text_en": "How?", "weights_known": "bounds", "low_COST": "20", "high_COST": "60", "draws": "1000",
               "seed": "3", "floor": "50", "seen": seen()}  # fmt: skip
    answer = drafter.post("/policy/appraisals/P1-Q1/edit/", weights)
    assert answer["location"] == "/policy/appraisals/P1-Q1/result/"
    assert Appraisal.objects.get().weights == {"COST": [20.0, 60.0]}
    page = drafter.get("/policy/appraisals/P1-Q1/result/").content.decode()
    for word in ("Estimate from 1,000 draws", "seed 3", "TOPSIS", "Central weights", "places-bar"):
        assert word in page.replace("\u202f", ","), word
    act = "/policy/appraisals/P1-Q1/act/"
    chosen = {"step": "decide", "option": "P1-Q1-B", "reason": "It reaches every child", "seen": seen()}
    assert drafter.post(act, chosen).status_code == 302
    assert drafter.get("/policy/appraisals/P1-Q1/edit/").status_code == 404
    assert drafter.post(act, {"step": "realise", "measure": "P1-M1.1", "seen": seen()}).status_code == 302
    assert Measure.objects.get(code="P1-M1.1").option == "P1-Q1-B"
    assert "P1-M1.1" in drafter.get("/policy/appraisals/P1-Q1/result/").content.decode()
    assert drafter.get("/policy/options/P1-Q1-B/")["location"] == "/policy/appraisals/P1-Q1/#B"
    answer = drafter.post(act, {"step": "reopen", "reason": "Again", "seen": seen()})
    assert answer.status_code == 409  # the measure carries it


@pytest.mark.req("R12.18")
def test_only_an_approver_chooses_what_is_ruled_out_and_with_a_reason(asked: Policy, as_: As, drafter: Client) -> None:
    rights(A="none", B="violates", C="none")
    act = "/policy/appraisals/P1-Q1/act/"
    said = {"step": "decide", "option": "P1-Q1-B", "reason": "Ordered", "seen": seen()}
    assert drafter.post(act, said).status_code == 404
    approver = as_("approver")
    answer = approver.post(act, {**said, "reason": ""})
    assert (answer.status_code, "POLOPT-018" in answer.content.decode()) == (422, True)
    assert approver.post(act, said).status_code == 302
    row = Appraisal.objects.get()
    assert (row.contested, row.against, row.chosen) == (True, ["vetoed"], Option.objects.get(code="P1-Q1-B"))
    page = approver.get("/policy/appraisals/P1-Q1/result/").content.decode()
    assert "ruled out" in page or "esklu" in page or "exclue" in page
    assert as_("duty").post(act, said).status_code == 404


@pytest.mark.parametrize(
    ("address", "said", "status"),
    [
        ("/policy/P1/appraisals/new/", {"objective": "P1-O1.1", "text_en": "x"}, 422),
        ("/policy/P1/appraisals/new/", {"objective": "P1-O9.9", "text_en": "x", "nothing_en": "y"}, 422),
        ("/policy/appraisals/P1-Q1/options/new/", {"text_en": "", "seen": 99}, 409),
        ("/policy/appraisals/P1-Q1/criteria/new/", {"text_en": "x", "code": "X Y", "scale": "figure"}, 422),
        (
            "/policy/appraisals/P1-Q1/criteria/new/",
            {"text_en": "x", "code": "X", "scale": "figure", "points": "1=2=3"},
            422,
        ),
        (
            "/policy/appraisals/P1-Q1/criteria/new/",
            {"text_en": "x", "code": "X", "scale": "figure", "points": "many"},
            422,
        ),
        ("/policy/appraisals/P1-Q1/criteria/COST/remove/", {"seen": "no"}, 409),
        ("/policy/appraisals/P1-Q1/judgements/B/BENEFIT/", {"word": "huge", "seen": 0}, 422),
        ("/policy/appraisals/P1-Q1/judgements/B/COST/", {"value": "nan", "seen": 0}, 422),
        ("/policy/appraisals/P1-Q1/judgements/B/COST/", {"value": "-5", "seen": 0}, 422),
        ("/policy/appraisals/P1-Q1/judgements/B/COST/", {"value": "5", "seen": 7}, 409),
        ("/policy/appraisals/P1-Q1/judgements/Z/COST/", {"value": "5", "seen": 0}, 404),
        ("/policy/appraisals/P1-Q1/act/", {"step": "dance", "seen": 1}, 404),
        ("/policy/appraisals/P1-Q1/act/", {"step": "decide", "option": "P1-Q1-Z", "seen": "x"}, 409),
        ("/policy/options/P1-Q1-B/edit/", {"step": "withdraw", "text_en": "x", "reason": ""}, 409),
        ("/policy/appraisals/P1-Q9/", {}, 405),
    ],
)
def test_bad_input_is_told(asked: Policy, drafter: Client, address: str, said: dict[str, object], status: int) -> None:
    assert drafter.post(address, said).status_code == status


def test_what_cannot_be_said_yet_is_told(asked: Policy, drafter: Client) -> None:
    for letter in "BC":
        services.withdraw_option(option=f"P1-Q1-{letter}", reason="x", seen=seen(), actor=plans.drafter(), now=make.NOW)
    answer = drafter.get("/policy/appraisals/P1-Q1/result/")
    assert (answer.status_code, "POLOPT-002" in answer.content.decode()) == (200, True)


@pytest.mark.req("R12.17")
def test_programs_read_the_question_the_judgements_and_every_method(asked: Policy, as_: As) -> None:
    rights(A="none", B="violates", C="justified")
    judged("P1-Q1-A", "BENEFIT", "small", certainty="low", evidence=("A1-F01",), dissent="Finance")
    client = as_("analyst")
    listed, one, cells, told = (read(client, path) for path in API)
    assert listed == [one]
    assert (one["options"], one["weights_known"], one["chosen"]) == (["P1-Q1-A", "P1-Q1-B", "P1-Q1-C"], "unknown", "")
    assert [(row["option"], row["criterion"], row["word"]) for row in cells] == [
        ("P1-Q1-A", "BENEFIT", "small"), ("P1-Q1-A", "RIGHTS", "none"), ("P1-Q1-B", "RIGHTS", "violates"),
        ("P1-Q1-C", "RIGHTS", "justified"),
    ]  # fmt: skip
    assert (cells[0]["evidence"], cells[0]["dissent"], cells[0]["by"]) == (["A1-F01"], "Finance", "drafter")
    assert [(row["vetoed_by"], len(row["places"])) for row in told] == [([], 2), (["RIGHTS"], 0), ([], 2)]
    assert {(row["draws"], row["seed"]) for row in told} == {(2000, 1)}
    assert sum(row["places"][0] for row in told if row["places"]) == pytest.approx(1)
    assert [as_("stranger").get(f"/api/v1/{path}").status_code for path in API] == [404] * 4
    assert [as_("partner").get(f"/api/v1/{path}").status_code for path in API] == [404] * 4


def read(client: Client, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    return json.loads(answer.getvalue())


@pytest.mark.parametrize("more", [0, 3])
def test_a_list_takes_the_same_number_of_queries(
    asked: Policy, drafter: Client, more: int, django_assert_num_queries: object
) -> None:
    for _at in range(more):
        services.begin(
            objective="P1-O1.1", wanted=services.AppraisalWanted(make.names("More?")), nothing=make.names("No"),
            actor=plans.drafter(), now=make.NOW,
        )  # fmt: skip
    judged("P1-Q1-B", "HARM", "small")
    drafter.get("/policy/P1/appraisals/")
    with django_assert_num_queries(7):  # type: ignore[operator]
        page = drafter.get("/policy/P1/appraisals/").content.decode()
    assert page.count("P1-Q") >= 1 + more
