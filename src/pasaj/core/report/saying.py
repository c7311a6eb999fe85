"""All that a report says in words, for whoever has to look whether it may be said."""

from __future__ import annotations

from collections.abc import Iterator

from pasaj.core.report.blocks import (
    Block,
    Facts,
    Heading,
    Items,
    Note,
    Paragraph,
    Picture,
    Report,
    Table,
)
from pasaj.core.report.letters import plain


def words(report: Report) -> tuple[str, ...]:
    """Every text of a report, in its order. Of a drawing it is the caption, the source and the alternative."""
    return (
        report.title,
        report.subtitle,
        report.label,
        *_facts(report.facts),
        *(said for block in report.blocks for said in _block(block)),
    )


def _facts(facts: Facts) -> Iterator[str]:
    for name, value in facts.rows:
        yield name
        yield plain(value)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(_, text, _):
            yield text
        case Paragraph(runs) | Note(_, runs):
            yield plain(runs)
        case Items():
            for words_of, inner in block.rows:
                yield plain(words_of)
                yield from _block(inner) if inner else ()
        case Facts():
            yield from _facts(block)
        case Table():
            yield from (block.caption, block.source)
            yield from (one.title for one in block.columns)
            yield from (plain(one.spans) for row in block.rows for one in row)
        case Picture():
            yield from (block.caption, block.source, block.alternative)
        case _:
            pass
