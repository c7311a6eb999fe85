"""What a plan costs, by whatever it is asked, and what of it somebody stands for. Exact decimals throughout.

A cost line is quantity x unit cost x periods, rounded half up to the smallest unit of its currency (ISO 4217), then
converted by the rate of its currency and year and rounded half up again. Everything else adds lines that are rounded
already: whichever way they are summed, the totals are the same to the cent. A line without its rate counts nowhere
and is told apart; it is never taken for nothing.

Measures serve several objectives: no share of a cost belongs to one of them. An objective therefore shows the whole
cost of the measures that serve it, and what of that serves no other; only the second adds up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

from pasaj.core.policy.shapes import Commitment, Cost, Policy

DIGITS = 80
"""Significant digits of a product: three numbers of eighteen digits and a rate fit."""
PLACES = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
     "XPF"), 0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)  # fmt: skip
"""Decimals of currencies that have not two of them (ISO 4217)."""
NOTHING = Decimal(0)
FIRM = ("committed", "paid")
"""States of commitments that count against the gap; a pledge does not."""


def rounded(value: Decimal, currency: str) -> Decimal:
    """Half up to the smallest unit of the currency."""
    with localcontext(prec=DIGITS):
        return value.quantize(Decimal(1).scaleb(-PLACES.get(currency, 2)), ROUND_HALF_UP)


def product(quantity: Decimal, unit_cost: Decimal, periods: Decimal, currency: str) -> Decimal:
    """Quantity x unit cost x periods in a currency, rounded as a line is."""
    with localcontext(prec=DIGITS):
        return rounded(quantity * unit_cost * periods, currency)


def amount(line: Cost) -> Decimal:
    """A cost line in its own currency."""
    return product(line.quantity, line.unit_cost, line.periods, line.currency)


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact sum; 0 of nothing."""
    with localcontext(prec=DIGITS):
        return sum(values, NOTHING)


@dataclass(frozen=True, slots=True)
class Line:
    """A cost line: `own` in its currency, `amount` in the policy's; None where the rate is missing."""

    cost: Cost
    own: Decimal
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Money:
    """A commitment: `own` in its currency, `amount` in the policy's; None where the rate is missing."""

    commitment: Commitment
    own: Decimal
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Sum:
    """cost and what somebody stands for, in the policy's currency. firm: committed or paid. without: lines left out
    because their rate is missing (cost lines and commitments).
    """

    cost: Decimal = NOTHING
    pledged: Decimal = NOTHING
    committed: Decimal = NOTHING
    paid: Decimal = NOTHING
    without: int = 0

    @property
    def firm(self) -> Decimal:
        return total((self.committed, self.paid))

    @property
    def gap(self) -> Decimal:
        """Cost that nobody stands for. Negative: more than it costs."""
        return total((self.cost, -self.firm))

    @property
    def open(self) -> Decimal:
        """What would still be missing if every pledge were kept."""
        return total((self.gap, -self.pledged))


@dataclass(frozen=True, slots=True)
class Served:
    """What the measures that serve an objective cost (`whole`), and those that serve no other (`alone`)."""

    whole: Decimal = NOTHING
    alone: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Missing:
    """A rate that nobody has given, and the lines and commitments that wait for it."""

    currency: str
    year: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A plan in money. Sums by code; by_theme has "" for actions whose measure is not in the plan."""

    currency: str
    lines: tuple[Line, ...]
    money: tuple[Money, ...]
    all: Sum
    by_action: Mapping[str, Sum] = field(default_factory=dict)
    by_measure: Mapping[str, Sum] = field(default_factory=dict)
    by_theme: Mapping[str, Sum] = field(default_factory=dict)
    by_year: Mapping[int, Sum] = field(default_factory=dict)
    by_kind: Mapping[str, Sum] = field(default_factory=dict)
    by_institution: Mapping[str, Sum] = field(default_factory=dict)
    by_funder: Mapping[str, Sum] = field(default_factory=dict)
    by_objective: Mapping[str, Served] = field(default_factory=dict)
    shared: Decimal = NOTHING
    """Cost of measures that serve several objectives, or none: with what each objective has alone, the whole."""
    missing: tuple[Missing, ...] = ()


def reckon(policy: Policy) -> Reckoning:
    """All sums of a plan."""
    worth = {(one.currency, one.year): one.rate for one in policy.rates}

    def convert(own: Decimal, currency: str, year: int) -> Decimal | None:
        if currency == policy.currency:
            return own
        rate = worth.get((currency, year))
        with localcontext(prec=DIGITS):
            return None if rate is None else rounded(own * rate, policy.currency)

    lines = tuple(Line(one, amount(one), convert(amount(one), one.currency, one.year)) for one in policy.costs)
    money = tuple(
        Money(one, own := rounded(one.amount, one.currency), convert(own, one.currency, one.year))
        for one in policy.commitments
    )
    measures = {one.code: one.measure for one in policy.actions}
    owners = {one.code: one.owner for one in policy.actions}
    themes = {one.code: one.theme for one in policy.measures}

    def grouped(of_line: Callable[[Cost], str], of_money: Callable[[Commitment], str] | None = None) -> dict[str, Sum]:
        return _grouped(lines, money if of_money else (), of_line, of_money or (lambda one: ""))

    by_measure = grouped(lambda one: measures.get(one.action, ""), lambda one: measures.get(one.action, ""))
    served, shared = _served(policy, by_measure)
    return Reckoning(
        currency=policy.currency,
        lines=lines,
        money=money,
        all=_sum(lines, money),
        by_action=grouped(lambda one: one.action, lambda one: one.action),
        by_measure=by_measure,
        by_theme=grouped(
            lambda one: themes.get(measures.get(one.action, ""), ""),
            lambda one: themes.get(measures.get(one.action, ""), ""),
        ),
        by_year={int(year): one for year, one in grouped(lambda one: str(one.year), lambda one: str(one.year)).items()},
        by_kind=grouped(lambda one: one.kind),
        by_institution=grouped(lambda one: owners.get(one.action, ""), lambda one: owners.get(one.action, "")),
        by_funder=_grouped((), money, lambda one: "", lambda one: one.funder),
        by_objective=served,
        shared=shared,
        missing=_missing(lines, money),
    )


def _sum(lines: Iterable[Line], money: Iterable[Money]) -> Sum:
    states: dict[str, list[Decimal]] = defaultdict(list)
    without, costs = 0, []
    for line in lines:
        if line.amount is None:
            without += 1
        else:
            costs.append(line.amount)
    for one in money:
        if one.amount is None:
            without += 1
        else:
            states[one.commitment.state].append(one.amount)
    pledged, committed, paid = (total(states[state]) for state in ("pledged", "committed", "paid"))
    return Sum(total(costs), pledged, committed, paid, without)


def _grouped(
    lines: Iterable[Line],
    money: Iterable[Money],
    of_line: Callable[[Cost], str],
    of_money: Callable[[Commitment], str],
) -> dict[str, Sum]:
    groups: dict[str, tuple[list[Line], list[Money]]] = defaultdict(lambda: ([], []))
    for line in lines:
        groups[of_line(line.cost)][0].append(line)
    for one in money:
        groups[of_money(one.commitment)][1].append(one)
    return {name: _sum(*groups[name]) for name in sorted(groups)}


def _served(policy: Policy, by_measure: Mapping[str, Sum]) -> tuple[dict[str, Served], Decimal]:
    whole: dict[str, list[Decimal]] = {one.code: [] for one in policy.objectives}
    alone: dict[str, list[Decimal]] = {one.code: [] for one in policy.objectives}
    serves = {one.code: [code for code in one.objectives if code in whole] for one in policy.measures}
    shared = []
    for measure, one in by_measure.items():
        served = serves.get(measure, [])
        for objective in served:
            whole[objective].append(one.cost)
        if len(served) == 1:
            alone[served[0]].append(one.cost)
        else:
            shared.append(one.cost)
    return {code: Served(total(whole[code]), total(alone[code])) for code in whole}, total(shared)


def _missing(lines: Iterable[Line], money: Iterable[Money]) -> tuple[Missing, ...]:
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for line in lines:
        if line.amount is None:
            found[line.cost.currency, line.cost.year].append(line.cost.code)
    for one in money:
        if one.amount is None:
            found[one.commitment.currency, one.commitment.year].append(one.commitment.code)
    return tuple(Missing(*key, tuple(found[key])) for key in sorted(found))
