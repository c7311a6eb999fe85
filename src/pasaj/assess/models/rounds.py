"""A round of an assessment: what is looked at, by whom, and the answers that came in.

The answers themselves stand in the outcomes of submissions; an `AnswerSheet` says that one of them counts here. So an
edited, a set-aside or a redacted report needs no second bookkeeping: what the outcome says is what there is.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from pasaj.access.models import guard
from pasaj.assess.models.frameworks import FrameworkVersion
from pasaj.collect.models import AppUser, FormUpload, Outcome
from pasaj.registry.models import CrossingPoint, Institution


class Sort(models.TextChoices):
    """What one answer speaks of."""

    COUNTRY = "country"
    INSTITUTION = "institution"
    CROSSING_POINT = "crossing_point"


class FormSort(models.TextChoices):
    """What one form of a round asks about."""

    COUNTRY = "country"
    INSTITUTION = "institution"
    CROSSING_POINT = "crossing_point"
    EXCHANGE = "exchange"  # institutions say whom they tell what
    MANDATES = "mandates"  # and which role they have in what


class Round(models.Model):
    """One run of a framework. A version of a framework that a round uses never changes."""

    class State(models.TextChoices):
        DRAFT = "draft"  # its scope can change, nothing is asked yet
        OPEN = "open"  # its forms are published
        CLOSED = "closed"  # no answer counts any more that comes from now on

    code = models.CharField(max_length=20, unique=True)  # A1, A2, …
    title = models.CharField(max_length=200)
    framework = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    period_start = models.DateField()
    period_end = models.DateField()
    pictures = models.BooleanField(default=False)  # of things, where a question may take one
    mapping = models.BooleanField(default=False)  # institutions are asked whom they tell what, and their roles
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="assess_round_ends_after_its_start")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class RoundUnit(models.Model):
    """The country, an institution or a crossing point that a round looks at."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="units")
    sort = models.CharField(max_length=16, choices=Sort)
    code = models.CharField(max_length=40)
    assessed = models.BooleanField(default=True)  # False: an institution that only speaks for itself (mapping)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    crossing = models.ForeignKey(CrossingPoint, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["round", "code"], name="assess_unit_once"),
            CheckConstraint(
                condition=Q(sort=Sort.COUNTRY, institution=None, crossing=None)
                | Q(sort=Sort.INSTITUTION, institution__isnull=False, crossing=None)
                | Q(sort=Sort.CROSSING_POINT, institution=None, crossing__isnull=False),
                name="assess_unit_is_one_thing",
            ),
            CheckConstraint(
                condition=Q(assessed=True) | Q(sort=Sort.INSTITUTION), name="assess_unit_speaks_for_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Assessor(models.Model):
    """Who answers: known by the key of a phone or by an account. The code stands for the person everywhere."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="assessors")
    code = models.CharField(max_length=30)  # A1-E2
    app_user = models.ForeignKey(AppUser, models.PROTECT, null=True, blank=True, related_name="+")
    account_id = models.BigIntegerField(null=True)  # no key: answers outlive accounts
    everywhere = models.BooleanField(default=True)  # False: only the units of its assignments

    class Meta:
        constraints = [
            UniqueConstraint(fields=["round", "code"], name="assess_assessor_once"),
            UniqueConstraint(fields=["round", "app_user"], name="assess_key_once_a_round"),
            UniqueConstraint(fields=["round", "account_id"], name="assess_account_once_a_round"),
            CheckConstraint(
                condition=Q(app_user__isnull=True, account_id__isnull=False)
                | Q(app_user__isnull=False, account_id__isnull=True),
                name="assess_assessor_by_key_or_account",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Assignment(models.Model):
    """An assessor bound to units looks at these."""

    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(RoundUnit, models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [UniqueConstraint(fields=["assessor", "unit"], name="assess_assignment_once")]

    def __str__(self) -> str:
        return f"{self.assessor_id} {self.unit_id}"


class RoundForm(models.Model):
    """The form of a round for one sort of unit, or one in which its institutions speak for themselves.

    Its versions follow what the round looks at.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="forms")
    sort = models.CharField(max_length=16, choices=FormSort)
    name = models.CharField(max_length=100)  # its form_id
    number = models.PositiveIntegerField()  # of the version handed in last
    fingerprint = models.CharField(max_length=64)  # of the questionnaire without its version
    upload = models.ForeignKey(FormUpload, models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["round", "sort"], name="assess_form_once")]

    def __str__(self) -> str:
        return self.name


class AnswerSheet(models.Model):
    """An outcome that counts as answers of an assessor about a unit. Its outcome says what they are."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="sheets")
    assessor = models.ForeignKey(Assessor, models.PROTECT, related_name="sheets")
    outcome = models.OneToOneField(Outcome, models.PROTECT, related_name="answer_sheet")
    assessed_date = models.DateField()
    received_at = models.DateTimeField()  # of the submission, business clock

    class Meta:
        indexes = [Index(fields=["round", "assessed_date"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.assessor_id} {self.assessed_date}"


class Settlement(models.Model):
    """What somebody decided where assessors differ. Append-only; the newest counts, a lifted one opens it again."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="settlements")
    unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="settlements")
    indicator = models.CharField(max_length=40)
    value = models.CharField(max_length=16)  # a point, not_observed, not_applicable; empty: lifted
    reason = models.TextField()
    answers = models.JSONField()  # assessor -> what was answered when it was settled
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [Index(fields=["round", "unit", "indicator"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.indicator}: {self.value}"


guard("assess_settlement")
