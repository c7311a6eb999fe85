"""What makes a valid message better. None of it makes one invalid.

Source: recommendations of google/cap-library; cap-composer (event of 35 signs, 100 points); CAP-v1.2-os where it
says SHOULD.
"""

from __future__ import annotations

from collections.abc import Iterator

from pasaj.core.cap import values
from pasaj.core.cap.meaning import same_text
from pasaj.core.cap.reading import THEIRS, Element, at, read
from pasaj.core.problems import Problem

HEADLINE = 140  # signs; screens of phones show no more
EVENT = 35
POINTS = 100
WANTED = ("senderName", "responseType", "headline", "instruction", "contact")
TEXTS = (("headline", "description"), ("headline", "instruction"), ("description", "instruction"))

Found = Iterator[Problem]


def advice(data: bytes) -> list[Problem]:
    """Recommendations CAP-061 to CAP-074, in the order of the message. Raises Refused as `read` does."""
    return list(_advice(read(data)))


def _advice(tree: Element) -> Found:
    kind, note = tree.said("msgType"), tree.said("note")
    if tree.said("status") == "Exercise" and not note:
        yield at(tree, "CAP-069")
    if kind == "Error" and not note:
        yield at(tree, "CAP-070")
    infos = tree.all("info")
    first: dict[tuple[str, str], int] = {}
    for number, info in enumerate(infos, 1):
        other = first.setdefault((info.said("language").lower(), info.said("event")), number)
        if other != number:
            yield at(info, "CAP-072", other=other)
        yield from _info(info, public=tree.said("scope") == "Public")
    for one, other in same_text(infos, ("headline",)):
        yield at(one, "CAP-073", other=other)
    if not any(child.name == f"{THEIRS}Signature" for child in tree.children):
        yield at(tree, "CAP-074")


def _info(info: Element, *, public: bool) -> Found:
    for name in WANTED:
        if not info.said(name):
            yield at(info, "CAP-061", name=name)
    for name in ("urgency", "severity", "certainty"):
        if info.said(name) == "Unknown":
            yield at(info.all(name)[0], "CAP-065", name=name)
    yield from _texts(info)
    for one in info.all("responseType"):
        if public and one.text == "Assess":
            yield at(one, "CAP-068")
    for one in info.all("area"):
        yield from _area(one)


def _texts(info: Element) -> Found:
    for name, limit, code in (("headline", HEADLINE, "CAP-063"), ("event", EVENT, "CAP-071")):
        length = len(info.said(name))
        if length > limit:
            yield at(info.all(name)[0], code, length=length, limit=limit)
    for name, other in TEXTS:
        if info.said(name) and info.said(name) == info.said(other):
            yield at(info.all(other)[0], "CAP-064", name=name, other=other)


def _area(area: Element) -> Found:
    if area.all("geocode") and not area.all("polygon") and not area.all("circle"):
        yield at(area, "CAP-062")
    for one in area.all("polygon"):
        count = len(one.text.split())
        if count > POINTS:
            yield at(one, "CAP-067", count=count, limit=POINTS)
    for one in area.all("circle"):
        try:
            empty = values.circle(one.text).radius == 0
        except ValueError:
            continue
        if empty:
            yield at(one, "CAP-066")
