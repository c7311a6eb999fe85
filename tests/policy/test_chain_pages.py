"""From a finding to a costed action in the browser: pages, forms, who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from policy import plans

from pasaj.access.models import AuditEntry
from pasaj.evidence.models import Node
from pasaj.policy.models import (
    Action,
    Commitment,
    CostLine,
    Entry,
    Indicator,
    Measure,
    Objective,
    Policy,
    Problem,
    Rate,
)
from pasaj.policy.services import money, statements
from pasaj.policy.services.wanted import ActionWanted
from pasaj.registry.models import Instrument

LANGUAGES = ("fr", "ht", "en", "es")


@pytest.fixture
def drafting(country: make.Country) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(plans.member(country))  # type: ignore[arg-type]
    return client


@pytest.fixture
def policy(country: make.Country) -> Policy:
    return plans.whole(country)


def texts(text: str, name: str = "text") -> dict[str, str]:
    return {f"{name}_{language}": f"{text} {language}" for language in LANGUAGES}


def body(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content))


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.req("R12.4")
def test_a_drafter_goes_from_a_finding_to_a_costed_action(country: make.Country, drafting: Client) -> None:
    plans.goals()
    Instrument.objects.create(code=plans.LAW, title="A law", kind="law", date="2014", source="test")
    plans.finding()
    begun = drafting.post("/policy/new/", {
        **texts("Migration policy"), **texts("Order", "purpose"), "institution": "CELL", "languages_of": LANGUAGES,
        "source": "fr", "first": "2025-01-01", "last": "2028-12-31", "currency": "htg", "minimum": "0.3",
        **texts("Protection", "theme1"), **texts("Borders", "theme2"), "theme2_goal": "GCM-11",
    })  # fmt: skip
    assert begun["Location"] == "/policy/P1/"
    assert "A1-F01" in page(drafting, "/policy/P1/findings/")
    form = page(drafting, "/policy/P1/new/problem/?findings=A1-F01")
    assert 'value="A1-F01" class="form-check-input" id="id_findings_0" checked' in form.replace("'", '"') or (
        "checked" in form
    )
    steps = [
        ("problem", {**texts("Children are not referred"), "theme": "1", "findings": "A1-F01", "documents": plans.LAW,
                     "rights": "Family unity\nBest interests", "groups": "children"}, "P1-PB1.1"),
        ("objective", {**texts("All are referred"), "theme": "1", "problems": "P1-PB1.1", "goals": "GCM-12"},
         "P1-O1.1"),
        ("measure", {**texts("A post"), "theme": "1", "kind": "protection", "objectives": "P1-O1.1", "lead": "IMM",
                     "support": "AID", "basis": plans.LAW}, "P1-M1.1"),
        ("action", {**texts("Train"), **texts("60 trained", "deliverable"), "measure": "P1-M1.1", "owner": "AID",
                    "first": "2025-01-01", "last": "2025-06-30"}, "P1-A1.1.1"),
        ("indicator", {**texts("Referred"), **texts("Within a day", "definition"), "measures": "P1-O1.1", "unit": "%",
                       "direction": "up", "baseline": "20", "baseline_on": "2024-12-31", "target": "90",
                       "target_on": "2027-12-31", "every_days": "90", "origin": "external"}, "P1-I1"),
    ]  # fmt: skip
    for kind, said, code in steps:
        page(drafting, f"/policy/P1/new/{kind}/")
        answer = drafting.post(f"/policy/P1/new/{kind}/", said)
        assert (answer.status_code, answer.get("Location")) == (302, f"/policy/statements/{code}/"), kind
        assert said["text_en"] in page(drafting, f"/policy/statements/{code}/")
    line = {"label": "Trainers", "kind": "recurrent", "quantity": "2", "unit": "person", "unit_cost": "1250.50",
            "periods": "6", "currency": "HTG", "year": "2025"}  # fmt: skip
    page(drafting, "/policy/statements/P1-A1.1.1/costs/new/")
    assert drafting.post("/policy/statements/P1-A1.1.1/costs/new/", line).status_code == 302
    assert "15,006.00" in page(drafting, "/policy/P1/").replace("\u202f", ",")
    pledge = {"funder": "Bank", "amount": "5000", "currency": "HTG", "year": "2025", "state": "pledged",
              "on": "2025-02-01"}  # fmt: skip
    assert drafting.post("/policy/statements/P1-A1.1.1/money/new/", pledge).status_code == 302
    assert Problem.objects.get().findings == ["A1-F01", plans.LAW]
    assert Problem.objects.get().rights == ["Family unity", "Best interests"]
    assert Measure.objects.get().institutions.count() == 2
    assert Indicator.objects.get().target == Decimal(90)
    assert Commitment.objects.get().amount == Decimal(5000)
    assert "A1-F01" not in page(drafting, "/policy/P1/findings/")


@pytest.mark.req("R12.4")
def test_each_kind_is_edited_without_losing_anything(policy: Policy, drafting: Client) -> None:
    """The form as it is shown, sent back, changes nothing but the revision."""
    from django.forms import BoundField

    for code in ("P1-PB1.1", "P1-O1.1", "P1-M1.1", "P1-M2.1", "P1-A1.1.2", "P1-I1"):
        before = Node.objects.get(code=code).fingerprint
        form = drafting.get(f"/policy/statements/{code}/edit/").context["form"]
        said: dict[str, Any] = {}
        for one in form:
            assert isinstance(one, BoundField)
            value = one.value()
            if value not in (None, False, ""):
                said[one.html_name] = value
        answer = drafting.post(f"/policy/statements/{code}/edit/", said)
        assert answer.status_code == 302, (code, answer.context["form"].errors, answer.context["problems"])
        assert Node.objects.get(code=code).fingerprint == before, code
    assert Action.objects.get(code="P1-A1.1.2").needs.count() == 1


@pytest.mark.req("R12.4")
def test_an_edit_seen_late_and_empty_texts_come_back_with_the_form(policy: Policy, drafting: Client) -> None:
    said = {**texts("Other"), "theme": "1", "findings": "A1-F01", "seen": "7"}
    answer = drafting.post("/policy/statements/P1-PB1.1/edit/", said)
    assert answer.status_code == 422
    assert "POL-003" in answer.content.decode()
    assert "Other fr" in answer.content.decode()
    answer = drafting.post("/policy/P1/new/problem/", {"theme": "1", "findings": "A1-F01"})
    assert (answer.status_code, "POL-004" in answer.content.decode()) == (422, True)
    answer = drafting.post("/policy/P1/new/objective/", {**texts("x"), "theme": "9"})
    assert answer.status_code == 422
    assert Problem.objects.count() == 1
    assert drafting.get("/policy/P1/new/nothing/").status_code == 404


@pytest.mark.req("R12.4")
def test_it_is_withdrawn_and_taken_up_again_with_a_reason(policy: Policy, drafting: Client) -> None:
    address = "/policy/statements/P1-I1/step/"
    answer = drafting.post(address, {"seen": "1", "step": "withdraw", "reason": ""})
    assert (answer.status_code, "POL-006" in answer.content.decode()) == (422, True)
    assert drafting.post(address, {"seen": "1", "step": "withdraw", "reason": "Wrong"}).status_code == 302
    assert Indicator.objects.get().withdrawn_at is not None
    assert "Wrong" in page(drafting, "/policy/P1/")
    assert drafting.get("/policy/statements/P1-I1/edit/").status_code == 404
    assert drafting.post(address, {"seen": "2", "step": "reinstate", "reason": "Right"}).status_code == 302
    assert Indicator.objects.get().withdrawn_at is None
    answer = drafting.post("/policy/statements/P1-O1.1/step/", {"seen": "1", "step": "withdraw", "reason": "x"})
    assert (answer.status_code, "POL-008" in answer.content.decode()) == (409, True)
    assert drafting.post(address, {"seen": "3", "step": "burn", "reason": "x"}).status_code == 404


@pytest.mark.req("R12.4")
def test_a_policy_is_changed_and_gets_rates_and_capacities(policy: Policy, drafting: Client) -> None:
    form = drafting.get("/policy/P1/edit/").context["form"]
    said = {one.html_name: one.value() for one in form if one.value() not in (None, "")}
    said |= texts("A third", "theme3")
    assert drafting.post("/policy/P1/edit/", said).status_code == 302
    assert Policy.objects.get().themes.count() == 3
    assert drafting.post("/policy/P1/edit/", said).status_code == 422  # seen is old now
    rate = {"which": "rate", "currency": "USD", "year": "2025", "rate": "132.5", "on": "2025-01-02", "source": "bank"}
    assert drafting.post("/policy/P1/rates/", rate).status_code == 302
    assert Rate.objects.get().rate == Decimal("132.5")
    assert drafting.post("/policy/P1/rates/", {**rate, "rate": "0"}).status_code == 422
    capacity = {"which": "capacity", "institution": "IMM", "actions": "3"}
    assert drafting.post("/policy/P1/rates/", capacity).status_code == 302
    assert "132.5" in page(drafting, "/policy/P1/rates/")


@pytest.mark.req("R12.4")
def test_a_missing_rate_is_told_where_the_sums_stand(policy: Policy, drafting: Client) -> None:
    wanted = money.CostWanted("P1-A1.1.1", "Cars", "capital", Decimal(1), "car", Decimal(9), Decimal(1), "USD", 2026)
    money.put_costs(policy="P1", wanted=[wanted], actor=plans.drafter(), now=plans.NOW)
    assert "Rates are missing" in page(drafting, "/policy/P1/")
    assert "No rate says what USD is worth in 2026: 1 line counts nowhere." in page(drafting, "/policy/P1/rates/")


@pytest.mark.req("R12.5")
def test_cost_lines_are_changed_and_withdrawn(policy: Policy, drafting: Client) -> None:
    address = "/policy/statements/P1-A1.1.1/costs/P1-A1.1.1-L1/"
    form = drafting.get(address).context["form"]
    said = {one.html_name: one.value() for one in form if one.value() not in (None, "")}
    assert drafting.post(address, {**said, "quantity": "3"}).status_code == 302
    assert CostLine.objects.get().quantity == Decimal(3)
    for wrong in ({"quantity": "-1"}, {"quantity": "two"}, {"currency": "12"}, {"year": "2040"}, {"unit_cost": ""}):
        assert drafting.post(address, {**said, **wrong}).status_code == 422, wrong
    gone = "/policy/statements/P1-A1.1.1/lines/P1-A1.1.1-L1/withdraw/"
    assert drafting.post(gone, {"reason": ""}).status_code == 422
    assert drafting.post(gone, {"reason": "twice"}).status_code == 302
    assert CostLine.objects.get().withdrawn_at is not None
    assert drafting.get(address).status_code == 404
    assert drafting.get("/policy/statements/P1-A1.1.1/costs/P9-A1-L1/").status_code == 404


@pytest.mark.req("R12.5")
def test_a_code_of_a_line_or_an_observation_leads_to_its_statement(policy: Policy, drafting: Client) -> None:
    found = [drafting.get(f"/policy/statements/{code}/") for code in ("P1-A1.1.1-L1", "P1-I1-2025-03-31", "P1-X1-L1")]
    assert [one.status_code for one in found] == [302, 302, 404]
    assert [one["Location"] for one in found[:2]] == ["/policy/statements/P1-A1.1.1/", "/policy/statements/P1-I1/"]


@pytest.mark.req("R12.6")
def test_an_owner_says_how_an_action_stands(policy: Policy, as_: Callable[[str], Client]) -> None:
    address = "/policy/statements/P1-A1.1.2/progress/"
    said = {"state": "running", "note": "Two posts are open", "seen": "1"}
    found = {who: as_(who).post(address, said).status_code for who in ("stranger", "duty", "analyst", "chief")}
    assert found == {"stranger": 404, "duty": 404, "analyst": 404, "chief": 404}
    assert as_("partner").post(address, said).status_code == 302
    assert Action.objects.get(code="P1-A1.1.2").state == "running"
    assert as_("partner").post(address, said).status_code == 409
    assert as_("partner").post(address, {**said, "state": "flying"}).status_code == 422
    assert as_("partner").post("/policy/statements/P1-A1.1.1/progress/", said).status_code == 404
    assert as_("partner").post("/policy/statements/P1-I1/progress/", said).status_code == 404
    assert AuditEntry.objects.filter(action="policy.progress").count() == 1


@pytest.mark.req("R12.6")
def test_an_analyst_reports_an_observation(policy: Policy, as_: Callable[[str], Client]) -> None:
    address = "/policy/statements/P1-I1/observe/"
    said = {"period_end": "2025-06-30", "value": "41.5", "source": "IBESR"}
    assert as_("partner").post(address, said).status_code == 404
    assert as_("analyst").post(address, said).status_code == 302
    assert as_("analyst").post(address, {**said, "value": "42"}).status_code == 302
    assert as_("analyst").post(address, {**said, "period_end": "2030-06-30"}).status_code == 422
    assert as_("analyst").post(address, {**said, "value": "many"}).status_code == 422
    text = page(as_("analyst"), "/policy/statements/P1-I1/")
    assert text.index("42 %") < text.index("41.5 %")


@pytest.mark.req("R12.7")
def test_what_changed_since_a_day(policy: Policy, drafting: Client) -> None:
    assert "Nothing that it rests on says anything else." in page(drafting, "/policy/P1/since/?since=2026-01-01")
    plans.finding(text="Most children who cross alone are referred")
    text = page(drafting, "/policy/P1/since/?since=2025-10-01")
    assert "Most children who cross alone are referred" in text
    assert "P1-A1.1.1" in text
    assert "Written" in text
    assert page(drafting, "/policy/P1/since/?since=nonsense").count("What changed since Wed 1 Oct 2025") == 1


@pytest.mark.req("R12.8")
def test_who_opens_what(policy: Policy, as_: Callable[[str], Client]) -> None:
    addresses = ("/policy/new/", "/policy/P1/edit/", "/policy/P1/rates/", "/policy/P1/since/", "/policy/P1/findings/",
                 "/policy/P1/new/problem/", "/policy/statements/P1-PB1.1/edit/",
                 "/policy/statements/P1-A1.1.2/costs/new/", "/policy/statements/P1-A1.1.2/money/new/")  # fmt: skip
    seen = {who: [as_(who).get(one).status_code for one in addresses]
            for who in ("duty", "approver", "analyst", "partner", "chief", "stranger")}  # fmt: skip
    cell = [404, 404, 200, 200, 200, 404, 404, 404, 404]
    assert seen == {
        "duty": cell, "approver": cell, "analyst": cell,
        "partner": [404, 404, 200, 404, 404, 404, 404, 404, 404], "chief": [404] * 9, "stranger": [404] * 9,
    }  # fmt: skip
    posts = ("/policy/new/", "/policy/P1/edit/", "/policy/P1/rates/", "/policy/P1/new/problem/",
             "/policy/statements/P1-PB1.1/edit/", "/policy/statements/P1-PB1.1/step/",
             "/policy/statements/P1-A1.1.1/costs/new/",
             "/policy/statements/P1-A1.1.1/lines/P1-A1.1.1-L1/withdraw/")  # fmt: skip
    count = Entry.objects.count()
    for who in ("duty", "partner", "chief", "stranger"):
        said = {"step": "withdraw", "reason": "x", "seen": "1"}
        assert {as_(who).post(one, said).status_code for one in posts} == {404}
    assert Entry.objects.count() == count


@pytest.mark.req("R12.8")
def test_a_partner_sees_costs_of_the_own_actions_only(policy: Policy, as_: Callable[[str], Client]) -> None:
    assert "15,006" in page(as_("duty"), "/policy/P1/").replace("\u202f", ",")
    assert "15,006" not in page(as_("partner"), "/policy/P1/").replace("\u202f", ",")
    assert "Trainers" in page(as_("chief"), "/policy/statements/P1-A1.1.1/")


@pytest.mark.req("R12.8")
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_in_each_language(policy: Policy, drafting: Client, language: str) -> None:
    drafting.cookies["django_language"] = language
    for address in ("/policy/", "/policy/P1/", "/policy/P1/rates/", "/policy/P1/since/", "/policy/statements/P1-M1.1/",
                    "/policy/P1/new/action/"):  # fmt: skip
        assert f'lang="{language}"' in page(drafting, address)


@pytest.mark.req("R12.9")
def test_the_page_of_a_policy_asks_as_often_for_many_statements(policy: Policy, drafting: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(drafting, "/policy/P1/")
        return len(found)

    asked()
    before = asked()
    wanted = [
        ("", ActionWanted("P1-M2.1", make.names(f"Action {at}"), "IMM", date(2025, 1, 1), date(2025, 2, 1)))
        for at in range(20)
    ]
    statements.write_all(policy="P1", wanted=wanted, actor=plans.drafter(), now=plans.NOW)
    assert asked() == before


@pytest.mark.req("R12.9")
def test_programs_get_what_the_pages_show(policy: Policy, as_: Callable[[str], Client]) -> None:
    (row,) = as_("analyst").get("/api/v1/policies").json()
    assert (row["code"], row["currency"], row["first"]) == ("P1", "HTG", "2025-01-01")
    found = body(as_("analyst").get("/api/v1/policies/P1"))
    assert (found["cost"], found["gap"], [one["number"] for one in found["themes"]]) == ("15006.00", "15006.00", [1, 2])
    rows = body(as_("analyst").get("/api/v1/policies/P1/statements"))
    # The finding of this test rests on nothing itself.
    assert [(one["code"], one["rests_on"], one["state"]) for one in rows] == [
        ("P1-PB1.1", ["A1-F01", plans.LAW], "tainted"), ("P1-O1.1", ["P1-PB1.1"], "tainted"),
        ("P1-M1.1", ["P1-O1.1", plans.LAW], "tainted"), ("P1-M2.1", ["P1-O1.1"], "tainted"),
        ("P1-A1.1.1", ["P1-M1.1"], "tainted"), ("P1-A1.1.2", ["P1-M1.1"], "tainted"), ("P1-I1", ["P1-O1.1"], "tainted"),
    ]  # fmt: skip
    assert [one["code"] for one in body(as_("partner").get("/api/v1/policies/P1/statements"))] == [
        "P1-M1.1", "P1-A1.1.2"]  # fmt: skip
    assert body(as_("partner").get("/api/v1/policies/P1"))["cost"] == "0"
    statuses = [as_("chief").get(f"/api/v1/policies{more}").status_code for more in ("", "/P1", "/P1/statements")]
    assert statuses == [200, 404, 404]
    assert as_("chief").get("/api/v1/policies").json() == []
    assert Objective.objects.count() == 1
