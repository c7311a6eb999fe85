"""Findings from the matrices of mandates and of exchange."""

from __future__ import annotations

from datetime import date

import pytest

from pasaj.core import findings
from pasaj.core.findings import Reach, Severity
from pasaj.core.findings.exchange import dependence
from pasaj.core.mapping.exchange import Need, Statement, ties
from pasaj.core.mapping.flows import compare
from pasaj.core.mapping.graph import build
from pasaj.core.mapping.mandates import Mandate, Register, review
from pasaj.core.mapping.silences import Silence, silences

DAY = date(2026, 3, 1)
REGISTER = Register(
    functions={"check": ("",), "rescue": ("",), "refer": ("N",), "idle": ("",)},
    institutions=("A", "B", "C"),
    parents={"N": "", "S": ""},
    bases={"LAW": (None, None), "OLD": (None, date(2020, 1, 1))},
)


def mandates(*rows: Mandate, rights: tuple[str, ...] = ()) -> dict[str, findings.Draft]:
    drafts = findings.from_mandates(review(rows, REGISTER, DAY), mandates=len(rows), territories=2, rights=rights)
    return {one.key: one for one in drafts}


@pytest.mark.req("R10.41")
def test_gaps() -> None:
    found = mandates(
        Mandate("check", "A", "lead", "N", "LAW"),
        Mandate("rescue", "A", "lead", basis="LAW", last=date(2025, 1, 1)),
        Mandate("rescue", "B", "support", basis="LAW"),
        Mandate("refer", "B", "support", "N", "LAW"),
        rights=("refer",),
    )
    assert list(found) == ["gap:check:", "gap:rescue:", "gap:refer:N", "gap:idle:", "lapse:ended"]
    partly, former, rights, idle = (found[key] for key in list(found)[:4])
    assert (partly.sentence, partly.severity, partly.values["partly"]) == ("gap_partly", Severity.MODERATE, ("A",))
    assert (former.sentence, former.severity, former.values["former"]) == ("gap_former", Severity.MAJOR, ("A",))
    assert former.subject.institutions == ("B", "A")
    assert (rights.sentence, rights.severity, rights.rights) == ("gap", Severity.CRITICAL, True)
    assert (idle.severity, idle.rights) == (Severity.CRITICAL, False)
    assert (rights.reach, idle.reach) == (Reach(1, 2, "territory"), Reach(2, 2, "territory"))
    assert rights.rests[0].claim == "leads = 0"
    assert {one.certainty["verified"] for one in (partly, former, rights, idle)} == {1.0}
    drafts = findings.from_mandates(review([], REGISTER, DAY), mandates=0, territories=0, unverified={"idle"})
    assert [one.certainty["verified"] for one in drafts] == [1.0, 1.0, 1.0, 0.5]


@pytest.mark.req("R10.41")
def test_overlaps_conflicts_and_lapses() -> None:
    found = mandates(
        Mandate("check", "A", "lead", basis="LAW"),
        Mandate("check", "B", "lead", "N", verify=True),
        Mandate("check", "A", "informed", basis="OLD"),
        Mandate("rescue", "C", "lead", basis="NONE"),
        Mandate("idle", "C", "lead", "", "LAW"),
        Mandate("refer", "C", "lead", "N", "OLD"),
    )
    overlap, conflict = found["overlap:check:N:A+B"], found["conflict:check::A:lead+informed"]
    assert (overlap.certainty, overlap.reach, overlap.severity) == (
        {"verified": 0.5}, Reach(1, 2, "territory"), Severity.MODERATE,
    )  # fmt: skip
    assert (conflict.certainty, conflict.severity) == ({"verified": 1.0}, Severity.MINOR)
    lapses = {key: one for key, one in found.items() if one.rule == "lapse"}
    assert {key: one.values["part"] for key, one in lapses.items()} == {
        "lapse:basis_ended": 2, "lapse:basis_unknown": 1, "lapse:no_basis": 1,
    }  # fmt: skip
    assert lapses["lapse:basis_ended"].values["institutions"] == ("A", "C")
    assert lapses["lapse:basis_ended"].severity is Severity.MODERATE
    assert lapses["lapse:no_basis"].certainty == {"verified": 0.5}
    many = mandates(Mandate("check", "A", "lead"))
    assert (many["lapse:no_basis"].severity, many["lapse:no_basis"].reach) == (
        Severity.MODERATE, Reach(1, 1, "mandates"),
    )  # fmt: skip


@pytest.mark.req("R10.41")
def test_flows() -> None:
    institutions = ("A", "B", "C")
    needs = [
        Need("alerts", "A", "B", 2), Need("alerts", "A", "C", 2), Need("alerts", "B", "C"), Need("alerts", "C", "A"),
        Need("referrals", "A", "B"), Need("referrals", "B", "A"),
    ]  # fmt: skip
    said = [
        Statement("alerts", "A", "B", "sender", True, hours=9), Statement("alerts", "A", "B", "receiver", True),
        Statement("alerts", "A", "C", "sender", True), Statement("alerts", "A", "C", "receiver", False),
        Statement("alerts", "B", "C", "sender", False), Statement("referrals", "A", "B", "receiver", False),
        Statement("referrals", "A", "B", "sender", False),
        Statement("alerts", "C", "A", "sender", True), Statement("alerts", "C", "A", "receiver", True),
    ]  # fmt: skip
    known = ties(said, institutions, needs=needs)
    drafts = {
        one.key: one for one in findings.from_flows(compare(needs, known, institutions), known, rights={"referrals"})
    }
    assert list(drafts) == ["flow:alerts:late", "flow:alerts:disputed", "flow:alerts:missing", "flow:referrals:missing"]
    late, _disputed, missing, rights = drafts.values()
    assert (late.values["pairs"], late.reach, late.severity) == (("A→B",), Reach(1, 4, "needs"), Severity.MODERATE)
    assert (missing.certainty, missing.severity) == ({"ends": 0.7}, Severity.MAJOR)
    assert (rights.certainty, rights.severity, rights.rights) == ({"ends": 1.0}, Severity.CRITICAL, True)
    assert rights.rests[0].parameters == {"layer": "referrals", "sender": "A", "receiver": "B"}
    unspoken = findings.from_flows(compare(needs, known, institutions), [], rights=())
    assert unspoken[0].certainty == {"ends": 0.7}


@pytest.mark.req("R10.41")
def test_dependence() -> None:
    line = build(("A", "B", "C"), [("A", "B"), ("B", "C")])
    drafts = dependence(silences(line, "C"), 3)
    assert [one.key for one in drafts] == ["dependence:B"]
    assert (drafts[0].sentence, drafts[0].severity) == ("silent_cut", Severity.MAJOR)
    assert (drafts[0].reach, drafts[0].subject.institutions) == (Reach(2, 2, "others"), ("B", "C", "A"))
    unheard = Silence("B", (), False, 10, 1, ("A",), "C")
    ways, small = Silence("B", (), False, 10, 2, ()), Silence("B", (), False, 100, 2, ())
    found = dependence([unheard, ways, small, Silence("A", (), False, 0, 0, ())], 3)
    assert [(one.sentence, one.severity, one.reach, one.rests[0].claim) for one in found] == [
        ("silent_unheard", Severity.MAJOR, Reach(1, 2, "others"), "unheard >= 1"),
        ("silent_ways", Severity.MODERATE, Reach(2, 10, "ways"), "share >= 0.1"),
    ]
