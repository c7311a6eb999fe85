"""Mapping files and rows read through them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.importing import (
    Cell,
    FileMapping,
    Lookup,
    MeasureFacts,
    Row,
    columns_of,
    disagreeing,
    missing_columns,
    of_persons,
    parse,
    row_values,
    unknown_words,
)
from pasaj.core.nearest import Names
from pasaj.core.periods import containing, span
from pasaj.core.problems import Refused

WIDE: dict[str, Any] = {
    "period": {"column": "Date", "type": "day", "format": "DD/MM/YYYY"},
    "crossing": {"column": "Point"},
    "values": [
        {"column": "Entrées", "measure": "entries"},
        {"column": "Refus", "measure": "refusals", "direction": "in", "category": "minors"},
    ],
    "constants": {"source": "DIE"},
    "decimal": ",",
}
LONG: dict[str, Any] = {
    "period": {"column": "periode", "type": "month"},
    "place": {"column": "lieu"},
    "values": {
        "column": "nombre",
        "measure": {"column": "mesure", "words": {"Retours": "returns"}},
        "direction": {"column": "sens"},
        "category": {"column": "groupe", "words": {"Mineurs": "minors"}},
    },
    "quality": {"column": "qualité"},
    "note": {"column": "note"},
    "citation": {"column": "page"},
    "reported": {"column": "reçu"},
    "not_applicable": ["s/o"],
}
WIDE_HEADER = ("Date", "Point", "Entrées", "Refus")
LONG_HEADER = ("periode", "lieu", "mesure", "sens", "groupe", "nombre", "qualité", "note", "page", "reçu")
LOOKUP = Lookup(
    crossings=Names([("X-OUA", ["Ouanaminthe", "Wanament"]), ("X-BEL", ["Belladère"]), ("X-BE2", ["Belladère"])]),
    areas=Names([("D-NE", ["Nord-Est"]), ("D-OU", ["Ouest", "Ouanaminthe"])]),
    measures={
        "entries": MeasureFacts("count", "in"),
        "refusals": MeasureFacts("count", "none", frozenset({"minors"})),
        "returns": MeasureFacts("count", "in", frozenset({"minors"})),
        "hours": MeasureFacts("quantity", "none"),
    },
    sources=frozenset({"DIE", "ONM"}),
    until=date(2026, 3, 31),
)


def mapping(base: dict[str, Any], **changes: Any) -> FileMapping:
    plain = {**base, **changes}
    return parse({key: value for key, value in plain.items() if value is not None})


def codes(plain: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        parse(plain, "map.yaml")
    assert all(one.file == "map.yaml" and one.text() and one.remedy() for one in caught.value.problems)
    return [one.code for one in caught.value.problems]


def wide(
    *row: str, plain: dict[str, Any] = WIDE, header: tuple[str, ...] = ("Date", "Point", "Entrées", "Refus")
) -> Row:
    return row_values(parse(plain), header, row, 2, LOOKUP, file="a.csv")


def long(*row: str, **changes: Any) -> Row:
    return row_values(mapping(LONG, **changes), LONG_HEADER, row, 2, LOOKUP, source="ONM")


def problems(row: Row) -> list[tuple[str, str]]:
    assert row.cells == ()
    assert all(one.text() and one.remedy() for one in row.problems)
    return [(one.code, one.column) for one in row.problems]


def test_a_wide_row_gives_a_figure_for_each_column() -> None:
    found = wide("28/02/2026", "wanament", "1 250", "3,0")
    assert found.problems == ()
    entries, refusals = found.cells
    assert entries == Cell(
        row=2,
        column="Entrées",
        place_kind="crossing",
        place="X-OUA",
        measure="entries",
        direction="in",
        category="total",
        period=containing("day", date(2026, 2, 28)),
        value=Decimal(1250),
        state="reported",
        source="DIE",
        quality="exact",
        citation="",
        note="",
        reported=None,
    )
    assert (refusals.direction, refusals.category, refusals.value) == ("in", "minors", 3)


def test_a_long_row_names_what_it_measures() -> None:
    found = long("2026-02", "nord est", "retours", "OUT", "mineurs", "12", "Partial", "vu", "p. 3", "2026-03-04")
    (cell,) = found.cells
    assert cell.key == ("area", "D-NE", "returns", "out", "minors", containing("month", date(2026, 2, 1)), "ONM")
    assert (cell.quality, cell.note, cell.citation, cell.reported) == ("partial", "vu", "p. 3", date(2026, 3, 4))
    (plain,) = long("2026-02", "X-OUA", "returns", "", "", "12", "", "", "", "").cells
    assert (plain.direction, plain.category, plain.quality, plain.reported) == ("in", "total", "exact", None)
    (upper,) = long("2026-02", "X-OUA", "returns", "", "MINORS", "12", "", "", "", "").cells
    assert upper.category == "minors"


def test_zero_blank_and_not_applicable_are_three_things() -> None:
    row = ("2026-02", "X-OUA", "returns", "", "")
    assert long(*row, "0", "", "", "", "").cells[0].value == 0
    assert long(*row, "", "", "", "", "") == Row(2)
    assert long(*row, "N/A", "", "", "", "") == Row(2)
    (na,) = long(*row, "S/O", "", "", "", "").cells
    assert (na.value, na.state) == (None, "na")
    (zero,) = long(*row, "", "", "", "", "", zero="blank_is_zero").cells
    assert (zero.value, zero.state) == (0, "reported")
    assert long(*row, "-", "", "", "", "", zero="blank_is_zero") == Row(2)
    assert problems(long(*row, "nd", "", "", "", "", missing=[""])) == [("OBS-016", "nombre")]
    assert long(*row, "nd", "", "", "", "", missing="ND") == Row(2)


@pytest.mark.req("R3.7")
def test_a_column_of_persons_and_a_note_that_names_one_are_refused() -> None:
    beside = of_persons(mapping(WIDE), (*WIDE_HEADER, "Date de naissance", "Météo"), "a.csv")
    assert [(one.code, one.file, one.column) for one in beside] == [("SCREEN-002", "a.csv", "Date de naissance")]
    row = ("2026-02", "nord est", "retours", "", "", "12", "", "M. Jean Pierre, tél. 3712-3456", "", "")
    assert problems(long(*row)) == [("SCREEN-001", "note")]


def test_an_empty_row_is_nothing() -> None:
    assert wide("", " ", "", "") == Row(2)
    assert wide() == Row(2)


def test_short_rows_end_in_blanks_and_long_ones_are_refused() -> None:
    assert len(wide("28/02/2026", "X-OUA", "4").cells) == 1
    assert len(wide("28/02/2026", "X-OUA", "4", "5", "", " ").cells) == 2
    assert problems(wide("28/02/2026", "X-OUA", "4", "5", "6")) == [("IMPORT-006", "")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("30/02/2026", "X-OUA", "1", ""), [("OBS-001", "Date")]),
        (("2026-02-28", "X-OUA", "1", ""), [("OBS-018", "Date")]),
        (("28/02/26", "X-OUA", "1", ""), [("OBS-018", "Date")]),
        (("31/2/2026", "X-OUA", "1", ""), [("OBS-001", "Date")]),
        (("01/04/2026", "X-OUA", "1", ""), [("OBS-002", "Date")]),
        (("", "X-OUA", "1", ""), [("IMPORT-019", "Date")]),
        (("28/02/2026", "", "1", ""), [("IMPORT-019", "Point")]),
        (("28/02/2026", "Ouanamint", "1", ""), [("OBS-005", "Point")]),
        (("28/02/2026", "X-OUO", "1", ""), [("OBS-005", "Point")]),
        (("28/02/2026", "Cap-Haïtien", "1", ""), [("OBS-006", "Point")]),
        (("28/02/2026", "belladere", "1", ""), [("OBS-007", "Point")]),
        (("28/02/2026", "X-OUA", "-1", ""), [("OBS-003", "Entrées")]),
        (("28/02/2026", "X-OUA", "1,5", ""), [("OBS-004", "Entrées")]),
        (("28/02/2026", "X-OUA", "beaucoup", ""), [("OBS-016", "Entrées")]),
        (("28/02/2026", "X-OUA", "9999999999", ""), [("OBS-012", "Entrées")]),
        (
            ("x", "y", "z", "-1"),
            [("OBS-006", "Point"), ("OBS-018", "Date"), ("OBS-016", "Entrées"), ("OBS-003", "Refus")],
        ),
    ],
)
def test_a_row_with_anything_wrong_gives_no_figure(row: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    found = wide(*row)
    assert problems(found) == expected
    assert {(one.file, one.row) for one in found.problems} == {("a.csv", 2)}


def test_what_a_long_row_can_get_wrong() -> None:
    good = ["2026-02", "X-OUA", "returns", "in", "", "1", "", "", "", ""]

    def with_(at: int, text: str, **changes: Any) -> list[tuple[str, str]]:
        return problems(long(*good[:at], text, *good[at + 1 :], **changes))

    assert with_(0, "2026-02-28") == [("OBS-018", "periode")]
    assert with_(1, "Ouanaminthe") == [("OBS-007", "lieu")]
    assert with_(1, "Ouest-Nord", place=None, area={"column": "lieu"}) == [("OBS-017", "lieu")]
    assert with_(2, "naissances") == [("OBS-008", "mesure")]
    assert with_(3, "sideways") == [("OBS-010", "sens")]
    assert with_(4, "giants") == [("OBS-009", "groupe")]
    assert with_(6, "superb") == [("OBS-019", "qualité")]
    assert with_(9, "hier") == [("OBS-018", "reçu")]
    assert with_(9, "2026-04-04") == [("OBS-002", "reçu")]
    unknown = row_values(mapping(LONG), LONG_HEADER, good, 2, LOOKUP, source="NEWS")
    assert problems(unknown) == [("OBS-011", "")]
    nobody = row_values(mapping(LONG), LONG_HEADER, good, 2, LOOKUP)
    assert problems(nobody) == [("OBS-011", "")]


def test_nearest_names_are_offered() -> None:
    (found,) = wide("28/02/2026", "Ouanamint", "1", "").problems
    assert "Ouanaminthe (X-OUA)" in found.remedy()
    (code,) = wide("28/02/2026", "X-OUO", "1", "").problems
    assert "X-OUA" in code.remedy()


def test_a_long_list_of_codes_is_cut() -> None:
    many = Lookup(
        LOOKUP.crossings,
        LOOKUP.areas,
        {f"m{at:02}": MeasureFacts("count", "in") for at in range(99)},
        LOOKUP.sources,
        LOOKUP.until,
    )
    found = row_values(parse(WIDE), ("Date", "Point", "Entrées", "Refus"), ("28/02/2026", "X-OUA", "1", ""), 2, many)
    assert found.problems[0].remedy().endswith("m29, ….")


def test_quantities_keep_their_digits() -> None:
    plain = {**WIDE, "values": {"column": "Entrées", "measure": "hours"}}
    assert wide("28/02/2026", "X-OUA", "2,25", "", plain=plain).cells[0].value == Decimal("2.25")


def test_a_span_has_two_columns() -> None:
    plain = {**WIDE, "period": {"column": "Date", "end_column": "Fin", "type": "span", "format": "DD/MM/YYYY"}}
    header = ("Date", "Point", "Entrées", "Refus", "Fin")

    def found(last: str) -> Row:
        return wide("01/02/2026", "X-OUA", "1", "", last, plain=plain, header=header)

    assert found("28/02/2026").cells[0].period == span(date(2026, 2, 1), date(2026, 2, 28))
    assert problems(found("31/01/2026")) == [("OBS-020", "Fin")]
    assert problems(found("28 février")) == [("OBS-018", "Fin")]


def test_one_period_and_one_place_for_the_whole_file() -> None:
    plain = {**WIDE, "period": {"type": "week", "constant": "2026-W07"}, "crossing": "X-OUA"}
    (cell,) = wide("", "", "4", "", plain=plain).cells
    assert (cell.period.text, cell.place) == ("2026-W07", "X-OUA")
    assert columns_of(parse(plain)) == ("Entrées", "Refus")


def test_columns_are_looked_for_without_case_and_accents() -> None:
    ready = parse(WIDE)
    assert columns_of(ready) == ("Date", "Point", "Entrées", "Refus")
    assert missing_columns(ready, ["date", " POINT ", "entrees", "refus", "autre"]) == []
    lacking = missing_columns(ready, ["Date", "Point", "Entrées", "Entrées", "entrees"], "a.csv")
    assert [(one.code, one.column, one.row, one.file) for one in lacking] == [
        ("IMPORT-005", "Entrées", 1, "a.csv"),
        ("IMPORT-004", "", 1, "a.csv"),
    ]
    assert set(columns_of(mapping(LONG))) == set(LONG_HEADER)


def test_the_smallest_mapping() -> None:
    found = parse(
        {"period": {"column": "d", "type": "day"}, "crossing": "X", "values": {"column": "n", "measure": "m"}}
    )
    assert (found.decimal, found.thousands, found.encoding, found.delimiter, found.source) == ("", "", "", "", "")
    assert (found.blank_is_zero, found.reported, found.quality.constant) == (False, None, "exact")
    assert found.place.given
    assert not found.note.given


def test_every_setting_is_kept() -> None:
    found = mapping(
        WIDE,
        decimal=".",
        thousands=",",
        encoding="cp1252",
        delimiter="tab",
        zero="explicit",
        constants={"quality": "approx", "note": 5},
    )
    assert (found.decimal, found.thousands, found.encoding, found.delimiter) == (".", ",", "cp1252", "\t")
    assert (found.quality.constant, found.note.constant) == ("approx", "5")
    dated = mapping(WIDE, period={"type": "day", "constant": date(2026, 2, 28)})
    assert dated.period.constant == "2026-02-28"


@pytest.mark.parametrize("plain", [None, [], {}, "period", 5])
def test_a_mapping_that_is_none(plain: object) -> None:
    assert codes(plain) == ["IMPORT-008"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"crosing": "X"}, ["IMPORT-009"]),
        ({"constants": {"sorce": "X"}}, ["IMPORT-009"]),
        ({"constants": ["X"]}, ["IMPORT-011"]),
        ({"period": None}, ["IMPORT-010"]),
        ({"period": "2026"}, ["IMPORT-011"]),
        ({"period": {"column": "d"}}, ["IMPORT-010"]),
        ({"period": {"column": "d", "type": "decade"}}, ["IMPORT-011", "IMPORT-010"]),
        ({"period": {"type": "day"}}, ["IMPORT-010"]),
        ({"period": {"type": "day", "column": "d", "constant": "2026-02-28"}}, ["IMPORT-012"]),
        ({"period": {"type": "day", "column": "d", "format": "MM/YYYY"}}, ["IMPORT-011"]),
        ({"period": {"type": "day", "column": "d", "colour": "x"}}, ["IMPORT-009"]),
        ({"crossing": None}, ["IMPORT-010"]),
        ({"area": "D-NE"}, ["IMPORT-012"]),
        ({"crossing": {"words": {}}}, ["IMPORT-010"]),
        ({"crossing": {"column": ["a"]}}, ["IMPORT-011"]),
        ({"crossing": True}, ["IMPORT-011"]),
        ({"values": None}, ["IMPORT-010"]),
        ({"values": []}, ["IMPORT-010"]),
        ({"values": "Entrées"}, ["IMPORT-010"]),
        ({"values": ["Entrées"]}, ["IMPORT-011"]),
        ({"values": [{"measure": "m"}]}, ["IMPORT-010"]),
        ({"values": [{"column": "n"}]}, ["IMPORT-010"]),
        ({"values": [{"column": "n", "measure": "m", "direction": "up"}]}, ["IMPORT-011"]),
        ({"values": [{"column": "n", "measure": "m", "sex": "f"}, {"column": "o", "measure": "m"}]}, ["IMPORT-009"]),
        ({"quality": "splendid"}, ["IMPORT-011"]),
        ({"quality": "exact", "constants": {"quality": "exact"}}, ["IMPORT-012"]),
        ({"decimal": ";"}, ["IMPORT-011"]),
        ({"decimal": ".", "thousands": "."}, ["IMPORT-011"]),
        ({"delimiter": "x"}, ["IMPORT-011"]),
        ({"zero": "sometimes"}, ["IMPORT-011"]),
        ({"encoding": ["utf-8"]}, ["IMPORT-011"]),
        ({"reported": {"column": "r", "format": "YYYY"}}, ["IMPORT-011"]),
        ({"decimal": ";", "zero": "x", "colour": 1}, ["IMPORT-009", "IMPORT-011", "IMPORT-011"]),
    ],
)
def test_a_mapping_with_mistakes_says_all_of_them(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes({**WIDE, **changes}) == expected


def test_rows_of_one_file_that_disagree() -> None:
    def cells(number: int, text: str) -> tuple[Cell, ...]:
        return row_values(
            mapping(WIDE, not_applicable=["x"]),
            ("Date", "Point", "Entrées", "Refus"),
            ("28/02/2026", "X-OUA", text, ""),
            number,
            LOOKUP,
        ).cells

    assert disagreeing([*cells(2, "4"), *cells(3, "4")]) == []
    found = disagreeing([*cells(5, "6"), *cells(2, "4"), *cells(3, "4"), *cells(4, "x")], "a.csv")
    assert [(one.code, one.row, one.params["value"], one.params["first"], one.params["other"]) for one in found] == [
        ("IMPORT-007", 2, "4", 5, "6"),
        ("IMPORT-007", 3, "4", 5, "6"),
        ("IMPORT-007", 4, "n/a", 5, "6"),
        ("IMPORT-007", 5, "6", 2, "4"),
    ]


def refused_words(plain: dict[str, Any]) -> list[tuple[str, str, object]]:
    found = unknown_words(parse(plain), LOOKUP, "a.csv")
    assert {(one.file, one.row) for one in found} <= {("a.csv", None)}
    return [(one.code, one.column, one.values().get("value")) for one in found]


def test_a_mapping_whose_words_are_known_is_not_refused() -> None:
    assert refused_words(WIDE) == []
    assert refused_words(LONG) == []


def test_a_measure_that_nobody_knows_is_told_once_for_the_whole_file() -> None:
    unknown = {"column": "Sorties", "measure": "exits", "category": "minors"}
    assert refused_words({**WIDE, "values": [unknown, {**unknown, "column": "Départs"}, *WIDE["values"]]}) == [
        ("OBS-008", "", "exits")
    ]


def test_a_measure_that_only_a_word_of_the_file_names() -> None:
    measure = {"column": "mesure", "words": {"Retours": "returns", "Sorties": "exits", "Départs": "leavers"}}
    assert refused_words({**LONG, "values": {**LONG["values"], "measure": measure}}) == [
        ("OBS-008", "", "exits"),
        ("OBS-008", "", "leavers"),
    ]


def test_a_category_that_the_measure_lacks() -> None:
    values = [{"column": "Entrées", "measure": "entries", "category": "minors"}]
    assert refused_words({**WIDE, "values": values}) == [("OBS-009", "", "minors")]


def test_a_place_and_a_period_that_stand_for_every_row() -> None:
    def standing(place: str, month: str) -> dict[str, Any]:
        return {**WIDE, "crossing": place, "period": {"constant": month, "type": "month"}}

    assert refused_words(standing("Wanament", "2026-02")) == []
    assert refused_words(standing("Belladère", "2026-04")) == [("OBS-007", "", "Belladère"), ("OBS-002", "", None)]


keys = st.sampled_from(
    ["period", "crossing", "values", "constants", "decimal", "zero", "type", "column", "measure", "words", "x"]
)
plain_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(keys, plain_values))
def test_any_mapping_is_read_or_refused_with_codes(changes: dict[str, Any]) -> None:
    try:
        found: object = parse({**WIDE, **changes})
    except Refused as refused:
        found = refused
    assert isinstance(found, FileMapping | Refused)


@given(st.lists(st.text(max_size=14), max_size=6))
def test_any_row_gives_figures_or_problems(row: list[str]) -> None:
    found = wide(*row)
    assert not (found.cells and found.problems)
    assert all(cell.value is None or cell.value >= 0 for cell in found.cells)
