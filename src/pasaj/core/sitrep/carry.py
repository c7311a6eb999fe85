"""Texts of a new situation report: what people wrote last time goes on, and says so until somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping

PARTS = ("headline", "situation", "response", "needs", "next")
FRESH = frozenset({"headline", "situation"})
"""Parts that speak of the period: written from its facts each time, never carried over."""
DRAFTED, CARRIED, EDITED = "drafted", "carried", "edited"
Texts = Mapping[str, Mapping[str, str]]


def carry(
    drafted: Texts, last: Texts, marks: Texts
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:  # fmt: skip
    """The texts of a new report and how each came about.

    drafted: by language and part, from the facts; says which languages there are. last, marks: those of the report
    before. What a person wrote there (edited, or carried over already) is carried over, outside FRESH.
    """
    texts: dict[str, dict[str, str]] = {}
    said: dict[str, dict[str, str]] = {}
    for language, made in drafted.items():
        texts[language], said[language] = {}, {}
        for part in PARTS:
            before = last.get(language, {}).get(part, "")
            own = marks.get(language, {}).get(part, DRAFTED) != DRAFTED
            carried = bool(before) and own and part not in FRESH
            texts[language][part] = before if carried else made[part]
            said[language][part] = CARRIED if carried else DRAFTED
    return texts, said
