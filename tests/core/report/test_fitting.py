"""Tables on paper: upright, on their side, or in parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core import report as core
from pasaj.core.report import fitting, letters, tones


def table(
    columns: int, words: str = "2,0–3,0", *, keep: int = 1, width: float = 1.0, turned: bool = True
) -> core.Table:
    titles = (
        core.Column("Place", width),
        *(core.Column(f"Pillar {at}", 1.0, turned=turned) for at in range(1, columns)),
    )
    row = (core.cell("Place number 1", head=True), *(core.cell(words) for _ in range(columns - 1)))
    return core.Table("Matrix", "", titles, (row,) * 3, keep)


@pytest.mark.req("R10.20")
@pytest.mark.parametrize(
    ("columns", "landscape", "size", "parts"),
    [
        (12, False, 9.0, 1),
        (13, False, 8.0, 1),
        (14, True, 9.0, 1),
        (21, True, 7.5, 1),
        (40, True, 8.0, 3),
    ],
)
def test_a_wide_table_lies_on_its_side_and_then_comes_in_parts(
    columns: int, landscape: bool, size: float, parts: int
) -> None:
    found = fitting.layout(table(columns), "en")
    assert (found.landscape, found.size, len(found.parts)) == (landscape, size, parts)


@pytest.mark.req("R10.20")
@given(
    st.integers(2, 60),
    st.integers(0, 3),
    st.sampled_from(["", "1", "2,0–3,0", "words and more words", "x" * 300]),
    st.booleans(),
)
def test_every_column_stands_once_and_the_kept_ones_in_each_part(
    columns: int, keep: int, words: str, turned: bool
) -> None:
    found = fitting.layout(table(columns, words, keep=keep, turned=turned), "fr")
    room = fitting.LANDSCAPE if found.landscape else fitting.PORTRAIT
    assert all(sum(part.widths) <= room + 0.1 for part in found.parts)
    if len(found.parts) == 1:
        assert found.parts[0].columns == tuple(range(columns))
        return
    kept = tuple(range(min(keep, columns - 1)))
    assert all(part.columns[: len(kept)] == kept for part in found.parts)
    assert [at for part in found.parts for at in part.columns[len(kept) :]] == list(range(len(kept), columns))


def test_what_is_kept_is_given_up_where_it_leaves_no_room() -> None:
    wide = table(30, "long words " * 30, keep=12)
    found = fitting.layout(wide, "en")
    assert max(len(part.columns) for part in found.parts) < 12
    assert sorted({at for part in found.parts for at in part.columns}) == list(range(30))


def test_widths_follow_what_was_asked_and_no_column_is_too_narrow() -> None:
    asked = fitting.layout(table(4, width=3.0), "en").parts[0].widths
    assert asked == (83.0, 27.66, 27.66, 27.66)
    narrow = fitting.layout(table(4, width=0.01), "en").parts[0].widths
    assert narrow[0] == pytest.approx(letters.measure("number", 9.0) + fitting.PADDING, abs=0.01)
    assert sum(narrow) == pytest.approx(fitting.PORTRAIT, abs=0.1)


def test_heights_follow_the_words() -> None:
    low, high = core.cell("one line"), core.cell("many words " * 60)
    line = 1.25 * 9.0 * letters.POINT
    assert fitting.row_height([low], [40.0], 9.0) == pytest.approx(line + fitting.ROW_AIR)
    assert fitting.row_height([low, high], [40.0, 40.0], 9.0) == pytest.approx(34 * line + fitting.ROW_AIR)
    small = table(3)
    part = fitting.layout(small, "en").parts[0]
    assert fitting.table_height(small, part, 9.0) == pytest.approx(3 * (line + fitting.ROW_AIR))


def test_a_table_without_rows_has_a_layout() -> None:
    bare = core.Table("None", "", (core.Column("Code"), core.Column("Words", turned=True)), ())
    assert len(fitting.layout(bare, "ht").parts[0].widths) == 2


def test_wide_letters_are_wide() -> None:
    assert letters.measure("移民", 9.0) > letters.measure("MM", 9.0) * 0.99 > letters.measure("AA", 9.0)
    assert letters.measure("ii", 9.0) < letters.measure("nn", 9.0)


def test_only_what_nothing_else_would_divide_is_cut() -> None:
    found = letters.cuttable("interinstitutionnellement, HT-BCP-OUA")
    assert found == "interinstitu\u200btionnellement, HT-BCP-OUA"
    assert letters.cuttable("Anse-à-Pitres–Pedernales.") == "Anse-à-Pitres–Pedernales."
    assert letters.cuttable("x" * 30) == "x" * 12 + "\u200b" + "x" * 12 + "\u200b" + "x" * 6
    assert letters.cuttable("anticonstitutionnel") == "anticonstitutionnel"


LETTERS = {core.Heading: "H", core.Paragraph: "P", core.Table: "T", core.PageBreak: "B"}
KNOWN: dict[str, core.Block] = {
    "H": core.Heading(2, "Head", "h"),
    "p": core.paragraph("Some words."),
    "P": core.paragraph("x" * 800),
    "W": table(20),
    "T": table(3),
    "B": core.PageBreak(),
}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ("", ""),
        ("pT", "PT"),
        ("W", "*T"),
        ("pHHpW", "P *HHPT"),
        ("HPW", "HP *T"),  # too much to go with it
        ("TpW", "TP *T"),
        ("pW", "P *T"),
        ("WHPHpW", "*THPHPT"),
        ("WPPW", "*T PP *T"),
        ("pBHWBp", "P *HT P"),
        ("WBWBTB", "*TBT TB"),
        ("BWB", "*T"),
    ],
)
def test_what_introduces_a_table_on_its_side_goes_with_it(blocks: str, expected: str) -> None:
    """p: some words, P: many, W: a table on its side, marked by a star in what is expected."""
    found = fitting.sections(core.Report("A1", "Title", "", "en", tuple(KNOWN[one] for one in blocks)))
    assert expected == " ".join(
        "*" * section.landscape + "".join(LETTERS[type(one)] for one, _ in section.blocks) for section in found
    )


def test_words_are_readable_on_every_shade() -> None:
    for shade in tones.TONES.values():
        red, green, blue = (int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue)]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert (light + 0.05) / (0.0116 + 0.05) > 10  # WCAG 2.2, against the ink
