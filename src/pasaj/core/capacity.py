"""Rules that need no history: more people than places, fewer staff than the post needs.

A rule compares a measure with a fixed value or with a share of another measure of the same crossing.
docs/methods/capacity.md says what happens when one of the two is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

OPERATORS = ("ge", "le")


@dataclass(frozen=True, slots=True)
class Rule:
    """Rings when the measure is at least (`ge`) or at most (`le`) the limit.

    The limit is `value` when given, else `factor` times the other measure.
    """

    code: str
    op: str
    factor: Decimal = Decimal(1)
    value: Decimal | None = None

    def __post_init__(self) -> None:
        if self.op not in OPERATORS:
            raise ValueError(f"{self.op} is not one of {', '.join(OPERATORS)}.")


@dataclass(frozen=True, slots=True)
class Capacity:
    """The answer of one rule for one crossing and day.

    state: `reached`, `below`, or `unknown` (a figure is missing: no statement). limit is None then too
    when the other measure is what is missing. share: observed over limit, None when the limit is zero.
    """

    rule: str
    state: str
    observed: Decimal | None
    limit: Decimal | None
    share: float | None

    @property
    def alarm(self) -> bool:
        return self.state == "reached"


def judge(rule: Rule, observed: Decimal | None, versus: Decimal | None = None) -> Capacity:
    """Apply a rule to what was observed and, for a relative rule, to the other measure.

    A limit of zero from the other measure (no places at all) is reached by any count above zero; nothing
    measured against nothing is no alarm.
    """
    limit = rule.value if rule.value is not None else None if versus is None else rule.factor * versus
    if observed is None or limit is None:
        return Capacity(rule.code, "unknown", observed, limit, None)
    share = float(observed / limit) if limit else None
    reached = observed >= limit if rule.op == "ge" else observed <= limit
    if rule.value is None and limit == 0:
        reached = rule.op == "ge" and observed > 0
    return Capacity(rule.code, "reached" if reached else "below", observed, limit, share)


def latest(values: Mapping[date, Decimal], on: date, *, carry: int = 7) -> tuple[date, Decimal] | None:
    """The value of `on`, or the last one before it that is at most `carry` days old, with its day.

    Places and posts change slowly and are reported rarely; a count of people is never carried over.
    """
    days = [day for day in values if 0 <= (on - day).days <= carry]
    if not days:
        return None
    day = max(days)
    return day, values[day]


@dataclass(frozen=True, slots=True)
class Against:
    """The last count of a place against what there is. base: which of the series offered, and of which day; None:
    nothing says what there is, and `judged` is unknown.
    """

    day: date
    observed: Decimal
    base: tuple[int, date] | None
    judged: Capacity


def against(
    rule: Rule,
    values: Mapping[date, Decimal],
    bases: Sequence[Mapping[date, Decimal]],
    on: date,
    *,
    carry: int = 7,
) -> Against | None:
    """The last of `values` up to `on`, judged by what there is. None: no value.

    What there is says the first of `bases` that knows it of that day or of at most `carry` days before: the caller
    offers the same source first, then the others.
    """
    known = [day for day in values if day <= on]
    if not known:
        return None
    day = max(known)
    for number, base in enumerate(bases):
        found = latest(base, day, carry=carry)
        if found is not None:
            return Against(day, values[day], (number, found[0]), judge(rule, values[day], found[1]))
    return Against(day, values[day], None, judge(rule, values[day]))
