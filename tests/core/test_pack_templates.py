"""policy/template.toml: what is read, what is refused with its line, and what clauses it makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from core.packs import FULL, checked

from pasaj.core.pack import check
from pasaj.core.wording.template import Planned, Section, Template, planned

FILE = "policy/template.toml"
HEAD = 'code = "policy"\nsource = "own"\nname = {fr = "Ordre"}\n'
WHOLE = (
    HEAD
    + """\
[[sections]]
code = "preamble"
kind = "heading"
text = {fr = "Préambule", en = "Preamble"}
[[sections]]
code = "words"
kind = "text"
under = "preamble"
text = {fr = "Un **mot**.  "}
[[sections]]
code = "findings"
kind = "table"
part = "situation"
under = "preamble"
[[sections]]
code = "theme"
kind = "heading"
each = "theme"
text = {fr = "{theme}"}
[[sections]]
code = "measures"
kind = "measures"
under = "theme"
"""
)


def refused(text: str) -> list[tuple[str, int | None, str]]:
    found = checked({**FULL, FILE: text, "LICENCES.md": f"{FILE} CC0\n"})
    return [(one.code, one.row, one.column) for one in (*found.problems, *found.warnings) if one.file == FILE]


@pytest.mark.req("R12.26")
def test_what_is_read() -> None:
    pack = checked({**FULL, FILE: WHOLE}).pack
    assert pack is not None
    assert pack.template == Template(
        "policy",
        {"fr": "Ordre"},
        (
            Section("preamble", "heading", {"fr": "Préambule", "en": "Preamble"}),
            Section("words", "text", {"fr": "Un **mot**."}, "preamble"),
            Section("findings", "table", {}, "preamble", "situation"),
            Section("theme", "heading", {"fr": "{theme}"}, each="theme"),
            Section("measures", "measures", {}, "theme"),
        ),
        "own",
        "",
    )
    without = checked(FULL).pack
    assert without is not None
    assert without.template is None


@pytest.mark.req("R12.26")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('kind = "table"', 'kind = "song"', [("PACK-023", 15, "sections.3.kind")]),
        ('part = "situation"\n', "", [("PACK-053", 13, "sections.3.part")]),
        ('under = "preamble"\ntext', 'under = "words"\ntext', [("PACK-096", 11, "sections.2.under")]),
        ('under = "theme"', 'under = "later"', [("PACK-096", 26, "sections.5.under")]),
        ('each = "theme"', 'each = "word"', [("PACK-023", 21, "sections.4.each")]),
        ('each = "theme"', 'each = "theme"\nunder = "preamble"', [("PACK-097", 21, "sections.4.each")]),
        ('"Un **mot**.  "', '"Un **mot."', [("PACK-098", 12, "sections.2.text")]),
        (
            'code = "words"',
            'code = "preamble"',
            [("PACK-055", 9, "sections.2.code"), ("PACK-096", 17, "sections.3.under")],
        ),
        ('text = {fr = "{theme}"}\n', "", [("PACK-053", 18, "sections.4.text")]),
        ('kind = "measures"', 'kind = "measures"\ncolour = "red"', [("PACK-074", 26, "sections.5.colour")]),
        ("[[sections]]", "[[chapters]]", [("PACK-053", None, "sections"), ("PACK-074", None, "chapters")]),
        ("code", "code ==", [("PACK-052", 1, "")]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, expected: list[object]) -> None:
    text = WHOLE.replace(old, new) if "sections" in old else WHOLE.replace(old, new, 1)
    assert refused(text) == expected


@pytest.mark.req("R12.26")
def test_a_template_makes_clauses_once_for_each_theme() -> None:
    pack = checked({**FULL, FILE: WHOLE}).pack
    assert pack is not None
    assert pack.template is not None
    made = planned(pack.template, [(1, {"fr": "Protection"}), (2, {"fr": "Frontières"})])
    assert [(one.section.code, one.above, one.theme, one.texts.get("fr", "")) for one in made] == [
        ("preamble", None, None, "Préambule"),
        ("words", 0, None, "Un **mot**."),
        ("findings", 0, None, ""),
        ("theme", None, 1, "Protection"),
        ("measures", 3, 1, ""),
        ("theme", None, 2, "Frontières"),
        ("measures", 5, 2, ""),
    ]
    assert made[0] == Planned(pack.template.sections[0], None, None, {"fr": "Préambule", "en": "Preamble"})


@pytest.mark.req("R12.26")
def test_the_template_of_haiti_says_everything_in_four_languages() -> None:
    folder = Path(__file__).parents[2] / "src/pasaj/packs/haiti"
    files = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    pack = check(files).pack
    assert pack is not None
    assert pack.template is not None
    sections = pack.template.sections
    assert [one.code for one in sections if one.texts and set(one.texts) != {"fr", "ht", "en", "es"}] == []
    assert [one.texts["fr"] for one in sections if one.kind in ("heading", "annex")] == [
        "Préambule", "État des lieux", "Principes", "Définitions", "{theme}", "Dispositif institutionnel",
        "Plan d’action", "Financement", "Suivi et évaluation", "Preuves",
        "Ce qui a été dit et ce qui en a été fait",
        "Concordance avec les engagements internationaux et nationaux",
    ]  # fmt: skip
