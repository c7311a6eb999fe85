"""The catalogue of problems."""

import json
import subprocess
import sys
from datetime import date

import pytest

from pasaj.core.problems import (
    CATALOGUE,
    Kind,
    Problem,
    Refused,
    catalogue,
    fill,
    problem,
)


def test_every_kind_has_a_message_a_remedy_and_a_status() -> None:
    assert CATALOGUE
    for code, kind in CATALOGUE.items():
        prefix, number = code.split("-")
        assert code == kind.code
        assert prefix.isupper()
        assert len(number) == 3
        assert number.isdigit()
        assert kind.message.strip()
        assert kind.remedy.strip()
        assert 400 <= kind.status < 600


def test_a_problem_says_its_text_and_its_remedy() -> None:
    found = problem("OBS-001", value="2026-02-30", example="2026-02-28", row=4, column="date")
    assert found.text() == "“2026-02-30” is not a date that exists."
    assert found.remedy() == "Write an existing date, for example 2026-02-28."
    assert (found.row, found.column, found.kind.status) == (4, "date", 422)


def test_an_unknown_code_or_a_forgotten_value_is_our_mistake() -> None:
    with pytest.raises(LookupError, match=r"No problem has the code OBS-999\."):
        problem("OBS-999")
    with pytest.raises(LookupError, match=r"OBS-003 needs value\."):
        problem("OBS-003")


def test_a_code_stands_once() -> None:
    kind = Kind("X-001", "a", "b")
    with pytest.raises(LookupError, match=r"X-001 stands twice in the catalogue\."):
        catalogue((kind,), (kind,))


def test_a_text_never_fails_to_print() -> None:
    assert fill("{a} and {b}", {"a": 1}) == "1 and …"
    assert Problem("OBS-003").text() == "… is below zero."


def test_refused_carries_its_problems() -> None:
    one, two = problem("IMPORT-003"), problem("OBS-003", value=-1)
    refused = Refused(one, two)
    assert refused.problems == (one, two)
    assert str(refused) == "IMPORT-003: The file is empty. OBS-003: -1 is below zero."
    with pytest.raises(ValueError, match="at least one problem"):
        Refused()


def test_a_problem_goes_through_json_and_back() -> None:
    one = problem("OBS-002", period=date(2027, 1, 1), today="today", file="a.csv", row=2)
    back = Problem.of(json.loads(json.dumps(one.plain())))
    assert back.text() == one.text()
    assert (back.file, back.row, back.column) == ("a.csv", 2, "")
    assert Problem.of({"code": "IMPORT-003"}) == problem("IMPORT-003")


def test_the_catalogue_loads_no_numerical_library() -> None:
    code = "import sys, pasaj.core.problems; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_problem_can_be_put_in_its_place() -> None:
    placed = problem("OBS-003", value=-1).at("a.csv", 7, "entries")
    assert (placed.file, placed.row, placed.column, placed.text()) == ("a.csv", 7, "entries", "-1 is below zero.")


def test_only_a_run_of_a_detector_or_a_simulation_loads_numpy() -> None:
    light = "capacity conflict csvsafe detect encoding importing nearest numbers periods silence simulate usual"
    names = ", ".join(f"pasaj.core.{name}" for name in light.split())
    code = f"import sys, {names}; sys.exit('numpy' in sys.modules or not pasaj.core.detect.METHODS)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_value_that_stands_for_words_is_told_as_the_words() -> None:
    found = problem("SCREEN-001", what="phone")
    assert found.text() == "The text seems to hold a telephone number, which may name a person."
    assert found.spoken(str.upper)["what"] == "A TELEPHONE NUMBER"
    assert problem("SCREEN-001", what="other").spoken()["what"] == "other"
    assert (found.values()["what"], found.plain()["params"]) == ("phone", {"what": "phone"})
