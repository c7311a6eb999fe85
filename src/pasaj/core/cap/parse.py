"""A message read into plain values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pasaj.core.cap import values
from pasaj.core.cap.reading import Element, at, read
from pasaj.core.cap.shapes import Alert, Area, Info, Pair, Resource
from pasaj.core.cap.structure import structure
from pasaj.core.problems import Problem, Refused

T = TypeVar("T")
# What cannot be turned into a value, and the rule that says so.
UNREADABLE = {"polygon": "CAP-039", "circle": "CAP-042", "references": "CAP-020"}
LISTS = {"addresses": "CAP-027", "incidents": "CAP-027"}


def parse(data: bytes) -> Alert:
    """The message as plain values. What the schema cannot say is for `check` to say.

    Raises Refused with every problem of form: CAP-001 to CAP-017, and CAP-020, CAP-027, CAP-039 or CAP-042 for what
    cannot be read as a value.
    """
    tree = read(data)
    found = list(structure(tree))
    if found:
        raise Refused(*found)
    wrong: list[Problem] = []
    made = _alert(tree, wrong)
    if wrong:
        raise Refused(*wrong)
    return made


def _text(element: Element, name: str) -> str:
    found = element.first(name)
    return found.text if found and found.text.strip() else ""


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(one.text for one in element.all(name))


def _pairs(element: Element, name: str) -> tuple[Pair, ...]:
    return tuple(Pair(_text(one, "valueName"), _text(one, "value")) for one in element.all(name))


def _moment(element: Element, name: str) -> datetime | None:
    found = element.first(name)
    return values.moment(found.text) if found else None


def _feet(element: Element, name: str) -> float | None:
    found = element.first(name)
    return values.decimal(found.text) if found else None


def _read(elements: list[Element], reader: Callable[[str], T], wrong: list[Problem]) -> tuple[T, ...]:
    found = []
    for one in elements:
        try:
            found.append(reader(one.text))
        except ValueError:
            code = UNREADABLE.get(one.name) or LISTS[one.name]
            wrong.append(at(one, code, name=one.name, value=one.text[:60]))
    return tuple(found)


def _list(element: Element, name: str, reader: Callable[[str], tuple[T, ...]], wrong: list[Problem]) -> tuple[T, ...]:
    return tuple(one for found in _read(element.all(name), reader, wrong) for one in found)


def _alert(tree: Element, wrong: list[Problem]) -> Alert:
    sent = _moment(tree, "sent")
    assert sent is not None  # the structure was checked
    return Alert(
        identifier=_text(tree, "identifier"),
        sender=_text(tree, "sender"),
        sent=sent,
        status=_text(tree, "status"),
        msg_type=_text(tree, "msgType"),
        source=_text(tree, "source"),
        scope=_text(tree, "scope"),
        restriction=_text(tree, "restriction"),
        addresses=_list(tree, "addresses", values.words, wrong),
        code=_texts(tree, "code"),
        note=_text(tree, "note"),
        references=_list(tree, "references", values.references, wrong),
        incidents=_list(tree, "incidents", values.words, wrong),
        info=tuple(_info(one, wrong) for one in tree.all("info")),
    )


def _info(element: Element, wrong: list[Problem]) -> Info:
    return Info(
        language=_text(element, "language").strip(values.BLANK) or "en-US",
        category=_texts(element, "category"),
        event=_text(element, "event"),
        response_type=_texts(element, "responseType"),
        urgency=_text(element, "urgency"),
        severity=_text(element, "severity"),
        certainty=_text(element, "certainty"),
        audience=_text(element, "audience"),
        event_code=_pairs(element, "eventCode"),
        effective=_moment(element, "effective"),
        onset=_moment(element, "onset"),
        expires=_moment(element, "expires"),
        sender_name=_text(element, "senderName"),
        headline=_text(element, "headline"),
        description=_text(element, "description"),
        instruction=_text(element, "instruction"),
        web=_text(element, "web").strip(values.BLANK),
        contact=_text(element, "contact"),
        parameter=_pairs(element, "parameter"),
        resource=tuple(_resource(one) for one in element.all("resource")),
        area=tuple(_area(one, wrong) for one in element.all("area")),
    )


def _resource(element: Element) -> Resource:
    size = element.first("size")
    return Resource(
        resource_desc=_text(element, "resourceDesc"),
        mime_type=_text(element, "mimeType"),
        size=int(size.text) if size else None,
        uri=_text(element, "uri").strip(values.BLANK),
        deref_uri=_text(element, "derefUri"),
        digest=_text(element, "digest"),
    )


def _area(element: Element, wrong: list[Problem]) -> Area:
    return Area(
        area_desc=_text(element, "areaDesc"),
        polygon=_read(element.all("polygon"), values.polygon, wrong),
        circle=_read(element.all("circle"), values.circle, wrong),
        geocode=_pairs(element, "geocode"),
        altitude=_feet(element, "altitude"),
        ceiling=_feet(element, "ceiling"),
    )
