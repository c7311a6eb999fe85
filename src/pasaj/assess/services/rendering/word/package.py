"""The file around the document: nothing of a machine or a moment in it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pasaj.assess.services.rendering.word.styles import LANGUAGES
from pasaj.assess.services.rendering.word.xml import Element, element

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.rel import Relationships

BULLETS, NUMBERED = "0", "1"
BULLETED = "1"  # the list of the style
_FIRST_LIST = 3  # 1 and 2 are those of the styles
_UNUSED = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects", "webSettings", "fontTable")


def clean(document: Document, language: str, title: str, subject: str) -> None:
    """Take out what the template brings along, and say title, subject and language."""
    for relations in (document.part.package.rels, document.part.rels):
        _drop(relations)
    properties = document.core_properties._element
    for child in list(properties):
        properties.remove(child)
    document.core_properties.title = title
    document.core_properties.subject = subject
    document.core_properties.language = LANGUAGES.get(language, language)
    _settings(document.settings.element, LANGUAGES.get(language, language))
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    numbering.append(_list(BULLETS, "bullet", "•", "–"))
    numbering.append(_list(NUMBERED, "decimal", "%1.", "%2."))
    for number, kind in (("1", BULLETS), ("2", NUMBERED)):
        numbering.append(element("w:num", element("w:abstractNumId", val=kind), numId=number))


def new_list(document: Document) -> str:
    """A numbered list that begins with 1 again."""
    numbering = document.part.numbering_part.element
    number = str(_FIRST_LIST + len(numbering.xpath("w:num[w:lvlOverride]")))
    starts = [element("w:lvlOverride", element("w:startOverride", val="1"), ilvl=level) for level in ("0", "1")]
    numbering.append(element("w:num", element("w:abstractNumId", val=NUMBERED), *starts, numId=number))
    return number


def packed(document: Document) -> bytes:
    """The bytes of the file, with the members in one order and without the time of writing."""
    written = BytesIO()
    document.save(written)
    done = BytesIO()
    with ZipFile(written) as source, ZipFile(done, "w", ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, source.read(name))
    return done.getvalue()


def _drop(relations: Relationships) -> None:
    for key in [key for key, one in relations.items() if one.reltype.rsplit("/", 1)[-1] in _UNUSED]:
        del relations[key]


def _settings(root: Element, language: str) -> None:
    for child in list(root):
        root.remove(child)
    office = "http://schemas.microsoft.com/office/word"
    root.append(element("w:defaultTabStop", val="720"))
    root.append(element("w:autoHyphenation", val="true"))
    root.append(element("w:consecutiveHyphenLimit", val="2"))
    root.append(element("w:characterSpacingControl", val="doNotCompress"))
    root.append(element("w:compat", element("w:compatSetting", name="compatibilityMode", uri=office, val="15")))
    root.append(element("w:themeFontLang", val=language))


def _list(number: str, kind: str, *texts: str) -> Element:
    """`texts`: the mark of each level."""
    levels = [
        element(
            "w:lvl",
            element("w:start", val="1"),
            element("w:numFmt", val=kind),
            element("w:lvlText", val=text),
            element("w:lvlJc", val="left"),
            element("w:pPr", element("w:ind", left=str(480 + 400 * at), hanging="300")),
            ilvl=str(at),
        )
        for at, text in enumerate(texts)
    ]
    return element("w:abstractNum", element("w:multiLevelType", val="multilevel"), *levels, abstractNumId=number)
