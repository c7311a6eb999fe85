"""What a version of a policy keeps of it: its content as plain values, and its document as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.core.policy.versions import Plain, frozen
from pasaj.core.report import Column, Facts, Heading, Report, Table, cell, spans
from pasaj.policy.models import Policy
from pasaj.policy.queries import document
from pasaj.policy.queries.coherence import Waived
from pasaj.policy.queries.grounds import grounds
from pasaj.policy.queries.plan import plan
from pasaj.policy.queries.sections import day

ANCHOR = "waived"


def content(policy: Policy) -> Plain:
    """Statements, costs, clauses, what references say and what everything rests on, as it stands now."""
    sheets = {language: document.sheet(policy, language) for language in policy.languages}
    clauses = [
        {
            "code": one.entry.clause.code,
            "number": one.entry.number,
            "level": one.entry.depth,
            "kind": one.entry.clause.kind,
            "part": one.entry.clause.part,
            "realises": sorted(
                each.code for rows in (one.entry.clause.measures, one.entry.clause.objectives) for each in rows.all()
            ),
            "texts": {language: said.text for language, said in sorted(one.entry.texts.items())},
        }
        for one in sheets[policy.source_language]
    ]
    references = [
        {
            "clause": one.entry.clause.code, "language": language, "key": each.key, "text": told.text,
            "fingerprint": told.fingerprint, "as_of": told.as_of,
        }
        for language, sheet in sheets.items()
        for one in sheet
        for each, told in one.said
    ]  # fmt: skip
    return frozen(plan(policy), clauses=clauses, chain=grounds(policy), references=references)


def text(
    policy: Policy,
    *,
    language: str,
    code: str,
    now: datetime,
    waivers: Sequence[Waived],
    public: bool,
    label: str = "",
) -> Report:
    """The document as a version prints it: with its facts in front, and at its end what was let pass."""
    with override(language):
        blocks = [block for one in document.sheet(policy, language, everybody=public) for block in one.blocks]
        title = policy.names.get(language) or str(policy)
        made_up = _("Demonstration figures") if policy.simulated else ""
        return Report(
            code=code,
            title=title,
            subtitle=_("{first} to {last}").format(first=policy.first_date.year, last=policy.last_date.year),
            language=language,
            blocks=(*blocks, *_let_pass(waivers)),
            label=" · ".join(one for one in (label, made_up) if one),
            facts=_facts(policy, code, now),
        )


def _facts(policy: Policy, code: str, now: datetime) -> Facts:
    rows = (
        (_("Version"), code),
        (_("Published"), day(now.date())),
        (_("Institution"), str(policy.institution)),
        (_("Period"), f"{day(policy.first_date)} – {day(policy.last_date)}"),
        (_("Currency"), policy.currency),
    )
    return Facts(tuple((name, spans(said)) for name, said in rows))


def _let_pass(waivers: Sequence[Waived]) -> tuple[Heading, Table] | tuple[()]:
    """The annex of what was let pass: which rule, of what, why, by whom."""
    if not waivers:
        return ()
    columns = (Column(_("Rule"), 1), Column(_("Statement"), 1.4), Column(_("What it says"), 4), Column(_("Why"), 4))
    rows = tuple(
        (cell(one.waiver.rule, head=True), cell(one.waiver.statement), cell(one.text), cell(one.waiver.reason))
        for one in waivers
    )
    title = _("What was let pass")
    return Heading(1, title, ANCHOR), Table(title, "", columns, rows)
