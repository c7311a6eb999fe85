"""Frameworks and their versions. A version that was published stays as it is, for ever (guarded by triggers)."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.core import framework as core
from pasaj.registry.models import localised


class Framework(models.Model):
    """What an assessment asks, known by one code; its versions come and stay."""

    code = models.CharField(max_length=40, unique=True)
    origin = models.CharField(max_length=12)  # pack, upload
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)  # the pack no longer holds it


class FrameworkVersion(models.Model):
    """One version with everything it says. A draft may change; what is published does not."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    names = models.JSONField()  # title by language
    pillars = models.PositiveSmallIntegerField()
    indicators = models.PositiveSmallIntegerField()
    content = models.JSONField()  # core.framework.plain
    fingerprint = models.CharField(max_length=64)  # of all it says
    normative = models.CharField(max_length=64)  # of what decides scores
    origin = models.CharField(max_length=12)  # pack, upload
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["framework", "version"], name="assess_framework_version_once"),
            CheckConstraint(
                condition=Q(state="draft", published_at=None) | Q(state="published", published_at__isnull=False),
                name="assess_framework_published_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return localised(self.names) or self.framework.code

    @cached_property
    def framework_said(self) -> core.Framework:
        """The framework as plain values."""
        return core.of(self.content)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


guard("assess_frameworkversion", allow_update_when="OLD.state = 'draft'", allow_delete_when="OLD.state = 'draft'")
