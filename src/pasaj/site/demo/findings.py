"""What a simulated lead made of the findings of a round: some edited, adopted or dismissed, and recommendations.

Each step looks at the rows: interrupt it whenever you like. What the rules do not find is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pasaj.access.rules import Actor
from pasaj.assess.models import Finding, Round
from pasaj.assess.services import drafting, findings, recommendations
from pasaj.site.demo.section import Section

State = Finding.State


@dataclass(frozen=True, slots=True)
class Edit:
    """`[[round.edit]]`: a finding in a person's words, by language."""

    key: str
    texts: Mapping[str, str]
    rights: str
    institution: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`[[round.recommend]]`: adopted for findings by key; due so many days after the last day of the round."""

    texts: Mapping[str, str]
    findings: tuple[str, ...]
    institution: str
    horizon: str
    days: int
    effort: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of the drafts, by their keys: rule and subject."""

    adopt: tuple[str, ...]
    edits: tuple[Edit, ...]
    dismissals: Mapping[str, str]  # key -> reason
    advice: tuple[Advice, ...]


def decided(section: Section) -> Decided:
    """The part of `[[round]]` that speaks of findings."""
    return Decided(
        adopt=section.texts("adopt", []),
        edits=tuple(_edit(one) for one in _sections(section, "edit")),
        dismissals={str(key): str(why) for key, why in section.take("dismiss", dict, {}).items()},
        advice=tuple(_advice(one) for one in _sections(section, "recommend")),
    )


def _sections(section: Section, name: str) -> list[Section]:
    return [Section(f"{section.name} {name} {at}", one) for at, one in enumerate(section.take(name, list, []), 1)]


def _texts(section: Section) -> Mapping[str, str]:
    return {str(language): str(text) for language, text in section.take("text", dict).items()}


def _edit(section: Section) -> Edit:
    found = Edit(
        key=section.text("key"), texts=_texts(section), rights=section.text("rights", ""),
        institution=section.text("institution", ""),
    )  # fmt: skip
    section.end()
    return found


def _advice(section: Section) -> Advice:
    found = Advice(
        texts=_texts(section),
        findings=section.texts("findings"),
        institution=section.text("institution"),
        horizon=section.text("horizon"),
        days=section.whole("days", high=4000),
        effort=section.text("effort"),
    )
    section.end()
    return found


def decide(*, row: Round, wanted: Decided, actor: Actor, now: datetime) -> None:
    """Draft the findings of a round once, and deal with them as the script says."""
    if not row.findings.exists():
        drafting.draft(code=row.code, actor=actor, now=now)
    known = {one.key: one.pk for one in row.findings.all()}
    for edit in wanted.edits:
        if edit.key in known:
            _say(Finding.objects.get(pk=known[edit.key]), edit, actor, now)
    for key in wanted.adopt:
        found = row.findings.filter(key=key, state=State.DRAFT).first()
        if found is not None:
            findings.adopt(code=found.code, seen=found.revision, actor=actor, now=now)
    for key, why in wanted.dismissals.items():
        found = row.findings.filter(key=key, state=State.DRAFT).first()
        if found is not None:
            findings.dismiss(code=found.code, seen=found.revision, reason=why, actor=actor, now=now)
    for advice in wanted.advice:
        _recommend(row, advice, actor, now)


def _say(found: Finding, edit: Edit, actor: Actor, now: datetime) -> None:
    if found.edited:
        return
    said = findings.Wanted(
        statement={**found.statement, **edit.texts},
        severity=found.severity,
        rights=found.rights or bool(edit.rights),
        rights_affected=edit.rights,
        institution=edit.institution,
    )
    findings.edit(code=found.code, wanted=said, seen=found.revision, actor=actor, now=now)


def _recommend(row: Round, advice: Advice, actor: Actor, now: datetime) -> None:
    answered = row.findings.filter(key__in=advice.findings, state=State.ADOPTED).order_by("pk")
    codes = list(answered.values_list("code", flat=True))
    made = next((one for one in row.recommendations.all() if one.text == advice.texts), None)
    if made is None and codes:
        wanted = recommendations.Wanted(
            text=advice.texts,
            findings=codes,
            horizon=advice.horizon,
            due=row.period_end + timedelta(days=advice.days),
            effort=advice.effort,
            institution=advice.institution,
        )
        made = recommendations.write(code=row.code, wanted=wanted, actor=actor, now=now)
    if made is not None and made.state == made.State.DRAFT:
        recommendations.adopt(code=made.code, seen=made.revision, actor=actor, now=now)
