"""Findings in the report of a round: what rests on nothing or on something withdrawn is not published."""

from __future__ import annotations

from collections.abc import Callable

import make
import pytest
from assess.test_findings import WHO, advice, correct
from assess.test_findings import drafted as drafted
from assess.test_findings import row as row
from assess.test_reports import built, table
from django.test import Client

from pasaj.assess.models import Finding, Report, Round
from pasaj.assess.queries import reports as queries
from pasaj.assess.queries.report import standing
from pasaj.assess.services import findings, recommendations, reports
from pasaj.collect.models import Submission
from pasaj.collect.services import review
from pasaj.core.problems import Refused
from pasaj.core.report import Heading, Items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
PAGE = "/assessment/rounds/A1/report/"


@pytest.fixture
def adopted(drafted: Round) -> Round:
    """The critical zero is adopted, and answered by a recommendation."""
    findings.adopt(code="A1-F02", seen=1, **WHO)
    recommendations.write(code="A1", wanted=advice(findings=["A1-F02"]), **WHO)
    recommendations.adopt(code="A1-R01", seen=1, **WHO)
    return drafted


def first() -> Submission:
    return Submission.objects.filter(form__form_id="a1_crossing_point").order_by("pk")[0]


def refusal(**more: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        reports.publish(code="A1", languages=["en"], **WHO, **more)  # type: ignore[arg-type]
    assert not Report.objects.exists()
    return [one.code for one in refused.value.problems]


@pytest.mark.req("R10.75")
def test_adopted_findings_stand_with_what_they_rest_on(adopted: Round) -> None:
    said = built(adopted)
    (found,) = table(said, "table-findings")
    assert [found[at] for at in (0, 2, 3, 4, 5, 7)] == ["A1-F02", "4 – critical", "1.00", "0.50", "0.50", "up to date"]
    assert found[1].startswith("How is EQP-1? This is critical, and 0 of 4 at 1 of 2: Northgate.")
    assert found[6].split(", ") == list(standing.standings(adopted).rests["A1-F02"])
    (asked,) = table(said, "table-recommendations")
    assert (asked[0], asked[2], asked[6]) == ("A1-R01", "Immigration service", "A1-F02")
    summary = [one for one in said.blocks if isinstance(one, Items) and one.numbered]
    told = ["".join(run.text for run in item) for item in summary[0].items]
    assert told[0].startswith("A1-F02 How is EQP-1?")
    assert "(A1-R01, Immigration service)" in told[0]


@pytest.mark.req("R10.75")
def test_drafts_are_counted_and_left_out(drafted: Round) -> None:
    said = built(drafted)
    assert [one for one in said.blocks if getattr(one, "anchor", "") == "table-findings"] == []
    assert Finding.objects.filter(state="draft").count() == standing.standings(drafted).drafts == 8
    assert not any(isinstance(one, Heading) and one.anchor == "summary-findings" for one in said.blocks)


@pytest.mark.req("R10.75")
def test_what_rests_on_something_withdrawn_is_not_published(adopted: Round) -> None:
    told = first()
    review.act(receipt=told.receipt, step="refuse", seen=review.mark(told), text="Made up", **WHO)
    assert refusal() == ["REPORT-002"]
    assert refusal(waivers={"A1-F02": "It stands by the other assessor."}) == ["REPORT-002"]
    findings.dismiss(code="A1-F02", seen=2, reason="Looked at again.", **WHO)
    assert sorted(refusal()) == ["REPORT-002", "REPORT-003"]  # the recommendation answers to nothing that stands
    recommendations.drop(code="A1-R01", seen=2, reason="Nothing to answer to.", **WHO)
    reports.publish(code="A1", languages=["en"], **WHO)


@pytest.mark.req("R10.75")
def test_what_rests_on_nothing_is_not_published(adopted: Round) -> None:
    from pasaj.evidence.models import Link

    # No service leaves an adopted finding without evidence: every one of its links was cut by hand.
    Link.objects.filter(child__code="A1-F02").update(disposition="cut")
    assert refusal() == ["REPORT-003"]


@pytest.mark.req("R10.75")
def test_what_has_changed_needs_a_reason_that_is_printed(adopted: Round) -> None:
    correct(adopted, first(), {"EQP-1": 1, "EQP-2": 2})
    (found,) = standing.against(adopted)
    assert (found.code, found.waivable) == ("A1-F02", True)
    assert refusal() == ["REPORT-004"]
    assert refusal(waivers={"A1-F02": "  "}) == ["REPORT-004"]
    assert refusal(waivers={"A1-F02": "x" * 1001}) == ["REPORT-008"]
    made = reports.publish(code="A1", languages=["en"], waivers={"A1-F02": "Corrected after the visit."}, **WHO)
    assert made.waivers == [{"code": "A1-F02", "reason": "Corrected after the visit."}]
    said = queries.says(made, "en")
    assert said is not None
    assert table(said, "table-findings")[0][7] == "to be looked at again"
    at = [getattr(one, "anchor", "") for one in said.blocks].index("waived")
    items = said.blocks[at + 2]
    assert isinstance(items, Items)
    assert ["".join(run.text for run in item) for item in items.items] == ["A1-F02 Corrected after the visit."]


@pytest.mark.req("R10.75")
def test_the_page_names_what_stands_against_it(adopted: Round, as_: As) -> None:
    correct(adopted, first(), {"EQP-1": 1, "EQP-2": 2})
    page = as_("lead").get(PAGE).content.decode()
    assert ("What stands against publishing" in page, 'name="why-A1-F02"' in page) == (True, True)
    assert "What stands against publishing" not in as_("duty").get(PAGE).content.decode()
    refused = as_("lead").post(f"{PAGE}publish", {"why-A1-F02": ""})
    assert (refused.status_code, b"REPORT-004" in refused.content) == (422, True)
    assert as_("lead").post(f"{PAGE}publish", {"why-A1-F02": "Corrected after the visit."}).status_code == 302


@pytest.mark.req("R10.73")
def test_findings_and_evidence_that_moved_later_are_listed(adopted: Round) -> None:
    made = reports.publish(code="A1", languages=["en"], **WHO)
    correct(adopted, first(), {"EQP-1": 1, "EQP-2": 2})
    findings.adopt(code="A1-F01", seen=1, **WHO)
    found = {(one.what, one.code): (one.before, one.now) for one in queries.since(made)}
    assert found["evidence", "A1-F02"] == ("fresh", "suspect")
    assert found["evidence", "A1-R01"] == ("fresh", "tainted")
    assert found["finding", "A1-F01"] == (None, "adopted:2")
    assert made.published_at == make.NOW
