"""A Word file that came back, before anything of it is stored: what it is and what would land where."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.core import word, wording
from pasaj.core.problems import Refused, problem
from pasaj.core.word import Item, Landing, WordClause
from pasaj.core.word.blocks import blocks, markdown
from pasaj.policy.models import AskedClause, ClauseRevision, Comment, Consultation
from pasaj.policy.queries import asking, consultation

SUGGESTION, COMMENT, TRAY = "suggestion", "comment", "tray"
SORTS = {"deleted": Comment.Sort.DELETE, "moved": Comment.Sort.MOVE, "new": Comment.Sort.NEW, "edit": Comment.Sort.TEXT}
KINDS = {
    "edit": N_("Other words"),
    "deleted": N_("Deleted"),
    "moved": N_("Moved"),
    "new": N_("New clause"),
    "comment": N_("Comment"),
    "unmatched": N_("No place found"),
}
DOUBTS = {
    "bookmark": N_("The clause was found by its words: its mark is gone from the file."),
    "revision": N_("The file names a revision that is not known here: compared with what was asked."),
    "words": N_("These are not the words that were sent."),
    "silent": N_("The same words were also changed without a record."),
    "gone": N_("The clause is not in the file any more, and no record says that it was deleted."),
    "place": N_("Found by the words that the comment quotes."),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds. names: of the authors in the file, for this page alone; items name them by number.

    same: how many clauses nothing happened to. older: it is a reply to another round of the same policy.
    """

    language: str
    sha256: str
    size: int
    items: Sequence[Item]
    names: Sequence[str]
    same: int
    older: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(sorted(Counter(one.kind for one in self.items).items()))

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it, without the names."""
        return {
            "language": self.language, "sha256": self.sha256, "size": self.size, "same": self.same,
            "older": self.older, "items": [asdict(one) for one in self.items],
        }  # fmt: skip


def of_plain(plain: Mapping[str, Any]) -> Preview:
    """Read back what `plain` wrote."""
    items = [item(one) for one in plain["items"]]
    return Preview(
        plain["language"], plain["sha256"], plain["size"], items, (), plain["same"], plain["older"],
    )  # fmt: skip


def item(plain: Mapping[str, Any]) -> Item:
    """An item as JSON kept it."""
    return Item(**{**plain, "authors": tuple(plain["authors"])})


def preview(row: Consultation, data: bytes) -> Preview:
    """What a file holds and where it would land. Nothing is stored.

    Raises Refused: CONS-001 to 008 (no reply), 009 (not one of ours), 010 (another document), 023 (taken in already),
    030 (it says nothing).
    """
    sha256 = hashlib.sha256(data).hexdigest()
    taken = row.replies.filter(sha256=sha256).first()
    if taken is not None:
        raise Refused(problem("CONS-023", code=taken.code))
    reply = word.passages(data)
    asked = consultation.asked(row)
    older = _which(row, reply)
    language = _language(row, asked, reply)
    sent = asking.word_clauses(asked, language)
    front = word.front(asking.cover(row, language))
    other = consultation.find(older) if older else None
    if other is not None:
        front += word.front(asking.cover(other, language))
    landing = word.land(sent, reply, front, _earlier(row, language, reply))
    if not landing.items:
        raise Refused(problem("CONS-030"))
    items, names = _numbered(landing)
    return Preview(language, sha256, len(data), items, names, len(landing.same), older)


def goes(one: Item, asked: Mapping[str, AskedClause]) -> str:
    """Where an item goes: a suggested text, a comment, or the tray, where a person decides."""
    if one.doubt or one.kind == "unmatched" or (one.clause and one.clause not in asked):
        return TRAY
    if one.kind == "edit" and not asked[one.clause].fixed:
        return SUGGESTION
    return COMMENT


def restored(said: Mapping[str, Any], proposed: str) -> str:
    """A proposed text with the references of the clause in place of what they said, where those words still stand."""
    if not wording.find(said["source"]):
        return proposed
    shown, source = (markdown(blocks(text)) for text in (said["text"] or said["title"], said["source"]))
    return wording.merge(shown, proposed, source).proposal("mine")


def _which(row: Consultation, reply: word.Reply) -> str:
    """The round that a reply is to, "" for this one. Raises Refused: CONS-009, 010."""
    found = reply.document
    known = set(row.asked.values_list("clause__code", flat=True))
    if found is None:
        named = [one for one in reply.passages if (anchor := word.anchored(one.clause)) and anchor.code in known]
        lines = [one for one in reply.passages if set(one.plain.split()) & known and "rev. " in one.plain]
        if not named and not lines:
            raise Refused(problem("CONS-009"))
        return ""
    if found.policy != row.policy.code:
        raise Refused(problem("CONS-010", found=found.round or found.policy, expected=row.code))
    return "" if found.round == row.code else found.round


def _language(row: Consultation, asked: Sequence[AskedClause], reply: word.Reply) -> str:
    """The language of a reply: as it says, else the one whose words it was sent with."""
    there = asking.languages(asked, row.policy)
    if reply.document is not None and reply.document.language in there:
        return reply.document.language
    marks = {anchor.mark for one in reply.passages if (anchor := word.anchored(one.clause))}
    counts = {one: sum(clause.mark in marks for clause in asking.word_clauses(asked, one)) for one in there}
    return max(there, key=lambda one: (counts[one], -there.index(one)))


def _earlier(row: Consultation, language: str, reply: word.Reply) -> dict[tuple[str, int], WordClause]:
    """Other revisions that the bookmarks of a reply name: as another round asked them, else as they were written."""
    anchors = [anchor for one in reply.passages if (anchor := word.anchored(one.clause))]
    wanted = {(one.code, one.revision) for one in anchors}
    found: dict[tuple[str, int], WordClause] = {}
    revisions = ClauseRevision.objects.filter(
        clause__policy=row.policy, language=language, clause__code__in={code for code, _ in wanted}
    ).select_related("clause")
    for one in revisions:
        if (one.clause.code, one.number) in wanted:
            title, text = (one.text, "") if one.clause.is_head else ("", one.text)
            found[one.clause.code, one.number] = WordClause(one.clause.code, one.number, text, title)
    others = AskedClause.objects.filter(consultation__policy=row.policy).exclude(consultation=row)
    for sent in asking.word_clauses(list(others.select_related("clause").order_by("pk")), language):
        if (sent.code, sent.revision) in wanted:
            found[sent.code, sent.revision] = sent
    return found


def _numbered(landing: Landing) -> tuple[list[Item], list[str]]:
    """The items with the numbers of their authors in place of the names, and the names."""
    names: dict[str, str] = {}
    for one in landing.items:
        for name in one.authors:
            names.setdefault(name, str(len(names) + 1))
    return [replace(one, authors=tuple(names[name] for name in one.authors)) for one in landing.items], list(names)
