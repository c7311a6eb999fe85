"""Messages written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pasaj.core import cap
from pasaj.core.problems import Refused

SENT = datetime(2026, 11, 30, 9, 15, tzinfo=timezone(timedelta(hours=-5)))
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"

PLAIN = cap.Alert(
    identifier="AL-2026-0001-1",
    sender="cell@example.org",
    sent=SENT,
    status="Exercise",
    msg_type="Update",
    source="desk",
    scope="Restricted",
    restriction="services only",
    addresses=("a@example.org", "desk two"),
    code=("one", "two"),
    note="EX-1",
    references=(cap.Reference("cell@example.org", "AL-2026-0001-0", "2026-11-30T09:00:00-05:00"),),
    incidents=("EV-1",),
)
WHOLE = cap.Info(
    language="fr",
    category=("Safety", "Transport"),
    event="Crue",
    response_type=("Avoid",),
    urgency="Immediate",
    severity="Severe",
    certainty="Likely",
    audience="all",
    event_code=(cap.Pair("own", "F1"),),
    effective=SENT,
    onset=datetime(2026, 11, 30, 15, 0, 0, 900, tzinfo=UTC),
    expires=SENT + timedelta(hours=6),
    sender_name="Cell",
    headline="a < b & c",
    description="one\r\ntwo",
    instruction="Go up.",
    web="https://example.org/",
    contact="116",
    parameter=(cap.Pair("colour", ""),),
    resource=(
        cap.Resource(
            resource_desc="map", mime_type="image/png", size=3, uri="map.png", deref_uri="YWJj", digest="a" * 40
        ),
        cap.Resource(resource_desc="page", mime_type="text/html"),
    ),
    area=(
        cap.Area(
            area_desc="River",
            polygon=(((18.8, -71.8), (18.9, -71.8), (18.9, -71.0), (18.8, -71.8)),),
            circle=(cap.Circle(18.84, -71.87, 0.00001),),
            geocode=(cap.Pair("pcode", "HT01"),),
            altitude=0,
            ceiling=120.5,
        ),
    ),
)


@pytest.mark.req("R11.10")
def test_a_message_is_compact_and_in_the_order_of_the_schema() -> None:
    assert cap.build(replace(PLAIN, info=(WHOLE,))).decode() == (
        HEAD + "<identifier>AL-2026-0001-1</identifier><sender>cell@example.org</sender>"
        "<sent>2026-11-30T09:15:00-05:00</sent><status>Exercise</status><msgType>Update</msgType><source>desk</source>"
        "<scope>Restricted</scope><restriction>services only</restriction>"
        '<addresses>a@example.org "desk two"</addresses><code>one</code><code>two</code><note>EX-1</note>'
        "<references>cell@example.org,AL-2026-0001-0,2026-11-30T09:00:00-05:00</references>"
        "<incidents>EV-1</incidents><info><language>fr</language><category>Safety</category>"
        "<category>Transport</category><event>Crue</event><responseType>Avoid</responseType>"
        "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty><audience>all</audience>"
        "<eventCode><valueName>own</valueName><value>F1</value></eventCode>"
        "<effective>2026-11-30T09:15:00-05:00</effective><onset>2026-11-30T15:00:00-00:00</onset>"
        "<expires>2026-11-30T15:15:00-05:00</expires><senderName>Cell</senderName>"
        "<headline>a &lt; b &amp; c</headline><description>one&#13;\ntwo</description>"
        "<instruction>Go up.</instruction><web>https://example.org/</web><contact>116</contact>"
        "<parameter><valueName>colour</valueName><value/></parameter>"
        "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>3</size><uri>map.png</uri>"
        f"<derefUri>YWJj</derefUri><digest>{'a' * 40}</digest></resource>"
        "<resource><resourceDesc>page</resourceDesc><mimeType>text/html</mimeType></resource>"
        "<area><areaDesc>River</areaDesc><polygon>18.8,-71.8 18.9,-71.8 18.9,-71 18.8,-71.8</polygon>"
        "<circle>18.84,-71.87 0.00001</circle><geocode><valueName>pcode</valueName><value>HT01</value></geocode>"
        "<altitude>0</altitude><ceiling>120.5</ceiling></area></info></alert>"
    )


def test_what_a_later_message_writes_to_refer_to_one() -> None:
    assert cap.reference(PLAIN) == ("cell@example.org", "AL-2026-0001-1", "2026-11-30T09:15:00-05:00")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"note": "a\x00"}, "note"),
        ({"note": " \n"}, "note"),
        ({"source": "\ud800"}, "source"),
        ({"addresses": ('a"b',)}, "addresses"),
        ({"incidents": ('"',)}, "incidents"),
    ],
)
def test_what_cannot_stand_in_a_message_is_refused(given: dict[str, object], place: str) -> None:
    with pytest.raises(Refused) as refused:
        cap.build(replace(PLAIN, **given))  # type: ignore[arg-type]
    assert [(one.code, one.column) for one in refused.value.problems] == [("CAP-046", place)]


def test_a_time_needs_an_offset_in_whole_minutes() -> None:
    assert cap.timestamp(datetime(2026, 1, 2, 3, 4, 5, 999, tzinfo=UTC)) == "2026-01-02T03:04:05-00:00"
    for wrong in (datetime(2026, 1, 2), datetime(2026, 1, 2, tzinfo=timezone(timedelta(seconds=30)))):  # noqa: DTZ001
        with pytest.raises(ValueError, match="whole minutes"):
            cap.timestamp(wrong)
