"""The alphabet of SMS, character for character, and the parts a text is sent in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core import sms
from pasaj.core.sms import Length, fold, forcing, measure

# The table of 3GPP TS 23.038, 6.2.1, by the names of its characters: written apart from the code.
LETTERS = [chr(one) for one in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x30, 0x3A))]
NAMED = {
    0x00: "COMMERCIAL AT", 0x01: "POUND SIGN", 0x02: "DOLLAR SIGN", 0x03: "YEN SIGN",
    0x04: "LATIN SMALL LETTER E WITH GRAVE", 0x05: "LATIN SMALL LETTER E WITH ACUTE",
    0x06: "LATIN SMALL LETTER U WITH GRAVE", 0x07: "LATIN SMALL LETTER I WITH GRAVE",
    0x08: "LATIN SMALL LETTER O WITH GRAVE", 0x09: "LATIN CAPITAL LETTER C WITH CEDILLA",
    0x0B: "LATIN CAPITAL LETTER O WITH STROKE", 0x0C: "LATIN SMALL LETTER O WITH STROKE",
    0x0E: "LATIN CAPITAL LETTER A WITH RING ABOVE", 0x0F: "LATIN SMALL LETTER A WITH RING ABOVE",
    0x10: "GREEK CAPITAL LETTER DELTA", 0x11: "LOW LINE", 0x12: "GREEK CAPITAL LETTER PHI",
    0x13: "GREEK CAPITAL LETTER GAMMA", 0x14: "GREEK CAPITAL LETTER LAMDA", 0x15: "GREEK CAPITAL LETTER OMEGA",
    0x16: "GREEK CAPITAL LETTER PI", 0x17: "GREEK CAPITAL LETTER PSI", 0x18: "GREEK CAPITAL LETTER SIGMA",
    0x19: "GREEK CAPITAL LETTER THETA", 0x1A: "GREEK CAPITAL LETTER XI",
    0x1C: "LATIN CAPITAL LETTER AE", 0x1D: "LATIN SMALL LETTER AE", 0x1E: "LATIN SMALL LETTER SHARP S",
    0x1F: "LATIN CAPITAL LETTER E WITH ACUTE", 0x24: "CURRENCY SIGN",
    0x40: "INVERTED EXCLAMATION MARK", 0x5B: "LATIN CAPITAL LETTER A WITH DIAERESIS",
    0x5C: "LATIN CAPITAL LETTER O WITH DIAERESIS", 0x5D: "LATIN CAPITAL LETTER N WITH TILDE",
    0x5E: "LATIN CAPITAL LETTER U WITH DIAERESIS", 0x5F: "SECTION SIGN", 0x60: "INVERTED QUESTION MARK",
    0x7B: "LATIN SMALL LETTER A WITH DIAERESIS", 0x7C: "LATIN SMALL LETTER O WITH DIAERESIS",
    0x7D: "LATIN SMALL LETTER N WITH TILDE", 0x7E: "LATIN SMALL LETTER U WITH DIAERESIS",
    0x7F: "LATIN SMALL LETTER A WITH GRAVE",
}  # fmt: skip
CONTROL = {0x0A: "\n", 0x0D: "\r", 0x1B: "\x1b"}
EXTENDED = {
    0x0A: "\x0c", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
    0x65: "\N{EURO SIGN}",
}  # fmt: skip


def septet(at: int) -> str:
    if at in NAMED:
        return unicodedata.lookup(NAMED[at])
    return CONTROL.get(at) or chr(at)  # the rest of the table is where ASCII has it


@pytest.mark.req("R11.20")
def test_the_alphabet_is_the_one_of_the_standard() -> None:
    assert len(sms.BASIC) == 128
    assert list(sms.BASIC) == [septet(at) for at in range(128)]
    assert sms.EXTENSION == EXTENDED
    assert len(sms.ONE) == 127
    assert len(sms.TWO) == 10


def test_every_character_below_0x3000_costs_what_the_table_says() -> None:
    table, extended = {septet(at) for at in range(128)} - {"\x1b"}, set(EXTENDED.values())
    for code in range(0x3000):
        sign = chr(code)
        length = measure(sign)
        if sign in table:
            assert length == Length("GSM-7", 1, 1, 159), hex(code)
        elif sign in extended:
            assert length == Length("GSM-7", 2, 1, 158), hex(code)
        else:
            assert length == Length("UCS-2", 1, 1, 69), hex(code)


@pytest.mark.req("R11.20")
@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length("GSM-7", 0, 0, 160)),
        ("a" * 160, Length("GSM-7", 160, 1, 0)),
        ("a" * 161, Length("GSM-7", 161, 2, 145)),
        ("a" * 306, Length("GSM-7", 306, 2, 0)),
        ("a" * 307, Length("GSM-7", 307, 3, 152)),
        ("ê" * 70, Length("UCS-2", 70, 1, 0)),
        ("ê" * 71, Length("UCS-2", 71, 2, 63)),
        ("ê" + "a" * 134, Length("UCS-2", 135, 3, 66)),
        ("€" * 80, Length("GSM-7", 160, 1, 0)),
        # 152 and the euro sign's two do not fit 153: the sign goes into the next part, whole.
        ("a" * 152 + "€" + "a" * 10, Length("GSM-7", 164, 2, 141)),
        ("😀" * 35, Length("UCS-2", 70, 1, 0)),
        ("😀" * 36, Length("UCS-2", 72, 2, 61)),
    ],
)
def test_parts_and_what_is_left(text: str, length: Length) -> None:
    assert measure(text) == length


@pytest.mark.req("R11.20")
def test_creole_costs_one_part_and_circumflexes_cost_ucs2() -> None:
    assert measure("Alèt: dlo ap monte nan fwontyè a. Pwoteje timoun yo, rele pòs la.").encoding == "GSM-7"
    assert forcing("èòà éù") == ()
    assert forcing("fenêtre, hôtel, Noël, ça, forêt") == ("ê", "ô", "ë", "ç")


def test_folding_changes_signs_and_never_a_word() -> None:
    assert fold("L’alerte — «\u00a0Danger\u202f»…\u00a0!") == 'L\'alerte - "Danger"... !'
    assert fold("« a » et ‹ b ›") == "\"a\" et 'b'"
    assert fold("è ò à ê ë ô ç É Œ ñ") == "è ò à ê ë ô ç É Œ ñ"
    assert measure(fold("N’ap tann repons ou – jodi a")).encoding == "GSM-7"


@given(st.text())
def test_folding_twice_is_folding_once_and_letters_stay(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert [sign for sign in once if sign.isalpha() and sign not in "x"] == [
        sign for sign in text if sign.isalpha() and sign not in "xʼ"
    ]


@given(st.text(alphabet="aè€ê\n😀", max_size=700))
def test_the_parts_hold_the_text(text: str) -> None:
    length = measure(text)
    alone, each = sms.ROOM[length.encoding]
    room = alone if length.segments < 2 else each * length.segments
    # At most one unit a part is lost to a character that is not cut.
    assert 0 <= room - length.units - length.left <= max(0, length.segments - 1)
