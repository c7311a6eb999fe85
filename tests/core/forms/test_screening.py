"""No register of persons by the back door: what is refused, and what is not."""

from __future__ import annotations

import pytest
from core.forms.adversarial import PASSED, REFUSED, Case

from pasaj.core.forms import asking, words
from pasaj.core.forms.fields import Field
from pasaj.core.forms.screening import Finding, Row, Sheets, screen
from pasaj.core.forms.words import register_column

SPOKEN = {"fr": "Français (fr)", "en": "English (en)", "ht": "Kreyòl (ht)", "es": "Español (es)"}
SAID = ("hint", "constraint_message")


def rows(*cells: dict[str, str]) -> tuple[Row, ...]:
    return tuple(Row(number, one) for number, one in enumerate(cells, 2))


def survey(*questions: tuple[str, str, str], **more: dict[str, str]) -> Sheets:
    """Questions as (type, name, label); `more`: further cells by the name of the question."""
    return Sheets(
        rows(*({"type": kind, "name": name, "label": label, **more.get(name, {})} for kind, name, label in questions))
    )


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [f"{one.question}: {one.problem.code.removeprefix('COLLECT-')}" for one in found]


def screened(case: Case) -> set[str]:
    kind, name, language, label, more, _code = case
    cells = {"type": kind, "name": name, f"label::{SPOKEN[language]}": label}
    cells |= {f"{key}::{SPOKEN[language]}" if key in SAID else key: text for key, text in more.items()}
    end = [{"type": kind.replace("begin", "end")}] if kind.startswith("begin") else []
    found = screen(Sheets(rows(cells, *end)), unofficial={"TL-UBP-01"})
    return {one.problem.code.removeprefix("COLLECT-") for one in found}


@pytest.mark.req("R3.7")
def test_both_kinds_of_error_on_the_adversarial_questions() -> None:
    missed = [case for case in REFUSED if case[5] not in screened(case)]
    stopped = [case for case in PASSED if screened(case)]
    assert (missed, stopped) == ([], [])
    assert (len(REFUSED) >= 150, len(PASSED) >= 120) == (True, True)


def test_a_finding_says_sheet_row_and_column() -> None:
    cells = {"type": "text", "name": "q7", "label::Kreyòl (ht)": "Non ak siyati", "label::Français (fr)": "Champ"}
    (found,) = screen(Sheets(rows({"type": "note", "name": "n", "label": "Bonjour"}, cells)))
    assert (found.problem.file, found.problem.row, found.problem.column) == ("survey", 3, "label::Kreyòl (ht)")
    assert (found.question, found.waivable) == ("q7", True)
    assert found.plain() == {"problem": found.problem.plain(), "question": "q7", "waivable": True}
    assert found.problem.text() == "“Non ak siyati” asks for the name of a person."


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (  # as often as there are persons
            [("integer", "n", "Nombre de personnes"), ("begin repeat", "r", "Détail"), ("text", "t", "Origine"),
             ("end repeat", "", "")],
            ["r: 108"],
        ),
        (  # as often as there are vehicles
            [("integer", "n", "Nombre de véhicules"), ("begin repeat", "r", "Détail"), ("text", "t", "Origine"),
             ("end repeat", "", "")],
            [],
        ),
        (  # sex, age and nationality
            [("begin_repeat", "r", "Ligne"), ("select_one s", "s", "Sexe"), ("integer", "a", "Âge"),
             ("select_one n", "nat", "Nationalité"), ("end_repeat", "", "")],
            ["r: 108"],
        ),
        (  # the same as a table of counts
            [("begin repeat", "r", "Ligne"), ("select_one s", "s", "Sexe"), ("select_one a", "a", "Tranche d’âge"),
             ("integer", "k", "Nombre"), ("end repeat", "", "")],
            [],
        ),
        (  # an exact age beside a count of one
            [("begin repeat", "r", "Ligne"), ("select_one s", "s", "Sèks"), ("integer", "a", "Laj"),
             ("integer", "k", "Kantite"), ("end repeat", "", "")],
            ["r: 108"],
        ),
        (  # one submission a person
            [("select_one s", "s", "Sexe"), ("integer", "a", "Age"), ("text", "nat", "Nationality"),
             ("text", "t", "Origine")],
            ["a: 107"],
        ),
        ([("select_one s", "s", "Sexe"), ("integer", "k", "Nombre")], []),
        ([("integer", "a", "Âge moyen des agents")], []),
    ],
)  # fmt: skip
def test_rows_and_forms_that_describe_one_person(questions: list[tuple[str, str, str]], expected: list[str]) -> None:
    assert codes(screen(survey(*questions, r={"repeat_count": "${n}"}))) == expected


def test_a_position_is_refused_where_the_form_can_name_an_unofficial_crossing() -> None:
    place = ("geopoint", "pos", "Position")
    listed = ("select_one_from_file crossings.csv", "c", "Point")
    unofficial = {"TL-UBP-01"}
    assert codes(screen(survey(place), unofficial=unofficial)) == []
    assert codes(screen(survey(place, listed), unofficial=unofficial)) == ["pos: 115"]
    assert codes(screen(survey(place, listed))) == []
    for chosen, expected in (("= 'yes'", []), ("!= 'no'", []), ("!= 'yes'", ["pos: 115"])):
        filtered = survey(place, listed, c={"choice_filter": f"official {chosen}"})
        assert codes(screen(filtered, unofficial=unofficial)) == expected
    assert codes(screen(survey(place, ("text", "t", "Lieu")), unofficial=unofficial)) == ["pos: 115"]
    for code, expected in (("TL-UBP-01", ["pos: 115"]), ("TL-BCP-NOR", [])):
        with_list = Sheets(survey(place).survey, choices=rows({"list_name": "c", "name": code, "label": "Colline"}))
        assert codes(screen(with_list, unofficial=unofficial)) == expected
    assert codes(screen(survey(("start-geopoint", "g", ""), listed), unofficial=unofficial)) == ["g: 115"]


def test_lists_titles_keys_and_entities() -> None:
    found = screen(
        Sheets(
            (),
            choices=rows(
                {"list_name": "who", "name": "1", "label": "Chief, 3712-4455"},
                {"list name": "who2", "name": "x", "label": "Poste", "label::fr": "x@example.org"},
                {"name": "37124455", "label": ""},
                {"list_name": "yn", "name": "yes", "label": "M. Oui"},
            ),
            settings=rows({"form_title": "Liste des migrants", "public_key": "MIIB", "version": ""}),
            entities=rows({"list_name": "people"}),
        )
    )
    assert [
        (one.problem.file, one.problem.row, one.question, one.problem.code[-3:], one.waivable) for one in found
    ] == [
        ("choices", 2, "who", "120", True),
        ("choices", 3, "who2", "120", True),
        ("choices", 4, "choices", "120", True),
        ("settings", 2, "form_title", "108", True),
        ("settings", 2, "public_key", "119", False),
        ("entities", 2, "entities", "117", False),
    ]


def test_what_the_converted_form_asks_and_no_row_shows() -> None:
    fields = (
        Field("visit", "visit", "group"),
        Field("visit/scan", "scan", "barcode"),
        Field("visit/film", "film", "video", labels={"": "Film"}),
        Field("own", "own", "metadata", preload="phonenumber"),
        Field("meta/audit", "audit", "metadata", preload="audit", binary=True),
        Field("visit/n", "n", "integer"),
    )
    found = screen(Sheets(rows({"type": "text", "name": "x"})), fields)
    assert [(one.problem.row, one.question, one.problem.code[-3:]) for one in found] == [
        (None, "scan", "110"),
        (None, "film", "112"),
        (None, "own", "114"),
    ]


def test_the_converter_knows_the_kind_better_than_the_row() -> None:
    """An alias that nobody listed is judged by what the converter made of it."""
    sheets = survey(("begin group", "g", "Visite"), ("something odd", "scan", "Code"), ("end group", "", ""))
    assert codes(screen(sheets)) == []
    assert codes(screen(sheets, (Field("g/scan", "scan", "barcode"),))) == ["scan: 110"]


def test_rows_without_a_type_and_ends_without_a_beginning_are_passed_over() -> None:
    sheets = Sheets(
        rows({"type": "", "name": "x"}, {"type": "end group"}, {"type": "# text", "name": "nom"}, {"name": "nom"})
    )
    assert screen(sheets) == ()


def test_one_finding_of_a_kind_a_question() -> None:
    sheets = survey(("text", "nom", "Nom"), nom={"hint": "Nom et prénom"})
    assert codes(screen(sheets)) == ["nom: 101"]


def test_what_a_constraint_lets_in() -> None:
    def lets_in(pattern: str) -> bool:
        cells = {"type": "text", "name": "q1", "label": "1", "constraint": f"regex(., '{pattern}')"}
        return [one.problem.code for one in screen(Sheets(rows(cells)))] == ["COLLECT-101"]

    assert lets_in("^[A-Z][a-z]+ [A-Z][A-Za-z]+$")
    assert not lets_in("^[a-z ,.]+$")
    assert not lets_in("^(?<a>[A-Z[a-z]+ $")  # no pattern we can try: what the screening of answers is for
    assert not lets_in("^([A-Z]|" + "x" * 200 + ")[a-z]+ [A-Z][a-z]+$")


@pytest.mark.parametrize(
    ("label", "language", "expected"),
    [
        ("Driver", "", True), ("Needs", "", False), ("Needs of the driver", "en", False),
        ("Driver on duty", "en", True),
        ("Premier témoin", "fr", True), ("Témoin : motif", "fr", False), ("Courrier reçu", "fr", False),
        ("", "fr", False), ("Ajan yo", "ht", False), ("Of", "en", False), ("N’écrivez jamais qui", "fr", False),
    ],
)  # fmt: skip
def test_a_label_that_is_nothing_but_a_role(label: str, language: str, expected: bool) -> None:
    assert asking.asks(label, language) is expected
    assert "COLLECT-105" not in words.said(label, language)


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Voyageur 2", True), ("Nombre de voyageurs", False), ("1", False), ("Poste", False), ("Identité", True)],
)
def test_a_group_headed_by_one_person(label: str, expected: bool) -> None:
    assert asking.one_person(label) is expected


def test_columns_that_list_persons() -> None:
    listing = ("Nom et prénom", "Passeport", "Date de naissance", "Téléphone", "Full name", "Siyati", "Adresse")
    harmless = ("Nom", "Nombre", "Poste", "Nom du poste", "Nombre de passeports", "Date", "Retours", "Source", "")
    assert [one for one in listing if not register_column(one)] == []
    assert [one for one in harmless if register_column(one)] == []
