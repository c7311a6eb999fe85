"""Alerts, the CAP messages they consist of, and who approved them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.core.alerts import Settings, Template, settings_of, template_of
from pasaj.notify.models import Contact, Mode, Severity
from pasaj.registry.models import CrossingPoint, Institution, PackRow, localised


class HazardTemplate(PackRow):
    """A danger to people that alerts are written of, as the pack has it now."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    content = models.JSONField()  # core.alerts.plain

    def __str__(self) -> str:
        return localised(self.names)

    @property
    def said(self) -> Template:
        """The template as plain values."""
        return template_of(self.content)


class AlertSettings(PackRow):
    """How alerts are approved and sent in this country. One row, or none: then everything is as usual."""

    code = models.CharField(max_length=20, unique=True)  # always "alerts"
    content = models.JSONField()  # core.alerts.plain

    def __str__(self) -> str:
        return self.code

    @property
    def said(self) -> Settings:
        """The settings as plain values."""
        return settings_of(self.content)


class Alert(models.Model):
    """One danger to people from its first draft to its end: a row of messages under one code."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"  # waits for approval
        PUBLISHED = "published"
        EXPIRED = "expired"
        CANCELLED = "cancelled"
        ENDED = "ended"  # all clear
        DISCARDED = "discarded"  # never published

    code = models.CharField(max_length=20, unique=True)  # AL-2026-0001
    hazard = models.CharField(max_length=40)  # the code of its template in the pack
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ACTUAL)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    plan = models.CharField(max_length=40, blank=True)  # code of the contingency plan that it proposes to activate
    # A crisis measure has an end, whatever the alert's own expiry: after it the alert is all clear or published anew.
    ends_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [Index(fields=["state", "-created_at"])]

    def __str__(self) -> str:
        return self.code


class AlertMessage(models.Model):
    """One CAP message of an alert: the first, an update, a cancellation. Frozen once published (guarded)."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        PUBLISHED = "published"
        DISCARDED = "discarded"

    class Type(models.TextChoices):
        ALERT = "Alert"
        UPDATE = "Update"
        CANCEL = "Cancel"

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="messages")
    number = models.PositiveSmallIntegerField()
    identifier = models.CharField(max_length=60, unique=True)  # AL-2026-0001-1: stable from the first draft on
    sender = models.CharField(max_length=120)
    type = models.CharField(max_length=8, choices=Type)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    scope = models.CharField(max_length=12)  # Public, Restricted, Private
    restriction = models.CharField(max_length=300, blank=True)
    category = models.JSONField(default=list)  # of CAP: ["Safety"]
    response_types = models.JSONField(default=list)
    urgency = models.CharField(max_length=12)
    severity = models.CharField(max_length=10, choices=Severity)
    certainty = models.CharField(max_length=12)
    # By language: {"event", "headline", "description", "protection", "instruction", "audience", "short"}
    texts = models.JSONField(default=dict)
    # [{"names": {lang: …}, "codes": [areas], "crossings": […], "polygon": [[lat, lon], …]}]
    areas = models.JSONField(default=list)
    recipients = models.JSONField(default=dict)  # {"institutions": […], "roles": […], "crossings": […]}
    web = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    onset_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    references = models.JSONField(default=list)  # [[sender, identifier, sent as it was written]]
    sent_at = models.DateTimeField(null=True, blank=True)  # business clock; CAP's `sent`
    unratified = models.BooleanField(default=False)  # the six-hour notice that went out because nobody answered
    ratifies = models.BooleanField(default=False)  # such a notice went out of it; once approved it replaces the notice
    note = models.TextField(blank=True)
    xml = models.TextField(blank=True)  # signed, as it went out
    sha256 = models.CharField(max_length=64, blank=True)
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_real_at = models.DateTimeField(null=True, blank=True)  # real clock

    class Meta:
        constraints = [
            UniqueConstraint(fields=["alert", "number"], name="respond_message_once"),
            CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(expires_at__gt=F("sent_at")), name="respond_message_expires_after"
            ),
            CheckConstraint(
                condition=Q(onset_at__isnull=True) | Q(expires_at__gt=F("onset_at")),
                name="respond_message_onset_before_expiry",
            ),
            CheckConstraint(
                condition=~Q(state="published")
                | Q(sent_at__isnull=False, published_real_at__isnull=False) & ~Q(xml=""),
                name="respond_message_published_is_whole",
            ),
            CheckConstraint(
                condition=~Q(scope="Restricted") | ~Q(restriction=""), name="respond_message_restriction_said"
            ),
            CheckConstraint(
                condition=Q(type="Alert") | ~Q(number=1) | Q(ratifies=True), name="respond_message_first_is_an_alert"
            ),
        ]
        indexes = [Index(fields=["state", "expires_at"])]

    def __str__(self) -> str:
        return self.identifier


class AlertOrigin(models.Model):
    """What an alert came from: signals, incidents, events of the duty room, external alerts; none: by hand."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=12)  # signal, incident, event, external
    code = models.CharField(max_length=60)

    class Meta:
        constraints = [UniqueConstraint(fields=["alert", "kind", "code"], name="respond_origin_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind} {self.code}"


class Approval(models.Model):
    """One person's yes or no to one message as it stood. Append-only."""

    message = models.ForeignKey(AlertMessage, models.PROTECT, related_name="approvals")
    actor_id = models.BigIntegerField()
    actor_label = models.CharField(max_length=200)
    author_id = models.BigIntegerField(null=True)  # of the message: never the one who decides
    decision = models.CharField(max_length=8)  # yes, no
    by = models.CharField(max_length=8)  # page, code
    content_sha256 = models.CharField(max_length=64)  # what was approved: an edit afterwards asks again
    note = models.TextField(blank=True)
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock

    class Meta:
        constraints = [
            UniqueConstraint(fields=["message", "actor_id", "content_sha256"], name="respond_approval_once"),
            CheckConstraint(condition=Q(decision__in=("yes", "no")), name="respond_approval_yes_or_no"),
            CheckConstraint(
                condition=Q(author_id__isnull=True) | ~Q(actor_id=F("author_id")), name="respond_approval_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.decision}"


class ApprovalRequest(models.Model):
    """One approver or deputy who was asked, with a one-time code sent to the registered number."""

    message = models.ForeignKey(AlertMessage, models.PROTECT, related_name="requests")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="approval_requests")
    turn = models.PositiveSmallIntegerField()
    salt = models.CharField(max_length=32, blank=True)
    code_sha256 = models.CharField(max_length=64, blank=True)  # salted; the code itself is never stored here
    asked_at = models.DateTimeField()  # business clock
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes; five close the request

    class Meta:
        constraints = [UniqueConstraint(fields=["message", "contact", "asked_at"], name="respond_request_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.turn}"


class AlertEvent(models.Model):
    """Who did what with an alert. Append-only."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="events")
    message = models.ForeignKey(AlertMessage, models.PROTECT, null=True, blank=True, related_name="events")
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    # drafted, changed, submitted, approved, refused, asked, unratified, published, updated, cancelled, expired, ended
    action = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.action}"


class AlertReach(models.Model):
    """Whom a published message was addressed to: an institution, or those who lead the post of a crossing."""

    message = models.ForeignKey(AlertMessage, models.PROTECT, related_name="reach")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(institution__isnull=True) ^ Q(crossing__isnull=True), name="respond_reach_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.institution_id or self.crossing_id}"


guard("respond_alertmessage", allow_update_when="OLD.state <> 'published'", allow_delete_when="FALSE")
guard("respond_approval")
guard("respond_alertevent")
