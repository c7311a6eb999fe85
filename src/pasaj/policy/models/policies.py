"""A policy, its themes, and what it is measured against."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.registry.models import Institution, PackRow, localised


class Policy(models.Model):
    """One policy and the period it is for. Its statements hang on it; what was published stands in its versions."""

    class State(models.TextChoices):
        DRAFT = "draft"
        CONSULTATION = "consultation"
        VALIDATED = "validated"
        ADOPTED = "adopted"
        IN_FORCE = "in_force"
        SUPERSEDED = "superseded"

    code = models.CharField(max_length=12, unique=True)  # P1
    names = models.JSONField()  # text by language
    goals_text = models.JSONField(default=dict)  # what it is for, by language
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="policies")  # answers for it
    languages = models.JSONField()  # codes; the first is the source language
    first_date = models.DateField()
    last_date = models.DateField()
    currency = models.CharField(max_length=3)  # ISO 4217
    minimum_certainty = models.FloatField(default=0.0)  # of findings that problems rest on, 0 to 1
    tlp = models.CharField(max_length=12, default="AMBER")  # of the draft; published versions are CLEAR
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(last_date__gt=F("first_date")), name="policy_ends_after_it_begins"),
            CheckConstraint(
                condition=Q(minimum_certainty__gte=0, minimum_certainty__lte=1), name="policy_certainty_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return localised(self.names) or self.code

    @property
    def source_language(self) -> str:
        return str(self.languages[0])


class Theme(models.Model):
    """A sector of a policy; its number is the first of the codes under it."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="themes")
    number = models.PositiveSmallIntegerField()
    names = models.JSONField()
    goal = models.CharField(max_length=40, blank=True)  # a code of the alignment list: a sector of an earlier policy

    class Meta:
        constraints = [UniqueConstraint(fields=["policy", "number"], name="policy_theme_once")]

    def __str__(self) -> str:
        return localised(self.names) or str(self.number)


class Goal(PackRow):
    """Something a policy is aligned with: an objective of a compact, a convention, a sector of the country."""

    class Relevance(models.TextChoices):
        CORE = "core"
        RELATED = "related"
        COUNTRY = "country"
        OTHER = "other"

    code = models.CharField(max_length=40, unique=True)
    framework = models.CharField(max_length=240)
    names = models.JSONField()
    relevance = models.CharField(max_length=8, choices=Relevance)

    def __str__(self) -> str:
        return localised(self.names) or self.code


class Entry(models.Model):
    """What happened to a policy or to one of its statements. Append-only (guarded by triggers)."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=40)
    action = models.CharField(max_length=24)
    note = models.TextField(blank=True)
    details: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [Index(fields=["code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.action}"


guard("policy_entry")
