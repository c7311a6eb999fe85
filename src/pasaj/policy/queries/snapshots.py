"""How a policy stood: in a version, at a moment, or now. Two of these are what "what changed" compares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from pasaj.core.evidence import LinkState
from pasaj.evidence.models import Node, Revision
from pasaj.policy.models import Clause, ClauseRevision, ClauseText, Policy, Version
from pasaj.policy.queries.grounds import grounds

TROUBLE = frozenset(state.word for state in LinkState if state >= LinkState.SUSPECT)
Tie = tuple[str, str, str]  # child, parent, type


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A policy and what it rests on. nodes: the revision of each by code. away: those of them that were withdrawn.

    texts: what clauses said, by code and language. ties: every link with the word for its state; None where that is
    not kept, which is so for a moment in the past.
    """

    nodes: Mapping[str, int]
    away: frozenset[str]
    clauses: frozenset[str]
    texts: Mapping[tuple[str, str], str]
    ties: Mapping[Tie, str] | None

    def stands(self, code: str) -> bool:
        """Whether it was there and not withdrawn."""
        return code in self.nodes and code not in self.away

    def stood_as(self, code: str) -> tuple[int, bool]:
        """Its revision, 0 where it was not there, and whether it was withdrawn."""
        return self.nodes.get(code, 0), code in self.away


def of_version(version: Version) -> Snapshot:
    """As a version keeps it."""
    content = version.content
    texts = {(one["code"], language): text for one in content["clauses"] for language, text in one["texts"].items()}
    return _snapshot(content["chain"], {one["code"] for one in content["clauses"]}, texts)


def of_now(policy: Policy) -> Snapshot:
    """As it stands. A constant number of queries."""
    rows = ClauseText.objects.filter(clause__policy=policy, clause__withdrawn_at=None)
    texts = {(code, language): text for code, language, text in rows.values_list("clause__code", "language", "text")}
    clauses = Clause.objects.filter(policy=policy, withdrawn_at=None).values_list("code", flat=True)
    return _snapshot(grounds(policy), clauses, texts)


def of_moment(policy: Policy, moment: datetime, known: Collection[str]) -> Snapshot:
    """As it stood before a moment, as far as revisions tell. known: codes of evidence to look at beside its own."""
    rows = Revision.objects.filter(
        Q(node__code__startswith=f"{policy.code}-") | Q(node__in=Node.objects.filter(code__in=known)), at__lt=moment
    ).order_by("number")
    stood = {
        code: (number, away) for code, number, away in rows.values_list("node__code", "number", "withdrawn")
    }  # the last of each
    clauses = Clause.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=moment), policy=policy)
    there = set(clauses.filter(created_at__lt=moment).values_list("code", flat=True))
    said = ClauseRevision.objects.filter(clause__policy=policy, at__lt=moment).order_by("number")
    texts = {
        (code, language): text
        for code, language, text in said.values_list("clause__code", "language", "text")
        if code in there
    }
    return Snapshot(
        {code: number for code, (number, _away) in stood.items()},
        frozenset(code for code, (_number, away) in stood.items() if away),
        frozenset(there), texts, None,
    )  # fmt: skip


def _snapshot(chain: Mapping[str, Any], clauses: Collection[str], texts: Mapping[tuple[str, str], str]) -> Snapshot:
    return Snapshot(
        {one["code"]: one["revision"] for one in chain["nodes"]},
        frozenset(one["code"] for one in chain["nodes"] if one["withdrawn"]),
        frozenset(clauses), texts,
        {(child, parent, type_): state for child, parent, type_, state in chain["links"]},
    )  # fmt: skip
