"""Names as people spell them: without case, accents and punctuation, and the nearest to a misspelt one."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

ASKED = 200  # different misspellings looked up
LONGEST = 80  # letters of a name that are compared

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def fold(text: str) -> str:
    """`text` for comparing: lower case, no accents, punctuation as one space.

    >>> fold(" Saint-Étienne–Norte ")
    'saint etienne norte'
    """
    low = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS))
    kept = "".join(mark if mark.isalnum() else " " for mark in low if not unicodedata.combining(mark))
    return " ".join(kept.split())


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with their neighbour to turn one into the other.

    Stops at `most` + 1: enough to know that they are too far apart.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


@dataclass(frozen=True, slots=True)
class Near:
    """A known name near to what was written, and the code it stands for."""

    name: str
    code: str


class Names:
    """Codes findable by code, name and alias. Built once, asked for every row."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        """`entries`: each code with its names and aliases (in every language)."""
        self._names: dict[str, list[Near]] = {}
        self._codes: dict[str, str] = {}
        self._asked: dict[str, tuple[Near, ...]] = {}
        for code, names in entries:
            self._codes[code.casefold()] = code
            for name in dict.fromkeys(names):
                if key := fold(name):
                    self._names.setdefault(key, []).append(Near(name, code))

    def find(self, text: str) -> tuple[str, ...]:
        """The codes `text` means: none, one, or several that share the name. A code itself always wins."""
        code = self._codes.get(text.strip().casefold())
        if code is not None:
            return (code,)
        return tuple(dict.fromkeys(near.code for near in self._names.get(fold(text), ())))

    def near(self, text: str, most: int = 3) -> tuple[Near, ...]:
        """At most `most` (up to 3) names near to `text`, the nearest first; one name a code.

        After ASKED different misspellings a file is wrong as a whole: nothing more is looked up.
        """
        key = fold(text[:LONGEST])
        if key not in self._asked:
            if len(self._asked) >= ASKED or not key:
                return ()
            self._asked[key] = self._search(key)
        return self._asked[key][:most]

    def _search(self, key: str) -> tuple[Near, ...]:
        scored: list[tuple[int, str, Near]] = []
        for known, entries in self._names.items():
            score = _score(key, known)
            if score is not None:
                scored += [(score, entry.name, entry) for entry in entries]
        for folded, code in self._codes.items():
            score = _score(key, fold(folded))
            if score is not None:
                scored.append((score, code, Near(code, code)))
        best: dict[str, Near] = {}
        for _, _, entry in sorted(scored, key=lambda one: one[:2]):
            best.setdefault(entry.code, entry)
        return tuple(best.values())[:3]


def _score(written: str, known: str) -> int | None:
    """How far apart two folded names are; None when nobody would take one for the other."""
    most = max(1, min(len(written), len(known)) // 3)
    found = distance(written, known, most)
    if found <= most:
        return found
    # Part of a longer name, or with a word too many: "Northgate" for "Northgate Southgate".
    short, long = sorted((written, known), key=len)
    if len(short) >= 4 and (set(short.split()) <= set(long.split()) or long.startswith(short)):
        return most + 1
    return None
