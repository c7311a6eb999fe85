"""How a policy is kept: which actions are on time, late or silent, and how indicators stand against their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

from pasaj.core.policy.schedule import RUNNING, pace
from pasaj.core.policy.shapes import Action, Indicator, Reading

PATIENCE = Decimal("1.5")
"""How often its rhythm something may stay without a word before it is silent."""
RHYTHM = 90
"""Days in which an owner says how a running action stands, where nobody has said otherwise."""
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an action stands: done, dropped, waiting, on_time, late or silent. days: late, or without a word."""

    state: str
    days: int = 0


def patience(every_days: int) -> timedelta:
    """How long something that is due every so many days may stay without a word: one and a half times, rounded up."""
    return timedelta(days=int((PATIENCE * every_days).to_integral_value(ROUND_CEILING)))


def standing(action: Action, heard: date | None, today: date, every_days: int = RHYTHM) -> Standing:
    """How an action stands on a day. heard: when its owner last said how it stands; None: never.

    An action that nobody has spoken of since its rhythm times 1.5 is silent, counted from the last word or, without
    one, from the day it was to begin. Late (past its end, or not begun when it should have) comes before silent.
    """
    found = pace(action, today)
    if action.state not in RUNNING or found.state == "waiting":
        return Standing(found.state)
    if found.late and found.state == "overdue":
        return Standing("late", found.late)
    since = max(action.first, heard) if heard else action.first
    if today - since > patience(every_days):
        return Standing("silent", (today - since).days)
    if found.state == "not_begun":
        return Standing("late", found.late)
    return Standing("on_time")


@dataclass(frozen=True, slots=True)
class Course:
    """How an indicator stands: reached, on_course, behind, silent, unread (nothing observed yet, and not yet silent)
    or unset (baseline, target or a date is missing).

    expected: what the straight line from baseline to target gives for the day of the newest reading; None without
    such a line. days: without an observation.
    """

    state: str
    reading: Reading | None = None
    expected: Decimal | None = None
    days: int = 0


def course(indicator: Indicator, readings: Sequence[Reading], today: date) -> Course:
    """How an indicator stands on a day, by its newest reading.

    Silent: no observation for more than 1.5 x its frequency, counted from the newest period or the baseline.
    hold: it may not fall below the line, and is never reached.
    """
    newest = max(readings, key=lambda one: one.period_end, default=None)
    since = newest.period_end if newest else indicator.baseline_on
    days = max(0, (today - since).days) if since else 0
    wanted = expected(indicator, newest.period_end) if newest else None
    if indicator.every_days and since and today - since > patience(indicator.every_days):
        return Course("silent", newest, wanted, days)
    if newest is None:
        return Course("unread", days=days)
    if wanted is None or indicator.target is None:
        return Course("unset", newest, days=days)
    if indicator.direction != "hold" and _at_least(newest.value, indicator.target, indicator.direction):
        return Course("reached", newest, wanted, days)
    good = _at_least(newest.value, wanted, indicator.direction)
    return Course("on_course" if good else "behind", newest, wanted, days)


def expected(indicator: Indicator, day: date) -> Decimal | None:
    """The straight line from baseline to target on a day, to four decimals; before it the baseline, after the target.

    None where one of its four numbers is missing.
    """
    if indicator.baseline is None or indicator.target is None:
        return None
    if indicator.baseline_on is None or indicator.target_on is None:
        return None
    span = (indicator.target_on - indicator.baseline_on).days
    if day >= indicator.target_on or span <= 0:
        return indicator.target
    gone = max(0, (day - indicator.baseline_on).days)
    with localcontext(prec=60):
        found = indicator.baseline + (indicator.target - indicator.baseline) * gone / span
        return found.quantize(PLACES, ROUND_HALF_UP)


def _at_least(value: Decimal, wanted: Decimal, direction: str) -> bool:
    """Whether a value is as good as wanted. hold: the same or above."""
    return value <= wanted if direction == "down" else value >= wanted
