"""The forms of the Haiti pack, read from their folders and converted once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from collect.answering import Filled, Row
from pyxform.xls2xform import convert

from pasaj.core.forms.fields import Definition, read

PACK = Path(__file__).resolve().parents[2] / "src" / "pasaj" / "packs" / "haiti"
FOLDERS = sorted(path for path in (PACK / "forms").iterdir() if path.is_dir())
IDS = [path.name for path in FOLDERS]
LANGUAGES = ("Français (fr)", "Kreyòl ayisyen (ht)", "English (en)", "Español (es)")


@dataclass(frozen=True)
class Packed:
    """One form: its sheets as written, its XForm, what it declares."""

    folder: Path
    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: tuple[Row, ...]
    xform: str
    warnings: tuple[str, ...]
    definition: Definition
    declared: dict[str, Any]

    @property
    def sheets(self) -> dict[str, list[Row]]:
        return sheets(self.folder)

    def codes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.choices:
            found.setdefault(row["list_name"], []).append(row["name"])
        return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheets(folder: Path) -> dict[str, list[Row]]:
    """As the converter wants them: empty cells left out."""
    return {
        name: [{key: text for key, text in row.items() if text} for row in rows(folder / f"{name}.csv")]
        for name in ("survey", "choices", "settings")
    }


@lru_cache
def packed(form_id: str) -> Packed:
    folder = PACK / "forms" / form_id
    made = convert(sheets(folder), validate=False)
    return Packed(
        folder=folder,
        survey=tuple(rows(folder / "survey.csv")),
        choices=tuple(rows(folder / "choices.csv")),
        settings=tuple(rows(folder / "settings.csv")),
        xform=made.xform,
        warnings=tuple(made.warnings),
        definition=read(made.xform.encode()),
        declared=yaml.safe_load((folder / "meaning.yaml").read_text(encoding="utf-8")),
    )


@lru_cache
def crossings() -> dict[str, str]:
    """Official or not, by the code that the shared list has: unofficial ones stand under their commune."""
    found = {}
    for row in rows(PACK / "crossing_points.csv"):
        found[row["area"] if row["official"] == "no" else row["code"]] = row["official"]
    return found


def submission(form: Packed, filled: Filled, name: str = "") -> str:
    """The answers as a phone sends them; what was not asked is left out. `name`: what the form calls itself."""
    parts: list[str] = []
    opened: list[str] = []
    for row in form.survey:
        kind = row["type"].partition(" ")[0]
        if kind == "begin_group":
            opened.append(row["name"])
            parts.append(f"<{row['name']}>")
        elif kind == "end_group":
            parts.append(f"</{opened.pop()}>")
        elif row["name"] in filled.answers:
            parts.append(f"<{row['name']}>{escape(filled.text(row['name']))}</{row['name']}>")
    meta = f"<meta><instanceID>uuid:1</instanceID><instanceName>{escape(name)}</instanceName></meta>"
    stated = f'id="{form.definition.form_id}" version="{form.definition.version}"'
    return f"<{form.definition.root} {stated}>{''.join(parts)}{meta}</{form.definition.root}>"
