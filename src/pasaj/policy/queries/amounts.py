"""What measures cost, what is committed and what is missing, as texts refer to it: the sums of `core.policy.costs`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pasaj.core.policy import costs, shapes
from pasaj.policy.models import Policy
from pasaj.policy.queries.plan import plan


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
    """Cost lines and firm commitments (a pledge is no money yet), each at the rate of its year."""
    found = costs.reckon(plan)
    made = Sums(
        _amounts(found.all),
        defaultdict(Amounts, {code: _amounts(one) for code, one in found.by_measure.items()}),
        defaultdict(Amounts, {code: _amounts(one) for code, one in found.by_action.items()}),
        defaultdict(Amounts, {year: _amounts(one) for year, one in found.by_year.items()}),
    )
    measure = {one.code: one.measure for one in plan.actions}
    waiting = [(one.cost.action, one.cost.currency, one.cost.year) for one in found.lines if one.amount is None]
    waiting += [
        (one.commitment.action, one.commitment.currency, one.commitment.year)
        for one in found.money
        if one.amount is None and one.commitment.state in costs.FIRM
    ]
    for action, currency, year in waiting:
        for sum_ in (made.whole, made.measures[measure.get(action, "")], made.actions[action], made.years[year]):
            sum_.unrated.add((currency, year))
    return made


def begin_reading(policy: Policy) -> None:
    """From here on this row keeps its plan and sums: for one reading of the whole, never longer."""
    policy.__dict__["_as_read"] = {}


def plan_of(policy: Policy) -> shapes.Policy:
    """The plan of a policy; read once where the row is being read as a whole."""
    kept: dict[str, Any] = policy.__dict__.get("_as_read", {})
    if "plan" not in kept:
        kept["plan"] = plan(policy)
    found: shapes.Policy = kept["plan"]
    return found


def sums_of(policy: Policy) -> Sums:
    """The sums of a policy; added up once where the row is being read as a whole."""
    kept: dict[str, Any] = policy.__dict__.get("_as_read", {})
    if "sums" not in kept:
        kept["sums"] = sums(plan_of(policy))
    found: Sums = kept["sums"]
    return found


def _amounts(one: costs.Sum) -> Amounts:
    return Amounts(one.cost, one.firm)
