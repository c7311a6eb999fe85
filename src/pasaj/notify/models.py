"""Who is told on duty, what was sent, to whom, and what came back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.registry.models import Area, CrossingPoint, Institution, PackRow, localised

MAIL, SMS = "mail", "sms"  # the channels whose addresses are checked when somebody writes them down


class Severity(models.TextChoices):
    """The words of CAP, in small letters."""

    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"
    EXTREME = "extreme"


class Mode(models.TextChoices):
    """The status of CAP, in small letters: only `actual` reaches real recipients."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    SYSTEM = "system"
    TEST = "test"


class ContactRole(PackRow):
    """A role in which people are told or asked, as the pack names it."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    protection = models.BooleanField(default=False)  # of those who protect people: told first
    may_approve = models.BooleanField(default=False)  # may be asked to approve an alert
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return localised(self.names)


class Contact(models.Model):
    """Somebody who is told by office: one person or desk in one role. Never a traveller.

    `turn` orders deputies of the same institution, role and place: 1 is asked first.
    """

    code = models.CharField(max_length=20, unique=True)  # CT-2026-0001
    name = models.CharField(max_length=150)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="contacts")
    role = models.CharField(max_length=40)  # a code of the pack's contact roles
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="contacts")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="contacts")
    turn = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=8)
    least_severity = models.CharField(max_length=10, choices=Severity, default=Severity.MINOR)
    # Local hours in which the person may be told of anything; empty: at any time. Outside of them only messages of
    # at least `night_severity` go out at once, others wait until the hours begin.
    from_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    to_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    weekdays = models.JSONField(default=list, blank=True)  # 0 Monday ... 6 Sunday; empty: every day
    night_severity = models.CharField(max_length=10, choices=Severity, default=Severity.SEVERE)
    account_id = models.BigIntegerField(null=True, blank=True)  # who signs in, where it is somebody who does
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(from_hour__isnull=True, to_hour__isnull=True)
                | Q(from_hour__lte=23, to_hour__lte=24, from_hour__isnull=False, to_hour__isnull=False),
                name="notify_contact_hours_of_a_day",
            ),
        ]
        indexes = [Index(fields=["institution", "role"])]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """Where a contact is reached on one channel, in the order in which it is tried."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="addresses")
    channel = models.CharField(max_length=20)  # the folder's name under channels/
    value = models.CharField(max_length=254)
    order = models.PositiveSmallIntegerField(default=1)
    # Nobody real is reached there: a sink, a simulated number. Only such addresses are used in exercises and tests.
    exercise = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)  # unsubscribed, or found wrong
    stop_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["contact", "channel", "value"], name="notify_address_once")]
        indexes = [Index(fields=["channel", "value"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.value}"


class Shift(models.Model):
    """Somebody is on call in a role from one moment to another. `turn` 1 is called first, then the deputies.

    Who swaps ends a row's time or changes its contact; what was planned before stands in the log.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="shifts")
    role = models.CharField(max_length=40)
    start_at = models.DateTimeField()  # business clock
    end_at = models.DateTimeField()
    turn = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="notify_shift_ends_after"),
            UniqueConstraint(fields=["contact", "role", "start_at"], name="notify_shift_once"),
        ]
        indexes = [Index(fields=["role", "start_at"]), Index(fields=["end_at"])]

    def __str__(self) -> str:
        return f"{self.role} {self.contact_id} {self.start_at:%Y-%m-%d %H:%M}"


class Message(models.Model):
    """One thing to tell many people, in each language. Never changed once it stands."""

    code = models.CharField(max_length=20, unique=True)  # MS-2026-0001
    kind = models.CharField(max_length=20)  # alert, approval, escalation, task, sitrep, handover, reply
    ref = models.CharField(max_length=60, blank=True)  # the code of what it tells of
    mode = models.CharField(max_length=10, choices=Mode)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.MINOR)
    urgent = models.BooleanField(default=False)
    texts = models.JSONField()  # {"fr": {"subject":…, "body":…, "short":…}}
    attachments = models.JSONField(default=list, blank=True)  # [{"name", "media_type", "path"}] below $PASAJ_HOME/files
    acknowledge_due_at = models.DateTimeField(null=True, blank=True)  # business clock; later than that it escalates
    # An escalation, and what it was that nobody acknowledged.
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    created_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(acknowledge_due_at__isnull=True) | Q(acknowledge_due_at__gt=F("created_at")),
                name="notify_message_acknowledged_after",
            ),
            CheckConstraint(condition=Q(mode__in=("actual", "exercise", "system", "test")), name="notify_mode_known"),
        ]
        indexes = [Index(fields=["ref"])]

    def __str__(self) -> str:
        return self.code


class Delivery(models.Model):
    """One message to one address: the row of the outbox. The row is the job."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"  # handed to the gateway, which took it
        DELIVERED = "delivered"  # the gateway says that it arrived
        FAILED = "failed"  # given up; `problem` says why
        WITHHELD = "withheld"  # never sent: unsubscribed meanwhile, or a real address in an exercise
        CANCELLED = "cancelled"

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="deliveries")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    urgent = models.BooleanField(default=False)  # the message's: what is taken first
    due_at = models.DateTimeField()  # real clock: not before; the next attempt after a failure
    opens_at = models.DateTimeField(null=True, blank=True)  # business clock: when the contact's hours begin
    claimed_at = models.DateTimeField(null=True, blank=True)  # real clock
    claimed_by = models.CharField(max_length=120, blank=True)  # the journal of the sender that has it in hand
    # Real clock: its sender ended between handing it over and hearing the answer. Cleared by a receipt.
    presumed_at = models.DateTimeField(null=True, blank=True)
    gateway_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # business clock, like the two below
    delivered_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    # A link's secret is never stored: only its hash. A short word stands in the SMS that is answered by it.
    token_sha256 = models.CharField(max_length=64, blank=True)
    reply_word = models.CharField(max_length=8, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["message", "channel", "address"], name="notify_delivery_once"),
            UniqueConstraint(fields=["token_sha256"], condition=~Q(token_sha256=""), name="notify_token_once"),
        ]
        indexes = [
            Index(fields=["state", "-urgent", "due_at"], name="notify_delivery_due"),
            Index(fields=["presumed_at"], condition=Q(presumed_at__isnull=False), name="notify_delivery_presumed"),
            Index(fields=["channel", "address"], name="notify_delivery_address"),
            Index(fields=["channel", "gateway_id"], condition=~Q(gateway_id=""), name="notify_delivery_gateway"),
            Index(fields=["message", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel} {self.state}"


class DeliveryEvent(models.Model):
    """An attempt, a receipt, an acknowledgement. Append-only."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events")
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    kind = models.CharField(max_length=20)  # sent, refused, delivered, failed, acknowledged, escalated, withheld
    detail: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [Index(fields=["delivery", "kind"])]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.kind}"


class Inbound(models.Model):
    """A text that came in through a gateway. The row is the job: the app that understands it settles it."""

    class State(models.TextChoices):
        NEW = "new"
        SETTLED = "settled"
        UNKNOWN = "unknown"  # nobody of ours, or nothing understood

    channel = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    sender = models.CharField(max_length=60)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="inbound")
    text = models.TextField()
    received_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    meaning = models.CharField(max_length=20, blank=True)  # acknowledged, stopped, count, code
    ref = models.CharField(max_length=60, blank=True)  # what came of it
    problem = models.CharField(max_length=20, blank=True)  # a code of the catalogue

    class Meta:
        constraints = [UniqueConstraint(fields=["channel", "external_id"], name="notify_inbound_once")]
        indexes = [Index(fields=["state", "id"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id}"


guard("notify_message")
guard("notify_deliveryevent")
