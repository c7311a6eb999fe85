"""The nearest known word to a mistyped one, at a bounded cost."""

from bisect import bisect_left
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from pasaj.core.nearest import fold

LOOKUPS = 200
"""Suggestions looked up per vocabulary: after so many different mistakes a file is wrong as a whole."""
WINDOW = 200
"""Neighbours in alphabetical order that are compared on either side of a mistyped word."""
CUTOFF = 0.6


class Vocabulary:
    """Words to suggest from. Sorted once; a lookup compares at most 2 x WINDOW of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._plain = {fold(word): word for word in sorted(words, reverse=True)}
        self._sorted = sorted(self._plain)
        self._seen: dict[str, str] = {}

    def nearest(self, word: str) -> str:
        """The most similar word, or an empty text when none is similar enough (or too many were asked)."""
        if word not in self._seen:
            if len(self._seen) >= LOOKUPS:
                return ""
            self._seen[word] = self._look(fold(word[:80]))
        return self._seen[word]

    def _look(self, bare: str) -> str:
        if bare in self._plain:
            return self._plain[bare]
        at = bisect_left(self._sorted, bare)
        near = self._sorted[max(0, at - WINDOW) : at + WINDOW]
        found = get_close_matches(bare, near, n=1, cutoff=CUTOFF)
        return self._plain[found[0]] if found else ""


@lru_cache(maxsize=4096)
def nearest(word: str, words: tuple[str, ...]) -> str:
    """The word of a short list most similar to `word`, or an empty text."""
    return Vocabulary(words).nearest(word)
