"""Findings of a round: drafted by rules, in people's hands, and resting on what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import make
import pytest
from assess.examples import NORTH, SOUTH, a_round, answers, assessor, report
from collect import phone

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Entry, Finding, Recommendation, Round
from pasaj.assess.queries import findings as queries
from pasaj.assess.queries import rounds as results
from pasaj.assess.services import drafting, findings, recommendations, settlements, sheets
from pasaj.collect.models import Submission
from pasaj.collect.services import meaning, redactions, review
from pasaj.core.problems import Refused
from pasaj.evidence.models import Figure, Link, Node
from pasaj.evidence.queries import trace as evidence

pytestmark = pytest.mark.usefixtures("country")
NOW = make.NOW
WHO = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def row() -> Round:
    """EQP-1, critical and of rights, is 0 in the north; two assessors differ by 2 on EQP-2 in the south."""
    made = a_round()
    _first, marie = assessor(made)
    _second, paul = assessor(made, "Paul")
    report(made, marie, NORTH, {"EQP-1": 0, "EQP-2": 3})
    report(made, paul, NORTH, {"EQP-1": 0, "EQP-2": 3})
    report(made, marie, SOUTH, {"EQP-1": 3, "EQP-2": 1, "PRO-1": 4})
    report(made, paul, SOUTH, {"EQP-1": 3, "EQP-2": 3, "PRO-1": 4})
    report(made, marie, "TL", {"LEG-1": 1}, sort="country")
    report(made, marie, "IMM", {"LEG-2": 1}, sort="institution")
    return made


@pytest.fixture
def drafted(row: Round) -> Round:
    drafting.draft(code=row.code, **WHO)
    return row


def by_key() -> dict[str, Finding]:
    return {one.key: one for one in Finding.objects.all()}


def refused(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in error.value.problems]


def state(code: str) -> str:
    found = evidence.state_of(code)
    assert found is not None
    return str(found.state)


# --- Drafting ----------------------------------------------------------------------------------


@pytest.mark.req("R10.41")
def test_rules_draft_the_findings_of_a_round(drafted: Round) -> None:
    found = by_key()
    assert {key: one.code for key, one in found.items()} == {
        "silence:REG": "A1-F01", "critical:EQP-1": "A1-F02", "low:pillar:LEG": "A1-F03", "low:unit:IMM": "A1-F04",
        "low:unit:TL": "A1-F05", "low:unit:TL-BCP-NOR": "A1-F06", "low:pillar:EQP": "A1-F07", "differ:EQP-2": "A1-F08",
    }  # fmt: skip
    one = found["critical:EQP-1"]
    assert one.statement["en"] == "How is EQP-1? This is critical, and 0 of 4 at 1 of 2: Northgate."
    assert (one.severity, one.certainty, one.reach.share, one.rights) == (
        4, {"assessors": 1.0, "said": 1.0}, 0.5, True,
    )  # fmt: skip
    assert found["low:pillar:EQP"].statement["es"] == (
        "EQP (es): la puntuación puede estar por debajo de 2: está entre 1,75 y 2,25 de 4."
    )
    assert {state(one.code) for one in found.values()} == {"fresh"}
    links = Link.objects.filter(child__code=one.code)
    assert [(link.parent.figure.parameters, link.claim) for link in links] == [
        ({"round": "A1", "unit": NORTH, "indicator": "EQP-1"}, "score = 0 and applies = yes")
    ]
    cell = Figure.objects.get(node__code=links[0].parent.code)
    assert Link.objects.filter(child=cell.node, type="counted-from").count() == 2  # the reports of two assessors


@pytest.mark.req("R10.41")
def test_drafting_again_changes_nothing(drafted: Round) -> None:
    before = (Finding.objects.count(), Link.objects.count(), Node.objects.count(), Entry.objects.count())
    done = drafting.draft(code=drafted.code, **WHO)
    assert (done.new, done.updated, done.moved, done.superseded, done.same) == ([], [], [], [], 8)
    assert (Finding.objects.count(), Link.objects.count(), Node.objects.count(), Entry.objects.count()) == before


@pytest.mark.req("R10.41")
def test_a_round_that_is_not_open_has_no_findings() -> None:
    with pytest.raises(Refused) as error:
        drafting.draft(code=a_round(opened=False).code, **WHO)
    assert refused(error) == ["ROUND-011"]
    with pytest.raises(Refused) as error:
        drafting.draft(code="A9", **WHO)
    assert refused(error) == ["ROUND-001"]


@pytest.mark.req("R10.41")
def test_what_nobody_touched_follows_and_goes(drafted: Round) -> None:
    settle(drafted, NORTH, "EQP-1", "1")
    settle(drafted, SOUTH, "EQP-2", "3")
    done = drafting.draft(code=drafted.code, **WHO)
    found = by_key()
    assert done.superseded == ["A1-F02", "A1-F06", "A1-F07", "A1-F08"]
    assert {found[key].state for key in ("critical:EQP-1", "differ:EQP-2", "low:pillar:EQP")} == {"superseded"}
    assert Node.objects.get(code="A1-F08").withdrawn_at is not None
    settle(drafted, NORTH, "EQP-1", "")
    assert drafting.draft(code=drafted.code, **WHO).updated == ["A1-F02", "A1-F06"]
    assert (by_key()["critical:EQP-1"].state, state("A1-F02")) == ("draft", "fresh")


@pytest.mark.req("R10.43")
def test_what_a_person_edited_is_never_overwritten(drafted: Round) -> None:
    one = by_key()["low:unit:TL-BCP-NOR"]
    edited = findings.edit(code=one.code, wanted=wanted({"fr": "Trop peu à Northgate."}), seen=1, **WHO)
    settle(drafted, NORTH, "EQP-1", "1")
    done = drafting.draft(code=drafted.code, **WHO)
    assert one.code not in done.updated
    assert edited.code in done.superseded + done.moved
    edited.refresh_from_db()
    assert (edited.statement, edited.state, edited.holds) == ({"fr": "Trop peu à Northgate."}, "draft", False)
    settle(drafted, NORTH, "EQP-1", "0")
    settle(drafted, NORTH, "EQP-2", "2")
    assert edited.code in drafting.draft(code=drafted.code, **WHO).moved
    edited.refresh_from_db()
    assert (edited.holds, edited.statement["fr"]) == (True, "Trop peu à Northgate.")
    assert edited.proposed["statement"]["en"] == "Northgate: the score is 1 of 4, below 2."
    taken = findings.take_over(code=edited.code, seen=edited.revision, **WHO)
    assert (taken.statement["en"], taken.proposed) == ("Northgate: the score is 1 of 4, below 2.", {})


# --- What findings rest on ---------------------------------------------------------------------


def settle(row: Round, unit: str, indicator: str, value: str) -> None:
    found = results.result(row)
    stands = settlements.stands(found.of_cell(unit, indicator), found.settlements.get((unit, indicator)))
    settlements.settle(
        code=row.code, unit=unit, indicator=indicator, value=value, reason="Seen on the spot", seen=stands, **WHO
    )


def wanted(statement: dict[str, str], **more: object) -> findings.Wanted:
    return replace(findings.Wanted(statement, 3), **more)


@pytest.mark.req("R10.44")
def test_a_settled_cell_that_leaves_the_claim_true_raises_no_flag(drafted: Round) -> None:
    settle(drafted, NORTH, "EQP-2", "2")  # the north as a whole: 1 in place of 1.5
    assert state("A1-F06") == "fresh"
    assert evidence.trace("A1-F06", SYSTEM).up[0].state.word == "updated"  # type: ignore[union-attr]
    settle(drafted, NORTH, "EQP-1", "4")  # 3: not below 2 any more
    assert (state("A1-F06"), state("A1-F02")) == ("suspect", "suspect")


@pytest.mark.req("R10.44")
def test_a_corrected_report_is_weighed_against_the_claims(drafted: Round) -> None:
    first = Submission.objects.filter(form__form_id="a1_crossing_point").order_by("pk")[0]
    correct(drafted, first, {"EQP-1": 0, "EQP-2": 2})
    assert (state("A1-F02"), state("A1-F06")) == ("fresh", "fresh")
    correct(drafted, first, {"EQP-1": 1, "EQP-2": 2})
    assert state("A1-F02") == "suspect"


def correct(row: Round, told: Submission, said: dict[str, object]) -> None:
    told.refresh_from_db()
    assert told.current is not None
    assert told.app_user is not None
    phone.send(phone.sender(told.app_user), answers(row, NORTH, said, deprecated=told.current.instance_id))
    meaning.process(told.pk, now=NOW)
    sheets.settle_waiting(NOW)


@pytest.mark.req("R10.45")
def test_a_report_set_aside_breaks_what_was_counted_from_it(drafted: Round, cast: make.Cast) -> None:
    """The claim still holds by the other assessor, and yet nobody publishes before somebody has looked."""
    findings.adopt(code="A1-F02", seen=1, **WHO)
    told = Submission.objects.filter(form__form_id="a1_crossing_point").order_by("pk")[0]
    review.act(receipt=told.receipt, step="refuse", seen=review.mark(told), text="Made up", **WHO)
    assert Node.objects.get(code=told.receipt).withdrawn_at is not None
    assert state("A1-F02") == "tainted"
    assert [(one.reason, one.parent, one.waivable) for one in evidence.blockers("A1-F02")] == [
        ("broken", told.receipt, False)
    ]
    # Counted without it by the lead's own deed.
    drafting.draft(code=drafted.code, **WHO)
    assert evidence.blockers("A1-F02") == ()


@pytest.mark.req("R10.45")
def test_a_report_that_counts_again_mends_it(drafted: Round) -> None:
    told = Submission.objects.filter(form__form_id="a1_crossing_point").order_by("pk")[0]
    review.act(receipt=told.receipt, step="refuse", seen=review.mark(told), text="Made up", **WHO)
    correct(drafted, told, {"EQP-1": 0, "EQP-2": 3})  # its sender sends it again: quarantined
    told.refresh_from_db()
    assert (told.state, state("A1-F02")) == ("quarantined", "tainted")
    review.act(receipt=told.receipt, step="release", seen=review.mark(told), reasons=told.reasons, **WHO)
    meaning.process(told.pk, now=NOW)
    sheets.settle_waiting(NOW)
    assert Node.objects.get(code=told.receipt).withdrawn_at is None
    assert (state("A1-F02"), evidence.blockers("A1-F02")) == ("fresh", ())


@pytest.mark.req("R10.45")
def test_a_redacted_report_breaks_too(drafted: Round, cast: make.Cast) -> None:
    told = Submission.objects.filter(form__form_id="a1_crossing_point").order_by("pk")[0]
    redactions.ask(submission_id=told.pk, reason="An error", actor=cast.actor("dpo"), now=NOW)
    redactions.confirm(submission_id=told.pk, actor=cast.actor("duty"), now=NOW)
    assert Node.objects.get(code=told.receipt).withdrawn_at is not None
    assert [one.reason for one in evidence.blockers("A1-F02")] == ["broken"]


# --- In people's hands -------------------------------------------------------------------------


@pytest.mark.req("R10.43")
def test_a_finding_of_ones_own_needs_evidence_to_be_adopted(drafted: Round, cast: make.Cast) -> None:
    lead = cast.actor("analyst")
    made = findings.write(code=drafted.code, wanted=wanted({"en": "No water at night."}, part=1, whole=2, sure="high"),
                          actor=lead, now=NOW)  # fmt: skip
    assert (made.code, made.rule, made.priority.product, state(made.code)) == (
        "A1-F09", "own", pytest.approx(0.75 * 0.9 * 0.5), "unsupported",
    )  # fmt: skip
    with pytest.raises(Refused) as error:
        findings.adopt(code=made.code, seen=1, **WHO)
    assert refused(error) == ["FIND-007"]
    told = Submission.objects.order_by("pk")[0]
    for seen, (target, claim) in enumerate(
        ((f"{NORTH}/EQP-2", "score >= 3"), (told.receipt, ""), ("FG-2025-0001", "")), 1
    ):
        findings.link(code=made.code, target=target, claim=claim, note="", seen=seen, **WHO)
    adopted = findings.adopt(code=made.code, seen=4, actor=lead, now=NOW)
    assert (adopted.state, adopted.owner_id) == ("adopted", lead.id)
    assert [one.action for one in queries.history(made.code)] == ["adopted", "linked", "linked", "linked", "written"]
    assert AuditEntry.objects.filter(code=made.code, action="finding.adopted").count() == 1


@pytest.mark.req("R10.43")
@pytest.mark.parametrize(("target", "claim", "code"), [
    ("XX", "", "FIND-015"), ("A1-F02", "", "FIND-015"), (f"{NORTH}/EQP-2", "score < 1", "EVID-006"),
    (f"{NORTH}/EQP-2", "width < 1", "EVID-005"),
])  # fmt: skip
def test_what_no_finding_rests_on(drafted: Round, target: str, claim: str, code: str) -> None:
    with pytest.raises(Refused) as error:
        findings.link(code="A1-F03", target=target, claim=claim, note="", seen=1, **WHO)
    assert refused(error) == [code]


@pytest.mark.req("R10.43")
def test_dismissed_with_a_reason_and_opened_again(drafted: Round) -> None:
    with pytest.raises(Refused) as error:
        findings.dismiss(code="A1-F01", seen=1, reason=" ", **WHO)
    assert refused(error) == ["FIND-006"]
    done = findings.dismiss(code="A1-F01", seen=1, reason="The posts opened only now.", **WHO)
    assert (done.state, Node.objects.get(code="A1-F01").withdrawn_at) == ("dismissed", NOW)
    assert drafting.draft(code=drafted.code, **WHO).updated == []
    with pytest.raises(Refused) as error:
        findings.adopt(code="A1-F01", seen=2, **WHO)
    assert refused(error) == ["FIND-003"]
    again = findings.reopen(code="A1-F01", seen=2, reason="They had opened before.", **WHO)
    assert (again.state, again.reason, Node.objects.get(code="A1-F01").withdrawn_at) == ("draft", "", None)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"statement": {"fr": "  "}}, "FIND-004"),
        ({"statement": {"fr": "x" * 2001}}, "FIND-005"),
        ({"severity": 5}, "FIND-008"),
        ({"sure": "very"}, "FIND-008"),
        ({"part": 3, "whole": 2}, "FIND-009"),
        ({"part": 0, "whole": 0}, "FIND-009"),
    ],
)
def test_what_no_finding_says(drafted: Round, more: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as error:
        findings.edit(code="A1-F03", wanted=replace(wanted({"fr": "Oui"}), **more), seen=1, **WHO)
    assert refused(error) == [code]
    with pytest.raises(Refused) as error:
        findings.edit(code="A1-F03", wanted=wanted({"fr": "Oui"}), seen=7, **WHO)
    assert refused(error) == ["FIND-002"]
    with pytest.raises(Refused) as error:
        findings.edit(code="A1-F99", wanted=wanted({"fr": "Oui"}), seen=7, **WHO)
    assert refused(error) == ["FIND-001"]


@pytest.mark.req("R10.43")
def test_only_the_wording_changes_by_two(drafted: Round, cast: make.Cast) -> None:
    recommended = recommendations.write(code=drafted.code, wanted=advice(), **WHO)
    same = wanted({"fr": "Autrement dit."}, severity=4, rights=True, wording="Clearer")
    findings.edit(code="A1-F02", wanted=same, seen=1, actor=cast.actor("analyst"), now=NOW)
    assert state(recommended.code) == "suspect"


# --- Recommendations ---------------------------------------------------------------------------


def advice(**more: object) -> recommendations.Wanted:
    made = recommendations.Wanted(
        text={"fr": "Former les équipes."}, findings=["A1-F02"], horizon="short", due=date(2026, 3, 31), effort="low",
        institution="IMM",
    )  # fmt: skip
    return replace(made, **more)


@pytest.mark.req("R10.46")
def test_a_recommendation_answers_to_findings(drafted: Round) -> None:
    made = recommendations.write(code=drafted.code, wanted=advice(findings=["A1-F02", "A1-F03"]), **WHO)
    assert (made.code, made.state, state(made.code)) == ("A1-R01", "draft", "fresh")
    with pytest.raises(Refused) as error:
        recommendations.adopt(code="A1-R01", seen=1, **WHO)
    assert refused(error) == ["FIND-013"]
    findings.adopt(code="A1-F02", seen=1, **WHO)
    adopted = recommendations.adopt(code="A1-R01", seen=1, **WHO)
    assert (adopted.state, adopted.institution.code if adopted.institution else "") == ("adopted", "IMM")
    findings.dismiss(code="A1-F02", seen=2, reason="Mended since.", **WHO)
    assert [(one.reason, one.parent) for one in evidence.blockers("A1-R01")][:1] == [("broken", "A1-F02")]
    recommendations.edit(code="A1-R01", wanted=advice(findings=["A1-F03"]), seen=2, **WHO)
    assert (state("A1-R01"), list(made.findings.values_list("code", flat=True))) == ("fresh", ["A1-F03"])
    dropped = recommendations.drop(code="A1-R01", seen=3, reason="Done already.", **WHO)
    assert (dropped.state, dropped.reason) == ("dropped", "Done already.")
    again = recommendations.reopen(code="A1-R01", seen=4, reason="Not done.", **WHO)
    assert (again.state, again.reason, again.revision) == ("draft", "", 5)


@pytest.mark.req("R10.46")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"findings": []}, "FIND-011"),
        ({"findings": ["A1-F99"]}, "FIND-001"),
        ({"horizon": "soon"}, "FIND-008"),
        ({"effort": ""}, "FIND-008"),
        ({"due": date(2025, 10, 30)}, "FIND-014"),
        ({"text": {}}, "FIND-004"),
    ],
)
def test_what_no_recommendation_is(drafted: Round, more: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as error:
        recommendations.write(code=drafted.code, wanted=advice(**more), **WHO)
    assert refused(error) == [code]
    assert not Recommendation.objects.exists()


@pytest.mark.req("R10.46")
def test_somebody_is_to_do_it(drafted: Round) -> None:
    findings.adopt(code="A1-F02", seen=1, **WHO)
    recommendations.write(code=drafted.code, wanted=advice(institution=""), **WHO)
    with pytest.raises(Refused) as error:
        recommendations.adopt(code="A1-R01", seen=1, **WHO)
    assert refused(error) == ["FIND-012"]


# --- Questions ---------------------------------------------------------------------------------


@pytest.mark.req("R10.42")
def test_priorities_in_their_order(drafted: Round, cast: make.Cast) -> None:
    actor = cast.actor("analyst")
    found = queries.priorities(actor, drafted)
    assert [one.finding.code for one in found][:2] == ["A1-F01", "A1-F02"]
    assert [(one.severity, one.certainty, one.reach, one.product) for one in found][1] == (1.0, 1.0, 0.5, 0.5)
    findings.dismiss(code="A1-F01", seen=1, reason="No.", **WHO)
    assert len(queries.priorities(actor, drafted)) == 7
    assert len(queries.findings(actor, drafted)) == 8
    assert len(queries.findings(cast.actor("stranger"), drafted)) == 0
    assert len(queries.recommendations(cast.actor("partner"), drafted)) == 0
