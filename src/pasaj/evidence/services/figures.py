"""Figures: nodes whose content is computed, again in the transaction that changes what they hang on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.core.evidence import fingerprint
from pasaj.evidence.models import FIGURES, Figure, FigureTopic, Node
from pasaj.evidence.models.kinds import FIGURE
from pasaj.evidence.services.nodes import Draft, put
from pasaj.evidence.services.turn import wait_for_others
from pasaj.registry.services import next_code

PREFIX = "FG"
SIMULATED = "simulated"  # the quality by which a figure says that it was made up


@transaction.atomic
def figure(
    *, query: str, parameters: Mapping[str, Any], titles: Mapping[str, str], actor: Actor, now: datetime
) -> Node:
    """The figure that a registered query gives for these parameters, as a node; the same again is the same node.

    Raises LookupError for a query nobody has registered, and what the query itself raises.
    """
    wait_for_others()
    found = FIGURES[query]
    key = fingerprint({"query": query, "parameters": parameters})
    there = Figure.objects.select_related("node").filter(key=key).first()
    code = there.node.code if there else next_code(PREFIX, now)
    _put([(code, query, parameters, titles)], actor, now)
    if there:
        Figure.objects.filter(pk=there.pk).update(as_of=now)
        return Node.objects.get(code=code)
    node = Node.objects.get(code=code)
    row = Figure.objects.create(node=node, query=query, parameters=dict(parameters), key=key, as_of=now)
    topics = sorted(set(found.topics(parameters)))
    FigureTopic.objects.bulk_create([FigureTopic(figure=row, topic=topic) for topic in topics])
    return node


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
    for code, query, parameters, titles in wanted:
        fields = {"query": query, "parameters": parameters}
        values = FIGURES[query].answer(parameters)
        drafts.append(Draft(code, FIGURE, fields, values, titles, simulated=values.get("quality") == SIMULATED))
    put(drafts=drafts, actor=actor, now=now)
