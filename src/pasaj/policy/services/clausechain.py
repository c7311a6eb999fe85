"""Clauses in the chain of evidence: what they say in the source language, what they realise and what they cite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.core import wording
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Node
from pasaj.evidence.services import Draft
from pasaj.policy.models import Clause, ClauseText
from pasaj.policy.rules.document import CITES, KIND, REALISES
from pasaj.policy.services import chain

TITLE = 160
CITED = frozenset({"figure", "score", "count", "finding", "measure"})


def follow(rows: Sequence[Clause], actor: Actor, now: datetime) -> None:
    """Put clauses as they stand into the chain, with the links that they say, and no others."""
    texts: dict[int, dict[str, str]] = {one.pk: {} for one in rows}
    for clause, language, text in ClauseText.objects.filter(clause__in=rows).values_list(
        "clause_id", "language", "text"
    ):
        texts[clause][language] = text
    evidence.put(drafts=[_draft(one, texts[one.pk]) for one in rows], actor=actor, now=now)
    wanted: dict[tuple[str, str], list[str]] = {}
    for one in rows:
        realised = [*one.measures.all(), *one.objectives.all()]
        wanted[one.code, REALISES] = [each.code for each in realised]
        wanted[one.code, CITES] = _cited(one, texts[one.pk].get(one.source_language, ""))
    chain.tie(wanted, actor, now)


def _draft(row: Clause, texts: dict[str, str]) -> Draft:
    fields = {"text": texts.get(row.source_language, ""), "kind": row.kind, "part": row.part}
    titles = {language: _title(text) or row.part or row.kind for language, text in texts.items()}
    return Draft(row.code, KIND, fields, {}, titles, simulated=row.simulated)


def _title(text: str) -> str:
    words = " ".join(wording.plain(wording.hidden(text)).split())
    return words if len(words) <= TITLE else words[:TITLE].rsplit(" ", 1)[0] + " …"


def _cited(row: Clause, text: str) -> list[str]:
    """The codes that its references name, as far as they stand in the chain."""
    named = [one for one in wording.find(text) if one.kind in CITED]
    codes = {one.code if one.kind != "measure" else _full(row, one.code) for one in named}
    kinds = ("figure", "finding", "policy-measure")
    rows = Node.objects.filter(code__in=codes, kind__in=kinds, withdrawn_at=None)
    return sorted(rows.values_list("code", flat=True))


def _full(row: Clause, code: str) -> str:
    head = f"{row.policy.code}-"
    return code if code.startswith(head) else head + code
