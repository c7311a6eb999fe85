"""What changed under a policy since a day: its own statements, and all that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pasaj.access.rules import Actor, visible
from pasaj.evidence.models import KINDS, Node, Revision
from pasaj.evidence.queries import graph
from pasaj.evidence.queries.trace import in_words
from pasaj.policy.models import Entry, Policy

MOST = 500


@dataclass(frozen=True, slots=True)
class Ground:
    """Something the policy rests on that says something else than before. moved: (field, before, now).

    under: the statements of the policy that rest on it directly or through others, by code.
    """

    node: Node
    kind: str
    at: datetime
    moved: list[tuple[str, str, str]]
    new: bool
    under: list[str]


@dataclass(frozen=True, slots=True)
class Since:
    """entries: what people did with statements, newest first. left_off: more of them than are shown."""

    entries: list[Entry]
    grounds: list[Ground]
    left_off: int


def since(actor: Actor, row: Policy, start: datetime) -> Since:
    """What happened from `start` on. What the reader may not see of the grounds is left out; a few queries."""
    entries = Entry.objects.filter(policy=row, at__gte=start).order_by("-pk")
    count = entries.count()
    return Since(list(entries[:MOST]), _grounds(actor, row, start), max(0, count - MOST))


def _grounds(actor: Actor, row: Policy, start: datetime) -> list[Ground]:
    own = dict(Node.objects.filter(code__startswith=f"{row.code}-").values_list("pk", "code"))
    chain = graph.chain()
    under: dict[int, set[str]] = {}
    for pk, code in own.items():
        for parent in chain.up(pk):
            if parent not in own:
                under.setdefault(parent, set()).add(code)
    seen = visible(Node.objects.filter(pk__in=under), actor)
    moved = Revision.objects.filter(node__in=seen.values("pk"), at__gte=start).order_by("node_id", "number")
    changed: dict[int, list[Revision]] = {}
    for one in moved.select_related("node"):
        changed.setdefault(one.node_id, []).append(one)
    first = {pk: some[0].number - 1 for pk, some in changed.items()}
    before = {
        one.node_id: one
        for one in Revision.objects.filter(node__in=first, number__in=set(first.values()))
        if one.number == first[one.node_id]
    }
    found = [_ground(some, before.get(pk), sorted(under[pk])) for pk, some in changed.items()]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _ground(some: list[Revision], before: Revision | None, under: list[str]) -> Ground:
    newest = some[-1]
    now, then = in_words(newest.says), in_words(before.says) if before else {}
    names = [name for name in {**then, **now} if then.get(name, "") != now.get(name, "")]
    kind = KINDS.get(newest.node.kind)
    return Ground(
        node=newest.node,
        kind=str(kind.name) if kind else newest.node.kind,
        at=newest.at,
        moved=[(name, then.get(name, ""), now.get(name, "")) for name in names] if before else [],
        new=before is None,
        under=under,
    )
