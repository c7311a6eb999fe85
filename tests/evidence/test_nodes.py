"""Statements put into the chain, changed, confirmed in their wording, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import make
import pytest
from django.db import DatabaseError, connection, transaction
from evidence.chain import finding, problem, score, small, written

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.evidence import NodeState, Standing
from pasaj.core.problems import Refused
from pasaj.evidence.models import KINDS, Confirmation, Link, Node, NodeKind, Review, Revision, Weighing, node_kind
from pasaj.evidence.queries.trace import blockers, state_of, states_of
from pasaj.evidence.services import Tie, confirm_wording, link, put, reinstate, withdraw

pytestmark = pytest.mark.django_db
FRESH, SUSPECT = Standing(NodeState.FRESH), Standing(NodeState.SUSPECT)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problems[0].code


@pytest.mark.req("R6.8")
def test_the_same_content_again_changes_nothing(country: make.Country) -> None:
    (change,) = put(drafts=[score("S1", "1.60")], actor=SYSTEM, now=make.NOW)
    assert (change.revision, change.changed, change.moved) == (1, True, True)
    entries = AuditEntry.objects.count()
    (change,) = put(drafts=[score("S1", "1.6")], actor=SYSTEM, now=make.NOW + timedelta(days=1))
    assert (change.revision, change.changed, change.moved) == (1, False, False)
    assert (Revision.objects.count(), AuditEntry.objects.count()) == (1, entries)


@pytest.mark.req("R6.8")
def test_what_is_not_normative_is_kept_and_moves_nothing(country: make.Country) -> None:
    small()
    before = Node.objects.get(code="F1").fingerprint
    (change,) = put(
        drafts=[replace(finding("F1"), fields={**finding("F1").fields, "horizon": "2030"})],
        actor=SYSTEM,
        now=make.NOW,
    )
    assert (change.revision, change.changed, change.moved) == (2, True, False)
    assert Node.objects.get(code="F1").fingerprint == before
    assert Revision.objects.get(node__code="F1", number=2).says["fields"]["horizon"] == "2030"
    assert state_of("P1") == FRESH


def test_a_longer_list_of_normative_fields_alarms_nobody_by_itself(country: make.Country) -> None:
    """The list has a version; what an older one fingerprinted is compared by the list of today."""
    node_kind(NodeKind("t-listed", "listed", fields=("a",)))
    draft = replace(finding("L1"), kind="t-listed", fields={"a": 1, "b": 2})
    (node,) = written(draft)
    try:
        KINDS["t-listed"] = NodeKind("t-listed", "listed", fields=("a", "b"), version=2)
        assert written(draft)[0].fingerprint == node.fingerprint
        (changed,) = written(replace(draft, fields={"a": 1, "b": 3}))
        assert (changed.revision, changed.fingerprint != node.fingerprint) == (2, True)
        assert list(Revision.objects.order_by("number").values_list("kind_version", flat=True)) == [1, 2]
    finally:
        del KINDS["t-listed"]


@pytest.mark.req("R6.9")
def test_a_changed_parent_makes_links_suspect_and_everything_below_tainted(country: make.Country) -> None:
    """S1."""
    small()
    written(score("S2", "3.5"))
    assert states_of(["S1", "S2", "F1", "P1", "none"]) == {
        "S1": FRESH, "S2": FRESH, "F1": SUSPECT, "P1": Standing(NodeState.TAINTED, 1),
    }  # fmt: skip
    written(score("S2", "3"))  # back to what was accepted
    assert (state_of("F1"), state_of("P1"), state_of("none")) == (FRESH, FRESH, None)


@pytest.mark.req("R6.10")
def test_a_recount_that_leaves_the_claim_true_raises_no_flag_and_is_written_down(country: make.Country) -> None:
    """S2 and S6: what arrives late is a recount like any other."""
    small()
    written(score("S1", "1.7", "1.3", "1.95"))
    assert (state_of("F1"), state_of("P1")) == (FRESH, FRESH)
    written(score("S1", "1.7", "1.3", "2.1"))  # it may be above 2 now
    assert state_of("F1") == SUSPECT
    rows = Weighing.objects.order_by("revision").values_list("link__parent__code", "revision", "claim", "held")
    assert list(rows) == [("S1", 2, "score < 2", True), ("S1", 3, "score < 2", False)]


@pytest.mark.req("R6.11")
def test_a_change_of_wording_is_confirmed_by_a_second_person(country: make.Country, cast: make.Cast) -> None:
    """S3."""
    small()
    first, second = cast.actor("analyst"), cast.actor("approver")
    before = Node.objects.get(code="F1")
    written(finding("F1", "No water at three posts!"), actor=first, editorial="a sign")
    written(finding("F1", "No water at 3 posts!"), actor=first, editorial="a figure for a word")
    assert state_of("P1") == SUSPECT  # until somebody confirms it
    for actor in (first, SYSTEM):
        with pytest.raises(Refused) as refused:
            confirm_wording(code="F1", seen=3, note="", actor=actor, now=make.NOW)
        assert code_of(refused) == "EVID-015"
    with pytest.raises(Refused) as refused:
        confirm_wording(code="F1", seen=2, note="", actor=second, now=make.NOW)
    assert code_of(refused) == "EVID-010"
    confirm_wording(code="F1", seen=3, note="same sense", actor=second, now=make.NOW)
    assert (state_of("P1"), Node.objects.get(code="F1").fingerprint) == (FRESH, before.fingerprint)
    assert Confirmation.objects.count() == 2
    entry = AuditEntry.objects.get(action="evidence.confirmed")
    assert (entry.code, entry.actor_id) == ("F1", second.id)
    assert ("No water at three posts." in entry.detail.values["before"]) is True
    assert ("No water at 3 posts!" in entry.detail.values["after"]) is True
    with pytest.raises(Refused) as refused:
        confirm_wording(code="F1", seen=3, note="", actor=second, now=make.NOW)
    assert code_of(refused) == "EVID-014"
    # The next one carries what was carried.
    written(finding("F1", "No water at 3 posts."), actor=second, editorial="the sign again")
    confirm_wording(code="F1", seen=4, note="", actor=first, now=make.NOW)
    assert (state_of("P1"), Node.objects.get(code="F1").fingerprint) == (FRESH, before.fingerprint)


@pytest.mark.req("R6.11")
def test_a_change_of_meaning_cannot_hide_behind_a_change_of_wording(country: make.Country, cast: make.Cast) -> None:
    small()
    written(finding("F1", "No water at four posts."), actor=cast.actor("analyst"))
    written(finding("F1", "No water at four posts!"), actor=cast.actor("analyst"), editorial="a sign")
    confirm_wording(code="F1", seen=3, note="", actor=cast.actor("approver"), now=make.NOW)
    assert state_of("P1") == SUSPECT  # four is not three
    with pytest.raises(Refused) as refused:
        written(score("S1", "1.5"), editorial="only the wording")
    assert code_of(refused) == "EVID-020"
    written(finding("F1", "No water at five posts."), actor=cast.actor("analyst"))
    with pytest.raises(Refused) as refused:
        confirm_wording(code="F1", seen=4, note="", actor=cast.actor("approver"), now=make.NOW)
    assert code_of(refused) == "EVID-014"


@pytest.mark.req("R6.12")
def test_a_withdrawal_breaks_links_and_blocks_publishing(country: make.Country) -> None:
    """S5."""
    small()
    with pytest.raises(Refused) as refused:
        withdraw(code="S2", note=" ", actor=SYSTEM, now=make.NOW)
    assert code_of(refused) == "EVID-016"
    assert blockers("P1") == ()
    withdraw(code="S2", note="entered twice", actor=SYSTEM, now=make.NOW)
    withdraw(code="S2", note="entered twice", actor=SYSTEM, now=make.NOW)  # once is enough
    assert state_of("F1") == SUSPECT
    assert [(one.reason, one.code, one.parent, one.level, one.waivable) for one in blockers("P1")] == [
        ("broken", "F1", "S2", 1, False)
    ]
    written(score("S1", "2.5"))
    withdraw(code="S1", note="falsified", actor=SYSTEM, now=make.NOW)
    assert state_of("F1") == Standing(NodeState.UNSUPPORTED)  # no leg left
    assert [one.reason for one in blockers("P1")] == ["unsupported", "broken", "broken"]
    withdraw(code="P1", note="given up", actor=SYSTEM, now=make.NOW)
    assert blockers("P1")[0].reason == "withdrawn"
    written(score("S2", "3"))  # the same again: it stays withdrawn
    reinstate(code="S2", note="it was right", actor=SYSTEM, now=make.NOW)
    written(score("S1", "1.6", "1.2", "1.9"))
    reinstate(code="S1", note="it was not", actor=SYSTEM, now=make.NOW)
    assert state_of("F1") == FRESH
    rows = Revision.objects.filter(node__code="S2").order_by("number").values_list("number", "withdrawn", "note")
    assert list(rows) == [(1, False, ""), (2, True, "entered twice"), (3, False, "it was right")]


def test_suspect_links_may_be_waived_and_nothing_else(country: make.Country) -> None:
    small()
    written(score("S2", "2"), finding("F2"))
    assert [(one.reason, one.waivable) for one in blockers("P1")] == [("suspect", True)]
    assert [(one.reason, one.code, one.waivable) for one in blockers("F2")] == [("unsupported", "F2", False)]


def test_bad_drafts(country: make.Country) -> None:
    small()
    for draft, code in (
        (replace(problem("F1"), code="F1"), "EVID-017"),
        (replace(finding("F9"), fields={"statement": "x"}), "EVID-021"),
    ):
        with pytest.raises(Refused) as refused:
            written(draft)
        assert code_of(refused) == code
    assert Node.objects.filter(code="F9").exists() is False
    with pytest.raises(Refused) as refused:
        withdraw(code="NONE", note="why", actor=SYSTEM, now=make.NOW)
    assert code_of(refused) == "EVID-007"


def test_a_value_nobody_knows_is_left_out(country: make.Country) -> None:
    (node,) = written(replace(score("S1", "1"), values={"score": None, "share": 2}))
    assert sorted(node.values) == ["share"]


def test_an_institution_answers_for_it(country: make.Country, cast: make.Cast) -> None:
    (node,) = written(finding("F1", institution="AID"), actor=cast.actor("analyst"))
    assert (node.institution, node.authors) == (country.institutions["AID"], "AID CELL")


def test_a_critical_mark_is_a_revision_of_the_same_meaning(country: make.Country) -> None:
    small()
    (change,) = put(drafts=[finding("F1", critical=True)], actor=SYSTEM, now=make.NOW)
    assert (change.changed, change.moved, state_of("P1")) == (True, False, FRESH)


@pytest.mark.req("R6.13")
@pytest.mark.parametrize("model", [Revision, Confirmation, Review, Weighing])
def test_history_is_never_changed(country: make.Country, cast: make.Cast, model: type) -> None:
    small()
    written(score("S1", "1.7"))
    written(finding("F1", "Other words."), actor=cast.actor("analyst"), editorial="words")
    confirm_wording(code="F1", seen=2, note="", actor=cast.actor("approver"), now=make.NOW)
    table = model._meta.db_table
    statements = (f"UPDATE {table} SET id = id", f"DELETE FROM {table}")
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.req("R6.13")
@pytest.mark.parametrize("model", [Node, Link])
def test_nothing_leaves_the_chain(country: make.Country, model: type) -> None:
    small()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert link(ties=[Tie("F1", "S1", "t-rests")], actor=SYSTEM, now=make.NOW) == ()  # a second time: nothing
    assert Link.objects.count() == 3
