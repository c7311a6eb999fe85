"""Incidents, sea events, the status of crossings, and calls to silent posts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Exists, F, Index, OuterRef, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.registry.models import Area, CrossingPoint, Institution, PackRow, Post, localised
from pasaj.watch.models.tombstones import emptied


class IncidentType(PackRow):
    """A sort of incident of the pack; one whose domain is the sea is a sea event."""

    class Domain(models.TextChoices):
        LAND = "land"
        SEA = "sea"
        ANY = "any"

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    definitions = models.JSONField(default=dict, blank=True)
    domain = models.CharField(max_length=4, choices=Domain)
    quantities = models.JSONField(default=list, blank=True)  # [{"what":…, "units":[…]}]
    corridor = models.BooleanField(default=False)  # the countries of the way may be named
    protection = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return localised(self.names)


class Revised(models.QuerySet[Any]):
    """Rows that are revised under one code; the highest revision stands."""

    def current(self) -> Revised:
        return self.filter(~Exists(self._newer()), withdrawn=False)

    def known_at(self, moment: datetime) -> Revised:
        """What stood at `moment`: the latest revision among those known by then."""
        return self.filter(~Exists(self._newer(reported_at__lte=moment)), withdrawn=False, reported_at__lte=moment)

    def _newer(self, **known: Any) -> Any:
        rows = self.model._default_manager
        return rows.filter(code=OuterRef("code"), revision__gt=OuterRef("revision"), **known)


class Reported(models.Model):
    """What a revised report carries. Append-only: a correction, or taking back, is a new revision."""

    code = models.CharField(max_length=20)  # shared by its revisions
    ref = models.CharField(max_length=200, blank=True)  # what makes a second delivery find the same report
    revision = models.PositiveIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)  # for the cell alone
    origin = models.CharField(max_length=12)  # entry, collect, pack, demo
    reported_at = models.DateTimeField()  # business clock
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} r{self.revision}"


class Incident(Reported):
    """Something that happened, with its place, period and quantities. It never holds a person.

    At an unofficial crossing the place is the commune.
    """

    type = models.ForeignKey(IncidentType, models.PROTECT, related_name="incidents")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="incidents")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="incidents")
    period_start = models.DateField()
    period_end = models.DateField()  # inclusive
    detecting = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="incidents")
    hours_to_referral = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    corridor = models.CharField(max_length=40, blank=True)  # countries: BR>CO>PA

    objects = Revised.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["code", "revision"], name="watch_incident_once"),
            UniqueConstraint(fields=["ref", "revision"], condition=~Q(ref=""), name="watch_incident_ref_once"),
            CheckConstraint(
                condition=Q(crossing__isnull=False, area__isnull=True) | Q(crossing__isnull=True, area__isnull=False),
                name="watch_incident_one_place",
            ),
            CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="watch_incident_period_runs"),
            CheckConstraint(
                condition=Q(hours_to_referral__isnull=True) | Q(hours_to_referral__gte=0),
                name="watch_incident_referral_not_before",
            ),
        ]
        indexes = [Index(fields=["period_end"]), Index(fields=["crossing"]), Index(fields=["area"])]

    @property
    def place(self) -> CrossingPoint | Area:
        place = self.crossing or self.area
        assert place is not None
        return place


class IncidentQuantity(models.Model):
    """One number of one revision of an incident: what, how much, in which unit."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="quantities")
    what = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=20)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["incident", "what"], name="watch_incident_quantity_once"),
            CheckConstraint(condition=Q(value__gte=0), name="watch_incident_quantity_not_negative"),
            CheckConstraint(condition=~Q(unit=""), name="watch_incident_quantity_has_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.value} {self.unit}"


class CrossingStatus(Reported):
    """A report on one side of a crossing, from a day on. The state of a day is asked of `queries.status`."""

    class Side(models.TextChoices):
        OWN = "own"
        OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open"
        PARTLY = "partly"
        CLOSED = "closed"
        NO_CONTROL = "no_control"  # not under state control

    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, related_name="statuses")
    side = models.CharField(max_length=8, choices=Side)
    state = models.CharField(max_length=12, choices=State)
    period_start = models.DateField()
    period_end = models.DateField(null=True, blank=True)  # inclusive; empty: until further notice
    cause = models.CharField(max_length=300, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    verify = models.TextField(blank=True)

    objects = Revised.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["code", "revision"], name="watch_status_once"),
            UniqueConstraint(fields=["ref", "revision"], condition=~Q(ref=""), name="watch_status_ref_once"),
            CheckConstraint(condition=Q(side__in=("own", "other")), name="watch_status_side_known"),
            CheckConstraint(
                condition=Q(state__in=("open", "partly", "closed", "no_control")), name="watch_status_state_known"
            ),
            CheckConstraint(
                condition=Q(period_end__isnull=True) | Q(period_end__gte=F("period_start")),
                name="watch_status_period_runs",
            ),
        ]
        indexes = [Index(fields=["crossing", "side", "period_start"])]


class SilenceCall(models.Model):
    """A call made to a silent post: why it is silent, and what came of the call. Append-only."""

    class Cause(models.TextChoices):
        UNKNOWN = "unknown"
        NO_NETWORK = "no_network"
        NO_POWER = "no_power"
        CLOSED = "closed"
        ABSENT = "absent"  # nobody at the post to report
        WORKLOAD = "workload"
        REFUSED = "refused"
        OTHER = "other"

    class Outcome(models.TextChoices):
        WILL_REPORT = "will_report"  # reached, and will report
        REPORTED = "reported"  # reached, and reported by telephone
        NOT_REACHED = "not_reached"
        WRONG_NUMBER = "wrong_number"

    post = models.ForeignKey(Post, models.PROTECT, related_name="calls")
    cause = models.CharField(max_length=12, choices=Cause)
    outcome = models.CharField(max_length=12, choices=Outcome)
    called_at = models.DateTimeField()  # business clock
    note = models.TextField(blank=True)  # for the cell alone
    origin = models.CharField(max_length=12)
    recorded_at = models.DateTimeField()  # real clock
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(outcome__in=("will_report", "reported", "not_reached", "wrong_number")),
                name="watch_call_outcome_known",
            ),
            CheckConstraint(condition=~Q(cause=""), name="watch_call_has_a_cause"),
        ]
        indexes = [Index(fields=["post", "called_at"])]

    def __str__(self) -> str:
        return f"{self.post_id} {self.called_at:%Y-%m-%d %H:%M}"


guard("watch_incident", allow_update_when=emptied("incident", Incident, "source", "note"))
guard("watch_incidentquantity")
guard(
    "watch_crossingstatus",
    allow_update_when=emptied("status", CrossingStatus, "cause", "hours", "source", "note"),
)
guard("watch_silencecall")
