"""How long a text is as SMS: which alphabet it needs, how many parts it is sent in, what is left in the last.

Source: 3GPP TS 23.038 V17, 6.2.1 (GSM 7 bit default alphabet) and 6.2.1.1 (its extension table), 6.2.3 (UCS-2);
TS 23.040 9.2.3.24.1 (parts of a long message: six octets of header each).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# In the order of the table: the index is the septet. 0x1B is the escape to the extension table, no character.
ESCAPE = "\x1b"
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
# Septet after the escape, and the character: two septets each.
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ONE = frozenset(BASIC) - {ESCAPE}
TWO = frozenset(EXTENSION.values())

Encoding = Literal["GSM-7", "UCS-2"]
# Units (septets, or 16-bit words) that fit a message of one part, and each part of a longer one.
ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

# What word processors and phones put for plain signs, and the plain sign. Nothing that a word is spelt with.
PLAIN = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "´": "'", "`": "'", "‹": "'", "›": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "•": "-", "·": "-",
    "…": "...", "×": "x", "→": "->", "≥": ">=", "≤": "<=",
    "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u2002": " ", "\u2003": " ",
    "\t": " ", "\u2028": "\n", "\u2029": "\n",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip
QUOTE_SPACES = ("\u00a0", "\u202f", " ")
_FOLD = str.maketrans(PLAIN)


@dataclass(frozen=True, slots=True)
class Length:
    """What a text costs: `units` of its encoding, parts, and units still free in the last part."""

    encoding: Encoding
    units: int
    segments: int
    left: int


def measure(text: str) -> Length:
    """The length of `text` as it is sent. An empty text is no message: 0 parts, and a whole one is left.

    A character of two units (the extension table; a surrogate pair) is never cut in two by the end of a part.
    """
    encoding: Encoding = "UCS-2" if forcing(text) else "GSM-7"
    sizes = [_size(sign, encoding) for sign in text]
    alone, each = ROOM[encoding]
    units = sum(sizes)
    if units <= alone:
        return Length(encoding, units, 1 if units else 0, alone - units)
    segments, used = 1, 0
    for size in sizes:
        if used + size > each:
            segments, used = segments + 1, 0
        used += size
    return Length(encoding, units, segments, each - used)


def forcing(text: str) -> tuple[str, ...]:
    """The characters outside of the GSM alphabet, each once, as they come: one of them makes all of it UCS-2."""
    return tuple(dict.fromkeys(sign for sign in text if sign not in ONE and sign not in TWO))


def fold(text: str) -> str:
    """The same words with plain apostrophes, quotes, dashes and spaces instead of typographic ones.

    Letters stay as they are: à è ò are of the GSM alphabet, ê ë ô ç are not and cost UCS-2. The spaces inside
    French quotes go with them.
    """
    return "".join(_without_inner_spaces(text)).translate(_FOLD)


def _without_inner_spaces(text: str) -> Iterator[str]:
    for at, sign in enumerate(text):
        after_opening = at > 0 and text[at - 1] in "«‹"
        before_closing = at + 1 < len(text) and text[at + 1] in "»›"
        if not (sign in QUOTE_SPACES and (after_opening or before_closing)):
            yield sign


def _size(sign: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if sign in TWO else 1
    return 2 if ord(sign) > 0xFFFF else 1
