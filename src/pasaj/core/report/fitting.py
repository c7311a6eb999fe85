"""How a report is laid on paper: which tables need a page on its side, where one is cut, how wide its columns are.

One plan serves the PDF and the Word file. Lengths are in millimetres, sizes of letters in points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby

from pasaj.core.report.blocks import Block, Cell, Heading, Note, PageBreak, Paragraph, Report, Table
from pasaj.core.report.letters import POINT, UNBROKEN, measure, plain

PORTRAIT, LANDSCAPE = 166.0, 253.0
"""Width of the text on A4 with margins of 22 mm."""
SIZES = (9.0, 8.0)
SMALLEST = 7.5
ROW_AIR = 2.6
PADDING = 3.2  # left and right of a cell, together
BEFORE, BETWEEN = 700, 1400
"""So many letters may go on a page on its side with the table they introduce, or between two such tables."""
FEW = 13
HYPHENATED = {"fr": 15, "en": 15, "es": 15}  # letters that stay together where words are divided


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns of a table side by side: their positions, and their widths."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table stands: on a page on its side or not, in letters of which size, in how many parts."""

    landscape: bool
    size: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that stand on pages of one direction, each table with how it stands."""

    landscape: bool
    blocks: tuple[tuple[Block, Layout | None], ...]


def layout(table: Table, language: str) -> Layout:
    """Upright if it fits, else on its side, else on its side and cut in parts that repeat the first `keep` columns."""
    for landscape, room in ((False, PORTRAIT), (True, LANDSCAPE)):
        for size in SIZES if not landscape else (*SIZES, SMALLEST):
            least = _least(table, size, language)
            if sum(least) <= room:
                whole = tuple(range(len(least)))
                return Layout(landscape, size, (Part(whole, _widths(table, whole, least, room)),))
    least = _least(table, SIZES[-1], language)
    return Layout(True, SIZES[-1], tuple(_cut(table, least, LANDSCAPE)))


def row_height(cells: Sequence[Cell], widths: Sequence[float], size: float) -> float:
    """About how tall a row is."""
    lines = (
        math.ceil(1.08 * measure(plain(one.spans), size) / (width - PADDING))
        for one, width in zip(cells, widths, strict=True)
    )
    return max(1, *lines, 0) * 1.25 * size * POINT + ROW_AIR


def table_height(table: Table, part: Part, size: float) -> float:
    """About how tall one part of a table is, without its titles."""
    return sum(row_height([row[at] for at in part.columns], part.widths, size) for row in table.rows)


def sections(report: Report) -> tuple[Section, ...]:
    """The blocks in runs of one direction of the page; what introduces a table on its side goes with it.

    Page breaks beside a change of direction are left out: the change is one.
    """
    blocks = [(one, layout(one, report.language) if isinstance(one, Table) else None) for one in report.blocks]
    turned = {at for at, (_, shape) in enumerate(blocks) if shape and shape.landscape}
    for at in sorted(turned):
        turned.update(range(_introduction(report.blocks, at, turned), at))
    runs = [list(run) for _, run in groupby(range(len(blocks)), key=turned.__contains__)]
    found = []
    for at, run in enumerate(runs):
        if at > 0:
            run = list(dropwhile(lambda one: isinstance(report.blocks[one], PageBreak), run))
        if at < len(runs) - 1:
            run = list(dropwhile(lambda one: isinstance(report.blocks[one], PageBreak), reversed(run)))[::-1]
        if run:
            found.append(Section(run[0] in turned, tuple(blocks[one] for one in run)))
    return tuple(found)


def _least(table: Table, size: float, language: str) -> list[float]:
    """The width below which a column is no longer read with ease: its longest word, more where there is much text."""
    longest = HYPHENATED.get(language, UNBROKEN)
    found = []
    for at, column in enumerate(table.columns):
        texts = [plain(row[at].spans) for row in table.rows]
        words = max((_word(text, size, longest) for text in texts), default=0.0)
        if column.turned:
            words = max(words, 1.5 * size * POINT)
        else:
            words = max(words, _word(column.title, size * 1.06, longest))
        much = max((len(text) for text in texts), default=0)
        found.append(PADDING + max(words, 26.0 if much > 120 else 18.0 if much > 40 else 0.0))
    return found


def _word(text: str, size: float, longest: int) -> float:
    """The widest thing in a text that stays on one line: a long word, or all of a few letters (a score, a code)."""
    if len(text) <= FEW:
        return measure(text, size)
    pieces = re.split(r"[\s\u200b]+|(?<=-)(?=[^\d\s])", text)
    return max(measure(piece if len(piece) <= longest else piece[:longest] + "-", size) for piece in pieces)


def _widths(table: Table, columns: Sequence[int], least: Sequence[float], room: float) -> tuple[float, ...]:
    """The room shared as the columns ask, none below what it needs."""
    said = [column.width for column in table.columns]
    if len(set(said)) == 1:  # nobody said anything: as much as there is to read
        said = [max(2.0, min(120.0, _amount(table, at))) ** 0.6 for at in range(len(said))]
    left = max(room, sum(least[at] for at in columns))
    narrow: set[int] = set()  # those that get just what they need
    while True:
        unit = (left - sum(least[at] for at in narrow)) / (sum(said[at] for at in columns if at not in narrow) or 1.0)
        short = {at for at in columns if at not in narrow and said[at] * unit < least[at]}
        if not short:
            widths = [least[at] if at in narrow else said[at] * unit for at in columns]
            return tuple(int(width * 100) / 100 for width in widths)
        narrow |= short


def _amount(table: Table, at: int) -> float:
    column = table.columns[at]
    title = 0 if column.turned else len(column.title)
    return max([title, *(len(plain(row[at].spans)) for row in table.rows)])


def _cut(table: Table, least: list[float], room: float) -> list[Part]:
    """Parts of about equal width; the first columns stand in each, unless they leave no room for others."""
    keep = list(range(min(table.keep, len(least) - 1)))
    while keep and sum(least[at] for at in keep) > room / 2:
        keep.pop()
    head = sum(least[at] for at in keep)
    rest = [at for at in range(len(least)) if at not in keep]
    for at in rest:
        least[at] = min(least[at], room - head)
    count = max(1, -(-int(sum(least[at] for at in rest)) // int(room - head)))
    while (groups := _groups(rest, least, room - head, count)) is None:
        count += 1
    return [Part((*keep, *group), _widths(table, (*keep, *group), least, room)) for group in groups]


def _groups(rest: list[int], least: Sequence[float], room: float, count: int) -> list[list[int]] | None:
    """Columns in order in `count` groups; None where one of them would not fit."""
    aim = sum(least[at] for at in rest) / count
    groups: list[list[int]] = [[]]
    filled = used = 0.0
    for at in rest:
        due = aim * len(groups)
        if groups[-1] and (used + least[at] > room or filled + least[at] / 2 > due) and len(groups) < count:
            groups.append([])
            used = 0.0
        groups[-1].append(at)
        used += least[at]
        filled += least[at]
        if used > room:
            return None
    return groups


def _introduction(blocks: Sequence[Block], at: int, turned: set[int]) -> int:
    """Where what belongs to the table at `at` begins: after a table on its side if little stands between, else with
    the headings above it and the few words under them.
    """
    since = at
    while since and isinstance(blocks[since - 1], Heading | Paragraph | Note | PageBreak):
        since -= 1
    if since - 1 in turned and _amount_of_words(blocks[since:at]) <= BETWEEN:
        return since
    start = at
    while start and isinstance(blocks[start - 1], Paragraph | Note):
        start -= 1
    if not start or not isinstance(blocks[start - 1], Heading) or _amount_of_words(blocks[start:at]) > BEFORE:
        return at
    while start and isinstance(blocks[start - 1], Heading):
        start -= 1
    return start


def _amount_of_words(blocks: Sequence[Block]) -> int:
    return sum(len(plain(one.spans)) for one in blocks if isinstance(one, Paragraph | Note))
