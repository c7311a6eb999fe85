"""What a statement rests on and what rests on it, with who accepted what; what is suspect; what blocks publishing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, policy, visible
from pasaj.core.evidence import Chain, Edge, LinkState, NodeState, Standing, Trouble, shown
from pasaj.evidence.models import KINDS, LINK_TYPES, Link, Node, Review, Revision, Weighing
from pasaj.evidence.models.nodes import quantities
from pasaj.evidence.queries import graph

MOST_PATHS = 200
MOST_STEPS = 500  # each way
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """A statement as a line: its code (HIDDEN where the reader may not see it), title, and what it is worth."""

    code: str
    kind: str
    title: str
    revision: int
    fingerprint: str
    standing: Standing
    withdrawn: bool
    critical: bool
    simulated: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One review: who, when, what, of which revisions."""

    at: datetime
    who: str
    institutions: str
    disposition: str
    note: str
    parent_revision: int
    child_revision: int
    claim: str


@dataclass(frozen=True, slots=True)
class Recount:
    """A recount that was weighed against the claim."""

    at: datetime
    revision: int
    claim: str
    held: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the chain: `level` steps from the statement asked for. `before` and `now`: what the parent said
    when it was accepted and says today, empty where that is the same or nobody has accepted it.
    """

    level: int
    child: Line
    parent: Line
    type: str
    type_name: str
    state: LinkState
    claim: str
    reviews: tuple[Said, ...]  # the newest first
    recounts: tuple[Recount, ...]
    before: dict[str, str]
    now: dict[str, str]


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a statement cannot be published. `waivable`: a suspect link may be let pass with a printed waiver."""

    reason: str  # broken, suspect, unsupported, withdrawn
    code: str
    parent: str
    level: int
    waivable: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything about one statement; `left_off` counts the links further away than the nearest that were asked for."""

    node: Line
    says: dict[str, str]
    up: tuple[Step, ...]
    down: tuple[Step, ...]
    left_off: int
    paths_up: tuple[tuple[str, ...], ...]
    paths_down: tuple[tuple[str, ...], ...]
    blockers: tuple[Blocker, ...]


def state_of(code: str) -> Standing | None:
    """What a statement is worth now; None for one that is not in the chain."""
    pk = Node.objects.filter(code=code).values_list("pk", flat=True).first()
    return None if pk is None else graph.trouble().standing(pk)


def states_of(codes: Collection[str]) -> dict[str, Standing]:
    """The same of several, with the trouble read once; those that are not in the chain are left out."""
    found = graph.trouble()
    rows = Node.objects.filter(code__in=codes).values_list("code", "pk")
    return {code: found.standing(pk) for code, pk in rows}


def suspects(actor: Actor) -> list[Line]:
    """The statements the actor may see that somebody must look at: unsupported, suspect, then tainted, by code."""
    found = graph.trouble()
    rows = visible(Node.objects.filter(withdrawn_at=None), actor).order_by("code")
    lines = [_line(node, found, True) for node in rows if node.pk in found.levels]
    return sorted(lines, key=lambda one: (URGENT.index(one.standing.state), one.standing.levels, one.code))


URGENT = (NodeState.UNSUPPORTED, NodeState.SUSPECT, NodeState.TAINTED, NodeState.FRESH)


def blockers(code: str) -> tuple[Blocker, ...]:
    """What stands against publishing a statement: its own state and that of all it rests on, the nearest first."""
    node = Node.objects.get(code=code)
    against = _against(graph.chain(), node)
    nodes = _nodes({pk for one in against for pk in one[1:3] if pk})
    return _blockers(against, {pk: one.code for pk, one in nodes.items()})


def trace(code: str, actor: Actor, most: int = MOST_STEPS) -> Trace | None:
    """The chain around a statement, up to its roots and down to all that rests on it; `most` links each way.

    None where there is no such statement or the actor may not see it. What else he may not see stays in the chain
    without its code and words. A constant number of queries.
    """
    node = visible(Node.objects.all(), actor).filter(code=code).first()
    if node is None:
        return None
    found = graph.chain()
    up, down = (
        _around(found.above, {node.pk: 0, **found.up(node.pk)}),
        _around(found.below, {node.pk: 0, **found.down(node.pk)}),
    )
    near = [*up[:most], *down[:most]]
    ways = [tuple(found.paths(node.pk, MOST_PATHS, down=way)) for way in (False, True)]
    against = _against(found, node)
    wanted = {
        node.pk,
        *(pk for edge, _level in near for pk in edge[1:3]),
        *(pk for some in ways for p in some for pk in p),
    }
    nodes = _nodes(wanted | {pk for one in against for pk in one[1:3] if pk})
    opened = set(Node.objects.filter(policy(Node, "view", actor), pk__in=nodes).values_list("pk", flat=True))
    lines = {pk: _line(one, found, pk in opened) for pk, one in nodes.items()}
    steps = _Steps(near, nodes, lines, node.pk)
    codes = {pk: one.code for pk, one in lines.items()}
    return Trace(
        node=lines[node.pk],
        says=steps.says.get((node.pk, node.revision), {}),
        up=tuple(steps.of(up[:most])),
        down=tuple(steps.of(down[:most])),
        left_off=max(0, len(up) - most) + max(0, len(down) - most),
        paths_up=tuple(sorted(tuple(codes[pk] for pk in path) for path in ways[0])),
        paths_down=tuple(sorted(tuple(codes[pk] for pk in path) for path in ways[1])),
        blockers=_blockers(against, codes),
    )


def _around(ways: Mapping[int, Sequence[Edge]], nodes: Mapping[int, int]) -> list[tuple[Edge, int]]:
    """The links from these nodes onwards with their level, the nearest first."""
    found = [(Edge(*edge), level + 1) for pk, level in nodes.items() for edge in ways.get(pk, ())]
    return sorted(found, key=lambda one: (one[1], one[0].id))


def _nodes(pks: Iterable[int]) -> dict[int, Node]:
    return Node.objects.in_bulk(list(pks))


def _line(node: Node, found: Chain | Trouble, opened: bool) -> Line:
    return Line(
        code=node.code if opened else HIDDEN,
        kind=_(KINDS[node.kind].name) if node.kind in KINDS else node.kind,
        title=str(node) if opened else _("not open to you"),
        revision=node.revision,
        fingerprint=node.fingerprint if opened else "",
        standing=found.standing(node.pk),
        withdrawn=node.withdrawn_at is not None,
        critical=node.critical,
        simulated=node.simulated,
        open=opened,
    )


Against = tuple[str, int, int, int, bool]  # reason, node, parent (0: none), level, waivable


def _against(found: Chain, node: Node) -> list[Against]:
    made: list[Against] = []
    for pk, level in {node.pk: 0, **found.up(node.pk)}.items():
        if level == 0 and node.withdrawn_at:
            made.append(("withdrawn", pk, 0, level, False))
        if pk in found.unsupported:
            made.append(("unsupported", pk, 0, level, False))
        for _id, _child, parent, state in found.above.get(pk, ()):
            if state >= LinkState.SUSPECT:
                made.append((LinkState(state).word, pk, parent, level, state == LinkState.SUSPECT))
    return made


def _blockers(against: Iterable[Against], codes: Mapping[int, str]) -> tuple[Blocker, ...]:
    made = [
        Blocker(reason, codes[pk], codes.get(parent, ""), level, waivable)
        for reason, pk, parent, level, waivable in against
    ]
    return tuple(sorted(made, key=lambda one: (one.level, one.waivable, one.code, one.parent)))


class _Steps:
    """The links around a statement with their histories: four queries, however many there are."""

    def __init__(
        self, near: Iterable[tuple[Edge, int]], nodes: dict[int, Node], lines: dict[int, Line], root: int
    ) -> None:
        self.lines = lines
        self.links = Link.objects.in_bulk([edge.id for edge, _level in near])
        self.reviews: dict[int, list[Said]] = {}
        for review in Review.objects.filter(link__in=self.links).order_by("-number"):
            self.reviews.setdefault(review.link_id, []).append(_said(review))
        self.recounts: dict[int, list[Recount]] = {}
        for one in Weighing.objects.filter(link__in=self.links).order_by("-revision"):
            self.recounts.setdefault(one.link_id, []).append(Recount(one.at, one.revision, one.claim, one.held))
        self.nodes = nodes
        # What a parent said and says is told only where it has moved on since it was accepted: that is seldom, and
        # contents are the most of what a long chain holds.
        moved = {
            row.parent_id for row in self.links.values() if 0 < row.accepted_revision < nodes[row.parent_id].revision
        }
        keys = {(row.parent_id, row.accepted_revision) for row in self.links.values() if row.parent_id in moved}
        keys |= {(pk, nodes[pk].revision) for pk in {root, *moved}}
        revisions = Revision.objects.filter(
            node__in={pk for pk, _number in keys}, number__in={number for _pk, number in keys}
        )
        self.says = {
            (row.node_id, row.number): in_words(row.says) for row in revisions if (row.node_id, row.number) in keys
        }

    def of(self, edges: Iterable[tuple[Edge, int]]) -> list[Step]:
        made = [self._step(edge, level) for edge, level in edges]
        return sorted(made, key=lambda one: (one.level, one.child.code, one.parent.code, one.type))

    def _step(self, edge: Edge, level: int) -> Step:
        row = self.links[edge.id]
        child, parent = self.lines[edge.child], self.lines[edge.parent]
        before = self.says.get((edge.parent, row.accepted_revision), {}) if parent.open else {}
        now = self.says.get((edge.parent, self.nodes[edge.parent].revision), {}) if parent.open else {}
        moved = {name for name in {*before, *now} if before.get(name) != now.get(name)} if before else set()
        kind, both = LINK_TYPES.get(row.type), child.open and parent.open
        return Step(
            level=level,
            child=child,
            parent=parent,
            type=row.type,
            type_name=_(kind.name) if kind else row.type,
            state=LinkState(edge.state),
            claim=row.claim if both else "",
            reviews=tuple(self.reviews.get(row.pk, ())) if both else (),
            recounts=tuple(self.recounts.get(row.pk, ())) if both else (),
            before={name: before[name] for name in before if name in moved},
            now={name: now[name] for name in now if name in moved},
        )


def _said(review: Review) -> Said:
    return Said(
        at=review.at,
        who=review.actor_label,
        institutions=review.institutions.replace(" ", ", "),
        disposition=review.disposition,
        note=review.note,
        parent_revision=review.accepted_revision,
        child_revision=review.child_revision,
        claim=review.claim,
    )


def in_words(says: dict[str, Any]) -> dict[str, str]:
    """What a revision says, field by field, as a person reads it."""
    found = {name: _worded(value) for name, value in says["fields"].items()}
    return found | {name: shown(value) for name, value in quantities(says["values"]).items()}


def _worded(value: Any) -> str:
    """A field as text: parts of a list in a row, those of a mapping a line each under their names."""
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_worded(part)}" for name, part in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return ", ".join(_worded(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def plain(found: Trace) -> dict[str, Any]:
    """A trace for programs: JSON-ready, states in English words, the same on every surface."""
    return {
        **_plain_line(found.node),
        "says": found.says,
        "up": [_plain_step(one) for one in found.up],
        "down": [_plain_step(one) for one in found.down],
        "left_off": found.left_off,
        "paths_up": [list(path) for path in found.paths_up],
        "paths_down": [list(path) for path in found.paths_down],
        "blockers": [asdict(one) for one in found.blockers],
    }


def _plain_line(one: Line) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "title": one.title,
        "revision": one.revision,
        "fingerprint": one.fingerprint,
        "state": str(one.standing.state),
        "levels": one.standing.levels,
        "withdrawn": one.withdrawn,
        "critical": one.critical,
        "simulated": one.simulated,
    }


def _plain_step(one: Step) -> dict[str, Any]:
    return {
        "level": one.level,
        "child": _plain_line(one.child),
        "parent": _plain_line(one.parent),
        "type": one.type,
        "state": one.state.word,
        "claim": one.claim,
        "before": one.before,
        "now": one.now,
        "reviews": [{**asdict(said), "at": said.at.isoformat()} for said in one.reviews],
        "recounts": [{**asdict(count), "at": count.at.isoformat()} for count in one.recounts],
    }
