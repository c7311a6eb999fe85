"""Rules of CAP that no schema says, for areas and resources.

Source: CAP-v1.2-os, sections 3.2.3 and 3.2.4; the validators of google/cap-library.
"""

from __future__ import annotations

import binascii
import functools
import hashlib
import re
from collections.abc import Iterator
from typing import TypeVar

from pasaj.core.cap import values
from pasaj.core.cap.geometry import crosses_itself
from pasaj.core.cap.reading import Element, at
from pasaj.core.cap.structure import is_uri
from pasaj.core.problems import Problem

MEDIA_TYPE = re.compile(
    r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;\s*[A-Za-z0-9!#$&^_.+-]+=(\"[^\"]*\"|[^\s;\"]+))*"
)
SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
WHOLE_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

T = TypeVar("T")
Found = Iterator[Problem]


def area(element: Element) -> Found:
    """Problems CAP-038 to CAP-044."""
    if not any(element.told("polygon", "circle")) and not element.all("geocode"):
        yield at(element, "CAP-038")
    for one in element.all("polygon"):
        yield from _polygon(one)
    for one in element.all("circle"):
        try:
            values.circle(one.text)
        except ValueError:
            yield at(one, "CAP-042", value=one.text.strip()[:60])
    yield from _heights(element)


def _polygon(element: Element) -> Found:
    code = _shape(element.text)
    if code:
        yield at(element, code, value=element.text.strip()[:60])


@functools.lru_cache(maxsize=64)  # each language repeats the areas of the others
def _shape(text: str) -> str:
    """The rule that a polygon breaks; empty for a good one."""
    try:
        points = values.polygon(text)
    except ValueError:
        return "CAP-039"
    if len(points) < 4 or points[0] != points[-1]:
        return "CAP-040"
    return "CAP-041" if crosses_itself(points) else ""


def _feet(element: Element | None) -> float | None:
    try:
        return values.decimal(element.text) if element else None
    except ValueError:
        return None


def _heights(element: Element) -> Found:
    low, high = element.first("altitude"), element.first("ceiling")
    if high is None:
        return
    if low is None:
        yield at(high, "CAP-043")
        return
    altitude, ceiling = _feet(low), _feet(high)
    if altitude is not None and ceiling is not None and altitude > ceiling:
        yield at(low, "CAP-044")


def resource(element: Element) -> Found:
    """Problems CAP-045 and CAP-047 to CAP-050."""
    for one in element.told("mimeType"):
        if not MEDIA_TYPE.fullmatch(one.text.strip()):
            yield at(one, "CAP-045", value=one.text.strip()[:60])
    inside, digest = element.said("derefUri"), element.said("digest")
    for one in element.told("uri"):
        if not inside and is_uri(one.text.strip()) and not WHOLE_ADDRESS.fullmatch(one.text.strip()):
            yield at(one, "CAP-047", value=one.text.strip()[:60])
    content = None
    if inside:
        try:
            content = binascii.a2b_base64("".join(inside.split()), strict_mode=True)
        except ValueError:
            yield at(element.all("derefUri")[0], "CAP-048")
    if digest and not SHA1.fullmatch(digest):
        yield at(element.all("digest")[0], "CAP-049", value=digest[:60])
    elif digest and content is not None and hashlib.sha1(content, usedforsecurity=False).hexdigest() != digest.lower():
        yield at(element.all("digest")[0], "CAP-050")
