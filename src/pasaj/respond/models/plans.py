"""Contingency plans of the pack, their activations, and the tasks, requests and decisions of one."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.notify.models import Mode
from pasaj.registry.models import Institution, PackRow, localised
from pasaj.respond.models.alerts import Alert


class Plan(PackRow):
    """A contingency plan as the pack has it now. An activation keeps the plan as it stood when it began."""

    code = models.CharField(max_length=40, unique=True)
    version = models.CharField(max_length=40)
    names = models.JSONField()
    content = models.JSONField()  # core.plans.plain
    fingerprint = models.CharField(max_length=64)
    review_date = models.DateField()

    def __str__(self) -> str:
        return localised(self.names)


class Activation(models.Model):
    """A plan at work: its tasks run until it is stood down and what was learnt is written down."""

    class State(models.TextChoices):
        ACTIVE = "active"
        STOOD_DOWN = "stood_down"  # the review after it is still to be written
        CLOSED = "closed"

    code = models.CharField(max_length=20, unique=True)  # AC-2026-0001
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="activations")
    content = models.JSONField()  # the plan as it stood
    fingerprint = models.CharField(max_length=64)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="activations")
    level = models.CharField(max_length=40)  # a code of the plan's levels
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ACTUAL)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    reason = models.TextField(blank=True)
    review = models.TextField(blank=True)  # what happened, in the words of those who were there
    started_at = models.DateTimeField()  # business clock
    ends_date = models.DateField()  # every crisis measure ends; prolonging it is a decision with a reason
    end_told_at = models.DateTimeField(null=True, blank=True)  # the cell was told that it is past its end
    stood_down_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["plan", "alert"], condition=Q(state="active"), name="respond_activation_once"),
        ]
        indexes = [Index(fields=["state", "-started_at"])]

    def __str__(self) -> str:
        return self.code


class Task(models.Model):
    """One action of an activated plan: who does it, by when. Every change leaves a TaskEvent."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for prerequisites, or for a protection institution to acknowledge
        OPEN = "open"
        DONE = "done"
        BLOCKED = "blocked"
        DROPPED = "dropped"  # at stand-down, or by decision

    code = models.CharField(max_length=40, unique=True)  # AC-2026-0001-T03
    activation = models.ForeignKey(Activation, models.PROTECT, related_name="tasks")
    action = models.CharField(max_length=40)  # the code of the action in the plan
    names = models.JSONField()
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="tasks")
    protection = models.BooleanField(default=False)
    enforcement = models.BooleanField(default=False)
    after = models.JSONField(default=list)  # codes of actions that come first
    opens_at = models.DateTimeField(null=True, blank=True)  # when it became open; business clock
    due_at = models.DateTimeField()  # business clock
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    state_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)  # the institution has seen it
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalation = models.PositiveSmallIntegerField(default=0)  # who was told that it is overdue: 1 its own, 2 the cell
    reason = models.TextField(blank=True)  # why it is blocked, dropped, or with somebody else
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["activation", "action"], name="respond_task_once"),
            CheckConstraint(condition=~Q(state__in=("blocked", "dropped")) | ~Q(reason=""), name="respond_task_reason"),
        ]
        indexes = [Index(fields=["state", "due_at"]), Index(fields=["institution", "state"])]

    def __str__(self) -> str:
        return self.code


class TaskEvent(models.Model):
    """Who did what with a task. Append-only."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=20)  # made, opened, acknowledged, done, blocked, unblocked, reassigned, noted…
    note = models.TextField(blank=True)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.task_id} {self.action}"


class ResourceRequest(models.Model):
    """What one institution asks of another during an activation."""

    class State(models.TextChoices):
        ASKED = "asked"
        PROMISED = "promised"
        REFUSED = "refused"
        DELIVERED = "delivered"
        WITHDRAWN = "withdrawn"

    code = models.CharField(max_length=20, unique=True)  # RR-2026-0001
    activation = models.ForeignKey(Activation, models.PROTECT, related_name="requests")
    asking = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    asked = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=40)
    delivered = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    needed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    state_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(quantity__gt=0), name="respond_request_of_something"),
            CheckConstraint(condition=~Q(asking=F("asked")), name="respond_request_of_another"),
        ]

    def __str__(self) -> str:
        return self.code


class RequestEvent(models.Model):
    """Who said what of a request. Append-only."""

    request = models.ForeignKey(ResourceRequest, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=20)  # asked, promised, refused, delivered, withdrawn
    note = models.TextField(blank=True)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.request_id} {self.action}"


class Decision(models.Model):
    """What was decided during an activation, by whom and why. Append-only."""

    code = models.CharField(max_length=20, unique=True)  # DN-2026-0001
    activation = models.ForeignKey(Activation, models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=12, default="decided")  # activated, level, prolonged, stood_down, closed
    text = models.TextField(blank=True)  # in words, where the kind does not say it all
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)
    reason = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.code


class Lesson(models.Model):
    """What the review after an activation found; one that is adopted becomes a finding of a round."""

    activation = models.ForeignKey(Activation, models.PROTECT, related_name="lessons")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    measured = models.JSONField(default=dict, blank=True)  # e.g. {"promised_hours": 4, "took_hours": 9.5}
    function = models.CharField(max_length=40, blank=True)  # a code of functions
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.CharField(max_length=40, blank=True)  # A1-F07, once it is one
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["activation", "order"], name="respond_lesson_once")]

    def __str__(self) -> str:
        return f"{self.activation_id} {self.order}"


guard("respond_taskevent")
guard("respond_requestevent")
guard("respond_decision")
