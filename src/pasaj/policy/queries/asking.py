"""What a round asks about: clauses as they stand when it opens, and as plain values for the Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.core import wording
from pasaj.core.report import Items, Paragraph
from pasaj.core.word import Cover, DocumentId, WordClause
from pasaj.policy.models import AskedClause, Clause, Consultation, Policy
from pasaj.policy.queries import references, sections
from pasaj.policy.queries.tree import Entry, outline
from pasaj.registry.models import localised

DEEPEST = 3


def frozen(policy: Policy) -> Iterator[Mapping[str, Any]]:
    """Every clause that says something, in reading order, as the fields of an `AskedClause`."""
    place = 0
    entries = outline(policy)
    held = {language: _said(policy, entries, language) for language in policy.languages}
    for one in entries:
        texts = {
            language: found
            for language in policy.languages
            if (found := _text(policy, one, language, held[language])) is not None
        }
        if texts:
            place += 1
            yield {
                "clause": one.clause, "place": place, "number": one.number, "level": min(one.depth, DEEPEST),
                "head": one.clause.is_head, "fixed": one.clause.kind == Clause.Kind.MEASURES, "texts": texts,
            }  # fmt: skip


def _said(policy: Policy, entries: Sequence[Entry], language: str) -> Mapping[str, wording.Said]:
    found = [each for one in entries for each in wording.find(one.text(language))]
    return references.said(policy, found, language)


def _text(policy: Policy, one: Entry, language: str, held: Mapping[str, wording.Said]) -> dict[str, Any] | None:
    row = one.texts.get(language)
    source = row.text if row else ""
    shown = wording.filled(source, held)
    if one.clause.kind == Clause.Kind.MEASURES:
        with override(language):
            drawn = sections.measures(policy, one.clause.theme, language)
        rest = wording.write([each for each in drawn if isinstance(each, Items | Paragraph)])
        shown = "\n\n".join(part for part in (shown, rest) if part)
    if not shown:
        return None
    title, text = (" ".join(shown.split()), "") if one.clause.is_head else ("", shown)
    return {"title": title, "text": text, "source": source, "revision": row.revision if row else 0}


def languages(asked: Sequence[AskedClause], policy: Policy) -> list[str]:
    """The languages of the policy in which anything is asked."""
    there = {language for one in asked for language in one.texts}
    return [one for one in policy.languages if one in there]


def word_clauses(asked: Sequence[AskedClause], language: str) -> list[WordClause]:
    """The clauses of a round as they go into its Word file."""
    return [
        WordClause(
            one.clause.code, said["revision"], said["text"], said["title"], one.level, one.number,
        )
        for one in asked
        if (said := one.texts.get(language)) is not None
    ]  # fmt: skip


def document_id(row: Consultation, language: str) -> DocumentId:
    """Which document the Word file of a round is."""
    return DocumentId(row.policy.code, row.code, language, row.number)


def cover(row: Consultation, language: str) -> Cover:
    """The first page of the Word file of a round, in the language of the file."""
    with override(language):
        institutions = ", ".join(str(one) for one in row.institutions.order_by("code"))
        facts = (
            (_("Asked"), institutions),
            (_("Answer until"), formats.date_format(row.last_date)),
            (_("Round"), row.code),
            (_("About"), localised(row.about_text, language) if row.about_text else ""),
        )
        return Cover(
            title=localised(row.policy.names, language),
            subtitle=localised(row.names, language),
            label=_("Simulated: for demonstration and exercise.") if row.simulated else "",
            facts=tuple((name, " ".join(value.split())) for name, value in facts if value),
            how_title=_("How to reply"),
            how=(
                _("Write your changes into the text itself. Changes are recorded: leave that switched on."),
                _("Comments in the margin are welcome: mark the words they are about."),
                _("For a new clause, write a paragraph of its own between two clauses, with a heading if you like."),
                _("To move a clause, cut it out with the line of its code and put it where it belongs."),
                _("Leave the grey line with the code above each clause as it is."),
                _("Do not name persons in what you write. Your own name is not kept, your institution's is."),
                _("Save the file as a Word document (.docx) and send it back, or upload it on the page of the round."),
            ),
            clause=_("Clause"),
            page=_("Page {number} of {count}"),
        )
