"""Replies by Word: seen before anything is stored, taken in, and what found no place settled by hand."""

from __future__ import annotations

import re

import make
import pytest
from core.word.replies import changed, gone, ins, paragraph, parts, said, whole, zipped
from policy import documents, plans, rounds

from pasaj.core.problems import Refused
from pasaj.core.word import DocumentId, document, passages
from pasaj.policy.models import Comment, Consultation, Reply, Suggestion, TrayItem
from pasaj.policy.queries import asking
from pasaj.policy.queries import consultation as queries
from pasaj.policy.queries import replies as previews
from pasaj.policy.services import clauses, replies, roundfiles
from pasaj.policy.services import consultation as services
from pasaj.share.models import Release

NOW, TODAY = make.NOW, make.TODAY
HOURS = "Le poste ouvre à 8 h et ferme à 18 h, sauf le dimanche."


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.problems]


def mixed(data: bytes) -> bytes:
    """Two authors, a title, a silent change, a comment, a deleted, a moved and a new clause, and one that is gone."""
    hours = f"{said('Le poste ouvre à ')}{gone('8', 'Marie Jean')}{ins('7', 'Marie Jean')}{said(' h et ferme à 18 h')}"
    hung = f'<w:commentRangeStart w:id="4"/>{said(", sauf le dimanche.")}<w:commentRangeEnd w:id="4"/>'
    note = f'<w:comment w:id="4" w:author="Paul Ogé"><w:p>{said("Pourquoi ?")}</w:p></w:comment>'
    last = whole(data, "Clause P1-C3", "Preuves")
    return changed(
        (said(HOURS), f"{hours}{hung}"),
        (said("Frontières"), f"{said('Frontières')}{ins(' et ports', 'Paul Ogé')}"),
        ("jour même", "soir même"),
        (last, re.sub(r"<w:r>(.*?)</w:r>", lambda run: gone(re.sub("<[^>]+>", "", run[1]), "Marie Jean"), last)),
        sent=data, comments=note,
    )  # fmt: skip


@pytest.mark.req("R12.36")
def test_a_reply_is_seen_before_anything_is_stored(country: make.Country) -> None:
    row = rounds.opened(country)
    found = previews.preview(row, mixed(rounds.sent(row)))
    assert (found.language, found.same, found.older, sorted(found.names)) == ("fr", 1, "", ["Marie Jean", "Paul Ogé"])
    asked = {one.clause.code: one for one in queries.asked(row)}
    assert [(one.kind, one.clause, one.authors, one.silent, previews.goes(one, asked)) for one in found.items] == [
        ("edit", "P1-C1.1", (), True, "suggestion"),
        ("edit", "P1-C1.2", ("1",), False, "suggestion"),
        ("comment", "P1-C1.2", ("2",), False, "comment"),
        ("edit", "P1-C2", ("2",), False, "suggestion"),
        ("deleted", "P1-C3", ("1",), False, "comment"),
    ]
    assert (Reply.objects.count(), Suggestion.objects.count(), Comment.objects.count()) == (0, 0, 0)
    assert "Marie" not in str(found.plain())
    again = previews.of_plain(found.plain())
    assert (again.items, again.counts) == (list(found.items), {"comment": 1, "deleted": 1, "edit": 3})


@pytest.mark.req("R12.36")
def test_what_a_preview_shows_is_stored_where_it_says(country: make.Country) -> None:
    row = rounds.opened(country)
    data = mixed(rounds.sent(row))
    made = rounds.taken(row, data)
    assert (made.code, made.institution.code, made.language, made.counts) == (
        "P1-K1-R1", "AID", "fr", {"comment": 1, "deleted": 1, "edit": 3},
    )  # fmt: skip
    rows = queries.suggested(row)
    assert [(one.clause.code, one.text, one.author, one.base, one.origin, one.source) for one in rows] == [
        ("P1-C1.1", documents.SOURCE.replace("jour même", "soir même"), "AID", 1, "word", "P1-K1-R1"),
        ("P1-C1.2", HOURS.replace("8 h", "7 h", 1), "AID (1)", 1, "word", "P1-K1-R1"),
        ("P1-C2", "Frontières et ports", "AID (2)", 1, "word", "P1-K1-R1"),
    ]  # fmt: skip
    assert [(one.sort, one.asked.clause.code, one.text, one.quoted, one.author, one.institution.code)
            for one in row.comments.order_by("pk")] == [
        ("comment", "P1-C1.2", "Pourquoi ?", ", sauf le dimanche.", "2", "AID"),
        ("delete", "P1-C3", "–", "", "1", "AID"),
    ]  # fmt: skip
    assert made.tray.count() == 0
    with pytest.raises(Refused) as refused:
        rounds.taken(row, data)
    assert codes(refused) == ["CONS-023"]
    assert queries.unanswered(row) == {"comments": 2, "suggestions": 3, "tray": 0, "waiting": 0}
    assert [one.code for one in queries.progress(row).replied] == ["AID"]


def test_a_new_and_a_moved_clause_are_comments_that_say_where(country: make.Country) -> None:
    row = rounds.opened(country)
    data = rounds.sent(row)
    moving = whole(data, "Clause P1-C1.2", "sauf le dimanche")
    old = whole(data, "Clause P1-C3", "Preuves")
    made = rounds.taken(row, changed((moving, ""), (old, old + paragraph(ins("Un numéro vert.")) + moving), sent=data))
    assert [(one.sort, one.asked and one.asked.clause.code, one.after and one.after.code, one.text)
            for one in made.comments.order_by("sort")] == [
        ("move", "P1-C1.2", "P1-C3", "–"), ("new", None, "P1-C3", "Un numéro vert."),
    ]  # fmt: skip


@pytest.mark.req("R12.36")
def test_what_is_in_doubt_or_refused_waits_on_the_tray(country: make.Country) -> None:
    row = rounds.opened(country)
    data = rounds.sent(row)
    line = said("Un numéro vert.")
    old = whole(data, "Clause P1-C3", "Preuves")
    made = rounds.taken(
        row,
        changed(
            (whole(data, "Clause P1-C1.2", "sauf le dimanche"), ""),
            (said(documents.SOURCE), f"{said(documents.SOURCE)}{ins(' Appelez le 3712-3456.')}"),
            (old, old + paragraph(f"{line}{ins(' x' * 3000)}")),
            sent=data,
        ),
    )
    found = list(made.tray.order_by("number"))
    told = [(one.item["kind"], one.item["clause"], one.item["doubt"], (one.problem or {}).get("code")) for one in found]
    assert told == [
        ("edit", "P1-C1.1", "", "SCREEN-001"), ("deleted", "P1-C1.2", "gone", None), ("new", "", "", "CONS-018"),
    ]  # fmt: skip
    assert (Suggestion.objects.count(), made.comments.count()) == (0, 0)


def in_doubt(country: make.Country) -> tuple[Consultation, Reply]:
    """A reply without bookmarks: everything in it waits for a person."""
    row = rounds.opened(country)
    data = changed(("jour même", "soir même"), sent=rounds.sent(row))
    members = parts(data)
    text = re.sub(rb'<w:bookmarkStart[^>]*w:name="pj_[^>]*/>', b"", members["word/document.xml"])
    return row, rounds.taken(row, zipped({**members, "word/document.xml": text}))


@pytest.mark.req("R12.36")
def test_a_person_places_what_is_on_the_tray(country: make.Country) -> None:
    _row, made = in_doubt(country)
    item = rounds.tray_item(made)
    assert (item.kind, item.clause, item.doubt) == ("edit", "P1-C1.1", "bookmark")
    placed = replies.place(
        reply="P1-K1-R1", number=1, how="suggestion", clause="P1-C1.1", text=item.text, actor=plans.drafter(), now=NOW
    )
    assert (placed.state, placed.suggestion and placed.suggestion.author) == ("placed", "AID")
    for again in (
        lambda: replies.set_aside(reply="P1-K1-R1", number=1, reason="Non.", actor=plans.drafter(), now=NOW),
        lambda: replies.place(
            reply="P1-K1-R1", number=1, how="comment", clause="", text="x", actor=plans.drafter(), now=NOW
        ),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert codes(refused) == ["CONS-026"]


def test_a_part_of_a_reply_becomes_a_comment_or_is_set_aside(country: make.Country) -> None:
    _row, made = in_doubt(country)
    TrayItem.objects.create(reply=made, number=2, item=made.tray.get().item)
    placed = replies.place(
        reply="P1-K1-R1", number=1, how="comment", clause="P1-C1.1", text="Le soir.", actor=plans.drafter(), now=NOW
    )
    assert placed.comment is not None
    assert (placed.comment.sort, placed.comment.text) == ("text", "Le soir.")
    aside = replies.set_aside(reply="P1-K1-R1", number=2, reason="Deux fois.", actor=plans.drafter(), now=NOW)
    assert (aside.state, aside.reason, aside.settled_by) == ("aside", "Deux fois.", "drafter")


@pytest.mark.parametrize(
    ("changed_values", "code"),
    [
        ({"number": 9}, "CONS-025"),
        ({"how": "elsewhere"}, "CONS-031"),
        ({"clause": "P1-C9"}, "CONS-027"),
        ({"clause": ""}, "CONS-027"),
        ({"text": documents.SOURCE}, "DOC-013"),
        ({"how": "comment", "text": " "}, "CONS-019"),
    ],
)
def test_what_cannot_be_placed_is_refused(country: make.Country, changed_values: dict[str, object], code: str) -> None:
    in_doubt(country)
    values = {
        "reply": "P1-K1-R1",
        "number": 1,
        "how": "suggestion",
        "clause": "P1-C1.1",
        "text": "Autre.",
        **changed_values,
    }
    with pytest.raises(Refused) as refused:
        replies.place(**values, actor=plans.drafter(), now=NOW)  # type: ignore[arg-type]
    assert codes(refused) == [code]
    assert TrayItem.objects.get().state == "open"


@pytest.mark.req("R12.33")
def test_a_reply_to_something_else_is_refused(country: make.Country) -> None:
    row = rounds.opened(country)
    sent = asking.word_clauses(queries.asked(row), "fr")
    cover = asking.cover(row, "fr")
    other = document(sent, DocumentId("P7", "P7-K1", "fr", 1), cover)
    with pytest.raises(Refused) as refused:
        previews.preview(row, other)
    assert codes(refused) == ["CONS-010"]
    assert refused.value.problems[0].params == {"found": "P7-K1", "expected": "P1-K1"}
    members = parts(rounds.sent(row))
    foreign = zipped({"word/document.xml": members["word/document.xml"].replace(b"pj", b"xx").replace(b"rev.", b"")})
    with pytest.raises(Refused) as refused:
        previews.preview(row, foreign)
    assert codes(refused) == ["CONS-009"]
    with pytest.raises(Refused) as refused:
        previews.preview(row, rounds.sent(row))
    assert codes(refused) == ["CONS-030"]


def test_a_file_that_forgot_which_document_it_is_is_known_by_its_clauses(country: make.Country) -> None:
    row = rounds.opened(country)
    members = parts(changed(("jour même", "soir même"), sent=rounds.sent(row)))
    del members["docProps/custom.xml"]
    members["word/document.xml"] = members["word/document.xml"].replace(b"pjdoc", b"other")
    found = previews.preview(row, zipped(members))
    assert ([one.clause for one in found.items], found.language, found.older) == (["P1-C1.1"], "fr", "")


def test_a_reply_to_an_earlier_round_is_compared_with_that_round(country: make.Country) -> None:
    first = rounds.opened(country)
    late = changed(("jour même", "soir même"), sent=rounds.sent(first))
    services.close(code="P1-K1", seen=2, actor=plans.drafter(), now=NOW)
    clauses.save(code="P1-C1.1", language="fr", text="Tout autre chose.", seen=1, actor=plans.drafter(), now=NOW)
    services.begin(policy="P1", wanted=rounds.wanted(), actor=plans.drafter(), now=NOW)
    second = services.begin_asking(code="P1-K2", seen=1, actor=plans.drafter(), now=NOW)
    found = previews.preview(second, late)
    assert (found.older, [(one.kind, one.clause, one.revision, one.doubt) for one in found.items]) == (
        "P1-K1", [("edit", "P1-C1.1", 1, "")],
    )  # fmt: skip


@pytest.mark.req("R12.36")
def test_references_stay_in_a_text_whose_other_words_changed(country: make.Country) -> None:
    documents.small(country)
    text = "Le coût est de {{cost:P1}} pour trois ans."
    documents.clause("text", text, under="P1-C2")
    services.begin(policy="P1", wanted=rounds.wanted(), actor=plans.drafter(), now=NOW)
    row = services.begin_asking(code="P1-K1", seen=1, actor=plans.drafter(), now=NOW)
    rounds.taken(row, changed(("pour trois ans", "pour quatre ans"), sent=rounds.sent(row)))
    assert Suggestion.objects.get().text == "Le coût est de {{cost:P1}} pour quatre ans."


def test_words_under_a_heading_are_a_new_clause_behind_it(country: make.Country) -> None:
    row = rounds.opened(country)
    data = rounds.sent(row)
    old = whole(data, "Clause P1-C2", "Clause P1-C2")
    made = rounds.taken(row, changed((old, old + paragraph(ins("Une phrase."))), sent=data))
    assert [(one.sort, one.after and one.after.code, one.text) for one in made.comments.all()] == [
        ("new", "P1-C2", "Une phrase."),
    ]  # fmt: skip


def test_who_may_still_reply_and_how(country: make.Country) -> None:
    row = rounds.opened(country)
    found = previews.preview(row, mixed(rounds.sent(row)))
    Consultation.objects.update(last_date="2025-09-30")
    partner = plans.drafter().__class__(5, "partner", ())

    def take(**more: object) -> Reply:
        values = {"code": "P1-K1", "preview": found, "institution": "AID", "actor": partner, **more}
        return replies.take(**values, today=TODAY, now=NOW)  # type: ignore[arg-type]

    with pytest.raises(Refused) as refused:
        take()
    assert codes(refused) == ["CONS-022"]
    with pytest.raises(Refused) as refused:
        take(institution="CELL", actor=plans.drafter())
    assert codes(refused) == ["CONS-017"]
    assert take(actor=plans.drafter()).code == "P1-K1-R1"  # a drafter takes in what came late
    Consultation.objects.update(channels=["web"])
    with pytest.raises(Refused) as refused:
        take(actor=plans.drafter())
    assert codes(refused) == ["CONS-032"]


def test_the_word_file_is_handed_out_through_the_gate(country: make.Country) -> None:
    row = rounds.opened(country)
    with roundfiles.export(row=row, language="fr", actor=plans.drafter(), now=NOW).file as file:
        data = file.read()
    assert passages(data).document == DocumentId("P1", "P1-K1", "fr", 1)
    assert [(one.audience, one.question["language"]) for one in Release.objects.all()] == [("TLP:AMBER", "fr")]
    for changed_row, language, code in (
        ({"state": "draft"}, "fr", "CONS-012"), ({"channels": ["web"]}, "fr", "CONS-032"), ({}, "ht", "CONS-031"),
    ):  # fmt: skip
        other = queries.find("P1-K1")
        assert other is not None
        for name, value in changed_row.items():
            setattr(other, name, value)
        with pytest.raises(Refused) as refused:
            roundfiles.export(row=other, language=language, actor=plans.drafter(), now=NOW)
        assert codes(refused) == [code]


def test_a_tray_of_a_closed_round_stays(country: make.Country) -> None:
    _row, made = in_doubt(country)
    Consultation.objects.update(state="closed", closed_at=NOW)
    with pytest.raises(Refused) as refused:
        replies.set_aside(reply=made.code, number=1, reason="x", actor=plans.drafter(), now=NOW)
    assert codes(refused) == ["CONS-012"]
