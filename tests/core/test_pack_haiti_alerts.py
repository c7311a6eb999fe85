"""The templates of the Haiti pack, filled with every place they may be told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from pasaj.core import sms
from pasaj.core.alerts import check, counted, fill, rounded
from pasaj.core.pack import Pack
from pasaj.core.pack import check as read

FOLDER = Path(__file__).resolve().parents[2] / "src/pasaj/packs/haiti"
LONGEST = "EXERCICE EXERCICE EXERCICE. "


@pytest.fixture(scope="module")
def pack() -> Pack:
    files = {file.relative_to(FOLDER).as_posix(): file.read_bytes() for file in FOLDER.rglob("*") if file.is_file()}
    found = read(files).pack
    assert found is not None
    return found


def places(pack: Pack) -> list[dict[str, str]]:
    """Official crossings, communes and sea zones, by language."""
    languages = pack.manifest.languages
    return [
        *(dict.fromkeys(languages, one.name) for one in pack.crossings if one.official == "yes"),
        *({language: one.names.get(language, one.names["fr"]) for language in languages} for one in pack.areas),
    ]


@pytest.mark.req("R11.8")
def test_every_template_is_good_at_every_place(pack: Pack) -> None:
    wrong = []
    for hazard in pack.hazards:
        for audience, texts in hazard.texts.items():
            for place in places(pack):
                day = "2025-09-30"
                filled = {
                    language: {
                        field: fill(text, {"place": place[language], "date": day, "period": day,
                                           "scale": rounded(340)[language]})
                        for field, text in said.items()
                    }
                    for language, said in texts.items()
                }  # fmt: skip
                wrong += [(hazard.code, audience, one) for one in check(filled, pack.manifest.languages, [place])]
                for said in filled.values():
                    assert pack.alerts is not None
                    assert sms.measure(LONGEST + said["short"]).segments <= pack.alerts.segments
                    if audience == "public":
                        assert [one for text in said.values() for one in counted(text)] == []
    assert wrong == []


def test_there_is_a_template_for_each_danger(pack: Pack) -> None:
    assert sorted(one.code for one in pack.hazards) == [
        "children_alone", "cholera_entry", "reception_full", "sea_distress", "storm_border", "stranded_closure",
        "unassisted_arrivals", "urgent_reception",
    ]  # fmt: skip
    assert {one.code: sorted(one.texts) for one in pack.hazards if "public" in one.texts}.keys() == {
        "cholera_entry", "sea_distress", "stranded_closure", "storm_border", "urgent_reception",
    }  # fmt: skip
