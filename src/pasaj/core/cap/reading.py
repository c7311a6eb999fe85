"""Bytes to a tree of plain elements, each with the path under which problems name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pasaj.core.cap.shapes import NAMESPACE, SIGNATURES
from pasaj.core.problems import Problem, Refused, problem

MOST_BYTES = 1_000_000
OURS = f"{{{NAMESPACE}}}"
THEIRS = f"{{{SIGNATURES}}}"
# Elements of these names are counted in a path even when there is one of them only.
COUNTED = frozenset({"info", "resource", "area"})
LOCATIONS = frozenset(
    f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}" for name in ("schemaLocation", "noNamespaceSchemaLocation")
)


@dataclass(slots=True)
class Element:
    """`name` without the namespace of CAP, and with any other; `text` all of it, `tail` what follows the children."""

    name: str
    path: str
    text: str = ""
    between: str = ""  # text between the children, without blanks around it
    attributes: tuple[str, ...] = ()
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)

    def said(self, name: str) -> str:
        """The text of the first child of that name without blanks around it; empty when there is none."""
        found = self.first(name)
        return found.text.strip() if found else ""

    def told(self, *names: str) -> Iterator[Element]:
        """The children of these names that hold more than blanks."""
        return (child for child in self.children if child.name in names and child.text.strip())


def read(data: bytes) -> Element:
    """The message as a tree, signatures with it. Nothing is fetched and no entity is resolved.

    Raises Refused: CAP-001 (too large), CAP-002 (no XML), CAP-003 (document type), CAP-004 (something else).
    """
    from lxml import etree  # noqa: PLC0415 - the web process starts without it

    if len(data) > MOST_BYTES:
        raise Refused(problem("CAP-001", size=len(data), limit=MOST_BYTES))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, strip_cdata=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        kind = "CAP-003" if b"<!DOCTYPE" in data or b"<!ENTITY" in data else "CAP-002"
        raise Refused(problem(kind, detail=_said(error))) from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise Refused(problem("CAP-003"))
    if root.tag != f"{OURS}alert":
        raise Refused(problem("CAP-004", found=root.tag))
    return _element(root, "/alert")


def _said(error: Any) -> str:
    return str(error.msg or error)[:200]


def _element(node: Any, path: str) -> Element:
    children = list(node)
    text = node.text or ""
    names = [_name(child.tag) for child in children]
    made = Element(_name(node.tag), path, text, attributes=tuple(name for name in node.attrib if name not in LOCATIONS))
    if not children:
        return made
    made.between = " ".join(part.strip() for part in (text, *(child.tail or "" for child in children)) if part.strip())
    many, seen = Counter(names), Counter[str]()
    for child, name in zip(children, names, strict=True):
        seen[name] += 1
        place = f"[{seen[name]}]" if many[name] > 1 or name in COUNTED else ""
        made.children.append(_element(child, f"{path}/{name.rpartition('}')[2]}{place}"))
    return made


def _name(tag: str) -> str:
    return tag.removeprefix(OURS)


def at(element: Element, code: str, /, **params: Any) -> Problem:
    """A problem at the place of an element."""
    return problem(code, column=element.path, **params)
