"""References in a text: found, checked, filled and frozen."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from pasaj.core.wording import FIELDS, Frozen, Reference, Said, checked, filled, find, frozen, hidden
from pasaj.core.wording.references import check, read

TEXT = "En 2026, {{figure:FG-2026-0007}}\ncas ({{figure:FG-2026-0007|low}}).\n\\{{not:this}} {{clause:P1-C3.2}}"


def known(one: Reference) -> Collection[str] | None:
    return {"figure:FG-2026-0007": ("value", "low"), "clause:P1-C3.2": FIELDS["clause"]}.get(f"{one.kind}:{one.code}")


def told(text: str) -> list[tuple[str, int | None, str]]:
    return [(one.code, one.row, one.column) for one in checked(text, known)]


@pytest.mark.req("R12.21")
def test_references_are_found_with_their_place() -> None:
    assert find(TEXT) == (
        Reference("figure", "FG-2026-0007", "", 9, 32, 1, 10),
        Reference("figure", "FG-2026-0007", "low", 38, 65, 2, 6),
        Reference("clause", "P1-C3.2", "", 82, 100, 3, 15),
    )
    assert [TEXT[one.start : one.end] == one.written for one in find(TEXT)] == [True, True, True]
    assert told(TEXT) == []


def test_a_title_has_no_room_for_references() -> None:
    assert hidden("coûte {{cost:P1|gap}} HTG \\{{x}}") == "coûte … HTG \\{{x}}"


def test_one_reference_is_read() -> None:
    assert read("{{cost:M4.2|gap}}") == Reference("cost", "M4.2", "gap")
    assert read("{{cost:M4.2") is None


@pytest.mark.req("R12.21")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{figure}}", [("WRD-008", 1, "1")]),
        ("a\n b {{figure:FG 1}}", [("WRD-008", 2, "4")]),
        ("{{figure:FG-2026-0007", [("WRD-008", 1, "1")]),
        ("{{song:FG-1}}", [("WRD-009", 1, "1")]),
        ("{{clause:P1-C3.2|colour}}", [("WRD-011", 1, "1")]),
        ("{{figure:FG-2026-0007|colour}}", [("WRD-011", 1, "1")]),
        ("{{figure:FG-2026-0008}}", [("WRD-010", 1, "1")]),
        ("{{clause:P1-C3.2|title}}", []),
        ("{ {x}} }} {x}", []),
    ],
)
def test_what_is_not_a_reference_is_told_with_its_place(text: str, expected: list[object]) -> None:
    assert told(text) == expected


def test_the_remedy_names_what_may_be_asked() -> None:
    (one,) = check("{{clause:P1-C3.2|colour}}")
    assert one.remedy() == "Use one of: number, title."


@pytest.mark.req("R12.21")
def test_a_text_is_filled_and_no_value_becomes_a_mark() -> None:
    values = {"figure:FG-2026-0007": Said("1 204 *env.*"), "clause:P1-C3.2": Said("3.2")}
    assert filled(TEXT, values) == ("En 2026, 1 204 \\*env.\\*\ncas ({{figure:FG-2026-0007|low}}).\n\\{{not:this}} 3.2")


@pytest.mark.req("R12.21")
def test_what_was_said_is_kept_with_its_fingerprint() -> None:
    said = Said("12", "/trace/FG-1/", "ab" * 32, "2026-11-30")
    kept = frozen("{{figure:FG-1}} et {{figure:FG-1}}", {"figure:FG-1": said})
    assert kept == (Frozen("figure:FG-1", "12", "ab" * 32, "2026-11-30"),)
    assert kept[0].plain() == {
        "key": "figure:FG-1",
        "text": "12",
        "fingerprint": "ab" * 32,
        "as_of": "2026-11-30",
    }
    with pytest.raises(KeyError):
        frozen("{{figure:FG-2}}", {})
