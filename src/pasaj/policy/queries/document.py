"""The document of a policy as it reads now: whole or by clause, its history, and what two people's texts differ in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.access.rules import Actor
from pasaj.core import wording
from pasaj.core.report import Block, Heading, Note, Paragraph, Report, Span, Spans, paragraph, spans
from pasaj.core.wording import Merged, Reference, Said, Segment
from pasaj.policy.models import Clause, ClauseDraft, ClauseRevision, ClauseText, Editing, Policy, Suggestion
from pasaj.policy.queries import amounts, references, sections
from pasaj.policy.queries.tree import Entry, outline

__all__ = [
    "Entry",
    "Shown",
    "blocks",
    "compare",
    "conflict",
    "draft_of",
    "editors",
    "history",
    "outline",
    "preview",
    "report",
    "sheet",
]
RECENT = timedelta(minutes=15)
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A clause as it reads in one language. said: its references with what they say; lost: those that lead nowhere.

    missing: it is shown in its source language. stale: that has changed since it was translated.
    """

    entry: Entry
    blocks: tuple[Block, ...]
    language: str
    said: tuple[tuple[Reference, Said], ...] = ()
    lost: tuple[Reference, ...] = ()
    missing: bool = False
    stale: bool = False


def sheet(policy: Policy, language: str, *, everybody: bool = False) -> tuple[Shown, ...]:
    """Every clause in reading order as it reads in a language. A constant number of queries.

    everybody: as readers from outside may read it, without what the cell holds of its evidence.
    """
    row = Policy.objects.get(pk=policy.pk)
    amounts.begin_reading(row)
    entries = outline(row)
    found = {one.clause.pk: wording.find(one.text(language)) for one in entries}
    named = [each for several in found.values() for each in several]
    held = references.said(row, named, language, everybody=everybody)
    with override(language):
        return tuple(_shown(row, one, language, found[one.clause.pk], held, everybody) for one in entries)


def blocks(policy: Policy, language: str, *, marks: bool = False) -> tuple[Block, ...]:
    """The whole document as blocks of a report. marks: say where a translation is missing or old."""
    found: list[Block] = []
    for one in sheet(policy, language):
        found += _marks(one) if marks else ()
        found += one.blocks
    return tuple(found)


def report(policy: Policy, language: str, *, label: str = "", marks: bool = True) -> Report:
    """The document as a report, for PDF and Word. `label`: stands on every page; a draft says that it is one."""
    with override(language):
        said = label or _("Draft")
        if policy.simulated:
            said += " · " + _("Demonstration figures")
        title = policy.names.get(language) or str(policy)
        subtitle = _("{first} to {last}").format(first=policy.first_date.year, last=policy.last_date.year)
    return Report(policy.code, title, subtitle, language, blocks(policy, language, marks=marks), said)


def preview(clause: Clause, language: str, text: str) -> tuple[Block, ...]:
    """How a text would read, with its references as they stand."""
    found = wording.find(text)
    held = references.said(clause.policy, found, language)
    if clause.is_head:
        return (Heading(2, " ".join(text.split()) or "–", "preview"),)
    return wording.parse(text, lambda one: _said(one, held))


# --- One clause --------------------------------------------------------------------------------


def history(clause: Clause, language: str) -> QuerySet[ClauseRevision]:
    """The revisions of a text, the newest first."""
    return ClauseRevision.objects.filter(clause=clause, language=language).order_by("-number")


def compare(
    clause: Clause, language: str, old: int, new: int
) -> tuple[ClauseRevision, ClauseRevision, Sequence[Segment]] | None:
    """Two revisions of a text and what changed from the one to the other; None when one is not there."""
    found = {one.number: one for one in history(clause, language).filter(number__in={old, new})}
    if old not in found or new not in found:
        return None
    return found[old], found[new], wording.segments(found[old].text, found[new].text)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two changes of one text. mine, theirs: what each changed of the base. merged: both together, as a proposal."""

    base: str
    theirs: ClauseText
    text: str
    from_base_to_mine: Sequence[Segment]
    from_base_to_theirs: Sequence[Segment]
    merged: Merged

    @property
    def proposal(self) -> str:
        """The merged text; where both changed the same words, one's own."""
        return self.merged.proposal("mine")


def conflict(clause: Clause, language: str, seen: int, text: str) -> Conflict | None:
    """What somebody typed over revision `seen`, beside what stands now; None where nothing stands."""
    theirs = ClauseText.objects.filter(clause=clause, language=language).first()
    if theirs is None:
        return None
    base = history(clause, language).filter(number=seen).values_list("text", flat=True).first() or ""
    mine = wording.normal(text)
    return Conflict(
        base, theirs, mine, wording.segments(base, mine), wording.segments(base, theirs.text),
        wording.merge(base, mine, theirs.text),
    )  # fmt: skip


def draft_of(clause: Clause, language: str, actor: Actor) -> ClauseDraft | None:
    """What the actor typed and has not saved."""
    return ClauseDraft.objects.filter(clause=clause, language=language, owner_id=actor.id or 0).first()


def editors(clause: Clause, actor: Actor, now: datetime) -> list[Editing]:
    """Others who have this clause open, in any language, seen in the last fifteen minutes."""
    rows = Editing.objects.filter(clause=clause, seen_at__gte=now - RECENT).exclude(owner_id=actor.id or 0)
    return list(rows.order_by("since_at"))


def suggestions(clause: Clause) -> QuerySet[Suggestion]:
    """The suggestions for a clause: those that wait first, then the newest."""
    return clause.suggestions.order_by("-state", "-created_at", "-pk")


# --- Inside ------------------------------------------------------------------------------------


def _shown(
    row: Policy, one: Entry, language: str, found: Sequence[Reference], held: dict[str, Said], everybody: bool
) -> Shown:
    there = language in one.texts or not one.is_missing(language)
    return Shown(
        entry=one,
        blocks=tuple(_drawn(row, one, language, held, everybody)),
        language=language if there else one.clause.source_language,
        said=tuple((each, held[each.key]) for each in found if each.key in held),
        lost=tuple(each for each in found if each.key not in held),
        missing=one.is_missing(language),
        stale=one.is_stale(language),
    )


def _drawn(row: Policy, one: Entry, language: str, held: dict[str, Said], everybody: bool) -> list[Block]:
    clause, text = one.clause, one.text(language)
    if clause.is_head:
        words = f"{_annex(one)} {text}" if clause.kind == Clause.Kind.ANNEX else f"{one.reading_number} {text}"
        return [Heading(min(one.depth, DEEPEST), words, clause.code)]
    made: list[Block] = list(wording.parse(text, lambda each: _said(each, held)))
    if made:
        made = _numbered(one, made)
    if clause.kind == Clause.Kind.MEASURES:
        made += sections.measures(row, clause.theme, language)
    elif clause.kind == Clause.Kind.TABLE and everybody and clause.part in sections.HELD:
        made += sections.empty(_("The cell holds this part; it is not public."))
    elif clause.kind == Clause.Kind.TABLE:
        made += _part(row, clause, language)
    return made


def _part(row: Policy, clause: Clause, language: str) -> Sequence[Block]:
    if clause.part in sections.THEME_SECTIONS:
        themes = [clause.theme] if clause.theme else list(row.themes.order_by("number"))
        return [each for theme in themes for each in sections.THEME_SECTIONS[clause.part](row, theme, language)]
    if clause.part in sections.SECTIONS:
        return sections.SECTIONS[clause.part](row, language)
    return (Note("caution", spans(_("This part is not known here: {part}.").format(part=clause.part))),)


def _annex(one: Entry) -> str:
    return _("Annex {letter}.").format(letter=one.number) if one.depth == 1 else one.reading_number


def _numbered(one: Entry, made: list[Block]) -> list[Block]:
    """The number of a clause before its words, so that it can be cited."""
    number = Span(f"{one.number} ", strong=True)
    first = made[0]
    if isinstance(first, Paragraph):
        return [Paragraph((number, *first.spans)), *made[1:]]
    return [paragraph(Span(one.number, strong=True)), *made]


def _said(one: Reference, held: dict[str, Said]) -> Spans:
    found = held.get(one.key)
    if found is None:
        return (Span(one.written, code=True),)
    return (Span(found.text, address=found.address),)


def _marks(one: Shown) -> Sequence[Block]:
    if one.missing:
        return (Note("caution", spans(_("Not translated yet: {code}.").format(code=one.entry.clause.short))),)
    if one.stale:
        said = _("{code}: the text that this translates has changed since.")
        return (Note("caution", spans(said.format(code=one.entry.clause.short))),)
    return ()
