"""What a file is written in."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.encoding import Text, decode
from pasaj.core.problems import Refused

ROWS = "date;point;entrées\n2026-02-28;Belladère;12\n"


def outcome(data: bytes, stated: str) -> str:
    try:
        return "" if isinstance(decode(data, stated).text, str) else "no text"
    except Refused as refused:
        return refused.problems[0].code


@pytest.mark.parametrize(
    ("data", "encoding", "certain"),
    [
        (ROWS.encode(), "utf-8", True),
        (ROWS.encode("utf-8-sig"), "utf-8-sig", True),
        (ROWS.encode("utf-16"), "utf-16", True),
        (codecs.BOM_UTF16_BE + ROWS.encode("utf-16-be"), "utf-16", True),
        (ROWS.encode("utf-32"), "utf-32", True),
        (ROWS.encode("utf-16-le"), "utf-16-le", True),
        (ROWS.encode("utf-16-be"), "utf-16-be", True),
        (ROWS.encode("cp1252"), "cp1252", False),
    ],
)
def test_found_by_its_bytes(data: bytes, encoding: str, certain: bool) -> None:
    assert decode(data) == Text(ROWS, encoding, certain)


def test_nothing_is_text_too() -> None:
    assert decode(b"") == Text("", "utf-8", True)


def test_a_stated_encoding_is_used() -> None:
    assert decode(ROWS.encode("cp1252"), "windows-1252").text == ROWS
    assert decode(ROWS.encode("utf-8-sig"), "utf-8").text == ROWS
    assert decode(ROWS.encode("cp850"), "cp850").text == ROWS


@pytest.mark.parametrize(
    ("data", "stated", "code"),
    [
        (b"PK\x03\x04rest", "", "IMPORT-001"),
        (b"PK\x03\x04rest", "utf-8", "IMPORT-001"),
        (b"%PDF-1.7", "", "IMPORT-001"),
        (b"a\x00\x01\x02bc", "", "IMPORT-001"),
        (b"caf\x81", "", "IMPORT-001"),
        (codecs.BOM_UTF16_LE + b"a", "", "IMPORT-001"),
        (ROWS.encode("cp1252"), "utf-8", "IMPORT-002"),
        (ROWS.encode(), "klingon", "IMPORT-011"),
        (ROWS.encode(), "base64", "IMPORT-011"),
    ],
)
def test_refused_with_what_was_found(data: bytes, stated: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        decode(data, stated)
    assert caught.value.problems[0].code == code


def test_the_refusal_names_the_encoding_found() -> None:
    with pytest.raises(Refused, match="it reads as cp1252"):
        decode(ROWS.encode("cp1252"), "utf-8")


@given(st.binary(max_size=60), st.sampled_from(["", "utf-8", "utf-16", "cp1252", "punycode", "idna", "hex", "rot13"]))
def test_any_bytes_give_text_or_a_coded_refusal(data: bytes, stated: str) -> None:
    assert outcome(data, stated) in {"", "IMPORT-001", "IMPORT-002", "IMPORT-011"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_unicode_text_always_reads_back(text: str) -> None:
    assert decode(("é" + text).encode()).text == "é" + text
