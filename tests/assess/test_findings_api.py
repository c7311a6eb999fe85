"""Findings, recommendations and reports for programs and as files: the rows of the pages, for the same people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, assessor, report
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from pasaj.access.rules import SYSTEM
from pasaj.access.services import tokens
from pasaj.assess.models import Finding, Recommendation, Round
from pasaj.assess.services import drafting, recommendations, reports
from pasaj.evidence.models import Link
from pasaj.share.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
API, PAGES = "/api/v1", "/assessment/rounds/A1"
WHO = {"actor": SYSTEM, "now": make.NOW}
CELL = {"duty", "approver", "analyst", "lead", "dpo", "admin"}


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def body(answer: Any) -> Any:
    return json.loads(content(answer))


@pytest.fixture
def row(cast: make.Cast) -> Round:
    """A critical zero in the north, answers that differ in the south; its rules have drafted findings."""
    made = a_round(simulated=True)
    (_a, marie), (_b, paul) = assessor(made, "Marie"), assessor(made, "Paul")
    for who in (marie, paul):
        report(made, who, NORTH, {"EQP-1": 0, "EQP-2": 3})
    report(made, marie, SOUTH, {"EQP-1": 3, "EQP-2": 1})
    report(made, paul, SOUTH, {"EQP-1": 3, "EQP-2": 3})
    drafting.draft(code=made.code, **WHO)
    return made


def recommend(row: Round, code: str, **more: Any) -> Recommendation:
    wanted = {"text": {"fr": "Équiper le poste", "en": "Equip the post"}, "findings": [code], "horizon": "short",
              "due": row.period_end, "effort": "low", "institution": "IMM", **more}  # fmt: skip
    return recommendations.write(code=row.code, wanted=recommendations.Wanted(**wanted), **WHO)


def critical() -> Finding:
    return Finding.objects.get(key="critical:EQP-1")


def headers(cast: make.Cast, who: str, *, may_write: bool) -> dict[str, str]:
    _token, plain = tokens.issue(
        account=cast.account(who), name="script", days=30, may_write=may_write, actor=SYSTEM, now=make.NOW
    )
    return {"Authorization": f"Bearer {plain}"}


def post(path: str, said: Any, key: dict[str, str]) -> tuple[int, Any]:
    answer = Client().post(f"{API}/{path}", json.dumps(said), content_type="application/json", headers=key)
    return answer.status_code, body(answer)


def codes(told: Any) -> list[str]:
    return [one["code"] for one in told["problems"]]


@pytest.mark.req("R7.1")
def test_what_is_found_is_for_the_cell(row: Round, as_: As) -> None:
    advice = recommend(row, critical().code)
    paths = [*(f"{API}/rounds/A1/{part}" for part in ("findings", "recommendations", "priorities", "reports")),
             f"{API}/findings/{critical().code}", f"{API}/recommendations/{advice.code}",
             *(f"{PAGES}/{what}.{suffix}" for what in ("findings", "recommendations")
               for suffix in ("csv", "xlsx"))]  # fmt: skip

    def asked(who: str) -> set[int]:
        found = set()
        for path in paths:
            answer = as_(who).get(path)
            found.add(answer.status_code)
            content(answer)
        return found

    assert {who: asked(who) for who in (*make.CAST, "lead")} == {
        who: {200 if who in CELL else 404} for who in (*make.CAST, "lead")
    }


@pytest.mark.req("R10.9")
def test_a_finding_comes_with_its_arithmetic_and_its_evidence(row: Round, as_: As) -> None:
    answer = as_("duty").get(f"{API}/rounds/A1/findings")
    found = body(answer)
    assert [one["code"] for one in found] == list(Finding.objects.order_by("pk").values_list("code", flat=True))
    assert (answer["X-Pasaj-Count"], answer["X-Pasaj-Audience"]) == (str(len(found)), "TLP:AMBER")
    one = next(one for one in found if one["code"] == critical().code)
    assert (one["severity"], one["certainty"], one["reach"], one["priority"]) == (4, 1, 0.5, 0.5)
    assert (one["certainty_parts"], one["reach_part"], one["reach_whole"]) == ({"assessors": 1, "said": 1}, 1, 2)
    assert (one["rule"], one["state"], one["standing"], one["rights"]) == ("critical", "draft", "fresh", True)
    assert (one["subject"]["indicators"], one["simulated"], sorted(one["statement"])) == (
        ["EQP-1"], True, ["en", "es", "fr", "ht"],
    )  # fmt: skip
    parents = Link.objects.filter(child__code=one["code"]).order_by("parent__code")
    assert one["evidence"] == list(parents.values_list("parent__code", flat=True))
    assert body(as_("duty").get(f"{API}/findings/{one['code']}")) == one


@pytest.mark.req("R10.9")
def test_what_comes_first(row: Round, as_: As) -> None:
    client = as_("analyst")
    listed = body(client.get(f"{API}/rounds/A1/priorities"))
    products = [one["priority"] for one in listed]
    assert products == sorted(products, reverse=True)
    assert [round(one["severity"] * one["certainty"] * one["reach"], 3) for one in listed] == [
        round(one, 3) for one in products
    ]
    whole = body(client.get(f"{API}/rounds/A1/findings"))
    assert {one["finding"]: one["priority"] for one in listed} == {one["code"]: one["priority"] for one in whole}
    assert body(client.get(f"{API}/rounds/A1/priorities?limit=1&offset=1")) == listed[1:2]
    grave = body(client.get(f"{API}/rounds/A1/findings?severity=4&rights=true&state=draft&rule=critical"))
    assert [one["code"] for one in grave] == [critical().code]
    assert body(client.get(f"{API}/rounds/A1/findings?state=adopted")) == []
    assert client.get(f"{API}/rounds/A1/findings?severity=much").status_code == 422


@pytest.mark.req("R10.9")
def test_from_a_finding_to_an_adopted_recommendation(row: Round, cast: make.Cast) -> None:
    reads, writes = (headers(cast, "lead", may_write=one) for one in (False, True))
    analyst = headers(cast, "analyst", may_write=True)
    finding = critical()
    step = {"step": "adopt", "seen": finding.revision}
    assert post(f"findings/{finding.code}", step, reads)[0] == 403
    assert post(f"findings/{finding.code}", step, analyst)[0] == 404  # writes, and decides nothing
    status, told = post(f"findings/{finding.code}", {**step, "seen": 99}, writes)
    assert (status, codes(told)) == (409, ["FIND-002"])
    assert post(f"findings/{finding.code}", {**step, "step": "forget"}, writes)[0] == 422
    status, told = post(f"findings/{finding.code}", step, writes)
    assert (status, told["state"], told["revision"]) == (200, "adopted", finding.revision + 1)

    said = {"text": {"en": "Equip the post"}, "findings": [finding.code], "horizon": "short", "effort": "low",
            "due": row.period_end.isoformat(), "institution": "IMM"}  # fmt: skip
    assert post("rounds/A1/recommendations", said, headers(cast, "duty", may_write=True))[0] == 404
    assert codes(post("rounds/A1/recommendations", {**said, "findings": []}, analyst)[1]) == ["FIND-011"]
    assert codes(post("rounds/A1/recommendations", {**said, "institution": "NONE"}, analyst)[1]) == ["FIND-016"]
    assert post("rounds/A1/recommendations", {**said, "due": "soon"}, analyst)[0] == 422
    status, told = post("rounds/A1/recommendations", said, analyst)
    assert (status, told["code"], told["priority"], told["findings"]) == (201, "A1-R01", 0.5, [finding.code])
    status, told = post("recommendations/A1-R01", {"step": "adopt", "seen": told["revision"]}, writes)
    assert (status, told["state"]) == (200, "adopted")
    seen = told["revision"]
    status, told = post("recommendations/A1-R01", {"step": "drop", "seen": seen}, writes)
    assert codes(told) == ["FIND-006"]
    status, told = post("recommendations/A1-R01", {"step": "drop", "seen": seen, "reason": "Done before"}, writes)
    assert (status, told["state"], told["reason"]) == (200, "dropped", "Done before")


@pytest.mark.req("R10.9")
def test_a_finding_of_ones_own(row: Round, cast: make.Cast) -> None:
    lead = headers(cast, "lead", may_write=True)
    said = {"statement": {"en": "The barrier is broken"}, "severity": 2, "sure": "high", "part": 1, "whole": 2}
    assert post("rounds/A1/findings", said, headers(cast, "duty", may_write=True))[0] == 404
    assert codes(post("rounds/A1/findings", {**said, "severity": 9}, lead)[1]) == ["FIND-008"]
    assert codes(post("rounds/A1/findings", {**said, "institution": "NONE"}, lead)[1]) == ["FIND-016"]
    status, told = post("rounds/A1/findings", said, lead)
    assert (status, told["rule"], told["evidence"], told["standing"]) == (201, "own", [], "unsupported")
    assert (told["certainty"], told["reach"], told["priority"]) == (0.9, 0.5, 0.225)
    status, refused = post(f"findings/{told['code']}", {"step": "adopt", "seen": told["revision"]}, lead)
    assert codes(refused) == ["FIND-007"]
    dismissed = {"step": "dismiss", "seen": told["revision"], "reason": "Mended"}
    assert post(f"findings/{told['code']}", dismissed, lead)[1]["state"] == "dismissed"
    assert post("rounds/A9/findings", said, lead)[0] == 404
    assert post("findings/A9-F01", dismissed, lead)[0] == 404


@pytest.mark.req("R3.5")
def test_the_pages_lead_to_the_files(row: Round, as_: As) -> None:
    recommend(row, critical().code)
    for what in ("findings", "recommendations"):
        page = content(as_("duty").get(f"{PAGES}/{what}/")).decode()
        assert [f'href="{PAGES}/{what}.{suffix}"' in page for suffix in ("csv", "xlsx")] == [True, True]


def table(client: Client, what: str, language: str) -> list[dict[str, str]]:
    answer = client.get(f"{PAGES}/{what}.csv?lang={language}")
    assert answer["X-Pasaj-Audience"] == "TLP:AMBER"
    assert f"A1-{what}-{language}.csv" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"))))


@pytest.mark.req("R3.5")
@pytest.mark.req("R10.9")
def test_findings_and_recommendations_as_files(row: Round, as_: As) -> None:
    finding, client = critical(), as_("analyst")
    recommend(row, finding.code)
    for language in ("fr", "es"):
        found = table(client, "findings", language)
        assert len(found) == Finding.objects.count()
        one = next(one for one in found if one["code"] == finding.code)
        assert (one["statement"], one["language"]) == (finding.statement[language], language)
        assert (one["severity"], one["certainty"], one["reach"], one["priority"]) == ("4", "1.0", "0.5", "0.5")
        assert (one["certainty_parts"], one["subject"].split("; ")[0]) == (
            "assessors=1.0; said=1.0",
            "indicators=EQP-1",
        )
        links = Link.objects.filter(child__code=finding.code).order_by("parent__code")
        assert one["evidence"] == " ".join(links.values_list("parent__code", flat=True))
    (advice,) = table(client, "recommendations", "ht")
    assert (advice["text"], advice["findings"], advice["institution"], advice["priority"]) == (
        "Equip the post", finding.code, "IMM", "0.5",
    )  # fmt: skip
    book = load_workbook(io.BytesIO(content(client.get(f"{PAGES}/findings.xlsx?lang=xx")))).active
    assert [one.value for one in next(iter(book.rows))][:4] == ["framework", "framework_version", "language", "code"]
    assert book.max_row == Finding.objects.count() + 1
    assert Release.objects.filter(kind="table").count() == 4


def test_a_formula_in_a_text_stays_text(row: Round, as_: As) -> None:
    recommend(row, critical().code, text={"fr": "=1+1", "en": "=1+1"})
    (advice,) = table(as_("duty"), "recommendations", "fr")
    assert advice["text"] == "'=1+1"


@pytest.mark.req("R10.9")
def test_editions_of_the_report_and_their_files(row: Round, as_: As, cast: make.Cast) -> None:
    client = as_("duty")
    assert body(client.get(f"{API}/rounds/A1/reports")) == []
    made = reports.publish(code="A1", actor=cast.actor("lead"), now=make.NOW)
    (edition,) = body(client.get(f"{API}/rounds/A1/reports"))
    assert (edition["number"], edition["fingerprint"], edition["supersedes"], edition["by"]) == (
        1, made.fingerprint, None, "lead",
    )  # fmt: skip
    assert sorted(edition["fingerprints"]) == sorted(edition["languages"])
    file = client.get(f"{API}/rounds/A1/reports/1/fr.docx")
    assert (content(file)[:2], file["X-Pasaj-Audience"]) == (b"PK", "TLP:AMBER")
    for path in ("2/fr.docx", "1/xx.docx", "1/fr.odt"):
        assert client.get(f"{API}/rounds/A1/reports/{path}").status_code == 404
    assert as_("partner").get(f"{API}/rounds/A1/reports/1/fr.docx").status_code == 404


@pytest.mark.req("R9.7")
def test_they_ask_the_same_number_of_questions(row: Round, as_: As) -> None:
    client = as_("duty")
    recommend(row, critical().code)
    paths = [f"{API}/rounds/A1/{part}" for part in ("findings", "recommendations", "priorities", "reports")]

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as made:
            body(client.get(path))
        return len(made)

    before = [count(path) for path in paths]
    for one in Finding.objects.all()[:3]:
        recommend(row, one.code)
    assert [count(path) for path in paths] == before
