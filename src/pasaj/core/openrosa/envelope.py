"""What a submission says about itself: which form, which version, which instance, which files.

Source: OpenRosa submission API and metadata schema 1.0; ODK XForms 1.0. The bytes are parsed once,
with bounds on size, depth and number of elements; document types and entities are refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pasaj.core.problems import Refused, problem

MOST_BYTES = 5_000_000  # a form of 5000 answered questions takes about 150 kB
MOST_DEPTH = 50
MOST_ELEMENTS = 100_000
LONGEST_ID = 250
LONGEST_VERSION = 200
IDS = frozenset({"meta/instanceID", "meta/deprecatedID"})
ENCRYPTED = "http://www.opendatakit.org/xforms/encrypted"
DERIVED = uuid.UUID("0b9b5f3e-6d0b-5c39-9a07-2f7a5f1c8d11")  # the name space of ids made from bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """`leaves`: (path without the root, text) of each answer short enough to be a file's name, in order."""

    form_id: str
    version: str
    instance_id: str  # empty: it came without one
    deprecated_id: str
    encrypted: bool
    leaves: tuple[tuple[str, str], ...]


class _Bound(Exception):  # noqa: N818 - never leaves this module
    """The document is deeper or longer than any form."""


class _Reader:
    """Target of the parser: keeps the root's attributes and the texts of leaves, nothing else."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.root: dict[str, str] = {}
        self.namespace = ""
        self.elements = 0
        self.text: list[str] = []
        self.leaf = False
        self.leaves: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition("}")
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.stack) >= MOST_DEPTH:
            raise _Bound
        if not self.stack:
            self.root, self.namespace = attributes, namespace.lstrip("{")
        self.stack.append(name)
        self.text, self.leaf = [], True

    def data(self, text: str) -> None:
        self.text.append(text)

    def end(self, tag: str) -> None:
        if self.leaf and len(self.stack) > 1:
            text = "".join(self.text).strip()
            path = "/".join(self.stack[1:])
            # An id that is too long is cut by a sign less than refuses it: never taken for a missing one.
            if len(text) > LONGEST_ID and path in IDS:
                text = text[: LONGEST_ID + 1]
            if 0 < len(text) <= LONGEST_ID + 1:
                self.leaves.append((path, text))
        self.leaf = False
        self.stack.pop()

    def close(self) -> None:
        """The parser asks its target for a result; ours is read from the attributes."""


def read(xml: bytes) -> Envelope:
    """Parse a submission. Raises Refused: COLLECT-001 to COLLECT-006."""
    if len(xml) > MOST_BYTES:
        raise Refused(problem("COLLECT-001", limit=MOST_BYTES // 1_000_000))
    found = _parsed(xml)
    form_id = found.root.get("id", "").strip()
    if not form_id:
        raise Refused(problem("COLLECT-005"))
    meta = {path: text for path, text in reversed(found.leaves) if path.startswith("meta/")}
    envelope = Envelope(
        form_id=form_id,
        version=found.root.get("version", "").strip(),
        instance_id=meta.get("meta/instanceID", ""),
        deprecated_id=meta.get("meta/deprecatedID", ""),
        encrypted=found.namespace == ENCRYPTED or found.root.get("encrypted") == "yes",
        leaves=tuple(found.leaves),
    )
    longest = max(len(envelope.form_id), len(envelope.instance_id), len(envelope.deprecated_id))
    if longest > LONGEST_ID or len(envelope.version) > LONGEST_VERSION:
        raise Refused(problem("COLLECT-006", limit=LONGEST_VERSION))
    return envelope


def _parsed(xml: bytes) -> _Reader:
    reader = _Reader()
    parser: Any = DefusedXMLParser(target=reader, forbid_dtd=True)
    try:
        parser.feed(xml)
        parser.close()
    except DefusedXmlException as error:
        raise Refused(problem("COLLECT-003")) from error
    except _Bound as error:
        raise Refused(problem("COLLECT-004")) from error
    except (ParseError, ValueError, LookupError) as error:  # broken, or in an encoding nobody has
        raise Refused(problem("COLLECT-002", detail=str(error)[:120])) from error
    return reader


def derived_id(sha256: str) -> str:
    """An instanceID for a submission that came without one: the same bytes get the same id again."""
    return f"uuid:{uuid.uuid5(DERIVED, sha256)}"


def named_files(envelope: Envelope, fields: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The files that the answers name, once each, in the order of the answers.

    `fields`: the form's questions as `FormVersion.fields` keeps them (see core.forms.fields.Field.plain).
    """
    wanted = {field["path"] for field in fields if field.get("binary")}
    names = (text for path, text in envelope.leaves if path in wanted)
    return tuple(dict.fromkeys(named for name in names if (named := base_name(name))))


def base_name(name: str) -> str:
    """What is left of a file's name without folders and control characters; empty when nothing is."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if letter.isprintable()).strip()
    return "" if clean in {".", ".."} else clean[:LONGEST_ID]
