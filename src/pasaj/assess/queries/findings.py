"""Questions about findings and recommendations: which there are, what comes first, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.assess.models import Entry, Finding, Recommendation, Round

OPEN = (Finding.State.DRAFT, Finding.State.ADOPTED)


@dataclass(frozen=True, slots=True)
class Priority:
    """A finding with its three factors, each 0 to 1, and their product."""

    finding: Finding
    severity: float
    certainty: float
    reach: float

    @property
    def product(self) -> float:
        return self.severity * self.certainty * self.reach


def findings(actor: Actor, row: Round) -> QuerySet[Finding]:
    """The findings of a round that the actor may see, in the order of their codes."""
    return visible(Finding.objects.filter(round=row), actor).select_related("institution", "round").order_by("pk")


def recommendations(actor: Actor, row: Round) -> QuerySet[Recommendation]:
    """The recommendations of a round that the actor may see, with their findings, in the order of their codes."""
    found = visible(Recommendation.objects.filter(round=row), actor).select_related("institution", "round")
    return found.prefetch_related("findings").order_by("pk")


def priorities(actor: Actor, row: Round) -> list[Priority]:
    """Findings that are drafted or adopted, what is grave, sure and wide first; equal ones by code."""
    found = [_priority(one) for one in findings(actor, row).filter(state__in=OPEN)]
    return sorted(found, key=lambda one: (-round(one.product, 9), one.finding.pk))


def _priority(row: Finding) -> Priority:
    factors = row.priority
    return Priority(row, factors.severity, factors.certainty, factors.reach)


def history(code: str) -> QuerySet[Entry]:
    """What happened to a finding or a recommendation, the newest first."""
    return Entry.objects.filter(code=code).order_by("-pk")
