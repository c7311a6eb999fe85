"""The clauses of a document in reading order, with their numbers: a constant number of queries, whatever its size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from pasaj.core import wording
from pasaj.policy.models import Clause, ClauseText, Policy
from pasaj.registry.models import localised


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause where it stands. depth: 1 on the first level. number: "2.1", "A.1". texts: by language.

    suggested: how many suggestions wait for an answer.
    """

    clause: Clause
    depth: int
    number: str
    texts: Mapping[str, ClauseText]
    suggested: int = 0

    def text(self, language: str) -> str:
        """What it says in a language, in its source language where it says nothing there."""
        said = self.texts.get(language) or self.texts.get(self.clause.source_language)
        return said.text if said else ""

    def is_missing(self, language: str) -> bool:
        """Whether the source text has no translation."""
        source = self.texts.get(self.clause.source_language)
        return bool(source and source.text) and language not in self.texts

    def is_stale(self, language: str) -> bool:
        """Whether the source text has changed since it was translated."""
        source, said = self.texts.get(self.clause.source_language), self.texts.get(language)
        if source is None or said is None or language == self.clause.source_language:
            return False
        return said.translates != source.fingerprint

    @property
    def title(self) -> str:
        """Its words in short, in the language that is active."""
        said = localised({key: one.text for key, one in self.texts.items()})
        text = " ".join(wording.plain(wording.hidden(said)).split())
        return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + " …"

    @property
    def reading_number(self) -> str:
        """As it stands before a heading: "2." or "2.1"."""
        return self.number if "." in self.number else f"{self.number}."


def outline(policy: Policy) -> tuple[Entry, ...]:
    """Every standing clause in reading order. What stands under something withdrawn does not stand."""
    rows = policy.clauses.filter(withdrawn_at=None).select_related("theme", "parent")
    rows = rows.annotate(waiting=Count("suggestions", filter=Q(suggestions__state="open")))
    below: dict[int | None, list[Clause]] = {}
    for one in sorted(rows.prefetch_related("texts", "measures", "objectives"), key=lambda one: (one.place, one.pk)):
        one.policy = policy
        below.setdefault(one.parent_id, []).append(one)
    return tuple(_entries(below, None, "", 1))


def _entries(
    below: Mapping[int | None, Sequence[Clause]], parent: int | None, above: str, depth: int
) -> Iterator[Entry]:
    numbers = annexes = 0
    for one in below.get(parent, ()):
        if one.kind == Clause.Kind.ANNEX and depth == 1:
            annexes += 1
            number = _letters(annexes)
        else:
            numbers += 1
            number = f"{above}{numbers}"
        texts = {each.language: each for each in one.texts.all()}
        yield Entry(one, depth, number, texts, getattr(one, "waiting", 0))
        yield from _entries(below, one.pk, f"{number}.", depth + 1)


def _letters(number: int) -> str:
    """A to Z, AA, AB, …"""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
