"""What a round finds and what is recommended for it: drafted by rules, owned by people.

What a statement rests on stands in the chain of evidence, under the code of the finding.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.assess.models.rounds import Round
from pasaj.core import findings as core
from pasaj.registry.models import Institution, localised


class Finding(models.Model):
    """One finding of a round. `rule` and `key` say which rule drafted it of what; a person's own has the rule "own".

    Once somebody edited or adopted it, drafting again leaves its words alone: what the rule says today stands in
    `proposed`, empty where it says the same, and `holds` tells whether it still finds it at all.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ADOPTED = "adopted"
        DISMISSED = "dismissed"  # with a reason
        SUPERSEDED = "superseded"  # nobody had touched it, and its rule finds it no more

    round = models.ForeignKey(Round, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=24, unique=True)  # A1-F01
    rule = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    statement = models.JSONField()  # text by language
    severity = models.PositiveSmallIntegerField()  # 1 to 4
    certainty = models.JSONField(default=dict)  # parts by name, each 0 to 1
    reach_part = models.FloatField()
    reach_whole = models.FloatField()
    reach_of = models.CharField(max_length=20)
    rights = models.BooleanField(default=False)
    rights_affected = models.CharField(max_length=400, blank=True)  # which ones, in a person's words
    subject = models.JSONField(default=dict)  # codes by what they are
    drafted = models.JSONField(default=dict)  # what the rule said when the finding last took it over
    proposed = models.JSONField(default=dict)
    holds = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    reason = models.TextField(blank=True)  # why it was dismissed
    edited = models.BooleanField(default=False)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    owner_id = models.BigIntegerField(null=True)  # no key: findings outlive accounts
    revision = models.PositiveIntegerField(default=1)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["round", "key"], name="assess_finding_once"),
            CheckConstraint(condition=Q(severity__gte=1, severity__lte=4), name="assess_finding_severity"),
            CheckConstraint(
                condition=Q(reach_part__gte=0, reach_whole__gt=0, reach_part__lte=F("reach_whole")),
                name="assess_finding_reach_is_a_share",
            ),
            CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""), name="assess_finding_dismissed_with_a_reason"
            ),
        ]
        indexes = [Index(fields=["round", "state"])]

    def __str__(self) -> str:
        return localised(self.statement) or self.code

    @property
    def reach(self) -> core.Reach:
        return core.Reach(self.reach_part, self.reach_whole, self.reach_of)

    @property
    def priority(self) -> core.Priority:
        """Severity, certainty and reach as numbers from 0 to 1."""
        return core.priority(self.severity, self.certainty, self.reach.share)

    @property
    def certainties(self) -> list[tuple[str, float]]:
        """The parts of its certainty in the order in which they are told: a JSON field keeps none."""
        return [(name, self.certainty[name]) for name in core.CERTAINTIES if name in self.certainty]

    @property
    def touched(self) -> bool:
        """Whether a person has made it theirs: then no rule changes its words."""
        return self.edited or self.state in (self.State.ADOPTED, self.State.DISMISSED)


class Recommendation(models.Model):
    """What should be done about findings, by whom, until when."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ADOPTED = "adopted"
        DROPPED = "dropped"

    class Horizon(models.TextChoices):
        SHORT = "short"
        MEDIUM = "medium"
        LONG = "long"

    class Effort(models.TextChoices):
        LOW = "low"
        MEDIUM = "medium"
        HIGH = "high"

    round = models.ForeignKey(Round, models.PROTECT, related_name="recommendations")
    code = models.CharField(max_length=24, unique=True)  # A1-R01
    text = models.JSONField()  # by language
    findings = models.ManyToManyField(Finding, related_name="recommendations")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")  # does it
    horizon = models.CharField(max_length=8, choices=Horizon)
    due_date = models.DateField()
    effort = models.CharField(max_length=8, choices=Effort)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    reason = models.TextField(blank=True)  # why it was dropped
    owner_id = models.BigIntegerField(null=True)  # who wrote it or adopted it last
    revision = models.PositiveIntegerField(default=1)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=~Q(state="adopted") | Q(institution__isnull=False),
                name="assess_recommendation_adopted_by_somebody",
            )
        ]
        indexes = [Index(fields=["round", "state"])]

    def __str__(self) -> str:
        return localised(self.text) or self.code


class Entry(models.Model):
    """What happened to a finding or a recommendation. Append-only (guarded by triggers)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=24)
    action = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    details: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [Index(fields=["code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.action}"


guard("assess_entry")
