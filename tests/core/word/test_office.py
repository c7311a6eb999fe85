"""Replies made in a real LibreOffice, saved as Word, once more, and by way of OpenDocument."""

from __future__ import annotations

from pathlib import Path

import office
import pytest
from core.word import replies
from core.word.replies import landed

from pasaj.core.problems import Refused
from pasaj.core.word import WordClause, document, passages

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(office.interpreter() is None, reason="LibreOffice with its Python is not installed"),
]

BASE = [
    *replies.BASE,
    *(
        WordClause(f"P-D{at}", 1, f"Post number {at}7 opens at {at} o'clock every day.", f"Post {at}7")
        for at in range(1, 10)
    ),
]
SENT = document(BASE, replies.WHICH, replies.COVER)
MARIE, PAUL = {"do": "by", "author": "Marie Jean"}, {"do": "by", "author": "Paul Ogé"}
RECORD, SILENT = {"do": "record", "on": True}, {"do": "record", "on": False}
MIXED = [
    RECORD, MARIE,
    {"do": "replace", "old": "thirty days", "new": "sixty days"},
    {"do": "replace", "old": "Half of it", "new": "All of it"},
    {"do": "delete", "first": "Clause P-D1", "last": "opens at 1 o'clock"},
    {"do": "move", "first": "Clause P-D3", "last": "opens at 3 o'clock", "after": "opens at 8 o'clock"},
    PAUL,
    {"do": "after", "words": "Whoever is refused", "put": " entry"},
    {"do": "paragraph", "after": "opens at 5 o'clock", "lines": ["A hotline is open to all."]},
    {"do": "comment", "on": "ten days", "author": "Paul Ogé", "says": "Why ten? Twenty."},
    SILENT,
    {"do": "replace", "old": "with care", "new": "with great care"},
    {"do": "split", "before": "updated"},
]  # fmt: skip
EXPECTED = [
    ("edit", "P-C1", (), "The authority keeps a **public** register.\n\n- It is\n- updated *daily*.\n- It is free."),
    (
        "edit",
        "P-C3",
        ("Marie Jean",),
        "1. Officers are trained.\n2. Training lasts ten days.\n   - All of it at a post.",
    ),
    ("comment", "P-C3", ("Paul Ogé",), "Why ten? Twenty."),
    ("edit", "P-C4", (), "Arrivals are received with great care."),
    ("edit", "P-C5", ("Paul Ogé",), "Whoever is refused entry may appeal within thirty days."),
    ("edit", "P-C5", ("Marie Jean",), "Whoever is refused may appeal within sixty days."),
    ("deleted", "P-D1", ("Marie Jean",), ""),
    ("moved", "P-D3", ("Marie Jean",), ""),
    ("new", "", ("Paul Ogé",), "A hotline is open to all."),
]


def told(data: bytes) -> list[tuple[str, str, tuple[str, ...], str]]:
    return [(one.kind, one.clause, one.authors, one.text) for one in landed(data, BASE).items]


@pytest.mark.req("R12.32")
def test_edits_made_in_libreoffice_land_where_they_belong(tmp_path: Path) -> None:
    (data,) = office.edited(tmp_path, [office.Job(SENT, MIXED)])
    assert told(data) == EXPECTED
    assert [one.after for one in landed(data, BASE).items if one.after] == ["P-D8", "P-D5"]
    assert passages(data).document == replies.WHICH
    assert told(office.saved(tmp_path / "twice", data, "docx", "docx")) == EXPECTED
    assert told(office.saved(tmp_path / "odt", data, "odt", "docx")) == EXPECTED


@pytest.mark.req("R12.32")
def test_accepted_changes_are_silent_ones(tmp_path: Path) -> None:
    steps = [RECORD, MARIE, {"do": "replace", "old": "thirty days", "new": "sixty days"}, {"do": "accept"}]
    (data,) = office.edited(tmp_path, [office.Job(SENT, steps)])
    assert told(data) == [("edit", "P-C5", (), "Whoever is refused may appeal within sixty days.")]
    assert [one.silent for one in landed(data, BASE).items] == [True]


@pytest.mark.req("R12.32")
def test_a_reply_without_bookmarks_lands_for_a_person_to_confirm(tmp_path: Path) -> None:
    steps = [SILENT, {"do": "forget", "names": "pj_"}, {"do": "nameless"},
             {"do": "replace", "old": "thirty days", "new": "sixty days"}]  # fmt: skip
    (data,) = office.edited(tmp_path, [office.Job(SENT, steps)])
    assert told(data) == [("edit", "P-C5", (), "Whoever is refused may appeal within sixty days.")]
    assert [one.doubt for one in landed(data, BASE).items] == ["bookmark"]
    assert passages(data).document == replies.WHICH  # by the bookmark of the title


@pytest.mark.req("R12.33")
@pytest.mark.parametrize(("kind", "code"), [("odt", "CONS-003"), ("doc", "CONS-005"), ("pdf", "CONS-004")])
def test_other_kinds_of_files_are_refused_with_the_remedy(tmp_path: Path, kind: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        passages(office.saved(tmp_path, SENT, kind))
    assert [one.code for one in refused.value.problems] == [code]
