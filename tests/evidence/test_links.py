"""Links, claims, and reviews by people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evidence.chain import finding, problem, score, small, tied, written

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM, Actor
from pasaj.core.evidence import NodeState, Standing
from pasaj.core.problems import Refused
from pasaj.evidence.models import Link, Node, Review
from pasaj.evidence.queries.trace import state_of
from pasaj.evidence.services import Tie, cut, link, put, review, withdraw

FRESH, SUSPECT = Standing(NodeState.FRESH), Standing(NodeState.SUSPECT)


def look(child: str, parent: str, actor: Actor, type: str = "t-rests", **more: Any) -> Link:
    given: dict[str, Any] = {"disposition": "confirmed", "note": "looked at", **more}
    seen = dict(Node.objects.filter(code__in=(child, parent)).values_list("code", "revision"))
    given = {"seen_child": seen.get(child, 1), "seen_parent": seen.get(parent, 1), **given}
    return review(child=child, parent=parent, type=type, actor=actor, now=make.NOW, **given)


def refused_with(code: str, work: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        work()
    assert [one.code for one in refused.value.problems] == [code]


@pytest.mark.django_db
@pytest.mark.req("R6.9")
def test_a_review_accepts_what_stands_now(country: make.Country, cast: make.Cast) -> None:
    small()
    analyst = cast.actor("analyst")
    written(score("S2", "2"))
    row = look("F1", "S2", analyst, disposition="not_applicable")
    assert (state_of("F1"), row.accepted_revision, row.disposition) == (FRESH, 2, "not_applicable")
    written(score("S2", "1"))
    look("F1", "S2", analyst, disposition="adjusted")
    history = Review.objects.filter(link=row).order_by("number")
    assert [(one.number, one.disposition, one.accepted_revision, one.actor_label) for one in history] == [
        (1, "confirmed", 1, "Pasaj"),
        (2, "not_applicable", 2, analyst.label),
        (3, "adjusted", 3, analyst.label),
    ]
    assert history[2].institutions == "CELL"
    entry = AuditEntry.objects.filter(action="evidence.reviewed").order_by("-id")[0]
    assert (entry.code, entry.detail.values["disposition"]) == ("F1", "adjusted")


@pytest.mark.django_db
def test_what_a_review_refuses(country: make.Country, cast: make.Cast) -> None:
    small()
    analyst = cast.actor("analyst")
    refused_with("EVID-019", lambda: look("F1", "S2", analyst, disposition="cut"))
    refused_with("EVID-019", lambda: look("F1", "S2", analyst, disposition=""))
    refused_with("EVID-011", lambda: look("F1", "S2", analyst, note="  "))
    refused_with("EVID-010", lambda: look("F1", "S2", analyst, seen_parent=0))
    refused_with("EVID-010", lambda: look("F1", "S2", analyst, seen_child=7))
    refused_with("EVID-007", lambda: look("F1", "NONE", analyst))
    refused_with("EVID-018", lambda: look("P1", "S2", analyst))
    refused_with("EVID-002", lambda: look("F1", "S2", analyst, claim="score"))
    refused_with("EVID-006", lambda: look("F1", "S2", analyst, claim="score < 2"))
    written(score("S1", "2.5"))
    refused_with("EVID-006", lambda: look("F1", "S1", analyst))  # its claim is not true any more
    assert look("F1", "S1", analyst, claim="score < 3").claim == "score < 3"
    assert look("F1", "S1", analyst, claim=" ").claim == ""
    withdraw(code="S1", note="falsified", actor=SYSTEM, now=make.NOW)
    refused_with("EVID-013", lambda: look("F1", "S1", analyst))
    assert Review.objects.filter(link__parent__code="S2").count() == 1


@pytest.mark.django_db
@pytest.mark.req("R6.9")
def test_an_edit_of_the_child_reopens_links_whose_type_says_so(country: make.Country) -> None:
    """S4: a problem is reviewed against its finding as a pair; a finding against its scores is not."""
    small()
    written(problem("P1", "Posts close at noon."))
    assert (state_of("P1"), state_of("F1")) == (SUSPECT, FRESH)
    look("P1", "F1", SYSTEM, "t-arises")
    assert state_of("P1") == FRESH
    written(finding("F1", "No water at four posts."))
    assert (state_of("F1"), state_of("P1")) == (FRESH, SUSPECT)


@pytest.mark.django_db
def test_what_a_link_refuses(country: make.Country) -> None:
    small()
    written(finding("F2"), finding("F3"), score("S3", "1"))
    for tie, code in (
        (Tie("F1", "NONE", "t-rests"), "EVID-007"),
        (Tie("P1", "S1", "t-rests"), "EVID-008"),
        (Tie("F1", "S1", "t-unknown"), "EVID-008"),
        (Tie("F1", "F1", "t-rests"), "EVID-009"),
        (Tie("F2", "S1", "t-rests", "size < 2"), "EVID-005"),
        (Tie("F2", "S1", "t-rests", "score > 3"), "EVID-006"),
    ):
        refused_with(code, lambda tie=tie: link(ties=[tie], actor=SYSTEM, now=make.NOW))
    tied("F2", "F1")
    tied("F3", "F2")
    with pytest.raises(Refused) as refused:
        tied("F1", "F3")
    assert refused.value.problems[0].text() == "The link would close a circle: F1 → F3 → F2 → F1."
    # Also when the circle is closed by several links that come together.
    written(finding("F4"), finding("F5"))
    ties = [Tie("F4", "F5", "t-rests"), Tie("F5", "F4", "t-rests")]
    refused_with("EVID-009", lambda: link(ties=ties, actor=SYSTEM, now=make.NOW))
    assert Link.objects.count() == 5
    withdraw(code="S3", note="why not", actor=SYSTEM, now=make.NOW)
    refused_with("EVID-013", lambda: tied("F2", "S3"))


@pytest.mark.django_db
def test_a_link_that_is_cut_counts_for_nothing_until_it_is_made_again(country: make.Country) -> None:
    small()
    refused_with("EVID-011", lambda: cut(child="F1", parent="S2", type="t-rests", note="", actor=SYSTEM, now=make.NOW))
    for parent in ("S1", "S2"):
        cut(child="F1", parent=parent, type="t-rests", note="the wrong score", actor=SYSTEM, now=make.NOW)
    assert state_of("F1") == Standing(NodeState.UNSUPPORTED)
    refused_with("EVID-018", lambda: cut(child="F1", parent="S2", type="t-rests", note="x", actor=SYSTEM, now=make.NOW))
    tied("F1", "S2")
    assert (state_of("F1"), Link.objects.count()) == (FRESH, 3)
    rows = Review.objects.filter(link__parent__code="S2").order_by("number").values_list("number", "disposition")
    assert list(rows) == [(1, "confirmed"), (2, "cut"), (3, "confirmed")]


@pytest.mark.django_db
@pytest.mark.req("R6.14")
def test_a_critical_chain_is_reviewed_by_another_institution(country: make.Country, cast: make.Cast) -> None:
    """S7: the analyst is of the cell, the chief of the immigration service, the partner of the aid network."""
    analyst, chief = cast.actor("analyst"), cast.actor("chief")
    written(score("S1", "1"), finding("F1", critical=True), problem("P1"), finding("F2"), actor=analyst)
    tied("F1", "S1", actor=analyst)
    assert (state_of("F1"), Review.objects.count()) == (SUSPECT, 0)  # linked, and accepted by nobody
    for actor in (analyst, cast.actor("duty"), SYSTEM):
        refused_with("EVID-012", lambda actor=actor: look("F1", "S1", actor))
    look("F1", "S1", chief)
    assert state_of("F1") == FRESH
    # What rests on a critical finding is in the same chain; what does not, is not.
    tied("P1", "F1", "t-arises", actor=analyst)
    assert state_of("P1") == SUSPECT
    refused_with(
        "EVID-012",
        lambda: cut(child="P1", parent="F1", type="t-arises", note="x", actor=analyst, now=make.NOW),
    )
    look("P1", "F1", cast.actor("partner"), "t-arises")
    tied("F2", "S1", actor=analyst)
    assert (state_of("P1"), state_of("F2")) == (FRESH, FRESH)


@pytest.mark.django_db
@pytest.mark.req("R6.14")
def test_links_made_together_are_one_critical_chain(country: make.Country, cast: make.Cast) -> None:
    analyst = cast.actor("analyst")
    written(finding("F1", critical=True), finding("F2"), finding("F3"), score("S1", "1"), actor=analyst)
    ties = [Tie("F3", "F2", "t-rests"), Tie("F2", "F1", "t-rests"), Tie("F1", "S1", "t-rests")]
    rows = link(ties=ties, actor=analyst, now=make.NOW)
    assert [row.accepted_revision for row in rows] == [0, 0, 0]


@pytest.mark.django_db
def test_many_links_cost_a_constant_number_of_queries(country: make.Country) -> None:
    def made(number: int) -> int:
        drafts = [finding(f"F{number}-{at}") for at in range(number)] + [score(f"S{number}", "1")]
        ties = [Tie(f"F{number}-{at}", f"S{number}", "t-rests") for at in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            put(drafts=drafts, actor=SYSTEM, now=make.NOW)
            link(ties=ties, actor=SYSTEM, now=make.NOW)
        return len(asked)

    assert made(2) == made(40)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R6.13")
def test_two_reviews_at_once_are_both_kept(at_once: Callable[..., list[Any]]) -> None:
    cast = make.cast(make.country())
    small()
    written(score("S2", "2"))
    works = [lambda who=who: look("F1", "S2", cast.actor(who), note=who) for who in ("analyst", "approver", "duty")]
    at_once(*works)
    rows = list(Review.objects.filter(link__parent__code="S2").order_by("number"))
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert {row.note for row in rows[1:]} == {"analyst", "approver", "duty"}
    assert Link.objects.get(parent__code="S2").reviews_made == 4


@pytest.mark.django_db(transaction=True)
def test_a_review_and_a_change_at_once_never_accept_what_nobody_saw(at_once: Callable[..., list[Any]]) -> None:
    make.country()
    small()
    written(score("S2", "2"))

    def reviewed() -> str:
        try:
            look("F1", "S2", SYSTEM, seen_child=1, seen_parent=2)
        except Refused as refused:
            return refused.problems[0].code
        return ""

    said, _changed = at_once(reviewed, lambda: written(score("S2", "1")))
    row = Link.objects.get(parent__code="S2")
    assert row.accepted_revision == (1 if said == "EVID-010" else 2)
    assert state_of("F1") == SUSPECT  # whichever came first, the last change was not seen


@pytest.mark.django_db(transaction=True)
def test_the_same_statement_put_twice_at_once_is_one(in_threads: Callable[[Callable[[], None], int], None]) -> None:
    make.country()

    def work() -> None:
        written(score("S1", "1"), finding("F1"), score("S2", "2"))

    in_threads(work, 4)
    assert sorted(Node.objects.values_list("code", "revision")) == [("F1", 1), ("S1", 1), ("S2", 1)]


@pytest.mark.django_db(transaction=True)
def test_two_links_at_once_close_no_circle(at_once: Callable[..., list[Any]]) -> None:
    make.country()
    written(finding("F1"), finding("F2"))

    def made(child: str, parent: str) -> str:
        try:
            tied(child, parent)
        except Refused as refused:
            return refused.problems[0].code
        return ""

    said = at_once(lambda: made("F1", "F2"), lambda: made("F2", "F1"))
    assert (sorted(said), Link.objects.count()) == (["", "EVID-009"], 1)
