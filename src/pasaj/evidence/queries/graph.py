"""The whole chain, read once: two queries, whatever is asked of it afterwards."""

from __future__ import annotations

from django.db import connection

from pasaj.core.evidence import Chain, Edge, LinkState, Value, holds, parse
from pasaj.evidence.models import KINDS, LINK_TYPES, Link, Node
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.models.nodes import quantities, read

# As numbers, and compared by the database: a chain has tens of thousands of links, and the driver's rows are
# what reading them costs. The numbers are those of LinkState, and 4: the claim decides.
_SQL = """
SELECT l.id, l.child_id, l.parent_id,
  CASE WHEN p.withdrawn_at IS NOT NULL THEN 3
       WHEN l.accepted_fingerprint = '' THEN 2
       WHEN l.child_fingerprint <> c.fingerprint AND l.type IN ({reopening}) THEN 2
       WHEN l.accepted_fingerprint = p.fingerprint THEN 0
       WHEN l.claim = '' THEN 2
       ELSE 4 END
FROM evidence_link l
JOIN evidence_node p ON p.id = l.parent_id
JOIN evidence_node c ON c.id = l.child_id
WHERE l.disposition <> %s"""
SLICE = 500
CLAIM = 4


def edges() -> list[Edge]:
    """All links that count, in their states now. Rows of the database are edges as they are."""
    rows = _rows()
    asked = [row[0] for row in rows if row[3] == CLAIM]
    if asked:
        excused = _excused(asked)
        rows = [row if row[3] != CLAIM else Edge(*row[:3], excused[row[0]]) for row in rows]
    return rows


def chain() -> Chain:
    """The links, and the nodes that need support: what every question is asked of."""
    needing = [kind.code for kind in KINDS.values() if kind.needs_support]
    nodes = Node.objects.filter(kind__in=needing, withdrawn_at=None).values_list("pk", flat=True)
    return Chain(edges(), nodes if needing else ())


def _rows() -> list[Edge]:
    reopening = sorted(kind.code for kind in LINK_TYPES.values() if kind.reopens) or [""]
    sql = _SQL.format(reopening=", ".join(["%s"] * len(reopening)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*reopening, Disposition.CUT.value])
        found: list[Edge] = cursor.fetchall()
    return found


def _excused(links: list[int]) -> dict[int, LinkState]:
    """The links whose parent has changed and that have a claim: what it says of the value now."""
    found: dict[int, LinkState] = {}
    known: dict[str, dict[str, Value]] = {}
    for start in range(0, len(links), SLICE):
        rows = Link.objects.filter(pk__in=links[start : start + SLICE])
        for link, claim, text in rows.values_list("pk", "claim", "parent__values_text"):
            if text not in known:
                known[text] = quantities(read(text))
            found[link] = LinkState.UPDATED if holds(parse(claim), known[text]) else LinkState.SUSPECT
    return found
