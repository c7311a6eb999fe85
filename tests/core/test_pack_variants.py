"""Packs as people write them who know the five files and their columns, and nothing else."""

from __future__ import annotations

import pytest
from core.packs import AREAS, CROSSINGS, MEASURES, MINIMAL, SOURCES, TOML, checked

from pasaj.core.pack import Pack

PLAIN = 'code = "northland"\nlanguages = ["fr"]\ndefault_language = "fr"\ntimezone = "Africa/Dakar"\n'


def loaded(changes: dict[str, str]) -> Pack:
    found = checked(changes, MINIMAL)
    assert [one.text() for one in found.problems] == []
    assert found.pack is not None
    return found.pack


def warned(changes: dict[str, str], file: str) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in checked(changes, MINIMAL).warnings if one.file == file]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN + 'schema = 1\nextent = [-20, 10, -10, 20]\nname = "Pays du Nord"\n',
        PLAIN + 'schema_version = 1\nmap_extent = [-20, 10, -10, 20]\nname_fr = "Pays du Nord"\n',
        PLAIN + 'schema = 1\nbbox = [-20, 10, -10, 20]\nnames = {fr = "Pays du Nord"}\n',
        "[pack]\n" + PLAIN + 'schema = 1\nextent = [-20, 10, -10, 20]\n[pack.name]\nfr = "Pays du Nord"\n',
        PLAIN + 'schema = 1\nname = "Pays du Nord"\n[extent]\nwest = -20\nsouth = 10\neast = -10\nnorth = 20\n',
    ],
)
def test_pack_toml_without_version_and_licence(text: str) -> None:
    pack = loaded({"pack.toml": text})
    assert pack.manifest.names == {"fr": "Pays du Nord"}
    assert pack.manifest.extent == (-20, 10, -10, 20)
    assert pack.manifest.version == pack.fingerprint[:8]
    assert [one for one in warned({"pack.toml": text}, "pack.toml") if one[0] != "PACK-069"] == [
        ("PACK-073", "licence")
    ]


def test_a_key_and_its_other_name_together_are_not_mixed() -> None:
    assert warned({"pack.toml": 'names = {fr = "x"}\n' + TOML}, "pack.toml") == [("PACK-071", "names")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Levels told by the parents alone.
        ("code,name_fr,parent\nNL,P,\nNL-A,R,NL\nNL0101,C,NL-A\n", [("0", ""), ("1", "NL"), ("2", "NL-A")]),
        # Levels in words, from the children to the country.
        (
            "code,name_fr,level,parent_code,p_code\nNL0101,C,commune,NL-A,X\nNL-A,R,department,NL,\nNL,P,country,,\n",
            [("2", "NL-A"), ("1", "NL"), ("0", "")],
        ),
        (
            "code,name_fr,level,parent\nNL,P,ADM0,\nNL-A,R,admin1,\nNL0101,C,adm2,NL-A\n",
            [("0", ""), ("1", "NL"), ("2", "NL-A")],
        ),
        # No country at all.
        ("code,name_fr,level,parent\nNL-A,R,1,\nNL0101,C,2,NL-A\n", [("1", ""), ("2", "NL-A")]),
        ("code,name_fr\nNL-A,R\nNL0101,C\n", [("1", ""), ("1", "")]),
    ],
)
def test_areas(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.level, one.parent) for one in loaded({"areas.csv": text}).areas] == expected


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("code,name_fr,level,parent\nNL,P,0,\nNL-A,R,1,NL\nNL0101,C,2,\n", "PACK-010", 4, "parent"),
        ("code,name_fr,level,parent\nNL,P,0,\nNL-A,R,zoen,NL\nNL0101,C,2,NL-A\n", "PACK-024", 3, "level"),
        ("code,name_fr,level,parent\nNL,P,0,\nNL-A,R,,NL\nNL0101,C,2,NL-A\n", "PACK-010", 3, "level"),
        ("code,name_fr,parent\nNL,P,\nA,a,NL\nB,b,A\nNL0101,c,B\n", "PACK-010", 5, "level"),
        ("code,name_fr,parent\nNL,P,\nNL0101,c,B\nB,b,NL0101\n", "PACK-018", 3, "parent"),
    ],
)
def test_areas_that_can_be_read_in_two_ways(text: str, code: str, row: int, column: str) -> None:
    problems = checked({"areas.csv": text}, MINIMAL).problems
    assert (code, row, column) in [(one.code, one.row, one.column) for one in problems]


def test_a_name_in_the_default_language_is_the_name() -> None:
    pack = loaded(
        {
            "crossing_points.csv": CROSSINGS.replace("code,name,", "code,name_fr,").replace(",land,", ",Bridge,"),
            "sources.csv": SOURCES.replace("code,name,", "code,name_fr,"),
            "measures.csv": MEASURES.replace(",day,", ",daily,").replace("count,persons", "count,"),
        }
    )
    assert (pack.crossings[0].name, pack.crossings[0].kind) == ("Grand-Pont", "land")
    assert pack.sources[0].name == "Registre"
    assert [(one.cadence, one.unit) for one in pack.measures] == [("day", ""), ("week", "m3")]


def test_institutions_that_only_the_sources_name() -> None:
    rows = "REG,Registre,IMM,x,\nB,b,Service d'État des frontières,x,\nC,c,IMM,x,\nD,d,,x,\n"
    pack = loaded({"sources.csv": "code,name,institution,definition,url\n" + rows})
    assert [(one.code, one.names, one.kind) for one in pack.institutions] == [
        ("IMM", {"fr": "IMM"}, "data"),
        ("SERVICE-D-ETAT-DES-FRONTIERES", {"fr": "Service d'État des frontières"}, "data"),
    ]
    assert [one.institution for one in pack.sources] == ["IMM", "SERVICE-D-ETAT-DES-FRONTIERES", "IMM", ""]


def test_a_source_whose_institution_has_no_letter_names_none() -> None:
    pack = loaded({"sources.csv": "code,name,institution,definition,url\nREG,Registre,—,x,\nB,b,IMM,x,\n"})
    assert [(one.code, one.names, one.source) for one in pack.institutions] == [("IMM", {"fr": "IMM"}, "sources.csv")]
    assert [one.institution for one in pack.sources] == ["", "IMM"]


def test_a_pack_that_names_no_institution_is_one() -> None:
    assert [(one.code, one.names) for one in loaded({}).institutions] == [
        ("NORTHLAND", {"fr": "Pays du Nord", "en": "Northland"})
    ]
    cell = loaded({"pack.toml": TOML.replace("licence =", 'cell = "CELL"\nlicence =')})
    assert [(one.code, one.kind) for one in cell.institutions] == [("CELL", "coordination")]


def test_a_file_of_institutions_is_the_only_word_on_them() -> None:
    found = checked(
        {
            "institutions.csv": "code,name_fr,kind\nIMM,Immigration,border agency\n",
            "sources.csv": SOURCES.replace("Registre,", "Registre,IMN"),
        },
        MINIMAL,
    )
    assert [(one.code, one.column) for one in found.problems] == [("PACK-015", "institution")]


def test_areas_need_only_a_code_and_a_name() -> None:
    assert [one.column for one in checked({"areas.csv": AREAS.replace("code", "cod")}, MINIMAL).problems] == ["code"]
