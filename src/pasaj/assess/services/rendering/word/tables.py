"""Tables of the Word file, written as XML: a call of python-docx a cell would take minutes for an annex."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pasaj.assess.services.rendering.plan import divided, level, together
from pasaj.assess.services.rendering.word.styles import TABLE_TEXT
from pasaj.assess.services.rendering.word.xml import MM, Element, element, paragraph, run, words
from pasaj.core.report import Cell, Column, Spans, Table
from pasaj.core.report.fitting import Layout, Part
from pasaj.core.report.letters import measure, shown
from pasaj.core.report.tones import RULE, TONES

Runs = Callable[[Spans, bool], Iterator[Element]]
_ALIGN = {"start": "left", "centre": "center", "end": "right"}
_TALLEST_TITLE = 42.0  # of one that stands upright, in millimetres


def table(block: Table, layout: Layout, part: Part, runs: Runs) -> Element:
    """One part of a table; `runs` makes the runs of a cell."""
    made = frame(part.widths, shown(block.caption), between=any(one.turned for one in block.columns))
    style = TABLE_TEXT[layout.size]
    columns = [block.columns[at] for at in part.columns]
    made.append(_titles(columns, part, layout.size, style))
    keep, middle = together(block, part, layout.size), level(block)
    for at, row in enumerate(block.rows):
        cells = [row[one] for one in part.columns]
        follows = keep and at < len(block.rows) - 1
        made.append(_row(cells, columns, part, layout.size, runs, follows=follows, middle=middle))
    return made


def facts(rows: list[tuple[str, Spans]], widths: tuple[float, float], runs: Runs) -> Element:
    """Names and values, without a row of titles."""
    made = frame(widths, "", titles=False)
    for name, value in rows:
        left = _cell(widths[0], [paragraph("ReportTableText", [run(words(name), bold=True)])])
        right = _cell(widths[1], [paragraph("ReportTableText", runs(value, False))])
        made.append(element("w:tr", element("w:trPr", element("w:cantSplit")), left, right))
    return made


def frame(widths: tuple[float, ...], caption: str, *, titles: bool = True, between: bool = False) -> Element:
    """A table without rows. between: with a hair between columns, which leads the eye down."""
    first = "1" if titles else "0"
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val="ReportTable" if titles else "ReportFacts"),
        element("w:tblW", w=_twips(sum(widths)), type="dxa"),
        *([element("w:tblBorders", element("w:insideV", val="single", sz="2", color=RULE[1:]))] if between else []),
        element("w:tblLayout", type="fixed"),
        element("w:tblLook", val="0420" if titles else "0400", firstRow=first, noVBand="1"),
    )
    if caption:
        properties.append(element("w:tblCaption", val=caption))
    return element("w:tbl", properties, element("w:tblGrid", *[element("w:gridCol", w=_twips(one)) for one in widths]))


def _titles(columns: list[Column], part: Part, size: float, style: str) -> Element:
    """The row that is said again on each page."""
    properties = element("w:trPr", element("w:cantSplit"))
    upright = [measure(one.title, size * 1.08) for one in columns if one.turned]
    if upright:
        tall = min(_TALLEST_TITLE, max(upright) + 4)
        properties.append(element("w:trHeight", val=_twips(tall), hRule="atLeast"))
    properties.append(element("w:tblHeader"))
    cells = []
    for column, width in zip(columns, part.widths, strict=True):
        about = [element("w:textDirection", val="btLr")] if column.turned else []
        about.append(element("w:vAlign", val="center" if column.turned else "bottom"))
        align = element("w:jc", val="left" if column.turned else _ALIGN[column.align])
        inside = paragraph(style, [run(words(shown(column.title)), bold=True)], element("w:keepNext"), align)
        cells.append(_cell(width, [inside], *about))
    return element("w:tr", properties, *cells)


def _row(
    cells: list[Cell],
    columns: list[Column],
    part: Part,
    size: float,
    runs: Runs,
    *,
    follows: bool,
    middle: bool,
) -> Element:
    made = element("w:tr", element("w:trPr", *([] if divided(cells, part, size) else [element("w:cantSplit")])))
    for cell, column, width in zip(cells, columns, part.widths, strict=True):
        about = []
        if cell.tone in TONES:
            about.append(element("w:shd", val="clear", color="auto", fill=TONES[cell.tone][1:]))
        if middle:
            about.append(element("w:vAlign", val="center"))
        settings = [element("w:keepNext")] if follows else []
        if column.align != "start":
            settings.append(element("w:jc", val=_ALIGN[column.align]))
        made.append(_cell(width, [paragraph(TABLE_TEXT[size], runs(cell.spans, cell.head), *settings)], *about))
    return made


def _cell(width: float, inside: list[Element], *about: Element) -> Element:
    return element("w:tc", element("w:tcPr", element("w:tcW", w=_twips(width), type="dxa"), *about), *inside)


def _twips(length: float) -> str:
    return str(round(length * MM))
