"""Situation reports: what was known at a stated moment, what people made of it, and who let it go."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from pasaj.access.models import guard
from pasaj.notify.models import Mode


class Sitrep(models.Model):
    """One situation report. It speaks of `period_start` to `period_end` as the figures were known at `as_of_at`.

    Its facts are read again while it is a draft, frozen when it is submitted, and never change once it is approved:
    what was wrong is said in a later one that `corrects` it.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"  # waits for a second person
        APPROVED = "approved"
        SENT = "sent"
        DISCARDED = "discarded"

    code = models.CharField(max_length=20, unique=True)  # SR-2026-0001
    number = models.PositiveIntegerField(unique=True)  # as people count them, whatever the year
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ACTUAL)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    as_of_at = models.DateTimeField()  # business clock: later knowledge is not in it
    period_start = models.DateField()
    period_end = models.DateField()  # the last whole day before `as_of_at`
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="following")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    correction = models.TextField(blank=True)  # what was wrong
    # By language and part (core.sitrep.PARTS): {"fr": {"headline": …, "situation": …}}
    texts = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)  # of the same shape: drafted, carried or edited
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    facts_at = models.DateTimeField()  # business clock: when they were read
    fingerprint = models.CharField(max_length=64, blank=True)  # of facts and texts as they were submitted
    simulated = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)  # goes up with each change
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approver_id = models.BigIntegerField(null=True)
    approver_label = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=20, blank=True)  # the code of what went out
    created_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="respond_sitrep_period_runs"),
            CheckConstraint(
                condition=Q(approver_id__isnull=True) | Q(author_id__isnull=True) | ~Q(approver_id=F("author_id")),
                name="respond_sitrep_second_person",
            ),
            CheckConstraint(
                condition=~Q(state__in=("approved", "sent"))
                | Q(approved_at__isnull=False, submitted_at__isnull=False) & ~Q(fingerprint=""),
                name="respond_sitrep_approved_is_whole",
            ),
            CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False) & ~Q(message=""),
                name="respond_sitrep_sent_is_whole",
            ),
            CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction=""), name="respond_sitrep_correction_said"
            ),
        ]
        indexes = [Index(fields=["state", "-as_of_at"])]

    def __str__(self) -> str:
        return self.code


class SitrepEvent(models.Model):
    """Who did what with a situation report. Append-only."""

    sitrep = models.ForeignKey(Sitrep, models.PROTECT, related_name="events")
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(
        max_length=20
    )  # drafted, edited, refreshed, submitted, returned, approved, sent, discarded
    note = models.TextField(blank=True)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.sitrep_id} {self.action}"


def _unchanged(*but: str) -> str:
    """SQL: nothing of a row moves except these fields."""
    kept = [one.column for one in Sitrep._meta.concrete_fields if one.name not in but]
    same = [f'(NEW."{name}" = OLD."{name}" OR NEW."{name}" IS NULL AND OLD."{name}" IS NULL)' for name in kept]
    return " AND ".join(same)


guard(
    "respond_sitrep",
    allow_update_when="OLD.state IN ('draft', 'submitted') OR (OLD.state = 'approved' AND NEW.state = 'sent' AND "
    + _unchanged("state", "sent_at", "message", "revision")
    + ")",
    allow_delete_when="FALSE",
)
guard("respond_sitrepevent")
