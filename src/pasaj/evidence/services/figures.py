"""Figures: nodes whose content is computed, again in the transaction that changes what they hang on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.core.evidence import Value, fingerprint
from pasaj.evidence.models import FIGURES, Figure, FigureTopic, Node
from pasaj.evidence.models.kinds import FIGURE
from pasaj.evidence.services.nodes import Draft, put
from pasaj.evidence.services.turn import wait_for_others
from pasaj.registry.services import next_code

PREFIX = "FG"
SIMULATED = "simulated"  # the quality by which a figure says that it was made up


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure to have: a registered query, what of, and its name by language."""

    query: str
    parameters: Mapping[str, Any]
    titles: Mapping[str, str]

    @property
    def key(self) -> str:
        return fingerprint({"query": self.query, "parameters": self.parameters})


def figure(
    *, query: str, parameters: Mapping[str, Any], titles: Mapping[str, str], actor: Actor, now: datetime
) -> Node:
    """The figure that a registered query gives for these parameters, as a node; the same again is the same node.

    Raises LookupError for a query nobody has registered, and what the query itself raises.
    """
    return figures(asked=[Asked(query, parameters, titles)], actor=actor, now=now)[0]


@transaction.atomic
def figures(*, asked: Sequence[Asked], actor: Actor, now: datetime) -> list[Node]:
    """Several figures as nodes, in the order in which they are asked for. Raises as `figure` does."""
    wait_for_others()
    wanted = {one.key: one for one in asked}
    there = {one.key: one for one in Figure.objects.select_related("node").filter(key__in=wanted)}
    codes = {key: there[key].node.code if key in there else next_code(PREFIX, now) for key in wanted}
    _put([(codes[key], one.query, one.parameters, one.titles) for key, one in wanted.items()], actor, now)
    Figure.objects.filter(pk__in=[one.pk for one in there.values()]).update(as_of=now)
    nodes = {node.code: node for node in Node.objects.filter(code__in=codes.values())}
    new = [
        Figure(node=nodes[codes[key]], query=one.query, parameters=dict(one.parameters), key=key, as_of=now)
        for key, one in wanted.items()
        if key not in there
    ]
    Figure.objects.bulk_create(new, batch_size=500)
    topics = [
        FigureTopic(figure=row, topic=topic)
        for row in new
        for topic in sorted(set(FIGURES[row.query].topics(row.parameters)))
    ]
    FigureTopic.objects.bulk_create(topics, batch_size=500)
    return [nodes[codes[one.key]] for one in asked]


@transaction.atomic
def touched(*, topics: Collection[str], actor: Actor, now: datetime) -> int:
    """Compute again every figure that hangs on one of `topics`; called in the transaction that changed them.

    Returns how many were asked. One query where no figure hangs on any of them.
    """
    rows = Figure.objects.filter(topics__topic__in=set(topics)).select_related("node").distinct()
    found = [row for row in rows.order_by("pk") if row.query in FIGURES]
    if found:
        _put([(row.node.code, row.query, row.parameters, row.node.titles) for row in found], actor, now)
        Figure.objects.filter(pk__in=[row.pk for row in found]).update(as_of=now)
    return len(found)


def _put(wanted: list[tuple[str, str, Mapping[str, Any], Mapping[str, str]]], actor: Actor, now: datetime) -> None:
    drafts = []
    for (code, query, parameters, titles), values in zip(wanted, _values(wanted), strict=True):
        fields = {"query": query, "parameters": parameters}
        drafts.append(Draft(code, FIGURE, fields, values, titles, simulated=values.get("quality") == SIMULATED))
    put(drafts=drafts, actor=actor, now=now)


def _values(wanted: Sequence[tuple[str, str, Mapping[str, Any], Mapping[str, str]]]) -> list[Mapping[str, Value]]:
    """The answers in the order asked for; each query is asked once."""
    by_query: dict[str, list[int]] = {}
    for at, (_code, query, _parameters, _titles) in enumerate(wanted):
        by_query.setdefault(query, []).append(at)
    found: dict[int, Mapping[str, Value]] = {}
    for query, places in by_query.items():
        found.update(zip(places, FIGURES[query].answers([wanted[at][2] for at in places]), strict=True))
    return [found[at] for at in range(len(wanted))]
