"""The form of a round, sheet by sheet."""

from __future__ import annotations

import pytest
from core.rounds.examples import COUNTRY, NORTH, PORT, SMALL

from pasaj.core.forms import fields as forms
from pasaj.core.meaning import parse
from pasaj.core.rounds import KIND, Questionnaire, questionnaire, questions

TITLE = {"fr": "Évaluation A1", "en": "Assessment A1"}


def made(sort: str = "crossing_point", *, photos: bool = False) -> Questionnaire:
    units = [COUNTRY] if sort == "country" else [NORTH, PORT]
    return questionnaire(
        framework=SMALL, round_code="A1", title=TITLE, sort=sort, units=units, version="7", photos=photos
    )


def column(form: Questionnaire, name: str) -> list[str]:
    at = form.survey[0].index(name)
    return [row[at] for row in form.survey[1:]]


@pytest.mark.req("R10.7")
def test_a_page_an_indicator_in_a_group_a_pillar() -> None:
    form = made()
    assert column(form, "name") == [
        "date", "unit", "pillar_EQP", "E_1_page", "E_1", "E_1_sure", "E_1_comment", "", "E_1_2_page", "E_1_2",
        "E_1_2_sure", "E_1_2_comment", "", "", "pillar_PRO", "P_1_page", "P_1", "P_1_sure", "P_1_comment", "",
        "P_2_page", "P_2", "P_2_sure", "P_2_comment", "", "",
    ]  # fmt: skip
    relevant = {
        name: shown for name, shown in zip(column(form, "name"), column(form, "relevant"), strict=True) if shown
    }
    assert relevant["E_1_2_page"] == "${unit} = 'XX-PRT'"
    assert relevant["P_1_page"] == (
        "(${unit} = 'XX-NOR') and (${E_1} = '' or ${E_1} = 'not_observed' or (${E_1} != 'not_applicable' and "
        "(number(${E_1}) >= 2)))"
    )
    assert "P_2_page" not in relevant  # it hangs on an answer of another form
    assert form.settings[1] == [
        "Évaluation A1: points de passage",
        "a1_crossing_point",
        "7",
        "Français (fr)",
        "concat(${unit}, ' ', ${date})",
    ]


@pytest.mark.req("R10.7")
def test_anchors_are_hints_in_every_language() -> None:
    form = made("country")
    at = column(form, "name").index("L_1")
    assert column(form, "label::English (en)")[at] == "How is L-1? (en)"
    assert column(form, "hint::Français (fr)")[at] == "0: L-1 at 0 (fr)\n2: L-1 at 2 (fr)\n4: L-1 at 4 (fr)"
    assert [row[:2] + row[-1:] for row in form.choices[6:8]] == [
        ["scale", "not_observed", "Could not observe it"], ["scale", "not_applicable", "Does not apply here"],
    ]  # fmt: skip


def test_a_unit_without_a_name_in_a_language_has_another() -> None:
    assert made().choices[-1] == ["units", "XX-PRT", "Port", "Port"]


@pytest.mark.req("R10.7")
def test_a_photo_only_where_the_round_allows_it() -> None:
    assert "image" not in column(made(), "type")
    form = made(photos=True)
    assert column(form, "type").count("image") == 4
    assert {
        what for kind, what in zip(column(form, "type"), column(form, "photo_of"), strict=True) if kind == "image"
    } == {"thing"}


def test_the_meaning_can_be_read() -> None:
    form = made(photos=True)
    asked = [forms.Field(path=name, name=name, kind="text", type="string") for name in column(form, "name") if name]
    read = parse(form.meaning, asked)
    (outcome,) = read.outcomes
    assert (outcome.kind, read.place.question) == (KIND, "unit")
    shown = {key: pick.question or pick.constant for key, pick in outcome.data.items()}
    assert {key: name for key, name in shown.items() if "1" in key[-4:] or "." not in key} == {
        "round": "A1", "date": "date", "unit": "unit",
        **{f"{part}.{code}": f"{name}{end}" for code, name in {"E-1": "E_1", "E_1": "E_1_2", "P-1": "P_1"}.items()
           for part, end in {"answers": "", "sure": "_sure", "comments": "_comment", "photos": "_photo"}.items()},
    }  # fmt: skip
    assert "place" not in made("country").meaning


def test_names_never_meet() -> None:
    codes = ["A-1", "A_1", "A_1_2", "B"]
    names = questions(codes)
    assert names == {"A-1": "A_1", "A_1": "A_1_2", "A_1_2": "A_1_2_2", "B": "B"}


def test_nothing_to_ask() -> None:
    with pytest.raises(ValueError, match="asks nothing of institution"):
        questionnaire(
            framework=SMALL, round_code="A1", title=TITLE, sort="institution", units=[], version="1", photos=False
        )
