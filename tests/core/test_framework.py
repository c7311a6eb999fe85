"""A framework in a pack: what is read, every mistake with its place, and the way out and back as tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from core.frameworks import COLUMNS, META, ROWS, TABLE, TOML, changed, framework, pack, said, table
from core.packs import TOML as PACK
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.framework import (
    UNITS,
    Framework,
    content_fingerprint,
    normative_fingerprint,
    of,
    plain,
    written,
)
from pasaj.core.framework.conditions import LONGEST as LONGEST_CONDITION
from pasaj.core.framework.tables import NAMES, tables
from pasaj.core.pack.frameworks import LONGEST, MOST, read_tables

WARNED = "frameworks/border"


@pytest.mark.req("R10.1")
def test_a_framework_is_read() -> None:
    found = pack()
    assert (said(found), [one.code for one in found.warnings]) == ([], ["PACK-072", "PACK-065"])
    one = framework()
    assert (one.code, one.version, one.languages, one.reference) == ("border", "2026.1", ("fr", "en"), "fr")
    assert (one.names, one.descriptions["en"]) == ({"fr": "Frontière", "en": "Border"}, "What is asked.")
    assert [(pillar.code, pillar.weight) for pillar in one.pillars] == [("LEG", Decimal(2)), ("INS", Decimal(1))]
    assert [(source.code, source.where, source.verify) for source in one.sources] == [
        ("IHR-A1B", "who.int", "the page"),
        ("GCM", "", ""),
    ]
    law, service, point, other = one.indicators
    assert (law.weight, law.sources, law.verify, law.applies_if) == (1, ("IHR-A1B", "GCM"), "the law", None)
    assert (law.critical, law.rights, service.critical, service.rights) == (False, False, True, True)
    assert sorted(law.anchors) == [0, 2, 4]
    assert (sorted(service.anchors), service.anchors[1]) == ([0, 1, 2, 4], {"fr": "Un peu", "en": "A little"})
    assert [written(each.applies_if) for each in one.indicators] == [row[7] for row in ROWS]
    assert (point.weight, other.weight) == (Decimal("0.5"), 0)
    assert [each.code for each in one.of_pillar("INS")] == ["INS-01", "INS-02"]
    assert [each.code for each in one.of_pillar("LEG", "country")] == ["LEG-01"]
    assert {unit: [each.code for each in one.of_unit(unit)] for unit in UNITS} == {
        "country": ["LEG-01"],
        "institution": ["LEG-02"],
        "crossing_point": ["INS-01", "INS-02"],
    }


def meta(old: str, new: str) -> dict[str, str]:
    assert old in TOML
    return {META: TOML.replace(old, new)}


@pytest.mark.req("R10.1")
@pytest.mark.parametrize(
    ("changes", "code", "row", "column"),
    [
        ({META: None}, "PACK-001", None, ""),
        ({TABLE: None}, "PACK-001", None, ""),
        ({META: "code = 1 2"}, "PACK-052", 1, ""),
        ({TABLE: b"\xff\xfe"}, "PACK-002", None, ""),
        (meta('"border"', '"other"'), "FRAME-001", 1, "code"),
        (meta('"2026.1"', '"1/2"'), "FRAME-002", 2, "version"),
        (meta('version = "2026.1"', ""), "PACK-053", None, "version"),
        (meta('languages = ["fr", "en"]', ""), "PACK-053", None, "languages"),
        (meta('["fr", "en"]', '"fr"'), "PACK-054", 3, "languages"),
        (meta('["fr", "en"]', '["fr", "en", "fr"]'), "FRAME-017", 3, "languages"),
        (meta('["fr", "en"]', '["fr", "en", "English"]'), "FRAME-017", 3, "languages"),
        (meta('"0-4"', '"0-5"'), "PACK-024", 4, "scale"),
        (meta('en = "Border"', ""), "FRAME-005", 6, "name.en"),
        (meta('en = "Border"', 'en = "<b>Border</b>"'), "FRAME-006", 8, "name.en"),
        (meta('en = "Border"', f'en = "{"x" * 201}"'), "PACK-032", 8, "name.en"),
        (meta('[name]\nfr = "Frontière"\nen = "Border"', 'name = "Border"'), "PACK-054", 6, "name"),
        (meta('[name]\nfr = "Frontière"\nen = "Border"', ""), "PACK-053", None, "name"),
        (meta("verify = \"en: to be read again\"", 'verify = "a\\nb"'), "FRAME-007", 5, "verify"),
        (meta('code = "INS"', 'code = "LEG"'), "PACK-055", 17, "pillars.2.code"),
        (meta('code = "INS"', 'code = "É"'), "PACK-017", 17, "pillars.2.code"),
        (meta("weight = 2", 'weight = "x"'), "FRAME-004", 14, "pillars.1.weight"),
        (meta("weight = 2", "weight = true"), "FRAME-004", 14, "pillars.1.weight"),
        (meta("weight = 2", "weight = -1"), "FRAME-004", 14, "pillars.1.weight"),
        (meta("weight = 2", "weight = 0.00001"), "FRAME-004", 14, "pillars.1.weight"),
        (meta('title = "Regulations"', ""), "PACK-053", 19, "sources.1.title"),
        ({META: TOML.partition("[[sources]]")[0].replace("scale", "sources = 3\nscale")}, "PACK-054", 4, "sources"),
        ({META: TOML.partition("[[pillars]]")[0].replace("scale", "pillars = []\nscale")}, "PACK-054", 4, "pillars"),
        (meta('code = "GCM"', 'code = "IHR-A1B"'), "PACK-055", 26, "sources.2.code"),
        ({TABLE: ""}, "PACK-012", None, ""),
        ({TABLE: "a;b\n"}, "PACK-005", 1, ""),
        ({TABLE: table(())}, "PACK-012", None, ""),
        ({TABLE: table(columns=("code", *COLUMNS[1:-1], "code"))}, "PACK-009", 1, "code"),
        ({TABLE: table(columns=[*COLUMNS[:-1], "x"])}, "PACK-008", 1, "anchor_4_en"),
        ({TABLE: changed(3, code="LEG-01")}, "PACK-013", 3, "code"),
        ({TABLE: changed(3, code="")}, "PACK-010", 3, "code"),
        ({TABLE: changed(3, code="leg-02")}, "FRAME-003", 3, "code"),
        ({TABLE: changed(3, pillar="LAW")}, "PACK-016", 3, "pillar"),
        ({TABLE: changed(3, pillar="LEGS")}, "PACK-015", 3, "pillar"),
        ({TABLE: changed(2, level="outer")}, "PACK-024", 2, "level"),
        ({TABLE: changed(2, unit="village")}, "PACK-023", 2, "unit"),
        ({TABLE: changed(2, sources="XYZ")}, "PACK-016", 2, "sources"),
        ({TABLE: changed(2, weight="-1")}, "FRAME-004", 2, "weight"),
        ({TABLE: changed(2, weight="1001")}, "FRAME-004", 2, "weight"),
        ({TABLE: changed(2, critical="perhaps")}, "PACK-022", 2, "critical"),
        ({TABLE: changed(2, question_en="")}, "FRAME-005", 2, "question_en"),
        ({TABLE: changed(2, anchor_2_en="")}, "FRAME-005", 2, "anchor_2_en"),
        ({TABLE: changed(3, anchor_1_en="")}, "FRAME-005", 3, "anchor_1_en"),
        ({TABLE: changed(2, anchor_2_en="a <script>")}, "FRAME-006", 2, "anchor_2_en"),
        ({TABLE: changed(2, question_fr="${age} ?")}, "FRAME-006", 2, "question_fr"),
        ({TABLE: changed(2, question_fr="a &nbsp; b")}, "FRAME-006", 2, "question_fr"),
        ({TABLE: changed(2, question_fr="two\nlines")}, "FRAME-007", 2, "question_fr"),
        ({TABLE: changed(2, question_fr="left\u202eright")}, "FRAME-007", 2, "question_fr"),
        ({TABLE: changed(2, question_fr="bell\x07")}, "PACK-031", 2, "question_fr"),
        ({TABLE: changed(2, question_fr="x" * (LONGEST + 1))}, "PACK-032", 2, "question_fr"),
        ({TABLE: changed(2, verify="<i>x")}, "FRAME-006", 2, "verify"),
        ({TABLE: changed(4, weight="0")}, "FRAME-009", 16, "pillars.2"),
        ({TABLE: table(ROWS[:2])}, "FRAME-010", 16, "pillars.2"),
        ({TABLE: changed(4, applies_if="kind=land,x")}, "FRAME-011", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="kind=land and")}, "FRAME-011", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="x" * (LONGEST_CONDITION + 1))}, "FRAME-011", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="country=XX")}, "FRAME-012", 4, "applies_if"),
        ({TABLE: changed(2, applies_if="kind=land")}, "FRAME-012", 2, "applies_if"),
        ({TABLE: changed(4, applies_if="GONE-01>=1")}, "FRAME-012", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="kind=seaport")}, "FRAME-013", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="kind>land")}, "FRAME-013", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="counterpart_country=xx")}, "FRAME-013", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="LEG-01>=5")}, "FRAME-013", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="LEG-02>=1")}, "FRAME-014", 4, "applies_if"),
        ({TABLE: changed(2, applies_if="INS-01>=1")}, "FRAME-014", 2, "applies_if"),
        ({TABLE: changed(4, applies_if="INS-02>=1")}, "FRAME-015", 4, "applies_if"),
        ({TABLE: changed(4, applies_if="INS-01>=1")}, "FRAME-015", 4, "applies_if"),
        ({TABLE: table([(f"A-{at}", *ROWS[0][1:]) for at in range(MOST["indicators"] + 1)])}, "FRAME-016", None, ""),
        (meta('["fr", "en"]', '["fr", "en", {}]'.format(", ".join(f'"a{one}"' for one in "abcdefghi"))), "FRAME-016", 3,
         "languages"),
    ],
)  # fmt: skip
def test_every_mistake_has_its_place(changes: dict[str, Any], code: str, row: int | None, column: str) -> None:
    found = pack(changes)
    assert found.pack is None
    assert (code, row, column) in said(found)
    assert all("…" not in one.text() for one in found.problems)
    assert all(one.remedy() for one in found.problems)
    assert {one.file.rpartition("/")[0] for one in found.problems} == {"frameworks/border"}


@pytest.mark.parametrize("weights", [("weight = 2", "weight = 0"), ("weight = 2", "weight = 0.0")])
def test_the_pillars_weigh_something_together(weights: tuple[str, str]) -> None:
    toml = TOML.replace(*weights).replace('code = "INS"', 'code = "INS"\nweight = 0')
    assert said(pack({META: toml})) == [("FRAME-008", None, "pillars")]
    assert said(pack({META: TOML.replace(*weights)})) == []


def test_one_mistake_is_told_once() -> None:
    one = {TABLE: changed(2, question_fr="bell\x07\n")}
    assert said(pack(one)) == [("PACK-031", 2, "question_fr")]
    assert said(pack({TABLE: changed(2, unit="")})) == [("PACK-010", 2, "unit")]
    # What is asked of an indicator whose unit is not known cannot be judged.
    assert said(pack({TABLE: changed(2, unit="", applies_if="kind=land")})) == [("PACK-010", 2, "unit")]


def test_what_is_only_remarked() -> None:
    toml = TOML.replace('en = "Border"', 'en = "Border"\nes = "Frontera"').replace("scale", "colour = 1\nscale")
    rows = table([(*row[:8], "", *row[9:], "x", "y") for row in ROWS], columns=[*COLUMNS, "question_es", "remark"])
    found = pack({META: toml, TABLE: rows, "pack.toml": PACK.replace('["fr", "en"]', '["fr", "en", "es"]')})
    assert said(found) == []
    assert [(one.code, one.row, one.column) for one in found.warnings if one.file.startswith(WARNED)] == [
        ("FRAME-036", 3, "languages"),
        ("PACK-074", 4, "colour"),
        ("PACK-074", 10, "name.es"),
        ("PACK-061", 1, "question_es"),
        ("PACK-060", 1, "remark"),
        *(("FRAME-037", row, "sources") for row in (2, 3, 4, 5)),
    ]


def test_without_a_manifest_the_framework_is_checked_too() -> None:
    found = pack({"pack.toml": None, TABLE: changed(2, question_en="")})
    assert ("FRAME-005", 2, "question_en") in said(found)


def test_what_may_be_left_out() -> None:
    toml = TOML.partition("[description]")[0] + TOML[TOML.index("[[pillars]]") : TOML.index("[[sources]]")]
    one = framework(toml.replace('scale = "0-4"\n', ""), table([(*row[:8], "", *row[9:]) for row in ROWS]))
    assert (one.descriptions, one.sources, one.scale) == ({}, (), "0-4")
    assert framework(rows=table(columns=[*COLUMNS[:3], "UNIT", *COLUMNS[4:]])) == framework()


# --- Out and back ------------------------------------------------------------------------------

TEXT = st.text(st.characters(categories=["L", "N"], include_characters=" ,;'\"?=-"), min_size=1, max_size=20).map(
    lambda text: f"x{text}".strip()
)


def named(one: Framework, text: str) -> Framework:
    raw = plain(one)
    raw["names"] = {**raw["names"], "fr": text}
    raw["indicators"][0]["questions"] = {"fr": text, "en": text[::-1].strip() or "x"}
    raw["sources"][0]["note"] = text
    return of(raw)


def grids(one: Framework) -> dict[str, list[tuple[str, ...]]]:
    return {name: [header, *rows] for name, (header, rows) in tables(one).items()}


@given(TEXT)
def test_out_and_back_it_is_the_same(text: str) -> None:
    one = named(framework(), text)
    assert of(plain(one)) == one
    found = read_tables(grids(one), "border.xlsx")
    assert (found.problems, found.framework) == ((), one)


def test_the_tables_it_leaves_as() -> None:
    found = tables(framework())
    assert tuple(found) == NAMES
    assert found["framework"] == (
        ("code", "version", "languages", "scale", "verify", "name_fr", "name_en", "description_fr", "description_en"),
        (("border", "2026.1", "fr; en", "0-4", "en: to be read again", "Frontière", "Border", "Ce qui est demandé.",
          "What is asked."),),
    )  # fmt: skip
    assert found["pillars"][1] == (("LEG", "2", "Droit", "Law"), ("INS", "1", "Institutions", "Institutions"))
    assert found["sources"][1][1] == ("GCM", "Global Compact", "", "", "")
    assert found["indicators"][0] == COLUMNS
    assert found["indicators"][1][1] == ROWS[1]
    assert found["indicators"][1][2][4:8] == ("0.5", "no", "no", ROWS[2][7])


@pytest.mark.req("R10.1")
def test_mistakes_in_tables_have_the_row_of_their_sheet() -> None:
    broken: dict[str, Any] = grids(framework())
    broken["pillars"] = [broken["pillars"][0], ("", "", "", ""), ("LEG", "x", "Droit", "Law"), ("INS", "", "I")]
    broken["framework"][1] = ("border", "a b", *broken["framework"][1][2:])
    broken["indicators"][2] = ("LEG-01", *broken["indicators"][2][1:])
    found = read_tables(broken, "border.xlsx")
    assert found.framework is None
    assert [(one.code, one.file, one.row, one.column) for one in found.problems] == [
        ("FRAME-002", "border.xlsx", 2, "version"),
        ("FRAME-004", "border.xlsx", 3, "pillars.1.weight"),
        ("FRAME-005", "border.xlsx", 4, "pillars.2.name.en"),
        ("PACK-013", "border.xlsx, indicators", 3, "code"),
    ]


def test_a_workbook_without_its_sheets() -> None:
    whole = grids(framework())
    found = read_tables({"pillars": whole["pillars"], "indicators": whole["indicators"]}, "border.xlsx")
    assert [one.params["sheet"] for one in found.problems] == ["framework", "sources"]
    found = read_tables({name: [] for name in NAMES}, "border.xlsx")
    assert {one.code for one in found.problems} == {"PACK-053", "PACK-012"}
    empty = {name: [header] for name, (header, *_rows) in whole.items()}
    assert {one.code for one in read_tables(empty, "x").problems} == {"PACK-053", "PACK-012"}
    # Columns without a name are not read, and a framework may name no source.
    spare = {**whole, "sources": [], "pillars": [(*row, "note") for row in whole["pillars"]]}
    spare["pillars"][0] = (*whole["pillars"][0], "")
    spare["indicators"] = [(*row[:8], "", *row[9:]) if at else row for at, row in enumerate(whole["indicators"])]
    assert read_tables(spare, "x").problems == ()


# --- Fingerprints ------------------------------------------------------------------------------


def refingerprinted(**cells: str) -> tuple[bool, bool]:
    """Whether the fingerprints of the content and of what decides scores stay when row 2 changes."""
    before, after = framework(), framework(rows=changed(2, **cells))
    return (
        content_fingerprint(before) == content_fingerprint(after),
        normative_fingerprint(before) == normative_fingerprint(after),
    )


@pytest.mark.req("R10.1")
@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ({}, (True, True)),
        ({"weight": "1.00"}, (True, True)),
        ({"question_fr": "Vraiment ?"}, (False, True)),
        ({"anchor_2_en": "Half"}, (False, True)),
        ({"sources": "GCM"}, (False, True)),
        ({"weight": "2"}, (False, False)),
        ({"critical": "yes"}, (False, False)),
        ({"rights": "yes"}, (False, False)),
        ({"level": "inter"}, (False, False)),
        ({"code": "LEG-09"}, (False, False)),
    ],
)
def test_what_changes_which_fingerprint(cells: dict[str, str], same: tuple[bool, bool]) -> None:
    if "code" in cells:
        rows = table([("LEG-09", *ROWS[0][1:]), *ROWS[1:2], (*ROWS[2][:7], "", *ROWS[2][8:]), *ROWS[3:]])
        assert normative_fingerprint(framework(rows=rows)) != normative_fingerprint(framework())
    else:
        assert refingerprinted(**cells) == same


def test_order_decides_nothing() -> None:
    turned = framework(rows=table(ROWS[::-1]))
    assert normative_fingerprint(turned) == normative_fingerprint(framework())
    assert content_fingerprint(turned) != content_fingerprint(framework())
    heavier = framework(TOML.replace("weight = 2", "weight = 3"))
    assert normative_fingerprint(heavier) != normative_fingerprint(framework())


def test_a_database_may_keep_the_keys_in_another_order() -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in sorted(value, reverse=True)}
        return [turned(part) for part in value] if isinstance(value, list) else value

    one = framework()
    read = of(turned(plain(one)))
    assert read == one
    assert [list(it.questions) for it in read.indicators] == [list(one.languages)] * len(one.indicators)
    assert list(read.names) == list(one.languages)
