"""A form filled as a phone would fill it: the document of its answers, and a picture that shows nobody."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

XF = "{http://www.w3.org/2002/xforms}"
XH = "{http://www.w3.org/1999/xhtml}"
WIDTH, HEIGHT, STRIPE = 120, 80, 20
RED, WHITE, GREY = b"\xc0\x39\x2b", b"\xf5\xf5\xf5", b"\x70\x78\x80"


class UnknownQuestion(ValueError):  # noqa: N818 - it reads as what it says
    """The form asks nothing of this name."""


Turns = Mapping[str, Sequence[Mapping[str, str]]]
"""Answers by name of the question, a table for each turn of a repeat, by name of the repeat."""


def document(
    definition: bytes,
    answers: Mapping[str, str],
    *,
    instance: str,
    version: str = "",
    replaces: str = "",
    turns: Turns | None = None,
) -> bytes:
    """The answers, by name of the question, in the form's own order; groups without an answer are left out.

    `version`: another one than the form's. `replaces`: the instance that this one corrects.
    Raises UnknownQuestion.
    """
    root = fromstring(definition).find(f"{XH}head/{XF}model/{XF}instance/*")
    assert root is not None
    left, repeats = dict(answers), dict(turns or {})
    made = Element(_local(root), {"id": root.get("id", ""), "version": version or root.get("version", "")})
    for child in root:
        if _local(child) != "meta":
            _copy(child, made, left, repeats)
    _all_asked({**left, **repeats})
    meta = SubElement(made, "meta")
    SubElement(meta, "instanceID").text = instance
    if replaces:
        SubElement(meta, "deprecatedID").text = replaces
    written: bytes = tostring(made, encoding="utf-8", xml_declaration=True)
    return written


def _all_asked(left: Mapping[str, object]) -> None:
    if left:
        raise UnknownQuestion(next(iter(left)))


def _copy(node: Element, into: Element, left: dict[str, str], repeats: dict[str, Sequence[Mapping[str, str]]]) -> None:
    if _local(node) in repeats:  # a definition has it twice, as a template and as the first turn
        for turn in repeats.pop(_local(node)):
            inner = dict(turn)
            _copy(node, into, inner, repeats)
            _all_asked(inner)
        return
    made = SubElement(into, _local(node))
    if len(node):
        for child in node:
            _copy(child, made, left, repeats)
        if not any(leaf.text for leaf in made.iter()):
            into.remove(made)
    else:
        made.text = left.pop(made.tag, None)


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def picture() -> bytes:
    """A small PNG: a striped barrier, drawn. The same bytes each time."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _pixel(x: int, y: int) -> bytes:
    if HEIGHT // 2 - 12 <= y < HEIGHT // 2 + 4:
        return RED if (x + y) // STRIPE % 2 else WHITE
    post = x < 14 and y >= HEIGHT // 2
    return GREY if post else b"\xd6\xe4\xee" if y < HEIGHT - 14 else b"\xb8\xae\x98"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
