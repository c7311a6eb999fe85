"""For each coherence rule the smallest change that breaks it, and nothing else: what its test sows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pasaj.core.policy.shapes import Action, Commitment, Part
from pasaj.core.policy.view import Finding, Mandate, Reference, Tie, View

Seed = Callable[[View], View]
PLAN = ("problems", "objectives", "measures", "actions", "costs", "commitments", "rates", "indicators")


def plan(view: View, **changed: Any) -> View:
    return replace(view, policy=replace(view.policy, **changed))


def around(view: View, many: str, rows: Any) -> View:
    changed: Any = {many: rows}
    return replace(view, **changed)


def put(view: View, many: str, at: int, **changed: Any) -> View:
    """Change one of many, by its place."""
    rows = list(getattr(view.policy if many in PLAN else view, many))
    rows[at] = replace(rows[at], **changed)
    return plan(view, **{many: tuple(rows)}) if many in PLAN else around(view, many, tuple(rows))


def add(view: View, many: str, row: object) -> View:
    rows = (*getattr(view.policy if many in PLAN else view, many), row)
    return plan(view, **{many: rows}) if many in PLAN else around(view, many, rows)


def cut(view: View, many: str, keep: Callable[[Any], bool]) -> View:
    return plan(view, **{many: tuple(one for one in getattr(view.policy, many) if keep(one))})


def of(one: Any, head: str) -> bool:
    return str(one.action).startswith(head)


def later(view: View) -> Action:
    """The second action of the first measure: it waits for the first."""
    return next(one for one in view.policy.actions if one.code == "P1-A1.1.2")


def last_of_all(view: View) -> View:
    """The last action of the first measure ends a day after the policy."""
    at = max(at for at, one in enumerate(view.policy.actions) if one.measure == "P1-M1.1")
    return put(view, "actions", at, last=date(2031, 1, 1))


def put_later(view: View, **changed: Any) -> View:
    return put(view, "actions", view.policy.actions.index(later(view)), **changed)


def measures_of(view: View, at: int, part: str) -> tuple[Part, ...]:
    return tuple(
        replace(one, part=part) if one.part == "lead" else one for one in view.policy.measures[at].institutions
    )


def no_actions(view: View) -> View:
    view = cut(view, "actions", lambda one: one.measure != "P1-M1.3")
    view = cut(view, "costs", lambda one: not of(one, "P1-A1.3."))
    return cut(view, "commitments", lambda one: not of(one, "P1-A1.3."))


def no_cost(view: View) -> View:
    view = cut(view, "costs", lambda one: one.action != "P1-A1.1.2")
    return cut(view, "commitments", lambda one: one.action != "P1-A1.1.2")


def adopted_late(view: View) -> View:
    return put_later(put(view, "measures", 0, basis=("BILL",)), adopts="BILL")


def another_year(view: View) -> View:
    at = next(at for at, one in enumerate(view.policy.costs) if one.kind == "recurrent")
    return put(view, "costs", at, year=2029)


def capital_only(view: View) -> View:
    lines = (replace(one, kind="capital") if of(one, "P1-A1.3.") else one for one in view.policy.costs)
    return plan(view, costs=tuple(lines))


def silent(view: View) -> View:
    view = plan(view, readings=tuple(one for one in view.policy.readings if one.indicator != "P1-I1"))
    return put(view, "indicators", 0, every_days=10)


def text(view: View, at: int, **texts: str) -> View:
    return put(view, "clauses", at, texts={**view.clauses[at].texts, **texts})


def refer(view: View, kind: str) -> View:
    return put(view, "clauses", 0, references=(*view.clauses[0].references, Reference(kind, "P1-X", known=False)))


def swapped(view: View) -> View:
    """The lead and the support of the first measure the other way round."""
    lead, support = view.policy.measures[0].institutions
    return put(view, "measures", 0, institutions=(replace(lead, part="support"), replace(support, part="lead")))


GRAPH: dict[str, Seed] = {
    "COH-011": lambda view: put(view, "measures", 0, objectives=()),
    "COH-012": lambda view: put(view, "objectives", 1, problems=("P1-PB9.9",)),
    "COH-013": lambda view: put(view, "problems", 0, findings=()),
    "COH-014": lambda view: replace(view, findings={**view.findings, "A1-F1": Finding("A1-F1", live=False)}),
    "COH-021": lambda view: put(view, "measures", 1, objectives=("P1-O1.1",)),
    "COH-022": no_actions,
    "COH-023": lambda view: put(view, "actions", 0, deliverable={"fr": ""}),
    "COH-024": lambda view: add(view, "problems", replace(view.policy.problems[0], code="P1-PB1.9")),
    "COH-025": lambda view: plan(view, themes=(*view.policy.themes, "P1-T99")),
    "COH-031": lambda view: put(view, "actions", 0, needs=("P1-A1.1.2",)),
    "COH-032": lambda view: put(view, "measures", 0, safeguards=("P1-M1.1",)),
    "COH-041": lambda view: replace(view, findings={**view.findings, "A1-F99": Finding("A1-F99", 3)}),
    "COH-042": lambda view: replace(view, set_aside=frozenset({"A1-F1"})),
    "COH-051": lambda view: replace(view, ties=(Tie("P1-PB1.1", "A1-F1", "broken"),)),
    "COH-052": lambda view: replace(view, ties=(Tie("A1-F1", "A1-S1", "suspect"),)),
    "COH-053": lambda view: replace(view, unsupported=frozenset({"A1-S1"})),
    "COH-061": lambda view: replace(view, findings={**view.findings, "A1-F1": Finding("A1-F1", certainty=0.29)}),
}
MANDATE: dict[str, Seed] = {
    "COH-101": lambda view: put(view, "measures", 0, institutions=measures_of(view, 0, "informed")),
    "COH-102": lambda view: put(
        view, "measures", 0, institutions=(*measures_of(view, 0, "lead"), Part("OTHER", "lead"))
    ),
    "COH-111": lambda view: put(view, "measures", 0, function=""),
    "COH-112": swapped,
    "COH-113": lambda view: put(view, "mandates", 0, last=date(2026, 6, 30)),
    "COH-114": lambda view: put(view, "measures", 0, territory="NOWHERE"),
    "COH-121": lambda view: replace(view, institutions={**view.institutions, "SUP": date(2026, 6, 30)}),
    "COH-122": lambda view: put(view, "actions", 0, owner="GONE"),
    "COH-123": lambda view: put(view, "consultations", 0, institutions=("L0",)),
    "COH-124": lambda view: replace(view, consultations=()),
    "COH-125": lambda view: put(view, "actions", 0, owner="OTHER"),
    "COH-131": lambda view: add(view, "mandates", Mandate("F0", "OTHER", "lead")),
    "COH-132": lambda view: replace(view, mandates=view.mandates[1:]),
    "COH-141": lambda view: put(view, "actions", 0, shares_data=True),
    "COH-142": lambda view: put(view, "actions", 0, shares_data=True, agreement="AG-1"),
    "COH-151": lambda view: put(view, "measures", 0, basis=("LAW", "NOLAW")),
    "COH-152": lambda view: put(view, "measures", 0, basis=("LAW", "BILL")),
    "COH-153": adopted_late,
    "COH-154": lambda view: put(view, "measures", 1, basis=()),
}
RIGHTS: dict[str, Seed] = {
    "COH-201": lambda view: put(view, "objectives", 0, goals=("SDG-1",)),
    "COH-202": lambda view: put(view, "measures", 1, safeguards=()),
    "COH-203": lambda view: put(view, "measures", 1, safeguards=("P1-M1.1", "P1-M1.3")),
    "COH-204": lambda view: put(view, "actions", 1, first=date(2026, 1, 15)),
    "COH-211": lambda view: put(view, "actions", 0, personal_data=True),
    "COH-212": lambda view: put(view, "indicators", 0, personal_data=True),
    "COH-221": lambda view: put(view, "appraisals", 0, vetoed=("P1-Q1-A",)),
    "COH-231": lambda view: put(view, "problems", 0, groups=("children", "fishers")),
    "COH-232": lambda view: put(
        replace(view, findings={**view.findings, "A1-F1": Finding("A1-F1", rights=True)}), "problems", 0, rights=()
    ),
    "COH-233": lambda view: put(view, "problems", 0, groups=()),
}
COST: dict[str, Seed] = {
    "COH-301": lambda view: put(view, "costs", -1, quantity=Decimal(0)),
    "COH-302": lambda view: put(view, "costs", -1, quantity=Decimal(1), unit_cost=Decimal("150.0015")),
    "COH-311": lambda view: add(view, "costs", replace(view.policy.costs[-1], code="P1-X-L1", action="P1-X")),
    "COH-312": lambda view: add(
        view, "commitments", Commitment("P1-X-F1", "P1-X", "Fund", Decimal(1), "HTG", 2026, "paid")
    ),
    "COH-313": lambda view: put(view, "measures", 2, theme="P1-T99"),
    "COH-314": lambda view: add(view, "costs", view.policy.costs[0]),
    "COH-321": lambda view: put(view, "commitments", 0, amount=Decimal(10_000)),
    "COH-322": lambda view: put(view, "costs", -1, quantity=Decimal(-1), unit_cost=Decimal("100.01")),
    "COH-323": no_cost,
    "COH-324": lambda view: cut(view, "commitments", lambda one: not of(one, "P1-A1.3.")),
    "COH-331": lambda view: cut(view, "rates", lambda one: one.year != 2026),
    "COH-332": lambda view: put(view, "rates", 0, source=""),
    "COH-333": lambda view: add(view, "rates", view.policy.rates[0]),
    "COH-334": lambda view: put(view, "rates", 0, on=date(2024, 12, 31)),
    "COH-341": last_of_all,
    "COH-342": lambda view: put_later(view, last=later(view).first - timedelta(days=1)),
    "COH-343": lambda view: put_later(view, first=date(2026, 12, 31)),
    "COH-344": lambda view: put(view, "actions", 0, needs=("P1-A9.9.9",)),
    "COH-345": another_year,
    "COH-346": lambda view: put_later(view, state="done"),
    "COH-351": capital_only,
    "COH-361": lambda view: plan(view, capacities={**view.policy.capacities, "L0": 0}),
    "COH-371": lambda view: put(view, "costs", -1, unit_cost=Decimal("20000.01")),
    "COH-372": lambda view: put(view, "costs", -1, item="boat"),
    "COH-373": lambda view: put(view, "costs", -1, unit="week"),
}
FOLLOWING: dict[str, Seed] = {
    "COH-401": lambda view: put(view, "indicators", 0, definition={}),
    "COH-402": lambda view: put(view, "indicators", 0, baseline_source=""),
    "COH-403": lambda view: put(view, "indicators", 0, target_on=None),
    "COH-404": lambda view: put(view, "indicators", 0, every_days=None),
    "COH-405": lambda view: put(view, "indicators", 0, source=""),
    "COH-406": lambda view: add(view, "indicators", replace(view.policy.indicators[0], code="P1-I99", measures="P1-X")),
    "COH-407": lambda view: plan(view, indicators=tuple(view.policy.indicators[1:])),
    "COH-411": lambda view: put(view, "indicators", 0, target=Decimal(20)),
    "COH-412": lambda view: put(view, "indicators", 0, target_on=date(2031, 1, 1)),
    "COH-421": lambda view: put(view, "indicators", 0, source="pasaj"),
    "COH-422": lambda view: put(view, "indicators", 0, source_name=""),
    "COH-431": silent,
    "COH-441": lambda view: put(view, "indicators", 0, denominator=""),
    "COH-442": lambda view: put(view, "indicators", 0, target=Decimal("100.5")),
}
TEXT: dict[str, Seed] = {
    "COH-501": lambda view: put(view, "clauses", 0, realises=()),
    "COH-502": lambda view: put(view, "clauses", -1, realises=("P1-M1.1",)),
    "COH-503": lambda view: text(view, 0, ht=" "),
    "COH-504": lambda view: put(view, "clauses", 0, stale=("ht",)),
    "COH-505": lambda view: put(view, "clauses", -1, realises=("P1-M9.9",)),
    "COH-506": lambda view: put(view, "problems", 0, text={"fr": "Un problème"}),
    "COH-507": lambda view: replace(view, clauses=()),
    "COH-508": lambda view: text(view, 0, fr=""),
    "COH-509": lambda view: text(view, 0, ht="Kontwòl la. [Di la a kiyès ki kowòdone.]"),
    "COH-511": lambda view: replace(view, terms={**view.terms, "raft": {"fr": "radeau", "ht": ""}}),
    "COH-512": lambda view: refer(view, "term"),
    "COH-521": lambda view: text(view, 0, fr="Il y a 1 250 postes, 3,5 par bassin"),
    "COH-522": lambda view: refer(view, "figure"),
    "COH-531": lambda view: refer(view, "clause"),
    "COH-541": lambda view: put(view, "consultations", 0, undisposed=("P1-R1-K7", "P1-R1-K8")),
    "COH-542": lambda view: put(view, "consultations", 0, state="open", undisposed=("P1-R1-K7",)),
}
OPTIONS: dict[str, Seed] = {
    "COH-601": lambda view: put(view, "appraisals", 0, options=("P1-Q1-A", "P1-Q1-0")),
    "COH-602": lambda view: put(view, "appraisals", 0, status_quo=""),
    "COH-603": lambda view: put(view, "measures", 2, option="P1-Q1-Z"),
    "COH-604": lambda view: put(view, "measures", 2, option="P1-Q1-B"),
    "COH-605": lambda view: put(view, "measures", 0, option=""),
    "COH-611": lambda view: put(view, "appraisals", 0, first_share=0.4, reason=" "),
}
SEEDS: dict[str, Seed] = {**GRAPH, **MANDATE, **RIGHTS, **COST, **FOLLOWING, **TEXT, **OPTIONS}
