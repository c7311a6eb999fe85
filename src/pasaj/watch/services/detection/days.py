"""Days of the pack's calendar on which counts differ from other days of the week."""

from __future__ import annotations

from datetime import date, timedelta

from pasaj.core.pack.days import falls_on
from pasaj.registry.models import CalendarRule

HOLIDAY = 1


def kinds_of_days(first: date, last: date) -> list[int]:
    """A number a day from `first` to `last`: 0 ordinary, 1 holiday on either side of the border. One query.

    Weekly markets need none: they are days of the week. Rules of a single crossing are left out, as many
    crossings are judged together.
    """
    rows = CalendarRule.objects.filter(kind="holiday", crossing=None, retired_at=None)
    rules = sorted(set(rows.values_list("rule", flat=True)))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [HOLIDAY if any(falls_on(rule, day) for rule in rules) else 0 for day in days]
