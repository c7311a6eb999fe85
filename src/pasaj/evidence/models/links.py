"""What rests on what, and each time somebody looked at it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.evidence.models.nodes import Node


class Disposition(models.TextChoices):
    CONFIRMED = "confirmed"  # the statement stands
    ADJUSTED = "adjusted"  # the statement was changed for it
    NOT_APPLICABLE = "not_applicable"  # the change does not concern the statement
    CUT = "cut"  # the statement does not rest on it any more: the link counts for nothing


class Accepted(models.Model):
    """What somebody accepted: this parent for this child, as far as the claim."""

    accepted_fingerprint = models.CharField(max_length=64, blank=True)  # of the parent; empty: nobody has yet
    accepted_revision = models.PositiveIntegerField(default=0)
    child_fingerprint = models.CharField(max_length=64, blank=True)
    child_revision = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=240, blank=True)
    disposition = models.CharField(max_length=16, choices=Disposition, blank=True)

    class Meta:
        abstract = True


class Link(Accepted):
    """A child rests on a parent in one way. What was accepted is that of its newest review."""

    child = models.ForeignKey(Node, models.PROTECT, related_name="links_up")
    parent = models.ForeignKey(Node, models.PROTECT, related_name="links_down")
    type = models.CharField(max_length=40)
    reviews_made = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["child", "parent", "type"], name="evidence_link_once"),
            CheckConstraint(condition=~Q(child=F("parent")), name="evidence_link_joins_two"),
        ]
        indexes = [Index(fields=["parent"])]

    def __str__(self) -> str:
        return f"{self.child_id} {self.type} {self.parent_id}"


class Review(Accepted):
    """Who looked at a link, and what they said. Append-only (guarded by triggers); the newest counts."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    institutions = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["link", "number"], name="evidence_review_once"),
            CheckConstraint(condition=~Q(disposition=""), name="evidence_review_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.disposition}"


class Weighing(models.Model):
    """A recount weighed against the claim of a link: whether it left it true. Append-only (guarded by triggers)."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="weighings")
    revision = models.PositiveIntegerField()  # of the parent
    claim = models.CharField(max_length=240)
    held = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["link", "revision"], name="evidence_weighing_once")]

    def __str__(self) -> str:
        return f"{self.link_id} r{self.revision}: {self.held}"


guard("evidence_link", allow_update_when="TRUE")
guard("evidence_review")
guard("evidence_weighing")
