"""The file that is sent, and the one that shows what changed."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from core.word import replies
from hypothesis import given, settings
from hypothesis import strategies as st

from pasaj.core.word import DocumentId, WordClause, clause_blocks, document, passages, redline, views
from pasaj.core.word.blocks import blocks, markdown
from pasaj.core.word.redline import clause_pairs
from pasaj.core.word.shapes import Block, squeezed
from pasaj.core.wording import normal, parse


@pytest.mark.req("R12.30")
def test_python_docx_opens_the_file_and_sees_what_is_in_it() -> None:
    read = docx.Document(BytesIO(replies.SENT))
    seen = [(one.style.name, one.text) for one in read.paragraphs if one.style and one.text.strip()]
    assert seen[:8] == [
        ("Title", "National policy"), ("Subtitle", "First round"), ("Pasaj Label", "DEMONSTRATION"),
        ("Pasaj Fact", "Opens: 2 November"), ("Heading 1", "How to reply"), ("List Number", "Write into the text."),
        ("List Number", "Save it as .docx."), ("Pasaj Clause", "Clause P-C1 · 1 · rev. 2"),
    ]  # fmt: skip
    assert seen[8:14] == [
        ("Heading 2", "Register"), ("Normal", "The authority keeps a public register."),
        ("List Bullet", "It is updated daily."), ("List Bullet", "It is free."),
        ("Pasaj Clause", "Clause P-C2 · 2 · rev. 1"), ("Normal", "Posts count entries every day."),
    ]  # fmt: skip
    runs = [one for at in read.paragraphs for one in at.runs]
    assert [one.text for one in runs if one.bold] == ["Opens: ", "public"]
    assert [one.text for one in runs if one.italic] == ["daily"]
    assert [one.address for at in read.paragraphs for one in at.hyperlinks] == ["https://example.org/a"]
    assert read.core_properties.title == "National policy"
    assert "trackRevisions" in replies.parts(replies.SENT)["word/settings.xml"].decode()


@pytest.mark.req("R12.30")
def test_the_same_document_has_the_same_bytes() -> None:
    assert document(replies.BASE, replies.WHICH, replies.COVER) == replies.SENT


@pytest.mark.req("R12.30")
def test_what_was_sent_comes_back_as_it_was() -> None:
    reply = passages(replies.SENT)
    assert reply.document == replies.WHICH
    landing = replies.landed(replies.SENT)
    assert (landing.items, landing.same) == ((), ("P-C1", "P-C2", "P-C3", "P-C4", "P-C5"))


def test_a_document_may_be_empty_and_its_cover_bare() -> None:
    bare = replace(replies.COVER, label="", facts=(), how=(), how_title="")
    assert passages(document([], replies.WHICH, bare)).document == replies.WHICH
    empty = WordClause("P-C1", 1, "")
    assert replies.landed(document([empty], replies.WHICH, bare), [empty]).items == ()


def test_a_clause_twice_or_a_name_too_long_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="twice"):
        document([replies.APPEAL, replies.APPEAL], replies.WHICH, replies.COVER)
    with pytest.raises(ValueError, match="longer"):
        document([replace(replies.APPEAL, code="A" * 40)], replies.WHICH, replies.COVER)


def test_letters_that_no_file_holds_are_marked() -> None:
    odd = WordClause("P-C1", 1, "A\x00B \u202edrow", 'T"<&>')
    seen = views.seen(passages(document([odd], replies.WHICH, replies.COVER)).passages[-2:], views.everything)
    assert [one.plain for one in seen] == ['T"<&>', "A\ufffdB \ufffddrow"]


TEXTS = st.lists(
    st.sampled_from(
        [
            "Words *here* and **there**.",
            "- one",
            "- two\n  - inner",
            "1. first\n2. second",
            "a [link](https://e.org/x)",
            "\\- x",
        ]
    ),
    max_size=6,
).map("\n\n".join)


@pytest.mark.req("R12.30")
@given(TEXTS)
@settings(max_examples=80)
def test_a_text_as_paragraphs_is_the_text_again(text: str) -> None:
    again = markdown(blocks(text))
    assert blocks(again) == blocks(text)
    assert parse(again) == parse(normal(again))


def test_a_list_that_begins_deep_or_mixed_keeps_every_item() -> None:
    rows = [Block("bullet", blocks("a")[0].spans, 1), Block("bullet", blocks("b")[0].spans, 3),
            Block("number", blocks("c")[0].spans), Block("heading", blocks("d")[0].spans, 2)]  # fmt: skip
    assert markdown(rows) == "- a\n   - b\n\n1. c\n\nd"


NEW = [
    replace(
        replies.REGISTER, revision=3, title="Public register", text="The authority keeps one register.\n\n- It is free."
    ),
    WordClause("P-C9", 1, "1. Wholly new.\n2. With *two* items.", "New"),
    replies.TRAINING,
    replace(replies.COUNTS, text=f"{replies.COUNTS.text}\n\nSee [the rules](https://example.org/b)."),
    replies.APPEAL,
]


@pytest.mark.req("R12.34")
def test_accepting_gives_the_new_version_and_refusing_the_old() -> None:
    data = redline(replies.BASE, NEW, DocumentId("NMP", "", "en", 3), replies.COVER, "Pasaj", replies.AT)
    read = passages(data)
    codes = {f"Clause {one.code}" for one in [*replies.BASE, *NEW]}

    def said(keep: views.Keep) -> list[str]:
        seen = [one for one in read.passages[7:] if not any(code in one.plain for code in codes)]
        return views.words(views.seen(seen, keep)).split("\n")

    def lines(clauses: list[WordClause]) -> list[str]:
        return [squeezed(one.plain) for clause in clauses for one in clause_blocks(clause)]

    assert said(views.everything) == lines(NEW)
    order = [old for old, _ in clause_pairs(replies.BASE, NEW) if old]
    assert [one.code for one in order] == ["P-C1", "P-C3", "P-C4", "P-C2", "P-C5"]
    assert said(views.original) == lines(order)
    assert {(touch.author, touch.at) for one in read.passages for piece in one.pieces for touch in piece.touches} == {
        ("Pasaj", replies.AT)
    }
    assert docx.Document(BytesIO(data)).paragraphs[0].text == "National policy"


@pytest.mark.req("R12.34")
@given(st.lists(st.sampled_from(["a b c", "a b d", "x", "- p q", "- p r", "1. n"]), max_size=4),
       st.lists(st.sampled_from(["a b c", "a c d", "y", "- p q", "1. n", "1. m"]), max_size=4))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_two_versions_are_both_in_the_file(old: list[str], new: list[str]) -> None:
    before, after = (WordClause("C", at, "\n\n".join(text)) for at, text in enumerate((old, new)))
    read = passages(redline([before], [after], replies.WHICH, replies.COVER, "P", replies.AT)).passages[9:]
    for clause, keep in ((before, views.original), (after, views.everything)):
        assert views.words(views.seen(read, keep)) == views.words(clause_blocks(clause))


def test_what_is_gone_from_the_beginning_stands_there() -> None:
    found = list(clause_pairs(replies.BASE, replies.BASE[1:]))
    assert found[0] == (replies.REGISTER, None)
