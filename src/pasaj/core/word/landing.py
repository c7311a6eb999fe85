"""Where each change of a reply lands: on its clause, between two clauses, or on the tray of what found no place.

Nothing is dropped: every recorded change, every difference from what was sent and every comment is part of one item.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pasaj.core.word import views
from pasaj.core.word.blocks import markdown
from pasaj.core.word.matching import Held, Matched, match
from pasaj.core.word.names import Anchor
from pasaj.core.word.shapes import Block, Remark, Reply, WordClause, squeezed
from pasaj.core.word.writing import clause_blocks, label
from pasaj.core.wording import merge

Sort = Literal["edit", "deleted", "moved", "new", "comment", "unmatched"]
Doubt = Literal["", "bookmark", "revision", "words", "silent", "gone", "place"]
_TIME = re.compile(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a reply says.

    `kind`: edit, deleted, moved, new, comment or unmatched. `clause` and `revision`: what it is about ("" and 0 for a
    new clause or nothing). `authors`: who recorded it, the first first; none for a silent change. `at`: when, as the
    file says it, or "". `title`, `text`: the clause as proposed, in the Markdown subset; for a comment its words;
    `quoted`: what the comment hangs on. `after`: the clause it stands or would stand behind ("" for the first place).

    `doubt` names what a person has to confirm, "" where nothing: `bookmark` (found by its words or the line of its
    code), `revision` (its revision is not known: compared with the newest), `words` (the fingerprint is another one),
    `silent` (recorded on words that were changed without a record, and could not be told from those), `gone` (not in
    the reply, no record of its deletion), `place` (a comment found by the words it quotes).
    """

    kind: Sort
    clause: str = ""
    revision: int = 0
    authors: tuple[str, ...] = ()
    at: str = ""
    title: str = ""
    text: str = ""
    quoted: str = ""
    after: str = ""
    silent: bool = False
    doubt: Doubt = ""


@dataclass(frozen=True, slots=True)
class Landing:
    """`items` in the order of the clauses, `same`: codes of clauses that nothing happened to."""

    items: tuple[Item, ...]
    same: tuple[str, ...]

    @property
    def tray(self) -> tuple[Item, ...]:
        """What a person has to place or confirm."""
        return tuple(one for one in self.items if one.kind == "unmatched" or one.doubt)


def land(
    base: Sequence[WordClause],
    reply: Reply,
    front: Iterable[str] = (),
    earlier: Mapping[tuple[str, int], WordClause] | None = None,
) -> Landing:
    """Every change and comment of a reply with its clause.

    base: the clauses as sent, in order. front: the lines of the cover as sent (`writing.front`). earlier: other
    revisions by code and number, for a reply to an older version of the document. Who changed what is told apart by the
    names in the file; what differs from the words sent without a record is an edit of nobody, marked silent.
    """
    lander = _Lander(base, reply, frozenset(map(squeezed, front)) - {""}, earlier or {})
    items = [*lander.clauses(), *lander.moves(), *lander.between(), *lander.before(), *lander.comments()]
    place = {one.code: at for at, one in enumerate(base)}
    items.sort(key=lambda one: place.get(one.clause or one.after, -1 if one.kind == "new" else len(place)))
    touched = {one.clause for one in items}
    return Landing(tuple(items), tuple(one.code for one in base if one.code not in touched))


class _Lander:
    def __init__(
        self,
        base: Sequence[WordClause],
        reply: Reply,
        front: frozenset[str],
        earlier: Mapping[tuple[str, int], WordClause],
    ) -> None:
        self.base, self.reply, self.front, self.earlier = base, reply, front, earlier
        self.matched: Matched = match(base, reply.passages, front)
        self.at_bottom: set[int] = set()
        self.placed: dict[str, tuple[str, tuple[str, ...], str]] = {}  # moved by record: behind which, by whom, when

    # Clauses

    def clauses(self) -> Iterator[Item]:
        """What happened to the words of each clause."""
        self._moved_by_record()
        for one in self.base:
            held = self.matched.held[one.code]
            if held.first >= 0 or one.code in self.placed:
                yield from self._clause(held)
            else:
                yield Item("deleted", one.code, one.revision, silent=True, doubt="gone")

    def _clause(self, held: Held) -> Iterator[Item]:
        sent, doubt = self._sent(held)
        blocks = clause_blocks(sent)
        base = held.base(blocks)
        if held.clause.code in self.placed:
            yield from self._after_move(held, sent, blocks, base, doubt)
            return
        was = views.seen(held.passages, views.original, base)
        silent = views.words(was) != views.words(blocks)
        if silent:
            yield self._proposed(sent, was, (), "", doubt, silent=True)
        for author in views.authors(held.passages):
            yield from self._author(held, author, sent, was if silent else blocks, base, doubt, silent=silent)
        yield from self._label(held, sent, doubt)

    def _author(
        self,
        held: Held,
        author: str,
        sent: WordClause,
        was: Sequence[Block],
        base: Sequence[tuple[int, Block | None]],
        doubt: Doubt,
        *,
        silent: bool,
    ) -> Iterator[Item]:
        """What one author wants, with the insertions of others that his changes rest on."""
        others = views.resting(held.passages, author)
        now = views.seen(held.passages, views.wanted({author, *others}), base)
        if views.words(now) == views.words(was):
            return
        if others:
            alone = views.seen(held.passages, views.wanted(others), base)
            if views.words(now) == views.words(alone):
                return
        at = _time(views.latest(held.passages, author))
        made = self._proposed(sent, now, (author, *sorted(others)), at, doubt, silent=False)
        if silent and made.kind == "edit":
            made = _apart(made, sent, was)
        yield made

    def _after_move(
        self,
        held: Held,
        sent: WordClause,
        blocks: Sequence[Block],
        base: Sequence[tuple[int, Block | None]],
        doubt: Doubt,
    ) -> Iterator[Item]:
        """A clause carried elsewhere by record: what its words are there."""
        now = views.seen(held.passages, views.everything, base)
        if views.words(now) != views.words(blocks):
            _, by, at = self.placed[held.clause.code]
            yield self._proposed(sent, now, by, at, doubt, silent=not by)

    def _proposed(
        self, sent: WordClause, now: Sequence[Block], by: tuple[str, ...], at: str, doubt: Doubt, *, silent: bool
    ) -> Item:
        if not now:
            return Item("deleted", sent.code, sent.revision, by, at, silent=silent, doubt=doubt)
        title, text = told(now, titled=bool(sent.title))
        return Item("edit", sent.code, sent.revision, by, at, title, text, silent=silent, doubt=doubt)

    def _sent(self, held: Held) -> tuple[WordClause, Doubt]:
        """The clause at the revision that the bookmarks name, and what is in doubt about it."""
        one, named = held.clause, held.anchor
        doubt: Doubt = "bookmark" if held.guessed else ""
        if named is None:
            return one, doubt or "bookmark"
        if named.revision != one.revision:
            known = self.earlier.get((one.code, named.revision))
            if known is None:
                return one, "revision"
            one = known
        return one, doubt or ("" if _same(named, one) else "words")

    def _label(self, held: Held, sent: WordClause, doubt: Doubt) -> Iterator[Item]:
        """Words written into the line above a clause are no part of it, and are not lost."""
        for one in held.labels:
            now = squeezed("".join(piece.text for piece in one.pieces if views.everything(piece.touches)))
            was = squeezed("".join(piece.text for piece in one.pieces if views.original(piece.touches)))
            known = doubt == "revision" or was.endswith(squeezed(label(sent, "")))
            if now and (now != was or not known):
                by = tuple(views.authors([one]))
                yield Item("comment", sent.code, sent.revision, by, text=now, quoted=was, silent=not by)

    # Moves

    def _moved_by_record(self) -> None:
        """Clauses whose old place is deleted by record and whose words stand elsewhere as inserted."""
        for one in self.base:
            held = self.matched.held[one.code]
            if held.first < 0:
                continue
            base = held.base(clause_blocks(one))
            was = views.seen(held.passages, views.original, base)
            now = views.seen(held.passages, views.everything, base)
            if was and not now:
                self._carried(one, held)
            elif now and not was and held.passages:
                self._carried_along(one, held)

    def _carried(self, one: WordClause, held: Held) -> None:
        """The bookmarks stayed with the deleted words: look for a copy."""
        words = views.words(clause_blocks(one))
        for loose in self.matched.loose:
            now = views.words(views.seen(loose.passages, views.everything))
            if now and (now == words or loose.code == one.code):
                self.matched.loose.remove(loose)
                by = tuple(views.authors(held.passages))
                places = list(range(1, len(loose.passages) + 1)) if now == words else [-1] * len(loose.passages)
                self.placed[one.code] = loose.after, by, _time(views.latest(held.passages, by[0]))
                self.at_bottom.update(loose.numbers)
                held.passages, held.places = loose.passages, places
                return

    def _carried_along(self, one: WordClause, held: Held) -> None:
        """The bookmarks went with the inserted words: the deleted ones stand somewhere without."""
        words = views.words(clause_blocks(one))
        for loose in self.matched.loose:
            if views.words(views.seen(loose.passages, views.original)) != words:
                continue
            if not views.seen(loose.passages, views.everything):
                self.matched.loose.remove(loose)
                break
        by = tuple(views.authors(held.passages))
        order = self.matched.order
        at = order.index(one.code)
        self.placed[one.code] = order[at - 1] if at else "", by, _time(views.latest(held.passages, by[0]))

    def moves(self) -> Iterator[Item]:
        """Clauses that stand elsewhere, with or without a record."""
        revisions = {one.code: one.revision for one in self.base}
        for code, (after, by, at) in self.placed.items():
            unsure: Doubt = "bookmark" if self.matched.held[code].guessed else ""
            yield Item("moved", code, revisions[code], by, at, after=after, silent=not by, doubt=unsure)
        sent = [one.code for one in self.base]
        place = {code: at for at, code in enumerate(sent)}
        order = [code for code in self.matched.order if code not in self.placed]
        stayed = set(_longest_rising([place[code] for code in order]))
        for number, code in enumerate(order):
            if place[code] not in stayed:
                after = order[number - 1] if number else ""
                doubt: Doubt = "bookmark" if self.matched.held[code].guessed else ""
                yield Item("moved", code, revisions[code], after=after, silent=True, doubt=doubt)

    # Between and around

    def between(self) -> Iterator[Item]:
        """New clauses."""
        for loose in self.matched.loose:
            now = views.seen(loose.passages, views.everything)
            was = views.seen(loose.passages, views.original)
            by = tuple(views.authors(loose.passages))
            at = _time(max((views.latest(loose.passages, one) for one in by), default=""))
            if any(one.where == "box" for one in loose.passages) and now:
                yield Item("unmatched", "", 0, by, at, text=markdown(now), after=loose.after, silent=not by)
            elif now:
                title, text = told(now, titled=True)
                yield Item("new", "", 0, by, at, title, text, after=loose.after, silent=not by or bool(was))
            elif was:  # words nobody knows, deleted: told, as a person has to see what it was
                yield Item("unmatched", "", 0, by, at, text=markdown(was), after=loose.after)

    def before(self) -> Iterator[Item]:
        """What somebody wrote on the cover."""
        for one in self.matched.front:
            now = views.seen([one], views.everything)
            was = views.seen([one], views.original)
            known = squeezed(one.label or views.words(now)) in self.front or not self.front
            if views.words(now) != views.words(was) or (now and not known):
                by = tuple(views.authors([one]))
                at = _time(max((views.latest([one], author) for author in by), default=""))
                text = markdown(now) or markdown(was)
                yield Item("unmatched", "", 0, by, at, text=text, quoted=views.words(was), silent=not by)

    def comments(self) -> Iterator[Item]:
        """Comments, each on the clause it hangs on."""
        owners = self._owners()
        revisions = {one.code: one.revision for one in self.base}
        for one in self.reply.remarks:
            place = owners.get(one.passage)
            code, after = place or (self._quoted(one), "")
            doubt: Doubt = "place" if code and place is None else ""
            kind: Sort = "unmatched" if place is None and not code else "comment"
            by = (one.author,) if one.author else ()
            made = Item(kind, code, revisions.get(code, 0), by, _time(one.at), text=one.text, quoted=one.quoted)
            yield replace(made, after=after, doubt=doubt)

    def _owners(self) -> dict[int, tuple[str, str]]:
        """By number of a passage its clause, or the clause behind which something new stands."""
        number = {id(one): at for at, one in enumerate(self.reply.passages)}
        found: dict[int, tuple[str, str]] = {}
        for code, held in self.matched.held.items():
            for one in [*held.passages, *held.labels]:
                found[number[id(one)]] = code, ""
        for loose in self.matched.loose:
            for at in loose.numbers:
                found.setdefault(at, ("", loose.after))
        return found

    def _quoted(self, one: Remark) -> str:
        """The one clause that holds the quoted words."""
        words = squeezed(one.quoted)
        if len(words) < 12:
            return ""
        found = [
            clause.code for clause in self.base
            if words in squeezed(" ".join(block.plain for block in clause_blocks(clause)))
        ]  # fmt: skip
        return found[0] if len(found) == 1 else ""


def told(blocks: Sequence[Block], *, titled: bool) -> tuple[str, str]:
    """Title and text of a clause: its first heading is its title, wherever somebody put words before it."""
    at = next((at for at, one in enumerate(blocks) if one.kind == "heading"), None) if titled else None
    if at is None:
        return "", markdown(blocks)
    return squeezed(blocks[at].plain), markdown([*blocks[:at], *blocks[at + 1 :]])


def _apart(made: Item, sent: WordClause, was: Sequence[Block]) -> Item:
    """A recorded change on words that were changed silently, told without those."""
    title, text = told(was, titled=bool(sent.title))
    merged = merge(text, made.text, markdown(clause_blocks(replace(sent, title=""))))
    heading = made.title if made.title != title else sent.title
    if merged.text is None:
        return replace(made, title=heading, doubt=made.doubt or "silent")
    return replace(made, title=heading, text=merged.text)


def _same(named: Anchor, one: WordClause) -> bool:
    return named.mark == one.mark


def _time(said: str) -> str:
    """A moment as written in the file, if it is one: some write year 0 where they know none."""
    return said if _TIME.fullmatch(said) else ""


def _longest_rising(numbers: Sequence[int]) -> Collection[int]:
    """A longest rising subsequence (C. Schensted, Canad. J. Math. 13, 1961): what did not move."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        place = bisect_left(tails, number)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(number)
            ends.append(at)
        else:
            tails[place], ends[place] = number, at
    found: list[int] = []
    now = ends[-1] if ends else -1
    while now >= 0:
        found.append(numbers[now])
        now = before[now]
    return found
