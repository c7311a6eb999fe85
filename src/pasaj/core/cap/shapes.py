"""A CAP 1.2 message as plain values, named and ordered as its elements; codes are as CAP writes them.

Source: OASIS Common Alerting Protocol version 1.2 (1 July 2010). An empty text stands for an element that is
not there. Elements that may repeat are tuples under the element's own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"

STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPE = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPE = ("Public", "Restricted", "Private")
CATEGORY = (
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
)
RESPONSE_TYPE = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


class Pair(NamedTuple):
    """A value under a name: of eventCode, parameter and geocode."""

    value_name: str
    value: str


class Reference(NamedTuple):
    """An earlier message. `sent` is the text as that message wrote it, to the letter."""

    sender: str
    identifier: str
    sent: str


class Circle(NamedTuple):
    """Degrees of WGS 84, and kilometres."""

    lat: float
    lon: float
    radius: float


Polygon = tuple[tuple[float, float], ...]  # (lat, lon) in degrees, the first point again at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """`size` in bytes; `deref_uri` base64 of the file itself; `digest` its SHA-1 in hex."""

    resource_desc: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """`altitude` and `ceiling` in feet above mean sea level; several polygons or circles are taken together."""

    area_desc: str
    polygon: tuple[Polygon, ...] = ()
    circle: tuple[Circle, ...] = ()
    geocode: tuple[Pair, ...] = ()
    altitude: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is told in one language. Datetimes are aware, to the second, their offset in whole minutes."""

    language: str = "en-US"
    category: tuple[str, ...]
    event: str
    response_type: tuple[str, ...] = ()
    urgency: str
    severity: str
    certainty: str
    audience: str = ""
    event_code: tuple[Pair, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameter: tuple[Pair, ...] = ()
    resource: tuple[Resource, ...] = ()
    area: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message. Signatures are no part of it: a signed message parses to the same value."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    source: str = ""
    scope: str
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    info: tuple[Info, ...] = ()
