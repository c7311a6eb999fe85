"""Coherence rules: each catches its own defect and no other, on the smallest policy and on a large one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from core.policy import seeds, whole

from pasaj.core.policy.coherence import FAMILIES, RULES, Fix, Severity, check
from pasaj.core.policy.coherence.cost import peak
from pasaj.core.policy.coherence.text import bare_numbers
from pasaj.core.policy.shapes import Part, Price, Rate
from pasaj.core.policy.view import Agreement, Instrument, Mandate, Reference, View
from pasaj.core.problems import CATALOGUE, fill

SMALL = whole.view()
LARGE = whole.view(themes=20, actions=250, lines=1500, clauses=200)


def codes(view: View) -> list[str]:
    return [one.rule for one in check(view)]


@pytest.mark.req("R12.50")
def test_a_coherent_policy_breaks_no_rule() -> None:
    assert check(SMALL) == ()
    assert check(LARGE) == ()
    plan = LARGE.policy
    assert (len(plan.measures), len(plan.actions), len(plan.costs), len(LARGE.clauses)) == (60, 250, 1500, 200)


@pytest.mark.req("R12.50")
def test_groups_that_nobody_heard_are_one_breach_and_those_set_aside_are_none() -> None:
    problems = (
        replace(SMALL.policy.problems[0], groups=("children", "Fishers", "traders")),
        replace(SMALL.policy.problems[0], code="P1-PB1.9", groups=("fishers",)),
    )
    view = replace(SMALL, policy=replace(SMALL.policy, problems=problems))
    [found] = [one for one in check(view) if one.rule == "COH-231"]
    assert (found.statement, found.values["groups"]) == ("P1", "“Fishers” (2), “traders” (1)")
    aside = replace(view, set_aside=frozenset({"Traders"}))
    [less] = [one for one in check(aside) if one.rule == "COH-231"]
    assert less.values["groups"] == "“Fishers” (2)"
    assert less.fingerprint != found.fingerprint  # what was waived of the one list does not cover the other
    assert "COH-231" not in codes(replace(view, set_aside=frozenset({"traders", "fishers"})))
    assert "COH-231" not in codes(replace(view, consultations=()))


@pytest.mark.req("R12.51")
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Control. [Say here who coordinates.]", True),
        ("See [the law of 2018](https://example.org/law).", False),
        ("As agreed […] in [1] and [sic].", False),
        ("- [ ] to do", False),
    ],
)
def test_what_a_template_asks_for_is_told_until_it_is_written(said: str, told: bool) -> None:
    found = [one for one in check(seeds.text(SMALL, 0, en=said, ht=said, fr=said)) if one.rule == "COH-509"]
    assert len(found) == told
    if told:
        assert found[0].values["place"] == "[Say here who coordinates.]"


@pytest.mark.req("R12.50")
def test_there_is_a_seed_for_every_rule() -> None:
    assert set(seeds.SEEDS) == set(RULES)
    assert len(RULES) >= 40
    assert {one.family for one in RULES.values()} == set(FAMILIES)


@pytest.mark.req("R12.51")
@pytest.mark.parametrize("code", sorted(seeds.SEEDS))
@pytest.mark.parametrize("clean", [SMALL, LARGE], ids=["small", "large"])
def test_a_seeded_defect_is_caught_by_its_rule_and_no_other(clean: View, code: str) -> None:
    found = check(seeds.SEEDS[code](clean))
    assert {one.rule for one in found} == {code}
    for one in found:
        said = one.problem  # raises where a place of the message has no value
        assert "…" not in said.text() + said.remedy()
        assert one.statement
        assert one.fix.kind
        assert one.fix.code


def test_each_rule_has_a_text_and_a_source() -> None:
    assert {code for code in CATALOGUE if code.startswith("COH-")} == set(RULES)
    for code, one in RULES.items():
        assert (one.code, one.item) == (code, f"C{code[4:6]}")
        assert one.message == CATALOGUE[code].message
        assert one.remedy == CATALOGUE[code].remedy
        assert one.check.__doc__


def test_only_what_no_advantage_makes_good_cannot_be_waived() -> None:
    assert [code for code, one in RULES.items() if one.unwaivable] == ["COH-014", "COH-051", "COH-053", "COH-221"]
    assert all(RULES[code].severity == Severity.ERROR for code in ("COH-014", "COH-051", "COH-053", "COH-221"))


@pytest.mark.req("R12.52")
def test_the_fingerprint_of_a_breach_follows_what_is_told() -> None:
    one, same = (check(seeds.SEEDS["COH-061"](SMALL))[0] for _ in range(2))
    weaker = replace(SMALL, findings={"A1-F1": replace(SMALL.findings["A1-F1"], certainty=0.1)})
    assert one.fingerprint == same.fingerprint != check(weaker)[0].fingerprint
    assert one.fix == Fix("statement", "P1-PB1.1")
    assert one.problem.text() == "P1-PB1.1 arises from A1-F1, whose certainty is 0.29; the policy demands 0.30."


def test_a_direction_is_told_in_words() -> None:
    [one] = check(seeds.SEEDS["COH-411"](SMALL))
    assert fill(one.problem.kind.message, one.problem.spoken()) == (
        "P1-I1 shall go upwards, and its target 20 is not that way from its baseline 20."
    )


# --- What each rule leaves alone --------------------------------------------------------------


def test_an_empty_policy_breaks_nothing() -> None:
    empty = dict.fromkeys((*seeds.PLAN, "themes", "readings", "prices"), ())
    assert check(View(replace(SMALL.policy, **empty), SMALL.on)) == ()


def test_a_dropped_action_asks_for_nothing() -> None:
    view = seeds.put(seeds.no_cost(SMALL), "actions", 3, state="dropped", owner="GONE", deliverable={})
    assert view.policy.actions[3].code == "P1-A1.1.2"
    assert check(view) == ()


def test_an_indicator_is_enough_to_show_for_an_action() -> None:
    view = seeds.put(SMALL, "actions", 0, deliverable={})
    view = seeds.add(view, "indicators", replace(SMALL.policy.indicators[0], code="P1-I9", measures="P1-A1.1.1"))
    assert check(view) == ()
    assert check(seeds.put(view, "indicators", 2, every_days=5, measures="P1-A1.1.1"))[0].values["last"] == (
        SMALL.policy.actions[0].first
    )
    done = seeds.put(seeds.put(view, "indicators", 2, every_days=5), "actions", 0, state="done")
    assert check(done) == ()


def test_a_grave_finding_may_be_set_aside_by_a_signed_reason() -> None:
    view = seeds.SEEDS["COH-041"](SMALL)
    assert check(replace(view, set_aside=frozenset({"A1-F99"}))) == ()


def test_a_document_needs_no_certainty() -> None:
    assert check(seeds.put(SMALL, "problems", 0, findings=("LAW", "A1-F1"))) == ()


def test_a_mandate_for_a_part_of_the_country_is_none_for_all_of_it() -> None:
    view = seeds.put(SMALL, "mandates", 0, territory="TL-N")
    assert check(view) == ()
    assert codes(seeds.put(view, "measures", 0, territory="TL")) == ["COH-132"]
    assert codes(seeds.put(view, "measures", 0, territory="")) == ["COH-132"]
    circle = replace(view, parents={"A": "B", "B": "A", "TL-N": "", "TL": ""})
    assert codes(seeds.put(circle, "measures", 0, territory="A")) == ["COH-132"]


def test_who_is_not_mandated_yet_may_adopt_the_text_that_says_so() -> None:
    view = seeds.put(seeds.SEEDS["COH-132"](SMALL), "actions", 0, adopts="BILL")
    assert check(view) == ()
    enforcing = seeds.put(seeds.SEEDS["COH-154"](SMALL), "actions", 1, adopts="BILL")
    assert check(enforcing) == ()


def test_a_mandate_to_support_is_none_to_lead() -> None:
    assert codes(seeds.put(SMALL, "mandates", 0, role="support")) == ["COH-132"]
    assert codes(seeds.put(SMALL, "mandates", 0, first=date(2026, 6, 1))) == ["COH-132"]


def test_an_agreement_in_force_lets_data_flow() -> None:
    view = seeds.SEEDS["COH-142"](SMALL)
    first, last = view.policy.actions[0].first, view.policy.actions[0].last
    for agreement in (Agreement("AG-1"), Agreement("AG-1", first, last)):
        assert check(replace(view, agreements={"AG-1": agreement})) == ()
    for agreement in (Agreement("AG-1", first.replace(day=2)), Agreement("AG-1", last=last.replace(day=30))):
        assert codes(replace(view, agreements={"AG-1": agreement})) == ["COH-142"]


def test_a_text_that_left_the_register_is_no_basis() -> None:
    gone = replace(SMALL, instruments={**SMALL.instruments, "LAW": Instrument("LAW", False, held=False)})
    assert codes(gone) == ["COH-151"] * 3
    adopting = seeds.put(gone, "actions", 0, adopts="LAW")
    assert codes(adopting) == ["COH-151"] * 3


def test_what_an_action_adopts_before_is_a_basis() -> None:
    view = seeds.put(seeds.put(SMALL, "measures", 0, basis=("BILL",)), "actions", 0, adopts="BILL")
    assert check(view) == ()
    other = seeds.put(SMALL, "measures", 0, basis=("OLD",))  # nobody says whether it is in force
    assert check(seeds.put(other, "actions", 3, adopts="OLD")) == ()


def test_an_assessment_lets_personal_data_be_used() -> None:
    for code, many in (("COH-211", "actions"), ("COH-212", "indicators")):
        assert check(seeds.put(seeds.SEEDS[code](SMALL), "actions", 0, assessment="DPIA-1")) == (), many
    on_action = seeds.put(seeds.SEEDS["COH-212"](SMALL), "indicators", 0, measures="P1-A1.1.1")
    assert codes(on_action) == ["COH-212", "COH-407"]


def test_without_the_compact_no_objective_must_serve_it() -> None:
    assert check(replace(seeds.SEEDS["COH-201"](SMALL), goals={"SDG-1": SMALL.goals["SDG-1"]})) == ()


def test_before_any_round_one_note_says_that_nobody_was_asked() -> None:
    view = seeds.put(seeds.SEEDS["COH-231"](SMALL), "consultations", 0, institutions=())
    assert codes(replace(view, consultations=())) == ["COH-124"]
    assert check(replace(seeds.SEEDS["COH-231"](SMALL), set_aside=frozenset({"Fishers"}))) == ()


def test_money_in_a_currency_without_a_rate_is_told_once() -> None:
    view = seeds.put(seeds.SEEDS["COH-331"](SMALL), "commitments", 0, amount=Decimal(10_000))
    [one] = check(view)
    assert (one.rule, one.values["count"], one.statement) == ("COH-331", 6, "P1-A1.1.1-L1")


def test_commitments_are_compared_to_the_cent() -> None:
    cost = Decimal("903.00") * Decimal("131.5") + Decimal("903.00")
    held = seeds.put(SMALL, "commitments", 0, amount=cost, currency="HTG")
    assert check(held) == ()
    assert codes(seeds.put(held, "commitments", 0, amount=cost + Decimal("0.01"))) == ["COH-321"]
    free = seeds.cut(SMALL, "costs", lambda one: one.action != "P1-A1.1.1")
    assert codes(free) == ["COH-323"]


def test_what_buys_nothing_needs_nothing_to_keep_it_running() -> None:
    lines = tuple(replace(one, kind="recurrent") for one in SMALL.policy.costs)
    assert check(seeds.plan(SMALL, costs=lines)) == ()


def test_prices_are_compared_across_currencies() -> None:
    dear = (Price("day", "day", Decimal(1), Decimal(150), "USD"),)
    view = seeds.plan(SMALL, prices=dear)
    assert set(codes(view)) == {"COH-371"}
    assert [one.statement for one in check(view)] == [one.code for one in SMALL.policy.costs if one.currency == "USD"]
    assert check(seeds.plan(SMALL, prices=(replace(dear[0], high=Decimal(151)),))) == ()
    said = tuple(replace(one, justification="Tender 4") for one in SMALL.policy.costs)
    assert check(seeds.plan(view, costs=said)) == ()
    euro = seeds.plan(SMALL, prices=(replace(dear[0], currency="EUR"),))
    assert check(euro) == ()


def test_a_rate_without_a_day_is_told_once() -> None:
    assert codes(seeds.put(SMALL, "rates", 0, on=None)) == ["COH-332"]
    assert codes(seeds.add(SMALL, "rates", Rate("EUR", 2026, Decimal(140), SMALL.on, "central bank"))) == []


def test_the_peak_of_actions() -> None:
    assert peak(()) == (0, None)
    first, later = SMALL.policy.actions[0], SMALL.policy.actions[3]
    assert peak((first, later)) == (1, first.first)
    assert peak((first, replace(later, first=first.last))) == (2, first.last)
    assert check(seeds.plan(SMALL, capacities={"IDLE": 0})) == ()


def test_directions_of_indicators() -> None:
    down = seeds.put(SMALL, "indicators", 0, direction="down", target=Decimal(5))
    hold = seeds.put(SMALL, "indicators", 0, direction="hold", target=Decimal(20))
    assert (check(down), check(hold)) == ((), ())
    assert codes(seeds.put(hold, "indicators", 0, target=Decimal(21))) == ["COH-411"]
    early = seeds.put(SMALL, "indicators", 0, target_on=date(2026, 1, 1), baseline_on=date(2026, 1, 1))
    assert codes(early) == ["COH-412"]
    unknown = seeds.put(SMALL, "indicators", 0, baseline=None, baseline_on=None)
    assert codes(unknown) == ["COH-402"]
    count = seeds.put(SMALL, "indicators", 0, unit="children", denominator="", target=Decimal(500))
    assert check(count) == ()
    figure = seeds.put(SMALL, "indicators", 0, source="pasaj", figure="FG-1")
    assert check(figure) == ()


def test_a_part_that_comes_from_data_has_no_text_of_its_own() -> None:
    assert check(seeds.put(SMALL, "clauses", 3, speaks=False, texts={}, stale=("ht",))) == ()
    assert check(seeds.put(SMALL, "clauses", 3, stale=("pt",))) == ()


def test_a_term_may_be_used_without_a_reference() -> None:
    view = replace(SMALL, terms={"hours": {"fr": "24 Hours", "ht": " "}})
    assert check(view) == ()
    lost = seeds.put(view, "clauses", 0, references=(Reference("term", "hours", known=True),))
    assert check(lost) == ()


def test_an_option_that_changes_nothing_needs_no_measure() -> None:
    view = seeds.put(SMALL, "appraisals", 0, chosen="P1-Q1-0", first_share=None)
    assert codes(seeds.put(view, "measures", 0, option="")) == []
    undecided = seeds.put(SMALL, "appraisals", 0, chosen="")
    [one] = check(undecided)
    assert (one.rule, one.values["chosen"]) == ("COH-604", "–")
    assert check(seeds.put(SMALL, "appraisals", 0, first_share=0.4, reason="It protects most.")) == ()


def test_several_leads_have_no_common_mandate() -> None:
    view = seeds.put(SMALL, "measures", 0, institutions=(Part("L0", "lead"), Part("SUP", "lead")))
    assert codes(view) == ["COH-102"]
    assert codes(seeds.add(SMALL, "mandates", Mandate("F0", "OTHER", "lead", territory="TL"))) == ["COH-131"]


def test_an_action_of_a_measure_that_is_gone_is_not_taken_for_incoherent_twice() -> None:
    view = seeds.cut(SMALL, "measures", lambda one: one.code != "P1-M1.3")
    assert codes(view) == ["COH-505"]
    safeguard = seeds.put(view, "measures", 1, safeguards=("P1-M1.1", "P1-M9.9"))
    assert codes(safeguard) == ["COH-505"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Il y a 37 postes", ("37",)),
        ("1 250 personnes et 3,5 %", ("1 250", "3,5")),
        ("1,250.75 gourdes", ("1,250.75",)),
        ("Depuis 2015, de 2015-2030, le 2026-03-01, le 1er mars, le 12 mars, le 03/04/2026 à 14h30", ()),
        ("within 24 hours, 3 months, 5–7 days, nan 48 èdtan, en 10 años", ()),
        ("article 12, atik 4, art. 5, n° 7, annexe 2, § 3.1, 2e, 3rd, 4th", ()),
        ("See A/RES and P1-M4.2, HT-LAW-3, IBM-2026-0007", ()),
        ("1. First\n2) Second", ()),
        ("{{figure:FG-2026-0007|low}} of {{count:x}}", ()),
        ("Objectif 11", ("11",)),
    ],
)
@pytest.mark.req("R12.53")
def test_numbers_that_are_typed(text: str, found: tuple[str, ...]) -> None:
    assert bare_numbers(text) == found


def test_every_rule_stands_in_the_page_of_the_method() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/methods/coherence.md").read_text(encoding="utf-8")
    for code, one in RULES.items():
        severity = one.severity + (", never waived" if one.unwaivable else "")
        assert f"| {one.item} | {code} | {severity} | {one.message} | {one.check.__doc__} |" in page
    assert page.count("| COH-") == len(RULES)
