"""Versions: proposed by one, published by another, frozen, signed, read by everybody or by the cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import LazySettings
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from policy import documents, plans

from pasaj.access.rules import Actor, Grant
from pasaj.core.problems import Refused
from pasaj.core.report.saying import words
from pasaj.evidence import services as evidence
from pasaj.evidence.models import FIGURES, FigureQuery, Link, Node
from pasaj.policy.models import Policy, Proposal, Version
from pasaj.policy.queries import changes
from pasaj.policy.queries import versions as queries
from pasaj.policy.queries.grounds import above, moved
from pasaj.policy.services import clauses, coherence, statements, verifying, versions
from pasaj.registry.models import Institution

NOW = make.NOW
SECRET = "Nobody refers children who cross alone"


@pytest.fixture(autouse=True)
def home_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.PASAJ_HOME = tmp_path
    return tmp_path


def approver() -> Actor:
    cell = Institution.objects.get(code="CELL")
    return Actor(950, "approver", (Grant("approver", cell.pk, "CELL"),), "web")


def refused(call: Any, **named: Any) -> list[str]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**{"actor": plans.drafter(), "now": NOW, **named})
    return [one.code for one in caught.value.problems]


def let_pass(row: Policy) -> None:
    """Look again at what moved, and waive what may be waived, so that the small policy can be published."""
    for link in Link.objects.select_related("child", "parent").filter(child__code__startswith="P1-"):
        if link.accepted_fingerprint != link.parent.fingerprint and link.disposition != "cut":
            evidence.review(
                child=link.child.code, parent=link.parent.code, type=link.type, disposition="confirmed", note="Seen.",
                seen_child=link.child.revision, seen_parent=link.parent.revision, actor=plans.drafter(), now=NOW,
            )  # fmt: skip
    for one in coherence.stops(row, NOW):
        coherence.waive(
            policy=row.code, fingerprint=one.breach.fingerprint, reason="A test.", actor=approver(), now=NOW
        )


@pytest.fixture
def policy(country: make.Country) -> Policy:
    row = documents.small(country)
    plans.ground("A1-F01")
    for language in ("ht", "en", "es"):
        text = {"ht": "Timoun pou kont yo.", "en": "Children alone.", "es": "Niños solos."}[language]
        clauses.save(code="P1-C1.1", language=language, text=text, seen=0, actor=plans.drafter(), now=NOW)
    let_pass(row)
    return row


def publish(public: bool = False, note: str = "First") -> Version:
    versions.propose(policy="P1", note=note, public=public, actor=plans.drafter(), now=NOW)
    return versions.publish(policy="P1", actor=approver(), now=NOW)


@pytest.mark.req("R12.60")
def test_a_version_is_proposed_by_one_and_published_by_another(policy: Policy) -> None:
    assert refused(versions.publish, policy="P1", actor=approver()) == ["POLV-003"]
    assert refused(versions.propose, policy="P1", note=" ", public=False) == ["POL-006"]
    made = versions.propose(policy="P1", note="First", public=False, actor=plans.drafter(), now=NOW)
    assert refused(versions.publish, policy="P1") == ["POLV-004"]
    version = versions.publish(policy="P1", actor=approver(), now=NOW)
    assert (version.code, version.number, version.by, version.supersedes) == ("P1-V1", 1, "CELL", None)
    made.refresh_from_db()
    assert (made.state, made.decider_id) == ("published", 950)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(decider_id=made.proposer_id)


@pytest.mark.req("R12.60")
def test_what_moved_meanwhile_is_not_published(policy: Policy) -> None:
    versions.propose(policy="P1", note="First", public=False, actor=plans.drafter(), now=NOW)
    changed = replace(plans.OBJECTIVE, text=make.names("Every child alone is referred within an hour"))
    statements.edit(code="P1-O1.1", wanted=changed, seen=1, actor=plans.drafter(), now=NOW)
    let_pass(policy)
    assert refused(versions.publish, policy="P1", actor=approver()) == ["POLV-005"]
    assert Version.objects.count() == 0


@pytest.mark.req("R12.60")
def test_errors_stand_against_it(country: make.Country) -> None:
    documents.small(country)
    assert refused(versions.propose, policy="P1", note="First", public=False) == ["POLV-002"]


def test_a_proposal_is_sent_back_with_a_reason(policy: Policy) -> None:
    versions.propose(policy="P1", note="First", public=False, actor=plans.drafter(), now=NOW)
    versions.propose(policy="P1", note="Again", public=True, actor=plans.drafter(), now=NOW)
    assert refused(versions.refuse, policy="P1", reason="", actor=approver()) == ["POL-006"]
    versions.refuse(policy="P1", reason="Too early", actor=approver(), now=NOW)
    assert list(Proposal.objects.order_by("number").values_list("state", "reason")) == [
        ("overtaken", ""),
        ("refused", "Too early"),
    ]


@pytest.mark.req("R12.61")
def test_a_version_never_changes_and_the_next_one_says_what_did(policy: Policy) -> None:
    first = publish()
    assert refused(versions.propose, policy="P1", note="Second", public=False) == ["POLV-006"]
    changed = replace(plans.OBJECTIVE, text=make.names("Every child alone is referred within an hour"))
    statements.edit(code="P1-O1.1", wanted=changed, seen=1, actor=plans.drafter(), now=NOW)
    let_pass(policy)
    second = publish(note="Second")
    assert second.supersedes == first
    told = changes.between(first.content, second.content, "en").statements
    assert [(one.code, one.what, [name for name, _said in one.fields]) for one in told] == [
        ("P1-O1.1", "changed", ["words"])
    ]
    assert [one.text for one in told[0].fields[0][1] if one.kind == "insert"] != []
    said = queries.says(first, "fr")
    assert said is not None
    assert "le jour même" in " ".join(words(said))
    for rows in (Version.objects.filter(pk=first.pk), first.texts.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**{"note": "x"} if rows.model is Version else {"fingerprint": "x"})
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


@pytest.mark.req("R12.62")
def test_the_signature_is_over_every_word(policy: Policy) -> None:
    plain = json.loads(json.dumps(queries.package(publish(public=True))))
    assert verifying.verified(plain)["version"] == "P1-V1"
    assert verifying.verified(plain, plain["key"])["approved_by"] == "CELL"

    def spoilt(change: Callable[[dict[str, Any]], object]) -> list[str]:
        copy = json.loads(json.dumps(plain))
        change(copy)
        with pytest.raises(Refused) as caught:
            verifying.verified(copy)
        return [one.code for one in caught.value.problems]

    assert spoilt(lambda one: one["content"]["measures"][0].update(kind="enforcement")) == ["POLV-010"]
    assert spoilt(lambda one: one["texts"]["fr"].update(title="x")) == ["POLV-010"]
    assert spoilt(lambda one: one["texts"].pop("fr/outside")) == ["POLV-010"]
    assert spoilt(lambda one: one["signed"].update(published_at="2020-01-01T00:00:00+00:00")) == ["POLV-011"]
    assert spoilt(lambda one: one.update(key="00" * 32)) == ["POLV-011"]
    assert spoilt(lambda one: one.update(signature="zz")) == ["POLV-011"]
    assert spoilt(lambda one: one.pop("texts")) == ["POLV-009"]
    assert spoilt(lambda one: one["signed"].pop("texts")) == ["POLV-009"]
    with pytest.raises(Refused):
        verifying.verified(plain, "11" * 32)
    with pytest.raises(Refused):
        verifying.verified([])


@pytest.mark.req("R12.63")
def test_everybody_reads_the_words_of_a_public_version_and_no_finding(policy: Policy) -> None:
    version = publish(public=True)
    inside, outside = above(version.content, ["P1-M1.1"], "en", everybody=False), above(
        version.content, ["P1-M1.1"], "en", everybody=True
    )  # fmt: skip
    assert [one.code for one in inside] == ["P1-M1.1", "P1-O1.1", plans.LAW, "P1-PB1.1", "A1-F01", "FG-2025-0001"]
    assert [one.code for one in outside] == [one.code for one in inside]
    assert SECRET in [one.title for one in inside]
    assert SECRET not in [one.title for one in outside]
    said = queries.says(version, "fr", everybody=True)
    assert said is not None
    assert SECRET not in " ".join(words(said))
    assert "A1-F01" not in " ".join(words(said))
    whole = queries.says(version, "fr")
    assert whole is not None
    assert "A1-F01" in " ".join(words(whole))


def _count(value: int) -> FigureQuery:
    return FigureQuery("test-children", lambda told: {"count": _exact(value)}, lambda told: ("children",))


def _exact(value: int) -> Any:
    from decimal import Decimal

    from pasaj.core.evidence import Quantity

    return Quantity(Decimal(value), Decimal(value), Decimal(value))


@pytest.mark.req("R12.63")
def test_our_own_counts_leave_as_sizes_in_words(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIGURES, "test-children", _count(4271))
    node = evidence.figure(
        query="test-children", parameters={}, titles=make.names("Children"), actor=plans.drafter(), now=NOW
    )
    text = f"Il y a eu {{{{figure:{node.code}}}}} enfants."
    clauses.save(code="P1-C1.2", language="fr", text=text, seen=1, actor=plans.drafter(), now=NOW)
    let_pass(policy)
    version = publish(public=True)
    whole, outside = queries.says(version, "fr"), queries.says(version, "fr", everybody=True)
    assert whole is not None
    assert outside is not None
    assert "4" in " ".join(words(whole)).partition("Il y a eu")[2][:8]
    assert "271" not in " ".join(words(outside))
    frozen = {one["key"]: one for one in version.content["references"]}[f"figure:{node.code}"]
    assert (frozen["fingerprint"], frozen["clause"]) == (node.fingerprint, "P1-C1.2")


@pytest.mark.req("R12.64")
def test_what_moves_afterwards_is_told(policy: Policy) -> None:
    version = publish()
    assert moved(version.content) == []
    plans.finding(text="Most children who cross alone are referred")
    told = {(one.code, one.what) for one in moved(version.content)}
    assert ("A1-F01", "changed") in told
    assert ("P1-PB1.1", "state") in told
    evidence.withdraw(code="A1-F01", note="wrong", actor=plans.drafter(), now=NOW)
    assert ("A1-F01", "withdrawn") in {(one.code, one.what) for one in moved(version.content)}
    assert Node.objects.filter(code="A1-F01").exists()


def test_a_policy_takes_its_steps_in_order(policy: Policy) -> None:
    assert refused(versions.turn, policy="P1", state="adopted", reason="x", actor=approver()) == ["POLV-012"]
    for state in ("validated", "adopted", "in_force", "superseded"):
        row = versions.turn(policy="P1", state=state, reason="Decided", actor=approver(), now=NOW)
    assert (row.state, row.revision) == ("superseded", 5)


def test_an_empty_language_is_not_published(country: make.Country) -> None:
    row = documents.small(country)
    plans.ground("A1-F01")
    let_pass(row)
    assert refused(versions.propose, policy="P1", note="First", public=False) == ["POLV-007"]


# --- Pages -------------------------------------------------------------------------------------


@pytest.fixture
def drafter(country: make.Country) -> Client:
    client = Client()
    client.force_login(plans.member(country))  # type: ignore[arg-type]
    return client


@pytest.mark.req("R12.60")
def test_two_people_publish_in_the_browser(policy: Policy, drafter: Client, as_: Callable[[str], Client]) -> None:
    page = drafter.get("/policy/P1/versions/").content.decode()
    assert "Propose it" in page
    done = drafter.post("/policy/P1/versions/propose", {"note": "First", "public": "yes"})
    assert done.status_code == 302
    assert drafter.post("/policy/P1/versions/decide", {"step": "publish"}).status_code == 404
    assert as_("duty").post("/policy/P1/versions/propose", {"note": "x"}).status_code == 404
    answer = as_("approver").post("/policy/P1/versions/decide", {"step": "publish"})
    assert (answer.status_code, answer["Location"]) == (302, "/policy/P1/versions/1/")
    for address in ("/policy/P1/versions/", "/policy/P1/versions/1/", "/policy/P1/versions/1/?lang=ht",
                    "/policy/P1/since/?since=1"):  # fmt: skip
        assert drafter.get(address).status_code == 200
        assert as_("partner").get(address).status_code == 200
        assert as_("stranger").get(address).status_code == 404
    moved = drafter.get("/policy/P1/versions/1/changes/?to=now&lang=fr")
    assert (moved.status_code, moved["Location"]) == (301, "/policy/P1/since/?since=1&lang=fr")
    assert as_("partner").get("/policy/P1/versions/1/changes/")["Location"] == "/policy/P1/since/?since=1&until=1"
    assert as_("stranger").get("/policy/P1/versions/1/changes/").status_code == 404
    assert as_("partner").get("/policy/P1/versions/1/changes/?to=now").status_code == 404
    assert SECRET in drafter.get("/policy/P1/versions/1/?lang=en").content.decode()
    assert SECRET not in as_("partner").get("/policy/P1/versions/1/?lang=en").content.decode()
    assert drafter.get("/policy/P1/versions/1/?lang=xx").status_code == 404
    assert drafter.get("/policy/P1/versions/9/").status_code == 404


@pytest.mark.req("R12.63")
def test_strangers_read_public_versions_and_learn_of_no_other(policy: Policy) -> None:
    publish()
    nobody = Client()
    assert nobody.get("/p/P1/").status_code == 404
    clauses.save(code="P1-C1.2", language="fr", text="Autre.", seen=1, actor=plans.drafter(), now=NOW)
    let_pass(policy)
    publish(public=True, note="For everybody")
    page = nobody.get("/p/P1/")
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert nobody.get("/p/P1/1/").status_code == 404
    answer = nobody.get("/p/P1/2/file.pdf")
    assert (b"".join(answer.streaming_content)[:4], answer["X-Pasaj-Audience"]) == (b"%PDF", "TLP:CLEAR")  # type: ignore[attr-defined]
    assert nobody.get("/p/P1/2/file.json").status_code == 404


@pytest.mark.req("R12.94")
def test_everybody_reads_in_what_public_versions_differ(policy: Policy) -> None:
    publish(public=True)
    nobody = Client()
    assert nobody.get("/p/P1/1/changes/").status_code == 404  # there was none before
    clauses.save(code="P1-C1.2", language="fr", text="Ce que tous lisent.", seen=1, actor=plans.drafter(), now=NOW)
    let_pass(policy)
    publish()
    assert nobody.get("/p/P1/2/changes/").status_code == 404  # it is not for everybody
    clauses.save(code="P1-C1.2", language="fr", text="Ce que chacun lit.", seen=2, actor=plans.drafter(), now=NOW)
    let_pass(policy)
    publish(public=True, note="For everybody")
    assert "/p/P1/3/changes/?lang=fr" in nobody.get("/p/P1/?lang=fr").content.decode()
    page = nobody.get("/p/P1/3/changes/?lang=fr")
    said = page.content.decode()
    assert [one.code for one in (page.context["before"], page.context["version"])] == ["P1-V1", "P1-V3"]
    lines = [line for one in page.context["apart"] for line in one.lines]
    now = ["".join(each.text for each in line if each.kind != "delete") for line in lines]
    assert [one for one in now if "Ce que chacun lit." in one]
    assert "<ins>" in said
    assert ("tous lisent" in said, SECRET in said) == (False, False)
    assert nobody.get("/p/P1/3/changes/?lang=xx").status_code == 404


def test_files_of_a_version_and_of_the_draft(policy: Policy, drafter: Client, as_: Callable[[str], Client]) -> None:
    publish()
    for address, head in (
        ("/policy/P1/versions/1/file.pdf", b"%PDF"),
        ("/policy/P1/versions/1/file.docx?lang=ht", b"PK"),
        ("/policy/P1/versions/1/file.json", b"{"),
        ("/policy/P1/draft.pdf", b"%PDF"),
        ("/policy/P1/draft.docx", b"PK"),
    ):
        answer = drafter.get(address)
        assert b"".join(answer.streaming_content)[: len(head)] == head  # type: ignore[attr-defined]
    told = as_("partner").get("/policy/P1/versions/1/file.pdf")
    assert (b"".join(told.streaming_content)[:4], told["X-Pasaj-Audience"]) == (b"%PDF", "TLP:AMBER")  # type: ignore[attr-defined]
    assert as_("partner").get("/policy/P1/versions/1/file.json").status_code == 404
    assert drafter.get("/policy/P1/versions/1/file.exe").status_code == 404
    assert drafter.get("/policy/P1/draft.json").status_code == 404
