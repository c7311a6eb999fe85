"""The blocks of a report. Words in them are in the language of the report; nothing is drawn or translated later."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. `address`: where it leads, a path of this system ("/trace/A1-F07/"), a "#anchor" here, or "https://…"."""

    text: str
    strong: bool = False
    code: bool = False
    address: str = ""
    emphasis: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """level 1 (part), 2 (section) or 3. `anchor`: unique in the report, letters, digits and hyphens."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Items:
    """A list. `inner`: empty, or for each item the list under it or None."""

    items: tuple[Spans, ...]
    numbered: bool = False
    inner: tuple[Items | None, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError: inner lists that do not fit the items."""
        if self.inner and len(self.inner) != len(self.items):
            raise ValueError("as many inner lists as items, or none")

    @property
    def rows(self) -> tuple[tuple[Spans, Items | None], ...]:
        """Each item with the list under it."""
        return tuple(zip(self.items, self.inner or (None,) * len(self.items), strict=True))


@dataclass(frozen=True, slots=True)
class Note:
    """A box beside the text. tone: "info", "caution" or "simulated"."""

    tone: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, as on a title page."""

    rows: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """width: relative to the others. align: "start", "end", "centre". `turned`: the title stands upright."""

    title: str
    width: float = 1.0
    align: str = "start"
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """tone: a shade by meaning, never the only carrier of it ("s0" to "s4" for points of the scale, "lead", "support",
    "consulted", "informed", "gap", "good", "caution", "bad", "muted"); empty: none.
    """

    spans: Spans
    tone: str = ""
    head: bool = False  # names its row


@dataclass(frozen=True, slots=True)
class Table:
    """Rows have one cell a column. `keep`: how many first columns are said again where a wide table is cut in parts."""

    caption: str
    source: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keep: int = 1
    anchor: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError: a row with more or fewer cells than there are columns."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.caption}: a row does not fit its columns")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG text. `alternative`: what it says to those who do not see it. width: share of the text's."""

    caption: str
    source: str
    svg: str
    alternative: str
    width: float = 1.0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Items | Note | Facts | Table | Picture | PageBreak


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `facts`: the lines of its title page. `label`: says on every page what must not be missed.

    `brief`: of a few pages, so that its title stands above the text and no table of contents follows.
    """

    code: str
    title: str
    subtitle: str
    language: str
    blocks: tuple[Block, ...]
    label: str = ""
    facts: Facts = field(default_factory=lambda: Facts(()))
    brief: bool = False


def spans(*parts: str | Span) -> Spans:
    """Runs of text from plain words and spans."""
    return tuple(Span(one) if isinstance(one, str) else one for one in parts)


def paragraph(*parts: str | Span) -> Paragraph:
    """A paragraph from plain words and spans."""
    return Paragraph(spans(*parts))


def cell(*parts: str | Span, tone: str = "", head: bool = False) -> Cell:
    """A cell from plain words and spans."""
    return Cell(spans(*parts), tone, head)
