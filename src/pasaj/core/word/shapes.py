"""What goes into a Word file for a consultation and what comes back out of it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pasaj.core.report import Span

Paragraph = Literal["heading", "text", "bullet", "number"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `level` is the depth of a heading (1 to 3) or of an item of a list (0, 1)."""

    kind: Paragraph
    spans: tuple[Span, ...]
    level: int = 0

    @property
    def plain(self) -> str:
        """Its words alone."""
        return "".join(one.text for one in self.spans)


@dataclass(frozen=True, slots=True)
class WordClause:
    """A clause as it is sent: `text` in the Markdown subset, `level` of its heading 1 to 3, `number` as printed."""

    code: str
    revision: int
    text: str
    title: str = ""
    level: int = 2
    number: str = ""

    @property
    def mark(self) -> str:
        """Six hexadecimal letters that change with the words."""
        return mark(self.title, self.text)


@dataclass(frozen=True, slots=True)
class DocumentId:
    """Which document this is: code of the policy, of the round, language and version."""

    policy: str
    round: str
    language: str
    version: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page and what stands on every one, in the language of the document.

    `how` are paragraphs that tell how to reply; `clause` is the word before the code of a clause.
    """

    title: str
    subtitle: str = ""
    label: str = ""
    facts: Sequence[tuple[str, str]] = ()
    how_title: str = ""
    how: Sequence[str] = ()
    clause: str = ""
    page: str = "{number}/{count}"


@dataclass(frozen=True, slots=True)
class Touch:
    """A change recorded by the word processor: `kind` is ins, del, moveFrom or moveTo, `at` as written in the file."""

    kind: str
    author: str
    at: str = ""

    @property
    def adds(self) -> bool:
        return self.kind in {"ins", "moveTo"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a reply with the changes around it, outermost first."""

    text: str
    touches: tuple[Touch, ...] = ()
    strong: bool = False
    emphasis: bool = False
    address: str = ""


@dataclass(slots=True)
class Passage:
    """A paragraph of a reply, or the part of it that belongs to one clause.

    `clause` is the name of the bookmark around it ("" outside all), `ending` the changes to its end: a deleted end
    joins it to the next, an inserted one was not there before. `label` says that it is the line with a clause's
    code. `where` is body or box. `joined`: the next passage stood in the same paragraph.
    """

    clause: str
    kind: Paragraph
    level: int = 0
    pieces: list[Piece] = field(default_factory=list)
    ending: tuple[Touch, ...] = ()
    label: str = ""
    where: str = "body"
    joined: bool = False

    @property
    def plain(self) -> str:
        """All words, inserted and deleted ones too."""
        return "".join(one.text for one in self.pieces)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin: its words, the words it hangs on, and the number of the passage that it begins in."""

    number: str
    author: str
    at: str
    text: str
    quoted: str
    passage: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as read: which document it says it is, the paragraphs in order, and the comments."""

    document: DocumentId | None
    passages: tuple[Passage, ...]
    remarks: tuple[Remark, ...]


def squeezed(text: str) -> str:
    """The words with one blank between them: what a word processor does to blanks is no change."""
    text = unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\u200b", "")
    return " ".join(text.split())


def mark(title: str, text: str) -> str:
    """Six hexadecimal letters of the SHA-256 of a clause's words."""
    said = f"{squeezed(title)}\n{squeezed(text)}"
    return hashlib.sha256(said.encode()).hexdigest()[:6]
