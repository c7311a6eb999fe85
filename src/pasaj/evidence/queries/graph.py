"""The chain as it is read for questions: whole, in two queries; or what is in trouble, and that alone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef

from pasaj.core.evidence import Chain, Edge, LinkState, Trouble, Value, holds, parse
from pasaj.core.evidence import trouble as spread
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
_MOVED = """ AND (p.withdrawn_at IS NOT NULL OR l.accepted_fingerprint <> p.fingerprint
  OR (l.child_fingerprint <> c.fingerprint AND l.type IN ({reopening})))"""
_RESTING = "SELECT child_id FROM evidence_link WHERE disposition <> %s AND parent_id IN ({parents})"
SLICE = 500
CLAIM = 4


def edges() -> list[Edge]:
    """All links that count, in their states now. Rows of the database are edges as they are."""
    return _decided(_rows(_SQL))


def chain() -> Chain:
    """The links, and the nodes that need support: what every question is asked of."""
    needing = _needing()
    nodes = Node.objects.filter(kind__in=needing, withdrawn_at=None).values_list("pk", flat=True)
    return Chain(edges(), nodes if needing else ())


def trouble() -> Trouble:
    """The same states of nodes as the chain gives, without reading what is fresh.

    The links that are not as they were accepted are found by the database; from there on what rests on them is
    read level by level. PostgreSQL would go through all links once a level: there the whole chain costs less.
    """
    if connection.vendor == "postgresql":
        return chain().trouble
    unsupported = frozenset(_unsupported())
    own = (edge[1] for edge in _decided(_rows(_SQL + _MOVED)) if edge[3] >= LinkState.SUSPECT)
    return spread(own, unsupported, _below)


def _needing() -> list[str]:
    return [kind.code for kind in KINDS.values() if kind.needs_support]


def _unsupported() -> list[int]:
    needing = _needing()
    if not needing:
        return []
    live = Link.objects.filter(child=OuterRef("pk"), parent__withdrawn_at=None).exclude(disposition=Disposition.CUT)
    nodes = Node.objects.filter(~Exists(live), kind__in=needing, withdrawn_at=None)
    return list(nodes.values_list("pk", flat=True))


def _below(front: list[int]) -> Iterator[int]:
    with connection.cursor() as cursor:
        for start in range(0, len(front), SLICE):
            part = front[start : start + SLICE]
            cursor.execute(_RESTING.format(parents=", ".join(["%s"] * len(part))), [Disposition.CUT.value, *part])
            yield from (child for (child,) in cursor.fetchall())


def _decided(rows: list[Edge]) -> list[Edge]:
    """The rows, with a state where the claim decides."""
    asked = [row[0] for row in rows if row[3] == CLAIM]
    if not asked:
        return rows
    excused = _excused(asked)
    return [row if row[3] != CLAIM else Edge(*row[:3], excused[row[0]]) for row in rows]


def _rows(text: str) -> list[Edge]:
    reopening = sorted(kind.code for kind in LINK_TYPES.values() if kind.reopens) or [""]
    asked = [*reopening, Disposition.CUT.value, *(reopening if text != _SQL else ())]
    with connection.cursor() as cursor:
        cursor.execute(text.format(reopening=", ".join(["%s"] * len(reopening))), asked)
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
