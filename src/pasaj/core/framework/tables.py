"""A framework as four tables, the way it leaves and comes back: one row of its own, pillars, sources, indicators."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pasaj.core.framework.conditions import written
from pasaj.core.framework.parameters import number
from pasaj.core.framework.shapes import POINTS, Framework

FRAMEWORK, PILLARS, SOURCES, INDICATORS = "framework", "pillars", "sources", "indicators"
NAMES = (FRAMEWORK, PILLARS, SOURCES, INDICATORS)
PLAIN = ("code", "pillar", "level", "unit", "weight", "critical", "rights", "applies_if", "sources", "verify")
"""Columns of the indicators besides the texts."""
Grid = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Header and rows."""


def tables(framework: Framework) -> dict[str, Grid]:
    """Header and rows by name. Texts have a column a language; points between are left out where nobody has them."""
    spoken = framework.languages
    return {
        FRAMEWORK: (
            ("code", "version", "languages", "scale", "verify", *_columns("name", spoken),
             *_columns("description", spoken)),
            (
                (framework.code, framework.version, "; ".join(spoken), framework.scale, framework.verify,
                 *_texts(framework.names, spoken), *_texts(framework.descriptions, spoken)),
            ),
        ),
        PILLARS: (
            ("code", "weight", *_columns("name", spoken)),
            tuple((one.code, number(one.weight), *_texts(one.names, spoken)) for one in framework.pillars),
        ),
        SOURCES: (
            ("code", "title", "where", "note", "verify"),
            tuple((one.code, one.title, one.where, one.note, one.verify) for one in framework.sources),
        ),
        INDICATORS: _indicators(framework),
    }  # fmt: skip


def _indicators(framework: Framework) -> Grid:
    spoken = framework.languages
    points = tuple(point for point in POINTS if any(point in one.anchors for one in framework.indicators))
    header = (
        *PLAIN,
        *_columns("question", spoken),
        *(column for point in points for column in _columns(f"anchor_{point}", spoken)),
    )
    rows = tuple(
        (
            one.code,
            one.pillar,
            one.level,
            one.unit,
            number(one.weight),
            "yes" if one.critical else "no",
            "yes" if one.rights else "no",
            written(one.applies_if),
            "; ".join(one.sources),
            one.verify,
            *_texts(one.questions, spoken),
            *(text for point in points for text in _texts(one.anchors.get(point, {}), spoken)),
        )
        for one in framework.indicators
    )
    return header, rows


def _columns(prefix: str, spoken: Sequence[str]) -> Iterator[str]:
    return (f"{prefix}_{language}" for language in spoken)


def _texts(texts: Mapping[str, str], spoken: Sequence[str]) -> Iterator[str]:
    return (texts.get(language, "") for language in spoken)


def raw(grids: Mapping[str, Sequence[Sequence[str]]]) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """What framework.toml would say, from the tables of a workbook; and the row on which each part stands.

    `grids` hold the header and the rows of each table. A table that is not there says nothing.
    """
    at: dict[tuple[str, ...], int] = {}
    found: dict[str, Any] = {}
    for name in (FRAMEWORK, PILLARS, SOURCES):
        rows = [(number, row) for number, row in enumerate(grids.get(name, ())[1:], start=2) if any(row)]
        header = [cell.strip().lower() for cell in (grids.get(name) or [[]])[0]]
        parts = [_part(header, row) for _number, row in rows]
        if name == FRAMEWORK:
            found |= parts[0] if parts else {}
            at.update({(key,): rows[0][0] for key in found})
        elif parts:
            found[name] = parts
            at.update({(name, str(place)): number for place, (number, _row) in enumerate(rows, start=1)})
    return found, at


def _part(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """One row: texts in several languages come together, empty cells are left out."""
    found: dict[str, Any] = {}
    for column, cell in zip(header, row, strict=False):
        prefix, _bar, language = column.rpartition("_")
        if not cell.strip():
            continue
        if prefix in ("name", "description"):
            found.setdefault(prefix, {})[language] = cell.strip()
        elif column == "languages":
            found[column] = [part.strip() for part in cell.split(";") if part.strip()]
        elif column:
            found[column] = cell.strip()
    return found
