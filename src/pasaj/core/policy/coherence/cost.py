"""Whether the money adds up and the dates can be kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from pasaj.core.policy.coherence.kind import Breach, Rule, at, error, note, warning
from pasaj.core.policy.costs import DIGITS, reckon, rounded, total
from pasaj.core.policy.order import circle
from pasaj.core.policy.shapes import Action, Cost, Price
from pasaj.core.policy.view import View

OLD_DAYS = 365
"""A rate of an earlier day than this is told."""


def product(line: Cost) -> Decimal:
    """Quantity x unit cost x periods, exact."""
    with localcontext(prec=DIGITS):
        return line.quantity * line.unit_cost * line.periods


def line_of_nothing(view: View) -> Iterator[Breach]:
    """C30: a line costs something."""
    for one in view.policy.costs:
        if product(one) == 0:
            yield at("COH-301", one.code, "costs", one.action)


def line_between_cents(view: View) -> Iterator[Breach]:
    """C30: quantity x unit cost x periods comes to whole cents; else it is rounded."""
    for one in view.policy.costs:
        exact = product(one)
        if exact != rounded(exact, one.currency):
            yield at("COH-302", one.code, "costs", one.action, exact=format(exact, "f").rstrip("0"))


def line_of_no_action(view: View) -> Iterator[Breach]:
    """C31: each line belongs to an action that stands and was not dropped."""
    for one in view.policy.costs:
        if one.action not in view.actions:
            yield at("COH-311", one.code, "costs", one.action, action=one.action)


def money_for_no_action(view: View) -> Iterator[Breach]:
    """C31: so does each commitment."""
    for one in view.policy.commitments:
        if one.action not in view.actions:
            yield at("COH-312", one.code, "costs", one.action, action=one.action)


def theme_of_nothing(view: View) -> Iterator[Breach]:
    """C31: each measure has a theme of the policy; else the themes add up to less than the plan."""
    for one in view.policy.measures:
        if one.theme not in view.policy.themes:
            yield at("COH-313", one.code, theme=one.theme)


def line_counted_twice(view: View) -> Iterator[Breach]:
    """C31: a line stands once."""
    found = Counter(one.code for one in view.policy.costs)
    for one in {one.code: one for one in view.policy.costs}.values():
        if found[one.code] > 1:
            yield at("COH-314", one.code, "costs", one.action)


def more_money_than_cost(view: View) -> Iterator[Breach]:
    """C32: what funders stand for is not more than what an action costs. Without a rate, C33 says so."""
    for action, one in reckon(view.policy).by_action.items():
        money = total((one.firm, one.pledged))
        if action in view.actions and action in view.costs_of and not one.without and money > one.cost:
            yield at("COH-321", action, "costs", money=money, cost=one.cost, currency=view.policy.currency)


def below_zero(view: View) -> Iterator[Breach]:
    """C32: nothing costs less than nothing."""
    for one in view.policy.costs:
        if min(one.quantity, one.unit_cost, one.periods) < 0:
            yield at("COH-322", one.code, "costs", one.action)


def action_without_cost(view: View) -> Iterator[Breach]:
    """C32: an action says what it costs."""
    for one in view.actions.values():
        if one.code not in view.costs_of:
            yield at("COH-323", one.code, "costs")


def measure_without_money(view: View) -> Iterator[Breach]:
    """C32: the gap is shown: a measure that nobody pays for."""
    funded = {view.actions[one.action].measure for one in view.policy.commitments if one.action in view.actions}
    for one in view.policy.measures:
        costs = any(action.code in view.costs_of for action in view.actions_of.get(one.code, ()))
        if costs and one.code not in funded:
            yield at("COH-324", one.code, "costs")


def rate_missing(view: View) -> Iterator[Breach]:
    """C33: what is in another currency has a rate for its year."""
    known = {(one.currency, one.year) for one in view.policy.rates}
    waiting: dict[tuple[str, int], list[str]] = defaultdict(list)
    told = [(one.code, one.currency, one.year) for one in view.policy.costs]
    told += [(one.code, one.currency, one.year) for one in view.policy.commitments]
    for code, currency, year in told:
        if currency != view.policy.currency and (currency, year) not in known:
            waiting[currency, year].append(code)
    for (currency, year), codes in waiting.items():
        values: dict[str, Any] = {"currency": currency, "year": year, "count": len(codes)}
        yield at("COH-331", codes[0], "rates", view.policy.code, **values)


def rate_undated(view: View) -> Iterator[Breach]:
    """C33: a rate says of which day it is and who says so."""
    for one in view.policy.rates:
        if one.on is None or not one.source:
            yield at("COH-332", view.policy.code, "rates", currency=one.currency, year=one.year)


def rates_of_one_year(view: View) -> Iterator[Breach]:
    """C33: one rate a currency and year."""
    for (currency, year), count in Counter((one.currency, one.year) for one in view.policy.rates).items():
        if count > 1:
            yield at("COH-333", view.policy.code, "rates", currency=currency, year=year, count=count)


def rate_old(view: View) -> Iterator[Breach]:
    """Added to C33: a rate is not older than a year."""
    for one in view.policy.rates:
        if one.on is not None and (view.on - one.on).days > OLD_DAYS:
            yield at("COH-334", view.policy.code, "rates", currency=one.currency, year=one.year, day=one.on)


def action_outside(view: View) -> Iterator[Breach]:
    """C34: an action lies within the period of the policy."""
    first, last = view.policy.first, view.policy.last
    for one in view.actions.values():
        if one.first < first or one.last > last:
            yield at("COH-341", one.code, first=first, last=last)


def action_backwards(view: View) -> Iterator[Breach]:
    """C34: and ends after it begins."""
    for one in view.actions.values():
        if one.last < one.first:
            yield at("COH-342", one.code, first=one.first, last=one.last)


def action_too_early(view: View) -> Iterator[Breach]:
    """C34: an action begins when what it needs has been done. Of a circle, C03 says so."""
    turning = circle((one.code, need) for one, need in _needs(view))
    for one, need in _needs(view):
        other = view.actions.get(need)
        if other is not None and one.first <= other.last and not {one.code, need} <= set(turning):
            yield at("COH-343", one.code, need=need, first=one.first, last=other.last)


def need_of_nothing(view: View) -> Iterator[Breach]:
    """C34: and what it needs stands and was not dropped."""
    for one, need in _needs(view):
        if need not in view.actions:
            yield at("COH-344", one.code, need=need)


def _needs(view: View) -> Iterator[tuple[Action, str]]:
    return ((one, need) for one in view.actions.values() for need in one.needs)


def line_of_another_year(view: View) -> Iterator[Breach]:
    """C34: money is spent in a year in which its action runs."""
    for one in view.policy.costs:
        action = view.actions.get(one.action)
        if action is not None and not action.first.year <= one.year <= action.last.year:
            values: dict[str, Any] = {
                "year": one.year,
                "action": action.code,
                "first": action.first.year,
                "last": action.last.year,
            }
            yield at("COH-345", one.code, "costs", action.code, **values)


def done_too_early(view: View) -> Iterator[Breach]:
    """Added to C34: what is said to be done does not wait for something that is not."""
    for one, need in _needs(view):
        other = view.actions.get(need)
        if other is not None and one.state == "done" and other.state != "done":
            yield at("COH-346", one.code, need=need)


def capital_without_running(view: View) -> Iterator[Breach]:
    """C35: what is bought is kept running: fuel, maintenance, staff."""
    for measure, actions in view.actions_of.items():
        lines = [line for action in actions for line in view.costs_of.get(action.code, ())]
        bought = [line for line in lines if line.kind == "capital"]
        if not bought:
            continue
        since = min(line.year for line in bought)
        if not any(line.kind == "recurrent" and line.year >= since for line in lines):
            yield at("COH-351", measure, "costs", label=bought[0].label, year=since)


def overloaded(view: View) -> Iterator[Breach]:
    """C36: an institution does not run more actions at once than it says it can."""
    owned: dict[str, list[Action]] = defaultdict(list)
    for one in view.actions.values():
        owned[one.owner].append(one)
    for institution, capacity in sorted(view.policy.capacities.items()):
        most, day = peak(owned.get(institution, ()))
        if day is not None and most > capacity:
            quarter = f"{day.year}-Q{(day.month + 2) // 3}"
            values: dict[str, Any] = {
                "institution": institution,
                "count": most,
                "capacity": capacity,
                "quarter": quarter,
            }
            yield at("COH-361", view.policy.code, "load", institution, **values)


def peak(actions: Sequence[Action]) -> tuple[int, date | None]:
    """The most actions that run at once, and the first day on which they do; (0, None) of none."""
    best: tuple[int, date | None] = (0, None)
    for day in sorted({one.first for one in actions}):
        running = sum(one.first <= day <= one.last for one in actions)
        if running > best[0]:
            best = (running, day)
    return best


def _priced(view: View) -> Iterator[tuple[Cost, Price]]:
    prices = {one.item: one for one in view.policy.prices}
    return ((one, prices[one.item]) for one in view.policy.costs if one.item in prices)


def price_out_of_range(view: View) -> Iterator[Breach]:
    """C37: a unit costs what the price list expects, or the line says why not."""
    for one, price in _priced(view):
        if one.unit == price.unit and not one.justification and not _in_range(view, one, price):
            values: dict[str, Any] = {"unit_cost": one.unit_cost, "currency": one.currency, "item": one.item}
            expected = f"{price.low}–{price.high} {price.currency}"
            yield at("COH-371", one.code, "costs", one.action, **values, expected=expected)


def item_unknown(view: View) -> Iterator[Breach]:
    """C37: an item that a line names stands in the price list."""
    prices = {one.item for one in view.policy.prices}
    for one in view.policy.costs:
        if one.item and one.item not in prices:
            yield at("COH-372", one.code, "costs", one.action, item=one.item)


def unit_differs(view: View) -> Iterator[Breach]:
    """C37: and is counted in the same unit."""
    for one, price in _priced(view):
        if one.unit != price.unit:
            values: dict[str, Any] = {"unit": one.unit, "item": one.item, "expected": price.unit}
            yield at("COH-373", one.code, "costs", one.action, **values)


def _in_range(view: View, line: Cost, price: Price) -> bool:
    """Whether the unit cost lies in the range; also where a rate is missing, which C33 says."""
    if line.currency == price.currency:
        return price.low <= line.unit_cost <= price.high
    cost, low, high = (
        worth(view, line.unit_cost, line.currency, line.year),
        worth(view, price.low, price.currency, line.year),
        worth(view, price.high, price.currency, line.year),
    )
    return cost is None or low is None or high is None or low <= cost <= high


def worth(view: View, amount: Decimal, currency: str, year: int) -> Decimal | None:
    """An amount in the policy's currency, exact; None where the rate is missing."""
    if currency == view.policy.currency:
        return amount
    rate = next((one.rate for one in view.policy.rates if (one.currency, one.year) == (currency, year)), None)
    with localcontext(prec=DIGITS):
        return None if rate is None else amount * rate


RULES: tuple[Rule, ...] = (
    warning("COH-301", "cost", line_of_nothing),
    note("COH-302", "cost", line_between_cents),
    error("COH-311", "cost", line_of_no_action),
    error("COH-312", "cost", money_for_no_action),
    error("COH-313", "cost", theme_of_nothing),
    error("COH-314", "cost", line_counted_twice),
    error("COH-321", "cost", more_money_than_cost),
    error("COH-322", "cost", below_zero),
    warning("COH-323", "cost", action_without_cost),
    note("COH-324", "cost", measure_without_money),
    error("COH-331", "cost", rate_missing),
    error("COH-332", "cost", rate_undated),
    error("COH-333", "cost", rates_of_one_year),
    note("COH-334", "cost", rate_old),
    error("COH-341", "cost", action_outside),
    error("COH-342", "cost", action_backwards),
    error("COH-343", "cost", action_too_early),
    error("COH-344", "cost", need_of_nothing),
    error("COH-345", "cost", line_of_another_year),
    warning("COH-346", "cost", done_too_early),
    warning("COH-351", "cost", capital_without_running),
    warning("COH-361", "cost", overloaded),
    warning("COH-371", "cost", price_out_of_range),
    warning("COH-372", "cost", item_unknown),
    warning("COH-373", "cost", unit_differs),
)
