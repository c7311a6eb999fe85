"""Statements of a policy: written into the chain, edited, withdrawn; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import make
import pytest
from django.db import IntegrityError, transaction
from policy import plans

from pasaj.core.policy import shapes
from pasaj.core.problems import Refused
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Link, Node
from pasaj.evidence.queries.trace import state_of, trace
from pasaj.evidence.services import Draft
from pasaj.policy.models import Action, CostLine, Entry, Indicator, Policy
from pasaj.policy.queries.plan import plan
from pasaj.policy.services import following, money, policies, statements

NOW = make.NOW


def refused(call: object, *args: object, **named: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(*args, actor=plans.drafter(), now=NOW, **named)  # type: ignore[operator]
    return tuple(one.code for one in caught.value.problems)


@pytest.fixture
def policy(country: make.Country) -> Policy:
    return plans.whole(country)


@pytest.mark.req("R12.1")
def test_every_statement_stands_in_the_chain_with_what_it_rests_on(policy: Policy) -> None:
    links = Link.objects.values_list("child__code", "type", "parent__code").order_by("child__code", "parent__code")
    assert list(links) == [
        ("P1-A1.1.1", "implements", "P1-M1.1"),
        ("P1-A1.1.1-L1", "costs", "P1-A1.1.1"),
        ("P1-A1.1.2", "implements", "P1-M1.1"),
        ("P1-I1", "measures", "P1-O1.1"),
        ("P1-M1.1", "serves", "P1-O1.1"),
        ("P1-M1.1", "based-on", plans.LAW),
        ("P1-M2.1", "serves", "P1-O1.1"),
        ("P1-O1.1", "addresses", "P1-PB1.1"),
        ("P1-PB1.1", "arises-from", "A1-F01"),
        ("P1-PB1.1", "arises-from", plans.LAW),
    ]
    found = trace("P1-A1.1.1", plans.drafter())
    assert found is not None
    assert ("P1-A1.1.1", "P1-M1.1", "P1-O1.1", "P1-PB1.1", "A1-F01") in found.paths_up
    assert Entry.objects.filter(action="written").count() == 7


def test_a_finding_that_moves_makes_the_whole_policy_doubtful(policy: Policy) -> None:
    plans.finding(text="Most children who cross alone are referred")
    problem, cost = state_of("P1-PB1.1"), state_of("P1-A1.1.1-L1")
    assert problem is not None
    assert cost is not None
    assert (str(problem.state), str(cost.state), cost.levels) == ("suspect", "tainted", 4)


def test_it_comes_back_as_plain_values(policy: Policy) -> None:
    found = plan(policy)
    assert [one.code for one in found.measures] == ["P1-M1.1", "P1-M2.1"]
    assert found.measures[1].safeguards == ("P1-M1.1",)
    assert found.measures[0].institutions == (shapes.Part("IMM", "lead"), shapes.Part("AID", "support"))
    assert found.actions[1].needs == ("P1-A1.1.1",)
    assert found.problems[0].theme == "P1-T1"
    assert found.costs == (
        shapes.Cost(
            "P1-A1.1.1-L1", "P1-A1.1.1", "Trainers", "recurrent", Decimal(2), "person", Decimal("1250.50"), Decimal(6),
            "HTG", 2025,
        ),
    )  # fmt: skip


@pytest.mark.req("R12.3")
@pytest.mark.parametrize("more", [0, 3])
def test_reading_it_takes_the_same_number_of_queries(
    policy: Policy, more: int, django_assert_num_queries: object
) -> None:
    wanted = [("", replace(plans.MEASURE, text=make.names(f"Measure {at}"))) for at in range(more)]
    statements.write_all(policy="P1", wanted=wanted, actor=plans.drafter(), now=NOW)
    with django_assert_num_queries(19):  # type: ignore[operator]
        plan(policy)


def test_an_edit_moves_the_chain_and_cuts_what_it_no_longer_rests_on(policy: Policy) -> None:
    changed = replace(plans.PROBLEM, findings=("A1-F01",))
    row = statements.edit(code="P1-PB1.1", wanted=changed, seen=1, actor=plans.drafter(), now=NOW)
    assert row.revision == 2
    cut = Link.objects.get(child__code="P1-PB1.1", parent__code=plans.LAW)
    assert cut.disposition == "cut"
    assert refused(statements.edit, code="P1-PB1.1", wanted=changed, seen=1) == ("POL-003",)
    assert refused(statements.edit, code="P1-O1.1", wanted=changed, seen=1) == ("POL-002",)


@pytest.mark.req("R12.2")
def test_what_carries_others_is_not_withdrawn(policy: Policy) -> None:
    assert refused(statements.withdraw, code="P1-M1.1", seen=1, reason="x") == ("POL-008",)
    assert statements.carried(Action.objects.get(code="P1-A1.1.1")) == ["P1-A1.1.2", "P1-A1.1.1-L1"]
    gone = statements.withdraw(code="P1-I1", seen=1, reason="Nobody counts it", actor=plans.drafter(), now=NOW)
    assert Node.objects.get(code="P1-I1").withdrawn_at == NOW
    assert plan(policy).indicators == ()
    assert refused(statements.withdraw, code="P1-I1", seen=2, reason="again") == ("POL-007",)
    statements.reinstate(code="P1-I1", seen=gone.revision, reason="It is counted now", actor=plans.drafter(), now=NOW)
    assert [one.code for one in plan(policy).indicators] == ["P1-I1"]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (replace(plans.PROBLEM, text={}), ("POL-004",)),
        (replace(plans.PROBLEM, text={"fr": "x" * 2001}), ("POL-005",)),
        (replace(plans.PROBLEM, findings=("A9-F09", "A9-F10")), ("POL-012", "POL-012")),
        (replace(plans.PROBLEM, theme=9), ("POL-012",)),
        (replace(plans.OBJECTIVE, goals=("GCM-99",)), ("POL-012",)),
        (replace(plans.MEASURE, kind="hope"), ("POL-009",)),
        (replace(plans.MEASURE, institutions=(("IMM", "lead"), ("IMM", "support"))), ("POL-017",)),
        (replace(plans.MEASURE, institutions=(("IMM", "boss"),)), ("POL-009",)),
        (replace(plans.TRAIN, measure="P1-M9.9"), ("POL-012",)),
        (replace(plans.TRAIN, owner="NOBODY"), ("POL-012",)),
        (replace(plans.TRAIN, last=date(2024, 1, 1)), ("POL-010",)),
        (replace(plans.TRAIN, last=date(2031, 1, 1)), ("POL-011",)),
        (replace(plans.TRAIN, recommendations=("A1-R99",)), ("POL-012",)),
        (replace(plans.INDICATOR, measures="P1-M1.1"), ("POL-014",)),
        (replace(plans.INDICATOR, baseline=Decimal("NaN")), ("POL-015",)),
        (replace(plans.INDICATOR, figure="FG-0000-1"), ("POL-012",)),
    ],
)
def test_bad_statements_are_refused_and_nothing_is_written(
    policy: Policy, wanted: object, codes: tuple[str, ...]
) -> None:
    before = Node.objects.count()
    assert refused(statements.write, policy="P1", wanted=wanted) == codes
    assert Node.objects.count() == before


def test_actions_never_wait_for_each_other_in_a_circle(policy: Policy) -> None:
    around = replace(plans.TRAIN, needs=("P1-A1.1.2",))
    assert refused(statements.edit, code="P1-A1.1.1", wanted=around, seen=1) == ("POL-013",)


def test_nothing_rests_on_what_was_withdrawn(policy: Policy) -> None:
    words = make.names("Withdrawn")
    draft = Draft("A1-F02", "finding", {"statement": words, "severity": 1, "rights": False}, {}, words)
    evidence.put(drafts=[draft], actor=plans.drafter(), now=NOW)
    evidence.withdraw(code="A1-F02", note="wrong", actor=plans.drafter(), now=NOW)
    assert refused(statements.write, policy="P1", wanted=replace(plans.PROBLEM, findings=("A1-F02",))) == ("EVID-013",)


def test_codes_are_never_given_twice(policy: Policy) -> None:
    made = statements.write(policy="P1", wanted=plans.MEASURE, actor=plans.drafter(), now=NOW)
    assert made.code == "P1-M1.2"
    statements.withdraw(code="P1-M1.2", seen=1, reason="no", actor=plans.drafter(), now=NOW)
    assert statements.write(policy="P1", wanted=plans.MEASURE, actor=plans.drafter(), now=NOW).code == "P1-M1.3"
    action = statements.write(
        policy="P1", wanted=replace(plans.TRAIN, measure="P1-M1.3"), actor=plans.drafter(), now=NOW
    )
    assert action.code == "P1-A1.3.1"


def test_cost_lines_change_by_code_and_stay_exact(policy: Policy) -> None:
    same = replace(plans.COST, code="P1-A1.1.1-L1")
    assert money.put_costs(policy="P1", wanted=[same], actor=plans.drafter(), now=NOW) == []
    [row] = money.put_costs(policy="P1", wanted=[replace(same, periods=Decimal(7))], actor=plans.drafter(), now=NOW)
    assert (row.revision, CostLine.objects.get().periods) == (2, Decimal(7))
    for changed, codes in (
        ({"currency": "gourde"}, ("POL-016",)),
        ({"year": 2040}, ("POL-011",)),
        ({"quantity": Decimal(-1)}, ("POL-015",)),
        ({"unit_cost": Decimal("0.00001")}, ("POL-015",)),
        ({"item": "NO-ITEM"}, ("POL-012",)),
        ({"code": "P1-A9.9.9-L1"}, ("POL-002",)),
        ({"kind": "gift"}, ("POL-009",)),
        ({"action": "P1-A9.9.9"}, ("POL-012",)),
    ):
        assert refused(money.put_costs, policy="P1", wanted=[replace(plans.COST, **changed)]) == codes
    money.withdraw_line(policy="P1", code="P1-A1.1.1-L1", reason="Not needed", actor=plans.drafter(), now=NOW)
    assert plan(policy).costs == ()
    assert refused(money.put_costs, policy="P1", wanted=[same]) == ("POL-007",)
    with pytest.raises(IntegrityError), transaction.atomic():
        CostLine.objects.update(quantity=-1)


def test_commitments(policy: Policy) -> None:
    wanted = money.CommitmentWanted("P1-A1.1.1", "A donor", Decimal(500), "USD", 2025, "pledged", date(2025, 2, 1))
    [row] = money.put_commitments(policy="P1", wanted=[wanted], actor=plans.drafter(), now=NOW)
    assert row.code == "P1-A1.1.1-F1"
    assert [one.amount for one in plan(policy).commitments] == [Decimal(500)]
    bad = replace(wanted, amount=Decimal(0))
    assert refused(money.put_commitments, policy="P1", wanted=[bad]) == ("POL-015",)
    money.withdraw_line(policy="P1", code=row.code, reason="Withdrawn", actor=plans.drafter(), now=NOW)
    assert plan(policy).commitments == ()


def test_owners_say_how_an_action_stands(policy: Policy) -> None:
    row = following.report(
        code="P1-A1.1.1", state="done", note="60 trained", seen=1, on=date(2025, 9, 1), actor=plans.drafter(), now=NOW
    )
    assert (row.state, row.done_date, row.revision) == ("done", date(2025, 9, 1), 2)
    assert refused(following.report, code="P1-A1.1.1", state="dropped", note=" ", seen=2) == ("POL-006",)
    assert refused(following.report, code="P1-M1.1", state="done", note="", seen=1) == ("POL-002",)
    late = {"code": "P1-A1.1.1", "state": "done", "note": "", "seen": 2, "on": date(2030, 1, 1)}
    assert refused(following.report, **late) == ("POL-018",)


def test_an_observation_again_is_a_correction(policy: Policy) -> None:
    for value in (40, 42):
        following.observe(
            code="P1-I1", period_end=date(2025, 6, 30), value=Decimal(value), source="IBESR", actor=plans.drafter(),
            now=NOW,
        )  # fmt: skip
    assert plan(policy).readings == (shapes.Reading("P1-I1", date(2025, 6, 30), Decimal(42), "IBESR"),)
    assert Indicator.objects.get().readings.count() == 2
    assert Node.objects.get(code="P1-I1-2025-06-30").revision == 2
    future = {"code": "P1-I1", "period_end": date(2030, 1, 1), "value": Decimal(1), "source": "x"}
    assert refused(following.observe, **future) == ("POL-018",)


def test_a_policy_is_begun_and_changed(policy: Policy) -> None:
    wanted = policies.PolicyWanted(
        names=make.names("Second"), institution="CELL", languages=("fr",), first=date(2025, 1, 1),
        last=date(2026, 1, 1), currency="HTG", themes=((make.names("One"), ""),),
    )  # fmt: skip
    made = policies.begin(wanted=wanted, actor=plans.drafter(), now=NOW)
    assert made.code == "P2"
    for changed, codes in (
        ({"currency": "htg"}, ("POL-016",)),
        ({"themes": ()}, ("POL-019",)),
        ({"last": date(2025, 1, 1)}, ("POL-010",)),
        ({"institution": "NOBODY"}, ("POL-012",)),
    ):
        assert refused(policies.begin, wanted=replace(wanted, **changed)) == codes
    more = replace(wanted, themes=((make.names("One"), ""), (make.names("Two"), "")))
    assert policies.change(code="P2", wanted=more, seen=1, actor=plans.drafter(), now=NOW).themes.count() == 2
    assert refused(policies.change, code="P2", wanted=wanted, seen=1) == ("POL-003",)
    assert refused(policies.change, code="P2", wanted=wanted, seen=2) == ("POL-019",)
    rate = {"policy": "P2", "currency": "USD", "year": 2025, "on": date(2025, 1, 2), "source": "BRH"}
    policies.set_rate(**rate, rate=Decimal("131.5"), actor=plans.drafter(), now=NOW)  # type: ignore[arg-type]
    assert refused(policies.set_rate, **rate, rate=Decimal(0)) == ("POL-015",)
    policies.set_capacity(policy="P2", institution="IMM", actions=4, actor=plans.drafter(), now=NOW)
    assert (plan(made).rates[0].rate, plan(made).capacities) == (Decimal("131.5"), {"IMM": 4})
