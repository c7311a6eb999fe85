"""Names found by code, name and alias, and the nearest to a misspelt one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core import nearest
from pasaj.core.nearest import Names, Near, distance, fold

KNOWN = Names(
    [
        ("P-1", ["Ouanaminthe", "Wanament", "Ouanaminthe – Dajabón"]),
        ("P-2", ["Belladère", "Beladè"]),
        ("P-3", ["Malpasse Jimani"]),
        ("P-4", ["Belladère"]),
        ("P-5", ["Œuvre", "!!"]),
    ]
)


def test_folding_keeps_what_people_agree_on() -> None:
    assert fold("  Ouanaminthe–DAJABÓN ") == "ouanaminthe dajabon"
    assert fold("L'Œuvre") == "l oeuvre"
    assert fold("…") == ""
    assert fold("𝓐") == "a"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("p-1", ("P-1",)),
        (" OUANAMINTHE ", ("P-1",)),
        ("wanament", ("P-1",)),
        ("ouanaminthe - dajabon", ("P-1",)),
        ("belladere", ("P-2", "P-4")),
        ("oeuvre", ("P-5",)),
        ("Anse", ()),
        ("", ()),
        ("!!", ()),
    ],
)
def test_finding(text: str, codes: tuple[str, ...]) -> None:
    assert KNOWN.find(text) == codes


def test_the_nearest_names() -> None:
    assert KNOWN.near("Ouanamithe")[0] == Near("Ouanaminthe", "P-1")
    assert KNOWN.near("Uoanaminthe")[0].code == "P-1"
    assert KNOWN.near("Malpasse") == (Near("Malpasse Jimani", "P-3"),)
    assert KNOWN.near("P-33")[0].code == "P-3"
    assert {one.code for one in KNOWN.near("Beladere")} == {"P-2", "P-4"}
    assert len(KNOWN.near("Beladere", 1)) == 1
    assert KNOWN.near("Port-au-Prince") == ()
    assert KNOWN.near("!!") == ()
    assert KNOWN.near("x" * 10_000) == ()


def test_a_file_that_is_wrong_as_a_whole_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names([("P-1", ["Ouanaminthe"])])
    monkeypatch.setattr(nearest, "ASKED", 1)
    assert names.near("Ouanamithe")
    assert names.near("Ouanamithee") == ()
    assert names.near("Ouanamithe")


@pytest.mark.parametrize(
    ("one", "other", "most", "expected"),
    [
        ("", "", 3, 0),
        ("abc", "abc", 3, 0),
        ("abc", "acb", 3, 1),
        ("abc", "abd", 3, 1),
        ("a", "abcd", 2, 3),
        ("abc", "xyz", 2, 3),
        ("abcd", "abce", 0, 1),
    ],
)
def test_distance(one: str, other: str, most: int, expected: int) -> None:
    assert distance(one, other, most) == expected


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    found = distance(one, other, 20)
    assert found == distance(other, one, 20)
    assert (found == 0) == (one == other)
    assert found <= max(len(one), len(other))
    assert distance(one, other, 2) == min(found, 3)


@given(st.text(max_size=40))
def test_any_text_may_be_asked(text: str) -> None:
    assert len(KNOWN.find(text)) <= 2
    assert len(KNOWN.near(text)) <= 3
    assert fold(fold(text)) == fold(text)
