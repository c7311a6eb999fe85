"""The styles of the Word file: what to change there changes the whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pasaj.assess.services.rendering.word.xml import MM, POINT, Element, element
from pasaj.core.report.fitting import PORTRAIT
from pasaj.core.report.tones import ACCENT, FAINT, INK, NOTES, RULE

if TYPE_CHECKING:
    from docx.document import Document

LANGUAGES = {"fr": "fr-FR", "es": "es-ES", "en": "en-GB"}
BODY = "Calibri"
# id: name, built on, size, space before and after in points, bold, colour
_PARAGRAPHS = {
    "Normal": ("Normal", "", 10.5, 0, 6, False, INK),
    "Title": ("Title", "Normal", 26, 110, 8, True, ACCENT),
    "Subtitle": ("Subtitle", "Normal", 14, 0, 14, False, INK),
    "Heading1": ("heading 1", "Normal", 18, 18, 8, True, ACCENT),
    "Heading2": ("heading 2", "Normal", 13.5, 14, 6, True, ACCENT),
    "Heading3": ("heading 3", "Normal", 11, 11, 4, True, INK),
    "Caption": ("caption", "Normal", 9.5, 10, 4, False, INK),
    "TOCHeading": ("TOC Heading", "Normal", 18, 0, 12, True, ACCENT),
    "TOC1": ("toc 1", "Normal", 10, 5, 0, True, INK),
    "TOC2": ("toc 2", "Normal", 9.5, 0, 0, False, INK),
    "Header": ("header", "Normal", 8, 0, 0, False, FAINT),
    "Footer": ("footer", "Normal", 8, 0, 0, False, FAINT),
    "ReportCode": ("Report Code", "Normal", 11, 0, 0, False, FAINT),
    "ReportLabel": ("Report Label", "Normal", 11, 4, 12, True, INK),
    "ReportSource": ("Report Source", "Normal", 8, 3, 10, False, FAINT),
    "ReportTableText": ("Report Table Text", "Normal", 9, 0, 0, False, INK),
    "ReportTableTextSmall": ("Report Table Text Small", "ReportTableText", 8, 0, 0, False, INK),
    "ReportTableTextSmallest": ("Report Table Text Smallest", "ReportTableText", 7.5, 0, 0, False, INK),
    "ReportNoteInfo": ("Report Note Info", "Normal", 9.5, 8, 8, False, INK),
    "ReportNoteCaution": ("Report Note Caution", "Normal", 9.5, 8, 8, False, INK),
    "ReportNoteSimulated": ("Report Note Simulated", "Normal", 9.5, 8, 8, False, INK),
    "ListBullet": ("List Bullet", "Normal", 10.5, 0, 1, False, INK),
    "ListNumber": ("List Number", "Normal", 10.5, 0, 1, False, INK),
}
NOTE_STYLES = {tone: f"ReportNote{tone.title()}" for tone in NOTES}
TABLE_TEXT = {9.0: "ReportTableText", 8.0: "ReportTableTextSmall", 7.5: "ReportTableTextSmallest"}
_SIDES = ("top", "left", "bottom", "right")
_STAY = {"Title", "Subtitle", "Heading1", "Heading2", "Heading3", "Caption", "TOCHeading"}


def dress(document: Document, language: str) -> None:
    """Replace the styles of the template that are used, and add ours."""
    root = document.styles.element
    wanted = {*_PARAGRAPHS, "ReportTable", "ReportFacts", "ReportCodeWord", "Hyperlink"}
    for one in list(root.style_lst):
        if one.styleId not in {"DefaultParagraphFont", "TableNormal", "NoList"}:
            root.remove(one)
    _defaults(root, LANGUAGES.get(language, language))
    for key in _PARAGRAPHS:
        root.append(_paragraph(key))
    root.append(_character("ReportCodeWord", "Report Code Word", INK, "Consolas"))
    root.append(_character("Hyperlink", "Hyperlink", ACCENT, ""))
    root.append(_table("ReportTable", "Report Table", titles=True))
    root.append(_table("ReportFacts", "Report Facts", titles=False))
    assert wanted <= {one.styleId for one in root.style_lst}


def _defaults(root: Element, language: str) -> None:
    for one in root.xpath("w:docDefaults/w:rPrDefault/w:rPr"):
        for child in list(one):
            one.remove(child)
        one.append(_fonts(BODY))
        one.append(element("w:sz", val="21"))
        one.append(element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))


def _fonts(name: str) -> Element:
    return element("w:rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name)


def _paragraph(key: str) -> Element:
    name, based, size, before, after, bold, colour = _PARAGRAPHS[key]
    style = element("w:style", type="paragraph", styleId=key)
    if key == "Normal":
        style.set(_w("default"), "1")
    if key.startswith("Report"):
        style.set(_w("customStyle"), "1")
    style.append(element("w:name", val=name))
    if based:
        style.append(element("w:basedOn", val=based))
    if key in _STAY:
        style.append(element("w:next", val="Normal"))
    style.append(element("w:qFormat"))
    style.append(element("w:pPr", *_settings(key, before, after)))
    look = [element("w:b")] if bold else []
    look += [element("w:color", val=colour[1:]), element("w:sz", val=str(round(size * 2)))]
    style.append(element("w:rPr", *look))
    return style


def _settings(key: str, before: float, after: float) -> list[Element]:
    """What a style says of its paragraphs, in the order of the schema."""
    cells, upper, note = key.startswith("ReportTable"), key.startswith("Heading"), key.startswith("ReportNote")
    found: list[Element] = [element("w:keepNext"), element("w:keepLines")] if key in _STAY else []
    if key in {"ListBullet", "ListNumber"}:
        found.append(element("w:numPr", element("w:numId", val="1" if key == "ListBullet" else "2")))
    found += _frame(key)
    if key in {"TOC1", "TOC2"}:
        found.append(element("w:tabs", element("w:tab", val="right", leader="dot", pos=str(round(PORTRAIT * MM)))))
    if upper or key == "Title":
        found.append(element("w:suppressAutoHyphens", val="1"))
    lines = {"line": "240" if cells or key.startswith("TOC") else "264", "lineRule": "auto"}
    found.append(element("w:spacing", before=str(round(before * POINT)), after=str(round(after * POINT)), **lines))
    if key == "TOC2":
        found.append(element("w:ind", left="240"))
    if note:
        found.append(element("w:ind", left="200", right="100"))
    if upper:
        found.append(element("w:outlineLvl", val=str(int(key[-1]) - 1)))
    return found


def _frame(key: str) -> list[Element]:
    """Lines beside, above, below or around the paragraphs of a style."""
    if key.startswith("ReportNote"):
        colour = NOTES[key.removeprefix("ReportNote").lower()][1:]
        bar = element("w:left", val="single", sz="20", space="8", color=colour)
        return [element("w:pBdr", bar), element("w:shd", val="clear", color="auto", fill="F8F8F8")]
    if key == "ReportLabel":
        edge = {"val": "single", "sz": "8", "space": "4", "color": NOTES["simulated"][1:]}
        return [element("w:pBdr", *[element(f"w:{at}", **edge) for at in _SIDES])]
    if key in {"Header", "Footer"}:
        where = "bottom" if key == "Header" else "top"
        return [element("w:pBdr", element(f"w:{where}", val="single", sz="4", space="3", color=RULE[1:]))]
    return []


def _character(key: str, name: str, colour: str, font: str) -> Element:
    look = [_fonts(font)] if font else []
    look.append(element("w:color", val=colour[1:]))
    if font:
        look.append(element("w:sz", val="18"))
    return element("w:style", element("w:name", val=name), element("w:rPr", *look), type="character", styleId=key)


def _table(key: str, name: str, *, titles: bool) -> Element:
    """Thin lines between rows, a heavier one above and below the titles."""
    strong = {"val": "single", "sz": "8", "space": "0", "color": ACCENT[1:]}
    weak = {"val": "single", "sz": "4", "space": "0", "color": RULE[1:]}
    side = str(round(1.5 * MM))
    edges = [element("w:bottom", **weak), element("w:insideH", **weak)]
    margins = [element(f"w:{at}", w=w, type="dxa") for at, w in zip(_SIDES, ("28", side, "28", side), strict=True)]
    made = element("w:style", element("w:name", val=name), element("w:basedOn", val="TableNormal"), type="table")
    made.set(_w("styleId"), key)
    made.set(_w("customStyle"), "1")
    made.append(element("w:qFormat"))
    above = [] if titles else [element("w:top", **weak)]
    made.append(element("w:tblPr", element("w:tblBorders", *above, *edges), element("w:tblCellMar", *margins)))
    if titles:
        borders = element("w:tcBorders", element("w:top", **strong), element("w:bottom", **strong))
        look = (element("w:rPr", element("w:b")), element("w:tcPr", borders))
        made.append(element("w:tblStylePr", *look, type="firstRow"))
    return made


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
