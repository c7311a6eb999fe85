"""Findings and recommendations in the chain of evidence, and the history of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.rules import Actor
from pasaj.assess.models import Entry, Finding, Recommendation, Round
from pasaj.assess.queries import rounds as queries
from pasaj.assess.queries import sayings
from pasaj.assess.services import citing
from pasaj.collect.services import citing as reports
from pasaj.core import findings as core
from pasaj.evidence import services as evidence
from pasaj.evidence.models import Link, Node
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.services import Asked, Draft, Tie

MOST_REPORTS = 12
"""Reports that a figure is tied to one by one; one counted from more only says what it came to."""
RESTS_ON, ANSWERS_TO, COUNTED_FROM = "rests-on", "answers-to", "counted-from"


def last_number(row: Round, letter: str) -> int:
    """The highest number that a code of this letter has in a round."""
    rows = row.findings if letter == "F" else row.recommendations
    return max((int(code.rpartition(f"-{letter}")[2]) for code in rows.values_list("code", flat=True)), default=0)


def say(
    row: Round, codes: Iterable[str], action: str, actor: Actor, now: datetime, note: str = "", **details: Any
) -> None:
    """Write into the history what happened to these."""
    Entry.objects.bulk_create(
        Entry(
            round=row, code=code, action=action, note=note, details=details, at=now,
            actor_id=actor.id, actor_label=actor.label,
        )
        for code in codes
    )  # fmt: skip


# --- Nodes -------------------------------------------------------------------------------------


def finding_draft(row: Finding) -> Draft:
    """What the chain is told of a finding. Its certainty and reach may move without a word of it moving."""
    fields = {
        "statement": row.statement,
        "severity": row.severity,
        "rights": row.rights,
        "rule": row.rule,
        "reach": [row.reach_part, row.reach_whole, row.reach_of],
        "certainty": row.certainty,
    }
    institution = row.institution.code if row.institution else ""
    return Draft(row.code, "finding", fields, {}, row.statement, institution=institution, simulated=row.simulated)


def recommendation_draft(row: Recommendation) -> Draft:
    """What the chain is told of a recommendation."""
    institution = row.institution.code if row.institution else ""
    fields = {
        "text": row.text, "institution": institution, "horizon": row.horizon, "due": row.due_date, "effort": row.effort,
    }  # fmt: skip
    return Draft(row.code, "recommendation", fields, {}, row.text, institution=institution, simulated=row.simulated)


def take_back(code: str, note: str, actor: Actor, now: datetime) -> None:
    """Withdraw a statement that stands in the chain."""
    if Node.objects.filter(code=code).exists():
        evidence.withdraw(code=code, note=note, actor=actor, now=now)


def take_up(code: str, note: str, actor: Actor, now: datetime) -> None:
    """Reinstate one that was withdrawn."""
    if Node.objects.filter(code=code, withdrawn_at__isnull=False).exists():
        evidence.reinstate(code=code, note=note, actor=actor, now=now)


# --- What drafted findings rest on -------------------------------------------------------------


def follow(
    drafted: Sequence[tuple[Finding, core.Draft]],
    found: queries.Result,
    names: sayings.Book,
    actor: Actor,
    now: datetime,
) -> None:
    """Put findings that nobody has touched into the chain with the figures they rest on, and those with their reports.

    Of the others only the figures follow: what they rest on is for people to say.
    """
    asked = {_key(rest): asked_for(rest, found, names) for _row, one in drafted for rest in one.rests}
    nodes = dict(zip(asked, evidence.figures(asked=list(asked.values()), actor=actor, now=now), strict=True))
    codes = {key: node.code for key, node in nodes.items()}
    _count_from({codes[key]: receipts_of(one, found) for key, one in asked.items()}, actor, now)
    own = [(row, one) for row, one in drafted if not row.touched]
    for row, _one in own:
        take_up(row.code, row.code, actor, now)
    evidence.put(drafts=[finding_draft(row) for row, _one in own], actor=actor, now=now)
    ties = {
        (row.code, codes[_key(rest)]): Tie(row.code, codes[_key(rest)], RESTS_ON, rest.claim)
        for row, one in own
        for rest in one.rests
    }
    tie(ties, RESTS_ON, [row.code for row, _one in own], actor, now)


def _key(rest: core.Rest) -> tuple[str, tuple[tuple[str, str], ...]]:
    return rest.query, tuple(sorted(rest.parameters.items()))


def asked_for(rest: core.Rest, found: queries.Result, names: sayings.Book) -> Asked:
    """The figure that a rule names, with the round it is of where it is one of a round."""
    own = {} if rest.query in ("protocol", "posts") else {"round": found.round.code}
    return Asked(
        citing.name(rest.query), {**own, **rest.parameters}, sayings.figure_titles(rest, found.round.code, names)
    )


def receipts_of(asked: Asked, found: queries.Result) -> set[str]:
    """The reports that a figure of a round is counted from; none where they are more than MOST_REPORTS."""
    told = asked.parameters
    if told.get("round") != found.round.code:
        return set()
    described = {one.code: one for one in found.framework.indicators}
    level, code = told.get("level", ""), told.get("code", "")
    receipts = {
        one.receipt
        for one in found.given
        if _within(one.answer.unit, one.answer.indicator, described[one.answer.indicator].pillar, told, level, code)
    }
    return receipts if len(receipts) <= MOST_REPORTS else set()


def _within(unit: str, indicator: str, pillar: str, told: Mapping[str, str], level: str, code: str) -> bool:
    if level:
        return code == {"country": "", "pillar": pillar, "unit": unit, "indicator": indicator}[level]
    return (unit, indicator) == (told.get("unit"), told.get("indicator"))


def _count_from(wanted: Mapping[str, set[str]], actor: Actor, now: datetime) -> None:
    """Tie figures to the reports they are counted from now, and to no others."""
    reports.cite({one for receipts in wanted.values() for one in receipts}, actor, now)
    ties = {
        (figure, receipt): Tie(figure, receipt, COUNTED_FROM)
        for figure, receipts in wanted.items()
        for receipt in sorted(receipts)
    }
    tie(ties, COUNTED_FROM, list(wanted), actor, now)


def tie(ties: Mapping[tuple[str, str], Tie], type: str, children: Sequence[str], actor: Actor, now: datetime) -> None:
    """Make these links and cut the others of the same children; one with another claim is cut and made again."""
    there = Link.objects.filter(child__code__in=children, type=type).exclude(disposition=Disposition.CUT)
    for child, parent, claim in there.order_by("pk").values_list("child__code", "parent__code", "claim"):
        wanted = ties.get((child, parent))
        if wanted is None or wanted.claim != claim:
            evidence.cut(
                child=child, parent=parent, type=type, note=_("Drafted again without it."), actor=actor, now=now
            )
    if ties:
        evidence.link(ties=list(ties.values()), actor=actor, now=now)
