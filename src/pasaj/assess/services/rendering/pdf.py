"""The PDF of a report, by typst: tagged for screen readers (PDF/UA-1), with its own fonts and without a date."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pasaj.assess.services.rendering.plan import (
    Numbers,
    Words,
    divided,
    level,
    picture_width,
    target,
    targets,
    together,
    words,
)
from pasaj.core.report import (
    Block,
    Cell,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Report,
    Spans,
    Table,
)
from pasaj.core.report.fitting import Layout, Part, sections
from pasaj.core.report.letters import cuttable, shown
from pasaj.core.report.tones import ACCENT, FAINT, INK, NOTES, RULE, TONES

if TYPE_CHECKING:
    from typst import Compiler, Fonts

DATA = Path(__file__).parent / "data"
Plain = dict[str, Any]


def pdf(report: Report) -> bytes:
    """The report as PDF: the same bytes for the same report, on every machine."""
    import typst  # noqa: PLC0415 - heavy

    compiler = _compiler(report)
    try:
        done = compiler.compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        if "PDF/UA-1" not in str(error):
            raise
        # Letters that no font of ours has stand against the standard, not against the file: it is tagged all the same.
        done = compiler.compile(format="pdf")
    assert isinstance(done, bytes)
    return done


def heading_pages(report: Report) -> list[int]:
    """The page of each heading, in their order."""
    found: list[int] = json.loads(_compiler(report).eval("query(heading).map(it => it.location().page())"))
    return found


@cache
def fonts() -> Fonts:
    """Those of the package and those inside typst; never the machine's."""
    import typst  # noqa: PLC0415 - heavy

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[DATA / "fonts"])


def _compiler(report: Report) -> Compiler:
    import typst  # noqa: PLC0415 - heavy

    plan = json.dumps(_Plan(report).whole(), ensure_ascii=False)
    return typst.Compiler(
        DATA / "report.typ", root=DATA, font_paths=fonts(), ignore_system_fonts=True, sys_inputs={"plan": plan}
    )


class _Plan:
    """The report as values for the template."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.words: Words = words(report.language)
        self.numbers = Numbers(self.words)
        self.places = targets(report)

    def whole(self) -> Plain:
        report = self.report
        return {
            "code": shown(report.code),
            "title": shown(report.title),
            "subtitle": shown(report.subtitle),
            "label": shown(report.label),
            "label-colour": NOTES["simulated"],
            "language": report.language,
            "brief": report.brief,
            "words": {"contents": self.words.contents, "page": self.words.page},
            "ink": INK,
            "faint": FAINT,
            "rule": RULE,
            "accent": ACCENT,
            "facts": self._facts(report.facts),
            "sections": [
                {"landscape": one.landscape, "blocks": [self._block(*block, one.landscape) for block in one.blocks]}
                for one in sections(report)
            ],
        }

    def _block(self, block: Block, layout: Layout | None, landscape: bool) -> Plain:
        match block:
            case Heading(level, text, anchor):
                said: Plain = {"level": level, "text": cuttable(shown(text)), "anchor": anchor}
            case Paragraph(runs):
                said = {"runs": self._runs(runs)}
            case Items():
                said = self._items(block)
            case Note(tone, runs):
                said = {"bar": NOTES.get(tone, NOTES["info"]), "runs": self._runs(runs)}
            case Facts():
                said = {"rows": self._facts(block)}
            case Table():
                assert layout is not None
                said = self._table(block, layout)
            case Picture():
                said = self._picture(block, landscape)
            case PageBreak():
                said = {}
        return {"kind": type(block).__name__, **said}

    def _runs(self, runs: Spans) -> list[Plain]:
        return [
            {
                "text": cuttable(shown(one.text)),
                "strong": one.strong,
                "code": one.code,
                "emphasis": one.emphasis,
                "target": target(one, self.places) or None,
            }
            for one in runs
        ]

    def _items(self, block: Items) -> Plain:
        rows = [{"runs": self._runs(one), "inner": self._items(inner) if inner else None} for one, inner in block.rows]
        return {"items": rows, "numbered": block.numbered}

    def _facts(self, facts: Facts) -> list[Plain]:
        return [{"name": shown(name), "runs": self._runs(value)} for name, value in facts.rows]

    def _table(self, table: Table, layout: Layout) -> Plain:
        return {
            **self._named(table),
            "size": layout.size,
            "level": level(table),
            "parts": [
                {
                    "together": together(table, part, layout.size),
                    "columns": [
                        {
                            "title": cuttable(shown(table.columns[at].title)),
                            "align": table.columns[at].align,
                            "turned": table.columns[at].turned,
                            "width": width,
                        }
                        for at, width in zip(part.columns, part.widths, strict=True)
                    ],
                    "rows": [self._row([row[at] for at in part.columns], part, layout.size) for row in table.rows],
                }
                for part in layout.parts
            ],
        }

    def _row(self, cells: list[Cell], part: Part, size: float) -> Plain:
        return {
            "whole": not divided(cells, part, size),
            "cells": [{"runs": self._runs(one.spans), "fill": TONES.get(one.tone), "head": one.head} for one in cells],
        }

    def _picture(self, picture: Picture, landscape: bool) -> Plain:
        return {
            **self._named(picture),
            "svg": picture.svg,
            "width": picture_width(picture, landscape),
            "alternative": shown(picture.alternative or picture.caption),
        }

    def _named(self, block: Table | Picture) -> Plain:
        word, number = self.numbers.next(block)
        return {
            "number": f"{word} {number}",
            "caption": cuttable(shown(block.caption)),
            "source": cuttable(shown(block.source)),
            "anchor": block.anchor,
        }
