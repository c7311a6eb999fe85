"""The texts of clauses as they are checked and kept: a revision for every change, and what each translates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.core import wording
from pasaj.core.evidence import fingerprint
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Clause, ClauseRevision, ClauseText, Policy
from pasaj.policy.queries import references
from pasaj.registry.queries import refuse_naming

HEADING = 200
Origin = ClauseRevision.Origin


def first_texts(clause: Clause, said: Mapping[str, str], origin: str, actor: Actor, now: datetime) -> None:
    """The first texts of a new clause, the source language first. Raises as `checked`, and DOC-014, DOC-017."""
    wanted = {language: text for language, text in said.items() if language in clause.policy.languages and text.strip()}
    source = wanted.pop(clause.source_language, "")
    if not source and clause.kind not in (Clause.Kind.TABLE, Clause.Kind.MEASURES):
        raise Refused(
            problem("DOC-014" if not wanted else "DOC-017", code=clause.code, language=clause.source_language)
        )
    write(clause, clause.source_language, checked(clause, clause.source_language, source), origin, actor, now)
    for language, text in wanted.items():
        write(clause, language, checked(clause, language, text), origin, actor, now)


def checked(clause: Clause, language: str, text: str) -> str:
    """The text as it is kept. Raises Refused: DOC-003 (language), 012 (heading), 014, WRD-001 to 011, SCREEN-001."""
    if language not in clause.policy.languages:
        raise Refused(problem("DOC-003", language=language[:8], allowed=", ".join(clause.policy.languages)))
    found = wording.normal(text)
    if clause.is_head:
        found = " ".join(found.split())
        if len(found) > HEADING:
            raise Refused(problem("DOC-012", most=HEADING))
    if not found and clause.kind not in (Clause.Kind.TABLE, Clause.Kind.MEASURES):
        raise Refused(problem("DOC-014"))
    problems = wording.check(found) or wording.checked(found, references.known(clause.policy, wording.find(found)))
    if problems:
        raise Refused(*problems)
    refuse_naming(text=found)
    return found


def write(
    clause: Clause, language: str, text: str, origin: str, actor: Actor, now: datetime, *, note: str = "",
    suggestion: str = "",
) -> ClauseRevision:  # fmt: skip
    """Make a checked text the newest revision. A translation is one of the source text as it stands now."""
    held = ClauseText.objects.filter(clause=clause, language=language).first()
    source = "" if language == clause.source_language else source_fingerprint(clause)
    number = held.revision + 1 if held else 1
    made = ClauseRevision.objects.create(
        clause=clause, language=language, number=number, text=text, fingerprint=fingerprint(text), translates=source,
        origin=origin, suggestion=suggestion, note=note[:400], at=now, actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    ClauseText.objects.update_or_create(
        clause=clause, language=language,
        defaults={
            "text": text, "revision": number, "fingerprint": made.fingerprint, "translates": source, "changed_at": now,
        },
    )  # fmt: skip
    return made


def source_fingerprint(clause: Clause) -> str:
    """Of the text that is translated; "" where there is none yet."""
    rows = ClauseText.objects.filter(clause=clause, language=clause.source_language)
    return rows.values_list("fingerprint", flat=True).first() or ""


def revision_of(clause: Clause, language: str, number: int) -> ClauseRevision:
    """One revision of a text. Raises Refused: DOC-019."""
    found = ClauseRevision.objects.filter(clause=clause, language=language, number=number).first()
    if found is None:
        raise Refused(problem("DOC-019", number=number))
    return found


def languages(policy: Policy) -> list[str]:
    """The codes of a policy's languages, the source first."""
    return [str(one) for one in policy.languages]
