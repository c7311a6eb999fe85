"""What a file of text is written in, told from its bytes."""

import codecs
from dataclasses import dataclass

from pasaj.core.problems import Refused, problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\x00", "a database"),
)
# Python calls these encodings; they are ways to write other text, and some give letters that are none.
_NO_ALPHABETS = frozenset({"unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined"})
# Control characters that stand in no text: everything below the space but tab, line feed, page feed, return.
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 12, 13))


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text, the encoding it was read in, and whether that was certain.

    Windows-1252 is never certain: every byte could be of another 8-bit alphabet.
    """

    text: str
    encoding: str
    certain: bool


def decode(data: bytes, stated: str = "") -> Text:
    """Decode a whole file: UTF-8, UTF-16 or UTF-32 with a mark, UTF-16 without one, else Windows-1252.

    `stated`: the encoding the mapping names, "" to find it. Raises Refused: IMPORT-001 (not text),
    IMPORT-002 (not what was stated), IMPORT-011 (no such encoding).
    """
    for start, what in _BINARY:
        if data.startswith(start):
            raise Refused(problem("IMPORT-001", found=what))
    if not stated:
        return _found(data)
    try:
        name = codecs.lookup(stated).name
        if name.replace("_", "-") in _NO_ALPHABETS:
            raise LookupError(name)
        text = data.decode(name)
    except LookupError as error:
        allowed = "utf-8, utf-16, cp1252"
        raise Refused(problem("IMPORT-011", key="encoding", value=stated, allowed=allowed)) from error
    except (UnicodeError, ValueError) as error:
        raise Refused(problem("IMPORT-002", stated=stated, found=_found(data).encoding)) from error
    return Text(text.removeprefix("\ufeff"), name, True)


def _found(data: bytes) -> Text:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as(data, name)
    name = _wide(data)
    if name:
        return _as(data, name)
    if data.translate(None, _CONTROLS) != data:
        raise Refused(problem("IMPORT-001", found="a file of a program, with control characters"))
    try:
        return Text(data.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        pass
    try:
        return Text(data.decode("cp1252"), "cp1252", False)
    except UnicodeDecodeError as error:
        raise Refused(problem("IMPORT-001", found="text in an unknown alphabet")) from error


def _as(data: bytes, name: str) -> Text:
    try:
        return Text(data.decode(name).removeprefix("\ufeff"), name, True)
    except UnicodeDecodeError as error:
        raise Refused(problem("IMPORT-001", found=f"damaged {name} text")) from error


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain text is zero."""
    sample = data[:4096]
    if len(sample) < 4:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even == 0:
        return "utf-16-le"
    if even > half * 0.6 and odd == 0:
        return "utf-16-be"
    return ""
