"""What the statements of a policy rest on, all the way up, as it stands now: what a version keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pasaj.core.evidence import Chain, LinkState
from pasaj.evidence.models import KINDS, LINK_TYPES, Link, Node
from pasaj.evidence.queries import graph
from pasaj.policy.models import Policy

PUBLIC = ("policy-", "document", "clause", "option")
"""Beginnings of the kinds whose words everybody may read in a public version; of others only the code."""
Plain = dict[str, Any]


def grounds(policy: Policy) -> Plain:
    """`nodes` and `links` of every statement of a policy and of all they rest on, by code.

    A constant number of queries.
    """
    found = graph.chain()
    own = Node.objects.filter(code__startswith=f"{policy.code}-", withdrawn_at=None)
    start = set(own.values_list("pk", flat=True))
    reached = set(start)
    for pk in start:
        if pk in reached:
            reached.update(found.up(pk))
    nodes = Node.objects.in_bulk(reached)
    codes = {pk: node.code for pk, node in nodes.items()}
    types = dict(Link.objects.filter(child__in=start | reached).values_list("pk", "type"))
    links = sorted(
        [codes[edge[1]], codes[edge[2]], types.get(edge[0], ""), LinkState(edge[3]).word]
        for pk in reached
        for edge in found.above.get(pk, ())
        if edge[2] in codes
    )
    return {
        "nodes": [_node(node, found) for node in sorted(nodes.values(), key=lambda one: one.code)],
        "links": links,
    }


def _node(node: Node, found: Chain) -> Plain:
    standing = found.standing(node.pk)
    return {
        "code": node.code,
        "kind": node.kind,
        "titles": dict(node.titles),
        "revision": node.revision,
        "fingerprint": node.fingerprint,
        "state": str(standing.state),
        "levels": standing.levels,
        "withdrawn": node.withdrawn_at is not None,
        "simulated": node.simulated,
    }


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing a statement rests on, as a reader sees it. open: whether its words are for him."""

    code: str
    kind: str
    title: str
    type: str
    state: str
    open: bool
    level: int


def above(content: Plain, codes: Iterable[str], language: str, *, everybody: bool) -> list[Ground]:
    """What these statements rest on in a version, level by level, each thing once.

    everybody: for readers from outside, who see the words of the policy and of documents, and of evidence the code.
    """
    nodes = {one["code"]: one for one in content["chain"]["nodes"]}
    ways: dict[str, list[tuple[str, str]]] = {}
    for child, parent, type_, _state in content["chain"]["links"]:
        ways.setdefault(child, []).append((parent, type_))
    found: dict[str, Ground] = {}
    front = [(code, "") for code in codes if code in nodes]
    level = 0
    while front:
        level += 1
        following: list[tuple[str, str]] = []
        for code, type_ in front:
            if code not in found:
                found[code] = _ground(nodes[code], type_, language, everybody, level)
                following.extend(one for one in ways.get(code, ()) if one[0] in nodes)
        front = following
    return list(found.values())


def _ground(node: Mapping[str, Any], type_: str, language: str, everybody: bool, level: int) -> Ground:
    shown = not everybody or node["kind"].startswith(PUBLIC)
    titles = node["titles"]
    title = titles.get(language) or next(iter(titles.values()), "") if shown else _("held by the cell, not public")
    kind = KINDS.get(node["kind"])
    link = LINK_TYPES.get(type_)
    return Ground(
        code=node["code"],
        kind=_(kind.name) if kind else node["kind"],
        title=title,
        type=_(link.name) if link else "",
        state="withdrawn" if node["withdrawn"] else node["state"],
        open=shown,
        level=level,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that is not as it was when a version was published. what: changed, withdrawn, state."""

    code: str
    kind: str
    title: str
    what: str
    before: str
    after: str


def moved(content: Plain) -> list[Moved]:
    """What the statements of a version rest on that has changed since: content, withdrawal, state; by code."""
    before = {one["code"]: one for one in content["chain"]["nodes"]}
    trouble = graph.trouble()
    found = []
    for node in Node.objects.filter(code__in=before).order_by("code"):
        old = before[node.code]
        state = str(trouble.standing(node.pk).state)
        kind = KINDS.get(node.kind)
        told = {"code": node.code, "kind": _(kind.name) if kind else node.kind, "title": str(node)}
        if (node.withdrawn_at is not None) != old["withdrawn"]:
            found.append(Moved(**told, what="withdrawn", before="", after=""))
        elif node.fingerprint != old["fingerprint"]:
            found.append(Moved(**told, what="changed", before=f"r{old['revision']}", after=f"r{node.revision}"))
        elif state != old["state"]:
            found.append(Moved(**told, what="state", before=old["state"], after=state))
    return found
