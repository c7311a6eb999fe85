"""The actions of a policy in time, as pages show them: by theme, with how they keep their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pasaj.access.rules import Actor
from pasaj.core.policy import shapes
from pasaj.core.policy.costs import Reckoning, Sum, reckon
from pasaj.core.policy.schedule import Gantt, Load, Order, Pace, gantt, load, order, pace
from pasaj.policy.models import Policy, Theme
from pasaj.policy.queries.costs import seen
from pasaj.registry.models import Institution, localised

WIDTH = 900
"""Units that the period of a policy is wide in its picture."""


@dataclass(frozen=True, slots=True)
class Row:
    """An action with its measure, its owner's name, how it keeps its dates, what it costs and its room in days."""

    action: shapes.Action
    measure: str
    text: str
    owner: str
    pace: Pace
    money: Sum
    slack: int

    @property
    def short(self) -> str:
        return self.action.code.partition("-")[2]


@dataclass(frozen=True, slots=True)
class Block:
    """A measure with its actions."""

    code: str
    text: str
    kind: str
    money: Sum
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Part:
    """A theme with its measures. theme None: actions whose measure is not open to the reader."""

    theme: Theme | None
    money: Sum
    blocks: list[Block]

    @property
    def rows(self) -> list[Row]:
        return [row for block in self.blocks for row in block.rows]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The action plan as far as the reader may see it."""

    parts: list[Part]
    order: Order
    sums: Reckoning
    plan: shapes.Policy

    @property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]


def calendar(actor: Actor, row: Policy, today: date) -> Calendar:
    """The action plan by theme and measure: a constant number of queries."""
    plan = seen(actor, row)
    sums, ways = reckon(plan), order(plan)
    names = {code: localised(names) for code, names in Institution.objects.values_list("code", "names")}
    by_measure: dict[str, list[Row]] = {}
    for one in plan.actions:
        made = Row(
            one, one.measure, localised(dict(one.text)), names.get(one.owner, one.owner), pace(one, today),
            sums.by_action.get(one.code, Sum()), ways.slack.get(one.code, 0),
        )  # fmt: skip
        by_measure.setdefault(one.measure, []).append(made)
    parts = []
    for theme in row.themes.order_by("number"):
        code = f"{row.code}-T{theme.number}"
        blocks = [
            Block(one.code, localised(dict(one.text)), one.kind, sums.by_measure.get(one.code, Sum()),
                  by_measure.pop(one.code, []))
            for one in plan.measures if one.theme == code
        ]  # fmt: skip
        parts.append(Part(theme, sums.by_theme.get(code, Sum()), blocks))
    if by_measure:
        blocks = [Block(code, "", "", sums.by_measure.get(code, Sum()), rows) for code, rows in by_measure.items()]
        parts.append(Part(None, sums.by_theme.get("", Sum()), blocks))
    return Calendar([one for one in parts if one.blocks], ways, sums, plan)


def picture(part: Part, row: Policy, today: date) -> Gantt:
    """The actions of a theme as bars."""
    return gantt([one.action for one in part.rows], row.first_date, row.last_date, today, WIDTH)


@dataclass(frozen=True, slots=True)
class Burden:
    """An institution and its load in each quarter."""

    code: str
    name: str
    capacity: int | None
    quarters: list[Load]

    @property
    def over(self) -> int:
        return sum(one.over for one in self.quarters)


def burdens(actor: Actor, row: Policy) -> list[Burden]:
    """Load per institution and quarter, whoever is over its capacity first."""
    found: dict[str, list[Load]] = {}
    for one in load(seen(actor, row)):
        found.setdefault(one.institution, []).append(one)
    names = {code: localised(names) for code, names in Institution.objects.values_list("code", "names")}
    made = [Burden(code, names.get(code, code), loads[0].capacity, loads) for code, loads in found.items()]
    return sorted(made, key=lambda one: (-one.over, one.name.casefold()))
