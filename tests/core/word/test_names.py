"""Names of bookmarks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.word import DocumentId, WordClause, names
from pasaj.core.word.shapes import squeezed

CLAUSE = WordClause("P1-C4", 12, "Words.", "Title")


@pytest.mark.req("R12.30")
@given(st.text(max_size=30))
def test_any_code_is_named_and_read_back(code: str) -> None:
    assert names.safe(code).isalnum() or code == ""
    assert names.plain(names.safe(code)) == code


@pytest.mark.req("R12.30")
def test_a_name_says_clause_revision_and_words() -> None:
    name = names.anchor(CLAUSE, 3)
    assert name == f"pj_P1ZmC4_12_{CLAUSE.mark}_3x"
    assert names.anchored(name) == names.Anchor("P1-C4", 12, CLAUSE.mark, 3)
    assert names.anchored(f"{name}_Copy_2") == names.Anchor("P1-C4", 12, CLAUSE.mark, 3, copied=True)


@pytest.mark.parametrize(
    "name", ["", "_GoBack", "pj_P1_2_abcdef_3", "pj_P1_2_abcdef_3x1", "pj_ZQ_2_abcdef_3x", "pj_Z_2_abcdef_0x"]
)
def test_other_names_are_none_of_ours(name: str) -> None:
    assert names.anchored(name) is None


@pytest.mark.parametrize("name", ["Zxffffffx", "Zx11", "a-b", "Z"])
def test_what_was_not_written_is_not_read(name: str) -> None:
    assert names.plain(name) is None


def test_a_name_is_at_most_forty_letters() -> None:
    assert len(names.anchor(WordClause("A" * 22, 999, ""), 99)) == 40
    with pytest.raises(ValueError, match="longer than the 40"):
        names.anchor(WordClause("A" * 23, 999, ""), 99)


def test_the_document_has_a_name_too() -> None:
    which = DocumentId("NMP", "NMP-K1", "fr", 3)
    assert names.document_name(which) == "pjdoc_NMP_NMPZmK1_fr_3"
    assert names.named_document("pjdoc_NMP_NMPZmK1_fr_3") == which
    assert [names.named_document(one) for one in ("pjdoc_NMP_K1_fr", "pjdoc_ZQ_K1_fr_1")] == [None, None]


def test_the_mark_follows_the_words_and_not_the_blanks() -> None:
    assert CLAUSE.mark == WordClause("other", 1, "  Words. ", "Title").mark
    assert CLAUSE.mark != WordClause("P1-C4", 12, "Words", "Title").mark
    assert squeezed("a\u00a0 b\u00ad\u200b\n") == "a b"
