"""docs/reference/pack.md says everything the check knows, and its examples pass it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from core.packs import FULL, checked

from pasaj.core.mapping.mandates import ROLES
from pasaj.core.pack import alignment, check, contacts, exchange, figures, incidents, mandates, places, prices, words
from pasaj.core.pack.protocols import WEEKDAYS
from pasaj.core.problems.pack import KINDS
from pasaj.core.problems.protocol import KINDS as PROTOCOL_KINDS
from pasaj.core.protocol.reading import FIELDS
from pasaj.core.protocol.shapes import ANSWERS, PLACE_KINDS, READINGS, RULES, SCOPES
from pasaj.core.textgram import MEANINGS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/pack.md").read_text(encoding="utf-8")
SHEETS = (
    places.AREAS,
    places.CROSSINGS,
    places.INSTITUTIONS,
    places.CALENDAR,
    places.POSTS,
    figures.SOURCES,
    figures.MEASURES,
    figures.CATEGORIES,
    figures.INSTRUMENTS,
    figures.TIMELINE,
    figures.THRESHOLDS,
    words.WORDS,
    incidents.INCIDENT_TYPES,
    incidents.STATUSES,
    mandates.FUNCTIONS,
    mandates.MANDATES,
    exchange.LAYERS,
    exchange.NEEDS,
    contacts.CONTACT_ROLES,
    alignment.GOALS,
    prices.PRICES,
    figures.FIGURES,
)


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_problem_stands_there_with_its_remedy(kind: object) -> None:
    code, message, remedy = (getattr(kind, name) for name in ("code", "message", "remedy"))
    shown = f"| {code} | {message} | {remedy} |".replace("{", "`{").replace("}", "}`")
    assert shown in PAGE


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.file)
def test_every_column_stands_there(sheet: object) -> None:
    title = "observations/*.csv" if sheet is figures.FIGURES else sheet.file  # type: ignore[attr-defined]
    text = section(title)
    columns = {*sheet.needed, *sheet.more, *(f"{name}_…" for name in sheet.names)}  # type: ignore[attr-defined]
    assert sorted(column for column in columns if f"`{column}`" not in text) == []


@pytest.mark.parametrize(
    ("title", "allowed"),
    [
        ("areas.csv", places.LEVELS),
        ("crossing_points.csv", (*places.CROSSING_KINDS, *places.OFFICIAL, *places.STATUSES)),
        ("alignment.csv", alignment.RELEVANCE),
        ("institutions.csv", places.INSTITUTION_KINDS),
        ("posts.csv", places.CADENCES),
        ("calendar.csv", places.CALENDAR_KINDS),
        ("measures.csv", (*figures.MEASURE_KINDS, *figures.DIRECTIONS, *figures.ALERT_ON, *places.CADENCES)),
        ("sources.csv", figures.SOURCE_KINDS),
        ("thresholds.csv", figures.OPERATORS),
        ("words.csv", (*MEANINGS[:7], MEANINGS[7], MEANINGS[-1])),
        ("incident_types.csv", incidents.DOMAINS),
        ("crossing_status.csv", (*incidents.SIDES, *incidents.STATES)),
        ("mandates.csv", ROLES),
        ("protocols/*.toml", (*RULES, *SCOPES, *READINGS, *WEEKDAYS)),
        ("observations/*.csv", (*figures.QUALITIES, *figures.DIRECTIONS)),
    ],
)
def test_every_allowed_word_stands_there(title: str, allowed: tuple[str, ...]) -> None:
    text = section(title)
    assert [word for word in allowed if f"`{word}`" not in text and not re.search(rf"\(mon .*{word}", text)] == []


def test_every_field_of_a_return_operation_stands_in_its_page() -> None:
    text = (ROOT / "docs/reference/outcomes.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"| `{name}` |" not in text] == []
    assert [word for word in (*ANSWERS, *PLACE_KINDS) if f"`{word}`" not in text] == []
    shown = [f"| {one.code} | {one.message} | {one.remedy} |" for one in PROTOCOL_KINDS]
    assert [line for line in shown if line.replace("{", "`{").replace("}", "}`") not in text] == []


def test_the_examples_make_a_pack() -> None:
    """The rows of the page, with the rows they refer to put beside them."""

    def example(title: str) -> str:
        found = re.search(r"```(?:csv|toml)\n(.*?)```", section(title), re.DOTALL)
        assert found, title
        return found[1]

    files = {title: example(title) for title in ("pack.toml", *(sheet.file for sheet in SHEETS[:-1]))}
    files["observations/a.csv"] = example("observations/*.csv")
    files["protocols/a.toml"] = example("protocols/*.toml")
    files["areas.csv"] += "ML,0,Pays,Country,,,,,,x\nML0101,2,Ville,Town,ML-NO,,,,,x\n"
    files["institutions.csv"] += "CELL,Cellule,coordination,,,x\n"
    files["measures.csv"] += (
        "staff,Agents,Staff,count,staff,none,,day,no,down\nplaces,Places,Places,count,x,none,,day,no,none\n"
    )
    files["sources.csv"] += "REG,Register,IMM,All,,\n"
    found = check({name: text.encode() for name, text in files.items()}, zones={"Africa/Dakar", "America/Lima"})
    assert [(one.file, one.row, one.column, one.text()) for one in found.problems] == []
    assert {one.code for one in found.warnings} == {"PACK-065"}


def test_the_sample_is_a_pack() -> None:
    assert checked({}, FULL).pack is not None
