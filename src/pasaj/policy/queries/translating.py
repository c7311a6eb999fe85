"""What a translator needs beside a text: its source now, and what changed in it since it was translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pasaj.core import wording
from pasaj.core.wording import Segment
from pasaj.policy.models import Clause, ClauseRevision, ClauseText


@dataclass(frozen=True, slots=True)
class Source:
    """The text to translate. since: from what was translated to what stands now; empty where nothing changed or nothing
    was translated yet.
    """

    language: str
    text: str
    since: Sequence[Segment] = ()


def source(clause: Clause, language: str, held: ClauseText | None) -> Source | None:
    """The source of a translation; None for the source language itself, or where it says nothing."""
    if language == clause.source_language:
        return None
    found = ClauseText.objects.filter(clause=clause, language=clause.source_language).first()
    if found is None or not found.text:
        return None
    since: Sequence[Segment] = ()
    if held is not None and held.translates and held.translates != found.fingerprint:
        rows = ClauseRevision.objects.filter(
            clause=clause, language=clause.source_language, fingerprint=held.translates
        )
        before = rows.order_by("-number").first()
        since = wording.segments(before.text, found.text) if before else ()
    return Source(clause.source_language, found.text, since)
