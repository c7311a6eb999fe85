"""What a submission says about itself, and documents made to hurt."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.openrosa import envelope
from pasaj.core.openrosa.envelope import base_name, derived_id, named_files, read
from pasaj.core.problems import Refused

GOOD = b"""<?xml version='1.0' ?>
<data id="daily" version="3" xmlns:orx="http://openrosa.org/xforms">
  <count>4</count><photo>a.jpg</photo>
  <stall><picture>b &amp; \xc3\xa9.jpg</picture></stall><stall><picture>a.jpg</picture></stall>
  <orx:meta><orx:instanceID>uuid:1</orx:instanceID><orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta>
</data>"""


def code(xml: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(xml)
    return refused.value.problems[0].code


def test_it_reads_form_version_and_instance() -> None:
    found = read(GOOD)
    assert (found.form_id, found.version, found.instance_id, found.deprecated_id, found.encrypted) == (
        "daily", "3", "uuid:1", "uuid:0", False,
    )  # fmt: skip
    assert found.leaves == (
        ("count", "4"),
        ("photo", "a.jpg"),
        ("stall/picture", "b & é.jpg"),
        ("stall/picture", "a.jpg"),
        ("meta/instanceID", "uuid:1"),
        ("meta/deprecatedID", "uuid:0"),
    )


@pytest.mark.parametrize(
    "meta",
    [
        b"<meta><instanceID>uuid:7</instanceID></meta>",
        b'<o:meta xmlns:o="http://openrosa.org/xforms"><o:instanceID> uuid:7 </o:instanceID></o:meta>',
        b'<meta xmlns="http://openrosa.org/xforms"><instanceID>uuid:7</instanceID></meta>',
    ],
)
def test_the_instance_is_found_under_any_prefix(meta: bytes) -> None:
    assert read(b'<data id="f">' + meta + b"</data>").instance_id == "uuid:7"


def test_what_is_missing_is_empty() -> None:
    found = read(b'<data id="f"><a/><meta><instanceID/></meta></data>')
    assert (found.version, found.instance_id, found.deprecated_id, found.leaves) == ("", "", "", ())


def test_an_instance_elsewhere_is_an_answer_like_others() -> None:
    assert read(b'<data id="f"><group><instanceID>x</instanceID></group></data>').instance_id == ""


def test_the_files_are_those_of_binary_questions() -> None:
    fields = [
        {"path": "count", "kind": "integer"},
        {"path": "photo", "kind": "image", "binary": True},
        {"path": "stall", "kind": "repeat"},
        {"path": "stall/picture", "kind": "image", "binary": True},
    ]
    assert named_files(read(GOOD), fields) == ("a.jpg", "b & é.jpg")
    assert named_files(read(GOOD), []) == ()
    assert named_files(read(GOOD.replace(b"<photo>a.jpg", b"<photo>..")), fields) == ("b & é.jpg", "a.jpg")


def test_encrypted_documents_are_known() -> None:
    xml = b'<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="f" version="1" encrypted="yes"/>'
    assert read(xml).encrypted
    assert read(b'<data id="f" encrypted="yes"/>').encrypted


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (b"", "COLLECT-002"),
        (b"<data", "COLLECT-002"),
        (b"<data id='f'></daten>", "COLLECT-002"),
        (b"\xff\xfe\x00", "COLLECT-002"),
        (b"<?xml version='1.0' encoding='ebcdic-xyz'?><data id='f'/>", "COLLECT-002"),
        (b"<?xml version='1.0' encoding='utf-7'?><data id='f'/>", "COLLECT-002"),
        (b"<data id='f'>\x00</data>", "COLLECT-002"),
        (b"<data/>", "COLLECT-005"),
        (b"<data id='  '/>", "COLLECT-005"),
        (b"<data id='" + b"f" * 251 + b"'/>", "COLLECT-006"),
        (b"<data id='f' version='" + b"1" * 201 + b"'/>", "COLLECT-006"),
        (b"<data id='f'><meta><instanceID>" + b"u" * 251 + b"</instanceID></meta></data>", "COLLECT-006"),
        (b"<data id='f'><meta><instanceID>" + b"u" * 3000 + b"</instanceID></meta></data>", "COLLECT-006"),
        (b"<data id='f'><meta><deprecatedID>" + b"u" * 252 + b"</deprecatedID></meta></data>", "COLLECT-006"),
        (b"<a>" * 51 + b"</a>" * 51, "COLLECT-004"),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", "COLLECT-004"),
        (b"<!DOCTYPE data [<!ENTITY a 'x'>]><data id='f'>&a;</data>", "COLLECT-003"),
        (b"<!DOCTYPE data SYSTEM 'http://127.0.0.1:9/x.dtd'><data id='f'/>", "COLLECT-003"),
        (b"<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><d id='f'>&e;</d>", "COLLECT-003"),
    ],
)
def test_documents_made_to_hurt_are_refused(xml: bytes, expected: str) -> None:
    assert code(xml) == expected


def test_a_billion_laughs_end_at_once() -> None:
    entities = "".join(f"<!ENTITY l{at} '{f'&l{at - 1};' * 10}'>" for at in range(1, 10))
    bomb = f"<!DOCTYPE d [<!ENTITY l0 'lol'>{entities}]><d id='f'>&l9;</d>".encode()
    begun = time.monotonic()
    assert code(bomb) == "COLLECT-003"
    assert time.monotonic() - begun < 1


def test_fifty_megabytes_are_refused_unread() -> None:
    assert code(b"<data id='f'>" + b"x" * 50_000_000 + b"</data>") == "COLLECT-001"


def test_an_endless_text_names_no_file() -> None:
    xml = b"<data id='f'><photo>" + b"x" * (envelope.LONGEST_ID + 2) + b"</photo></data>"
    assert read(xml).leaves == ()


def test_the_same_bytes_get_the_same_id() -> None:
    assert derived_id("a" * 64) == "uuid:bd671a39-de25-575f-834b-af8c094f0163"
    assert derived_id("a" * 64) != derived_id("b" * 64)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jpg", "a.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\x.jpg", "x.jpg"),
        ("..", ""),
        ("a/", ""),
        ("é & \x00\n.jpg", "é & .jpg"),
        ("x" * 300, "x" * 250),
    ],
)
def test_names_lose_folders_and_controls(name: str, expected: str) -> None:
    assert base_name(name) == expected


@given(st.binary(max_size=400))
def test_no_bytes_break_it(noise: bytes) -> None:
    for xml in (noise, b"<data id='f'>" + noise + b"</data>"):
        try:
            found = read(xml)
        except Refused:
            continue
        assert found.form_id


@given(st.text(max_size=80))
def test_no_name_keeps_a_folder(name: str) -> None:
    clean = base_name(name)
    assert "/" not in clean
    assert "\\" not in clean
    assert clean not in {".", ".."}
