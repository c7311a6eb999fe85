"""A passage as one or another sees it: as it was, as an author wants it, as it would be with everything accepted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from pasaj.core.report import Span
from pasaj.core.word.shapes import Block, Paragraph, Passage, Touch, squeezed

Keep = Callable[[tuple[Touch, ...]], bool]


def original(touches: tuple[Touch, ...]) -> bool:
    """Whether a run was there before any recorded change."""
    return not any(one.adds for one in touches)


def wanted(authors: Collection[str]) -> Keep:
    """Whether a run is there when the changes of these authors are accepted and all others refused."""

    def keep(touches: tuple[Touch, ...]) -> bool:
        return all((one.author in authors) == one.adds for one in touches)

    return keep


def everything(touches: tuple[Touch, ...]) -> bool:
    """Whether a run is there when all recorded changes are accepted."""
    return all(one.adds for one in touches)


def seen(passages: Sequence[Passage], keep: Keep, base: Sequence[tuple[int, Block | None]] = ()) -> tuple[Block, ...]:
    """The paragraphs of a view, without empty ones.

    `base`: for each passage the place in the clause it was sent as and the paragraph then. What says the same words is
    given as it was sent, and what says others keeps its kind: a word processor changes looks on its own.
    """
    made: list[Block] = []
    spans: list[Span] = []
    first: tuple[Passage, Block | None] | None = None
    for at, one in enumerate(passages):
        kept = [Span(piece.text, piece.strong, address=piece.address, emphasis=piece.emphasis)
                for piece in one.pieces if keep(piece.touches)]  # fmt: skip
        if first is None or not any(span.text.strip() for span in spans):
            first = one, base[at][1] if base else None
        spans += kept
        if (one.joined or not keep(one.ending)) and at < len(passages) - 1:
            continue
        made += _block(spans, *first)
        spans, first = [], None
    return tuple(made)


def _block(spans: list[Span], passage: Passage, sent: Block | None) -> Iterable[Block]:
    words = squeezed("".join(one.text for one in spans))
    if not words:
        return ()
    if sent is not None and squeezed(sent.plain) == words:
        return (sent,)
    kind: Paragraph = sent.kind if sent is not None else passage.kind
    level = sent.level if sent is not None else passage.level
    return (Block(kind, _trimmed(spans), level),)


def _trimmed(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The runs without blanks at either end of the paragraph."""
    found = list(spans)
    while not found[0].text.strip():
        del found[0]
    while not found[-1].text.strip():
        del found[-1]
    found[0] = replace(found[0], text=found[0].text.lstrip())
    found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


def words(blocks: Iterable[Block]) -> str:
    """The words of paragraphs, a line each: what is compared."""
    return "\n".join(squeezed(one.plain) for one in blocks)


def authors(passages: Iterable[Passage]) -> list[str]:
    """Who recorded changes, in the order in which they first appear."""
    found: dict[str, None] = {}
    for one in passages:
        for touches in [*(piece.touches for piece in one.pieces), one.ending]:
            for touch in touches:
                found.setdefault(touch.author)
    return list(found)


def resting(passages: Iterable[Passage], author: str) -> set[str]:
    """Whose insertions an author changed: his own changes cannot stand without those."""
    return {
        outer.author
        for one in passages
        for touches in [*(piece.touches for piece in one.pieces), one.ending]
        for at, touch in enumerate(touches)
        if touch.author == author
        for outer in touches[:at]
        if outer.adds and outer.author != author
    }


def latest(passages: Iterable[Passage], author: str) -> str:
    """When an author last changed something, as the file says it; empty where it does not."""
    found = [
        touch.at
        for one in passages
        for touches in [*(piece.touches for piece in one.pieces), one.ending]
        for touch in touches
        if touch.author == author and touch.at[:1] not in {"", "0"}
    ]
    return max(found, default="")
