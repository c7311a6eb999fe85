"""The duty room: its timed log, handovers, events and rumours from any source, who does what where."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.registry.models import Area, CrossingPoint, Function, Institution
from pasaj.watch.models import Signal


class LogEntry(models.Model):
    """One line of the log of the duty room (main courante). Append-only: a later entry corrects an earlier one."""

    class Kind(models.TextChoices):
        CALL_IN = "call_in"
        CALL_OUT = "call_out"
        RADIO = "radio"
        MESSAGE = "message"
        VISIT = "visit"
        DECISION = "decision"
        NOTE = "note"

    code = models.CharField(max_length=20, unique=True)  # LG-2026-0001
    at = models.DateTimeField()  # business clock: when it happened
    written_at = models.DateTimeField()  # business clock: when it was written down
    recorded_at = models.DateTimeField()  # real clock
    kind = models.CharField(max_length=8, choices=Kind)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="+")
    contact_role = models.CharField(max_length=40, blank=True)  # an office, a code of the pack's contact roles
    text = models.TextField()
    ref = models.CharField(max_length=60, blank=True)  # the code of what it is about
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    origin = models.CharField(max_length=12, default="entry")  # entry, demo
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(text=""), name="respond_log_says_something"),
            CheckConstraint(condition=Q(at__lte=F("written_at")), name="respond_log_happened_before"),
        ]
        indexes = [Index(fields=["-at"]), Index(fields=["ref"], condition=~Q(ref=""), name="respond_log_ref")]

    def __str__(self) -> str:
        return self.code


class Handover(models.Model):
    """A shift passed from one person to another, with what was open. Frozen once accepted (guarded)."""

    code = models.CharField(max_length=20, unique=True)  # HO-2026-0001
    started_at = models.DateTimeField()  # of the shift that ends
    ended_at = models.DateTimeField()
    outgoing_id = models.BigIntegerField()
    outgoing_label = models.CharField(max_length=200)
    incoming_id = models.BigIntegerField(null=True)
    incoming_label = models.CharField(max_length=200, blank=True)
    # [{"kind", "code", "state", "place", "since", "count", "text"}]: what was open when it was prepared
    snapshot = models.JSONField(default=list)
    note = models.TextField(blank=True)
    prepared_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=12, default="entry")

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="respond_handover_shift_runs"),
            CheckConstraint(
                condition=Q(accepted_at__isnull=True, incoming_id__isnull=True)
                | Q(accepted_at__isnull=False, incoming_id__isnull=False),
                name="respond_handover_accepted_by_one",
            ),
            CheckConstraint(
                condition=Q(incoming_id__isnull=True) | ~Q(incoming_id=F("outgoing_id")),
                name="respond_handover_of_two",
            ),
            CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("prepared_at")),
                name="respond_handover_accepted_after",
            ),
        ]
        indexes = [Index(fields=["-ended_at"])]

    def __str__(self) -> str:
        return self.code


class Event(models.Model):
    """Something that somebody says happened, from any source, true or not, and what its verification found."""

    class Source(models.TextChoices):
        RADIO = "radio"
        SOCIAL = "social"
        PARTNER = "partner"
        CITIZEN = "citizen"
        PRESS = "press"
        NEIGHBOUR = "neighbour"  # an authority of the other side
        OFFICIAL = "official"

    class Hazard(models.TextChoices):
        """The categories of CAP 1.2, in small letters."""

        GEO = "geo"
        MET = "met"
        SAFETY = "safety"
        SECURITY = "security"
        RESCUE = "rescue"
        FIRE = "fire"
        HEALTH = "health"
        ENV = "env"
        TRANSPORT = "transport"
        INFRA = "infra"
        OTHER = "other"

    class State(models.TextChoices):
        REPORTED = "reported"
        VERIFYING = "verifying"
        CONFIRMED = "confirmed"
        REFUTED = "refuted"
        UNVERIFIABLE = "unverifiable"

    code = models.CharField(max_length=20, unique=True)  # EV-2026-0001
    reported_at = models.DateTimeField()  # business clock: when we learnt of it
    recorded_at = models.DateTimeField()  # real clock
    source = models.CharField(max_length=10, choices=Source)
    source_note = models.CharField(max_length=200, blank=True)  # which radio, which office: never a person
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    # At an unofficial crossing the commune is kept, not the crossing.
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    what = models.TextField()
    hazard = models.CharField(max_length=10, choices=Hazard)
    people_low = models.PositiveIntegerField(null=True, blank=True)  # possibly concerned, not verified
    people_high = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    state_at = models.DateTimeField()
    outcome = models.TextField(blank=True)  # what the verification found: for the cell
    answer = models.TextField(blank=True)  # what may be said to the public of it
    log_entry = models.ForeignKey(LogEntry, models.PROTECT, null=True, blank=True, related_name="events")
    signal = models.OneToOneField(Signal, models.PROTECT, null=True, blank=True, related_name="event")
    origin = models.CharField(max_length=12, default="entry")  # entry, api, demo
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(crossing__isnull=False, area__isnull=True) | Q(crossing__isnull=True, area__isnull=False),
                name="respond_event_one_place",
            ),
            CheckConstraint(condition=~Q(what=""), name="respond_event_says_what"),
            CheckConstraint(
                condition=Q(people_low__isnull=True, people_high__isnull=True)
                | Q(people_low__isnull=False, people_high__isnull=False, people_high__gte=F("people_low")),
                name="respond_event_range",
            ),
            CheckConstraint(
                condition=Q(state__in=("reported", "verifying")) | ~Q(outcome=""), name="respond_event_outcome_said"
            ),
        ]
        indexes = [Index(fields=["state", "-reported_at"])]

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> CrossingPoint | Area:
        place = self.crossing or self.area
        assert place is not None
        return place


class EventStep(models.Model):
    """One step of verifying an event: who was asked, how, and what the answer was. Append-only."""

    class How(models.TextChoices):
        PHONE = "phone"
        RADIO = "radio"
        MESSAGE = "message"
        VISIT = "visit"
        DOCUMENT = "document"
        NONE = "none"  # a step of ours: reported, settled

    event = models.ForeignKey(Event, models.PROTECT, related_name="steps")
    at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    action = models.CharField(max_length=12)  # reported, asked, confirmed, refuted, unverifiable, reopened, raised
    asked = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    asked_role = models.CharField(max_length=40, blank=True)
    how = models.CharField(max_length=10, choices=How, default=How.NONE)
    answer = models.TextField(blank=True)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [Index(fields=["event", "at"])]

    def __str__(self) -> str:
        return f"{self.event_id} {self.action}"


class Presence(models.Model):
    """Who does what where: an institution's activity at a place, from when to when."""

    code = models.CharField(max_length=20, unique=True)  # PW-2026-0001
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="presences")
    function = models.ForeignKey(Function, models.PROTECT, related_name="presences")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="presences")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="presences")
    presence_start = models.DateField()
    presence_end = models.DateField(null=True, blank=True)  # inclusive; empty: until further notice
    capacity_note = models.CharField(max_length=300, blank=True)
    source_note = models.CharField(max_length=300)
    verify = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=12, default="entry")
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(crossing__isnull=False, area__isnull=True) | Q(crossing__isnull=True, area__isnull=False),
                name="respond_presence_one_place",
            ),
            CheckConstraint(
                condition=Q(presence_end__isnull=True) | Q(presence_end__gte=F("presence_start")),
                name="respond_presence_runs",
            ),
            CheckConstraint(condition=~Q(source_note=""), name="respond_presence_sourced"),
            UniqueConstraint(
                fields=["institution", "function", "crossing", "presence_start"],
                condition=Q(withdrawn_at__isnull=True, crossing__isnull=False),
                name="respond_presence_once_crossing",
            ),
            UniqueConstraint(
                fields=["institution", "function", "area", "presence_start"],
                condition=Q(withdrawn_at__isnull=True, area__isnull=False),
                name="respond_presence_once_area",
            ),
        ]
        indexes = [Index(fields=["institution", "presence_start"])]

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> CrossingPoint | Area:
        place = self.crossing or self.area
        assert place is not None
        return place


guard("respond_logentry")
guard("respond_eventstep")
guard("respond_handover", allow_update_when="OLD.accepted_at IS NULL")
