"""The statements of a policy, from the problem to the action. What each rests on stands in the chain of evidence.

The rows keep the same links as keys, so that lists and sums need not ask the chain for them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.policy.models.policies import Goal, Policy, Theme
from pasaj.registry.models import Area, Function, Institution, Instrument, localised


class Statement(models.Model):
    """What every statement has. `text` by language; a withdrawn one keeps its code and says why."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="%(class)ss")
    code = models.CharField(max_length=32, unique=True)
    text = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was withdrawn
    author_id = models.BigIntegerField(null=True)  # who wrote it last; no key: statements outlive accounts
    revision = models.PositiveIntegerField(default=1)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return localised(self.text) or self.code

    @property
    def short(self) -> str:
        """The code without the policy's: M4.2 of P1-M4.2."""
        return self.code.partition("-")[2]


class Problem(Statement):
    """What is wrong and for whom. It arises from findings."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="problems")
    findings = models.JSONField(default=list)  # codes of what it arises from, in the chain of evidence
    rights = models.JSONField(default=list)  # which rights are affected, in a person's words
    groups = models.JSONField(default=list)  # whom it affects


class Objective(Statement):
    """What shall be reached about problems."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="objectives")
    problems = models.ManyToManyField(Problem, related_name="objectives")
    goals = models.ManyToManyField(Goal, related_name="objectives", blank=True)


class Measure(Statement):
    """A policy measure: it serves objectives, has parts for institutions and a legal basis."""

    class Kind(models.TextChoices):
        PROTECTION = "protection"
        ENFORCEMENT = "enforcement"
        LEGAL = "legal"
        INSTITUTIONAL = "institutional"
        SERVICE = "service"
        INFORMATION = "information"

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=16, choices=Kind)
    objectives = models.ManyToManyField(Objective, related_name="measures")
    function = models.ForeignKey(Function, models.PROTECT, null=True, blank=True, related_name="+")
    territory = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")  # none: the country
    basis = models.ManyToManyField(Instrument, related_name="+", blank=True)
    safeguards = models.ManyToManyField("self", symmetrical=False, related_name="safeguarded", blank=True)
    option = models.CharField(max_length=32, blank=True)  # the code of the option it was chosen as


class MeasurePart(models.Model):
    """An institution's part in a measure."""

    class Part(models.TextChoices):
        LEAD = "lead"
        SUPPORT = "support"
        CONSULTED = "consulted"
        INFORMED = "informed"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="institutions")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part)

    class Meta:
        constraints = [UniqueConstraint(fields=["measure", "institution"], name="policy_part_once")]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.institution_id} {self.part}"


class Action(Statement):
    """What is done for a measure: by whom, from when to when, with what to show for it."""

    class State(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        DONE = "done"
        DROPPED = "dropped"

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="actions")
    owner = models.ForeignKey(Institution, models.PROTECT, related_name="policy_actions")
    first_date = models.DateField()
    last_date = models.DateField()
    deliverable = models.JSONField(default=dict)
    needs = models.ManyToManyField("self", symmetrical=False, related_name="needed_by", blank=True)
    recommendations = models.JSONField(default=list)  # codes of assessments that it follows up
    adopts = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="+")
    personal_data = models.BooleanField(default=False)
    assessment = models.CharField(max_length=240, blank=True)  # the data-protection assessment, when it needs one
    shares_data = models.BooleanField(default=False)
    agreement = models.CharField(max_length=40, blank=True)  # the code of the sharing agreement
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    done_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="policy_action_ends_after_it_begins"),
            CheckConstraint(
                condition=~Q(state="done") | Q(done_date__isnull=False), name="policy_action_done_on_a_day"
            ),
        ]
        indexes = [Index(fields=["owner", "last_date"])]


class Progress(models.Model):
    """What an owner says of an action: append-only."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="progress")
    state = models.CharField(max_length=8, choices=Action.State)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.action_id} {self.state}"


guard("policy_progress")
