"""Files that are refused, each with its remedy, and hostile ones."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from core.word import replies

from pasaj.core.problems import Refused
from pasaj.core.word import opening, passages


def code(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        passages(data)
    (one,) = refused.value.problems
    assert one.remedy()
    return one.code


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.req("R12.33")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "CONS-002"),
        (b"Dear colleagues, we agree.", "CONS-002"),
        (b"%PDF-1.7 x", "CONS-004"),
        (OLD + b"\0" * 512 + "WordDocument".encode("utf-16-le"), "CONS-005"),
        (b"{\\rtf1 x}", "CONS-005"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "CONS-006"),
        (b"PK\x03\x04 damaged", "CONS-008"),
        (replies.zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "CONS-003"),
        (replies.zipped({"xl/workbook.xml": b"<x/>"}), "CONS-002"),
        (replies.zipped({"word/document.xml": b"<w:document"}), "CONS-008"),
        (replies.zipped({"word/document.xml": BOMB}), "CONS-008"),
        (replies.zipped({"word/document.xml": b"<!DOCTYPE x><x/>"}), "CONS-008"),
        (replies.SENT[: len(replies.SENT) // 2], "CONS-008"),
    ],
)
def test_what_is_no_reply_is_refused_with_the_remedy(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_a_file_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_BYTES", 1000)
    assert code(replies.SENT) == "CONS-001"


def test_a_file_that_grows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    swollen = replies.zipped({"word/document.xml": b"<x>" + b" " * 41_000_000 + b"</x>"})
    assert (len(swollen) < 100_000, code(swollen)) == (True, "CONS-007")
    assert code(replies.zipped({f"a{at}": b"" for at in range(2001)})) == "CONS-007"


def test_a_part_with_a_wrong_sum_is_damage() -> None:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as file:
        file.writestr("word/document.xml", b"<x>one</x>")
    assert code(written.getvalue().replace(b"<x>one", b"<x>two")) == "CONS-008"


def test_a_locked_member_is_damage() -> None:
    data = bytearray(replies.zipped({"word/document.xml": b"<x/>"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(data)) == "CONS-008"


def test_a_document_nested_too_deep_is_refused() -> None:
    deep = "<w:sdtContent>" * 70 + "<w:p/>" + "</w:sdtContent>" * 70
    assert code(replies.changed(("<w:body>", f"<w:body>{deep}"))) == "CONS-007"
    inside = "<w:smartTag>" * 70 + "</w:smartTag>" * 70
    assert code(replies.changed(("<w:body>", f"<w:body><w:p>{inside}</w:p>"))) == "CONS-007"


def test_a_document_of_twenty_thousand_paragraphs_is_refused() -> None:
    assert code(replies.changed(("<w:body>", "<w:body>" + "<w:p/>" * 20_001))) == "CONS-007"


def test_changed_bytes_are_read_or_refused_and_nothing_else() -> None:
    seen = set()
    for at in range(30, len(replies.SENT), 131):
        data = bytearray(replies.SENT)
        data[at] ^= 0x41
        try:
            passages(bytes(data))
        except Refused as refused:
            seen.add(refused.problems[0].code)
    assert seen <= {"CONS-002", "CONS-007", "CONS-008"}
