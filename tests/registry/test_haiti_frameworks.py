"""The two frameworks of the Haiti pack: complete in four languages, sources kept, and what they add up to."""

from __future__ import annotations

from collections import Counter

import pytest

from pasaj.core.framework import Framework, needs, written
from pasaj.registry.services.folders import builtin, check_folder

LANGUAGES = ("fr", "ht", "en", "es")


@pytest.fixture(scope="module")
def frameworks() -> dict[str, Framework]:
    found = check_folder(builtin()["haiti"])
    assert found.pack
    assert found.warnings == ()
    return {one.code: one for one in found.pack.frameworks}


@pytest.mark.req("R10.1")
def test_the_border_framework(frameworks: dict[str, Framework]) -> None:
    one = frameworks["border-management"]
    assert Counter(each.pillar for each in one.indicators) == dict.fromkeys(
        ("LEG", "INS", "PRO", "HRT", "COM", "INF", "CRI", "PRT"), 9
    )
    assert Counter(each.unit for each in one.indicators) == {"country": 29, "institution": 15, "crossing_point": 28}
    assert Counter(each.level for each in one.indicators) == {"intra": 31, "inter": 35, "international": 6}
    assert sum(each.rights for each in one.indicators) == 32
    assert sum(each.critical for each in one.indicators) == 16
    assert {source for each in one.indicators for source in each.sources} == {each.code for each in one.sources}


@pytest.mark.req("R10.1")
def test_the_second_one_is_made_the_same_way(frameworks: dict[str, Framework]) -> None:
    one = frameworks["poe-health"]
    assert Counter(each.pillar for each in one.indicators) == {"COO": 5, "ROU": 7, "EME": 8}
    assert {each.code: needs(each.applies_if) for each in one.indicators if needs(each.applies_if)} == {
        "EME-02": {"EME-01"}
    }
    # The text of the annex was not at hand: whoever reads it is told.
    assert [each.code for each in one.indicators if "IHR-A1B" in each.sources and not each.verify] == []


def test_every_text_is_its_own_in_four_languages(frameworks: dict[str, Framework]) -> None:
    for one in frameworks.values():
        assert one.languages == LANGUAGES
        assert "ht" in one.verify
        for each in one.indicators:
            assert len(set(each.questions.values())) == len(LANGUAGES)
            assert all(text.endswith("?") for text in each.questions.values())
            for anchors in each.anchors.values():
                assert not any(text.endswith(".") for text in anchors.values())
            # Three points that say different things, in each language.
            for language in LANGUAGES:
                assert len({anchors[language] for anchors in each.anchors.values()}) == 3


def test_what_asks_for_a_post_does_not_apply_to_unofficial_crossings(frameworks: dict[str, Framework]) -> None:
    found = Counter(written(one.applies_if) for one in frameworks["border-management"].of_unit("crossing_point"))
    assert found == {"official!=no": 22, "kind=land": 1, "": 5}
