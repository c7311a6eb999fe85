"""A small framework as files and as tables, to be changed by the tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from core.packs import MINIMAL, ZONES, raw

from pasaj.core.framework import Framework
from pasaj.core.pack import Checked, check

TOML = """\
code = "border"
version = "2026.1"
languages = ["fr", "en"]
scale = "0-4"
verify = "en: to be read again"
[name]
fr = "Frontière"
en = "Border"
[description]
fr = "Ce qui est demandé."
en = "What is asked."
[[pillars]]
code = "LEG"
weight = 2
name = {fr = "Droit", en = "Law"}
[[pillars]]
code = "INS"
name = {fr = "Institutions", en = "Institutions"}
[[sources]]
code = "IHR-A1B"
title = "Regulations"
where = "who.int"
note = "In our words."
verify = "the page"
[[sources]]
code = "GCM"
title = "Global Compact"
"""
COLUMNS = (
    "code", "pillar", "level", "unit", "weight", "critical", "rights", "applies_if", "sources", "verify",
    "question_fr", "question_en", "anchor_0_fr", "anchor_0_en", "anchor_1_fr", "anchor_1_en",
    "anchor_2_fr", "anchor_2_en", "anchor_4_fr", "anchor_4_en",
)  # fmt: skip
TEXTS = ("Oui ?", "Yes?", "Non", "No", "", "", "En partie", "In part", "Oui", "Yes")
ROWS = (
    ("LEG-01", "LEG", "intra", "country", "", "no", "", "", "IHR-A1B; GCM", "the law", *TEXTS),
    ("LEG-02", "LEG", "international", "institution", "1", "yes", "yes", "kind=border_agency|police and country=XX",
     "GCM", "", *TEXTS[:4], "Un peu", "A little", *TEXTS[6:]),
    ("INS-01", "INS", "inter", "crossing_point", "0.5", "", "no", "kind=land and (official=yes or LEG-01>=1)", "GCM",
     "", *TEXTS),
    ("INS-02", "INS", "inter", "crossing_point", "0", "", "", "INS-01>=1 and counterpart_country!=XX", "GCM", "",
     *TEXTS),
)  # fmt: skip
META, TABLE = "frameworks/border/framework.toml", "frameworks/border/indicators.csv"


def table(rows: Any = ROWS, columns: Any = COLUMNS) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


def changed(row: int, **cells: str) -> str:
    """The table with some cells of one row (2 is the first) changed."""
    rows = [list(one) for one in ROWS]
    for column, cell in cells.items():
        rows[row - 2][COLUMNS.index(column)] = cell
    return table(rows)


def pack(changes: Mapping[str, str | bytes | None] | None = None) -> Checked:
    """A minimal pack with the framework, some files changed or left out."""
    files: dict[str, str | bytes | None] = {**MINIMAL, META: TOML, TABLE: table(), **(changes or {})}
    return check(raw({name: text for name, text in files.items() if text is not None}), zones=ZONES)


def framework(toml: str = TOML, rows: str = "") -> Framework:
    found = pack({META: toml, TABLE: rows or table()})
    assert found.pack, found.problems
    return found.pack.frameworks[0]


def said(found: Checked) -> list[tuple[str, int | None, str]]:
    return [(one.code, one.row, one.column) for one in found.problems]
