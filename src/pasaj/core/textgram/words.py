"""What the words of a message mean: figures, places, days. All of it is given; no country is known here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pasaj.core.nearest import Names, fold

MONTHS = tuple(f"month-{number}" for number in range(1, 13))
MEANINGS = ("figure", "report", "zero", "today", "yesterday", "received", "skip", *MONTHS)
"""What a word can say. `skip`: nothing ("persons", "and"); `received`: how an answer begins."""
TOTAL = "total"
LONGEST = 10  # words in one name


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The figure a word stands for."""

    measure: str
    category: str = TOTAL

    @property
    def key(self) -> str:
        return f"{self.measure}.{self.category}"


@dataclass(frozen=True, slots=True)
class Word:
    """One word (or several) of a language. `measure` and `category` only where `meaning` is figure."""

    word: str
    meaning: str = "figure"
    measure: str = ""
    category: str = TOTAL
    language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A crossing point as messages name it: code, name, aliases."""

    code: str
    names: tuple[str, ...] = ()


class Words:
    """The vocabulary of one country. Built once, asked for every message.

    The letters after the last hyphen of a place's code are its short code: BEL for XX-BCP-BEL. The first word
    of a figure in a language is the one that is written. `quantities`: measures that may have a fraction.
    """

    def __init__(self, words: Iterable[Word], places: Iterable[Place], quantities: Collection[str] = ()) -> None:
        self.quantities = frozenset(quantities)
        self._words: dict[str, Word] = {}
        self._first: dict[tuple[str, str, str], str] = {}
        for one in words:
            self._words.setdefault(fold(one.word), one)
            for language in (one.language, ""):
                self._first.setdefault((_what(one), one.meaning, language), one.word)
        self._places: dict[str, tuple[str, ...]] = {}
        self._tails: dict[str, list[str]] = {}
        self.names: dict[str, str] = {}
        self._load(list(places))
        figures = [one for one in self._words.values() if one.meaning == "figure"]
        self._near_words = Names((_what(one), (one.word,)) for one in figures)

    def _load(self, places: list[Place]) -> None:
        found: dict[str, dict[str, None]] = {}
        for one in places:
            self.names[one.code] = one.names[0] if one.names else one.code
            tail = _tail(one.code)
            if tail:
                self._tails.setdefault(tail, []).append(one.code)
            for name in (one.code, tail, *one.names):
                if key := fold(name):
                    found.setdefault(key, {})[one.code] = None
        self._places = {key: tuple(codes) for key, codes in found.items()}
        self._near_places = Names((one.code, one.names) for one in places)
        longest = max((len(key.split()) for key in (*self._places, *self._words)), default=1)
        self.longest = min(longest, LONGEST)

    def word(self, folded: str) -> Word | None:
        """What a folded word means, or None."""
        return self._words.get(folded)

    def places(self, folded: str) -> tuple[str, ...]:
        """The codes of the places of this folded name: none, one or several."""
        return self._places.get(folded, ())

    def near_places(self, text: str) -> tuple[str, ...]:
        """Codes of places whose names are near to a misspelt one, the nearest first."""
        return tuple(one.code for one in self._near_places.near(text))

    def near(self, text: str) -> tuple[str, ...]:
        """Known names and words near to a misspelt one, at most three."""
        names = [one.name for one in self._near_words.near(text) if one.name != one.code]
        return tuple(dict.fromkeys([*names, *(one.name for one in self._near_places.near(text))]))[:3]

    def short(self, code: str) -> str:
        """The short code of a place where no other place shares it, else the code."""
        tail = _tail(code)
        return tail if len(self.places(fold(tail))) == 1 and self._alone(fold(tail)) else code

    def _alone(self, folded: str) -> bool:
        return bool(folded) and folded not in self._words

    def write(self, meaning: str, language: str = "", target: Target | None = None) -> str:
        """The word for a meaning in a language, else in the first language that has one; empty when none has."""
        what = target.key if target else ""
        return self._first.get((what, meaning, language)) or self._first.get((what, meaning, ""), "")

    def first_figure(self) -> Target | None:
        """The figure of the first word that stands for one: for examples."""
        one = next((one for one in self._words.values() if one.meaning == "figure"), None)
        return Target(one.measure, one.category or TOTAL) if one else None

    def months(self) -> Mapping[str, int]:
        """Months by their folded names."""
        found = {key: one.meaning for key, one in self._words.items()}
        return {key: MONTHS.index(meaning) + 1 for key, meaning in found.items() if meaning in MONTHS}


def _what(one: Word) -> str:
    return Target(one.measure, one.category or TOTAL).key if one.meaning == "figure" else ""


def _tail(code: str) -> str:
    tail = code.rpartition("-")[2]
    return tail if tail != code and tail.isalpha() and len(tail) > 1 else ""
