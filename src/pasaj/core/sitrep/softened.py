"""Counts as words of size, for what may be passed on: no digit of a count is left.

Until disclosure control exists, own counts leave the circle of named partners as words only.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# What is no count: dates, hours and codes. As in share's gate, which has the last word.
_HARMLESS = (
    r"\d{4}-\d{2}-\d{2}(?:T[\d:.+Z-]*)?|\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b|\b\d{1,2}[:h]\d{2}\b|\b(?:19|20)\d{2}\b"
    r"|\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b"
)
_NUMBER = re.compile(
    rf"(?P<kept>{_HARMLESS})"
    r"|(?P<number>\d+(?:[\u00a0\u202f .,]\d{3}(?!\d))*(?:[.,]\d+)?)(?P<share>[\u00a0\u202f ]?%)?"
)


def magnitude(value: float) -> str:
    """The size of a count: "none", "few" (below ten), "tens", "hundreds", "thousands" or "many" (ten thousand on)."""
    for limit, said in ((1, "none"), (10, "few"), (100, "tens"), (1000, "hundreds"), (10000, "thousands")):
        if value < limit:
            return said
    return "many"


def softened(text: str, say: Callable[[str], str]) -> str:
    """The text with each number as a word of its size; `say`: the word for a magnitude, or for "share" (per cent)."""

    def replaced(found: re.Match[str]) -> str:
        if found["kept"]:
            return found["kept"]
        if found["share"]:
            return say("share")
        return say(magnitude(_value(found["number"])))

    return _NUMBER.sub(replaced, text)


def _value(written: str) -> float:
    """A number as people write it: groups of three are thousands, one or two digits after the last mark a fraction."""
    whole = re.sub(r"[\u00a0\u202f .,](?=\d{3}(?!\d))", "", written)
    return float(whole.replace(",", "."))
