"""Two versions of a document as one Word file in which what changed stands as recorded changes.

Paragraphs are paired by the longest common runs of equal ones, those between by their order where half of the words
agree; within a pair the words are compared (`core/wording/diff.py`). Accepting everything in a word processor gives the
words of the new version, refusing everything those of the old. Looks follow the new version and are no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from pasaj.core.report import Span
from pasaj.core.word.matching import alike
from pasaj.core.word.shapes import Block, Cover, DocumentId, Touch, WordClause, squeezed
from pasaj.core.word.writing import Writer, clause_blocks, label
from pasaj.core.word.xml import paragraph, run
from pasaj.core.wording import segments

PAIR = 0.5
Pair = tuple[Block | None, Block | None]


def redline(
    before: Sequence[WordClause],
    after: Sequence[WordClause],
    which: DocumentId,
    cover: Cover,
    author: str,
    at: str,
) -> bytes:
    """The file. Clauses are told apart by their codes; one that moved stands at its new place.

    author, at: who is said to have made the changes and when (ISO 8601 with its zone).
    """
    writer = _Redliner(author, at)
    body = writer.cover(which, cover)
    for old, new in clause_pairs(before, after):
        body += writer.pair(old, new, cover.clause)
    return writer.packed(body, which, cover, track=False)


def clause_pairs(
    before: Sequence[WordClause], after: Sequence[WordClause]
) -> Iterator[tuple[WordClause | None, WordClause | None]]:
    """Old and new of each clause in the new order; one that is gone stands behind the one it stood behind."""
    old = {one.code: one for one in before}
    kept = {one.code for one in after}
    gone: dict[str, list[WordClause]] = {"": []}
    last = ""
    for one in before:
        if one.code in kept:
            last = one.code
        else:
            gone.setdefault(last, []).append(one)
    yield from ((one, None) for one in gone[""])
    for one in after:
        yield old.get(one.code), one
        yield from ((lost, None) for lost in gone.get(one.code, ()))


def pairs(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """Paragraphs of two versions of a clause beside each other, none where one has no partner."""
    here, there = [squeezed(one.plain) for one in old], [squeezed(one.plain) for one in new]
    matcher = SequenceMatcher(None, here, there, autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(old[i:i_end], new[j:j_end], strict=True)
        else:
            yield from _between(list(old[i:i_end]), list(new[j:j_end]))


def _between(old: list[Block], new: list[Block]) -> Iterator[Pair]:
    while old or new:
        if old and new and alike(old[0].plain, new[0].plain) >= PAIR:
            yield old.pop(0), new.pop(0)
        elif old and not any(alike(old[0].plain, one.plain) >= PAIR for one in new):
            yield old.pop(0), None
        else:
            yield None, new.pop(0)


class _Redliner(Writer):
    def __init__(self, author: str, at: str) -> None:
        super().__init__()
        self.put, self.gone = Touch("ins", author, at), Touch("del", author, at)
        self.last: Block | None = None

    def pair(self, old: WordClause | None, new: WordClause | None, word: str) -> str:
        """A clause: the line of its code, then its paragraphs."""
        one = new or old
        assert one is not None
        if old is not None and new is not None:
            made = [paragraph("PasajClause", run(label(one, word)))]
        else:
            mark = self.gone if new is None else self.put
            said = self.numbers.changed(mark, run(label(one, word), gone=new is None))
            made = [paragraph("PasajClause", said, ending=self.numbers.changed(mark))]
        self.last = None
        found = pairs(clause_blocks(old) if old else (), clause_blocks(new) if new else ())
        made += [self.row(one, other) for one, other in found]
        return "".join(made)

    def row(self, old: Block | None, new: Block | None) -> str:
        """A paragraph of both, of the old or of the new version."""
        one = new or old
        assert one is not None
        first = one.kind == "number" and (self.last is None or self.last.kind != "number")
        self.last = one
        if old is not None and new is not None:
            return self.paragraph(new, self.changed(old, new), first=first)
        mark = self.put if old is None else self.gone
        return self.paragraph(one, self.spoken(one.spans, mark), first=first, ending=self.numbers.changed(mark))

    def changed(self, old: Block, new: Block) -> str:
        """The words of a pair, those that changed as recorded changes."""
        here, there = _Cut(old.spans), _Cut(new.spans)
        made = []
        for one in segments(old.plain, new.plain):
            if one.kind == "delete":
                made.append(self.spoken(here.take(len(one.text)), self.gone))
            elif one.kind == "insert":
                made.append(self.spoken(there.take(len(one.text)), self.put))
            else:
                here.take(len(one.text))
                made.append(self.spoken(there.take(len(one.text))))
        return "".join(made)


class _Cut:
    """Runs, taken letter by letter from the front."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.letters = [(letter, one) for one in spans for letter in one.text]
        self.at = 0

    def take(self, count: int) -> list[Span]:
        """The next letters with their looks."""
        found: list[Span] = []
        for letter, look in self.letters[self.at : self.at + count]:
            if found and (found[-1].strong, found[-1].emphasis, found[-1].address) == (
                look.strong, look.emphasis, look.address,
            ):  # fmt: skip
                text = found.pop().text + letter
            else:
                text = letter
            found.append(Span(text, look.strong, address=look.address, emphasis=look.emphasis))
        self.at += count
        return found
