"""Which passage of a reply belongs to which clause.

A bookmark decides. A paragraph without one belongs to a clause when it stands inside it, when it goes on with the last
list of it, or when it says much the same as a paragraph that the clause has lost. All others stand between clauses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pasaj.core.word import names, views
from pasaj.core.word.shapes import Block, Passage, WordClause, squeezed
from pasaj.core.word.writing import clause_blocks

ALIKE = 0.5
"""Share of words in common from which a paragraph may be one that lost its bookmark (twice the common, by both)."""
MOST_STRAYS = 200
"""Carried paragraphs that are looked at one by one; beyond, no paragraph of a scattered clause keeps its bookmark."""
_LISTS = frozenset({"bullet", "number"})


@dataclass(slots=True)
class Held:
    """The passages of one clause in the order of the reply, and the place of each in what was sent (-1: not known)."""

    clause: WordClause
    passages: list[Passage] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    anchor: names.Anchor | None = None
    first: int = -1
    guessed: bool = False
    labels: list[Passage] = field(default_factory=list)

    def base(self, blocks: Sequence[Block]) -> list[tuple[int, Block | None]]:
        """For each passage its place and the paragraph that was sent."""
        return [(at, blocks[at - 1] if 0 < at <= len(blocks) else None) for at in self.places]


@dataclass(slots=True)
class Loose:
    """Passages between clauses: the clause before them ("" before the first), a code that their first line names."""

    after: str
    passages: list[Passage]
    numbers: list[int]
    code: str = ""


@dataclass(slots=True)
class Matched:
    """Clauses with their passages, what stands between them, and the owner of each passage by its number."""

    held: dict[str, Held]
    loose: list[Loose]
    front: list[Passage]
    order: list[str]


class _Matcher:
    def __init__(self, base: Sequence[WordClause], passages: Sequence[Passage], front: frozenset[str]) -> None:
        self.base = {one.code: one for one in base}
        self.blocks = {one.code: clause_blocks(one) for one in base}
        self.passages = passages
        self.front = front
        self.anchors = [names.anchored(one.clause) for one in passages]
        sent = {one.code for one in self.anchors if one and not one.copied}
        known = [one.code if one and one.code in self.base else "" for one in self.anchors]
        # Where only a copy is left (as by way of OpenDocument), it is what was sent.
        copied = [one is not None and one.copied and one.code in sent for one in self.anchors]
        self.owner = ["" if copied[at] else code for at, code in enumerate(known)]
        self.copies = [code if copied[at] else "" for at, code in enumerate(known)]
        self.place = [one.at if one and self.owner[at] else -1 for at, one in enumerate(self.anchors)]
        self.guessed: set[str] = set()

    def match(self) -> Matched:
        self._strays()
        start = self._after_front()
        self._inside(start)
        self._tails(start)
        self._lost(start)
        held = {code: Held(one) for code, one in self.base.items()}
        order: list[str] = []
        for at, code in enumerate(self.owner):
            if code:
                self._hold(held[code], at)
                if code not in order:
                    order.append(code)
        return Matched(held, list(self._loose(start)), list(self.passages[:start]), order)

    def _hold(self, one: Held, at: int) -> None:
        if one.first < 0:
            one.first = at
        if one.anchor is None and self.place[at] >= 0:
            one.anchor = self.anchors[at]
        one.guessed = one.guessed or one.clause.code in self.guessed
        if self.place[at] == 0 or (self.place[at] < 0 and self._named(at) == one.clause.code):
            one.labels.append(self.passages[at])
            return
        one.passages.append(self.passages[at])
        one.places.append(self.place[at])

    def _strays(self) -> None:
        """A paragraph that was carried into or beyond another clause is no longer of its own: the smallest first."""
        for _ in range(MOST_STRAYS):
            split = self._split()
            if not split:
                return
            self._let_go(min(split)[-1])
        for found in self._groups().values():
            best = max(found, key=len)
            for one in found:
                if one is not best:
                    self._let_go(one)

    def _split(self) -> list[tuple[int, bool, int, list[int]]]:
        """The runs of clauses that stand in more than one: size, whether it holds the line of the code, number, run."""
        return [
            (len(one), self.place[one[0]] == 0, number, one)
            for found in self._groups().values()
            if len(found) > 1
            for number, one in enumerate(found)
        ]

    def _let_go(self, run: list[int]) -> None:
        for at in run:
            self.owner[at], self.place[at] = "", -1

    def _groups(self) -> dict[str, list[list[int]]]:
        """By code, the runs in which its passages stand."""
        groups: dict[str, list[list[int]]] = defaultdict(list)
        last = ""
        for at, code in enumerate(self.owner):
            if code and code != last:
                groups[code].append([])
            if code:
                groups[code][-1].append(at)
            last = code or last
        return groups

    def _after_front(self) -> int:
        """Where the cover ends: behind the last line of it that is as it was sent, before the first clause."""
        first = next((at for at, code in enumerate(self.owner) if code or self._named(at)), len(self.passages))
        known = [at for at in range(first) if squeezed(_plain(self.passages[at], views.original)) in self.front]
        return known[-1] + 1 if known else first

    def _inside(self, start: int) -> None:
        """Paragraphs between two of a clause, and items that go on with its list."""
        before = self._nearest(range(len(self.owner)))
        after = self._nearest(range(len(self.owner) - 1, -1, -1))
        for at in range(start, len(self.owner)):
            if self.copies[at] or (self.anchors[at] and self.owner[at]):
                continue
            if before[at] and before[at] == after[at]:
                self.owner[at] = before[at]
            elif at and self.owner[at - 1] and self._goes_on(at):
                self.owner[at] = self.owner[at - 1]

    def _goes_on(self, at: int) -> bool:
        one, last = self.passages[at], self.passages[at - 1]
        if self._named(at):
            return False
        return one.kind in _LISTS and last.kind in _LISTS and one.kind == last.kind and one.where == last.where

    def _nearest(self, way: range) -> list[str]:
        found, last = [""] * len(self.owner), ""
        for at in way:
            found[at] = last
            last = self.owner[at] if self.owner[at] and self.place[at] >= 0 else last
        return found

    def _tails(self, start: int) -> None:
        """Paragraphs behind a clause that say much the same as one it has lost."""
        have: dict[str, set[int]] = defaultdict(set)
        for at, code in enumerate(self.owner):
            if code:
                have[code].add(self.place[at])
        for at in range(max(start, 1), len(self.owner)):
            code = self.owner[at - 1]
            if self.owner[at] or self.copies[at] or not code or self._named(at):
                continue
            for place, block in enumerate(self.blocks[code], 1):
                if place not in have[code] and alike(_plain(self.passages[at]), block.plain) >= ALIKE:
                    self.owner[at], self.place[at] = code, place
                    have[code].add(place)
                    break

    def _lost(self, start: int) -> None:
        """Clauses without any bookmark: found by the line of their code, else by their words; a person confirms."""
        lost = set(self.base) - {code for code in self.owner if code}
        if not lost:
            return
        index = _Index(self.blocks)
        current, found = "", dict[int, tuple[str, int]]()
        for at in range(start, len(self.owner)):
            if self.owner[at] or self.copies[at]:
                current = ""
                continue
            named = self._named(at)
            if named:
                current = named if named in lost else ""
                if current:
                    found[at] = current, 0
                continue
            best = index.best(_plain(self.passages[at]), lost, current)
            if best and (not current or best[0] == current or best[2] > 0.8):
                current = best[0]
                found[at] = best[0], best[1]
        for at, (code, place) in found.items():
            self.owner[at], self.place[at] = code, place
            self.guessed.add(code)
        self._strays()
        self._inside(start)

    def _named(self, at: int) -> str:
        """The code of a clause where a passage looks like the line above one."""
        said = _plain(self.passages[at])
        if len(said) > 120 or "rev. " not in said:
            return ""
        for word in said.replace("·", " ").split():
            if word in self.base:
                return word
        return ""

    def _loose(self, start: int) -> Iterator[Loose]:
        """What stands between clauses, a heading or the line of a code beginning another piece."""
        last, now = "", None
        for at in range(start, len(self.owner)):
            one = self.passages[at]
            if self.owner[at]:
                if now:
                    yield now
                last, now = self.owner[at], None
                continue
            code = self.copies[at] or self._named(at)
            begins = now is None or _begins(one, now, code)
            if begins and now:
                yield now
            if begins or now is None:
                now = Loose(last, [], [], code)
            now.numbers.append(at)
            if not self._named(at):
                now.passages.append(one)
        if now:
            yield now


def match(base: Sequence[WordClause], passages: Sequence[Passage], front: frozenset[str]) -> Matched:
    """Clauses with their passages. `front`: the lines of the cover as they were sent, squeezed."""
    return _Matcher(base, passages, front).match()


def alike(one: str, other: str) -> float:
    """Words in common, twice, by the words of both: from 0 to 1."""
    here, there = Counter(squeezed(one).casefold().split()), Counter(squeezed(other).casefold().split())
    total = here.total() + there.total()
    return 2 * (here & there).total() / total if total else 0.0


class _Index:
    """Paragraphs by their words, to find the one that is most alike."""

    def __init__(self, blocks: Mapping[str, Sequence[Block]]) -> None:
        self.rows = [
            (code, at, one.plain, len(squeezed(one.plain).split()))
            for code, found in blocks.items()
            for at, one in enumerate(found, 1)
        ]
        self.words: dict[str, list[int]] = defaultdict(list)
        for number, (_, _, plain, _) in enumerate(self.rows):
            for word in set(squeezed(plain).casefold().split()):
                self.words[word].append(number)

    def best(self, plain: str, lost: Collection[str], prefer: str) -> tuple[str, int, float] | None:
        """Code, place and likeness of the paragraph most alike, if its clause is lost; the preferred wins a tie."""
        counts: Counter[int] = Counter()
        for word in set(squeezed(plain).casefold().split()):
            counts.update(self.words.get(word, ()))
        found = [
            (alike(plain, self.rows[number][2]), code == prefer, code in lost, -number)
            for number, _ in counts.most_common(12)
            for code in [self.rows[number][0]]
        ]
        if not found or max(found)[0] < ALIKE or not max(found)[2]:
            return None
        likeness, _, _, number = max(found)
        return self.rows[-number][0], self.rows[-number][1], likeness


def _begins(one: Passage, now: Loose, code: str) -> bool:
    """Whether another piece begins: at a heading, a line of a code, or where somebody else writes."""
    if code and code != now.code:
        return True
    if not now.passages:
        return False
    if one.kind == "heading":
        return True
    return bool(one.plain.strip()) and _writer(one) != _writer(now.passages[-1])


def _writer(one: Passage) -> tuple[str, bool]:
    """Who added a passage, and whether it stays."""
    touches = next((piece.touches for piece in one.pieces if piece.text.strip()), ())
    adder = next((touch.author for touch in touches if touch.adds), "")
    return adder, any(touch.adds for touch in touches)


def _plain(one: Passage, keep: views.Keep = views.everything) -> str:
    return "".join(piece.text for piece in one.pieces if keep(piece.touches)) or one.plain
