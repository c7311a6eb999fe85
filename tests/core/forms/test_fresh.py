"""Questions and notes that were written before the rules that judge them, or to get around them: how many do.

Each file says when it was written. The numbers are what is known to go wrong; a rule that does better lowers them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pasaj.core.forms.screening import Row, Sheets, screen
from pasaj.core.forms.text_screen import hits

FOLDER = Path(__file__).with_name("fresh")
SPOKEN = {"fr": "Français (fr)", "ht": "Kreyòl (ht)", "en": "English (en)", "es": "Español (es)"}
SAID = ("hint", "constraint_message")
TOWNS = frozenset({"pedro santana"})


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def sheets(one: Mapping[str, Any]) -> Sheets:
    """The form that a line of a file stands for."""
    survey: list[dict[str, str]] = []
    choices: list[dict[str, str]] = []
    for row in one.get("rows", [one]):
        kind = row.get("t", "text")
        spoken = next((f"::{SPOKEN[one]}" for one in SPOKEN if one in row), "")
        cells = {"type": kind} if kind.startswith("end") else {"type": kind, "name": row.get("n", "q1")}
        for key, text in row.items():
            if key in SPOKEN:
                cells[f"label{spoken}"] = text
            elif key == "choices":
                listed = kind.split()[1]
                choices += [{"list_name": listed, "name": f"c{at}", "label": one} for at, one in enumerate(text)]
            elif key not in ("t", "n"):
                cells[f"{key}{spoken}" if key in SAID else key] = str(text)
        survey.append(cells)
    return Sheets(*(tuple(Row(number, cells) for number, cells in enumerate(rows, 2)) for rows in (survey, choices)))


def finds(one: Mapping[str, Any]) -> bool:
    return bool(screen(sheets(one), unofficial={"TL-UBP-01"}))


@pytest.mark.req("R3.7")
@pytest.mark.parametrize(
    ("name", "most_missed", "most_stopped"),
    [("one", 0, 0), ("two", 1, 1), ("three", 2, 0)],
)
def test_questions(name: str, most_missed: int, most_stopped: int) -> None:
    cases = read(name)
    missed = [one for one in cases["stop"] if not finds(one)]
    stopped = [one for one in cases["pass"] if finds(one)]
    assert len(missed) <= most_missed, missed
    assert len(stopped) <= most_stopped, stopped
    assert (len(cases["stop"]) >= 75, len(cases["pass"]) >= 65) == (True, True)


@pytest.mark.req("R3.7")
@pytest.mark.parametrize(
    ("name", "most_missed", "most_stopped"),
    [("text_one", 0, 0), ("text_two", 0, 0), ("text_three", 4, 1)],
)
def test_notes(name: str, most_missed: int, most_stopped: int) -> None:
    cases = read(name)
    missed = [one for one in cases["stop"] if not hits(one, places=TOWNS)]
    stopped = [one for one in cases["pass"] if hits(one, places=TOWNS)]
    assert len(missed) <= most_missed, missed
    assert len(stopped) <= most_stopped, stopped
    assert (len(cases["stop"]) >= 30, len(cases["pass"]) >= 30) == (True, True)
