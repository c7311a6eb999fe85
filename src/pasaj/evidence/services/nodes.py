"""What can be cited: put into the chain, changed, withdrawn. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.evidence import Quantity, Value, canonical, fingerprint
from pasaj.core.problems import Refused, problem
from pasaj.evidence.models import KINDS, Confirmation, Node, NodeKind, Revision
from pasaj.evidence.queries.wording import waiting
from pasaj.evidence.services.turn import wait_for_others
from pasaj.evidence.services.weighing import weigh
from pasaj.registry.models import Institution


@dataclass(frozen=True, slots=True)
class Draft:
    """What a node is to say. A plain number among `values` is exact; None is a value that is not known.

    `institution`: the code of the one that answers for it. Fields beside those of the kind are kept and
    do not count for the fingerprint.
    """

    code: str
    kind: str
    fields: Mapping[str, object]
    values: Mapping[str, Value | Decimal | int | None] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    critical: bool = False
    institution: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a draft: its revision now, whether there is a new one, whether its meaning moved."""

    code: str
    revision: int
    changed: bool
    moved: bool


@transaction.atomic
def put(*, drafts: Sequence[Draft], actor: Actor, now: datetime, editorial: str = "") -> tuple[Change, ...]:
    """Put statements into the chain, or give them their next revision; the same content again changes nothing.

    A change of a normative field or a value gives a new fingerprint: links that accepted the old one are suspect,
    unless their claim still holds, which is written down. `editorial`: why only the wording changed; links are
    suspect all the same until a second person confirms it (`confirm_wording`). Raises Refused: EVID-017 (the
    code has another kind), EVID-020 (numbers changed in an editorial change), EVID-021 (a normative field is missing).
    """
    wait_for_others()
    wanted = {one.code: one for one in drafts}
    institutions = {one.code: one for one in Institution.objects.filter(code__in=_codes(wanted.values()))}
    steps = _steps(wanted, {code: _content(one) for code, one in wanted.items()}, institutions, actor)
    for step in steps:
        step.check(editorial)
        if step.changed and step.last:
            step.advance(actor, institutions.get(step.draft.institution))
            step.node.save(update_fields=HEAD)
    changed = [step for step in steps if step.changed]
    Revision.objects.bulk_create([step.revision(editorial, actor, now) for step in changed], batch_size=500)
    weigh([step.node for step in changed if step.moved and step.last], now)
    _record(changed, editorial, actor, now)
    return tuple(Change(step.node.code, step.node.revision, step.changed, step.moved) for step in steps)


@transaction.atomic
def confirm_wording(*, code: str, seen: int, note: str, actor: Actor, now: datetime) -> Node:
    """Say, as a second person, that the last declared changes left the meaning as it was.

    The fingerprint before them stands on, so links are what they were before; the log keeps both contents.
    `seen`: the revision before the person's eyes. Raises Refused: EVID-007, EVID-010 (changed since), EVID-014
    (nothing waits), EVID-015 (the one who changed it).
    """
    node = taken(code)
    check_seen(node, seen)
    found = waiting(node)
    if not found:
        raise Refused(problem("EVID-014", code=code))
    if actor.id is None or any(one.actor_id == actor.id for one in found):
        raise Refused(problem("EVID-015"))
    before = Revision.objects.select_related("confirmation").get(node=node, number=found[0].number - 1)
    carried = before.confirmation.carried if hasattr(before, "confirmation") else before.fingerprint
    for one in found:
        Confirmation.objects.create(
            revision=one, carried=carried, note=note, at=now, actor_id=actor.id, actor_label=actor.label
        )
    node.fingerprint = carried
    node.save(update_fields=["fingerprint"])
    detail = {"before": before.content, "after": found[-1].content, "fingerprint": carried, "note": note}
    audit.record(actor=actor, action="evidence.confirmed", code=code, now=now, detail=detail)
    return node


def withdraw(*, code: str, note: str, actor: Actor, now: datetime) -> Node:
    """Take a statement back: links to it break, and what rests on it cannot be published. Its history stays.

    Withdrawn already, nothing happens. Raises Refused: EVID-007, EVID-016 (no reason).
    """
    return _turn(code, True, note, actor, now)


def reinstate(*, code: str, note: str, actor: Actor, now: datetime) -> Node:
    """Take up again what was withdrawn; links that accepted what it says are as they were.

    Raises Refused: EVID-007, EVID-016 (no reason).
    """
    return _turn(code, False, note, actor, now)


@transaction.atomic
def _turn(code: str, withdrawn: bool, note: str, actor: Actor, now: datetime) -> Node:
    note = note.strip()
    if not note:
        raise Refused(problem("EVID-016", column="note"))
    node = taken(code)
    if (node.withdrawn_at is not None) == withdrawn:
        return node
    last = Revision.objects.get(node=node, number=node.revision)
    node.revision += 1
    node.withdrawn_at = now if withdrawn else None
    node.save(update_fields=["revision", "withdrawn_at"])
    Revision.objects.create(
        node=node,
        number=node.revision,
        kind_version=last.kind_version,
        content=last.content,
        fingerprint=last.fingerprint,
        withdrawn=withdrawn,
        note=note,
        at=now,
        recorded_at=timezone.now(),
        actor_id=actor.id,
        actor_label=actor.label,
    )
    action = "evidence.withdrawn" if withdrawn else "evidence.reinstated"
    audit.record(actor=actor, action=action, code=code, now=now, detail={"note": note, "revision": node.revision})
    return node


def taken(code: str) -> Node:
    """The node, locked until the end of the transaction. Raises Refused: EVID-007."""
    wait_for_others()
    node = Node.objects.select_for_update(of=("self",)).filter(code=code).first()
    if node is None:
        raise Refused(problem("EVID-007", code=code))
    return node


def check_seen(node: Node, seen: int) -> None:
    """Raises Refused: EVID-010, when the node has moved on since somebody looked."""
    if node.revision != seen:
        raise Refused(problem("EVID-010", code=node.code, now=node.revision, seen=seen))


# --- One draft against what stands -------------------------------------------------------------

HEAD = ["titles", "institution", "critical", "simulated", "revision", "fingerprint", "values_text", "authors"]


class _Step:
    """A draft beside the node it is for."""

    def __init__(self, node: Node, draft: Draft, content: dict[str, Any], last: Revision | None) -> None:
        self.node, self.draft, self.content = node, draft, content
        self.kind = KINDS[draft.kind]
        self.text = canonical(content)
        self.last = last
        self.changed = self.last is None or self.last.content != self.text
        self.changed |= (node.critical, node.simulated) != (draft.critical, draft.simulated)
        # Compared by the list of today, also with what an older list fingerprinted.
        before = canonical(_normative(self.kind, self.last.says)) if self.last else ""
        self.moved = self.changed and before != canonical(_normative(self.kind, content))

    def check(self, editorial: str) -> None:
        if self.node.kind != self.draft.kind:
            raise Refused(problem("EVID-017", code=self.node.code, kind=self.node.kind))
        if editorial and self.last and canonical(self.last.says["values"]) != canonical(self.content["values"]):
            raise Refused(problem("EVID-020", code=self.node.code))

    def advance(self, actor: Actor, institution: Institution | None) -> None:
        node = self.node
        node.revision += 1
        node.titles, node.critical = dict(self.draft.titles), self.draft.critical
        node.simulated = self.draft.simulated
        node.institution = institution or node.institution
        node.values_text = canonical(self.content["values"])
        if self.moved:
            node.fingerprint = fingerprint(_normative(self.kind, self.content))
            owner = {node.institution.code} if node.institution else set()
            node.authors = " ".join(sorted({grant.institution for grant in actor.grants} | owner))

    def revision(self, editorial: str, actor: Actor, now: datetime) -> Revision:
        return Revision(
            node=self.node,
            number=self.node.revision,
            kind_version=self.kind.version,
            content=self.text,
            fingerprint=self.node.fingerprint,
            editorial=editorial if self.moved and self.last else "",
            withdrawn=self.node.withdrawn_at is not None,
            at=now,
            recorded_at=timezone.now(),
            actor_id=actor.id,
            actor_label=actor.label,
        )


def _content(draft: Draft) -> dict[str, Any]:
    kind = KINDS[draft.kind]
    missing = [name for name in kind.fields if draft.fields.get(name) is None]
    if missing:
        raise Refused(problem("EVID-021", code=draft.code, fields=", ".join(missing)))
    values = {name: _value(one) for name, one in draft.values.items() if one is not None}
    return {"fields": dict(draft.fields), "values": values, "titles": dict(draft.titles)}


def _value(value: Value | Decimal | int) -> object:
    if isinstance(value, str):
        return value
    found = value if isinstance(value, Quantity) else Quantity(*[Decimal(value)] * 3)
    return {"value": found.value, "low": found.low, "high": found.high}


def _normative(kind: NodeKind, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the fingerprint is of: the kind, its normative fields, and every value."""
    fields = {name: content["fields"].get(name) for name in kind.fields}
    return {"kind": kind.code, "fields": fields, "values": content["values"]}


def _steps(
    wanted: Mapping[str, Draft],
    contents: Mapping[str, dict[str, Any]],
    institutions: Mapping[str, Institution],
    actor: Actor,
) -> list[_Step]:
    """Each draft beside its node, made where it is new, locked in one order, with what it said last."""
    codes = sorted(wanted)
    there = set(Node.objects.filter(code__in=codes).values_list("code", flat=True))
    made = []
    for code in codes:
        if code not in there:
            step = _Step(Node(code=code, kind=wanted[code].kind, revision=0), wanted[code], contents[code], None)
            step.advance(actor, institutions.get(wanted[code].institution))
            made.append(step.node)
    # Two who put the same code at once, on PostgreSQL: the second waits here, and finds the first one's below.
    Node.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    rows = Node.objects.select_for_update(of=("self",)).select_related("institution").filter(code__in=codes)
    nodes = {node.code: node for node in rows.order_by("pk")}
    last = {one.node_id: one for one in Revision.objects.filter(node__code__in=codes, number=F("node__revision"))}
    return [_Step(nodes[code], draft, contents[code], last.get(nodes[code].pk)) for code, draft in wanted.items()]


def _codes(drafts: Iterable[Draft]) -> set[str]:
    return {one.institution for one in drafts if one.institution}


def _record(changed: Sequence[_Step], editorial: str, actor: Actor, now: datetime) -> None:
    """One entry for the lot: a round puts thousands of scores at once. What each says stands in its revision."""
    if not changed:
        return
    new = all(step.last is None for step in changed)
    detail: dict[str, Any] = {"revisions": {step.node.code: step.node.revision for step in changed}}
    if editorial:
        detail["editorial"] = editorial
        detail["before"] = {step.node.code: step.last.content for step in changed if step.last}
        detail["after"] = {step.node.code: step.text for step in changed if step.last}
    code = changed[0].node.code if len(changed) == 1 else ""
    action = "evidence.put" if new else "evidence.changed"
    audit.record(actor=actor, action=action, code=code, now=now, detail=detail)
