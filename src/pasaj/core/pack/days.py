"""Which days a calendar rule names."""

from collections.abc import Iterator
from datetime import date, timedelta

from pasaj.core import periods

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm of 1876; Meeus, Astronomical Algorithms, 8)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, leap_rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    quarter, quarter_rest = divmod(rest, 4)
    weekday = (32 + 2 * leap_rest + 2 * quarter - moon - quarter_rest) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def falls_on(rule: str, day: date) -> bool:
    """Whether a rule names this day. `rule` in its normal form: a date, yearly:MM-DD, easter:N, weekly:mon."""
    kind, _colon, value = rule.partition(":")
    if kind == "weekly":
        return _WEEKDAYS[day.weekday()] == value
    if kind == "yearly":
        return f"{day:%m-%d}" == value
    if kind == "easter":
        sunday = day - timedelta(days=int(value))
        return sunday == easter(sunday.year)
    return day.isoformat() == rule


def next_days(rule: str, start: date, count: int = 1) -> Iterator[date]:
    """The first `count` days from `start` on that a rule names, looking at most nine years ahead (29 February)."""
    exact = periods.parse(rule, "day")
    if exact is not None:
        if exact.start >= start:
            yield exact.start
        return
    day, last = start, start + timedelta(days=9 * 366)
    while count and day <= last:
        if falls_on(rule, day):
            yield day
            count -= 1
        day += timedelta(days=1)
