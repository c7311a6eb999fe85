"""Which of several reports on a crossing holds on a day, and on which days it was in a given state.

A later beginning outweighs an earlier one; of two with the same first day the one told later holds.
Where no report reaches, nothing is known.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Span = tuple[date, date | None]
"""First and last day; no last day: until further notice."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: from `start` to `end`, both included.

    Without `end` it holds until further notice, unless it does not `last`: then nobody said until when,
    and it tells of its first day only. number: the caller's own key, the later row the larger.
    """

    number: int
    state: str
    start: date
    end: date | None
    lasts: bool
    told_at: datetime

    @property
    def until(self) -> date | None:
        return self.end if self.end or self.lasts else self.start

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


def holding(reports: Iterable[Report], day: date) -> Report | None:
    """The report that holds on a day."""
    known = (one for one in reports if one.covers(day))
    return max(known, key=lambda one: (one.start, one.told_at, one.number), default=None)


def spans(reports: Sequence[Report], states: Collection[str], otherwise: str = "") -> tuple[Span, ...]:
    """The spans of days on which a report with one of `states` holds, in order, none touching the next.

    `otherwise` is the state of days that no report reaches; the first span then may begin with the calendar.
    """
    edges = {date.min, *(one.start for one in reports)}
    edges |= {one.until + timedelta(days=1) for one in reports if one.until is not None}
    ordered = sorted(edges)
    found: list[Span] = []
    for at, first in enumerate(ordered):
        held = holding(reports, first)
        if (held.state if held else otherwise) not in states:
            continue
        last = ordered[at + 1] - timedelta(days=1) if at + 1 < len(ordered) else None
        before = found[-1] if found else None
        if before is not None and before[1] is not None and before[1] + timedelta(days=1) == first:
            found[-1] = (before[0], last)
        else:
            found.append((first, last))
    return tuple(found)
