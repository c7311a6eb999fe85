"""The chain around a statement, as each of the cast may see it; and the sets against brute force."""

from __future__ import annotations

import random
from decimal import Decimal

import make
import pytest
from core.evidence.chains import brute, layered
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from evidence.chain import finding, problem, score, small, tied, written

from pasaj.access.rules import NOBODY, SYSTEM, can, explain, may
from pasaj.core.evidence import LinkState
from pasaj.evidence.models import KINDS, Link, Node, NodeKind
from pasaj.evidence.queries import graph
from pasaj.evidence.queries.trace import in_words, suspects, trace
from pasaj.evidence.services import Draft, Tie, cut, link, put, review, withdraw

pytestmark = pytest.mark.django_db


@pytest.mark.req("R6.16")
def test_what_a_statement_rests_on_and_what_rests_on_it(country: make.Country, cast: make.Cast) -> None:
    small()
    written(score("S1", "1.7", "1.3", "1.9"), score("S2", "2"))
    found = trace("F1", cast.actor("analyst"))
    assert found is not None
    assert [(one.level, one.child.code, one.parent.code, one.state) for one in found.up] == [
        (1, "F1", "S1", LinkState.UPDATED),
        (1, "F1", "S2", LinkState.SUSPECT),
    ]
    assert [(one.before, one.now) for one in found.up] == [
        ({"score": "1.6 [1.2; 1.9]"}, {"score": "1.7 [1.3; 1.9]"}),
        ({"score": "3"}, {"score": "2"}),
    ]
    assert [(one.revision, one.held) for one in found.up[0].recounts] == [(2, True)]
    assert [(one.level, one.child.code) for one in found.down] == [(1, "P1")]
    assert found.paths_up == (("F1", "S1"), ("F1", "S2"))
    assert found.paths_down == (("F1", "P1"),)
    assert found.says == {"statement": "No water at three posts.", "severity": "major", "horizon": "2027"}
    assert [one.reason for one in found.blockers] == ["suspect"]
    review(child="F1", parent="S2", type="t-rests", disposition="confirmed", note="still so", seen_child=1,
           seen_parent=2, actor=cast.actor("approver"), now=make.NOW)  # fmt: skip
    found = trace("P1", cast.actor("analyst"))
    assert found is not None
    assert [(one.level, one.child.code, one.parent.code) for one in found.up] == [
        (1, "P1", "F1"), (2, "F1", "S1"), (2, "F1", "S2"),
    ]  # fmt: skip
    said = found.up[2].reviews
    assert [(one.disposition, one.note, one.parent_revision, one.institutions) for one in said] == [
        ("confirmed", "still so", 2, "CELL"), ("confirmed", "", 1, ""),
    ]  # fmt: skip
    assert (found.up[2].before, found.up[2].now) == ({}, {})


@pytest.mark.req("R7.1")
def test_who_may_see_and_do_what(country: make.Country, cast: make.Cast) -> None:
    (mine, theirs) = written(finding("F1", institution="AID"), finding("F2", institution="IMM"))
    tied_to = written(score("S1", "1"))[0]
    row = tied("F1", "S1")
    who = ("chief", "duty", "approver", "analyst", "partner", "stranger", "admin", "dpo")
    cell = {"duty", "approver", "analyst", "admin", "dpo"}

    def allowed(action: str, thing: Node | Link) -> set[str]:
        return {one for one in who if can(cast.actor(one), action, thing)}

    assert allowed("view", mine) == cell | {"partner"}
    assert allowed("view", theirs) == cell
    assert allowed("view", tied_to) == cell
    assert allowed("link", mine) == {"analyst"}
    assert allowed("review", row) == {"analyst", "approver"}
    assert allowed("confirm", mine) == {"approver"}
    assert allowed("withdraw", mine) == {"approver", "dpo"}
    assert (may(NOBODY, "view", Node), may(SYSTEM, "view", Node)) == (False, True)
    sentences = {part.sentence for way in explain(Node, "view", cast.actor("partner"), mine).ways for part in way
                 if part.met}  # fmt: skip
    assert sentences == {"Your institution answers for it."}


@pytest.mark.req("R7.1")
def test_what_a_reader_may_not_see_keeps_its_place_and_nothing_else(country: make.Country, cast: make.Cast) -> None:
    written(score("S-SECRET", "77777"), finding("F1", institution="AID"))
    tied("F1", "S-SECRET", claim="score > 77000")
    written(score("S-SECRET", "77771"))
    written(score("S-SECRET", "76999"))
    found = trace("F1", cast.actor("partner"))
    assert found is not None
    text = repr(found)
    assert [word for word in ("SECRET", "77777", "77771", "76999", "77000") if word in text] == []
    assert [(one.parent.code, one.parent.open, one.state) for one in found.up] == [("…", False, LinkState.SUSPECT)]
    assert [(one.reason, one.code, one.parent) for one in found.blockers] == [("suspect", "F1", "…")]
    assert trace("S-SECRET", cast.actor("partner")) is None
    assert trace("NONE", cast.actor("analyst")) is None
    assert [one.code for one in suspects(cast.actor("partner"))] == ["F1"]
    assert [one.code for one in suspects(cast.actor("stranger"))] == []


@pytest.mark.req("R7.1")
def test_a_kind_opens_its_own(country: make.Country, cast: make.Cast) -> None:
    (node,) = written(score("S-NOR", "1"))
    kind = KINDS["t-score"]
    try:
        KINDS["t-score"] = NodeKind("t-score", "score", kind.fields, seen=lambda actor: Q(code="S-NOR"))
        assert can(cast.actor("chief"), "view", node) is True
        assert can(cast.actor("chief"), "view", written(score("S-SOU", "1"))[0]) is False
        assert can(cast.actor("chief"), "view", written(finding("S-X"))[0]) is False
    finally:
        KINDS["t-score"] = kind


def test_the_most_urgent_first(country: make.Country, cast: make.Cast) -> None:
    small()
    written(finding("A1"), score("S2", "2"))
    assert [(one.code, str(one.standing.state)) for one in suspects(cast.actor("analyst"))] == [
        ("A1", "unsupported"), ("F1", "suspect"), ("P1", "tainted"),
    ]  # fmt: skip


def test_a_trace_costs_a_constant_number_of_queries(country: make.Country, cast: make.Cast) -> None:
    def asked(number: int) -> int:
        top = f"F{number}"
        written(finding(top), *(score(f"S{number}-{at}", "1") for at in range(number)))
        link(ties=[Tie(top, f"S{number}-{at}", "t-rests") for at in range(number)], actor=SYSTEM, now=make.NOW)
        actor = cast.actor("analyst")
        with CaptureQueriesContext(connection) as queries:
            trace(top, actor)
        return len(queries)

    assert asked(1) == asked(30)


@pytest.mark.req("R6.9")
def test_suspect_and_tainted_sets_are_those_of_brute_force(country: make.Country) -> None:
    """A chain in the database, edited at random: the sets are exact after every edit (more in bench/evidence.py)."""
    rng = random.Random(7)
    size, ties = 200, layered(rng, 200, 600)
    values = dict.fromkeys(range(size), 0)
    put(drafts=[_number(at, 0) for at in range(size)], actor=SYSTEM, now=make.NOW)
    claims = {tie: rng.choice(["", "", "n <= 1"]) for tie in ties}
    link(ties=[Tie(f"N{a}", f"N{b}", "t-any", claims[a, b]) for a, b in ties], actor=SYSTEM, now=make.NOW)
    codes = dict(Node.objects.values_list("pk", "code"))
    for _edit in range(40):
        at = rng.randrange(size)
        values[at] = rng.randrange(4)
        put(drafts=[_number(at, values[at])], actor=SYSTEM, now=make.NOW)
        bad = {tie for tie in ties if values[tie[1]] != 0 and not (claims[tie] and values[tie[1]] <= 1)}
        found = graph.trouble()
        sets = tuple({int(codes[pk][1:]) for pk in some} for some in (found.suspects(), found.tainted()))
        assert sets == brute(range(size), ties, bad)
        assert found.levels == graph.chain().trouble.levels


def test_trouble_alone_is_what_the_whole_chain_says(country: make.Country) -> None:
    """With statements that need support, links that an edit of the child reopens, withdrawals and ended links."""
    rng, many = random.Random(4), 60
    drafts = [made for at in range(many) for made in (score(f"S{at}", "1"), finding(f"F{at}"), problem(f"P{at}"))]
    put(drafts=drafts, actor=SYSTEM, now=make.NOW)
    ties = [Tie(f"F{at}", f"S{rng.randrange(many)}", "t-rests", rng.choice(["", "score < 2"])) for at in range(many)]
    link(ties=[*ties, *(Tie(f"P{at}", f"F{rng.randrange(many)}", "t-arises") for at in range(0, many, 2))],
         actor=SYSTEM, now=make.NOW)  # fmt: skip
    for at, one in enumerate(ties):
        if at % 7 == 0:
            withdraw(code=one.parent, note="wrong", actor=SYSTEM, now=make.NOW)
        elif at % 7 == 1:
            cut(child=one.child, parent=one.parent, type=one.type, note="not on this", actor=SYSTEM, now=make.NOW)
        elif at % 7 == 2:
            put(drafts=[problem(f"P{at}", "Posts close early.")], actor=SYSTEM, now=make.NOW)
        elif at % 7 == 3:
            put(drafts=[score(one.parent, rng.choice(["1.5", "3"]))], actor=SYSTEM, now=make.NOW)
        found, whole = graph.trouble(), graph.chain().trouble
        assert (found.levels, found.unsupported) == (whole.levels, whole.unsupported)
    assert len(found.unsupported) > many // 2
    assert {code[0] for code in Node.objects.filter(pk__in=found.suspects()).values_list("code", flat=True)} == {*"FP"}
    assert found.tainted()


def _number(at: int, value: int) -> Draft:
    return Draft(f"N{at}", "t-number", {}, {"n": Decimal(value)}, {"en": f"N{at}"})


def test_fields_of_parts_are_read_by_a_person() -> None:
    fields = {
        "statement": {"fr": "Sans eau", "en": "No water"},
        "reach": [Decimal("2"), Decimal("10"), "posts"],
        "certainty": {"range": Decimal("0.5"), "parts": ["a", None]},
        "rights": False,
        "critical": True,
        "owner": None,
    }
    assert in_words({"fields": fields, "values": {}}) == {
        "statement": "en: No water\nfr: Sans eau",
        "reach": "2, 10, posts",
        "certainty": "parts: a, \nrange: 0.5",
        "rights": "no",
        "critical": "yes",
        "owner": "",
    }
