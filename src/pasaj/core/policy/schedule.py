"""When the actions of a plan run: load of institutions, lateness, the order that decides, and a picture as numbers.

Float and longest way are those of the critical path method (Kelley and Walker 1959), asked of the dates that people
gave: nothing is scheduled here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pasaj.core.policy.shapes import Action, Policy

DAY = timedelta(days=1)
RUNNING = ("planned", "running")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year, 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - DAY

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarters(first: date, last: date) -> list[Quarter]:
    """All quarters that the period touches, in order."""
    found, one = [], quarter_of(first)
    while one.first <= last:
        found.append(one)
        one = one.next
    return found


@dataclass(frozen=True, slots=True)
class Load:
    """How many actions of an institution run at once at most in a quarter; capacity None: it has not said.

    actions: those that touch the quarter.
    """

    institution: str
    quarter: Quarter
    most: int
    capacity: int | None
    actions: tuple[str, ...]

    @property
    def over(self) -> bool:
        return self.capacity is not None and self.most > self.capacity


def load(policy: Policy) -> list[Load]:
    """Each owner in each quarter of the period, by institution. Dropped actions do not count."""
    own: dict[str, list[Action]] = defaultdict(list)
    for one in policy.actions:
        if one.state != "dropped":
            own[one.owner].append(one)
    found = []
    for institution in sorted(own):
        for quarter in quarters(policy.first, policy.last):
            there = [one for one in own[institution] if one.first <= quarter.last and one.last >= quarter.first]
            starts = {max(one.first, quarter.first) for one in there}
            most = max((sum(one.first <= day <= one.last for one in there) for day in starts), default=0)
            codes = tuple(one.code for one in there)
            found.append(Load(institution, quarter, most, policy.capacities.get(institution), codes))
    return found


@dataclass(frozen=True, slots=True)
class Pace:
    """How an action keeps its dates: `late` days past its end, or past its beginning while it has not begun."""

    state: str  # done, dropped, running, waiting (its time has not come), not_begun, overdue
    late: int = 0


def pace(action: Action, today: date) -> Pace:
    """How an action stands on a day."""
    if action.state not in RUNNING:
        return Pace(action.state)
    if action.last < today:
        return Pace("overdue", (today - action.last).days)
    if action.state == "running":
        return Pace("running")
    if action.first < today:
        return Pace("not_begun", (today - action.first).days)
    return Pace("waiting")


@dataclass(frozen=True, slots=True)
class Order:
    """What decides when a plan ends.

    slack: days an action may slip, by code, before something must end after the period: all that waits for it,
    directly or through others, slips with it no more than it must (total float); negative where there is no room
    already. longest: the actions of the way through waiting with the most days, in order. early: (action, what it
    waits for) where it begins before the other ends.
    """

    slack: Mapping[str, int]
    longest: tuple[str, ...]
    days: int
    early: tuple[tuple[str, str], ...]


def order(policy: Policy) -> Order:
    """The order of the actions that are not dropped. Waits that run in a circle are left out of it."""
    actions = {one.code: one for one in policy.actions if one.state != "dropped"}
    sorted_ = _sorted(actions)
    waited: dict[str, list[Action]] = defaultdict(list)
    early = []
    for code in sorted_:
        for need in actions[code].needs:
            if need in actions:
                waited[need].append(actions[code])
                if actions[need].last >= actions[code].first:
                    early.append((code, need))
    slack: dict[str, int] = {}
    for code in reversed(sorted_):
        room = [(one.first - actions[code].last).days - 1 + slack[one.code]
                for one in waited[code] if one.code in slack]  # fmt: skip
        slack[code] = min([(policy.last - actions[code].last).days, *room])
    longest, days = _longest(actions, sorted_)
    return Order(slack, longest, days, tuple(sorted(early)))


def _sorted(actions: Mapping[str, Action]) -> list[str]:
    """Each after all it waits for; those in circles at the end."""
    left = {code: {need for need in one.needs if need in actions} for code, one in actions.items()}
    found: list[str] = []
    while ready := sorted(code for code, needs in left.items() if not needs):
        found += ready
        for code in ready:
            del left[code]
        for needs in left.values():
            needs.difference_update(ready)
    return found + sorted(left)


def _longest(actions: Mapping[str, Action], sorted_: Iterable[str]) -> tuple[tuple[str, ...], int]:
    best: dict[str, tuple[int, tuple[str, ...]]] = {}
    for code in sorted_:
        ways = [best[need] for need in actions[code].needs if need in best]
        before = max(ways, key=lambda one: one[0], default=(0, ()))
        days = (actions[code].last - actions[code].first).days + 1
        best[code] = (before[0] + days, (*before[1], code))
    most = max(best.values(), key=lambda one: one[0], default=(0, ()))
    return most[1], most[0]


# --- A picture as numbers ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """An action as a bar: x and width in units of the picture, row counted from 0."""

    code: str
    row: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the end of what must be done before to the beginning of what waits for it."""

    x1: float
    row1: int
    x2: float
    row2: int


@dataclass(frozen=True, slots=True)
class Gantt:
    """Bars in the order given; ticks: (x, quarter); today: x, or None outside of the period."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, Quarter], ...]
    arrows: tuple[Arrow, ...]
    today: float | None


def gantt(actions: Iterable[Action], first: date, last: date, today: date, width: float) -> Gantt:
    """The bars of actions over a period that is `width` wide. What lies outside of it is cut."""
    days = (last - first).days + 1

    def x(day: date) -> float:
        return width * min(max((day - first).days, 0), days) / days

    rows = list(actions)
    bars = {
        one.code: Bar(one.code, at, x(one.first), max(0.0, x(one.last + DAY) - x(one.first)))
        for at, one in enumerate(rows)
    }
    arrows = [
        Arrow(bars[need].x + bars[need].width, bars[need].row, bars[one.code].x, bars[one.code].row)
        for one in rows
        for need in one.needs
        if need in bars
    ]
    ticks = tuple((x(one.first), one) for one in quarters(first, last))
    return Gantt(tuple(bars.values()), ticks, tuple(arrows), x(today) if first <= today <= last else None)
