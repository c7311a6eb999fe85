"""The values that stand as text in a CAP message, and the way back.

Readers raise ValueError for a text that is not such a value.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pasaj.core.cap.shapes import Circle, Polygon, Reference

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[-+][0-9]{2}:[0-5][0-9]")
NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
FARTHEST = timedelta(hours=14)  # of a time zone from UTC, as XML Schema has it
BLANK = " \t\n\r"  # what XML counts as such


def timestamp(moment: datetime) -> str:
    """`2026-11-30T09:15:00-05:00`: without fractions, UTC as `-00:00`, never `Z`.

    Raises ValueError for a naive datetime, and for an offset that is not in whole minutes.
    """
    offset = moment.utcoffset()
    if offset is None or offset % timedelta(minutes=1):
        raise ValueError(f"{moment!r} has no offset in whole minutes.")
    text = moment.replace(microsecond=0).isoformat()
    return text if offset else f"{text[:-6]}-00:00"


def moment(text: str) -> datetime:
    """The datetime that a text of the one pattern of CAP stands for, with its own offset."""
    text = text.strip(BLANK)
    if not MOMENT.fullmatch(text):
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    if abs(found - found.replace(tzinfo=UTC)) > FARTHEST:
        raise ValueError(text)
    return found


def decimal(text: str) -> float:
    """A decimal number of XML Schema: no exponent, no words."""
    text = text.strip(BLANK)
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def number(value: float) -> str:
    """A finite number in digits alone, from which `decimal` reads the same value."""
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")


def point(text: str) -> tuple[float, float]:
    """`18.84,-71.87`: latitude and longitude in degrees."""
    lat, lon = (decimal(part) for part in text.split(","))
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError(text)
    return lat, lon


def polygon(text: str) -> Polygon:
    """Points between blanks. Whether they close is for `check` to say."""
    return tuple(point(pair) for pair in text.split())


def polygon_text(points: Polygon) -> str:
    """The way back of `polygon`."""
    return " ".join(f"{number(lat)},{number(lon)}" for lat, lon in points)


def circle(text: str) -> Circle:
    """`18.84,-71.87 5`: a point and a radius in kilometres."""
    centre, radius = text.split()
    size = decimal(radius)
    if size < 0:
        raise ValueError(text)
    return Circle(*point(centre), size)


def circle_text(one: Circle) -> str:
    """The way back of `circle`."""
    return f"{number(one.lat)},{number(one.lon)} {number(one.radius)}"


def references(text: str) -> tuple[Reference, ...]:
    """Triples `sender,identifier,sent` between blanks; `sent` must be a time."""
    found = []
    for triple in text.split():
        sender, identifier, sent = triple.split(",")
        if not sender or not identifier:
            raise ValueError(triple)
        moment(sent)
        found.append(Reference(sender, identifier, sent))
    return tuple(found)


def references_text(given: tuple[Reference, ...]) -> str:
    """The way back of `references`."""
    return " ".join(",".join(one) for one in given)


WORD = re.compile(r'\s*(?:"([^"]*)"|([^\s"]+))(?=\s|$)')


def words(text: str) -> tuple[str, ...]:
    """A list between blanks; what holds blanks itself stands in quotation marks."""
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        one = WORD.match(text, at)
        if one is None:
            raise ValueError(text[at:])
        found.append(one[1] if one[1] is not None else one[2])
        at = one.end()
    return tuple(found)


def words_text(given: tuple[str, ...]) -> str:
    """The way back of `words`."""
    return " ".join(f'"{one}"' if not one or any(letter.isspace() for letter in one) else one for one in given)
