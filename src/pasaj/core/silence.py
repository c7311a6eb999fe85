"""Who was expected to report and did not: silent since when, how many periods, when the next report is due.

A zero report is a report. A period in which the crossing was closed is not expected, so it is neither
missed nor an end of a silence. docs/methods/silence.md says how to read the result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pasaj.core.periods import Period, between, containing

NOON = 12
AFTERNOON = 15


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known of one expected report stream.

    state: `reporting` (nothing due is missing since the last report), `silent` (at least `after` due
    periods are missing in a row), `late` (some are, but fewer), `not_expected` (closed, or not yet
    expected), `never` (as `silent`, but nothing was ever reported).
    missed: expected, due and unreported periods in a row up to now. since: the first of them.
    missing: every expected, due and unreported period, the older gaps included.
    last: the latest reported period. next_due: when the next report is due, None when none is expected.
    """

    state: str
    missed: int
    since: Period | None
    missing: tuple[Period, ...]
    last: Period | None
    next_due: datetime | None

    @property
    def alarm(self) -> bool:
        return self.state in ("silent", "never")


def due(period: Period, *, usual_hour: int | None = None, grace: timedelta = timedelta(0)) -> datetime:
    """When the report on `period` is due, in local time without a zone.

    An hour in the afternoon or evening (from 15) falls on the last day of the period, when the post
    closes its day; an earlier one on the day after. Without an hour: noon of the day after.
    """
    hour = NOON if usual_hour is None else usual_hour
    day = period.end if hour >= AFTERNOON else period.end + timedelta(days=1)
    return datetime.combine(day, time(hour)) + grace


def judge(
    cadence: str,
    reported: Iterable[Period],
    *,
    now: datetime,
    expected_from: date,
    usual_hour: int | None = None,
    closed: Sequence[tuple[date, date | None]] = (),
    after: int = 1,
    grace: timedelta = timedelta(0),
) -> Silence:
    """Judge one stream of reports (one crossing, one measure) at the local time `now` (its zone is dropped).

    cadence: day, week, month or year. reported: the periods of which any value, zero included, is known.
    closed: spans of days (last one None: until further notice); a period is not expected when all its
    days are closed. after: missed periods in a row that make a silence. grace: time allowed after the
    usual hour. Raises ValueError for `after` below 1.
    """
    if after < 1:
        raise ValueError("A silence takes at least one missed period.")
    now = now.replace(tzinfo=None)
    known = set(reported)
    last = max(known, default=None)
    past: list[Period] = []
    upcoming: Period | None = None
    for period in between(cadence, expected_from, now.date()):
        if not _open(period, closed):
            continue
        if due(period, usual_hour=usual_hour, grace=grace) <= now:
            past.append(period)
        elif upcoming is None and period not in known:
            upcoming = period
    missing = tuple(period for period in past if period not in known)
    # A report on a later period ends the silence, also one that came before it was due.
    run = [period for period in missing if last is None or period.start > last.start]
    if upcoming is None:
        upcoming = _following(cadence, now.date(), expected_from, known, closed)
    next_due = due(upcoming, usual_hour=usual_hour, grace=grace) if upcoming else None
    return Silence(
        state=_state(run, last, after, expected=_expected(cadence, now.date(), expected_from, closed)),
        missed=len(run),
        since=run[0] if run else None,
        missing=missing,
        last=last,
        next_due=next_due,
    )


def _state(run: Sequence[Period], last: Period | None, after: int, *, expected: bool) -> str:
    if len(run) >= after:
        return "silent" if last else "never"
    if not expected:
        return "not_expected"
    return "late" if run else "reporting"


def _expected(cadence: str, today: date, expected_from: date, closed: Sequence[tuple[date, date | None]]) -> bool:
    """Whether the running period is one that will have to be reported."""
    period = containing(cadence, today)
    return period.end >= expected_from and _open(period, closed)


def _open(period: Period, closed: Sequence[tuple[date, date | None]]) -> bool:
    """A period is open when at least one of its days is."""
    if not closed:
        return True
    return any(
        not any(first <= day and (last is None or day <= last) for first, last in closed)
        for day in (period.start + timedelta(days=ahead) for ahead in range(period.days))
    )


def _following(
    cadence: str, today: date, expected_from: date, known: set[Period], closed: Sequence[tuple[date, date | None]]
) -> Period | None:
    """The next period to be reported; None when the crossing stays closed."""
    period = containing(cadence, max(today, expected_from))
    ends = [period.end, *(last for _, last in closed if last is not None), *(one.end for one in known)]
    while period.start <= max(ends) + timedelta(days=1):
        if period not in known and _open(period, closed):
            return period
        period = period.next()
    return None
