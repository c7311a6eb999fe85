"""A report as JSON and back, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pasaj.core.report import blocks as shapes
from pasaj.core.report.blocks import Block, Cell, Column, Facts, Report, Span, Spans

FORMAT = 1


def to_plain(report: Report) -> dict[str, Any]:
    """The report as values that JSON knows."""
    plain = asdict(report)
    plain["blocks"] = [{"block": type(one).__name__, **asdict(one)} for one in report.blocks]
    return {"format": FORMAT, **plain}


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
    )


def fingerprint(report: Report) -> str:
    """SHA-256 over the canonical JSON of the report: the same words and drawings, the same fingerprint."""
    text = json.dumps(to_plain(report), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _spans(rows: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> Spans:
    return tuple(Span(**one) for one in rows)


def _facts(plain: Mapping[str, Any]) -> Facts:
    return Facts(tuple((name, _spans(value)) for name, value in plain["rows"]))


def _block(plain: Mapping[str, Any]) -> Block:
    said = dict(plain)
    kind = said.pop("block")
    if kind == "Facts":
        return _facts(said)
    if kind == "Items":
        return shapes.Items(tuple(_spans(one) for one in said["items"]), said["numbered"])
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
