"""Who may send: a key for each person or device, and the devices that were seen with it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from pasaj.collect.models.forms import Form
from pasaj.registry.models import CrossingPoint, Institution


class AppUser(models.Model):
    """One key, given as a QR code. Only its hash is kept. All times are of the real clock."""

    code = models.CharField(max_length=20, unique=True)  # AU-2026-0001
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=8, blank=True)  # empty: the pack's default
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="app_users")
    testing = models.BooleanField(default=False)  # is offered drafts too
    token_sha256 = models.CharField(max_length=64, unique=True)
    token_hint = models.CharField(max_length=8)  # the first signs: enough to recognise it, too little to use it
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="collect_key_lives_for_a_while")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def is_valid(self, real_now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > real_now


class AppUserRight(models.Model):
    """What an app user may send: a form (None: every form) for a crossing (None: any place)."""

    app_user = models.ForeignKey(AppUser, models.CASCADE, related_name="rights")
    form = models.ForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="+")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["app_user", "form", "crossing"], name="collect_right_once"),
        ]

    def __str__(self) -> str:
        return f"{self.app_user_id}: {self.form_id or '*'} {self.crossing_id or '*'}"


class Device(models.Model):
    """A device seen with a key. The first is taken; what another one sends waits until the cell confirms it."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed"
        WAITING = "waiting"
        REFUSED = "refused"

    app_user = models.ForeignKey(AppUser, models.PROTECT, related_name="devices")
    device_id = models.CharField(max_length=250)  # as the app states it: collect:…
    state = models.CharField(max_length=12, choices=State)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["app_user", "device_id"], name="collect_device_once")]

    def __str__(self) -> str:
        return self.device_id
