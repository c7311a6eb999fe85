"""A recount weighed against the claims on the links that rest on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pasaj.core.evidence import holds, parse
from pasaj.evidence.models import Link, Node, Weighing
from pasaj.evidence.models.links import Disposition


def weigh(moved: Sequence[Node], now: datetime) -> None:
    """Write down, for each accepted link with a claim on what has moved, whether the claim is still true."""
    nodes = {node.pk: node for node in moved}
    links = Link.objects.filter(parent__in=nodes).exclude(claim="").exclude(accepted_fingerprint="")
    rows = [
        Weighing(
            link=link,
            revision=nodes[link.parent_id].revision,
            claim=link.claim,
            held=holds(parse(link.claim), nodes[link.parent_id].values),
            at=now,
        )
        for link in links.exclude(disposition=Disposition.CUT)
    ]
    Weighing.objects.bulk_create(rows, batch_size=500)
