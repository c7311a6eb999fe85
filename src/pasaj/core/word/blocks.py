"""The text of clauses (`core/wording`) as a row of paragraphs, as a word processor has them, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pasaj.core.report import Items, Paragraph
from pasaj.core.word.shapes import Block
from pasaj.core.wording import parse, write

_LISTS = frozenset({"bullet", "number"})


def blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs of a text, items of lists among them."""
    return tuple(_flat(text))


def _flat(text: str) -> Iterator[Block]:
    for one in parse(text):
        if isinstance(one, Items):
            yield from _items(one, 0)
        else:
            assert isinstance(one, Paragraph)
            yield Block("text", one.spans)


def _items(found: Items, level: int) -> Iterator[Block]:
    for spans, inner in found.rows:
        yield Block("number" if found.numbered else "bullet", spans, level)
        if inner:
            yield from _items(inner, level + 1)


def markdown(found: Sequence[Block]) -> str:
    """The text that gives these paragraphs; a heading among them is a paragraph, a list too deep one less deep."""
    made: list[Paragraph | Items] = []
    for listed, run in groupby(found, lambda one: one.kind in _LISTS):
        if listed:
            made += _lists([(one.kind == "number", min(one.level, 1), one) for one in run])
        else:
            made += [Paragraph(one.spans) for one in run]
    return write(made)


def _lists(rows: list[tuple[bool, int, Block]]) -> Iterator[Items]:
    """Lists one behind the other: of a kind each, the inner ones under their items."""
    outer: list[tuple[bool, Block, list[tuple[bool, Block]]]] = []
    for numbered, level, one in rows:
        if level and outer:
            outer[-1][2].append((numbered, one))
        else:
            outer.append((numbered, one, []))
    for numbered, run in groupby(outer, lambda one: one[0]):
        found = list(run)
        inner = tuple(
            Items(tuple(one.spans for _, one in under), under[0][0]) if under else None for _, _, under in found
        )
        yield Items(tuple(one.spans for _, one, _ in found), numbered, inner if any(inner) else ())
