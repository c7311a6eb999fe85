"""Counts as they were reported, and the files they came in."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import CheckConstraint, Exists, F, Index, OuterRef, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.watch.models.measures import Series, Source
from pasaj.watch.models.tombstones import emptied


class Work(models.Model):
    """A piece of long work that survives its worker: the row is the job, a queue entry only a wake-up."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    code = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField()
    requested_by_id = models.BigIntegerField(null=True)
    requested_by = models.CharField(max_length=200, blank=True)
    # Real time, not the business clock: they tell whether a worker is alive.
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class Import(Work):
    """One file of observations. Its rows are visible when `applied_at` is set, and not before."""

    origin = models.CharField(max_length=12, default="import")  # import, pack, demo
    filename = models.CharField(max_length=300)
    path = models.CharField(max_length=400, blank=True)  # below $PASAJ_HOME/files
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="imports")
    dry_run = models.BooleanField(default=False)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    refused_path = models.CharField(max_length=400, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible(self) -> ObservationQuerySet:
        return self.filter(Q(batch__isnull=True) | Q(batch__applied_at__isnull=False))

    def known_at(self, moment: datetime) -> ObservationQuerySet:
        """The latest revision of each figure among those known at `moment`."""
        newer = Observation.objects.visible().filter(
            series=OuterRef("series"),
            period_start=OuterRef("period_start"),
            period_end=OuterRef("period_end"),
            revision__gt=OuterRef("revision"),
            reported_at__lte=moment,
        )
        return self.visible().filter(~Exists(newer), reported_at__lte=moment)

    def current(self) -> ObservationQuerySet:
        newer = Observation.objects.visible().filter(
            series=OuterRef("series"),
            period_start=OuterRef("period_start"),
            period_end=OuterRef("period_end"),
            revision__gt=OuterRef("revision"),
        )
        return self.visible().filter(~Exists(newer))


class Observation(models.Model):
    """One reported figure. Append-only: a correction is a new revision (guarded by triggers)."""

    class State(models.TextChoices):
        REPORTED = "reported"  # a value, which may be zero: a zero report
        NOT_APPLICABLE = "na"  # the place does not have this measure in this period
        WITHDRAWN = "withdrawn"  # a revision that takes a figure back: not reported any more

    series = models.ForeignKey(Series, models.PROTECT, related_name="observations")
    period_start = models.DateField()
    period_end = models.DateField()  # inclusive
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    quality = models.CharField(max_length=12, default="exact")
    citation = models.TextField(blank=True)  # where a published figure was printed
    note = models.TextField(blank=True)
    origin = models.CharField(max_length=12)  # entry, paste, import, pack, demo, form, sms
    ref = models.CharField(max_length=240, blank=True)  # where it comes from: a receipt and the place in its answers
    reported_at = models.DateTimeField()  # when we learnt it (business clock)
    recorded_at = models.DateTimeField()  # when the row was written (real clock)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(Import, models.PROTECT, null=True, blank=True, related_name="observations")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["series", "period_start", "period_end", "revision"], name="watch_observation_once"
            ),
            CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="watch_observation_not_negative"),
            CheckConstraint(
                condition=Q(state="reported", value__isnull=False) | (~Q(state="reported") & Q(value__isnull=True)),
                name="watch_observation_value_if_reported",
            ),
            CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="watch_observation_period_runs"),
        ]
        indexes = [
            Index(fields=["period_start"]),
            Index(fields=["batch"]),
            Index(fields=["ref"], condition=~Q(ref=""), name="watch_observation_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period_start} r{self.revision}"


# Rows of an import that never became visible are swept; nothing else ever goes. A note goes where two people had the
# report removed that it came from.
guard(
    "watch_observation",
    allow_update_when=emptied("observation", Observation, "note"),
    allow_delete_when="OLD.batch_id IS NOT NULL AND EXISTS"
    " (SELECT 1 FROM watch_import WHERE id = OLD.batch_id AND applied_at IS NULL)",
)
# Once its figures are visible an import stays as it is: taking the moment back would hide them, and let them go.
guard("watch_import", allow_update_when="OLD.applied_at IS NULL", allow_delete_when="OLD.applied_at IS NULL")
