"""The Word file, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pasaj.assess.services.rendering.pdf import heading_pages
from pasaj.assess.services.rendering.plan import Numbers, picture_width, target, targets
from pasaj.assess.services.rendering.plan import words as words_of
from pasaj.assess.services.rendering.word import package, pictures, styles, tables
from pasaj.assess.services.rendering.word.xml import (
    MM,
    Bookmarks,
    Element,
    element,
    field,
    paragraph,
    run,
    words,
)
from pasaj.core.report import (
    Block,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Report,
    Spans,
    Table,
)
from pasaj.core.report.fitting import LANDSCAPE, PORTRAIT, Layout, sections
from pasaj.core.report.letters import shown

if TYPE_CHECKING:
    from docx.document import Document

_A4 = (round(210 * MM), round(297 * MM))
_MARGINS = {"top": 24, "bottom": 22, "left": 22, "right": 22, "header": 12, "footer": 10, "gutter": 0}


def docx(report: Report) -> bytes:
    """The report as a Word file: the same bytes for the same report."""
    import docx as library  # noqa: PLC0415 - heavy

    document = library.Document()
    package.clean(document, report.language, shown(report.title), shown(report.subtitle))
    styles.dress(document, report.language)
    _Writer(document, report).write()
    return package.packed(document)


class _Writer:
    def __init__(self, document: Document, report: Report) -> None:
        self.document, self.report = document, report
        self.words = words_of(report.language)
        self.numbers = Numbers(self.words)
        self.places = targets(report)
        self.bookmarks = Bookmarks()
        self.sections = sections(report)
        self.drawings = 0
        self.breaks = False  # what comes next begins on a new page
        self.pixels = pictures.pixels(
            [
                (one, picture_width(one, section.landscape))
                for section in self.sections
                for one, _ in section.blocks
                if isinstance(one, Picture)
            ]
        )

    def write(self) -> None:
        body = self.document.element.body
        for child in list(body):
            body.remove(child)
        body.extend(self._title_page())
        if not self.report.brief:
            body.extend(self._contents())
        # The first pages stand upright; a change of direction ends a section with a paragraph that says so.
        landscape, first = False, True
        for section in self.sections:
            if section.landscape != landscape:
                ends = self._section(landscape, first=first)
                body.append(element("w:p", element("w:pPr", element("w:spacing", before="0", after="0"), ends)))
                first = self.breaks = False
            landscape = section.landscape
            for block, layout in section.blocks:
                body.extend(self._broken(self._block(block, layout, landscape)))
        body.append(self._section(landscape, first=first))

    # Pages

    def _title_page(self) -> Iterator[Element]:
        report = self.report
        yield paragraph("ReportCode", [run(words(shown(report.code)))])
        yield paragraph("Title", [run(words(shown(report.title)))])
        yield paragraph("Subtitle", [run(words(shown(report.subtitle)))])
        if report.label:
            yield paragraph("ReportLabel", [run(words(shown(report.label)))])
        if report.facts.rows:
            yield from self._facts(report.facts, PORTRAIT)

    def _contents(self) -> Iterator[Element]:
        """The table of contents as a field, filled in with the pages of the PDF: Word counts them again when asked."""
        found = [one for one in self.report.blocks if isinstance(one, Heading)]
        rows = [(one, page) for one, page in zip(found, heading_pages(self.report), strict=True) if one.level <= 2]
        yield paragraph("TOCHeading", [run(words(self.words.contents))], element("w:pageBreakBefore"))
        begin, code, separate, _, end = field('TOC \\o "1-2" \\h \\z \\u', "", dirty=True)
        for at, (heading, page) in enumerate(rows):
            name = self.bookmarks.name(heading.anchor)
            inside = [run(words(shown(heading.text))), run(element("w:tab")), *field(f"PAGEREF {name} \\h", str(page))]
            line: list[Element] = [element("w:hyperlink", *inside, anchor=name, history="1")]
            if at == 0:
                line = [begin, code, separate, *line]
            if at == len(rows) - 1:
                line.append(end)
            yield paragraph(f"TOC{heading.level}", line)
        self.breaks = True

    def _broken(self, made: Iterator[Element]) -> Iterator[Element]:
        """The same, on a new page where one was asked for."""
        for one in made:
            if self.breaks:
                self.breaks = False
                if one.tag.endswith("}p"):
                    _break_before(one)
                else:
                    yield element(
                        "w:p", element("w:pPr", element("w:pStyle", val="ReportSource"), element("w:pageBreakBefore"))
                    )
            yield one

    def _section(self, landscape: bool, *, first: bool) -> Element:
        """The settings of a section, with its own head and foot: their tabs are as wide as its text."""
        made = element("w:sectPr")
        width = LANDSCAPE if landscape else PORTRAIT
        for kind in ("default", "first") if first else ("default",):
            made.append(self._margin_part("header", kind, width))
            made.append(self._margin_part("footer", kind, width))
        across, down = _A4[::-1] if landscape else _A4
        turned = {"orient": "landscape"} if landscape else {}
        made.append(element("w:type", val="nextPage"))
        made.append(element("w:pgSz", w=str(across), h=str(down), **turned))
        made.append(element("w:pgMar", **{name: str(round(one * MM)) for name, one in _MARGINS.items()}))
        if first:
            made.append(element("w:titlePg"))
        return made

    def _margin_part(self, where: str, kind: str, width: float) -> Element:
        from docx.oxml.ns import qn  # noqa: PLC0415 - heavy

        main: Any = self.document.part
        part, related = main.add_header_part() if where == "header" else main.add_footer_part()
        for child in list(part.element):
            part.element.remove(child)
        tab = element("w:tabs", element("w:tab", val="right", pos=str(round(width * MM))))
        bare = (where, kind) == ("header", "first") and not self.report.brief
        inside = [] if bare else list(self._head() if where == "header" else self._foot())
        style = where.title() if inside else "Normal"
        part.element.append(paragraph(style, inside, tab))
        reference = element(f"w:{where}Reference", type=kind)
        reference.set(qn("r:id"), related)
        return reference

    def _head(self) -> Iterator[Element]:
        if self.report.brief:
            yield run(words(shown(f"{self.report.code} · {self.report.title}")))
            yield run(element("w:tab"))
            yield run(words(shown(self.report.label)), bold=True)
            return
        yield run(words(shown(self.report.title)))
        yield run(element("w:tab"))
        yield from field("STYLEREF 1", "")

    def _foot(self) -> Iterator[Element]:
        yield run(words(shown(self.report.code)))
        if self.report.label:
            yield run(words(" · "))
            yield run(words(shown(self.report.label)), bold=True)
        yield run(element("w:tab"))
        for piece in re.split(r"(\{\w+\})", self.words.page):
            if piece == "{number}":
                yield from field("PAGE", "1")
            elif piece == "{count}":
                yield from field("NUMPAGES", "1")
            else:
                yield run(words(piece))

    # Blocks

    def _block(self, block: Block, layout: Layout | None, landscape: bool) -> Iterator[Element]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph(runs):
                yield paragraph("Normal", self._runs(runs))
            case Items():
                yield from self._items(block)
            case Note(tone, runs):
                yield paragraph(styles.NOTE_STYLES.get(tone, styles.NOTE_STYLES["info"]), self._runs(runs))
            case Facts():
                yield from self._facts(block, LANDSCAPE if landscape else PORTRAIT)
            case Table():
                assert layout is not None
                yield from self._table(block, layout)
            case Picture():
                yield from self._picture(block, landscape)
            case PageBreak():
                self.breaks = True

    def _heading(self, block: Heading) -> Element:
        name = self.bookmarks.name(block.anchor)
        return paragraph(f"Heading{block.level}", self.bookmarks.around(name, [run(words(shown(block.text)))]))

    def _items(self, block: Items, level: int = 0) -> Iterator[Element]:
        style = "ListNumber" if block.numbered else "ListBullet"
        number = package.new_list(self.document) if block.numbered else package.BULLETED if level else ""
        for one, inner in block.rows:
            numbers = [element("w:numPr", element("w:ilvl", val=str(level)), element("w:numId", val=number))]
            yield paragraph(style, self._runs(one), *(numbers if number else []))
            yield from self._items(inner, level + 1) if inner else ()

    def _facts(self, block: Facts, width: float) -> Iterator[Element]:
        rows = [(shown(name), value) for name, value in block.rows]
        if not rows:
            return
        first = min(60.0, max(28.0, 2.3 * max(len(name) for name, _ in rows)))
        yield tables.facts(rows, (first, width - first), self._runs)
        yield paragraph("ReportSource", [])

    def _table(self, block: Table, layout: Layout) -> Iterator[Element]:
        word, number = self.numbers.next(block)
        for at, part in enumerate(layout.parts):
            count = f" ({at + 1}/{len(layout.parts)})" if len(layout.parts) > 1 else ""
            yield self._caption(block, word, number, count, again=at > 0)
            yield tables.table(block, layout, part, self._runs)
            last = at == len(layout.parts) - 1
            yield paragraph("ReportSource", [run(words(shown(block.source)))] if last else [])

    def _picture(self, block: Picture, landscape: bool) -> Iterator[Element]:
        word, number = self.numbers.next(block)
        yield self._caption(block, word, number)
        png = self.pixels[self.drawings]
        self.drawings += 1
        width = picture_width(block, landscape)
        inside = pictures.drawing(self.document, block, png, width, self.drawings)
        yield paragraph("Normal", [inside], element("w:keepNext"), element("w:jc", val="center"))
        yield paragraph("ReportSource", [run(words(shown(block.source)))])

    def _caption(
        self, block: Table | Picture, word: str, number: int, count: str = "", *, again: bool = False
    ) -> Element:
        kind = type(block).__name__.replace("Picture", "Figure")
        inside = [run(words(f"{word} "), bold=True)]
        inside += field(f"SEQ {kind} " + (r"\c" if again else r"\* ARABIC"), str(number))
        inside.append(run(words(". "), bold=True))
        inside.append(run(words(f"{shown(block.caption)}{count}")))
        if block.anchor and not again:
            return paragraph("Caption", self.bookmarks.around(self.bookmarks.name(block.anchor), inside))
        return paragraph("Caption", inside)

    def _runs(self, runs: Spans, bold: bool = False) -> Iterator[Element]:
        for one in runs:
            to = target(one, self.places)
            style = "Hyperlink" if to else "ReportCodeWord" if one.code else ""
            inside = run(words(shown(one.text)), style=style, bold=bold or one.strong, italic=one.emphasis)
            yield self._link(to, [inside]) if to else inside

    def _link(self, to: str, inside: Iterable[Element]) -> Element:
        from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 - heavy
        from docx.oxml.ns import qn  # noqa: PLC0415

        if to.startswith("#"):
            return element("w:hyperlink", *inside, anchor=self.bookmarks.name(to[1:]), history="1")
        made = element("w:hyperlink", *inside, history="1")
        made.set(qn("r:id"), self.document.part.relate_to(to, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        return made


def _break_before(one: Element) -> None:
    """A paragraph begins a page: said where the schema wants it, after its style and what keeps it together."""
    properties = one[0]
    kept = [child for child in properties if child.tag.endswith(("}pStyle", "}keepNext", "}keepLines"))]
    properties.insert(len(kept), element("w:pageBreakBefore"))
