"""Alerts of other services: where they are fetched, and what came."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.watch.models import Signal


class Feed(models.Model):
    """A source that is asked again and again. Times are real: the network knows no business clock."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    url = models.URLField(max_length=500)
    pinned = models.JSONField(default=list)  # SHA-256 fingerprints of certificates, 64 digits each
    minutes = models.PositiveSmallIntegerField(default=10)
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=60, blank=True)  # Last-Modified as it was said
    next_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # the last good answer
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    problem = models.JSONField(null=True, blank=True)  # what core.problems wrote; empty: all is well
    stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="respond_feed_minutes"),
        ]
        indexes = [Index(fields=["next_at"], condition=Q(stopped_at__isnull=True), name="respond_feed_due")]

    def __str__(self) -> str:
        return self.code


class ExternalAlert(models.Model):
    """One message as it came, readable or not. Never changed (guarded); the same bytes are kept once a source."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="alerts")
    address = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    xml = models.TextField(blank=True)  # empty where it is larger than a message may be, or no text
    sender = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, blank=True)
    type = models.CharField(max_length=8, blank=True)
    content = models.JSONField(default=dict)  # what people read of it: services.external.told
    trusted = models.BooleanField(default=False)  # signed with a pinned certificate
    problems = models.JSONField(default=list)  # what core.problems wrote
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock

    class Meta:
        constraints = [
            UniqueConstraint(fields=["feed", "sha256"], name="respond_external_once"),
        ]
        indexes = [Index(fields=["sender", "identifier"]), Index(fields=["feed", "-id"])]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.identifier}"


guard("respond_externalalert")
