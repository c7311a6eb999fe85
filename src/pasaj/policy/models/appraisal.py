"""A question for an objective, the options that answer it, and how they are judged."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.policy.models.statements import Objective, Statement


class Appraisal(Statement):
    """What is asked (`text`), with what is known of the weights and how many draws are made, and what was decided."""

    class Weights(models.TextChoices):
        UNKNOWN = "unknown"
        ORDER = "order"
        BOUNDS = "bounds"
        STATED = "stated"

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="appraisals")
    weights_known = models.CharField(max_length=8, choices=Weights, default=Weights.UNKNOWN)
    # By criterion. order: {code: tier from 1}; bounds: {code: [low, high]} in percent; stated: {code: weight}.
    weights: Any = models.JSONField(default=dict, blank=True)
    draws = models.PositiveIntegerField(default=10_000)
    seed = models.PositiveIntegerField(default=1)
    floor = models.FloatField(default=0.5)  # chosen and first in a smaller share of the draws: a reason is demanded
    chosen = models.ForeignKey("Option", models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.TextField(blank=True)  # the reason in writing
    contested = models.BooleanField(default=False)  # something stood against it when it was decided
    against: Any = models.JSONField(default=list, blank=True)  # what that was
    first_share = models.FloatField(null=True, blank=True)  # of the chosen option when it was decided
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(floor__gte=0, floor__lte=1), name="policy_appraisal_floor_is_a_share"),
            CheckConstraint(condition=Q(draws__gte=100, draws__lte=1_000_000), name="policy_appraisal_draws"),
            CheckConstraint(
                condition=Q(chosen__isnull=True, decided_at__isnull=True)
                | Q(chosen__isnull=False, decided_at__isnull=False),
                name="policy_appraisal_chosen_at_a_moment",
            ),
            CheckConstraint(
                condition=Q(contested=False) | ~Q(decision=""), name="policy_appraisal_contested_with_a_reason"
            ),
        ]


class Option(Statement):
    """One way to reach the objective. One of each question is to change nothing."""

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="options")
    status_quo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["appraisal"], condition=Q(status_quo=True), name="policy_option_status_quo_once"),
            CheckConstraint(
                condition=Q(status_quo=False) | Q(withdrawn_at__isnull=True), name="policy_option_status_quo_stays"
            ),
        ]

    @property
    def letter(self) -> str:
        return self.code.rpartition("-")[2]


class Criterion(models.Model):
    """What the options of one question are judged by.

    scale: the words of a built-in scale; or "figure", with `points`: [[figure, value], …] in `unit`, two of them for a
    straight line between a worst (0) and a best (1).
    """

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=16)
    names = models.JSONField(default=dict, blank=True)  # of those that are not of the standard set
    scale = models.CharField(max_length=12)
    points: Any = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["appraisal", "code"], name="policy_criterion_once"),
            UniqueConstraint(fields=["appraisal", "number"], name="policy_criterion_number_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Judgement(models.Model):
    """What is held of one option on one criterion; the newest revision counts. Append-only.

    word: of the scale, or one that leaves it open; value, low, high, sigma: figures in the unit of the criterion.
    """

    class Certainty(models.TextChoices):
        HIGH = "high"
        MODERATE = "moderate"
        LOW = "low"
        VERY_LOW = "very_low"

    option = models.ForeignKey(Option, models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="judgements")
    revision = models.PositiveIntegerField(default=1)
    word = models.CharField(max_length=24, blank=True)
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    sigma = models.FloatField(null=True, blank=True)
    certainty = models.CharField(max_length=8, choices=Certainty, blank=True)
    evidence: Any = models.JSONField(default=list, blank=True)  # codes of the chain of evidence
    note = models.TextField(blank=True)
    dissent = models.TextField(blank=True)  # who sees it otherwise, and how
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["option", "criterion", "revision"], name="policy_judgement_revision_once"),
            CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lte=F("high")),
                name="policy_judgement_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option_id} {self.criterion_id} {self.revision}"


guard("policy_judgement")
