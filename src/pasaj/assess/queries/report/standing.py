"""Findings and recommendations as a report takes them, with what they rest on and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Finding, Recommendation, Round
from pasaj.assess.queries import findings as queries
from pasaj.core.evidence import Standing
from pasaj.evidence.models import Link
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.queries import trace
from pasaj.evidence.queries.trace import Blocker

RESTS_ON = "rests-on"


@dataclass(frozen=True, slots=True)
class Standings:
    """What a report says was found. findings: what comes first stands first; drafts: how many are not adopted.

    rests: codes that a finding rests on. worth: the state in the chain of evidence, by code.
    """

    findings: tuple[queries.Priority, ...]
    recommendations: tuple[Recommendation, ...]
    drafts: int
    rests: Mapping[str, tuple[str, ...]]
    worth: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against publishing a finding or recommendation. `waivable`: a printed reason lets it pass."""

    code: str
    blockers: tuple[Blocker, ...]

    @property
    def waivable(self) -> bool:
        return all(one.waivable for one in self.blockers)


def standings(row: Round) -> Standings:
    """The adopted findings and recommendations of a round. The report of a round is the same whoever reads it."""
    every = queries.priorities(SYSTEM, row)
    adopted = tuple(one for one in every if one.finding.state == Finding.State.ADOPTED)
    asked = queries.recommendations(SYSTEM, row).filter(state=Recommendation.State.ADOPTED)
    recommended = tuple(asked)
    codes = [one.finding.code for one in adopted]
    return Standings(
        findings=adopted,
        recommendations=recommended,
        drafts=len(every) - len(adopted),
        rests=_rests(codes),
        worth=trace.states_of([*codes, *(one.code for one in recommended)]),
    )


def _rests(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    links = Link.objects.filter(child__code__in=list(codes)).exclude(disposition=Disposition.CUT)
    for child, parent in links.order_by("pk").values_list("child__code", "parent__code"):
        found[child] = (*found.get(child, ()), parent)
    return found


def against(row: Round) -> list[Against]:
    """The adopted findings and recommendations of a round that cannot simply be published, by code.

    Of a recommendation only what it rests on itself: what lies above is told of its findings.
    """
    adopted = Finding.objects.filter(round=row, state=Finding.State.ADOPTED).order_by("pk")
    found = [Against(code, trace.blockers(code)) for code in adopted.values_list("code", flat=True)]
    asked = Recommendation.objects.filter(round=row, state=Recommendation.State.ADOPTED).order_by("pk")
    found += [
        Against(code, tuple(one for one in trace.blockers(code) if one.level == 0))
        for code in asked.values_list("code", flat=True)
    ]
    return [one for one in found if one.blockers]


def decided(row: Round) -> dict[str, str]:
    """What was decided on findings and recommendations: state and revision by code; drafts are not decided."""
    found: dict[str, str] = {}
    for rows in (Finding.objects, Recommendation.objects):
        kept = rows.filter(round=row).exclude(state="draft").order_by("pk")
        found.update(
            {code: f"{state}:{revision}" for code, state, revision in kept.values_list("code", "state", "revision")}
        )
    return found


def worth(codes: Iterable[str]) -> dict[str, str]:
    """The state of each of these in the chain of evidence, in a word."""
    wanted = list(codes)
    found = trace.states_of(wanted)
    return {code: str(found[code].state) for code in wanted if code in found}
