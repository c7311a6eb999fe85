"""The answers of one submission, as a tree: values by question, repeats by group."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Answers:
    """One round of answers: the form's own, or those of one turn of a repeat.

    `values`: text by the path of the question below this round ("group/question"); blank answers are "".
    `repeats`: rounds by the path of the repeat below this round.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, tuple[Answers, ...]] = field(default_factory=dict)
    outer: Answers | None = None

    def get(self, question: str) -> str | None:
        """The answer to a question, by its path or its name; "" when it was left blank, None when it is not there.

        A turn of a repeat sees the questions around the repeat too, as ODK's expressions do.
        """
        found = _named(self.values, question)
        if found is None and self.outer is not None:
            return self.outer.get(question)
        return found

    def each(self, repeat: str) -> tuple[Answers, ...]:
        """The turns of a repeat, by its path or its name. Empty when nobody opened one."""
        found = _named(self.repeats, repeat)
        return found or ()


def _named(held: Mapping[str, Kind], name: str) -> Kind | None:
    if name in held:
        return held[name]
    for path, value in held.items():
        if path.rpartition("/")[2] == name:
            return value
    return None


def read(xml: bytes, repeats: Collection[str]) -> Answers:
    """The answers in an instance document. `repeats`: paths of the form's repeats below the root ("group/turn").

    Raises xml.etree.ElementTree.ParseError, or defusedxml.DefusedXmlException for a document with a DTD.
    """
    root = ElementTree.fromstring(xml, forbid_dtd=True)
    return _round(root, "", "", frozenset(repeats), None)


def _round(node: Element, start: str, here: str, repeats: Collection[str], outer: Answers | None) -> Answers:
    """`here`: the path of this round from the root; `start`: the same with the slash that ends it."""
    values: dict[str, str] = {}
    turns: dict[str, list[tuple[str, Element]]] = {}
    for path, child in _leaves(node, here, repeats):
        below = path.removeprefix(start)
        if path in repeats:
            turns.setdefault(below, []).append((path, child))
        else:
            values.setdefault(below, (child.text or "").strip())
    held: dict[str, tuple[Answers, ...]] = {}
    made = Answers(values, held, outer)
    for below, found in turns.items():
        held[below] = tuple(_round(turn, f"{path}/", path, repeats, made) for path, turn in found)
    return made


def _leaves(node: Element, here: str, repeats: Collection[str]) -> Iterator[tuple[str, Element]]:
    """Questions and turns of repeats below a node, groups opened; what stands in `meta` is no answer."""
    for child in node:
        path = f"{here}/{_local(child.tag)}".lstrip("/")
        if path == "meta":
            continue
        if path in repeats or not len(child):
            yield path, child
        else:
            yield from _leaves(child, path, repeats)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
