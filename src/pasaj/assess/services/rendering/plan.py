"""What both kinds of file need beside the report: its words for pages, numbers of tables and figures, links, sizes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import override, pgettext

from pasaj.core.report import Cell, Heading, Picture, Report, Span, Table
from pasaj.core.report.fitting import LANDSCAPE, PORTRAIT, Part, row_height, table_height
from pasaj.core.report.letters import plain

TALLEST = {False: 200.0, True: 115.0}  # of a picture, by whether the page lies on its side
TALL_ROW, SMALL_TABLE = 60.0, 75.0  # millimetres
SHORT = 40  # letters in a cell
_SIZE = re.compile(r'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"')


@dataclass(frozen=True, slots=True)
class Words:
    """What a renderer says by itself, in the language of the report."""

    contents: str
    page: str  # with {number} and {count}
    table: str
    figure: str


@dataclass(slots=True)
class Numbers:
    """Counts tables and figures as they come."""

    words: Words
    _count: dict[str, int] = field(default_factory=dict)

    def next(self, block: Table | Picture) -> tuple[str, int]:
        """The word for a block and its number."""
        word = self.words.table if isinstance(block, Table) else self.words.figure
        self._count[word] = self._count.get(word, 0) + 1
        return word, self._count[word]


def words(language: str) -> Words:
    """In one of the four languages."""
    with override(language):
        return Words(
            contents=pgettext("report", "Contents"),
            page=pgettext("report", "Page {number} of {count}"),
            table=pgettext("report", "Table"),
            figure=pgettext("report", "Figure"),
        )


def targets(report: Report) -> frozenset[str]:
    """The places of a report that a link can lead to: one that is named twice is none."""
    found = Counter(_anchors(report))
    return frozenset(name for name, times in found.items() if times == 1)


def target(span: Span, places: frozenset[str]) -> str:
    """Where a run leads: "#anchor" here, an absolute address, or nothing.

    An address of this system leads somewhere only when it is known under which name others reach it (`PASAJ_URL`).
    """
    if span.address.startswith("#"):
        return span.address if span.address[1:] in places else ""
    if span.address.startswith("https://"):
        return span.address
    if span.address.startswith("/") and not span.address.startswith("//") and settings.PASAJ_URL:
        return f"{settings.PASAJ_URL.rstrip('/')}{span.address}"
    return ""


def ratio(svg: str) -> float:
    """Height of a drawing by its width."""
    size = _SIZE.search(svg)
    if not size or not float(size[1]) or not float(size[2]):
        raise ValueError("a drawing without a viewBox")
    return float(size[2]) / float(size[1])


def picture_width(picture: Picture, landscape: bool) -> float:
    """In millimetres: as asked, unless it would not stand on one page."""
    asked = (LANDSCAPE if landscape else PORTRAIT) * min(1.0, max(0.1, picture.width))
    return round(min(asked, TALLEST[landscape] / ratio(picture.svg)), 2)


def divided(cells: Sequence[Cell], part: Part, size: float) -> bool:
    """Whether a row is so tall that it may go on on the next page."""
    return row_height(cells, part.widths, size) > TALL_ROW


def together(table: Table, part: Part, size: float) -> bool:
    """Whether a table is so small that it stands on one page."""
    return table_height(table, part, size) <= SMALL_TABLE


def level(table: Table) -> bool:
    """Whether its cells are so short that the middle of a row reads best."""
    return all(len(plain(one.spans)) <= SHORT for row in table.rows for one in row)


def _anchors(report: Report) -> Iterator[str]:
    for block in report.blocks:
        if isinstance(block, Heading | Table | Picture) and block.anchor:
            yield block.anchor
