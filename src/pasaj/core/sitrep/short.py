"""The short text for a chat: whole lines within a number of characters, the least needed left out first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """rank: 0 is always kept; of the others the highest goes first, of equals the last."""

    text: str
    rank: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """The text, and how many lines were left out."""

    text: str
    left_out: int


def fit(lines: Sequence[Line], limit: int, more: str) -> Fitted:
    """Lines joined within `limit` characters (as len counts them); `more` is the last line where some were left out.

    What is still too long is cut at a space and ends in an ellipsis. Raises ValueError: a limit below 40.
    """
    if limit < 40:
        raise ValueError("no room for a text")
    kept = [one for one in lines if one.text.strip()]
    count = len(kept)
    while True:
        left = count - len(kept)
        text = "\n".join([*(one.text for one in kept), *([more] if left else [])])
        spare = [at for at, one in enumerate(kept) if one.rank > 0]
        if len(text) <= limit or not spare:
            return Fitted(_cut(text, limit), left)
        kept.pop(max(spare, key=lambda at: (kept[at].rank, at)))


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    end = max(head.rfind(" "), head.rfind("\n"))
    return (head[:end] if end > 0 else head).rstrip() + "…"
