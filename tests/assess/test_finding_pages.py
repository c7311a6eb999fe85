"""Pages of findings and recommendations as the lead, the cell and strangers meet them."""

from __future__ import annotations

from collections.abc import Callable

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, assessor, report
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Finding, Recommendation, Round
from pasaj.assess.services import drafting, findings
from pasaj.evidence.models import Node
from pasaj.evidence.queries.trace import state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
LIST = "/assessment/rounds/A1/"
ONE = "/assessment/findings/A1-F02/"
ADVICE = "/assessment/recommendations/A1-R01/"
CELL = frozenset({"duty", "approver", "analyst", "lead", "dpo", "admin"})
SAID = {"text_en": "Too little water.", "severity": "3", "sure": "high", "part": "1", "whole": "2", "rights": "on",
        "rights_affected": "dignity", "institution": "IMM"}  # fmt: skip
ADVISED = {"text_fr": "Former les équipes.", "findings": ["A1-F02"], "horizon": "short", "due": "2026-06-30",
           "effort": "low", "institution": "IMM"}  # fmt: skip


@pytest.fixture
def drafted(cast: make.Cast) -> Round:
    row = a_round(simulated=True)
    (_a, marie), (_b, paul) = assessor(row), assessor(row, "Paul")
    report(row, marie, NORTH, {"EQP-1": 0, "EQP-2": 3})
    report(row, paul, NORTH, {"EQP-1": 0, "EQP-2": 3})
    report(row, marie, SOUTH, {"EQP-1": 3, "EQP-2": 1})
    report(row, paul, SOUTH, {"EQP-1": 3, "EQP-2": 3})
    drafting.draft(code="A1", actor=SYSTEM, now=make.NOW)
    return row


@pytest.fixture
def advised(drafted: Round, as_: As) -> Recommendation:
    as_("lead").post(f"{LIST}recommendations/new", ADVISED)
    return Recommendation.objects.get()


@pytest.mark.req("R7.1")
def test_findings_are_for_the_cell(advised: Recommendation, as_: As) -> None:
    pages = [f"{LIST}findings/", f"{LIST}priorities/", f"{LIST}recommendations/", ONE, ADVICE, "/trace/A1-F02/"]
    for who in (*make.CAST, "lead"):
        wanted = 200 if who in CELL else 404
        assert [as_(who).get(page).status_code for page in pages] == [wanted] * len(pages), who


@pytest.mark.req("R7.1")
def test_who_writes_and_who_decides(advised: Recommendation, as_: As) -> None:
    writing = [f"{LIST}findings/new", f"{ONE}edit", f"{LIST}recommendations/new", f"{ADVICE}edit"]
    deciding = [f"{ONE}act", f"{ADVICE}act"]
    for who in (*make.CAST, "lead"):
        wanted = 200 if who in {"analyst", "lead"} else 404
        assert [as_(who).get(page).status_code for page in writing] == [wanted] * len(writing), who
        if who != "lead":
            assert [as_(who).post(page, {"step": "adopt", "seen": "1"}).status_code for page in deciding] == [404, 404]
            assert as_(who).post(f"{LIST}findings/draft").status_code == 404, who
        if who not in {"analyst", "lead"}:
            assert as_(who).post(f"{ONE}link", {"target": "x", "seen": "1"}).status_code == 404, who
            assert [as_(who).post(page, {**SAID, **ADVISED}).status_code for page in writing] == [404] * 4, who
    assert Finding.objects.filter(state="adopted").count() == 0
    for page in deciding:
        assert as_("lead").post(page, {"step": "burn", "seen": "1"}).status_code == 404
    for page in (f"{LIST}findings/draft", f"{ONE}act", f"{ONE}link", f"{ADVICE}act"):
        assert as_("lead").get(page).status_code == 405


@pytest.mark.req("R10.43")
def test_the_lead_drafts_reads_and_decides(drafted: Round, as_: As) -> None:
    lead = as_("lead")
    page = lead.post(f"{LIST}findings/draft", follow=True).content.decode()
    assert "0 new findings; 0 updated; 0 no longer found; 0 of people" in page
    page = lead.get(ONE).content.decode()
    for text in ("Draft again", "0 of 4 at 1 of 2: Northgate", "score = 0 and applies = yes", "up to date", "Simulated",
                 "places or institutions looked at: 1 of 2", "Drafted by its rule")[1:]:  # fmt: skip
        assert text in page, text
    assert lead.post(f"{ONE}act", {"step": "dismiss", "seen": "1", "reason": " "}).status_code == 422
    assert lead.post(f"{ONE}act", {"step": "adopt", "seen": "9"}).status_code == 409
    assert lead.post(f"{ONE}act", {"step": "adopt", "seen": "1"})["Location"] == ONE
    assert lead.post(f"{ONE}act", {"step": "reopen", "seen": "2", "reason": "Too early"}).status_code == 302
    assert lead.post(f"{ONE}act", {"step": "dismiss", "seen": "3", "reason": "Mended"}).status_code == 302
    page = lead.get(ONE).content.decode()
    assert ("Mended" in page, "withdrawn" in page) == (True, True)
    assert lead.get(f"{ONE}edit").status_code == 404
    assert lead.post(f"{ONE}act", {"step": "take_over", "seen": "4"}).status_code == 409


@pytest.mark.req("R10.43")
def test_written_linked_and_edited(drafted: Round, as_: As) -> None:
    lead, new = as_("lead"), f"{LIST}findings/new"
    assert lead.post(new, {**SAID, "severity": ""}).status_code == 422
    assert lead.post(new, {**SAID, "part": "3"}).status_code == 422
    made = lead.post(new, SAID)
    own = Finding.objects.get(rule="own")
    assert made["Location"] == f"/assessment/findings/{own.code}/"
    page = made["Location"]
    assert b"It rests on nothing yet" in lead.get(page).content
    assert lead.post(f"{page}link", {"target": "", "seen": "1"}).status_code == 200
    assert lead.post(f"{page}link", {"target": "nothing", "seen": "1"}).status_code == 404
    assert lead.post(f"{page}link", {"target": f"{NORTH}/EQP-2", "claim": "score >= 3", "seen": "1"}).status_code == 302
    assert b"EQP-2, Northgate" in lead.get(page).content
    assert lead.post(f"{page}edit", {**SAID, "text_fr": "Trop peu d'eau.", "seen": "2"}).status_code == 302
    assert lead.post(f"{page}edit", {**SAID, "seen": "2"}).status_code == 422
    own.refresh_from_db()
    assert own.statement == {"en": "Too little water.", "fr": "Trop peu d'eau."}
    assert (own.rights_affected, own.institution.code if own.institution else "") == ("dignity", "IMM")


@pytest.mark.req("R10.43")
def test_the_page_says_what_the_rule_finds_now(drafted: Round, as_: As) -> None:
    lead = as_("lead")
    lead.post(f"{ONE}edit", {**SAID, "seen": "1"})
    third, _key = assessor(drafted, "Anne")
    report(drafted, _key, NORTH, {"EQP-1": 0})
    report(drafted, _key, SOUTH, {"EQP-1": 0})
    assert third.code == "A1-E3"
    lead.post(f"{LIST}findings/draft")
    page = lead.get(ONE).content.decode()
    assert ("What its rule says now" in page, "Too little water." in page) == (True, True)
    assert "its rule differs" in lead.get(f"{LIST}findings/").content.decode()
    assert lead.post(f"{ONE}act", {"step": "take_over", "seen": "2"}).status_code == 302
    assert "some assessors say 0" in lead.get(ONE).content.decode()


@pytest.mark.req("R10.41")
def test_filters_of_the_list(drafted: Round, as_: As) -> None:
    client = as_("duty")

    def codes(query: str) -> set[str]:
        page = client.get(f"{LIST}findings/?{query}").content.decode()
        return {one.code for one in Finding.objects.all() if f"/findings/{one.code}/" in page}

    every = {one.code for one in Finding.objects.all()}
    assert codes("") == every
    assert codes("rule=critical") == {"A1-F02"}
    assert codes("severity=4") == {one.code for one in Finding.objects.filter(severity=4)}
    assert codes("rights=yes") == {one.code for one in Finding.objects.filter(rights=True)}
    assert codes("state=adopted") == set()
    assert codes("severity=x") == every
    assert b"Draft again" not in client.get(f"{LIST}findings/").content
    assert b"Draft again" in as_("lead").get(f"{LIST}findings/").content


@pytest.mark.req("R10.42")
def test_priorities_show_their_arithmetic(drafted: Round, as_: As) -> None:
    page = as_("duty").get(f"{LIST}priorities/").content.decode()
    at = page.index("A1-F02</a>")
    row = page[at : page.index("</tr>", at)]
    assert [text in row for text in ("1.00", "0.50", "4 – critical", "places or institutions looked at: 1 of 2")] == [
        True, True, True, True,
    ]  # fmt: skip
    assert 'width="50.0" height="7"' in row


@pytest.mark.req("R10.46")
def test_a_recommendation_from_the_form_to_its_end(advised: Recommendation, as_: As) -> None:
    lead = as_("lead")
    assert lead.post(f"{LIST}recommendations/new", {**ADVISED, "due": "2025-10-01"}).status_code == 422
    assert lead.post(f"{LIST}recommendations/new", {**ADVISED, "findings": []}).status_code == 422
    assert lead.post(f"{ADVICE}act", {"step": "adopt", "seen": "1"}).status_code == 409
    findings.adopt(code="A1-F02", seen=1, actor=SYSTEM, now=make.NOW)
    assert lead.post(f"{ADVICE}act", {"step": "adopt", "seen": "1"})["Location"] == ADVICE
    assert lead.post(f"{ADVICE}edit", {**ADVISED, "institution": "", "seen": "2"}).status_code == 422
    assert lead.post(f"{ADVICE}edit", {**ADVISED, "effort": "high", "seen": "2"}).status_code == 302
    page = lead.get(f"{LIST}recommendations/").content.decode()
    assert ("Former les équipes." in page, "high effort" in page, "A1-F02" in page) == (True, True, True)
    assert "A1-R01" in lead.get(ONE).content.decode()
    assert lead.post(f"{ADVICE}act", {"step": "drop", "seen": "3", "reason": "Done"}).status_code == 302
    assert lead.get(f"{ADVICE}edit").status_code == 404
    assert lead.post(f"{ADVICE}act", {"step": "reopen", "seen": "4", "reason": "Not done"}).status_code == 302


@pytest.mark.req("R6.11")
def test_a_change_of_wording_is_confirmed_by_a_second_person(advised: Recommendation, as_: As) -> None:
    row = Finding.objects.get(code="A1-F02")
    said = {"text_en": "In other words.", "severity": str(row.severity), "sure": "", "part": "1", "whole": "2",
            "rights": "on", "wording": "Clearer", "seen": "1"}  # fmt: skip
    assert as_("analyst").post(f"{ONE}edit", said).status_code == 302
    assert _state("A1-R01") == "suspect"
    assert b"A change of wording waits" not in as_("analyst").get("/trace/A1-F02/").content
    assert b"A change of wording waits" not in as_("duty").get("/trace/A1-F02/").content
    page = as_("approver").get("/trace/A1-F02/").content.decode()
    assert ("A change of wording waits" in page, "In other words." in page, "Clearer" in page) == (True, True, True)
    seen = Node.objects.get(code="A1-F02").revision
    for who in ("duty", "partner", "stranger"):
        assert as_(who).post("/trace/A1-F02/confirm", {"seen": seen}).status_code == 404, who
    assert as_("approver").post("/trace/A1-F02/confirm", {"seen": "1"}).status_code == 409
    assert as_("approver").post("/trace/A1-F02/confirm", {"seen": seen}).status_code == 302
    assert _state("A1-R01") == "fresh"


@pytest.mark.req("R6.12")
def test_a_figure_is_withdrawn_and_taken_up_again(drafted: Round, as_: As) -> None:
    code = Finding.objects.get(code="A1-F02") and _figure()
    for who in ("duty", "analyst", "partner", "stranger"):
        assert as_(who).post(f"/trace/{code}/withdraw", {"note": "x"}).status_code == 404, who
    assert as_("lead").post(f"/trace/{code}/withdraw", {"note": " "}).status_code == 422
    assert as_("lead").post("/trace/A1-F02/withdraw", {"note": "x"}).status_code == 404  # dismissed on its own page
    assert as_("lead").post(f"/trace/{code}/withdraw", {"note": "Falsified"}).status_code == 302
    assert _state("A1-F02") == "unsupported"
    assert b"Take it up again" in as_("lead").get(f"/trace/{code}/").content
    assert as_("lead").post(f"/trace/{code}/withdraw", {"note": "It was right"}).status_code == 302
    assert _state("A1-F02") == "fresh"


def _figure() -> str:
    from pasaj.evidence.models import Link

    return Link.objects.get(child__code="A1-F02").parent.code


def _state(code: str) -> str:
    found = state_of(code)
    assert found is not None
    return str(found.state)


@pytest.mark.req("R10.41")
def test_pages_ask_as_often_for_many_findings_as_for_few(drafted: Round, as_: As) -> None:
    client = as_("duty")

    def asked(page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    pages = [f"{LIST}findings/", f"{LIST}priorities/"]
    many = [asked(page) for page in pages]
    last = Finding.objects.order_by("-pk")[3:].values_list("pk", flat=True)
    Finding.objects.filter(pk__in=list(last)).update(state="superseded")
    Finding.objects.filter(round=drafted).exclude(pk__in=list(last)[:1]).update(rule="critical")
    few = [asked(f"{pages[0]}?state=superseded"), asked(pages[1])]
    assert few == many


def test_a_code_leads_to_its_page(advised: Recommendation, as_: As) -> None:
    assert as_("duty").get("/search/?q=a1-f02", follow=True).redirect_chain[-1][0] == ONE
    assert as_("duty").get("/search/?q=A1-R01", follow=True).redirect_chain[-1][0] == ADVICE
