"""The text of the policy of a demonstration. Simulated.

What somebody wrote since is left as it is: a stage that is done is not done again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pasaj.access.rules import Actor
from pasaj.core.policy import demo
from pasaj.policy.models import Clause, ClauseText, DocumentTemplate, Policy, Problem
from pasaj.policy.services import clauses, document

_NAMED = re.compile(r"\{\{(finding|figure|cost):([^{}|]+)")
WHOLE = "policy"


def draft(policy: Policy, wanted: demo.Demo, actor: Actor, now: datetime) -> None:
    """The clauses of the template with the texts of the first version; nothing where the pack has no template."""
    held = DocumentTemplate.objects.filter(retired_at=None).exists()
    if policy.clauses.exists() or not wanted.clauses or not held:
        return
    said: dict[str, Any] = {"actor": actor, "now": now}
    for term in wanted.terms:
        document.define(
            policy=policy.code, code=term.code, names=term.names, meanings=term.meanings, seen=0, **said
        )  # fmt: skip
    document.start(policy=policy.code, **said)
    for one in wanted.clauses:
        if one.since == demo.FIRST:
            _write(policy, one, {}, actor, now)
            if one.measures:
                row = Clause.objects.get(code=f"{policy.code}-{one.code}")
                measures = [f"{policy.code}-{code}" for code in one.measures]
                document.realise(code=row.code, measures=measures, objectives=[], seen=row.revision, **said)


def revise(policy: Policy, wanted: demo.Demo, known: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """The texts that came with the update. known: codes of findings by key."""
    for one in wanted.clauses:
        if one.since == demo.UPDATED and Clause.objects.filter(code=f"{policy.code}-{one.code}").exists():
            _write(policy, one, known, actor, now)


def _write(policy: Policy, one: demo.Clause, known: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Save the text in every language, the source first: the others translate what stands then."""
    code = f"{policy.code}-{one.code}"
    for language in policy.languages:
        if language not in one.text:
            continue
        held = ClauseText.objects.filter(clause__code=code, language=language).first()
        clauses.save(
            code=code, language=language, text=_named(policy, one.text[language], known),
            seen=held.revision if held else 0, actor=actor, now=now,
        )  # fmt: skip


def _named(policy: Policy, text: str, known: Mapping[str, str]) -> str:
    """The text with the codes of this home in its references."""

    def code(found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        if kind == "finding":
            name = known.get(name, name)
        elif kind == "figure":
            problem = Problem.objects.get(code=f"{policy.code}-{name}")
            name = next(one for one in problem.findings if one.startswith("FG-"))
        elif name == WHOLE:
            name = policy.code
        return f"{{{{{kind}:{name}"

    return _NAMED.sub(code, text)
