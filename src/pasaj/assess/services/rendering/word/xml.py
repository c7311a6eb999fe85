"""The pieces of WordprocessingML (ISO/IEC 29500-1, 17) that python-docx has no call for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

Element = Any  # of lxml, which says no types

POINT, MM = 20, 1440 / 25.4
"""Twentieths of a point in a point and in a millimetre."""


def element(tag: str, *children: Element, **attributes: str) -> Element:
    """`element("w:tab")`: attributes stand in the namespace of Word."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
    from docx.oxml.ns import qn  # noqa: PLC0415

    made: Element = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def words(text: str) -> Element:
    """`w:t`, with its blanks."""
    made = element("w:t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def run(*inside: Element, style: str = "", bold: bool = False, italic: bool = False) -> Element:
    """`w:r`."""
    properties = element("w:rPr")
    if style:
        properties.append(element("w:rStyle", val=style))
    if bold:
        properties.append(element("w:b"))
    if italic:
        properties.append(element("w:i"))
    return element("w:r", *([properties] if len(properties) else []), *inside)


def paragraph(style: str, inside: Iterable[Element], *properties: Element) -> Element:
    """`w:p`."""
    return element("w:p", element("w:pPr", element("w:pStyle", val=style), *properties), *inside)


def field(instruction: str, shows: str, *, dirty: bool = False) -> Iterator[Element]:
    """A field with what it showed last."""
    begin = element("w:fldChar", fldCharType="begin", **({"dirty": "true"} if dirty else {}))
    code = element("w:instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    yield run(begin)
    yield run(code)
    yield run(element("w:fldChar", fldCharType="separate"))
    yield run(words(shows))
    yield run(element("w:fldChar", fldCharType="end"))


class Bookmarks:
    """Places of the file that fields and links name."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._names: dict[str, str] = {}

    def name(self, anchor: str) -> str:
        """The bookmark of an anchor of the report."""
        return self._names.setdefault(anchor, f"_Ref{len(self._names) + 1:06d}")

    def around(self, name: str, inside: Iterable[Element]) -> Iterator[Element]:
        """The same, between the two ends of a bookmark."""
        number = str(next(self._ids))
        yield element("w:bookmarkStart", id=number, name=name)
        yield from inside
        yield element("w:bookmarkEnd", id=number)
