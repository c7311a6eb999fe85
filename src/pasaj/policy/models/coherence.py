"""What an approver decided about the coherence of a policy: breaches that are waived, findings that are set aside."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from pasaj.policy.models.policies import Policy


class Decided(models.Model):
    """Who decided it, when and why; and who took it back."""

    reason = models.TextField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_label = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Waiver(Decided):
    """A breach of a coherence rule that is let pass. It holds for this fingerprint of the breach and no other."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=12)
    statement = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    values: Any = models.JSONField(default=dict, blank=True)  # what the message told, as text

    class Meta:
        constraints = [
            UniqueConstraint(fields=["policy", "fingerprint"], condition=Q(ended_at=None), name="policy_waiver_once"),
            CheckConstraint(condition=~Q(reason=""), name="policy_waiver_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.statement}"


class NotAddressed(Decided):
    """A grave finding, or a group of people, that a policy does not address, because …; signed by an approver."""

    class Kind(models.TextChoices):
        FINDING = "finding"
        GROUP = "group"

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="not_addressed")
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=240)  # the code of a finding, or the name of a group

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["policy", "kind", "subject"], condition=Q(ended_at=None), name="policy_not_addressed_once"
            ),
            CheckConstraint(condition=~Q(reason=""), name="policy_not_addressed_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.subject
