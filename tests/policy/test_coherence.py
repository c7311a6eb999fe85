"""Coherence of a policy of the home: checked, waived, set aside, on its page and by the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from policy import plans

from pasaj.access.models import Account, AuditEntry
from pasaj.access.rules import Actor, Grant
from pasaj.core.evidence import LinkState
from pasaj.core.policy.coherence import Breach
from pasaj.core.policy.coherence.kind import Fix
from pasaj.core.problems import Refused
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Link, Node
from pasaj.evidence.queries import graph
from pasaj.evidence.queries.trace import states_of
from pasaj.policy.models import (
    Action,
    Appraisal,
    Comment,
    Consultation,
    Criterion,
    Disposition,
    Invitation,
    Judgement,
    Measure,
    NotAddressed,
    Objective,
    Option,
    Policy,
    Problem,
    Waiver,
)  # fmt: skip
from pasaj.policy.queries import coherence as queries
from pasaj.policy.queries import surroundings
from pasaj.policy.queries.surroundings import look
from pasaj.policy.services import clauses, coherence, document, money, packs, policies, statements
from pasaj.policy.services.wanted import ActionWanted
from pasaj.policy.views.coherence import address
from pasaj.registry.models import Function, Institution, Instrument, Mandate

pytestmark = pytest.mark.django_db
GONE = "no longer in the country pack"
TODAY = plans.NOW.date()


def approver() -> Actor:
    cell = Institution.objects.get(code="CELL")
    return Actor(901, "approver", (Grant("approver", cell.pk, "CELL"),), "web")


def codes(row: Policy) -> list[str]:
    return [one.breach.rule for one in queries.checked(row, TODAY).found]


@pytest.mark.req("R12.54")
def test_a_policy_of_the_home_is_read_and_checked(country: make.Country) -> None:
    row = plans.whole(country)
    view = look(row, TODAY)
    assert set(view.findings) <= {"A1-F01"}
    assert view.instruments[plans.LAW].in_force is True
    assert view.instruments[plans.LAW].held
    assert set(view.goals) == {"GCM-11", "GCM-12"}
    assert all(one.compact for one in view.goals.values())
    assert view.institutions["IMM"] is None
    assert view.parents["TL0101"] != ""
    found = queries.checked(row, TODAY)
    told = {one.breach.rule: one.breach.statement for one in found.found}
    assert told["COH-507"] == "P1"  # no text
    assert told["COH-022"] == "P1-M2.1"  # joint checks without an action
    assert told["COH-111"] == "P1-M2.1"  # no function
    assert told["COH-323"] == "P1-A1.1.2"  # no cost
    assert "COH-012" not in told
    assert "COH-152" not in told
    assert found.counts["error"] == len(found.stops)
    assert [one.breach.rule for one in coherence.stops(row, plans.NOW)] == [one.breach.rule for one in found.stops]


def test_mandates_of_the_pack_are_looked_at(country: make.Country) -> None:
    row = plans.whole(country)
    measure = Measure.objects.get(code="P1-M1.1")
    measure.function = Function.objects.create(code="REF", names=make.names("Referral"), source="test")
    measure.save()
    assert "COH-132" in codes(row)
    held = {"function": measure.function, "role": "lead", "source": "test"}
    aid = Institution.objects.get(code="AID")
    given = Mandate.objects.create(key="REF/AID", institution=aid, **held)
    assert "COH-112" in codes(row)
    given.institution = Institution.objects.get(code="IMM")
    given.save()
    assert not {"COH-112", "COH-132"} & set(codes(row))
    given.valid_end = date(2026, 1, 1)
    given.save()
    assert "COH-113" in codes(row)


@pytest.mark.req("R12.96")
def test_an_institution_abolished_in_mid_plan_is_told(country: make.Country) -> None:
    row = plans.whole(country)
    client = Client()
    client.force_login(plans.member(country))  # type: ignore[arg-type]
    pages = ("/policy/statements/P1-M1.1/", "/policy/statements/P1-A1.1.2/")
    assert not [one for one in pages if GONE in client.get(one).content.decode()]
    assert not {"COH-121", "COH-122"} & set(codes(row))
    Institution.objects.filter(code="AID").update(retired_at=plans.NOW)
    assert {"COH-121", "COH-122"} <= set(codes(row))
    assert [one for one in pages if GONE in client.get(one).content.decode()] == list(pages)


@pytest.mark.req("R12.96")
def test_an_instrument_that_changes_is_told_to_the_chain(country: make.Country) -> None:
    row = plans.whole(country)
    plans.ground("A1-F01")
    measure = Measure.objects.get(code="P1-M1.1")
    said = document.add(policy="P1", kind="text", text=make.names("A post."), actor=plans.drafter(), now=plans.NOW)
    document.realise(code=said.code, measures=["P1-M1.1"], objectives=[], seen=1, actor=plans.drafter(), now=plans.NOW)
    pack = SimpleNamespace(code="TL", goals=(), prices=())

    def state() -> tuple[str, str, str]:
        packs.load(pack=pack, actor=plans.drafter(), now=plans.NOW)  # type: ignore[arg-type]
        found = states_of([measure.code, said.code])
        tie = next(one for one in graph.edges() if (one[1], one[2]) == ends)
        return LinkState(tie[3]).word, str(found[measure.code].state), str(found[said.code].state)

    for link in Link.objects.select_related("child", "parent"):
        evidence.review(
            child=link.child.code, parent=link.parent.code, type=link.type, disposition="confirmed", note="Seen.",
            seen_child=link.child.revision, seen_parent=link.parent.revision, actor=plans.drafter(), now=plans.NOW,
        )  # fmt: skip
    nodes = dict(Node.objects.values_list("code", "pk"))
    ends = (nodes["P1-M1.1"], nodes[plans.LAW])
    fresh = state()
    assert fresh == ("ok", "fresh", "fresh")
    assert Node.objects.get(code=plans.LAW).revision == 1  # the same row again is nothing new
    for field, value in (("title", "Another law"), ("date", "2016"), ("status", "repealed"), ("kind", "decree")):
        before = getattr(Instrument.objects.get(code=plans.LAW), field)
        Instrument.objects.filter(code=plans.LAW).update(**{field: value})
        assert state() == ("suspect", "suspect", "tainted"), field
        assert "COH-052" in codes(row)
        Instrument.objects.filter(code=plans.LAW).update(**{field: before})
        assert state() == fresh, field  # what was accepted stands again
    Instrument.objects.filter(code=plans.LAW).update(source="Another shelf")
    assert state() == fresh  # where it is kept says nothing about what it says
    Instrument.objects.filter(code=plans.LAW).update(retired_at=plans.NOW)
    assert state() == ("broken", "suspect", "tainted")
    Instrument.objects.filter(code=plans.LAW).update(retired_at=None)
    assert state() == fresh


def test_a_withdrawn_finding_is_a_broken_link_and_cannot_be_waived(country: make.Country) -> None:
    row = plans.whole(country)
    evidence.withdraw(code="A1-F01", note="Wrong", actor=plans.drafter(), now=plans.NOW)
    [one] = [one for one in queries.checked(row, TODAY).found if one.breach.rule == "COH-051"]
    assert (one.breach.statement, one.breach.values["parent"]) == ("P1-PB1.1", "A1-F01")
    assert one.stops
    with pytest.raises(Refused, match="POL-031"):
        coherence.waive(policy="P1", fingerprint=one.breach.fingerprint, reason="x", actor=approver(), now=plans.NOW)
    assert Waiver.objects.count() == 0


def test_a_changed_finding_is_a_suspect_link(country: make.Country) -> None:
    row = plans.whole(country)
    assert "COH-052" not in codes(row)
    plans.finding(text="Nobody refers anybody")
    assert [one.breach.statement for one in queries.checked(row, TODAY).found if one.breach.rule == "COH-052"] == [
        "P1-PB1.1"
    ]


@pytest.mark.req("R12.52")
@pytest.mark.req("R12.55")
def test_a_waiver_holds_for_the_breach_as_it_was_told(country: make.Country) -> None:
    row = plans.whole(country)
    before = queries.checked(row, TODAY)
    [one] = [one for one in before.found if one.breach.rule == "COH-507"]
    wanted = {"policy": "P1", "fingerprint": one.breach.fingerprint, "actor": approver(), "now": plans.NOW}
    coherence.waive(reason="The text is with the printer", **wanted)
    coherence.waive(reason="It comes next week", **wanted)  # the newer reason counts
    after = queries.checked(row, TODAY)
    assert after.counts["waived"] == 1
    assert after.counts["error"] == before.counts["error"] - 1
    assert [one.waiver.reason for one in queries.waivers(row)] == ["It comes next week"]
    assert queries.waivers(row)[0].text == "P1 has no text yet."
    assert AuditEntry.objects.filter(action="policy.waived").count() == 2
    coherence.unwaive(policy="P1", waiver=queries.waivers(row)[0].waiver.pk, actor=approver(), now=plans.NOW)
    assert queries.checked(row, TODAY).counts == before.counts


def test_a_waiver_does_not_cover_what_changed(country: make.Country) -> None:
    row = plans.whole(country)
    Action.objects.filter(code="P1-A1.1.2").update(last_date=row.last_date + timedelta(days=1))
    [one] = [one for one in queries.checked(row, TODAY).found if one.breach.rule == "COH-341"]
    coherence.waive(policy="P1", fingerprint=one.breach.fingerprint, reason="Agreed", actor=approver(), now=plans.NOW)
    assert "COH-341" not in [found.breach.rule for found in queries.checked(row, TODAY).stops]
    row.last_date -= timedelta(days=1)
    row.save()
    assert "COH-341" in [found.breach.rule for found in queries.checked(row, TODAY).stops]


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda: coherence.waive(policy="P1", fingerprint="x", reason="y", actor=approver(), now=plans.NOW), "POL-030"),
        (lambda: coherence.waive(policy="P1", fingerprint="x", reason=" ", actor=approver(), now=plans.NOW), "POL-006"),
        (lambda: coherence.waive(policy="P9", fingerprint="x", reason="y", actor=approver(), now=plans.NOW), "POL-001"),
        (lambda: coherence.unwaive(policy="P1", waiver=7, actor=approver(), now=plans.NOW), "POL-032"),
        (lambda: coherence.take_up(policy="P1", record=7, actor=approver(), now=plans.NOW), "POL-032"),
        (lambda: aside("finding", "A1-F99"), "POL-012"),
        (lambda: aside("group", "  "), "POL-033"),
        (lambda: aside("measure", "x"), "POL-009"),
        (lambda: aside("group", "fishers", " "), "POL-006"),
    ],
)
def test_what_cannot_be_decided_is_refused(country: make.Country, deed: Callable[[], object], code: str) -> None:
    plans.whole(country)
    with pytest.raises(Refused, match=code):
        deed()
    assert (Waiver.objects.count(), NotAddressed.objects.count()) == (0, 0)


def aside(kind: str, subject: str, reason: str = "Another policy does") -> NotAddressed:
    return coherence.set_aside(policy="P1", kind=kind, subject=subject, reason=reason, actor=approver(), now=plans.NOW)


@pytest.mark.req("R12.56")
def test_what_is_not_addressed_is_recorded_with_a_reason(country: make.Country) -> None:
    row = plans.whole(country)
    made = aside("finding", "A1-F01")
    aside("group", "fishers")
    aside("group", "fishers", "They are heard by the fisheries")
    assert [(one.kind, one.subject) for one in queries.not_addressed(row)] == [
        ("finding", "A1-F01"), ("group", "fishers"),
    ]  # fmt: skip
    assert "COH-042" in codes(row)  # a problem arises from it all the same
    coherence.take_up(policy="P1", record=made.pk, actor=approver(), now=plans.NOW)
    assert "COH-042" not in codes(row)


@pytest.mark.req("R12.56")
def test_findings_are_set_aside_together_or_none(
    country: make.Country, as_: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if an assessment had adopted the one finding there is, and no problem arose from it."""
    row = plans.whole(country)
    monkeypatch.setattr(surroundings, "_findings", lambda *_given: {"A1-F01": surroundings.view.Finding("A1-F01", 4)})
    Problem.objects.update(findings=[plans.LAW])
    client = as_("approver")
    text = client.get("/policy/P1/check/", headers={"accept-language": "en"}).content.decode()
    assert '<a class="code" href="/policy/P1/findings/">A1-F01</a>' in text  # where a problem can be written for it
    assert 'name="subject" id="left-A1-F01" value="A1-F01"' in text
    said = {"kind": "finding", "subject": ["A1-F01", "A1-F99"], "reason": "Another policy does"}
    assert "POL-012" in client.post("/policy/P1/check/set-aside/", said, follow=True).content.decode()
    assert queries.not_addressed(row) == []
    client.post("/policy/P1/check/set-aside/", {**said, "subject": ["A1-F01"]})
    assert [one.subject for one in queries.not_addressed(row)] == ["A1-F01"]
    assert "COH-041" not in codes(row)
    assert "left-A1-F01" not in client.get("/policy/P1/check/").content.decode()


@pytest.mark.req("R12.54")
def test_a_translation_that_is_old_is_mended_where_it_stands() -> None:
    breach = Breach("COH-504", "P1-C1", Fix("clause", "P1-C1"), {"code": "P1-C1", "languages": "ht, es"})
    assert address(breach) == "/policy/clauses/P1-C1/?lang=ht"


@pytest.mark.req("R12.57")
def test_a_view_takes_a_constant_number_of_queries(country: make.Country) -> None:
    row = plans.whole(country)
    with CaptureQueriesContext(
        connection,
    ) as small:
        queries.checked(row, TODAY)
    actions = [
        ("", ActionWanted("P1-M1.1", make.names(f"Do {at}"), "IMM", date(2026, 1, 1), date(2026, 6, 30)))
        for at in range(20)
    ]
    statements.write_all(policy="P1", wanted=actions, actor=plans.drafter(), now=plans.NOW)
    money.put_costs(
        policy="P1", actor=plans.drafter(), now=plans.NOW,
        wanted=[money.CostWanted("P1-A1.1.3", "Fuel", "recurrent", Decimal(1), "l", Decimal(2), Decimal(3), "HTG",
                                 2026)],
    )  # fmt: skip
    with CaptureQueriesContext(connection) as large:
        queries.checked(Policy.objects.get(code="P1"), TODAY)
    assert len(large) <= len(small) + 1


# --- The page and the interface ----------------------------------------------------------------


def test_who_may_check_and_waive(country: make.Country, as_: Callable[[str], Client]) -> None:
    row = plans.whole(country)
    [one] = [one for one in queries.checked(row, TODAY).found if one.breach.rule == "COH-507"]
    said = {"fingerprint": one.breach.fingerprint, "reason": "Later"}
    seen = {}
    for who in ("duty", "analyst", "partner", "chief", "stranger", "approver"):
        client = as_(who)
        seen[who] = (
            client.get("/policy/P1/check/").status_code,
            client.post("/policy/P1/check/waive/", said).status_code,
        )
    assert seen == {
        "duty": (200, 404), "analyst": (200, 404), "partner": (404, 404), "chief": (404, 404),
        "stranger": (404, 404), "approver": (200, 302),
    }  # fmt: skip
    assert Waiver.objects.get().reason == "Later"


def test_the_page_tells_what_is_wrong_and_where_it_is_mended(
    country: make.Country, as_: Callable[[str], Client]
) -> None:
    plans.whole(country)
    client = as_("approver")
    text = client.get("/policy/P1/check/", headers={"accept-language": "en"}).content.decode()
    assert "It cannot be published." in text
    assert "Nothing is done for P1-M2.1" in text
    assert '<a class="code" href="/policy/statements/P1-M2.1/">P1-M2.1</a>' in text
    assert "Waive it" in text
    assert "No finding and no group is set aside." in text
    for language, word in (("fr", "Erreurs"), ("ht", "Erè"), ("es", "Errores")):
        Account.objects.update(language=language)
        assert word in client.get("/policy/P1/check/").content.decode()


def test_an_approver_decides_on_the_page(country: make.Country, as_: Callable[[str], Client]) -> None:
    row = plans.whole(country)
    client = as_("approver")
    [one] = [one for one in queries.checked(row, TODAY).found if one.breach.rule == "COH-507"]
    client.post("/policy/P1/check/waive/", {"fingerprint": one.breach.fingerprint, "reason": "Later"})
    client.post(
        "/policy/P1/check/set-aside/", {"kind": "group", "subject": "fishers", "reason": "Heard by the fisheries"}
    )
    text = client.get("/policy/P1/check/", headers={"accept-language": "en"}).content.decode()
    assert "Later" in text
    assert "Heard by the fisheries" in text
    Policy.objects.update(last_date=date(2028, 12, 30))
    client.post("/policy/P1/check/unwaive/", {"record": Waiver.objects.get().pk})
    client.post("/policy/P1/check/take-up/", {"record": NotAddressed.objects.get().pk})
    assert (Waiver.objects.get().ended_at is None, NotAddressed.objects.get().ended_at is None) == (False, False)
    for page, said, told in (
        ("waive", {"fingerprint": "x", "reason": "y"}, "POL-030"),
        ("unwaive", {"record": "x"}, "POL-032"),
        ("set-aside", {}, "POL-009"),
        ("take-up", {"record": "9" * 12}, "POL-032"),
    ):
        answer = client.post(f"/policy/P1/check/{page}/", said, follow=True)
        assert told in answer.content.decode()


def test_a_lapsed_waiver_stands_apart(country: make.Country, as_: Callable[[str], Client]) -> None:
    row = plans.whole(country)
    [one] = [one for one in queries.checked(row, TODAY).found if one.breach.statement == "P1-M2.1"][:1]
    coherence.waive(
        policy="P1", fingerprint=one.breach.fingerprint, reason="Next year", actor=approver(), now=plans.NOW
    )
    Measure.objects.filter(code="P1-M2.1").update(withdrawn_at=plans.NOW)
    text = as_("duty").get("/policy/P1/check/", headers={"accept-language": "en"}).content.decode()
    assert "Waivers that let nothing pass any more" in text
    assert "Nothing is done for P1-M2.1" in text


@pytest.mark.req("R12.54")
def test_a_program_reads_the_check(country: make.Country, as_: Callable[[str], Client]) -> None:
    row = plans.whole(country)
    answer = as_("duty").get("/api/v1/policies/P1/check")
    assert answer.status_code == 200
    told = json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    found = queries.checked(row, TODAY)
    assert (told["policy"], told["errors"], told["warnings"]) == ("P1", found.counts["error"], found.counts["warning"])
    assert [one["code"] for one in told["problems"]] == [one.breach.rule for one in found.found]
    first = told["problems"][0]
    assert set(first) == {
        "code", "severity", "family", "statement", "message", "remedy", "fix", "fingerprint",
    }  # fmt: skip
    assert as_("stranger").get("/api/v1/policies/P1/check").status_code == 404
    assert as_("partner").get("/api/v1/policies/P1/check").status_code == 404


def test_only_a_policy_that_is_there_is_checked(country: make.Country) -> None:
    row = plans.whole(country)
    assert queries.only([row], "") == row
    assert queries.only([row], "P1") == row
    assert queries.only([row], "P2") is None
    assert queries.only([], "") is None
    policies.begin(
        wanted=policies.PolicyWanted(
            make.names("Other"), "CELL", ("fr",), date(2026, 1, 1), date(2027, 1, 1), "HTG", ((make.names("T"), ""),)
        ),
        actor=plans.drafter(), now=plans.NOW,
    )  # fmt: skip
    assert queries.only(list(Policy.objects.all()), "") is None
    assert Problem.objects.count() == 1
    assert Instrument.objects.filter(code=plans.LAW).exists()


# --- What the view reads of texts, rounds and options -------------------------------------------


def test_what_was_said_in_rounds_is_looked_at(country: make.Country) -> None:
    row = plans.whole(country)
    assert "COH-124" in codes(row)
    held = Consultation.objects.create(
        policy=row, code="P1-K1", number=1, kind="public", names=make.names("Round"), state="draft",
        first_date=date(2025, 1, 1), last_date=date(2025, 2, 1), created_at=plans.NOW,
    )  # fmt: skip
    held.institutions.set(Institution.objects.filter(code="AID"))
    [draft] = look(row, TODAY).consultations
    assert (draft.state, draft.institutions, draft.groups, draft.undisposed) == ("draft", (), (), ())
    assert {"COH-123", "COH-231", "COH-542"} <= set(codes(row))
    Consultation.objects.update(state="closed", opened_at=plans.NOW, closed_at=plans.NOW)
    invited = Invitation.objects.create(consultation=held, label="Children", token_sha256="x", created_at=plans.NOW)
    said = {"consultation": held, "language": "en", "text": "Yes", "moderation": "shown", "said_at": plans.NOW}
    Comment.objects.create(code="P1-K1-C1", channel="invitation", invitation=invited, **said)
    Comment.objects.create(
        code="P1-K1-C2", channel="web", institution=Institution.objects.get(code="IMM"), group="migrant", **said
    )
    [closed] = look(row, TODAY).consultations
    assert (closed.institutions, closed.groups) == (("AID", "IMM"), ("Children", "migrant"))
    assert closed.undisposed == ("P1-K1-C1", "P1-K1-C2")
    assert not {"COH-123", "COH-231", "COH-542", "COH-124"} & set(codes(row))
    assert "COH-541" in codes(row)
    for one in Comment.objects.all():
        Disposition.objects.create(comment=one, outcome="accepted", reason="Right", at=plans.NOW)
    assert "COH-541" not in codes(row)


def test_what_clauses_say_and_realise_is_looked_at(country: make.Country) -> None:
    row = plans.whole(country)
    texts = {language: f"The {{{{measure:M1.1}}}} of 37 posts ({language})" for language in ("fr", "ht", "en")}
    told = {"policy": "P1", "actor": plans.drafter(), "now": plans.NOW}
    made = document.add(kind="text", text=texts, **told)
    document.realise(
        code=made.code, measures=["P1-M1.1"], objectives=["P1-O1.1"], seen=1, actor=plans.drafter(), now=plans.NOW
    )
    document.add(kind="measures", text={}, after=made.code, **told)
    first, listed = look(row, TODAY).clauses
    assert (first.realises, first.speaks, first.stale) == (("P1-M1.1", "P1-O1.1"), True, ())
    assert [(one.kind, one.code, one.known) for one in first.references] == [("measure", "M1.1", True)]
    assert (listed.realises, listed.speaks) == (("P1-M2.1",), False)
    assert {"COH-503", "COH-521"} <= set(codes(row))  # no Spanish, a number that is typed
    assert not {"COH-501", "COH-502", "COH-507"} & set(codes(row))
    clauses.save(code=made.code, language="fr", text="Autre texte", seen=1, actor=plans.drafter(), now=plans.NOW)
    assert set(look(row, TODAY).clauses[0].stale) == {"ht", "en"}
    assert "COH-504" in codes(row)


def test_a_vetoed_choice_is_looked_at(country: make.Country) -> None:
    row = plans.whole(country)
    objective = Objective.objects.get()
    held = {"policy": row, "text": make.names("x"), "created_at": plans.NOW, "changed_at": plans.NOW}
    asked = Appraisal.objects.create(code="P1-Q1", objective=objective, **held)
    options = [
        Option.objects.create(code=f"P1-Q1-{letter}", appraisal=asked, status_quo=letter == "0", **held)
        for letter in ("0", "A", "B")
    ]
    rights = Criterion.objects.create(appraisal=asked, number=1, code="rights", scale="rights")
    for revision, word in ((1, "none"), (2, "violates")):
        Judgement.objects.create(option=options[1], criterion=rights, revision=revision, word=word, at=plans.NOW)
    [open_] = look(row, TODAY).appraisals
    assert (open_.options, open_.status_quo, open_.chosen) == (("P1-Q1-0", "P1-Q1-A", "P1-Q1-B"), "P1-Q1-0", "")
    assert open_.vetoed == ("P1-Q1-A",)
    Appraisal.objects.update(chosen=options[1], decided_at=plans.NOW, first_share=0.2, decision="", contested=False)
    found = {one.breach.rule: one for one in queries.checked(row, TODAY).found}
    assert {"COH-221", "COH-605", "COH-611"} <= set(found)
    assert found["COH-221"].unwaivable
