"""Appraisals of options: begun, judged, decided; in the chain of evidence; what is refused."""

from __future__ import annotations

from dataclasses import replace

import make
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from policy import plans

from pasaj.access.rules import Actor
from pasaj.core import appraisal as core
from pasaj.core.problems import Refused
from pasaj.evidence.models import Link, Node
from pasaj.evidence.queries.trace import state_of, trace
from pasaj.policy.models import Appraisal, Criterion, Entry, Judgement, Measure, Option, Policy
from pasaj.policy.queries import appraisal as queries
from pasaj.policy.services import appraisal, statements
from pasaj.policy.services.appraisal import AppraisalWanted, CriterionWanted
from pasaj.policy.services.judging import JudgementWanted, judge

NOW = make.NOW
ASKED = AppraisalWanted(make.names("How are children referred the same day?"), draws=2000)
COST = CriterionWanted("cost", make.names("Cost a year"), "figure", ((0, 1), (10_000_000, 0)), "HTG")


def refused(call: object, **named: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(actor=plans.drafter(), now=NOW, **named)  # type: ignore[operator]
    return tuple(one.code for one in caught.value.problems)


def seen(code: str = "P1-Q1") -> int:
    return Appraisal.objects.get(code=code).revision


def begun() -> Appraisal:
    """P1-Q1 for P1-O1.1 with A (nothing changes), B and C, the standard criteria and the cost."""
    actor: Actor = plans.drafter()
    nothing = make.names("Nothing changes")
    row = appraisal.begin(objective="P1-O1.1", wanted=ASKED, nothing=nothing, actor=actor, now=NOW)
    for text in ("A post at each crossing", "A mobile team"):
        appraisal.add_option(code=row.code, text=make.names(text), seen=seen(), actor=actor, now=NOW)
    appraisal.add_criterion(code=row.code, wanted=COST, seen=seen(), actor=actor, now=NOW)
    return Appraisal.objects.get(code="P1-Q1")


def judged(option: str, criterion: str, word: str = "", **more: object) -> Judgement:
    on, by = Option.objects.get(code=option), Criterion.objects.get(code=criterion, appraisal__code="P1-Q1")
    last = queries.history(on, by).first()
    wanted = JudgementWanted(word, **more)  # type: ignore[arg-type]
    return judge(
        option=option, criterion=criterion, wanted=wanted, seen=last.revision if last else 0, actor=plans.drafter(),
        now=NOW,
    )  # fmt: skip


def rights(**words: str) -> None:
    for letter, word in words.items():
        judged(f"P1-Q1-{letter}", "RIGHTS", word)


@pytest.fixture
def asked(country: make.Country) -> Appraisal:
    plans.whole(country)
    return begun()


@pytest.fixture
def policy(country: make.Country) -> Policy:
    return plans.whole(country)


@pytest.mark.req("R12.19")
def test_a_question_has_its_options_in_the_chain(asked: Appraisal) -> None:
    found = queries.table(asked)
    assert [(one.code, one.status_quo) for one in found.options] == [
        ("P1-Q1-A", True), ("P1-Q1-B", False), ("P1-Q1-C", False)]  # fmt: skip
    assert [one.code for one in found.criteria] == [
        "PRIORITY", "BENEFIT", "HARM", "CERTAINTY", "VALUES", "RESOURCES", "EQUITY", "ACCEPTABLE", "FEASIBLE", "RIGHTS",
        "COST",
    ]  # fmt: skip
    links = Link.objects.filter(child__code__startswith="P1-Q1").values_list("child__code", "type", "parent__code")
    assert sorted(links) == [(f"P1-Q1-{letter}", "answers", "P1-O1.1") for letter in "ABC"]
    actions = Entry.objects.filter(code="P1-Q1").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["begun", "changed", "changed", "changed"]


@pytest.mark.req("R12.19")
def test_a_judgement_keeps_who_how_sure_on_what_and_who_dissents(asked: Appraisal) -> None:
    judged(
        "P1-Q1-B", "BENEFIT", "large", certainty="moderate", evidence=("A1-F01", plans.LAW), note="Two rounds say so",
        dissent="The ministry expects less",
    )  # fmt: skip
    judged("P1-Q1-B", "BENEFIT", "moderate", certainty="low", evidence=("A1-F01",))
    on, by = Option.objects.get(code="P1-Q1-B"), Criterion.objects.get(code="BENEFIT")
    kept = [(one.revision, one.word, one.certainty, one.dissent, one.actor_label) for one in queries.history(on, by)]
    assert kept == [
        (2, "moderate", "low", "", "drafter"),
        (1, "large", "moderate", "The ministry expects less", "drafter"),
    ]
    links = Link.objects.filter(child__code="P1-Q1-B", type="judged-on").values_list("parent__code", "disposition")
    assert dict(links)[plans.LAW] == "cut"
    assert dict(links)["A1-F01"] != "cut"
    assert Node.objects.get(code="P1-Q1-B").revision == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        Judgement.objects.filter(option=on).update(word="large")


@pytest.mark.req("R12.19")
def test_what_a_judgement_rests_on_moves_the_measure_chosen_from_it(asked: Appraisal) -> None:
    judged("P1-Q1-B", "BENEFIT", "large", evidence=("A1-F01",))
    rights(A="none", B="none", C="none")
    appraisal.decide(code="P1-Q1", option="P1-Q1-B", reason="Best", seen=seen(), actor=plans.drafter(), now=NOW)
    appraisal.realise(code="P1-Q1", measure="P1-M1.1", seen=seen(), actor=plans.drafter(), now=NOW)
    assert Measure.objects.get(code="P1-M1.1").option == "P1-Q1-B"
    found = trace("P1-A1.1.1", plans.drafter())
    assert found is not None
    assert ("P1-A1.1.1", "P1-M1.1", "P1-Q1-B", "A1-F01") in found.paths_up
    plans.finding(text="Most children who cross alone are referred")
    option, measure = state_of("P1-Q1-B"), state_of("P1-M1.1")
    assert option is not None
    assert measure is not None
    assert (str(option.state), str(measure.state)) == ("suspect", "tainted")
    assert refused(appraisal.reopen, code="P1-Q1", reason="Look again", seen=seen()) == ("POL-008",)
    edited = replace(plans.MEASURE, option="")
    revision = Measure.objects.get(code="P1-M1.1").revision
    statements.edit(code="P1-M1.1", wanted=edited, seen=revision, actor=plans.drafter(), now=NOW)
    assert Link.objects.get(child__code="P1-M1.1", type="chosen-as").disposition == "cut"
    appraisal.reopen(code="P1-Q1", reason="Look again", seen=seen(), actor=plans.drafter(), now=NOW)
    assert Appraisal.objects.get(code="P1-Q1").chosen is None


@pytest.mark.req("R12.17")
def test_the_result_is_that_of_the_core(asked: Appraisal) -> None:
    rights(A="none", B="justified", C="violates")
    for letter, word, cost in (("A", "trivial", 0), ("B", "large", 4_000_000), ("C", "large", 0)):
        judged(f"P1-Q1-{letter}", "BENEFIT", word)
        judged(f"P1-Q1-{letter}", "COST", value=cost, **({"low": 3e6, "high": 6e6} if letter == "B" else {}))
    judged("P1-Q1-B", "HARM", "varies")
    found = queries.table(Appraisal.objects.get(code="P1-Q1"))
    assert found.question.cells["P1-Q1-B", "COST"] == core.Performance(4e6, 3e6, 6e6)
    assert found.question.cells["P1-Q1-B", "HARM"] == core.Performance()
    assert found.question.criteria[-1] == core.Criterion("COST", core.Linear(10_000_000, 0))
    told = queries.result(found)
    assert told == core.appraise(found.question, seed=1, draws=2000)
    assert told.vetoes == (core.Veto("P1-Q1-C", "RIGHTS", "violates"),)
    assert told.options == ("P1-Q1-A", "P1-Q1-B")
    assert queries.result(queries.table(Appraisal.objects.get(code="P1-Q1"))) == told
    assert (found.judged, found.cells) == (10, 33)


@pytest.mark.parametrize("more", [0, 3])
def test_a_table_takes_the_same_number_of_queries(
    asked: Appraisal, more: int, django_assert_num_queries: object
) -> None:
    for at in range(more):
        text = make.names(f"Option {at}")
        appraisal.add_option(code="P1-Q1", text=text, seen=seen(), actor=plans.drafter(), now=NOW)
    rights(A="none", B="none")
    with django_assert_num_queries(3):  # type: ignore[operator]
        queries.table(asked).question  # noqa: B018


@pytest.mark.req("R12.12")
def test_what_is_known_of_the_weights(asked: Appraisal) -> None:
    codes = [one.code for one in queries.table(asked).criteria if one.code != "RIGHTS"]
    for known, weights, expected in (
        (
            "order",
            {code: 1 + (code == "COST") for code in codes},
            core.Order((tuple(sorted(set(codes) - {"COST"})), ("COST",))),
        ),
        ("bounds", {"COST": [10, 30]}, core.Bounds({"COST": (0.1, 0.3)})),
        ("stated", dict.fromkeys(codes, 2), core.Stated(dict.fromkeys(codes, 2.0))),
        ("unknown", {"COST": 1}, core.Unknown()),
    ):
        wanted = replace(ASKED, weights_known=known, weights=weights)
        row = appraisal.change(code="P1-Q1", wanted=wanted, seen=seen(), actor=plans.drafter(), now=NOW)
        assert queries.weights_of(row) == expected
    for known, weights, code in (
        ("order", {"COST": 1}, "POLOPT-013"),
        ("bounds", {"COST": [90, 10]}, "POLOPT-012"),
        ("stated", {"COST": 1}, "POLOPT-010"),
        ("stated", dict.fromkeys(codes, 0), "POLOPT-011"),
        ("sideways", {}, "POL-009"),
    ):
        wanted = replace(ASKED, weights_known=known, weights=weights)
        assert refused(appraisal.change, code="P1-Q1", wanted=wanted, seen=seen()) == (code,)


@pytest.mark.req("R12.18")
def test_a_choice_that_the_appraisal_does_not_carry_needs_a_reason(asked: Appraisal) -> None:
    decide = appraisal.decide
    assert refused(decide, code="P1-Q1", option="P1-Q1-B", reason="x", seen=seen()) == ("POLOPT-019",)
    rights(A="none", B="none", C="violates")
    judged("P1-Q1-A", "BENEFIT", "large")
    judged("P1-Q1-B", "BENEFIT", "trivial")
    for option, code in (("P1-Q1-C", "POLOPT-018"), ("P1-Q1-B", "POLOPT-017")):
        assert refused(decide, code="P1-Q1", option=option, reason=" ", seen=seen()) == (code,)
    row = decide(code="P1-Q1", option="P1-Q1-C", reason="By law", seen=seen(), actor=plans.drafter(), now=NOW)
    assert (row.contested, row.against, row.first_share, row.decision) == (True, ["vetoed"], 0, "By law")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=row.pk).update(decision="")
    assert refused(decide, code="P1-Q1", option="P1-Q1-A", reason="", seen=seen()) == ("POLOPT-020",)
    appraisal.reopen(code="P1-Q1", reason="Doubtful at most", seen=seen(), actor=plans.drafter(), now=NOW)
    judged("P1-Q1-A", "RIGHTS", "doubtful")
    assert refused(decide, code="P1-Q1", option="P1-Q1-A", reason="", seen=seen()) == ("POLOPT-029",)
    judged("P1-Q1-A", "RIGHTS", "none")
    row = decide(code="P1-Q1", option="P1-Q1-A", reason="", seen=seen(), actor=plans.drafter(), now=NOW)
    appraisal.reopen(code="P1-Q1", reason="Wrong", seen=seen(), actor=plans.drafter(), now=NOW)
    row = decide(code="P1-Q1", option="P1-Q1-A", reason="", seen=seen(), actor=plans.drafter(), now=NOW)
    assert (row.contested, row.decision) == (False, "")
    assert row.first_share is not None
    assert row.first_share > 0.5
    assert refused(appraisal.realise, code="P1-Q1", measure="P1-M9.9", seen=seen()) == ("POL-012",)


def test_what_is_decided_stays_as_it_was(asked: Appraisal) -> None:
    rights(A="none", B="none", C="none")
    appraisal.decide(code="P1-Q1", option="P1-Q1-A", reason="Cheap", seen=seen(), actor=plans.drafter(), now=NOW)
    assert refused(appraisal.add_option, code="P1-Q1", text=make.names("x"), seen=seen()) == ("POLOPT-020",)
    assert refused(
        judge, option="P1-Q1-A", criterion="HARM", wanted=JudgementWanted("small"), seen=0
    ) == ("POLOPT-020",)  # fmt: skip


def test_what_is_refused(asked: Appraisal) -> None:
    cases: list[tuple[str, object, dict[str, object]]] = [
        ("POLOPT-001", appraisal.change, {"code": "P1-Q9", "wanted": ASKED, "seen": 1}),
        ("POL-003", appraisal.change, {"code": "P1-Q1", "wanted": ASKED, "seen": 1}),
        ("POLOPT-016", appraisal.change, {"code": "P1-Q1", "wanted": replace(ASKED, draws=5), "seen": seen()}),
        ("POL-004", appraisal.add_option, {"code": "P1-Q1", "text": {"en": " "}, "seen": seen()}),
        ("POLOPT-022", appraisal.withdraw_option, {"option": "P1-Q1-A", "reason": "x", "seen": seen()}),
        ("POL-006", appraisal.withdraw_option, {"option": "P1-Q1-B", "reason": "", "seen": seen()}),
        ("POLOPT-004", appraisal.add_criterion, {"code": "P1-Q1", "wanted": COST, "seen": seen()}),
        (
            "POLOPT-005",
            appraisal.add_criterion,
            {"code": "P1-Q1", "wanted": replace(COST, code="x", points=((1, 0), (1, 1))), "seen": seen()},
        ),
        (
            "POL-009",
            appraisal.add_criterion,
            {"code": "P1-Q1", "wanted": replace(COST, code="x", scale="y"), "seen": seen()},
        ),
        ("POLOPT-025", appraisal.remove_criterion, {"code": "P1-Q1", "criterion": "RIGHTS", "seen": seen()}),
        ("POL-012", appraisal.remove_criterion, {"code": "P1-Q1", "criterion": "NONE", "seen": seen()}),
        ("POLOPT-021", appraisal.reopen, {"code": "P1-Q1", "reason": "x", "seen": seen()}),
        ("POLOPT-021", appraisal.realise, {"code": "P1-Q1", "measure": "P1-M1.1", "seen": seen()}),
        ("POL-008", statements.withdraw, {"code": "P1-O1.1", "seen": 1, "reason": "x"}),
    ]
    assert [refused(call, **named) for _code, call, named in cases] == [(code,) for code, _call, _named in cases]


@pytest.mark.parametrize(
    ("criterion", "wanted", "code"),
    [
        ("BENEFIT", JudgementWanted("huge"), "POLOPT-006"),
        ("BENEFIT", JudgementWanted(value=3), "POLOPT-027"),
        ("COST", JudgementWanted(value=-1), "POLOPT-007"),
        ("COST", JudgementWanted(value=2, low=3, high=1), "POLOPT-008"),
        ("COST", JudgementWanted(value=2, sigma=-3), "POLOPT-009"),
        ("COST", JudgementWanted("large"), "POL-009"),
        ("COST", JudgementWanted(), "POLOPT-027"),
        ("BENEFIT", JudgementWanted("large", certainty="sure"), "POL-009"),
        ("BENEFIT", JudgementWanted("large", evidence=("NO-SUCH",)), "POL-012"),
        ("BENEFIT", JudgementWanted("large", note="x" * 2001), "POL-005"),
        ("NONE", JudgementWanted("large"), "POL-012"),
    ],
)
def test_judgements_that_are_refused(asked: Appraisal, criterion: str, wanted: JudgementWanted, code: str) -> None:
    assert refused(judge, option="P1-Q1-B", criterion=criterion, wanted=wanted, seen=0) == (code,)
    assert Judgement.objects.count() == 0


def test_two_who_judge_one_cell(asked: Appraisal) -> None:
    judged("P1-Q1-B", "BENEFIT", "large")
    wanted = JudgementWanted("small")
    assert refused(judge, option="P1-Q1-B", criterion="BENEFIT", wanted=wanted, seen=0) == ("POLOPT-028",)


def test_a_criterion_comes_and_goes_while_nobody_judged_it(asked: Appraisal) -> None:
    row = appraisal.remove_criterion(code="P1-Q1", criterion="COST", seen=seen(), actor=plans.drafter(), now=NOW)
    assert row.criteria.count() == 10
    judged("P1-Q1-B", "VALUES", "none")
    assert refused(appraisal.remove_criterion, code="P1-Q1", criterion="VALUES", seen=seen()) == ("POLOPT-023",)


def test_an_option_that_is_taken_out_keeps_its_code(asked: Appraisal) -> None:
    appraisal.withdraw_option(option="P1-Q1-B", reason="Too dear", seen=seen(), actor=plans.drafter(), now=NOW)
    made = appraisal.add_option(code="P1-Q1", text=make.names("D"), seen=seen(), actor=plans.drafter(), now=NOW)
    assert made.code == "P1-Q1-D"
    assert Node.objects.get(code="P1-Q1-B").withdrawn_at == NOW
    assert [one.letter for one in queries.table(Appraisal.objects.get()).options] == ["A", "C", "D"]
    appraisal.edit_option(option="P1-Q1-D", text=make.names("E"), seen=seen(), actor=plans.drafter(), now=NOW)
    assert Node.objects.get(code="P1-Q1-D").revision == 2
    for _at in range(16):
        appraisal.add_option(code="P1-Q1", text=make.names("x"), seen=seen(), actor=plans.drafter(), now=NOW)
    assert refused(appraisal.add_option, code="P1-Q1", text=make.names("x"), seen=seen()) == ("POLOPT-024",)


def test_there_is_one_option_of_changing_nothing(asked: Appraisal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Option.objects.filter(code="P1-Q1-B").update(status_quo=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Option.objects.filter(code="P1-Q1-A").update(withdrawn_at=NOW)
