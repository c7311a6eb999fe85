"""What the detectors said, and what was done about it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.registry.models import Area, CrossingPoint
from pasaj.watch.models.figures import Work
from pasaj.watch.models.measures import Measure, Series


class DetectionRun(Work):
    as_of = models.DateTimeField()  # only what was known then is looked at
    from_date = models.DateField()
    to_date = models.DateField()
    measure = models.CharField(max_length=40, blank=True)
    methods = models.JSONField(default=list)
    versions = models.JSONField(default=dict)
    series_seen = models.PositiveIntegerField(default=0)
    signals_new = models.PositiveIntegerField(default=0)
    signals_known = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)  # reason -> number of series-periods without an answer
    # Only series with figures that this earlier run did not know; empty: all of them.
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    settings = models.JSONField(default=dict)  # of the home and its measures, as they were: what a replay needs
    chosen = models.JSONField(default=dict)  # method that answered -> number of series-periods
    withheld = models.PositiveIntegerField(default=0)  # alarms that may be chance among so many series
    digest = models.CharField(max_length=64, blank=True)  # of every answer, bit for bit


class Answer(models.Model):
    """The latest answer of the detectors for one period of a series: what was usual, and by which method.

    Made again from the figures by any run that looks at the period; signals are what is kept.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="answers")
    period_start = models.DateField()
    period_end = models.DateField()
    method = models.CharField(max_length=40, blank=True)  # empty: no method had an answer
    choice = models.CharField(max_length=12)  # why this method: code of core/chooser
    reason = models.CharField(max_length=12, blank=True)  # why there is no answer
    expected = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    p_value = models.FloatField(null=True)
    attainable = models.JSONField(null=True)  # five numbers: what the p-value could have been (core/attained); or any
    alarm = models.BooleanField(default=False)
    finding = models.JSONField(null=True)  # what a signal would say: of alarms, and of signals known before
    # Where more reports may come: what the figure will be then, and which count an alarm rests on (core/late).
    estimate = models.FloatField(null=True)
    estimate_low = models.FloatField(null=True)
    estimate_high = models.FloatField(null=True)
    rests_on = models.CharField(max_length=10, blank=True)
    run = models.ForeignKey(DetectionRun, models.CASCADE, related_name="answers")

    class Meta:
        constraints = [UniqueConstraint(fields=["series", "period_start"], name="watch_answer_once")]
        indexes = [
            Index(fields=["period_end"]),
            Index(fields=["series"], condition=Q(estimate__isnull=False), name="watch_answer_estimated"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period_start}"


class Backtest(Work):
    """What the detectors would have done on one's own series, with made-up shocks put in; `result` has the lines."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="backtests")
    cadence = models.CharField(max_length=8)
    evaluated = models.PositiveIntegerField()  # periods at the end that are judged
    as_of = models.DateTimeField()  # only what was known then is looked at
    series_seen = models.PositiveIntegerField(default=0)
    versions = models.JSONField(default=dict)


class Episode(models.Model):
    """Signals of one series and direction that follow one another: one thing that happens, with its end."""

    code = models.CharField(max_length=20, unique=True)
    series = models.ForeignKey(Series, models.PROTECT, related_name="episodes")
    direction = models.CharField(max_length=4)
    start_date = models.DateField()
    end_date = models.DateField()  # of its last unusual period so far
    peak_date = models.DateField()
    peak = models.FloatField()
    expected = models.FloatField(null=True)  # at the peak
    periods = models.PositiveIntegerField()  # unusual ones
    running = models.BooleanField()
    severity = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [Index(fields=["series", "start_date"]), Index(fields=["running"])]

    def __str__(self) -> str:
        return self.code


class Level(models.Model):
    """Since when a series lies on another level, as the latest run found (core/shift); without a change no row."""

    series = models.OneToOneField(Series, models.CASCADE, related_name="level")
    since_date = models.DateField()  # first day of the first period on the new level
    first_date = models.DateField()  # of what was looked at
    last_date = models.DateField()  # inclusive
    old = models.FloatField()  # counts a period, of an average weekday
    new = models.FloatField()
    p_value = models.FloatField()
    before = models.PositiveIntegerField()  # reported periods on either side
    after = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    run = models.ForeignKey(DetectionRun, models.PROTECT, related_name="levels")

    def __str__(self) -> str:
        return f"{self.series_id} {self.since_date}"


class Cluster(models.Model):
    """Neighbouring places whose counts of one measure rise together (core/groups); their unusual signals belong to it.

    Made again by any run that looks at its last period; it keeps its code as long as it overlaps in places and time.
    """

    code = models.CharField(max_length=20, unique=True)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="clusters")
    direction = models.CharField(max_length=4)  # of the series: in, out, none
    category = models.CharField(max_length=40)
    cadence = models.CharField(max_length=8)
    level = models.CharField(max_length=8)  # of the places: crossing, or the level of their areas
    start_date = models.DateField()
    end_date = models.DateField()  # inclusive
    observed = models.FloatField()  # people counted, all places and periods together
    expected = models.FloatField()
    p_value = models.FloatField()
    likelihood = models.FloatField()  # log of its ratio: of groups that overlap, the greatest stands
    places = models.JSONField(default=list)  # [{"place", "series", "observed", "expected"}]
    as_of = models.DateTimeField()
    run = models.ForeignKey(DetectionRun, models.PROTECT, related_name="clusters")

    class Meta:
        indexes = [Index(fields=["measure", "end_date"])]

    def __str__(self) -> str:
        return self.code


class Signal(models.Model):
    """A detector's output, or what came from outside of the counts. Its state changes only with an event beside it."""

    class State(models.TextChoices):
        NEW = "new"
        ACKNOWLEDGED = "acknowledged"
        VERIFIED = "verified"
        DISCARDED = "discarded"

    class Kind(models.TextChoices):
        UNUSUAL = "unusual"
        SILENCE = "silence"
        CONFLICT = "conflict"
        CAPACITY = "capacity"
        SHIFT = "shift"  # another level for weeks, of which no unusual count tells
        REVISION = "revision"
        EVENT = "event"  # confirmed by the duty room: no count, no run
        EXTERNAL = "external"  # an alert of somebody else: no count, no run

    code = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=300, unique=True)  # what makes a second run find the same signal
    kind = models.CharField(max_length=12, choices=Kind)
    method = models.CharField(max_length=40)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="signals")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="signals")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="signals")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, blank=True, related_name="signals")
    direction = models.CharField(max_length=4)  # up, down, none
    period_start = models.DateField()
    period_end = models.DateField()
    observed = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    p_value = models.FloatField(null=True)
    protection = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict)
    details = models.JSONField(default=dict)  # the inputs: baseline values, sources that disagree, days missed
    inputs_as_of = models.DateTimeField()
    run = models.ForeignKey(DetectionRun, models.PROTECT, null=True, blank=True, related_name="signals")
    episode = models.ForeignKey(Episode, models.SET_NULL, null=True, blank=True, related_name="signals")
    cluster = models.ForeignKey(Cluster, models.SET_NULL, null=True, blank=True, related_name="signals")
    severity = models.PositiveSmallIntegerField(default=0)  # core/severity; 0: not judged
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    state_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(run__isnull=False) | Q(kind__in=("event", "external")), name="watch_signal_found_by_a_run"
            ),
        ]
        indexes = [Index(fields=["state", "period_end"]), Index(fields=["period_end"])]

    def __str__(self) -> str:
        return self.code


class SignalEvent(models.Model):
    """Who did what with a signal. Append-only (guarded by triggers)."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=20)  # found, acknowledged, verified, discarded, reopened, noted, recomputed
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.signal_id} {self.action}"


guard("watch_signalevent")
