"""How a policy is followed: indicators of actions and objectives, and what was observed of them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.policy.models.statements import Action, Objective, Statement


class Indicator(Statement):
    """Measures an action or an objective, never both."""

    class Direction(models.TextChoices):
        UP = "up"
        DOWN = "down"
        HOLD = "hold"

    class Origin(models.TextChoices):
        PASAJ = "pasaj"
        EXTERNAL = "external"

    action = models.ForeignKey(Action, models.PROTECT, null=True, blank=True, related_name="indicators")
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="indicators")
    definition = models.JSONField(default=dict)
    unit = models.CharField(max_length=60)
    direction = models.CharField(max_length=4, choices=Direction)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_date = models.DateField(null=True, blank=True)
    baseline_source = models.CharField(max_length=240, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    target_date = models.DateField(null=True, blank=True)
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, blank=True)
    source_name = models.CharField(max_length=240, blank=True)
    figure = models.CharField(max_length=40, blank=True)  # the code of a figure in the chain of evidence
    denominator = models.CharField(max_length=240, blank=True)
    personal_data = models.BooleanField(default=False)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(action__isnull=True, objective__isnull=False)
                | Q(action__isnull=False, objective__isnull=True),
                name="policy_indicator_measures_one_thing",
            )
        ]

    @property
    def measured(self) -> str:
        """The code of what it measures."""
        found = self.action or self.objective
        assert found
        return found.code


class Reading(models.Model):
    """One observation of an indicator. A correction is a new revision; the newest counts. Append-only."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings")
    code = models.CharField(max_length=48)  # P1-I4-2026-06-30: the same for its revisions
    period_end = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=240)
    reported_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["indicator", "period_end", "revision"], name="policy_reading_revision_once")
        ]

    def __str__(self) -> str:
        return self.code


guard("policy_reading")
