"""Links, and the reviews by which named people accept what a statement rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.evidence import Chain, Edge, check, cycle, parse
from pasaj.core.problems import Refused, problem
from pasaj.evidence.models import KINDS, LINK_TYPES, Link, Node, Review
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.queries import graph
from pasaj.evidence.services.nodes import check_seen
from pasaj.evidence.services.turn import wait_for_others


@dataclass(frozen=True, slots=True)
class Tie:
    """A link to make, by codes. `claim`: what the statement needs of a number, such as `score < 2`."""

    child: str
    parent: str
    type: str
    claim: str = ""


@transaction.atomic
def link(*, ties: Sequence[Tie], note: str = "", actor: Actor, now: datetime) -> tuple[Link, ...]:
    """Say what statements rest on. Whoever says it accepts it, unless the chain is critical and the statement is
    of the own institution: then the link is suspect until somebody of another one reviews it.

    A link that exists is left as it is; one that was cut counts again. Raises Refused: EVID-001 to 006 (claims),
    EVID-007 (unknown code), EVID-008 (kinds that do not fit), EVID-009 (a circle), EVID-013 (withdrawn).
    """
    wait_for_others()  # also so that no two close a circle
    nodes = _locked({code for tie in ties for code in (tie.child, tie.parent)})
    for tie in ties:
        _check(tie, nodes)
    rows = _made(ties, nodes, actor, now)
    # With the new links in it, and those that were cut until now.
    edges = [*graph.edges(), *(Edge(0, row.child_id, row.parent_id) for row in rows)]
    _check_circles(edges)
    critical = _Critical(Chain(edges))
    for row in rows:
        if not _forbidden(row, critical, actor):
            _accept(row, Disposition.CONFIRMED, note, actor, now)
    _save(rows)
    if rows:
        named = [f"{row.child.code} {row.type} {row.parent.code}" for row in rows]
        code = rows[0].child.code if len({row.child_id for row in rows}) == 1 else ""
        audit.record(actor=actor, action="evidence.linked", code=code, now=now, detail={"links": named, "note": note})
    return tuple(rows)


@transaction.atomic
def review(
    *,
    child: str,
    parent: str,
    type: str,
    disposition: str,
    note: str,
    seen_child: int,
    seen_parent: int,
    claim: str | None = None,
    actor: Actor,
    now: datetime,
) -> Link:
    """Look at a link again and say what follows: `confirmed`, `adjusted` or `not_applicable` accept what stands now.

    `seen_…`: the revisions before the person's eyes. `claim`: None leaves it, "" takes it away. Two reviews of the
    same pair are both kept; the newest counts. Raises Refused: EVID-001 to 006 (the claim), 007, 010 (changed
    since), 011 (no note), 012 (own institution in a critical chain), 013 (withdrawn), 018 (no such link), 019.
    """
    allowed = [one.value for one in Disposition if one != Disposition.CUT]
    if disposition not in allowed:
        raise Refused(problem("EVID-019", column="disposition", value=disposition, allowed=", ".join(allowed)))
    row = _opened(child, parent, type, note)
    check_seen(row.child, seen_child)
    check_seen(row.parent, seen_parent)
    if row.parent.withdrawn_at:
        raise Refused(problem("EVID-013", code=parent))
    if claim is not None:
        row.claim = str(parse(claim)) if claim.strip() else ""
    if row.claim:
        check(parse(row.claim), row.parent.values, parent)
    return _reviewed(row, disposition, note, actor, now)


@transaction.atomic
def cut(*, child: str, parent: str, type: str, note: str, actor: Actor, now: datetime) -> Link:
    """End a link: the statement does not rest on this any more. Its history stays.

    Raises Refused: EVID-007, 011 (no note), 012 (own institution in a critical chain), 018 (no such link).
    """
    return _reviewed(_opened(child, parent, type, note), Disposition.CUT, note, actor, now)


# --- Inside ------------------------------------------------------------------------------------


def _locked(codes: Iterable[str]) -> dict[str, Node]:
    wanted = sorted(codes)
    rows = Node.objects.select_for_update().filter(code__in=wanted).order_by("pk")
    nodes = {node.code: node for node in rows}
    for code in wanted:
        if code not in nodes:
            raise Refused(problem("EVID-007", code=code))
    return nodes


def _check(tie: Tie, nodes: dict[str, Node]) -> None:
    child, parent = nodes[tie.child], nodes[tie.parent]
    kind = LINK_TYPES.get(tie.type)
    if kind is None or child.kind not in kind.children or parent.kind not in kind.parents:
        raise Refused(
            problem(
                "EVID-008",
                code=tie.child,
                parent=tie.parent,
                type=tie.type,
                child_kind=_(KINDS[child.kind].name),
                parent_kind=_(KINDS[parent.kind].name),
            )
        )
    if parent.withdrawn_at:
        raise Refused(problem("EVID-013", code=tie.parent))
    if tie.claim.strip():
        check(parse(tie.claim), parent.values, tie.parent)


def _made(ties: Sequence[Tie], nodes: dict[str, Node], actor: Actor, now: datetime) -> list[Link]:
    """Rows for the ties that are new, and those that were cut."""
    wanted = {(nodes[tie.child].pk, nodes[tie.parent].pk, tie.type): tie for tie in ties}
    children = {key[0] for key in wanted}
    there = {(row.child_id, row.parent_id, row.type): row for row in Link.objects.filter(child__in=children)}
    rows = []
    for key, tie in wanted.items():
        row = there.get(key) or Link(created_at=now, actor_id=actor.id, actor_label=actor.label, type=tie.type)
        if row.pk and row.disposition != Disposition.CUT:
            continue
        row.child, row.parent = nodes[tie.child], nodes[tie.parent]
        row.claim = str(parse(tie.claim)) if tie.claim.strip() else ""
        row.accepted_fingerprint = row.child_fingerprint = row.disposition = ""
        row.accepted_revision = row.child_revision = 0
        rows.append(row)
    return rows


def _check_circles(edges: Sequence[Edge]) -> None:
    circle = cycle((edge[1], edge[2]) for edge in edges)
    if circle:
        codes = dict(Node.objects.filter(pk__in=circle).values_list("pk", "code"))
        around = " → ".join(codes[one] for one in (*circle, circle[0]))
        raise Refused(problem("EVID-009", circle=around))


class _Critical:
    """Which links lie on a way through a critical statement: it is among what the parent rests on (or the parent),
    or among what rests on the child (or the child).
    """

    def __init__(self, found: Chain) -> None:
        self.nodes = set(Node.objects.filter(critical=True, withdrawn_at=None).values_list("pk", flat=True))
        self.chain = found

    def holds(self, row: Link) -> bool:
        if not self.nodes:
            return False
        ends = {row.child_id, row.parent_id}
        return bool((ends | self.chain.up(row.parent_id).keys() | self.chain.down(row.child_id).keys()) & self.nodes)


def _forbidden(row: Link, critical: _Critical, actor: Actor) -> bool:
    """Whether the reviewer is of the author's institution, or of none, in a critical chain."""
    if not critical.holds(row):
        return False
    own = {grant.institution for grant in actor.grants}
    return not own or bool(own & set(row.child.authors.split()))


def _opened(child: str, parent: str, type: str, note: str) -> Link:
    if not note.strip():
        raise Refused(problem("EVID-011", column="note"))
    wait_for_others()
    nodes = _locked({child, parent})
    rows = Link.objects.select_for_update().filter(child=nodes[child], parent=nodes[parent], type=type)
    row = rows.exclude(disposition=Disposition.CUT).first()
    if row is None:
        raise Refused(problem("EVID-018", code=child, parent=parent, type=type))
    row.child, row.parent = nodes[child], nodes[parent]
    return row


def _reviewed(row: Link, disposition: str, note: str, actor: Actor, now: datetime) -> Link:
    if _forbidden(row, _Critical(graph.chain()), actor):
        raise Refused(problem("EVID-012", code=row.child.code, institutions=row.child.authors.replace(" ", ", ")))
    _accept(row, disposition, note.strip(), actor, now)
    _save([row])
    detail = {
        "parent": row.parent.code,
        "type": row.type,
        "disposition": disposition,
        "note": note.strip(),
        "accepted": row.accepted_fingerprint,
        "claim": row.claim,
    }
    audit.record(actor=actor, action="evidence.reviewed", code=row.child.code, now=now, detail=detail)
    return row


def _accept(row: Link, disposition: str, note: str, actor: Actor, now: datetime) -> None:
    """What stands now is accepted. The review is made with the link, in `_save`."""
    row.disposition = disposition
    row.accepted_fingerprint, row.accepted_revision = row.parent.fingerprint, row.parent.revision
    row.child_fingerprint, row.child_revision = row.child.fingerprint, row.child.revision
    row.reviews_made += 1
    row.waiting = Review(  # type: ignore[attr-defined]
        number=row.reviews_made,
        note=note,
        at=now,
        recorded_at=timezone.now(),
        actor_id=actor.id,
        actor_label=actor.label,
        institutions=" ".join(sorted({grant.institution for grant in actor.grants})),
        **{name: getattr(row, name) for name in ACCEPTED},
    )


ACCEPTED = ("accepted_fingerprint", "accepted_revision", "child_fingerprint", "child_revision", "claim", "disposition")


def _save(rows: Sequence[Link]) -> None:
    new, old = [row for row in rows if row.pk is None], [row for row in rows if row.pk]
    Link.objects.bulk_update(old, [*ACCEPTED, "reviews_made"], batch_size=500)
    Link.objects.bulk_create(new, batch_size=500)
    reviews = [row.waiting for row in rows if hasattr(row, "waiting")]
    for row in rows:
        if hasattr(row, "waiting"):
            row.waiting.link = row
    Review.objects.bulk_create(reviews, batch_size=500)
