"""What the schema of CAP 1.2 demands: which elements, in which order, how often, of which kind of value.

Everything that the OASIS schema refuses is refused here: a test over mutated messages holds it. Beyond it, times
must exist, and what must be there must not be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pasaj.core.cap import shapes
from pasaj.core.cap.reading import THEIRS, Element, at
from pasaj.core.cap.values import BLANK, decimal, moment
from pasaj.core.problems import Problem

LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
WHOLE = re.compile(r"[-+]?[0-9]+")
URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
PORT = re.compile(r"(?:[^@/?#]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^:\[\]/?#@]*)(?::[0-9]*)?")


class Part(NamedTuple):
    """An element within another: `least` and `most` times, 0 for no limit; `kind` says what it holds."""

    name: str
    kind: str
    least: int = 0
    most: int = 1


PAIR = (Part("valueName", "text", 1), Part("value", "text", 1))
PARTS: dict[str, tuple[Part, ...]] = {
    "alert": (
        Part("identifier", "text", 1),
        Part("sender", "text", 1),
        Part("sent", "moment", 1),
        Part("status", "word", 1),
        Part("msgType", "word", 1),
        Part("source", "text"),
        Part("scope", "word", 1),
        Part("restriction", "text"),
        Part("addresses", "text"),
        Part("code", "text", 0, 0),
        Part("note", "text"),
        Part("references", "text"),
        Part("incidents", "text"),
        Part("info", "parts", 0, 0),
    ),
    "info": (
        Part("language", "language"),
        Part("category", "word", 1, 0),
        Part("event", "text", 1),
        Part("responseType", "word", 0, 0),
        Part("urgency", "word", 1),
        Part("severity", "word", 1),
        Part("certainty", "word", 1),
        Part("audience", "text"),
        Part("eventCode", "parts", 0, 0),
        Part("effective", "moment"),
        Part("onset", "moment"),
        Part("expires", "moment"),
        Part("senderName", "text"),
        Part("headline", "text"),
        Part("description", "text"),
        Part("instruction", "text"),
        Part("web", "uri"),
        Part("contact", "text"),
        Part("parameter", "parts", 0, 0),
        Part("resource", "parts", 0, 0),
        Part("area", "parts", 0, 0),
    ),
    "resource": (
        Part("resourceDesc", "text", 1),
        Part("mimeType", "text", 1),
        Part("size", "whole"),
        Part("uri", "uri"),
        Part("derefUri", "text"),
        Part("digest", "text"),
    ),
    "area": (
        Part("areaDesc", "text", 1),
        Part("polygon", "text", 0, 0),
        Part("circle", "text", 0, 0),
        Part("geocode", "parts", 0, 0),
        Part("altitude", "decimal"),
        Part("ceiling", "decimal"),
    ),
    "eventCode": PAIR,
    "parameter": PAIR,
    "geocode": PAIR,
}
WORDS: dict[str, tuple[str, ...]] = {
    "status": shapes.STATUS,
    "msgType": shapes.MSG_TYPE,
    "scope": shapes.SCOPE,
    "category": shapes.CATEGORY,
    "responseType": shapes.RESPONSE_TYPE,
    "urgency": shapes.URGENCY,
    "severity": shapes.SEVERITY,
    "certainty": shapes.CERTAINTY,
}
# An empty value of a pair is a value; these are no answer when they are empty.
MUST_SAY = frozenset({"identifier", "sender", "event", "resourceDesc", "mimeType", "areaDesc", "valueName"})

Found = Iterator[Problem]


def structure(element: Element) -> Found:
    """Problems CAP-005 to CAP-017 of an element and all within it, in the order of the message."""
    parts = PARTS[element.name]
    yield from _attributes(element)
    if element.between or (not element.children and element.text.strip()):
        value = element.between or element.text.strip()
        yield at(element, "CAP-010", parent=element.name, value=value[:60])
    yield from _order(element, parts)
    known = {part.name: part for part in parts}
    for child in element.children:
        part = known.get(child.name)
        if part is not None:
            yield from structure(child) if part.kind == "parts" else _value(child, part)
    for part in parts:
        if len(element.all(part.name)) < part.least:
            yield at(element, "CAP-007", parent=element.name, name=part.name)


def _attributes(element: Element) -> Found:
    for name in element.attributes:
        yield at(element, "CAP-009", name=name.rpartition("}")[2])


def _order(element: Element, parts: tuple[Part, ...]) -> Found:
    places = {part.name: at_ for at_, part in enumerate(parts)}
    farthest, before, seen = -1, "", set()
    for child in element.children:
        if element.name == "alert" and child.name.startswith(THEIRS):
            farthest, before = len(parts), "Signature"
            continue
        place = places.get(child.name)
        if place is None:
            yield at(child, "CAP-005", parent=element.name, name=child.name)
            continue
        if child.name in seen and parts[place].most == 1:
            yield at(child, "CAP-008", parent=element.name, name=child.name)
        elif place < farthest:
            yield at(child, "CAP-006", name=child.name, before=before)
        else:
            farthest, before = place, child.name
        seen.add(child.name)


def _value(element: Element, part: Part) -> Found:
    yield from _attributes(element)
    if element.children:
        name = element.children[0].name.rpartition("}")[2]
        yield at(element, "CAP-011", parent=element.name, name=name)
        return
    text = element.text.strip(BLANK)
    if part.kind == "word":
        # Of these texts blanks are part, as the schema has it.
        allowed = WORDS[part.name]
        if element.text not in allowed:
            yield at(element, "CAP-012", name=part.name, value=element.text[:60], allowed=", ".join(allowed))
    elif part.kind in KINDS and not KINDS[part.kind][0](text):
        yield at(element, KINDS[part.kind][1], value=text[:60])
    elif part.name in MUST_SAY and not element.text.strip():
        yield at(element, "CAP-017", name=part.name)


def _reads(reader: Callable[[str], object]) -> Callable[[str], bool]:
    def can(text: str) -> bool:
        try:
            reader(text)
        except ValueError:
            return False
        return True

    return can


def is_uri(text: str) -> bool:
    """Whether a text is a URI or a relative one (RFC 3986); letters beyond ASCII are taken as percent-encoded."""
    ascii_only = "".join(letter if letter.isascii() else "%C3" for letter in text)
    if not URI.fullmatch(ascii_only) or PERCENT.search(ascii_only) or ascii_only.count("#") > 1:
        return False
    scheme, colon, rest = ascii_only.partition(":")
    if colon and not set(scheme) & set("/?#"):
        if not SCHEME.fullmatch(scheme):
            return False
    else:
        rest = ascii_only
    if not rest.startswith("//"):
        return not set(rest) & set("[]")
    server = re.split("[/?#]", rest[2:], maxsplit=1)[0]
    return bool(PORT.fullmatch(server)) and not set(rest[2 + len(server) :]) & set("[]")


# An empty language stands for the default, as the schema has it; an empty address is one (to the message itself).
KINDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "moment": (_reads(moment), "CAP-013"),
    "whole": (lambda text: bool(WHOLE.fullmatch(text)), "CAP-014"),
    "decimal": (_reads(decimal), "CAP-014"),
    "language": (lambda text: not text or bool(LANGUAGE.fullmatch(text)), "CAP-015"),
    "uri": (is_uri, "CAP-016"),
}
