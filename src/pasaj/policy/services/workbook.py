"""The action plan as a workbook with formulas: a spreadsheet recalculates it to the same cent.

Sheets: costs and money (what comes back), rates, actions, measures, sums, about. The first row holds the names by
which columns are found again, the second the same in the reader's language. Every formula carries the value computed
here, so that a program that does not calculate shows the right figures.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.rules import Actor
from pasaj.core.csvsafe import cell as safe
from pasaj.core.policy import costs, shapes
from pasaj.policy.models import Commitment, Policy
from pasaj.policy.queries.costs import seen
from pasaj.registry.models import localised
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

FORMAT = "pasaj action plan 1"
HEAD = 2
"""Rows above the first one of a table."""
SPARE = 500
"""Rows under the last one that sums still reach."""
COSTS = ("code", "action", "label", "kind", "quantity", "unit", "unit_cost", "periods", "currency", "year", "item",
         "justification", "amount", "rate", "converted")  # fmt: skip
MONEY = ("code", "action", "funder", "amount", "currency", "year", "state", "on", "source", "rate", "converted")
RATES = ("currency", "year", "rate", "on", "source")
ACTIONS = (
    "action",
    "measure",
    "text",
    "owner",
    "first",
    "last",
    "state",
    "cost",
    "pledged",
    "committed",
    "paid",
    "gap",
)
MEASURES = ("measure", "theme", "text", "cost", "committed", "gap")


def words() -> Mapping[str, str]:
    """The names of the columns in the reader's language."""
    return {
        "code": _("Code"), "action": _("Action"), "label": _("What"), "kind": _("Kind"), "quantity": _("Quantity"),
        "unit": _("Unit"), "unit_cost": _("Cost of a unit"), "periods": _("Periods"), "currency": _("Currency"),
        "year": _("Year"), "item": _("Item of the price list"), "justification": _("Why the price differs"),
        "amount": _("Amount"), "rate": _("Rate"), "converted": _("In the currency of the policy"),
        "funder": _("Funder"), "state": _("How far it is"), "on": _("Said on"), "source": _("Source"),
        "measure": _("Measure"), "text": _("Text"), "owner": _("Owner"), "first": _("Begins"), "last": _("Ends"),
        "cost": _("Cost"), "pledged": _("Pledged"), "committed": _("Committed or paid"), "paid": _("Paid"),
        "gap": _("Gap"), "theme": _("Theme"),
    }  # fmt: skip


def export(*, policy: Policy, actor: Actor, now: datetime) -> Released:
    """The workbook of what the actor may see, through the gate (AMBER)."""
    plan = seen(actor, policy)
    data = written(plan, _notes(policy), now)
    parcel = Parcel(
        kind="table", title=f"{policy.code} action plan", form="workbook",
        rows=(Row(values=(data,), own_count=True, words=(policy.code,)),),
        question={"policy": policy.code, "what": "workbook"},
    )  # fmt: skip
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def _notes(policy: Policy) -> dict[str, tuple[str, str]]:
    """By commitment: the day it is of, and its source."""
    rows = Commitment.objects.filter(action__policy=policy, withdrawn_at=None)
    return {one.code: (one.dated_date.isoformat(), one.source) for one in rows}


def written(plan: shapes.Policy, notes: Mapping[str, tuple[str, str]], now: datetime) -> bytes:
    """The bytes of the workbook."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - heavy

    out = io.BytesIO()
    made = costs.reckon(plan)
    with Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        pen = _Pen(book)
        sheets = {name: book.add_worksheet(name) for name in
                  ("costs", "money", "rates", "actions", "measures", "sums", "about")}  # fmt: skip
        pen.head(sheets["about"], ("name", "value"))
        for row, (name, value) in enumerate(
            (("format", FORMAT), ("policy", plan.code), ("currency", plan.currency),
             ("exported", now.isoformat(timespec="minutes"))), HEAD):  # fmt: skip
            pen.line(sheets["about"], row, (name, value))
        _rates(pen, sheets["rates"], plan)
        _costs(pen, sheets["costs"], made, plan)
        _money(pen, sheets["money"], made, plan, notes)
        _actions(pen, sheets["actions"], made, plan)
        _measures(pen, sheets["measures"], made, plan)
        _sums(pen, sheets["sums"], made)
    return out.getvalue()


def at(row: int, column: int, *, fixed: bool = False) -> str:
    """The name of a cell, counted from 0; columns up to Z."""
    letter = chr(ord("A") + column)
    return f"${letter}${row + 1}" if fixed else f"{letter}{row + 1}"


class _Pen:
    """Writes values as they are: text as text, numbers as numbers, formulas with the value they have."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True})
        self.words = book.add_format({"italic": True, "text_wrap": True})
        self.cents = book.add_format({"num_format": "#,##0.00"})

    def head(self, sheet: Any, names: Sequence[str]) -> None:
        said = words()
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, self.bold)
            sheet.write_string(1, column, "#" if column == 0 else said.get(name, name), self.words)
        sheet.freeze_panes(HEAD, 1)
        sheet.set_column(0, len(names) - 1, 14)

    def line(self, sheet: Any, row: int, values: Sequence[object]) -> None:
        for column, value in enumerate(values):
            if isinstance(value, Decimal | int):
                sheet.write_number(row, column, value)
            elif value not in ("", None):
                sheet.write_string(row, column, str(safe(str(value)))[:32_767])

    def formula(self, sheet: Any, row: int, column: int, text: str, value: Decimal | None) -> None:
        sheet.write_formula(row, column, text, self.cents, "" if value is None else float(value))


def _span(sheet: str, column: int, count: int) -> str:
    """The cells of a column that sums reach."""
    first, last = at(HEAD, column, fixed=True), at(HEAD + count + SPARE, column, fixed=True)
    return f"{sheet}!{first}:{last}"


def _rates(pen: _Pen, sheet: Any, plan: shapes.Policy) -> None:
    pen.head(sheet, RATES)
    for row, one in enumerate(plan.rates, HEAD):
        pen.line(sheet, row, (one.currency, one.year, one.rate, one.on, one.source))


def _rate(plan: shapes.Policy, currency: str, year: str) -> str:
    """A formula: 1 for the policy's own currency, the rate of the year, or nothing where there is none."""
    spans = [_span("rates", column, len(plan.rates)) for column in range(3)]
    found = f"SUMIFS({spans[2]},{spans[0]},{currency},{spans[1]},{year})"
    there = f"COUNTIFS({spans[0]},{currency},{spans[1]},{year})"
    return f'=IF({currency}=about!$B${HEAD + 3},1,IF({there}=0,"",{found}))'


def _worth(plan: shapes.Policy, currency: str, year: int) -> Decimal | None:
    if currency == plan.currency:
        return Decimal(1)
    return next((one.rate for one in plan.rates if (one.currency, one.year) == (currency, year)), None)


def _places(currency: str) -> int:
    return costs.PLACES.get(currency, 2)


def _rounding(cell: str) -> str:
    """A formula: how many decimals the currency in a cell has."""
    none = ",".join(f'{cell}="{name}"' for name, places in sorted(costs.PLACES.items()) if places == 0)
    three = ",".join(f'{cell}="{name}"' for name, places in sorted(costs.PLACES.items()) if places)
    return f"IF(OR({none}),0,IF(OR({three}),3,2))"


def _converted(plan: shapes.Policy, amount: str, rate: str) -> str:
    return f'=IF({rate}="","",ROUND({amount}*{rate},{_places(plan.currency)}))'


def _costs(pen: _Pen, sheet: Any, made: costs.Reckoning, plan: shapes.Policy) -> None:
    pen.head(sheet, COSTS)
    for row, line in enumerate(made.lines, HEAD):
        one = line.cost
        pen.line(sheet, row, [getattr(one, name) for name in COSTS[:12]])
        quantity, unit_cost, periods, currency, year, amount, rate = (at(row, column) for column in
                                                                      (4, 6, 7, 8, 9, 12, 13))  # fmt: skip
        product = f"=ROUND({quantity}*{unit_cost}*{periods},{_rounding(currency)})"
        pen.formula(sheet, row, 12, product, line.own)
        pen.formula(sheet, row, 13, _rate(plan, currency, year), _worth(plan, one.currency, one.year))
        pen.formula(sheet, row, 14, _converted(plan, amount, rate), line.amount)


def _money(
    pen: _Pen, sheet: Any, made: costs.Reckoning, plan: shapes.Policy, notes: Mapping[str, tuple[str, str]]
) -> None:
    pen.head(sheet, MONEY)
    for row, line in enumerate(made.money, HEAD):
        one = line.commitment
        values = (one.code, one.action, one.funder, one.amount, one.currency, one.year, one.state,
                  *notes.get(one.code, ("", "")))  # fmt: skip
        pen.line(sheet, row, values)
        amount, currency, year, rate = (at(row, column) for column in (3, 4, 5, 9))
        pen.formula(sheet, row, 9, _rate(plan, currency, year), _worth(plan, one.currency, one.year))
        rounded = f"ROUND({amount},{_rounding(currency)})"
        pen.formula(sheet, row, 10, _converted(plan, rounded, rate), line.amount)


def _actions(pen: _Pen, sheet: Any, made: costs.Reckoning, plan: shapes.Policy) -> None:
    pen.head(sheet, ACTIONS)
    of_costs, of_money = len(made.lines), len(made.money)
    for row, one in enumerate(plan.actions, HEAD):
        text = localised(dict(one.text))
        pen.line(sheet, row, (one.code, one.measure, text, one.owner, one.first, one.last, one.state))
        found, code = made.by_action.get(one.code, costs.Sum()), at(row, 0)
        pen.formula(sheet, row, 7, f"=SUMIFS({_span('costs', 14, of_costs)},{_span('costs', 1, of_costs)},{code})",
                    found.cost)  # fmt: skip
        for column, state in ((8, "pledged"), (9, "committed"), (10, "paid")):
            spans = (_span("money", column_, of_money) for column_ in (10, 1, 6))
            amounts, actions, states = spans
            pen.formula(sheet, row, column, f'=SUMIFS({amounts},{actions},{code},{states},"{state}")',
                        getattr(found, state))  # fmt: skip
        pen.formula(sheet, row, 11, f"={at(row, 7)}-{at(row, 9)}-{at(row, 10)}", found.gap)


def _measures(pen: _Pen, sheet: Any, made: costs.Reckoning, plan: shapes.Policy) -> None:
    pen.head(sheet, MEASURES)
    count = len(plan.actions)
    measures, costs_, committed, paid = (_span("actions", column, count) for column in (1, 7, 9, 10))
    for row, one in enumerate(plan.measures, HEAD):
        pen.line(sheet, row, (one.code, one.theme, localised(dict(one.text))))
        found, code = made.by_measure.get(one.code, costs.Sum()), at(row, 0)
        pen.formula(sheet, row, 3, f"=SUMIFS({costs_},{measures},{code})", found.cost)
        firm = f"SUMIFS({committed},{measures},{code})+SUMIFS({paid},{measures},{code})"
        pen.formula(sheet, row, 4, f"={firm}", found.firm)
        pen.formula(sheet, row, 5, f"={at(row, 3)}-{at(row, 4)}", found.gap)


def _sums(pen: _Pen, sheet: Any, made: costs.Reckoning) -> None:
    """All, by year and by kind: each its own formula over the lines."""
    pen.head(sheet, ("name", "cost"))
    lines = len(made.lines)
    amounts, years, kinds = (_span("costs", column, lines) for column in (14, 9, 3))
    pen.line(sheet, HEAD, ("all",))
    pen.formula(sheet, HEAD, 1, f"=SUM({amounts})", made.all.cost)
    row = HEAD + 1
    for year, one in made.by_year.items():
        pen.line(sheet, row, (year,))
        pen.formula(sheet, row, 1, f"=SUMIFS({amounts},{years},{at(row, 0)})", one.cost)
        row += 1
    for kind, one in made.by_kind.items():
        pen.line(sheet, row, (kind,))
        pen.formula(sheet, row, 1, f"=SUMIFS({amounts},{kinds},{at(row, 0)})", one.cost)
        row += 1
