"""Texts of alerts: the same in every language, with a protection action, and without words that blame people."""

from __future__ import annotations

from typing import Any

import pytest
from respond.alerting import SERVICES

from pasaj.core.alerts import (
    Settings,
    Template,
    check,
    counted,
    fill,
    left,
    plain,
    rounded,
    settings_of,
    template_of,
    worded,
)
from pasaj.core.alerts.languages import language_of, numbers
from pasaj.core.alerts.shapes import Colour, Part

LANGUAGES = ("fr", "ht", "en", "es")
VALUES = {"place": "Northgate", "period": "2025-09-30"}
GOOD = {language: {field: fill(text, VALUES) for field, text in said.items()} for language, said in SERVICES.items()}


def with_(language: str, **fields: str) -> dict[str, dict[str, str]]:
    return {**GOOD, language: {**GOOD[language], **fields}}


def found(texts: Any, **more: Any) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in check(texts, LANGUAGES, **more)]


@pytest.mark.req("R11.3")
def test_a_good_alert_has_nothing_against_it() -> None:
    places = [dict.fromkeys(LANGUAGES, "Northgate")]
    assert check(GOOD, LANGUAGES, places) == []


@pytest.mark.req("R11.3")
@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (with_("ht", protection=" "), [("ALERT-021", "texts.ht.protection")]),
        (with_("ht", short=""), [("ALERT-020", "texts.ht.short")]),
        ({one: GOOD[one] for one in ("fr", "en", "es")},
         [*[("ALERT-020", f"texts.ht.{one}") for one in ("event", "headline", "description")],
          ("ALERT-021", "texts.ht.protection"), ("ALERT-020", "texts.ht.short")]),
        (with_("es", instruction="Diga a la célula 12 cosas."), [("ALERT-022", "texts.es.instruction")]),
        (with_("en", instruction="Tell the cell. Wait. Send it. Say when. Say how. Go on."),
         [("ALERT-024", "texts.en.instruction")]),
        (with_("ht", description="Les personnes sont dans la rue et ne sont pas à l'abri, Northgate, 2025-09-30."),
         [("ALERT-025", "texts.ht.description")]),
        (with_("ht", description=GOOD["fr"]["description"]), [("ALERT-027", "texts.ht.description")]),
        (with_("en", event="x" * 36), [("ALERT-026", "texts.en.event")]),
        (with_("en", audience="{place}"), [("ALERT-028", "texts.en.audience")]),
        (with_("en", headline="Illegal migrants at Northgate"), [("ALERT-030", "texts.en.headline")]),
        (with_("fr", headline="Une vague de migrants à Northgate"), [("ALERT-030", "texts.fr.headline")]),
        (with_("en", event="Mass departure"), [("ALERT-031", "texts.en.event")]),
        (with_("ht", event="Anpil depòte"), [("ALERT-031", "texts.ht.event")]),
        (with_("en", protection="Patrol the river. Then give water."), [("ALERT-032", "texts.en.protection")]),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_place(texts: Any, said: list[tuple[str, str]]) -> None:
    assert found(texts) == said


def test_a_place_is_named_in_each_language() -> None:
    texts = with_("es", headline="Hay personas que necesitan ayuda")
    places = [dict.fromkeys(LANGUAGES, "Northgate"), dict.fromkeys(LANGUAGES, "Elsewhere"), {"fr": ""}]
    assert found(texts, places=places) == [("ALERT-023", "texts.es.headline")]


def test_what_protects_may_deny_control() -> None:
    assert worded({"en": {"protection": "Nobody is arrested or sent back. Give water."}}) == []
    assert worded({"fr": {"protection": "Personne n'est refoulé ni arrêté : de l'eau et un toit."}}) == []
    assert worded({"ht": {"protection": "Pa arete pèsonn. Bay dlo."}}) == []
    assert [one.code for one in worded({"fr": {"protection": "De l'eau, puis refouler."}})] == ["ALERT-032"]


def test_a_language_that_is_not_known_is_not_guessed() -> None:
    assert language_of("Northgate") == ""
    assert language_of("one two three four five six seven") == ""
    assert language_of("the le the le the le the le") == ""
    assert language_of("the people of the town are in the house", among=("en",)) == ""
    assert language_of("People are waiting for water and care at the gate") == "en"
    assert [one.code for one in check({"pt": {"event": "x"}}, ("pt",))] == ["ALERT-020"] * 2 + [
        "ALERT-021",
        "ALERT-020",
    ]


def test_numbers_are_compared_without_the_marks_between_thousands() -> None:
    assert numbers("1 200 at HT-BCP-OUA, 1.200 and 3") == {"HT-BCP-OUA": 1, "1200": 2, "3": 1}


@pytest.mark.req("R11.3")
@pytest.mark.parametrize(
    ("value", "word"),
    [(0, "a few"), (19, "a few"), (20, "dozens"), (99, "dozens"), (100, "several hundred"), (1000, "several thousand"),
     (25_000, "tens of thousands")],
)  # fmt: skip
def test_sizes_in_words(value: float, word: str) -> None:
    assert rounded(value)["en"] == word
    assert sorted(rounded(value)) == ["en", "es", "fr", "ht"]


def test_digits_that_may_be_counts() -> None:
    assert counted("On 2025-09-30 at 18:00, HT-BCP-OUA: 340 people, 1 200 more") == ("340", "1 200")
    assert counted("In 2025, from 8h30 on") == ()


def test_braces() -> None:
    assert fill("{place}: {date} {other}", {"place": "A", "date": ""}) == "A: {date} {other}"
    assert left("{date} and {other} and {date}") == ("{date}", "{other}")


def test_templates_and_settings_are_kept_as_json_has_them() -> None:
    one = Template("a", {"en": "A"}, ("Met",), ("Shelter",), "Expected", "minor", "Likely", 24, 14, {"public": GOOD})
    assert template_of(plain(one)) == one
    chosen = Settings(
        colours={"minor": Colour("green", {"en": "green"}, "circle")}, parts=(Part("COUN", {"en": "Relief"}),),
        roles=("duty",),
    )  # fmt: skip
    assert settings_of(plain(chosen)) == chosen
    assert settings_of({}) == Settings()


def test_hours_of_the_night() -> None:
    assert [hour for hour in range(24) if Settings().is_night(hour)] == [0, 1, 2, 3, 4, 5, 20, 21, 22, 23]
    assert [hour for hour in range(24) if Settings(night=(1, 3)).is_night(hour)] == [1, 2]
