"""What actions cost, who stands for it, and the rates and prices it is reckoned with. Money is exact."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from pasaj.policy.models.policies import Policy
from pasaj.policy.models.statements import Action
from pasaj.registry.models import PackRow, localised


def exact() -> models.DecimalField[Decimal, Decimal]:
    """Money and quantities: 14 digits and 4 decimals."""
    return models.DecimalField(max_digits=18, decimal_places=4)


class CostLine(models.Model):
    """quantity x unit cost x periods, in one currency and one year."""

    class Kind(models.TextChoices):
        CAPITAL = "capital"
        RECURRENT = "recurrent"

    action = models.ForeignKey(Action, models.PROTECT, related_name="costs")
    code = models.CharField(max_length=40, unique=True)  # P1-A4.2.1-L1
    label = models.CharField(max_length=240)
    kind = models.CharField(max_length=10, choices=Kind)
    quantity = exact()
    unit = models.CharField(max_length=60)
    unit_cost = exact()
    periods = exact()
    currency = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=40, blank=True)  # of the price list
    justification = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(quantity__gte=0, unit_cost__gte=0, periods__gte=0), name="policy_cost_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Commitment(models.Model):
    """Money for an action that a funder stands for."""

    class State(models.TextChoices):
        PLEDGED = "pledged"
        COMMITTED = "committed"
        PAID = "paid"

    action = models.ForeignKey(Action, models.PROTECT, related_name="commitments")
    code = models.CharField(max_length=40, unique=True)  # P1-A4.2.1-F1
    funder = models.CharField(max_length=200)
    amount = exact()
    currency = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State)
    dated_date = models.DateField()
    source = models.CharField(max_length=240, blank=True)
    revision = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [CheckConstraint(condition=Q(amount__gt=0), name="policy_commitment_is_money")]

    def __str__(self) -> str:
        return f"{self.code} {self.funder}"


class Rate(models.Model):
    """What a unit of a currency is worth in the policy's own currency in one year."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="rates")
    currency = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    dated_date = models.DateField()
    source = models.CharField(max_length=240)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["policy", "currency", "year"], name="policy_rate_once_a_year"),
            CheckConstraint(condition=Q(rate__gt=0), name="policy_rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.year}"


class Price(PackRow):
    """An item of the pack's price list."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    unit = models.CharField(max_length=60)
    low = exact()
    high = exact()
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        return localised(self.names) or self.code


class Capacity(models.Model):
    """How many actions of a policy an institution can run at once, as it says."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="capacities")
    institution = models.ForeignKey("registry.Institution", models.PROTECT, related_name="+")
    actions = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["policy", "institution"], name="policy_capacity_once")]

    def __str__(self) -> str:
        return f"{self.institution_id}: {self.actions}"
