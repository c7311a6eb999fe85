"""Two versions side by side: what came, went and changed, and how much each change matters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from core.frameworks import ROWS, TOML, changed, framework, table
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.framework import Change, Difference, Field, Framework, compare, normative_fingerprint, of, plain

BEFORE = framework()


def test_the_same_has_no_difference() -> None:
    found = compare(BEFORE, framework(TOML.replace("2026.1", "2026.2")))
    assert (found, found.is_empty) == (Difference((), (), (), ()), True)
    assert found.counts() == {"added": 0, "removed": 0, "normative": 0, "wording": 0, "other": 0}


@pytest.mark.req("R10.2")
def test_every_change_says_what_and_how_much_it_matters() -> None:
    after = framework(rows=changed(2, weight="2", question_fr="Vraiment ?", anchor_2_en="Half", sources="GCM"))
    (one,) = compare(BEFORE, after).indicators
    assert (one.code, one.what, one.matters) == ("LEG-01", "changed", "normative")
    assert one.fields == (
        Field("weight", "1", "2", "normative"),
        Field("sources", "IHR-A1B; GCM", "GCM", "other"),
        Field("question", "Oui ?", "Vraiment ?", "wording", "fr"),
        Field("anchor", "In part", "Half", "other", "en", "2"),
    )


@pytest.mark.parametrize(
    ("cells", "matters"),
    [
        ({"level": "inter"}, "normative"),
        ({"rights": "yes"}, "normative"),
        ({"question_fr": "Vraiment ?", "question_en": "Really?"}, "wording"),
        ({"anchor_4_fr": "Tout à fait"}, "wording"),
        ({"question_en": "Really?"}, "other"),
        ({"verify": ""}, "other"),
        ({"anchor_1_fr": "Un peu", "anchor_1_en": "A little"}, "wording"),
    ],
)
def test_the_gravest_field_counts(cells: dict[str, str], matters: str) -> None:
    (one,) = compare(BEFORE, framework(rows=changed(2, **cells))).indicators
    assert one.matters == matters


@pytest.mark.req("R10.2")
def test_what_came_and_went() -> None:
    after = framework(
        TOML.replace('code = "GCM"', 'code = "GCR"').replace("weight = 2", "weight = 3").replace("Border", "Frontier"),
        table([(*row[:8], "GCR", *row[9:]) for row in (*ROWS[1:], ("LEG-03", *ROWS[0][1:]))]).replace(
            "LEG-01", "LEG-03"
        ),
    )
    found = compare(BEFORE, after)
    assert found.itself == (Field("name", "Border", "Frontier", "other", "en"),)
    assert found.pillars == (Change("LEG", "changed", (Field("weight", "2", "3", "normative"),)),)
    assert [(one.code, one.what, one.matters) for one in found.sources] == [
        ("GCR", "added", "normative"),
        ("GCM", "removed", "normative"),
    ]
    assert [(one.code, one.what, one.matters) for one in found.indicators] == [
        ("LEG-02", "changed", "other"),
        ("INS-01", "changed", "normative"),
        ("INS-02", "changed", "other"),
        ("LEG-03", "added", "normative"),
        ("LEG-01", "removed", "normative"),
    ]
    assert found.counts() == {"added": 1, "removed": 1, "normative": 1, "wording": 0, "other": 2}
    assert not found.is_empty


def varied(data: Any) -> Framework:
    raw = json.loads(json.dumps(plain(BEFORE)))
    for one in raw["indicators"]:
        one["critical"] = data.draw(st.booleans())
        one["questions"]["fr"] = data.draw(st.sampled_from(["a", "b"]))
        one["questions"]["en"] = data.draw(st.sampled_from(["a", "b"]))
    raw["indicators"] = data.draw(st.permutations(raw["indicators"]))[: data.draw(st.integers(1, 4))]
    return of(raw)


@given(st.data())
def test_there_and_back_are_mirrors(data: st.DataObject) -> None:
    one, two = varied(data), varied(data)
    there, back = compare(one, two), compare(two, one)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((each.code, each.what) for each in there.indicators) == sorted(
        (each.code, turned[each.what]) for each in back.indicators
    )
    # Fingerprints of what decides scores differ exactly when a change decides scores.
    decides = any(each.matters == "normative" for each in there.indicators)
    assert decides == (normative_fingerprint(one) != normative_fingerprint(two))
