"""The Word file of a consultation: a bookmark around each clause, changes recorded from the first letter on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from pasaj.core.report import Span
from pasaj.core.word import names, package, xml
from pasaj.core.word.blocks import blocks
from pasaj.core.word.shapes import Block, Cover, DocumentId, Touch, WordClause

WIDTH, HEIGHT, MARGIN = 11906, 16838, 1247  # A4 and 22 mm, in twentieths of a point


def document(clauses: Sequence[WordClause], which: DocumentId, cover: Cover) -> bytes:
    """The file to send: cover with how to reply, then each clause under the line of its code.

    Raises ValueError for a code that no bookmark can name (about 20 characters) or that stands twice.
    """
    if len({one.code for one in clauses}) < len(clauses):
        raise ValueError("A clause stands twice in the document.")
    writer = Writer()
    body = writer.cover(which, cover) + "".join(writer.clause(one, cover.clause) for one in clauses)
    return writer.packed(body, which, cover, track=True)


class Writer:
    """Writes one file: counts bookmarks, changes and numbered lists."""

    def __init__(self) -> None:
        self.numbers = xml.Numbers()
        self.lists = 0
        self.links: dict[str, str] = {}

    def spoken(self, spans: Iterable[Span], touch: Touch | None = None) -> str:
        """Runs with their looks and links, as a recorded change if `touch` says one."""
        if touch is None:
            return xml.spoken(spans, self._link)
        around = partial(self.numbers.changed, touch)
        return xml.spoken(spans, self._link, around=around, gone=not touch.adds)

    def _link(self, address: str) -> str:
        return self.links.setdefault(address, f"rId{package.FIRST_LINK + len(self.links)}")

    def packed(self, body: str, which: DocumentId, cover: Cover, *, track: bool) -> bytes:
        """The bytes of the file around a body."""
        code = f"{which.round or which.policy} · {which.language} · v{which.version}"
        tab = xml.tag("tabs", xml.tag("tab", val="right", pos=WIDTH - 2 * MARGIN))
        between = xml.tag("r", xml.tag("tab"))
        header = xml.paragraph("Header", f"{xml.run(cover.title)}{between}{xml.run(cover.label, strong=True)}", tab)
        footer = xml.paragraph("Footer", f"{xml.run(code)}{between}{_pages(cover.page)}", tab)
        return package.packed(
            body + _section(), which, cover.title, header, footer, self.lists, self.links, track=track
        )

    def cover(self, which: DocumentId, cover: Cover) -> str:
        """Title, facts and how to reply; the title carries the bookmark that says which document this is."""
        title = self.numbers.around(names.document_name(which), xml.run(cover.title))
        made = [xml.paragraph("Title", title), xml.paragraph("Subtitle", xml.run(cover.subtitle))]
        if cover.label:
            made.append(xml.paragraph("PasajLabel", xml.run(cover.label)))
        made += [xml.paragraph("PasajFact", f"{xml.run(f'{name}: ', strong=True)}{xml.run(value)}")
                 for name, value in cover.facts]  # fmt: skip
        if cover.how:
            made.append(xml.paragraph("Heading1", xml.run(cover.how_title)))
            made += [self.block(Block("number", (Span(one),)), first=at == 0) for at, one in enumerate(cover.how)]
        made.append(xml.tag("p", xml.tag("r", xml.tag("br", type="page"))))
        return "".join(made)

    def clause(self, clause: WordClause, word: str) -> str:
        """The line of the code, the title and the paragraphs, each within its bookmark."""
        title = self.numbers.around(names.anchor(clause, 0), xml.run(label(clause, word)))
        made = [xml.paragraph("PasajClause", title)]
        found = clause_blocks(clause)
        for at, block in enumerate(found):
            first = block.kind == "number" and (at == 0 or found[at - 1].kind != "number")
            inside = self.numbers.around(names.anchor(clause, at + 1), self.spoken(block.spans))
            made.append(self.paragraph(block, inside, first=first))
        return "".join(made)

    def block(self, block: Block, *, first: bool = False) -> str:
        """A paragraph; `first` begins a numbered list with 1."""
        return self.paragraph(block, self.spoken(block.spans), first=first)

    def paragraph(self, block: Block, inside: str, *, first: bool = False, ending: str = "") -> str:
        """The paragraph of a block around runs already written."""
        if block.kind == "heading":
            return xml.paragraph(f"Heading{block.level}", inside, ending=ending)
        if block.kind == "text":
            return xml.paragraph("Normal", inside, ending=ending)
        self.lists += first or not self.lists
        number = 1 if block.kind == "bullet" else self.lists + 1
        style = "ListBullet" if block.kind == "bullet" else "ListNumber"
        listed = xml.tag("numPr", xml.tag("ilvl", val=block.level), xml.tag("numId", val=number))
        return xml.paragraph(style, inside, listed, ending=ending)


def front(cover: Cover) -> tuple[str, ...]:
    """The lines of the cover, to know again what was sent."""
    facts = [f"{name}: {value}" for name, value in cover.facts]
    return tuple(one for one in (cover.title, cover.subtitle, cover.label, *facts, cover.how_title, *cover.how) if one)


def clause_blocks(clause: WordClause) -> tuple[Block, ...]:
    """Title and paragraphs of a clause."""
    title = (Block("heading", (Span(clause.title),), clause.level),) if clause.title else ()
    return (*title, *blocks(clause.text))


def label(clause: WordClause, word: str) -> str:
    """The line above a clause: `Clause P1-C4 · 2.1 · rev. 3`."""
    return " · ".join(one for one in (f"{word} {clause.code}".strip(), clause.number, f"rev. {clause.revision}") if one)


def _pages(template: str) -> str:
    fields = {"{number}": ("PAGE", "1"), "{count}": ("NUMPAGES", "1")}
    told: Iterable[str] = xml.pieces(template)
    return "".join(xml.field(*fields[one]) if one in fields else xml.run(one) for one in told)


def _section() -> str:
    return xml.tag(
        "sectPr",
        f'<w:headerReference w:type="default" r:id="{package.HEADER}"/>',
        f'<w:footerReference w:type="default" r:id="{package.FOOTER}"/>',
        xml.tag("pgSz", w=WIDTH, h=HEIGHT),
        xml.tag("pgMar", top=1360, right=MARGIN, bottom=1247, left=MARGIN, header=680, footer=567, gutter=0),
    )
