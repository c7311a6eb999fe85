"""Scenarios that the pack has, and the drills that were played. What happens in a drill stays in a home of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from pasaj.access.models import guard
from pasaj.registry.models import PackRow, localised


class DrillScenario(PackRow):
    """A crisis of the past, as the pack has it now."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    summaries = models.JSONField()
    plan = models.CharField(max_length=40)  # the contingency plan it puts to the test
    content = models.JSONField()  # core.drill.plain
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return localised(self.names)

    @property
    def summary(self) -> str:
        """What is played, in the reader's language."""
        return localised(self.summaries)


class Drill(models.Model):
    """One drill, as it went: kept for ever (guarded), so that the next one can be compared with it."""

    code = models.CharField(max_length=20, unique=True)  # DL-2026-0001
    scenario = models.CharField(max_length=40)
    names = models.JSONField()
    fingerprint = models.CharField(max_length=64)  # of the scenario
    plan = models.CharField(max_length=40)
    plan_version = models.CharField(max_length=40)
    plan_fingerprint = models.CharField(max_length=64)
    version = models.CharField(max_length=20)  # of Pasaj
    played_at = models.DateTimeField()  # business clock of this home
    recorded_at = models.DateTimeField()  # real clock
    seconds = models.FloatField()  # of machine time
    days = models.PositiveSmallIntegerField()  # simulated
    promised = models.JSONField()  # hours by step
    took = models.JSONField()  # hours by step, None where it never came to it
    report = models.JSONField()  # moments, timeline, counts: site.drills
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(seconds__gte=0), name="respond_drill_took_time")]
        indexes = [Index(F("scenario"), F("recorded_at").desc(), name="respond_drill_before")]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The name of its scenario, in the reader's language."""
        return localised(self.names)


guard("respond_drill")
