"""Rounds of consultation: drafted, opened with frozen clauses, answered, closed when everything has its answer."""

from __future__ import annotations

from datetime import date

import make
import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override
from policy import documents, plans, rounds

from pasaj.access.models import AuditEntry
from pasaj.core.problems import Refused
from pasaj.core.report import Table
from pasaj.core.report.letters import plain
from pasaj.core.word import Item
from pasaj.policy.models import (
    AskedClause,
    Clause,
    Comment,
    Consultation,
    Disposition,
    Invitation,
    ModerationEntry,
    Policy,
)
from pasaj.policy.queries import consultation as queries
from pasaj.policy.queries import consultreport, sections
from pasaj.policy.queries.replies import Preview
from pasaj.policy.services import clauses, comments, replies
from pasaj.policy.services import consultation as services
from pasaj.policy.services.comments import CommentWanted
from pasaj.share.models import Release

NOW, TODAY = make.NOW, make.TODAY


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.problems]


@pytest.mark.req("R12.35")
def test_a_round_freezes_what_it_asks_about(country: make.Country) -> None:
    row = rounds.opened(country)
    asked = queries.asked(row)
    assert [(one.clause.code, one.number, one.head) for one in asked] == [
        ("P1-C1", "1", True), ("P1-C1.1", "1.1", False), ("P1-C1.2", "1.2", False), ("P1-C2", "2", True),
        ("P1-C3", "A", True),
    ]  # fmt: skip
    assert asked[1].texts == {"fr": {"title": "", "text": documents.SOURCE, "source": documents.SOURCE, "revision": 1}}
    clauses.save(code="P1-C1.1", language="fr", text="Autre texte.", seen=1, actor=plans.drafter(), now=NOW)
    assert queries.asked(row)[1].texts["fr"]["text"] == documents.SOURCE
    assert (Policy.objects.get().state, row.state, row.opened_at) == ("consultation", "open", NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        AskedClause.objects.update(number="9")
    assert [one.action for one in AuditEntry.objects.filter(code="P1-K1")] == [
        "consultation.created", "consultation.opened",
    ]  # fmt: skip


@pytest.mark.req("R12.35")
def test_references_are_asked_as_they_stand(country: make.Country) -> None:
    documents.small(country)
    text = "Le coût est de {{cost:P1}}."
    documents.clause("text", text, under="P1-C2")
    services.begin(policy="P1", wanted=rounds.wanted(), actor=plans.drafter(), now=NOW)
    row = services.begin_asking(code="P1-K1", seen=1, actor=plans.drafter(), now=NOW)
    said = next(one for one in queries.asked(row) if one.clause.code == "P1-C2.1").texts["fr"]
    assert (said["source"], "{{" in said["text"], any(one.isdigit() for one in said["text"])) == (text, False, True)


def test_a_draft_is_changed_and_an_open_round_prolonged(country: make.Country) -> None:
    rounds.drafted(country)
    row = services.change(
        code="P1-K1", wanted=rounds.wanted(kind="legal", institutions=("IMM",)), seen=1, actor=plans.drafter(), now=NOW
    )
    assert (row.kind, row.revision, [one.code for one in row.institutions.all()]) == ("legal", 2, ["IMM"])
    with pytest.raises(Refused) as refused:
        services.change(code="P1-K1", wanted=rounds.wanted(), seen=1, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-013"]
    services.begin_asking(code="P1-K1", seen=2, actor=plans.drafter(), now=NOW)
    later = services.prolong(code="P1-K1", last=date(2025, 12, 1), seen=3, actor=plans.drafter(), now=NOW)
    assert later.last_date == date(2025, 12, 1)
    with pytest.raises(Refused) as refused:
        services.prolong(code="P1-K1", last=date(2025, 1, 1), seen=4, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-015"]
    with pytest.raises(Refused) as refused:
        services.change(code="P1-K1", wanted=rounds.wanted(), seen=4, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-012"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"channels": ()}, "CONS-016"),
        ({"channels": ("pigeon",)}, "CONS-031"),
        ({"kind": "friends"}, "CONS-031"),
        ({"last": date(2025, 1, 1)}, "CONS-015"),
        ({"institutions": ("NOBODY",)}, "POL-012"),
        ({"names": {}}, "POL-004"),
        ({"about": {"fr": "Appelez Jean Baptiste au 3712-3456"}}, "SCREEN-001"),
    ],
)
def test_what_cannot_be_a_round_is_refused(country: make.Country, changed: dict[str, object], code: str) -> None:
    documents.small(country)
    with pytest.raises(Refused) as refused:
        services.begin(policy="P1", wanted=rounds.wanted(**changed), actor=plans.drafter(), now=NOW)
    assert codes(refused) == [code]
    assert Consultation.objects.count() == 0


def test_a_round_about_nothing_and_one_that_is_not_there(country: make.Country) -> None:
    plans.whole(country)
    services.begin(policy="P1", wanted=rounds.wanted(), actor=plans.drafter(), now=NOW)
    with pytest.raises(Refused) as refused:
        services.begin_asking(code="P1-K1", seen=1, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-014"]
    with pytest.raises(Refused) as refused:
        services.begin_asking(code="P1-K9", seen=1, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-011"]


# Comments


@pytest.mark.req("R12.37")
def test_an_institution_comments_on_a_clause_as_it_was_asked(country: make.Country) -> None:
    rounds.opened(country)
    made = rounds.comment(clause="P1-C1.1", quoted="le même  jour", name="never kept", group="migrant")
    assert (made.code, made.asked.clause.code, made.quoted, made.signed_as, made.group, made.moderation) == (
        "P1-K1-C1", "P1-C1.1", "le même jour", "", "", "shown",
    )  # fmt: skip


@pytest.mark.req("R12.37")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": ""}, "CONS-019"),
        ({"text": " \n "}, "CONS-019"),
        ({"text": "x" * 4001}, "CONS-018"),
        ({"text": "x" * 1_000_000}, "CONS-018"),
        ({"text": "Demandez à Madame Rose Pierre."}, "SCREEN-001"),
        ({"text": "Appelez le 3712-3456."}, "SCREEN-001"),
        ({"clause": "P1-C9"}, "CONS-027"),
        ({"language": "de"}, "CONS-031"),
        ({"group": "friends"}, "CONS-031"),
    ],
)
def test_what_cannot_be_said_is_refused(country: make.Country, changed: dict[str, str], code: str) -> None:
    rounds.opened(country)
    for say in (rounds.comment, rounds.open_comment):
        with pytest.raises(Refused) as refused:
            say(**changed)
        assert codes(refused) == [code]
    assert Comment.objects.count() == 0


def test_html_is_text(country: make.Country) -> None:
    rounds.opened(country)
    assert rounds.comment("<script>alert(1)</script> & <b>fort</b>").text == "<script>alert(1)</script> & <b>fort</b>"


@pytest.mark.req("R12.37")
def test_only_those_asked_answer_within_its_days_and_ways(country: make.Country) -> None:
    rounds.opened(country, channels=("word",))
    with pytest.raises(Refused) as refused:
        rounds.comment()
    assert codes(refused) == ["CONS-032"]
    Consultation.objects.update(channels=["web"], last_date=date(2025, 9, 30))
    with pytest.raises(Refused) as refused:
        rounds.comment()
    assert codes(refused) == ["CONS-022"]
    with pytest.raises(Refused) as refused:
        comments.comment(
            code="P1-K1", wanted=CommentWanted("Bien.", "fr"), institution="CELL", today=date(2025, 9, 2),
            actor=plans.drafter(), now=NOW,
        )  # fmt: skip
    assert codes(refused) == ["CONS-017"]


@pytest.mark.req("R12.37")
def test_open_comments_are_read_before_anybody_sees_them(country: make.Country) -> None:
    row = rounds.opened(country)
    one = rounds.open_comment("Plus de places.", name="Rose Pierre", group="migrant")
    two = rounds.open_comment("Vous êtes des menteurs.")
    assert [each.code for each in queries.shown(row)] == []
    comments.moderate(code=one.code, show=True, reason="", actor=plans.drafter(), now=NOW)
    comments.moderate(code=two.code, show=False, reason="Insulte.", actor=plans.drafter(), now=NOW)
    assert [(each.code, each.group) for each in queries.shown(row)] == [("P1-K1-C1", "migrant")]
    with pytest.raises(Refused) as refused:
        comments.moderate(code=two.code, show=False, reason=" ", actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["POL-006"]
    assert [(each.comment.code, each.outcome, each.reason) for each in ModerationEntry.objects.order_by("pk")] == [
        ("P1-K1-C1", "shown", ""), ("P1-K1-C2", "hidden", "Insulte."),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        ModerationEntry.objects.all().delete()


def test_many_comments_from_one_address_wait_an_hour(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds.opened(country)
    monkeypatch.setattr(comments, "MOST_AN_HOUR", 2)
    rounds.open_comment()
    rounds.open_comment()
    with pytest.raises(Refused) as refused:
        rounds.open_comment()
    assert codes(refused) == ["CONS-020"]
    comments.comment_open(
        code="P1-K1",
        wanted=CommentWanted("Autre.", "fr"),
        address="192.0.2.8",
        today=TODAY,
        actor=plans.drafter(),
        now=NOW,
    )
    monkeypatch.setattr(comments, "MOST_WAITING", 3)
    with pytest.raises(Refused) as refused:
        comments.comment_open(
            code="P1-K1", wanted=CommentWanted("Encore.", "fr"), address="192.0.2.9", today=TODAY,
            actor=plans.drafter(), now=NOW,
        )  # fmt: skip
    assert codes(refused) == ["CONS-021"]


@pytest.mark.req("R12.37")
def test_an_invitation_is_a_secret_of_which_a_fingerprint_is_kept(
    country: make.Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds.opened(country)
    made, token = services.invite(code="P1-K1", label="Réseau des cliniques", actor=plans.drafter(), now=NOW)
    assert (len(token) >= 32, token in str(Invitation.objects.values())) == (True, False)
    assert queries.by_token(token) == made
    assert [queries.by_token(one) for one in ("", "x" * 30, "x" * 1000, token[:-1])] == [None] * 4
    said = comments.comment_invited(
        invitation=made, wanted=CommentWanted("Bien.", "fr"), today=TODAY, actor=plans.drafter(), now=NOW
    )
    assert (said.channel, said.invitation, said.moderation) == ("invitation", made, "shown")
    monkeypatch.setattr(comments, "MOST_BY_INVITATION", 1)
    made.refresh_from_db()
    with pytest.raises(Refused) as refused:
        comments.comment_invited(
            invitation=made, wanted=CommentWanted("Encore.", "fr"), today=TODAY, actor=plans.drafter(), now=NOW
        )
    assert codes(refused) == ["CONS-021"]
    services.revoke(code="P1-K1", invitation=made.pk, actor=plans.drafter(), now=NOW)
    services.revoke(code="P1-K1", invitation=made.pk, actor=plans.drafter(), now=NOW)
    assert queries.by_token(token) is None
    assert AuditEntry.objects.filter(action="consultation.revoked").count() == 1


def test_invitations_are_bounded_and_say_for_whom(country: make.Country, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds.opened(country)

    def invite(label: str = "Clinique", **more: str) -> None:
        services.invite(code="P1-K1", label=label, actor=plans.drafter(), now=NOW, **more)

    for label, institution, code in (
        (" ", "", "CONS-019"),
        ("Madame Rose Pierre", "", "SCREEN-001"),
        ("x", "NO", "POL-012"),
    ):
        with pytest.raises(Refused) as refused:
            invite(label, institution=institution)
        assert codes(refused) == [code]
    monkeypatch.setattr(services, "MOST_INVITATIONS", 0)
    with pytest.raises(Refused) as refused:
        invite()
    assert codes(refused) == ["CONS-021"]
    Consultation.objects.update(channels=["web"])
    with pytest.raises(Refused) as refused:
        invite()
    assert codes(refused) == ["CONS-032"]
    with pytest.raises(Refused) as refused:
        services.revoke(code="P1-K1", invitation=999, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-025"]


@pytest.mark.req("R12.37")
def test_minutes_are_a_comment_a_line(country: make.Country) -> None:
    rounds.opened(country)
    text = "IMM: [P1-C1.1] Trop court.\n\nAID: Nous sommes d'accord.\nSans préfixe."
    made = comments.minutes(code="P1-K1", text=text, institution="AID", language="fr", actor=plans.drafter(), now=NOW)
    assert [(one.institution.code, one.asked and one.asked.clause.code, one.text, one.channel) for one in made] == [
        ("IMM", "P1-C1.1", "Trop court.", "meeting"), ("AID", None, "Nous sommes d'accord.", "meeting"),
        ("AID", None, "Sans préfixe.", "meeting"),
    ]  # fmt: skip


def test_minutes_with_one_bad_line_are_told_line_by_line_and_none_is_kept(
    country: make.Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds.opened(country)

    def minutes(text: str) -> None:
        comments.minutes(code="P1-K1", text=text, institution="", language="fr", actor=plans.drafter(), now=NOW)

    with pytest.raises(Refused) as refused:
        minutes("IMM: Bien.\nrien\nCELL: Non.\nAID: [P1-C9] Quoi ?\nAID: Appelez le 3712-3456")
    assert [(one.code, one.row) for one in refused.value.problems] == [
        ("CONS-033", 2), ("CONS-017", 3), ("CONS-027", 4), ("SCREEN-001", 5),
    ]  # fmt: skip
    assert Comment.objects.count() == 0
    with pytest.raises(Refused) as refused:
        minutes(" \n")
    assert codes(refused) == ["CONS-019"]
    monkeypatch.setattr(comments, "MOST_LINES", 1)
    with pytest.raises(Refused) as refused:
        minutes("IMM: a\nIMM: b")
    assert codes(refused) == ["CONS-021"]
    Consultation.objects.update(channels=["web"])
    with pytest.raises(Refused) as refused:
        minutes("IMM: a")
    assert codes(refused) == ["CONS-032"]


# Answers, closing, report


@pytest.mark.req("R12.38")
def test_a_round_closes_only_when_everything_said_has_its_answer(country: make.Country) -> None:
    row = rounds.opened(country)
    rounds.comment()
    rounds.open_comment(name="Rose Pierre")
    hidden = rounds.open_comment("Spam.")
    comments.moderate(code=hidden.code, show=False, reason="Publicité.", actor=plans.drafter(), now=NOW)

    def close() -> Consultation:
        return services.close(code="P1-K1", seen=2, actor=plans.drafter(), now=NOW)

    with pytest.raises(Refused) as refused:
        close()
    assert refused.value.problems[0].params == {"comments": 1, "suggestions": 0, "tray": 0, "waiting": 1}
    comments.moderate(code="P1-K1-C2", show=True, reason="", actor=plans.drafter(), now=NOW)
    for code in ("P1-K1-C1", "P1-K1-C2"):
        comments.dispose(code=code, outcome="rejected", reason="La loi le fixe.", actor=plans.drafter(), now=NOW)
    assert queries.progress(row).done
    done = close()
    assert (done.state, done.closed_at, Comment.objects.exclude(signed_as="").count()) == ("closed", NOW, 0)
    for again in (close, rounds.comment, rounds.open_comment):
        with pytest.raises(Refused) as refused:
            again()
        assert codes(refused) == ["CONS-012"]
    with pytest.raises(Refused) as refused:
        comments.dispose(code="P1-K1-C1", outcome="accepted", reason="Si.", actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-012"]


@pytest.mark.req("R12.38")
def test_an_answer_says_where_it_shows_and_the_newest_counts(country: make.Country) -> None:
    rounds.opened(country)
    made = rounds.comment(clause="P1-C1.1")
    comments.dispose(code=made.code, outcome="deferred", reason="Plus tard.", actor=plans.drafter(), now=NOW)
    clauses.save(code="P1-C1.1", language="fr", text="Sous huit jours.", seen=1, actor=plans.drafter(), now=NOW)
    comments.dispose(
        code=made.code,
        outcome="partly",
        reason="Huit jours.",
        clause="P1-C1.1",
        revision=2,
        actor=plans.drafter(),
        now=NOW,
    )
    found = queries.answer(made)
    assert found is not None
    assert (found.outcome, str(found.clause), found.revision, made.dispositions.count()) == ("partly", "P1-C1.1", 2, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Disposition.objects.update(reason="x")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"outcome": "maybe"}, "CONS-031"),
        ({"reason": " "}, "POL-006"),
        ({"reason": "x" * 2001}, "POL-005"),
        ({"reason": "Comme Madame Rose Pierre le dit."}, "SCREEN-001"),
        ({"clause": "P1-C1.1"}, "CONS-028"),
        ({"revision": 1}, "CONS-028"),
        ({"clause": "P1-C1.1", "revision": 7}, "CONS-028"),
        ({"clause": "P1-C9", "revision": 1}, "CONS-028"),
        ({"code": "P1-K1-C9"}, "CONS-025"),
    ],
)
def test_what_is_no_answer_is_refused(country: make.Country, changed: dict[str, object], code: str) -> None:
    rounds.opened(country)
    rounds.comment()
    values = {"code": "P1-K1-C1", "outcome": "accepted", "reason": "Oui.", **changed}
    with pytest.raises(Refused) as refused:
        comments.dispose(**values, actor=plans.drafter(), now=NOW)  # type: ignore[arg-type]
    assert codes(refused) == [code]


@pytest.mark.req("R12.38")
def test_the_report_is_for_everybody_and_passes_the_gate(country: make.Country) -> None:
    rounds.opened(country)
    with pytest.raises(Refused) as refused:
        services.report(code="P1-K1", seen=2, actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-012"]
    assert queries.public("P1-K1", TODAY) is not None
    assert queries.public("P1-K1", date(2025, 8, 1)) is None  # it has not begun
    assert queries.public("P1-K9", TODAY) is None
    services.close(code="P1-K1", seen=2, actor=plans.drafter(), now=NOW)
    assert queries.public("P1-K1", TODAY) is None
    row = services.report(code="P1-K1", seen=3, actor=plans.drafter(), now=NOW)
    assert (row.reported_at, queries.public("P1-K1", TODAY)) == (NOW, row)
    assert [(one.audience, one.question) for one in Release.objects.all()] == [("TLP:CLEAR", {"consultation": "P1-K1"})]


@pytest.mark.req("R12.38")
def test_the_document_prints_what_became_of_every_comment(country: make.Country) -> None:
    row = rounds.opened(country)
    made = rounds.comment(clause="P1-C1.1")
    with override("fr"):  # as the whole document is written
        assert [type(one).__name__ for one in sections.disposition(row.policy, "fr")] == ["Note"]
    comments.dispose(code=made.code, outcome="accepted", reason="Repris mot à mot.", actor=plans.drafter(), now=NOW)
    services.close(code="P1-K1", seen=2, actor=plans.drafter(), now=NOW)
    with override("fr"):
        (table,) = sections.disposition(row.policy, "fr")
    assert isinstance(table, Table)
    clause, _who, *told = [plain(each.spans) for each in table.rows[0]]
    assert (clause, told) == ("C1.1", [made.text, "Acceptée", "Repris mot à mot."])


@pytest.mark.req("R12.38")
def test_other_words_are_told_without_marks_and_without_what_is_the_cells(country: make.Country) -> None:
    row = rounds.opened(country)
    found = Preview("fr", "0" * 64, 1, [Item("edit", "P1-C1.2", 1, text="**Ouvert**, voir {{clause:C2}}.")], (), 0)
    replies.take(code=row.code, preview=found, institution="AID", today=TODAY, actor=plans.drafter(), now=NOW)
    with override("fr"):
        (table,) = [one for one in consultreport.said(row, "fr").blocks if isinstance(one, Table)]
    assert "Autre texte : Ouvert, voir …." in [plain(cell.spans) for cell in table.rows[0]]


def test_the_database_holds_what_must_never_be_false(country: make.Country) -> None:
    row = rounds.opened(country)
    wrong = (
        {"last_date": date(2020, 1, 1)},
        {"opened_at": None},
        {"closed_at": NOW},
        {"reported_at": NOW},
    )
    for one in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            Consultation.objects.filter(pk=row.pk).update(**one)
    assert Clause.objects.count() == 6
