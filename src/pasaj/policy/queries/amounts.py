"""What measures cost, what is committed and what is missing: exact sums in the currency of the policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pasaj.core.policy import shapes

COUNTED = ("committed", "paid")
"""A pledge is no money yet."""


@dataclass(slots=True)
class Amounts:
    """`total` and `funded` in the policy's currency. `unrated`: currency and year of lines without a known rate."""

    total: Decimal = Decimal(0)
    funded: Decimal = Decimal(0)
    unrated: set[tuple[str, int]] = field(default_factory=set)

    @property
    def gap(self) -> Decimal:
        return self.total - self.funded


@dataclass(frozen=True, slots=True)
class Sums:
    """For the whole plan, by measure and action (codes), and by year."""

    whole: Amounts
    measures: Mapping[str, Amounts]
    actions: Mapping[str, Amounts]
    years: Mapping[int, Amounts]


def sums(plan: shapes.Policy) -> Sums:
    """Add up cost lines (quantity x unit cost x periods) and commitments, each at the rate of its year."""
    rates = {(one.currency, one.year): one.rate for one in plan.rates}
    measure = {one.code: one.measure for one in plan.actions}
    found = Sums(Amounts(), defaultdict(Amounts), defaultdict(Amounts), defaultdict(Amounts))

    def put(name: str, action: str, currency: str, year: int, amount: Decimal) -> None:
        rate = Decimal(1) if currency == plan.currency else rates.get((currency, year))
        for sum_ in (found.whole, found.measures[measure[action]], found.actions[action], found.years[year]):
            if rate is None:
                sum_.unrated.add((currency, year))
            else:
                setattr(sum_, name, getattr(sum_, name) + amount * rate)

    for cost in plan.costs:
        put("total", cost.action, cost.currency, cost.year, cost.quantity * cost.unit_cost * cost.periods)
    for one in plan.commitments:
        if one.state in COUNTED:
            put("funded", one.action, one.currency, one.year, one.amount)
    return found
