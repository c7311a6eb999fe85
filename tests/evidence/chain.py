"""A small chain of made-up kinds, as the apps above will have them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import make

from pasaj.access.rules import SYSTEM, Actor
from pasaj.core.evidence import Quantity, Value
from pasaj.evidence.models import (
    FigureQuery,
    Link,
    LinkType,
    Node,
    NodeKind,
    figure_query,
    link_type,
    node_kind,
)
from pasaj.evidence.services import Draft, Tie, link, put

node_kind(NodeKind("t-score", "score", fields=("indicator",)))
node_kind(NodeKind("t-finding", "finding", fields=("statement", "severity"), needs_support=True))
node_kind(NodeKind("t-problem", "problem", fields=("statement",), needs_support=True))
link_type(LinkType("t-rests", "rests on", frozenset({"t-finding"}), frozenset({"t-score", "figure", "t-finding"})))
link_type(LinkType("t-arises", "arises from", frozenset({"t-problem"}), frozenset({"t-finding"}), reopens=True))

node_kind(NodeKind("t-number", "number", fields=()))
link_type(LinkType("t-any", "any", frozenset({"t-number"}), frozenset({"t-number"})))

COUNTED: dict[str, Decimal] = {}


def _count(parameters: Mapping[str, Any]) -> dict[str, Value]:
    value = COUNTED[str(parameters["of"])]
    return {"count": Quantity(value, value, value)}


figure_query(FigureQuery("t-count", _count, lambda parameters: [f"t:{parameters['of']}"]))


def score(code: str, value: str, low: str = "", high: str = "", **more: Any) -> Draft:
    number = Quantity(Decimal(value), Decimal(low or value), Decimal(high or value))
    return Draft(code, "t-score", {"indicator": "water"}, {"score": number, "trend": "down"}, {"en": code}, **more)


def finding(code: str, statement: str = "No water at three posts.", **more: Any) -> Draft:
    fields = {"statement": statement, "severity": "major", "horizon": "2027"}
    return Draft(code, "t-finding", fields, {}, {"en": statement}, **more)


def problem(code: str, statement: str = "Posts cannot stay open.") -> Draft:
    return Draft(code, "t-problem", {"statement": statement}, {}, {"en": statement})


def written(*drafts: Draft, actor: Actor = SYSTEM, editorial: str = "") -> list[Node]:
    put(drafts=drafts, actor=actor, now=make.NOW, editorial=editorial)
    return [Node.objects.get(code=one.code) for one in drafts]


def tied(child: str, parent: str, type: str = "t-rests", claim: str = "", actor: Actor = SYSTEM) -> Link:
    (row,) = link(ties=[Tie(child, parent, type, claim)], actor=actor, now=make.NOW)
    return row


def small() -> None:
    """P1 arises from F1, which rests on the scores S1 (while it is below 2) and S2."""
    written(score("S1", "1.6", "1.2", "1.9"), score("S2", "3"), finding("F1"), problem("P1"))
    tied("F1", "S1", claim="score < 2")
    tied("F1", "S2")
    tied("P1", "F1", "t-arises")
