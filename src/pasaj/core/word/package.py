"""The file around the paragraphs: styles, lists, settings, properties; nothing of a machine or a moment in it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pasaj.core.word.shapes import DocumentId
from pasaj.core.word.xml import WORD, shown, tag

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PROPERTY = "PasajDocument"
BULLETS, NUMBERED = 1, 2
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument"
_ACCENT, _INK, _FAINT, _RULE = "14526B", "1F2A30", "5A6B73", "B8C4C9"
_LANGUAGES = {"fr": "fr-FR", "es": "es-ES", "en": "en-GB"}
# id: name, size, space before and after in points, strong, colour
_STYLES = {
    "Normal": ("Normal", 10.5, 0, 6, False, _INK),
    "Title": ("Title", 24, 60, 8, True, _ACCENT),
    "Subtitle": ("Subtitle", 13, 0, 12, False, _INK),
    "Heading1": ("heading 1", 17, 20, 8, True, _ACCENT),
    "Heading2": ("heading 2", 13, 4, 4, True, _ACCENT),
    "Heading3": ("heading 3", 11, 4, 4, True, _INK),
    "ListBullet": ("List Bullet", 10.5, 0, 2, False, _INK),
    "ListNumber": ("List Number", 10.5, 0, 2, False, _INK),
    "Header": ("header", 8, 0, 0, False, _FAINT),
    "Footer": ("footer", 8, 0, 0, False, _FAINT),
    "PasajClause": ("Pasaj Clause", 8, 16, 0, False, _FAINT),
    "PasajLabel": ("Pasaj Label", 10.5, 0, 10, True, _INK),
    "PasajFact": ("Pasaj Fact", 10.5, 0, 2, False, _INK),
    "PasajHow": ("Pasaj How", 10, 0, 4, False, _INK),
}
_STAY = {"Title", "Subtitle", "Heading1", "Heading2", "Heading3", "PasajClause"}


def packed(
    body: str,
    document: DocumentId,
    title: str,
    header: str,
    footer: str,
    lists: int,
    links: Mapping[str, str],
    *,
    track: bool,
) -> bytes:
    """The bytes of the file: the same for the same document.

    `lists` is how many numbered lists begin with 1 again, `links` the relation for each address.
    """
    language = _LANGUAGES.get(document.language, document.language)
    members = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            (
                (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                (f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
            )
        ),
        "docProps/core.xml": _core(title, language),
        "docProps/custom.xml": _custom(document),
        "word/_rels/document.xml.rels": _relations(
            tuple((f"{_OFFICE}/relationships/{kind}", f"{kind}.xml") for kind in _PARTS), links
        ),
        "word/document.xml": _part("document", tag("body", body)),
        "word/footer.xml": _part("ftr", footer),
        "word/header.xml": _part("hdr", header),
        "word/numbering.xml": _part("numbering", _numbering(lists)),
        "word/settings.xml": _part("settings", _settings(language, track=track)),
        "word/styles.xml": _part("styles", _styles(language)),
    }
    done = BytesIO()
    with ZipFile(done, "w", ZIP_DEFLATED) as target:
        for name, text in members.items():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, text.encode())
    return done.getvalue()


_PARTS = {"styles": "styles", "numbering": "numbering", "settings": "settings", "header": "header", "footer": "footer"}
HEADER, FOOTER = "rId4", "rId5"  # their places in `_PARTS`
FIRST_LINK = 6


def property_of(document: DocumentId) -> str:
    """What the property of the file says: `NMP|NMP-K1|fr|2`."""
    return f"{document.policy}|{document.round}|{document.language}|{document.version}"


def _part(name: str, inside: str) -> str:
    return f'{_HEAD}<w:{name} xmlns:w="{WORD}" xmlns:r="{_OFFICE}/relationships">{inside}</w:{name}>'


def _types() -> str:
    named = {
        "word/document.xml": f"{TYPE}.main+xml",
        **{f"word/{one}.xml": f"{_MAIN}.wordprocessingml.{kind}+xml" for one, kind in _PARTS.items()},
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/custom.xml": f"{_MAIN}.custom-properties+xml",
    }
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in named.items())
    usual = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{usual}{rows}</Types>'


def _relations(rows: tuple[tuple[str, str], ...], links: Mapping[str, str] = MappingProxyType({})) -> str:
    said = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>' for at, (kind, target) in enumerate(rows, 1)
    )
    said += "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/relationships/hyperlink" Target={quoteattr(address)} '
        'TargetMode="External"/>'
        for address, key in links.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


def _core(title: str, language: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(shown(title))}</dc:title><dc:language>{escape(language)}</dc:language></cp:coreProperties>"
    )


def _custom(document: DocumentId) -> str:
    value = f"<vt:lpwstr>{escape(shown(property_of(document)))}</vt:lpwstr>"
    one = f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name={quoteattr(PROPERTY)}>{value}'
    return (
        f'{_HEAD}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{one}</property></Properties>"
    )


def _settings(language: str, *, track: bool) -> str:
    """Changes are recorded from the first letter on: most replies then need no second look."""
    office = "http://schemas.microsoft.com/office/word"
    return (
        (tag("trackRevisions") if track else "")
        + tag("defaultTabStop", val=720)
        + tag("characterSpacingControl", val="doNotCompress")
        + tag("compat", tag("compatSetting", name="compatibilityMode", uri=office, val=15))
        + tag("themeFontLang", val=language)
    )


def _numbering(lists: int) -> str:
    """Bullets and numbers three deep; each numbered list has its own number so that it begins with 1."""
    kinds = ((BULLETS, "bullet", ("•", "–", "•")), (NUMBERED, "decimal", ("%1.", "%2.", "%3.")))
    said = ""
    for number, kind, signs in kinds:
        levels = "".join(
            tag(
                "lvl",
                tag("start", val=1),
                tag("numFmt", val=kind),
                tag("lvlText", val=sign),
                tag("lvlJc", val="left"),
                tag("pPr", tag("ind", left=480 * (depth + 1), hanging=300)),
                ilvl=depth,
            )
            for depth, sign in enumerate(signs)
        )
        said += tag("abstractNum", tag("multiLevelType", val="hybridMultilevel"), levels, abstractNumId=number)
    said += tag("num", tag("abstractNumId", val=BULLETS), numId=1)
    for number in range(2, lists + 2):
        again = "".join(tag("lvlOverride", tag("startOverride", val=1), ilvl=depth) for depth in range(3))
        said += tag("num", tag("abstractNumId", val=NUMBERED), again, numId=number)
    return said


def _styles(language: str) -> str:
    fonts = tag("rFonts", ascii="Calibri", hAnsi="Calibri", cs="Calibri", eastAsia="Calibri")
    usual = tag("rPr", fonts, tag("sz", val=21), tag("lang", val=language, eastAsia=language, bidi="ar-SA"))
    first = tag("docDefaults", tag("rPrDefault", usual), tag("pPrDefault"))
    return first + "".join(_style(key) for key in _STYLES)


def _style(key: str) -> str:
    name, size, before, after, strong, colour = _STYLES[key]
    upper = key.startswith("Heading")
    settings = tag("keepNext") + tag("keepLines") if key in _STAY else ""
    if key == "PasajClause":
        settings += tag("pBdr", tag("top", val="single", sz=4, space=4, color=_RULE))
    if key == "PasajLabel":
        settings += tag("pBdr", tag("left", val="single", sz=24, space=8, color=_ACCENT))
    settings += tag("spacing", before=round(before * 20), after=round(after * 20), line=264, lineRule="auto")
    if key == "PasajLabel":
        settings += tag("ind", left=200)
    settings += tag("outlineLvl", val=int(key[-1]) - 1) if upper else ""
    look = (tag("b") if strong else "") + tag("color", val=colour) + tag("sz", val=round(size * 2))
    return tag(
        "style",
        tag("name", val=name),
        "" if key == "Normal" else tag("basedOn", val="Normal"),
        tag("next", val="Normal") if key in _STAY else "",
        tag("qFormat"),
        tag("pPr", settings),
        tag("rPr", look),
        type="paragraph",
        styleId=key,
        **({"default": 1} if key == "Normal" else {"customStyle": 1} if key.startswith("Pasaj") else {}),
    )
