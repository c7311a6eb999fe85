"""protocols/*.toml: every problem with its line and key, and what is read."""

from __future__ import annotations

from datetime import time

import pytest
from core.packs import FULL, checked, raw

from pasaj.core.pack import check
from pasaj.core.pack.toml import lines

FILE = "protocols/1999.toml"
TOML = """\
code = "NL-XX-1999"
instrument = "L-1"
receiving = {country = "NL", timezone = "Africa/Dakar"}
handing = {country = "XX", timezone = "America/Lima"}
source = "Treaty series 12"

[title]
fr = "Accord de 1999"

[scope]
men = "applies"
women = "outside"

[[clauses]]
code = "a"
rule = "hours"
hours = ["08:00", "17:59"]
short_hours = ["08:00", "12:00"]
short_weekdays = ["sun"]
holidays = ["NL", "XX"]
source = "Art. 1"
[clauses.text]
fr = "Heures"

[[clauses]]
code = "b"
rule = "families"
source = "Art. 2"
text = {fr = "Familles", en = "Families"}

[[clauses]]
code = "c"
rule = "place"
points = ["NL-1"]
source = "Art. 3"
text = {fr = "Points"}

[[clauses]]
code = "d"
rule = "answers"
expect = {effects_kept = "yes"}
source = "Art. 4"
verify = "the wording"
text = {fr = "Effets"}

[[clauses]]
code = "f"
rule = "announced"
measure = "returns"
source = "Art. 5"
text = {fr = "Listes"}

[[clauses]]
code = "g"
rule = "posts"
institutions = ["IMM"]
source = "Art. 6"
text = {fr = "Postes"}
"""
LICENCES = {"LICENCES.md": FULL["LICENCES.md"] + f" {FILE}"}


def found(text: str | bytes, **more: str) -> list[tuple[str, int | None, str]]:
    """Problems and warnings of the file, with line and key."""
    result = checked({FILE: text, **LICENCES, **more})
    told = [*result.problems, *result.warnings]
    assert all(one.text() and one.remedy() for one in told)
    return [(one.code, one.row, one.column) for one in told if one.file.startswith("protocols/")]


@pytest.mark.req("R1.5")
def test_a_protocol_is_read() -> None:
    result = checked({FILE: TOML, **LICENCES})
    assert [one.text() for one in result.problems] == []
    assert result.pack is not None
    (one,) = result.pack.protocols
    assert (one.code, one.instrument, one.source, one.receiving.country, one.handing.timezone) == (
        "NL-XX-1999",
        "L-1",
        "Treaty series 12",
        "NL",
        "America/Lima",
    )
    assert one.scope == {"men": "applies", "women": "outside"}
    hours, families, place, answers, announced, posts = one.clauses
    assert (hours.hours, hours.short_hours, hours.short_weekdays) == (
        (time(8), time(17, 59)),
        (time(8), time(12)),
        (6,),
    )
    assert (hours.holidays, hours.holiday_reading) == (("NL", "XX"), "disputed")
    assert families.texts == {"fr": "Familles", "en": "Families"}
    assert (place.points, answers.expect, answers.verify) == (("NL-1",), {"effects_kept": "yes"}, "the wording")
    assert (announced.measure, posts.institutions) == ("returns", ("IMM",))


def test_a_pack_may_have_several_and_none() -> None:
    second = TOML.replace("NL-XX-1999", "NL-YY-2001")
    result = checked({FILE: TOML, "protocols/2001.toml": second, **LICENCES})
    assert result.pack is not None
    assert [one.code for one in result.pack.protocols] == ["NL-XX-1999", "NL-YY-2001"]
    assert [one.code for one in result.warnings] == ["PACK-066"]
    plain = checked({})
    assert plain.pack is not None
    assert plain.pack.protocols == ()


def test_two_files_with_one_code() -> None:
    result = checked({FILE: TOML, "protocols/b.toml": TOML, **LICENCES})
    assert [(one.code, one.file, one.row, one.column) for one in result.problems] == [
        ("PACK-055", "protocols/b.toml", 1, "code")
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('code = "NL-XX-1999"', "code = ", [("PACK-052", 1, "")]),
        ('code = "NL-XX-1999"\n', "", [("PACK-053", None, "code")]),
        ('code = "NL-XX-1999"', "code = 7", [("PACK-054", 1, "code")]),
        ('code = "NL-XX-1999"', 'code = " "', [("PACK-054", 1, "code")]),
        ('code = "NL-XX-1999"', 'code = "the accord"', [("PACK-017", 1, "code")]),
        ('"L-1"', '"L-2"', [("PACK-015", 2, "instrument")]),
        ('instrument = "L-1"\n', "", []),
        ('"Africa/Dakar"', '"Africa/Dakkar"', [("PACK-044", 3, "receiving.timezone")]),
        (
            '"Africa/Dakar"',
            f'"{"x" * 61}"',
            [("PACK-032", 3, "receiving.timezone"), ("PACK-044", 3, "receiving.timezone")],
        ),
        ('{country = "NL", timezone', '{country = "Nord", timezone', [("PACK-029", 3, "receiving.country")]),
        (', timezone = "America/Lima"}', "}", [("PACK-053", 4, "handing.timezone")]),
        (', timezone = "America/Lima"}', ', timezone = "America/Lima", town = "x"}', [("PACK-074", 4, "handing.town")]),
        ('handing = {country = "XX", timezone = "America/Lima"}', 'handing = "XX"', [("PACK-054", 4, "handing")]),
        ('source = "Treaty series 12"\n', "", [("PACK-075", None, "")]),
        ("[title]", "[titles]", [("PACK-053", None, "title"), ("PACK-074", 7, "titles")]),
        ('[title]\nfr = "Accord de 1999"', 'title = "Accord"', [("PACK-054", 7, "title")]),
        ('fr = "Accord de 1999"', 'en = "Accord"', [("PACK-056", 7, "title")]),
        ('fr = "Accord de 1999"', 'fr = "Accord"\nwo = "Accord"', [("PACK-074", 9, "title.wo")]),
        ('women = "outside"', 'women = "elsewhere"', [("PACK-023", 12, "scope.women")]),
        ('women = "outside"', 'women = "outsid"', [("PACK-024", 12, "scope.women")]),
        ('women = "outside"', '"the women" = "outside"', [("PACK-017", 10, "scope.the women")]),
        ('men = "applies"\nwomen = "outside"\n', "", [("PACK-054", 10, "scope")]),
        ('[scope]\nmen = "applies"\nwomen = "outside"\n', "", [("PACK-053", None, "scope")]),
        ('code = "b"', 'code = "a"', [("PACK-055", 26, "clauses.2.code")]),
        ('rule = "families"', 'rule = "famlies"', [("PACK-024", 27, "clauses.2.rule")]),
        ('rule = "families"\n', "", [("PACK-053", 25, "clauses.2.rule")]),
        ('rule = "families"', 'rule = "families"\npoints = ["NL-1"]', [("PACK-074", 28, "clauses.2.points")]),
        ('source = "Art. 2"\n', "", [("PACK-075", 25, "clauses.2")]),
        ('["08:00", "17:59"]', '["08:00"]', [("PACK-054", 17, "clauses.1.hours")]),
        ('["08:00", "17:59"]', '["18:00", "08:00"]', [("PACK-054", 17, "clauses.1.hours")]),
        ('["08:00", "17:59"]', '["08:00", "24:00"]', [("PACK-054", 17, "clauses.1.hours")]),
        ('["08:00", "17:59"]', '["08:00", "17:59", 3]', [("PACK-054", 17, "clauses.1.hours")]),
        ('["08:00", "17:59"]', '"08:00-17:59"', [("PACK-054", 17, "clauses.1.hours")]),
        ('hours = ["08:00", "17:59"]\nshort', "short", [("PACK-053", 14, "clauses.1.hours")]),
        ('["sun"]', '["sunday"]', [("PACK-024", 19, "clauses.1.short_weekdays")]),
        ('["sun"]', "[]", [("PACK-054", 19, "clauses.1.short_weekdays")]),
        ('["NL", "XX"]', '["NL", "Est"]', [("PACK-029", 20, "clauses.1.holidays")]),
        ('["NL", "XX"]', '["NL"]\nholiday_reading = "any"', [("PACK-023", 21, "clauses.1.holiday_reading")]),
        ('points = ["NL-1"]', 'points = ["NL-2"]', [("PACK-015", 34, "clauses.3.points")]),
        ('points = ["NL-1"]\n', "", [("PACK-053", 31, "clauses.3.points")]),
        ('"yes"}', '"perhaps"}', [("PACK-023", 41, "clauses.4.expect.effects_kept")]),
        ('expect = {effects_kept = "yes"}', "expect = {}", [("PACK-054", 41, "clauses.4.expect")]),
        ('measure = "returns"', 'measure = "lists"', [("PACK-016", 49, "clauses.5.measure")]),
        ('measure = "returns"\n', "", [("PACK-053", 46, "clauses.5.measure")]),
        ('["IMM"]', '["IMN"]', [("PACK-015", 56, "clauses.6.institutions")]),
        (TOML[TOML.index("[[clauses]]") :], "", [("PACK-053", None, "clauses")]),
        (TOML[TOML.index("[[clauses]]") :], "[clauses]\ncode = 1\n", [("PACK-054", 14, "clauses")]),
    ],
)
def test_each_mistake_has_its_line_and_key(old: str, new: str, expected: list[tuple[str, int | None, str]]) -> None:
    assert TOML.count(old) >= 1
    assert found(TOML.replace(old, new, 1)) == expected


def test_files_that_are_no_text() -> None:
    assert found(b"\xff\xfec\0") == [("PACK-002", None, "")]
    assert found("a = " + "[" * 5000) == [("PACK-052", None, "")]


def test_codes_of_files_a_pack_does_not_have_are_not_checked() -> None:
    result = checked({FILE: TOML, **LICENCES, "instruments.csv": None})
    assert [one.code for one in result.problems] == []


def test_without_a_manifest_the_protocol_is_still_read() -> None:
    files = {**FULL, FILE: TOML}
    del files["pack.toml"]
    problems = check(raw(files), zones=None).problems
    assert [(one.code, one.file) for one in problems] == [("PACK-001", "pack.toml")]


def test_lines_of_keys() -> None:
    text = '[[a]]\nb = 1\n[a.c]\n"d" = 2\n[[a]]\nb.e = {f = 1, g = 2}\n# a comment\n[h.i]\nj = 1\n'
    assert lines(text) == {
        ("a", "1"): 1,
        ("a", "1", "b"): 2,
        ("a", "1", "c"): 3,
        ("a", "1", "c", "d"): 4,
        ("a", "2"): 5,
        ("a", "2", "b", "e"): 6,
        ("a", "2", "b", "e", "f"): 6,
        ("a", "2", "b", "e", "g"): 6,
        ("h", "i"): 8,
        ("h", "i", "j"): 9,
    }
