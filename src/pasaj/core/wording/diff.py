"""Two texts word by word, and two people's changes of one text brought together.

Words are matched by the longest common runs (J. W. Ratcliff and D. Metzener, Dr. Dobb's Journal, July 1988), blanks
go with the words beside them. The merge is diff3 (S. Khanna, K. Kunal, B. C. Pierce, FSTTCS 2007) on words, with one
more demand: between a change of the one and a change of the other stands at least one word that neither touched, so
that "30 days" never becomes "45 months" of two halves that nobody wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

EQUAL, INSERT, DELETE = "equal", "insert", "delete"
DEAREST = 2_000_000
"""Pairs of equal words to look at; above it (a text of one word, many times) only both ends are compared."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that stands in both ("equal"), only in the new ("insert") or only in the old one ("delete")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where both changed the same words, each otherwise."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`pieces`: text, and conflicts where there are any; nothing that either wrote is missing from them."""

    pieces: tuple[str | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(one for one in self.pieces if isinstance(one, Conflict))

    @property
    def text(self) -> str | None:
        """The merged text, None where there are conflicts."""
        return None if self.conflicts else self.proposal("mine")

    def proposal(self, preferred: str) -> str:
        """The text with one side's words at each conflict. preferred: "mine", "theirs" or "base"."""
        return "".join(one if isinstance(one, str) else getattr(one, preferred) for one in self.pieces)


def segments(old: str, new: str) -> tuple[Segment, ...]:
    """From the old text to the new one: equal and deleted runs are the old, equal and inserted ones the new."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Segment] = []
    i = j = 0
    for at, to in [*sorted(_matching(before, after).items()), (len(before), len(after))]:
        found += [Segment(DELETE, one) for one in before[i:at]]
        found += [Segment(INSERT, one) for one in after[j:to]]
        found += [Segment(EQUAL, one) for one in before[at : at + 1]]
        i, j = at + 1, to + 1
    return tuple(Segment(kind, "".join(one.text for one in run)) for kind, run in groupby(found, lambda one: one.kind))


def old_text(found: Sequence[Segment]) -> str:
    """The text that segments start from."""
    return "".join(one.text for one in found if one.kind != INSERT)


def new_text(found: Sequence[Segment]) -> str:
    """The text that segments lead to."""
    return "".join(one.text for one in found if one.kind != DELETE)


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Both changes of a base as one text; conflicts where they meet."""
    here, one, other = (_TOKEN.findall(text) for text in (base, mine, theirs))
    to_one, to_other = _matching(here, one), _matching(here, other)
    pieces: list[str | Conflict] = []
    i = a = b = 0
    for at, run in _stable(here, to_one, to_other):
        pieces.append(_settled(here[i:at], one[a : to_one[at]], other[b : to_other[at]]))
        pieces.append("".join(here[at : at + run]))
        i, a, b = at + run, to_one[at] + run, to_other[at] + run
    pieces.append(_settled(here[i:], one[a:], other[b:]))
    return Merged(tuple(_joined(pieces)))


def _settled(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> str | Conflict:
    if base == theirs or mine == theirs:
        return "".join(mine)
    if base == mine:
        return "".join(theirs)
    return Conflict("".join(base), "".join(mine), "".join(theirs))


def _stable(here: Sequence[str], one: dict[int, int], other: dict[int, int]) -> list[tuple[int, int]]:
    """Runs that neither changed, as place and length in the base; each holds a word."""
    runs: list[tuple[int, int]] = []
    for at in range(len(here)):
        if at not in one or at not in other:
            continue
        if runs:
            start, length = runs[-1]
            follows = one[at] == one[start] + length and other[at] == other[start] + length
            if at == start + length and follows:
                runs[-1] = (start, length + 1)
                continue
        runs.append((at, 1))
    return [(at, length) for at, length in runs if any(_is_word(word) for word in here[at : at + length])]


def _joined(pieces: Sequence[str | Conflict]) -> list[str | Conflict]:
    found: list[str | Conflict] = []
    for one in pieces:
        if isinstance(one, str) and found and isinstance(found[-1], str):
            found[-1] += one
        elif one != "":
            found.append(one)
    return found


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


def _matching(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which token of the new text each kept one of the old is; places rise in both."""
    here = [at for at, one in enumerate(old) if not one.isspace()]
    there = [at for at, one in enumerate(new) if not one.isspace()]
    pairs = _words([old[at] for at in here], [new[at] for at in there])
    found = {here[one]: there[two] for one, two in pairs}
    taken = set(found.values())
    for at, to in [(-1, -1), *found.items(), (len(old), len(new))]:
        for step in (-1, 1):  # the blank before a word that stayed, and the one behind it
            blank, other = at + step, to + step
            inside = 0 <= blank < len(old) and 0 <= other < len(new)
            if inside and old[blank].isspace() and old[blank] == new[other] and other not in taken:
                found.setdefault(blank, other)
                taken.add(found[blank])
    return dict(sorted(found.items()))


def _words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    pairs = [(at, at) for at in range(start)]
    pairs += [(len(old) - at, len(new) - at) for at in range(end, 0, -1)]
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    there = Counter(after)
    if sum(count * there[word] for word, count in Counter(before).items()) <= DEAREST:
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
            pairs += [(start + block.a + at, start + block.b + at) for at in range(block.size)]
    return pairs
