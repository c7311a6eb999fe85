"""Two versions of a document, or one and what stands now, as clauses between which a Word file records the changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.core import wording
from pasaj.core.word import Cover, DocumentId, WordClause
from pasaj.core.wording import Said
from pasaj.policy.models import Clause, Policy, Version
from pasaj.policy.queries import references
from pasaj.policy.queries.tree import outline

DEEPEST = 3
HEADS = frozenset({Clause.Kind.HEADING, Clause.Kind.ANNEX})


def of_version(version: Version, language: str) -> list[WordClause]:
    """The clauses of a version in a language, with what their references said when it was published."""
    said: dict[str, dict[str, Said]] = {}
    for one in version.content["references"]:
        if one["language"] == language:
            said.setdefault(one["clause"], {})[one["key"]] = Said(one["text"])
    rows, source = version.content["clauses"], version.policy.source_language
    return _clauses(
        (one["code"], one["kind"], one["level"], one["number"],
         one["texts"].get(language) or one["texts"].get(source, ""), said.get(one["code"], {}))
        for one in rows
    )  # fmt: skip


def of_now(policy: Policy, language: str) -> list[WordClause]:
    """The clauses as they stand, with what their references say now."""
    entries = outline(policy)
    found = [each for one in entries for each in wording.find(one.text(language))]
    held = references.said(policy, found, language)
    return _clauses(
        (one.clause.code, one.clause.kind, one.depth, one.number, one.text(language), held) for one in entries
    )


def _clauses(rows: Iterable[tuple[str, str, int, str, str, Mapping[str, Said]]]) -> list[WordClause]:
    found = []
    for code, kind, level, number, source, held in rows:
        text = wording.filled(source, held)
        head = kind in HEADS
        title, body = (" ".join(text.split()), "") if head else ("", text)
        if text:
            found.append(WordClause(code, 0, body, title, min(level, DEEPEST), number))
    return found


def cover(version: Version, end: Version | None, language: str) -> Cover:
    """The first page: from which version to which, and how to read it."""
    policy = version.policy
    with override(language):
        to = end.code if end else _("what stands now")
        facts = ((_("Institution"), str(policy.institution)), (_("From"), version.code), (_("To"), to))
        return Cover(
            title=policy.names.get(language) or str(policy),
            subtitle=_("Recorded changes from {old} to {new}").format(old=version.code, new=to),
            label=_("Demonstration figures") if policy.simulated else "",
            facts=facts,
            how_title=_("How to read it"),
            how=(
                _("What was taken out and put in stands as recorded changes."),
                _("Accepting all of them gives the newer text, refusing all of them the older one."),
                _("Parts drawn from data are not in it: the page “What changed” tells what became of them."),
            ),
            clause=_("Clause"),
            page=_("Page {number} of {count}"),
        )


def document_id(version: Version, language: str) -> DocumentId:
    """Which document the file is."""
    return DocumentId(version.policy.code, "", language, version.number)


def languages(version: Version, end: Version | None, policy: Policy) -> Sequence[str]:
    """Those in which both ends have texts."""
    later: Sequence[Any] = end.languages if end else policy.languages
    return [one for one in version.languages if one in later]
