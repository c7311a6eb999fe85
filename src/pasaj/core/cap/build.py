"""A message as bytes: compact, in the order of the schema, the same each time.

Nothing stands between the elements: validators that strip blank text before they verify a signature would
otherwise find another text than the one that was signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from pasaj.core.cap.shapes import NAMESPACE, Alert, Area, Info, Pair, Reference, Resource
from pasaj.core.cap.values import (
    circle_text,
    number,
    polygon_text,
    references_text,
    timestamp,
    words_text,
)
from pasaj.core.problems import Refused, problem

HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
# What XML 1.0 cannot hold in any way of writing it.
IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Written = Iterator[str]


def build(alert: Alert) -> bytes:
    """The message as UTF-8. Whether it is a good one is for `check` to say.

    Raises Refused with CAP-046 for a text that cannot stand in XML or holds nothing but blanks, ValueError for a
    datetime without an offset.
    """
    return (HEAD + f'<alert xmlns="{NAMESPACE}">' + "".join(_alert(alert)) + "</alert>").encode()


def reference(alert: Alert) -> Reference:
    """What a later message writes to refer to this one."""
    return Reference(alert.sender, alert.identifier, timestamp(alert.sent))


def _text(name: str, value: str) -> Written:
    if not value:
        return
    if IMPOSSIBLE.search(value) or value.isspace():
        raise Refused(problem("CAP-046", column=name))
    # A carriage return that is not written out would come back as a line feed.
    yield f"<{name}>{escape(value, quote=False).replace(chr(13), '&#13;')}</{name}>"


def _texts(name: str, values: Sequence[str]) -> Written:
    for value in values:
        yield from _text(name, value)


def _list(name: str, values: tuple[str, ...]) -> Written:
    if any('"' in value for value in values):
        raise Refused(problem("CAP-046", column=name))
    yield from _text(name, words_text(values))


def _pairs(name: str, pairs: Sequence[Pair]) -> Written:
    for value_name, value in pairs:
        yield f"<{name}>"
        yield from _text("valueName", value_name)
        yield from _text("value", value) if value else ("<value/>",)
        yield f"</{name}>"


def _alert(alert: Alert) -> Written:
    yield from _text("identifier", alert.identifier)
    yield from _text("sender", alert.sender)
    yield from _text("sent", timestamp(alert.sent))
    yield from _text("status", alert.status)
    yield from _text("msgType", alert.msg_type)
    yield from _text("source", alert.source)
    yield from _text("scope", alert.scope)
    yield from _text("restriction", alert.restriction)
    yield from _list("addresses", alert.addresses)
    yield from _texts("code", alert.code)
    yield from _text("note", alert.note)
    yield from _text("references", references_text(alert.references))
    yield from _list("incidents", alert.incidents)
    for info in alert.info:
        yield "<info>"
        yield from _info(info)
        yield "</info>"


def _info(info: Info) -> Written:
    yield from _text("language", info.language)
    yield from _texts("category", info.category)
    yield from _text("event", info.event)
    yield from _texts("responseType", info.response_type)
    yield from _text("urgency", info.urgency)
    yield from _text("severity", info.severity)
    yield from _text("certainty", info.certainty)
    yield from _text("audience", info.audience)
    yield from _pairs("eventCode", info.event_code)
    for name, moment in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        if moment is not None:
            yield from _text(name, timestamp(moment))
    yield from _text("senderName", info.sender_name)
    yield from _text("headline", info.headline)
    yield from _text("description", info.description)
    yield from _text("instruction", info.instruction)
    yield from _text("web", info.web)
    yield from _text("contact", info.contact)
    yield from _pairs("parameter", info.parameter)
    for resource in info.resource:
        yield "<resource>"
        yield from _resource(resource)
        yield "</resource>"
    for area in info.area:
        yield "<area>"
        yield from _area(area)
        yield "</area>"


def _resource(resource: Resource) -> Written:
    yield from _text("resourceDesc", resource.resource_desc)
    yield from _text("mimeType", resource.mime_type)
    if resource.size is not None:
        yield from _text("size", str(resource.size))
    yield from _text("uri", resource.uri)
    yield from _text("derefUri", resource.deref_uri)
    yield from _text("digest", resource.digest)


def _area(area: Area) -> Written:
    yield from _text("areaDesc", area.area_desc)
    yield from _texts("polygon", [polygon_text(one) for one in area.polygon])
    yield from _texts("circle", [circle_text(one) for one in area.circle])
    yield from _pairs("geocode", area.geocode)
    for name, feet in (("altitude", area.altitude), ("ceiling", area.ceiling)):
        if feet is not None:
            yield from _text(name, number(feet))
