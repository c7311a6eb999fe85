"""A report as JSON and back, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pasaj.core.report import blocks as shapes
from pasaj.core.report.blocks import Block, Cell, Column, Facts, Report, Span, Spans

FORMAT = 1
_LATER = {shapes.Span: ("emphasis",), shapes.Items: ("inner",)}
"""Fields that came later: left out where they say nothing, so that what was frozen before keeps its fingerprint."""


def to_plain(report: Report) -> dict[str, Any]:
    """The report as values that JSON knows."""
    plain: dict[str, Any] = {"format": FORMAT, **_plain(report)}
    if not report.brief:  # those frozen before there were brief ones keep their fingerprints
        del plain["brief"]
    plain["blocks"] = [
        {"block": type(one).__name__, **said} for one, said in zip(report.blocks, plain["blocks"], strict=True)
    ]
    return plain


def from_plain(plain: Mapping[str, Any]) -> Report:
    """What `to_plain` gave. Raises ValueError: another format, or a block that is not known."""
    if plain.get("format") != FORMAT:
        raise ValueError(f"not a report of format {FORMAT}")
    return Report(
        code=plain["code"],
        title=plain["title"],
        subtitle=plain["subtitle"],
        language=plain["language"],
        blocks=tuple(_block(one) for one in plain["blocks"]),
        label=plain["label"],
        facts=_facts(plain["facts"]),
        brief=plain.get("brief", False),
    )


def fingerprint(report: Report) -> str:
    """SHA-256 over the canonical JSON of the report: the same words and drawings, the same fingerprint."""
    return digest(to_plain(report))


def digest(plain: Mapping[str, Any]) -> str:
    """The fingerprint of a report that is plain values already."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _names(shape: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(shape))


def _plain(value: Any) -> Any:
    """As `dataclasses.asdict`, without its copies of what cannot change: a report has 100,000 parts."""
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    shape: type[Any] = type(value)
    if is_dataclass(shape):
        said = {name: _plain(getattr(value, name)) for name in _names(shape)}
        for name in _LATER.get(shape, ()):
            if not said[name]:
                del said[name]
        return said
    return value


def _spans(rows: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> Spans:
    return tuple(Span(**one) for one in rows)


def _facts(plain: Mapping[str, Any]) -> Facts:
    return Facts(tuple((name, _spans(value)) for name, value in plain["rows"]))


def _items(plain: Mapping[str, Any]) -> shapes.Items:
    inner = tuple(_items(one) if one else None for one in plain.get("inner", ()))
    return shapes.Items(tuple(_spans(one) for one in plain["items"]), plain["numbered"], inner)


def _block(plain: Mapping[str, Any]) -> Block:
    said = dict(plain)
    kind = said.pop("block")
    if kind == "Facts":
        return _facts(said)
    if kind == "Items":
        return _items(said)
    if kind == "Table":
        said["columns"] = tuple(Column(**one) for one in said["columns"])
        said["rows"] = tuple(
            tuple(Cell(_spans(one["spans"]), one["tone"], one["head"]) for one in row) for row in said["rows"]
        )
        return shapes.Table(**said)
    if kind in ("Paragraph", "Note"):
        said["spans"] = _spans(said["spans"])
    plainly = {
        one.__name__: one for one in (shapes.Heading, shapes.Paragraph, shapes.Note, shapes.Picture, shapes.PageBreak)
    }
    if kind not in plainly:
        raise ValueError(f"not a block: {kind}")
    found: Block = plainly[kind](**said)
    return found
