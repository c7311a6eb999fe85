"""Each change of a reply on its clause, whoever made it and whether it was recorded or not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from core.word import replies
from core.word.replies import AT, gone, ins, landed, only, paragraph, said

from pasaj.core.word import DocumentId, Item, WordClause, document, front, land, landing, matching, passages
from pasaj.core.word.xml import words

DAYS = said("Whoever is refused may appeal within thirty days.")
END_OF_RECEPTION = f"{said('Arrivals are received with care.')}<w:bookmarkEnd"


def test_a_recorded_change_is_its_authors_edit() -> None:
    inside = f"{said('Whoever is refused may appeal within ')}{gone('thirty')}{ins('sixty')}{said(' days.')}"
    assert only(replies.changed((DAYS, inside))) == Item(
        "edit", "P-C5", 1, ("Marie",), AT, "", "Whoever is refused may appeal within sixty days."
    )


@pytest.mark.req("R12.31")
def test_two_authors_of_one_clause_are_told_apart() -> None:
    inside = (
        f"{ins('Anyone', 'Marie')}{gone('Whoever', 'Marie')}{said(' is refused may appeal within ')}"
        f"{gone('thirty', 'Paul')}{ins('sixty', 'Paul', '2026-11-13T08:00:00Z')}{said(' days.')}"
    )
    one, two = landed(replies.changed((DAYS, inside))).items
    assert (one.authors, one.text) == (("Marie",), "Anyone is refused may appeal within thirty days.")
    assert (two.authors, two.text, two.at) == (
        ("Paul",), "Whoever is refused may appeal within sixty days.", "2026-11-13T08:00:00Z",
    )  # fmt: skip


@pytest.mark.req("R12.31")
def test_who_changes_anothers_insertion_stands_on_it() -> None:
    nested = f'<w:ins w:id="7" w:author="Marie" w:date="{AT}">{said("in writing ")}{gone("always ", "Paul")}</w:ins>'
    inside = f"{said('Whoever is refused may appeal ')}{nested}{said('within thirty days.')}"
    one, two = landed(replies.changed((DAYS, inside))).items
    assert (one.authors, one.text) == (
        ("Marie",), "Whoever is refused may appeal in writing always within thirty days.",
    )  # fmt: skip
    assert (two.authors, two.text) == (
        ("Paul", "Marie"), "Whoever is refused may appeal in writing within thirty days.",
    )  # fmt: skip


def test_who_takes_back_a_blank_of_another_changes_nothing() -> None:
    nested = f'<w:ins w:id="7" w:author="Marie" w:date="{AT}">{said("too ")}{gone(" ", "Paul")}</w:ins>'
    inside = f"{said('Whoever is refused may ')}{nested}{said('appeal within thirty days.')}"
    assert [one.authors for one in landed(replies.changed((DAYS, inside))).items] == [("Marie",)]


@pytest.mark.req("R12.31")
def test_a_change_without_a_record_is_a_silent_edit_of_nobody() -> None:
    """As when somebody accepted all changes before he sent the file."""
    assert only(replies.changed(("thirty", "sixty"))) == Item(
        "edit", "P-C5", 1, (), "", "", "Whoever is refused may appeal within sixty days.", silent=True
    )


@pytest.mark.req("R12.31")
def test_a_recorded_change_beside_a_silent_one_is_told_without_it() -> None:
    inside = f"{said('Whoever is refused may appeal in writing within ')}{gone('thirty')}{ins('sixty')}{said(' days.')}"
    silent, told = landed(replies.changed((DAYS, inside))).items
    assert (silent.silent, silent.text) == (True, "Whoever is refused may appeal in writing within thirty days.")
    assert (told.authors, told.text, told.doubt) == (("Marie",), "Whoever is refused may appeal within sixty days.", "")


def test_a_recorded_change_of_silently_changed_words_needs_a_person() -> None:
    inside = f"{said('Whoever is refused may appeal within ')}{gone('forty')}{ins('sixty')}{said(' days.')}"
    silent, told = landed(replies.changed((DAYS, inside))).items
    assert silent.text == "Whoever is refused may appeal within forty days."
    assert (told.text, told.doubt) == ("Whoever is refused may appeal within sixty days.", "silent")


def test_a_title_is_edited_beside_its_text() -> None:
    one = only(replies.changed((said("Register"), f"{ins('Public ')}{said('Register')}")))
    assert (one.title, one.text) == ("Public Register", replies.REGISTER.text)
    inside = f"{said('Registers')}"
    silent, told = landed(
        replies.changed(
            (said("Register"), inside), (said("It is free."), f"{said('It is free')}{ins(' now')}{said('.')}")
        )
    ).items
    assert (silent.title, told.title) == ("Registers", "Register")
    assert told.text.endswith("- It is free now.")
    both = f"{said('Registers')}{ins(' kept')}"
    _, told = landed(replies.changed((said("Register"), both))).items
    assert told.title == "Registers kept"


@pytest.mark.req("R12.31")
def test_a_comment_lands_with_what_it_hangs_on() -> None:
    inside = (
        f'{said("Whoever is refused may appeal ")}<w:commentRangeStart w:id="4"/>{said("within thirty")}{said(" days")}'
        f'<w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r>{said(".")}'
    )
    notes = (
        f'<w:comment w:id="4" w:author=" Marie  Jean " w:date="{AT}"><w:p>{said("Too short.")}</w:p>'
        f'<w:p>{said("Sixty?")}</w:p></w:comment><w:comment w:id="5" w:author="Nobody"><w:p/></w:comment>'
    )
    assert only(replies.changed((DAYS, inside), comments=notes)) == Item(
        "comment", "P-C5", 1, ("Marie Jean",), AT, "", "Too short.\nSixty?", "within thirty days"
    )


def test_a_comment_that_hangs_nowhere_is_found_by_its_words_or_goes_to_the_tray() -> None:
    def told(cover: str) -> Item:
        start = '<w:commentRangeStart w:id="4"/>'
        data = replies.changed(
            (said("Write into the text."), f'{start}{said(cover)}<w:commentRangeEnd w:id="4"/>'),
            comments=f'<w:comment w:id="4" w:date="0-00-00T00:00:00Z"><w:p>{said("Why?")}</w:p></w:comment>',
        )
        return next(one for one in landed(data).items if one.text == "Why?")

    assert told("Write into the text.") == Item("unmatched", "", 0, (), "", "", "Why?", "Write into the text.")
    assert (told("appeal within thirty days").clause, told("appeal within thirty days").doubt) == ("P-C5", "place")
    assert told("days").kind == "unmatched"
    lonely = replies.changed(comments=f'<w:comment w:id="9" w:author="Ann"><w:p>{said("Alone")}</w:p></w:comment>')
    assert only(lonely) == Item("unmatched", "", 0, ("Ann",), "", "", "Alone")


def test_a_footnote_is_a_comment_of_nobody() -> None:
    inside = f'{said("Whoever is refused may appeal within thirty days.")}<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = (
        f'<w:footnote w:id="1"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r>{words("See the")}<w:br/>'
        f"{words('law.')}<w:tab/>{words('Art. 4')}</w:r></w:p></w:footnote>"
    )
    one = only(replies.changed((DAYS, inside), footnotes=notes))
    assert (one.kind, one.clause, one.text, one.authors) == ("comment", "P-C5", "See the\nlaw. Art. 4", ())


@pytest.mark.req("R12.31")
@pytest.mark.parametrize("recorded", [True, False])
def test_a_new_clause_stands_between_two(recorded: bool) -> None:
    text = ins("A hotline is open.") if recorded else said("A hotline is open.")
    ending = f'<w:ins w:id="8" w:author="Marie" w:date="{AT}"/>' if recorded else ""
    heading = paragraph(ins("Hotline") if recorded else said("Hotline"), ending, "Heading2")
    old = replies.whole(replies.SENT, "Arrivals are", "Arrivals are")
    assert only(replies.changed((old, old + heading + paragraph(text)))) == Item(
        "new", "", 0, ("Marie",) if recorded else (), AT if recorded else "", "Hotline", "A hotline is open.",
        after="P-C4", silent=not recorded,
    )  # fmt: skip


def test_new_clauses_are_parted_by_headings_and_by_who_writes() -> None:
    old = replies.whole(replies.SENT, "Arrivals are", "Arrivals are")
    more = [
        paragraph(ins("One.")),
        paragraph(""),
        paragraph(ins("Two.", "Paul")),
        paragraph(ins("Head", "Paul"), "", "Heading3"),
        paragraph(ins("Three.", "Paul")),
    ]
    found = landed(replies.changed((old, old + "".join(more)))).items
    assert [(one.kind, one.authors, one.title, one.text) for one in found] == [
        ("new", ("Marie",), "", "One."), ("new", ("Paul",), "", "Two."), ("new", ("Paul",), "Head", "Three."),
    ]  # fmt: skip


def test_a_comment_on_a_new_clause_says_where_that_stands() -> None:
    old = replies.whole(replies.SENT, "Arrivals are", "Arrivals are")
    hung = f'<w:commentRangeStart w:id="4"/>{ins("A hotline is open.")}<w:commentRangeEnd w:id="4"/>'
    data = replies.changed(
        (old, old + paragraph(hung)),
        comments=f'<w:comment w:id="4" w:author="Ann"><w:p>{said("Good")}</w:p></w:comment>',
    )
    new, comment = landed(data).items
    assert (new.kind, comment) == (
        "new", Item("comment", "", 0, ("Ann",), "", "", "Good", "A hotline is open.", after="P-C4"),
    )  # fmt: skip


def test_a_clause_put_before_the_first_stands_behind_none() -> None:
    first = replies.whole(replies.SENT, "Clause P-C1", "Clause P-C1")
    one = only(replies.changed((first, paragraph(said("A preamble.")) + first)))
    assert (one.kind, one.text, one.after) == ("new", "A preamble.", "")


def test_an_item_behind_a_list_goes_on_with_it() -> None:
    old = replies.whole(replies.SENT, "It is free.", "It is free.")
    item = old.replace(said("It is free."), ins("It is complete.")).replace("bookmark", "bookmork")
    one = only(replies.changed((old, old + item)))
    assert (one.clause, one.text.split("\n")[-1]) == ("P-C1", "- It is complete.")


def test_a_paragraph_within_a_clause_belongs_to_it() -> None:
    old = replies.whole(replies.SENT, "Posts count", "Posts count")
    one = only(replies.changed((old, old + paragraph(ins("They are checked.")))))
    assert (one.clause, one.text.split("\n\n")[1]) == ("P-C2", "They are checked.")


@pytest.mark.req("R12.31")
def test_a_deleted_clause_is_its_authors_or_needs_a_person() -> None:
    recorded = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    told = re.sub(r"<w:r>(.*?)</w:r>", lambda run: gone(re.sub("<[^>]+>", "", run[1]), "Paul"), recorded)
    assert only(replies.changed((recorded, told))) == Item("deleted", "P-C5", 1, ("Paul",), AT)
    assert only(replies.changed((recorded, ""))) == Item("deleted", "P-C5", 1, silent=True, doubt="gone")
    assert landed(replies.changed((recorded, ""))).tray == landed(replies.changed((recorded, ""))).items
    emptied = re.sub(r"<w:r>.*?</w:r>", "", recorded)
    assert only(replies.changed((recorded, emptied))) == Item("deleted", "P-C5", 1, silent=True)


@pytest.mark.req("R12.31")
def test_a_clause_moved_without_a_record() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    first = replies.whole(replies.SENT, "Clause P-C2", "Clause P-C2")
    assert only(replies.changed((appeal, ""), (first, appeal + first))) == Item(
        "moved", "P-C5", 1, after="P-C1", silent=True
    )
    top = replies.whole(replies.SENT, "Clause P-C1", "Clause P-C1")
    assert only(replies.changed((appeal, ""), (top, appeal + top))) == Item("moved", "P-C5", 1, after="", silent=True)


def moved(block: str, kind: str, *, marked: bool = True) -> str:
    """The same paragraphs as moved from or to here; `marked` keeps the bookmarks."""
    text = block if marked else re.sub(r"<w:bookmark(Start|End)[^>]*/>", "", block)
    touch = f'<w:{kind} w:id="77" w:author="Marie" w:date="{AT}"'
    text = re.sub(r"(<w:r>.*?</w:r>)", rf"{touch}>\1</w:{kind}>", text)
    return re.sub(r"</w:pPr>", f"<w:rPr>{touch}/></w:rPr></w:pPr>", text)


@pytest.mark.req("R12.31")
@pytest.mark.parametrize("along", [True, False], ids=["bookmarks go along", "bookmarks stay"])
@pytest.mark.parametrize("kinds", [("moveFrom", "moveTo"), ("del", "ins")])
def test_a_clause_moved_by_record(along: bool, kinds: tuple[str, str]) -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    first = replies.whole(replies.SENT, "Clause P-C2", "Clause P-C2")
    data = replies.changed(
        (appeal, moved(appeal, kinds[0], marked=not along)), (first, moved(appeal, kinds[1], marked=along) + first)
    )
    assert only(data) == Item("moved", "P-C5", 1, ("Marie",), AT, after="P-C1")


def test_a_clause_moved_and_changed_there_is_both() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    first = replies.whole(replies.SENT, "Clause P-C2", "Clause P-C2")
    there = moved(appeal, "moveTo", marked=False).replace("thirty", "sixty")
    found = landed(replies.changed((appeal, moved(appeal, "moveFrom")), (first, there + first))).items
    assert [(one.kind, one.clause, one.authors, one.text[-11:]) for one in found] == [
        ("edit", "P-C5", ("Marie",), "sixty days."), ("moved", "P-C5", ("Marie",), ""),
    ]  # fmt: skip


def test_a_clause_carried_to_the_top_without_a_trace_of_its_old_place() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    first = replies.whole(replies.SENT, "Clause P-C1", "Clause P-C1")
    one = only(replies.changed((appeal, ""), (first, moved(appeal, "moveTo") + first)))
    assert (one.kind, one.clause, one.after, one.authors) == ("moved", "P-C5", "", ("Marie",))


def test_a_copy_of_a_clause_is_a_new_one() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    copy = re.sub(r'(w:name="pj_\w+x)"', r'\1_Copy_1"', appeal)
    found = landed(replies.changed((appeal, appeal + copy.replace("thirty", "sixty")))).items
    assert [(one.kind, one.after, one.text[-11:]) for one in found] == [("new", "P-C5", "sixty days.")]


def test_a_paragraph_carried_into_another_clause_changes_both() -> None:
    free = replies.whole(replies.SENT, "It is free.", "It is free.")
    posts = replies.whole(replies.SENT, "Posts count", "Posts count")
    found = landed(replies.changed((free, ""), (posts, posts + free))).items
    assert [(one.kind, one.clause, one.silent, "free" in one.text) for one in found] == [
        ("edit", "P-C1", True, False), ("edit", "P-C2", True, True),
    ]  # fmt: skip


def test_scattered_paragraphs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_STRAYS", 0)
    free = replies.whole(replies.SENT, "It is free.", "It is free.")
    posts = replies.whole(replies.SENT, "Posts count", "Posts count")
    found = landed(replies.changed((free, ""), (posts, posts + free))).items
    told = [(one.kind, one.clause or one.after, "free" in one.text, "Counts are" in one.text) for one in found]
    assert told == [("edit", "P-C1", False, False), ("edit", "P-C2", False, False), ("new", "P-C2", True, True)]


def test_paragraphs_joined_by_hand_are_seen() -> None:
    """The end of a paragraph taken away: with a record it is an edit of its author, without one a silent edit."""
    posts = replies.whole(replies.SENT, "Posts count", "Posts count")
    mark = f'<w:del w:id="9" w:author="Paul" w:date="{AT}"/>'
    one = only(replies.changed((posts, posts.replace("</w:pPr>", f"<w:rPr>{mark}</w:rPr></w:pPr>"))))
    assert (one.authors, one.text) == (
        ("Paul",), "Posts count entries every day.Counts are [published](https://example.org/a).",
    )  # fmt: skip
    both = replies.whole(replies.SENT, "Posts count", "Counts are")
    joined = re.sub(r"</w:p><w:p><w:pPr>.*?</w:pPr>", "", both)
    one = only(replies.changed((both, joined)))
    assert (one.clause, one.silent, one.text.count("\n")) == ("P-C2", True, 0)


def test_two_clauses_joined_in_one_paragraph_keep_their_words() -> None:
    """The bookmarks still say whose words are whose."""
    both = replies.whole(replies.SENT, "Arrivals are", "Clause P-C5")
    joined = re.sub(r"</w:p><w:p><w:pPr>.*?</w:pPr>", said(" Inserted."), both)
    one = only(replies.changed((both, joined)))
    assert (one.clause, one.text) == ("P-C4", "Arrivals are received with care. Inserted.")


def test_words_in_the_line_of_a_code_are_a_comment() -> None:
    line = said("Clause P-C5 · rev. 1")
    assert only(replies.changed((line, f"{line}{ins(' – drop it')}"))) == Item(
        "comment", "P-C5", 1, ("Marie",), "", "", "Clause P-C5 · rev. 1 – drop it", "Clause P-C5 · rev. 1"
    )
    one = only(replies.changed(("Clause P-C5 · rev. 1", "Clause P-C5 · rev. 1 agreed")))
    assert (one.kind, one.silent, one.clause) == ("comment", True, "P-C5")


def test_what_is_written_on_the_cover_goes_to_the_tray() -> None:
    line = said("Save it as .docx.")
    assert only(replies.changed((line, f"{line}{ins(' We agree with all.')}"))) == Item(
        "unmatched", "", 0, ("Marie",), AT, "", "1. Save it as .docx. We agree with all.", "Save it as .docx."
    )
    one = only(replies.changed(("Write into the text.", "We have no objection.")))
    assert (one.kind, one.silent, one.text) == ("unmatched", True, "1. We have no objection.")
    told = only(replies.changed((line, gone("Save it as .docx."))))
    assert (told.kind, told.text) == ("unmatched", "1. Save it as .docx.")


def test_words_nobody_knows_that_somebody_deleted_are_shown() -> None:
    old = replies.whole(replies.SENT, "Arrivals are", "Arrivals are")
    one = only(replies.changed((old, old + paragraph(gone("Foreign words.", "Paul")))))
    assert (one.kind, one.text, one.authors, one.after) == ("unmatched", "Foreign words.", ("Paul",), "P-C4")


def test_a_text_box_goes_to_the_tray() -> None:
    box = f"<w:txbxContent>{paragraph(said('Beside.'))}</w:txbxContent>"
    old = replies.whole(replies.SENT, "Arrivals are", "Arrivals are")
    twice = (
        '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing>' + box + "</w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict>" + box + "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    one = only(replies.changed((old, old.replace("</w:p>", f"{twice}</w:p>"))))
    assert (one.kind, one.text, one.after, one.silent) == ("unmatched", "Beside.", "P-C4", True)


# Bookmarks lost, other versions


def bare(data: bytes) -> bytes:
    members = replies.parts(data)
    text = re.sub(rb'<w:bookmarkStart[^>]*w:name="pj_[^>]*/>', b"", members["word/document.xml"])
    return replies.zipped({**members, "word/document.xml": text})


@pytest.mark.req("R12.31")
def test_without_bookmarks_clauses_are_found_by_the_line_of_their_code_and_a_person_confirms() -> None:
    assert landed(bare(replies.SENT)).items == ()
    one = only(bare(replies.changed(("thirty", "sixty"))))
    assert (one.kind, one.clause, one.silent, one.doubt) == ("edit", "P-C5", True, "bookmark")


def test_without_bookmarks_and_lines_clauses_are_found_by_their_words() -> None:
    data = replies.changed(("thirty", "sixty"))
    lines = [replies.whole(data, f"Clause {one.code}", f"Clause {one.code}") for one in replies.BASE]
    data = bare(replies.changed(*((line, "") for line in lines), sent=data))
    found = landed(data).items
    assert [(one.kind, one.clause, one.doubt) for one in found] == [("edit", "P-C5", "bookmark")]


def test_one_bookmark_lost_at_the_end_of_a_clause() -> None:
    """Whoever types a paragraph anew loses its bookmark: it is still the last one of its clause."""
    old = replies.whole(replies.SENT, "Counts are", "Counts are")
    one = only(replies.changed((old, paragraph(said("Counts are never published.")))))
    assert (one.kind, one.clause, one.text.split("\n\n")[1]) == ("edit", "P-C2", "Counts are never published.")


def test_a_move_without_bookmarks_is_in_doubt() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    first = replies.whole(replies.SENT, "Clause P-C2", "Clause P-C2")
    plain = re.sub(r"<w:bookmark(Start|End)[^>]*/>", "", appeal)
    one = only(replies.changed((appeal, ""), (first, plain + first)))
    assert (one.kind, one.clause, one.doubt) == ("moved", "P-C5", "bookmark")


@pytest.mark.req("R12.31")
def test_a_reply_to_an_older_version_is_compared_with_that() -> None:
    newer = [*replies.BASE[:4], replace(replies.APPEAL, revision=2, text="Whoever is refused may appeal.")]
    reply = passages(replies.changed(("thirty", "sixty")))
    (told,) = land(newer, reply, front(replies.COVER), {("P-C5", 1): replies.APPEAL}).items
    assert (told.revision, told.text, told.doubt) == (1, "Whoever is refused may appeal within sixty days.", "")
    (asked,) = land(newer, reply, front(replies.COVER)).items
    assert (asked.revision, asked.doubt) == (2, "revision")


def test_other_words_of_the_same_revision_are_in_doubt() -> None:
    other = [*replies.BASE[:4], replace(replies.APPEAL, text="Whoever is refused may appeal.")]
    one = only(replies.SENT, other)
    assert (one.kind, one.silent, one.doubt) == ("edit", True, "words")


def test_a_clause_that_the_document_never_held_is_gone() -> None:
    more = [*replies.BASE, WordClause("P-C6", 1, "Added since.")]
    assert only(replies.SENT, more) == Item("deleted", "P-C6", 1, silent=True, doubt="gone")


def test_a_reply_to_another_document_says_so() -> None:
    other = document(replies.BASE, DocumentId("OTHER", "OTHER-K1", "en", 1), replies.COVER)
    assert passages(other).document == DocumentId("OTHER", "OTHER-K1", "en", 1)
    members = replies.parts(other)
    del members["docProps/custom.xml"]
    assert passages(replies.zipped(members)).document == DocumentId("OTHER", "OTHER-K1", "en", 1)
    text = members["word/document.xml"].replace(b"pjdoc_", b"other_")
    assert passages(replies.zipped({**members, "word/document.xml": text})).document is None


def test_the_clauses_that_stayed_are_a_longest_rising_row() -> None:
    assert sorted(landing._longest_rising([0, 4, 1, 2, 3])) == [0, 1, 2, 3]
    assert list(landing._longest_rising([])) == []


def test_who_takes_a_word_out_and_puts_it_back_changes_nothing() -> None:
    inside = f"{said('Whoever is refused may appeal within ')}{gone('thirty')}{ins('thirty')}{said(' days.')}"
    assert landed(replies.changed((DAYS, inside))).items == ()


def test_bookmarks_that_went_to_a_copy_leave_the_first_words_as_new_ones() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    plain = re.sub(r"<w:bookmark(Start|End)[^>]*/>", "", appeal)
    first = replies.whole(replies.SENT, "Clause P-C2", "Clause P-C2")
    found = landed(replies.changed((appeal, plain), (first, moved(appeal, "ins") + first))).items
    assert [(one.kind, one.clause, one.after) for one in found] == [("new", "", "P-C4"), ("moved", "P-C5", "P-C1")]


def test_two_copies_of_lines_begin_two_pieces() -> None:
    old = replies.whole(replies.SENT, "Arrivals are", "Arrivals are")
    lines = [paragraph(said(f"Clause {code} · rev. 1")) + paragraph(said("Again.")) for code in ("P-C5", "P-C3")]
    data = replies.changed((old, old + "".join(lines) + paragraph(said("See rev. 4"))))
    assert [(one.kind, one.after, one.text) for one in landed(data).items] == [
        ("new", "P-C4", "Again."), ("new", "P-C4", "Again.\n\nSee rev. 4"),
    ]  # fmt: skip


def test_the_line_of_a_clause_that_is_there_names_no_lost_one() -> None:
    appeal = replies.whole(replies.SENT, "Clause P-C5", "thirty days")
    line = paragraph(said("Clause P-C4 · rev. 1"))
    found = landed(replies.changed((appeal, line + paragraph(said("Nothing alike at all."))))).items
    assert [(one.kind, one.clause, one.after, one.doubt) for one in found] == [
        ("new", "", "P-C4", ""), ("deleted", "P-C5", "", "gone"),
    ]  # fmt: skip


def test_blanks_at_the_ends_are_no_words() -> None:
    inside = f"{said(' ')}{said(' Whoever is refused may appeal. ')}{said(' ')}"
    assert only(replies.changed((DAYS, inside))).text == "Whoever is refused may appeal."
