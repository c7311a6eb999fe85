"""Valid messages of every kind, for properties and for mutations."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from pasaj.core import cap
from pasaj.core.cap import shapes

# What XML can hold; a text of nothing but blanks is no text.
LETTERS = st.characters(codec="utf-8", exclude_characters="\x00\ufffe\uffff", exclude_categories=("Cs", "Cc"))
TEXT = st.text(LETTERS | st.sampled_from("\n\t\r<>&"), min_size=1, max_size=30).filter(lambda text: text.strip() != "")
MAYBE = st.just("") | TEXT
TOKEN = st.text(st.sampled_from("abcdefgXYZ0123456789@.-_"), min_size=1, max_size=20)
NAME = st.text(st.sampled_from("abc XYZ09@.-"), min_size=1, max_size=12).filter(lambda text: text.strip() != "")
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1000, 1, 2), datetime(9000, 1, 1), timezones=ZONES).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
PAIRS = st.lists(st.builds(cap.Pair, TEXT, MAYBE), max_size=2).map(tuple)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
POLYGONS = st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=6).map(tuple)
CIRCLES = st.builds(cap.Circle, LATITUDES, LONGITUDES, st.floats(0, 1e6))
HEIGHTS = st.none() | st.floats(-1e6, 1e6)
ADDRESS = st.just("") | st.just("https://example.org/a%20b?c=d#e")

AREAS = st.builds(
    cap.Area,
    area_desc=TEXT,
    polygon=st.lists(POLYGONS, max_size=2).map(tuple),
    circle=st.lists(CIRCLES, max_size=2).map(tuple),
    geocode=PAIRS,
    altitude=HEIGHTS,
    ceiling=HEIGHTS,
)
RESOURCES = st.builds(
    cap.Resource,
    resource_desc=TEXT,
    mime_type=TEXT,
    size=st.none() | st.integers(),
    uri=ADDRESS,
    deref_uri=MAYBE,
    digest=MAYBE,
)
INFOS = st.builds(
    cap.Info,
    language=st.sampled_from(["fr", "ht", "en-US", "es-DO"]),
    category=st.lists(st.sampled_from(shapes.CATEGORY), min_size=1, max_size=3).map(tuple),
    event=TEXT,
    response_type=st.lists(st.sampled_from(shapes.RESPONSE_TYPE), max_size=2).map(tuple),
    urgency=st.sampled_from(shapes.URGENCY),
    severity=st.sampled_from(shapes.SEVERITY),
    certainty=st.sampled_from(shapes.CERTAINTY),
    audience=MAYBE,
    event_code=PAIRS,
    effective=st.none() | MOMENTS,
    onset=st.none() | MOMENTS,
    expires=st.none() | MOMENTS,
    sender_name=MAYBE,
    headline=MAYBE,
    description=MAYBE,
    instruction=MAYBE,
    web=ADDRESS,
    contact=MAYBE,
    parameter=PAIRS,
    resource=st.lists(RESOURCES, max_size=2).map(tuple),
    area=st.lists(AREAS, max_size=2).map(tuple),
)
REFERENCES = st.builds(cap.Reference, TOKEN, TOKEN, MOMENTS.map(cap.timestamp))
ALERTS = st.builds(
    cap.Alert,
    identifier=TOKEN,
    sender=TOKEN,
    sent=MOMENTS,
    status=st.sampled_from(shapes.STATUS),
    msg_type=st.sampled_from(shapes.MSG_TYPE),
    source=MAYBE,
    scope=st.sampled_from(shapes.SCOPE),
    restriction=MAYBE,
    addresses=st.lists(NAME, max_size=3).map(tuple),
    code=st.lists(TEXT, max_size=2).map(tuple),
    note=MAYBE,
    references=st.lists(REFERENCES, max_size=2).map(tuple),
    incidents=st.lists(NAME, max_size=2).map(tuple),
    info=st.lists(INFOS, max_size=2).map(tuple),
)

SENT = datetime(2026, 11, 30, 14, 0, tzinfo=UTC).astimezone(timezone(timedelta(hours=-5)))
PICTURE = b"a picture"


def area(**given: object) -> cap.Area:
    return cap.Area(
        **{  # type: ignore[arg-type]
            "area_desc": "Along the river",
            "polygon": (((18.8, -71.9), (18.9, -71.9), (18.9, -71.8), (18.8, -71.9)),),
            "circle": (cap.Circle(18.85, -71.87, 5),),
            "geocode": (cap.Pair("pcode", "HT01"),),
            "altitude": 100.0,
            "ceiling": 900.5,
            **given,
        }
    )


def info(language: str = "fr", **given: object) -> cap.Info:
    return cap.Info(
        **{  # type: ignore[arg-type]
            "language": language,
            "category": ("Safety", "Transport"),
            "event": f"Flood ({language})",
            "response_type": ("Avoid",),
            "urgency": "Immediate",
            "severity": "Severe",
            "certainty": "Likely",
            "audience": "all",
            "event_code": (cap.Pair("own", "F1"),),
            "effective": SENT,
            "onset": SENT + timedelta(hours=1),
            "expires": SENT + timedelta(hours=6),
            "sender_name": "Cell",
            "headline": f"The river rises ({language})",
            "description": f"Five metres above its bed, and 3 < 5 & rising. ({language})",
            "instruction": f"Go up the hill. ({language})",
            "web": "https://example.org/AL-1",
            "contact": "116",
            "parameter": (cap.Pair("colour", "red"),),
            "resource": (
                cap.Resource(
                    resource_desc="map",
                    mime_type="image/png",
                    size=len(PICTURE),
                    uri="map.png",
                    deref_uri=base64.b64encode(PICTURE).decode(),
                    digest=hashlib.sha1(PICTURE, usedforsecurity=False).hexdigest(),
                ),
            ),
            "area": (area(),),
            **given,
        }
    )


def alert(**given: object) -> cap.Alert:
    return cap.Alert(
        **{  # type: ignore[arg-type]
            "identifier": "AL-2026-0001-2",
            "sender": "cell@example.org",
            "sent": SENT,
            "status": "Actual",
            "msg_type": "Update",
            "source": "duty desk",
            "scope": "Restricted",
            "restriction": "services only",
            "addresses": ("a@example.org", "desk two"),
            "code": ("one", "two"),
            "note": "EX-1",
            "references": (cap.Reference("cell@example.org", "AL-2026-0001-1", "2026-11-30T08:00:00-05:00"),),
            "incidents": ("EV-1", "the flood"),
            "info": (info("fr"), info("ht")),
            **given,
        }
    )
