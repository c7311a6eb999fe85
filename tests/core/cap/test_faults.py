"""One fault each in a valid message, and the one rule that finds it, at its place."""

from __future__ import annotations

import capvalidator
import pytest
from core.cap import messages

from pasaj.core import cap
from pasaj.core.cap.reading import MOST_BYTES

VALID = cap.build(messages.alert())
FIRST, AREA, RES = "/alert/info[1]", "/alert/info[1]/area[1]", "/alert/info[1]/resource[1]"
RING = "18.8,-71.9 18.9,-71.9 18.9,-71.8 18.8,-71.9"
SHA = "7f7a3b8d6ab4b2e10f6bbd16e1b5bb1a8ff9d0b1"

# (rule, place, what is replaced once, by what)
FAULTS = [
    ("CAP-002", "/", "</alert>", ""),
    ("CAP-002", "/", "<scope>", "<scope>&nbsp;"),
    ("CAP-003", "/", "<alert ", "<!DOCTYPE alert><alert "),
    ("CAP-003", "/", "<alert ", '<!DOCTYPE alert [<!ENTITY a "b">]><alert '),
    ("CAP-004", "/", "cap:1.2", "cap:1.1"),
    ("CAP-004", "/", "urn:oasis:names:tc:emergency:cap:1.2", "http://www.w3.org/2005/Atom"),
    ("CAP-005", "/alert/colour", "<scope>", "<colour>red</colour><scope>"),
    ("CAP-005", "/alert/Source", "<source>duty desk</source>", "<Source>duty desk</Source>"),
    ("CAP-005", f"{AREA}/geo", "<circle>", '<geo xmlns="urn:other"/><circle>'),
    ("CAP-006", "/alert/msgType", "<msgType>Update</msgType><source>duty desk</source>",
     "<source>duty desk</source><msgType>Update</msgType>"),
    ("CAP-006", "/alert/note", "<note>EX-1</note>", ""),
    ("CAP-007", "/alert", "<scope>Restricted</scope>", ""),
    ("CAP-007", FIRST, "<urgency>Immediate</urgency>", ""),
    ("CAP-007", f"{FIRST}/eventCode", "<valueName>own</valueName>", ""),
    ("CAP-008", f"{FIRST}/event[2]", "<event>Flood (fr)</event>", "<event>Flood (fr)</event><event>Rain</event>"),
    ("CAP-009", FIRST, "<info>", '<info lang="fr">'),
    ("CAP-009", "/alert/note", "<note>", '<note id="a">'),
    ("CAP-010", FIRST, "<info>", "<info>Attention"),
    ("CAP-011", f"{FIRST}/headline", "The river", "The <b>big</b> river"),
    ("CAP-012", f"{FIRST}/urgency", "Immediate", "High"),
    ("CAP-012", "/alert/status", "Actual", "actual"),
    ("CAP-012", f"{FIRST}/category[2]", "Transport", "Roads"),
    ("CAP-013", "/alert/sent", "09:00:00-05:00", "14:00:00Z"),
    ("CAP-013", "/alert/sent", "09:00:00-05:00", "09:00:00.5-05:00"),
    ("CAP-013", f"{FIRST}/expires", "2026-11-30T15:00:00", "2026-02-30T15:00:00"),
    ("CAP-014", f"{RES}/size", "<size>9", "<size>nine"),
    ("CAP-014", f"{AREA}/ceiling", "900.5", "9e2"),
    ("CAP-015", f"{FIRST}/language", "<language>fr", "<language>fr_HT"),
    ("CAP-016", f"{FIRST}/web", "https://example.org/AL-1", "https://example.org/ a b"),
    ("CAP-016", f"{RES}/uri", "map.png", "map%zz.png"),
    ("CAP-017", "/alert/sender", "<sender>cell@example.org</sender>", "<sender/>"),
    ("CAP-018", "/alert/identifier", "AL-2026-0001-2<", "AL 2026, 2<"),
    ("CAP-018", "/alert/sender", "<sender>cell@", "<sender>cell&amp;"),
    ("CAP-019", "/alert", "<references>cell@example.org,AL-2026-0001-1,2026-11-30T08:00:00-05:00</references>", ""),
    ("CAP-020", "/alert/references", "-1,2026-11-30T08:00:00-05:00", "-1"),
    ("CAP-020", "/alert/references", "-1,2026-11-30T08:00:00-05:00", "-1,2026-11-30T13:00:00Z"),
    ("CAP-021", "/alert/references", "AL-2026-0001-1,", "AL-2026-0001-2,"),
    ("CAP-022", "/alert/references", "08:00:00-05:00", "09:00:01-05:00"),
    ("CAP-023", "/alert/references", "08:00:00-05:00",
     "08:00:00-05:00 cell@example.org,AL-2026-0001-1,2026-11-30T08:00:00-05:00"),
    ("CAP-024", "/alert", "<restriction>services only</restriction>", ""),
    ("CAP-025", "/alert/restriction", "Restricted<", "Public<"),
    ("CAP-026", "/alert", '<scope>Restricted</scope><restriction>services only</restriction><addresses>a@example.org '
     '"desk two"</addresses>', "<scope>Private</scope>"),
    ("CAP-027", "/alert/addresses", '"desk two"', '"desk two'),
    ("CAP-027", "/alert/incidents", '"the flood"', 'the"flood'),
    ("CAP-029", FIRST, "<web>https://example.org/AL-1</web>", ""),
    ("CAP-029", FIRST, "<expires>2026-11-30T15:00:00-05:00</expires>", ""),
    ("CAP-030", "/alert/info[2]", "<category>Transport</category>", ""),
    ("CAP-031", "/alert/info[2]", "<value>F1</value>", "<value>F2</value>"),
    ("CAP-032", f"{FIRST}/expires", "<effective>2026-11-30T09", "<effective>2026-11-30T16"),
    ("CAP-033", f"{FIRST}/expires", "<onset>2026-11-30T10", "<onset>2026-11-30T16"),
    ("CAP-035", "/alert/info[2]/instruction", "up the hill. (ht)", "up the hill. (fr)"),
    ("CAP-036", f"{FIRST}/description", "Five metres", "&lt;b&gt;Five&lt;/b&gt; metres"),
    ("CAP-036", "/alert/note", "EX-1", "EX&amp;nbsp;1"),
    ("CAP-036", f"{AREA}/areaDesc", "the river", "the river&lt;br/&gt;"),
    ("CAP-037", f"{FIRST}/web", "https://example.org/AL-1", "www.example.org/AL-1"),
    ("CAP-038", AREA, f"<polygon>{RING}</polygon><circle>18.85,-71.87 5</circle><geocode><valueName>pcode</valueName>"
     "<value>HT01</value></geocode>", ""),
    ("CAP-039", f"{AREA}/polygon", RING, "18.8 -71.9"),
    ("CAP-039", f"{AREA}/polygon", "18.9,-71.9", "98.9,-71.9"),
    ("CAP-040", f"{AREA}/polygon", "-71.8 18.8,-71.9<", "-71.8 18.8,-71.95<"),
    ("CAP-040", f"{AREA}/polygon", RING, "18.8,-71.9 18.9,-71.9 18.8,-71.9"),
    ("CAP-041", f"{AREA}/polygon", RING, "18,-72 19,-71 18,-71 19,-72 18,-72"),
    ("CAP-042", f"{AREA}/circle", "18.85,-71.87 5", "18.85,-71.87"),
    ("CAP-042", f"{AREA}/circle", "-71.87 5", "-71.87 -5"),
    ("CAP-043", f"{AREA}/ceiling", "<altitude>100</altitude>", ""),
    ("CAP-044", f"{AREA}/altitude", "<altitude>100<", "<altitude>1000<"),
    ("CAP-045", f"{RES}/mimeType", "image/png", "picture"),
    ("CAP-047", f"{RES}/uri", "<derefUri>YSBwaWN0dXJl</derefUri>", ""),
    ("CAP-048", f"{RES}/derefUri", "YSBwaWN0dXJl", "YSBwaWN0dXJ"),
    ("CAP-049", f"{RES}/digest", "<digest>", "<digest>x"),
    ("CAP-050", f"{RES}/digest", "YSBwaWN0dXJl", "YSBwaWN0dXJm"),
]  # fmt: skip


def found(data: bytes) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in cap.check(data)]


def test_the_message_that_the_faults_are_put_into_is_valid() -> None:
    assert found(VALID) == []
    assert capvalidator.check_schema(VALID).passed
    assert len(FAULTS) >= 40


@pytest.mark.req("R11.12")
@pytest.mark.parametrize(("code", "place", "old", "new"), FAULTS)
def test_a_fault_is_found_by_its_rule_alone(code: str, place: str, old: str, new: str) -> None:
    assert old.encode() in VALID
    if (code, place) == ("CAP-006", "/alert/note"):  # moved, not removed
        data = VALID.replace(b"</references>", b"</references><note>EX-1</note>").replace(old.encode(), b"", 1)
    else:
        data = VALID.replace(old.encode(), new.encode(), 1)
    assert found(data) == [(code, place)]


@pytest.mark.req("R11.12")
def test_faults_that_are_no_replacement() -> None:
    assert found(cap.build(messages.alert(info=()))) == [("CAP-028", "/alert")]
    assert found(cap.build(messages.alert(info=(), msg_type="Ack"))) == []
    assert found(cap.build(messages.alert(info=(messages.info(area=()),)))) == [("CAP-029", FIRST)]
    late = messages.info(effective=None, onset=None, expires=messages.SENT)
    assert found(cap.build(messages.alert(info=(late,)))) == [("CAP-034", f"{FIRST}/expires")]
    assert found(VALID + b" " * MOST_BYTES) == [("CAP-001", "/")]
    assert found(b"") == [("CAP-002", "/")]
    bomb = b'<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><alert>&b;</alert>'
    assert found(bomb) == [("CAP-003", "/")]
    assert found(VALID.decode().replace("'UTF-8'", "'UTF-16'").encode("utf-16")) == []
    assert found(VALID.replace(b"</info></alert>", b"</info>\xff</alert>")) == [("CAP-002", "/")]


def test_every_problem_is_told_at_once() -> None:
    data = VALID.replace(b"<urgency>Immediate", b"<urgency>High", 1).replace(b"<altitude>100<", b"<altitude>1000<")
    assert found(data) == [
        ("CAP-012", f"{FIRST}/urgency"),
        ("CAP-044", f"{AREA}/altitude"),
        ("CAP-044", "/alert/info[2]/area[1]/altitude"),
    ]


def test_what_cannot_be_read_is_told_once() -> None:
    for old, new, wanted in (
        ("<altitude>100<", "<altitude>low<", ("CAP-014", f"{AREA}/altitude")),
        ("<ceiling>900.5<", "<ceiling>high<", ("CAP-014", f"{AREA}/ceiling")),
        ("<language>fr<", "<language>f r<", ("CAP-015", f"{FIRST}/language")),
        ("<mimeType>image/png<", "<mimeType> <", ("CAP-017", f"{RES}/mimeType")),
    ):
        assert found(VALID.replace(old.encode(), new.encode(), 1)) == [wanted]


def test_comments_and_what_xml_allows_are_no_fault() -> None:
    schema = b'<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" '
    for old, new in (
        (b"<scope>", b"<!-- who --><scope>"),
        (b"<scope>Restricted", b"<scope>Restr<!-- who -->icted"),
        (b"<note>EX-1</note>", b"<note><![CDATA[EX-1]]></note>\n  "),
        (b"<alert ", b"<?other?>" + schema),
        (b"<language>fr</language>", b"<language/>"),
        (b"<size>9", b"<size> 9 "),
        (b'<restriction>services only</restriction><addresses>a@example.org "desk two"</addresses>',
         b"<restriction>x</restriction><addresses/>"),
    ):  # fmt: skip
        assert old in VALID
        assert found(VALID.replace(old, new, 1)) == []


def test_a_private_message_and_a_free_one() -> None:
    private = messages.alert(scope="Private", restriction="")
    assert found(cap.build(private)) == []
    plain = messages.alert(scope="Public", restriction="", msg_type="Alert", references=(), addresses=(), incidents=())
    assert found(cap.build(plain)) == []
    early = messages.info(effective=None, onset=None, resource=())
    assert found(cap.build(messages.alert(info=(early,)))) == []
    unknown = cap.build(plain).replace(b"<scope>Public", b"<scope>Open").replace(b"09:00:00-05:00</sent>", b"</sent>")
    assert found(unknown) == [("CAP-013", "/alert/sent"), ("CAP-012", "/alert/scope")]
