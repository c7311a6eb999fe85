"""The forms in which institutions speak for themselves, sheet by sheet."""

from __future__ import annotations

from typing import Any

import pytest
from core.packs import checked

from pasaj.core.forms import fields as forms
from pasaj.core.mapping.answers import CHANNELS, DIRECTIONS, NO_ROLE, WRITTEN, YES
from pasaj.core.mapping.mandates import ROLES
from pasaj.core.meaning import parse
from pasaj.core.rounds import Questionnaire
from pasaj.core.rounds import mapping_words as words
from pasaj.core.rounds.mapping import TURN, Head, Named, exchange_form, mandates_form

PACK = checked({}).pack
assert PACK is not None
LANGUAGES = ("fr", "en")
TITLE = {"fr": "A1 · Tour", "en": "A1 · Round"}
IMM, CELL = (Named(one.code, one.names) for one in reversed(PACK.institutions))
LAYERS = [Named(one.code, one.names, one.definitions) for one in PACK.exchange_layers]
FUNCTIONS = [Named(one.code, one.names, one.definitions) for one in PACK.functions]
TEXTS = [Named(one.code, {"": one.title}) for one in PACK.instruments]
AREAS = [Named("NL-A", {"fr": "Région A"})]


def head(*institutions: Named) -> Head:
    return Head("A1", TITLE, LANGUAGES, institutions)


def column(form: Questionnaire, name: str) -> dict[str, str]:
    at, named = form.survey[0].index(name), form.survey[0].index("name")
    return {row[named]: row[at] for row in form.survey[1:] if row[named]}


def choices(form: Questionnaire, of: str) -> list[str]:
    return [row[1] for row in form.choices if row[0] == of]


def meant(form: Questionnaire) -> Any:
    inside = {name: f"turn/{name}" for name in TURN}
    paths = [inside.get(name, name) for name in column(form, "type")]
    fields = [forms.Field(path=one, name=one.rpartition("/")[2], kind="text", type="string") for one in paths]
    return parse(form.meaning, fields).outcomes


@pytest.mark.req("R1.2")
def test_one_entry_an_exchange_and_then_whether_these_are_all() -> None:
    form = exchange_form(head(CELL, IMM), LAYERS)
    assert list(column(form, "type")) == ["date", "unit", "any", "exchanges", "turn", "entry", *TURN, "complete"]
    assert column(form, "relevant")["exchanges"] == "${any} = 'yes'"
    assert column(form, "constraint")["others"] == "not(selected(., ${unit}))"
    assert column(form, "hint::Français (fr)")["any"] == "Alertes: Avis du jour"
    assert form.settings[1][:2] == ["A1 · Tour: échanges entre institutions", "a1_exchange"]
    assert choices(form, "units") == ["CELL", "IMM"]
    assert choices(form, "layers") == ["ALERTS", "LISTS"]
    # What can be chosen is what can be read.
    assert choices(form, "directions") == list(DIRECTIONS)
    assert choices(form, "channels") == list(CHANNELS)
    assert choices(form, "written") == list(WRITTEN)
    assert choices(form, "yes_no") == list(YES)


@pytest.mark.req("R1.2")
def test_what_the_answers_on_exchange_mean() -> None:
    each, whole = meant(exchange_form(head(CELL, IMM), LAYERS))
    assert (each.kind, each.each, each.when.question) == ("exchange", "turn", "any")
    assert {key: pick.question or pick.constant for key, pick in each.data.items()} == {
        "round": "A1", "date": "date", "unit": "unit", **{name: name for name in TURN},
    }  # fmt: skip
    assert (whole.kind, list(whole.data)) == ("exchange_list", ["round", "date", "unit", "complete"])


@pytest.mark.req("R1.2")
def test_a_page_a_function_and_more_only_where_there_is_a_role() -> None:
    form = mandates_form(head(IMM), FUNCTIONS, TEXTS, AREAS)
    relevant = column(form, "relevant")
    assert [name for name in relevant if "RESCUE" in name] == [
        "f_RESCUE_page", "f_RESCUE", "f_RESCUE_basis", "f_RESCUE_text", "f_RESCUE_territories", "f_RESCUE_since",
        "f_RESCUE_comment",
    ]  # fmt: skip
    assert relevant["f_RESCUE_basis"] == "${f_RESCUE} != '' and ${f_RESCUE} != 'none'"
    assert relevant["f_RESCUE_text"].endswith("and ${f_RESCUE_basis} = 'other'")
    assert column(form, "hint::English (en)")["f_CHECK"] == "Entrées et sorties"
    assert choices(form, "roles") == [*ROLES, NO_ROLE]
    assert choices(form, "bases") == ["L-1", "other"]
    assert choices(form, "areas") == ["NL-A"]
    assert [row[2:] for row in form.choices if row[1] == "L-1"] == [["Loi", "Loi"]]
    (outcome,) = meant(form)
    assert outcome.kind == "mandates"
    assert {key: pick.question for key, pick in outcome.data.items() if key.endswith("CHECK")} == {
        "roles.CHECK": "f_CHECK", "bases.CHECK": "f_CHECK_basis", "texts.CHECK": "f_CHECK_text",
        "territories.CHECK": "f_CHECK_territories", "since.CHECK": "f_CHECK_since",
        "comments.CHECK": "f_CHECK_comment",
    }  # fmt: skip


def test_a_country_of_one_area_asks_for_none() -> None:
    form = mandates_form(head(IMM), FUNCTIONS[:1], [], [])
    assert "f_CHECK_territories" not in column(form, "type")
    assert choices(form, "areas") == []
    assert "territories.CHECK" not in meant(form)[0].data


def test_nothing_to_ask() -> None:
    for institutions, layers in (((IMM,), LAYERS), ((IMM, CELL), [])):
        with pytest.raises(ValueError, match="exchange"):
            exchange_form(head(*institutions), layers)
    for institutions, functions in (((), FUNCTIONS), ((IMM,), [])):
        with pytest.raises(ValueError, match="do"):
            mandates_form(head(*institutions), functions, TEXTS, AREAS)


def test_every_word_is_said_in_four_languages() -> None:
    texts = [value for name, value in vars(words).items() if name.isupper()]
    flat = [one for value in texts for one in (value.values() if "fr" not in value else [value])]
    assert [one for one in flat if list(one) != ["fr", "ht", "en", "es"]] == []
    assert len(flat) > 40
