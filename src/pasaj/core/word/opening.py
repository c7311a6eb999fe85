"""A file somebody sent: is it a Word file that may be read, and its parts as trees. Nothing in it is trusted."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from pasaj.core.problems import Refused, problem

MOST_BYTES = 10_000_000
MOST_MEMBERS = 2_000
MOST_PART = 40_000_000
"""Bytes of one part when unpacked."""
_DOCUMENT, _OPEN, _OLD = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = ("word/document.xml", "word/document2.xml")


def parts(data: bytes) -> dict[str, Any]:
    """The trees of the parts that are read, by the last word of their names: document, styles, comments and so on.

    Raises Refused: CONS-001 (too large), CONS-002 (no Word file), CONS-003 (OpenDocument), CONS-004 (PDF), CONS-005
    (older Word), CONS-006 (locked by a password), CONS-007 (grows too large when unpacked), CONS-008 (damaged).
    """
    if len(data) > MOST_BYTES:
        raise Refused(problem("CONS-001", size=len(data), limit=MOST_BYTES))
    _known(data)
    try:
        with ZipFile(BytesIO(data)) as file:
            return _parts(file)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Refused(problem("CONS-008", detail=_said(error))) from error


def _known(data: bytes) -> None:
    """Refuses what the first letters show to be something else."""
    if data.lstrip()[:5] == _DOCUMENT:
        raise Refused(problem("CONS-004"))
    if data[:8] == _OLD:
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Refused(problem("CONS-006" if locked else "CONS-005"))
    if data[:4] != _OPEN:
        raise Refused(problem("CONS-005" if data[:5] == b"{\\rtf" else "CONS-002"))


def _parts(file: ZipFile) -> dict[str, Any]:
    names = set(file.namelist())
    if len(file.infolist()) > MOST_MEMBERS:
        raise Refused(problem("CONS-007"))
    if "mimetype" in names or "content.xml" in names:
        raise Refused(problem("CONS-003"))
    main = next((name for name in _MAIN if name in names), None)
    if main is None:
        raise Refused(problem("CONS-002"))
    found = {"document": _tree(file, main)}
    wanted = {f"word/{one}.xml" for one in ("styles", "numbering", "comments", "footnotes", "endnotes")}
    relations = f"word/_rels/{main.removeprefix('word/')}.rels"
    for name in sorted(names & {*wanted, "docProps/custom.xml", relations}):
        key = "relations" if name == relations else re.sub(r".*/|\.xml$", "", name)
        found[key] = _tree(file, name)
    return found


def _tree(file: ZipFile, name: str) -> Any:
    from lxml import etree  # noqa: PLC0415 - the web process starts without it

    with file.open(name) as member:
        data = member.read(MOST_PART + 1)
    if len(data) > MOST_PART:
        raise Refused(problem("CONS-007"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(problem("CONS-008", detail=_said(error))) from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise Refused(problem("CONS-008", detail="DOCTYPE"))
    return root


def _said(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error)[:200]
