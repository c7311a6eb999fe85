"""Periods: a day, an ISO week, a month, a year, or a span of days. Both ends belong to the period."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TYPES = ("day", "week", "month", "year", "span")
FIRST_YEAR, LAST_YEAR = 1800, 2200
EXAMPLES = {
    "day": "2026-02-28",
    "week": "2026-W07",
    "month": "2026-02",
    "year": "2026",
    "span": "2026-02-01..2026-02-28",
}

_YEAR = re.compile(r"(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII | re.IGNORECASE)
_DIRECTIVE = re.compile(r"%(.)")
# The words a person writes in a mapping, and what they mean.
_WORDS = (("YYYY", "%Y"), ("YY", "%y"), ("MM", "%m"), ("DD", "%d"))
# What each type of period must say, in one of these sets of directives.
_ENOUGH = {
    "day": ({"d", "m", "Y"}, {"d", "m", "y"}, {"j", "Y"}),
    "week": ({"G", "V"}, {"d", "m", "Y"}, {"d", "m", "y"}),
    "month": ({"m", "Y"}, {"m", "y"}),
    "year": ({"Y"}, {"y"}),
    "span": ({"d", "m", "Y"}, {"d", "m", "y"}),
}
_KNOWN = set("dmYyjGVuHMS%")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day (inclusive) and the type of the period; ordered by its days."""

    start: date
    end: date
    type: str = "day"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def text(self) -> str:
        """The canonical form: 2026-02-28, 2026-W07, 2026-02, 2026 or first..last."""
        if self.type == "day":
            return self.start.isoformat()
        if self.type == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year:04}-W{week:02}"
        if self.type == "month":
            return f"{self.start:%Y-%m}"
        if self.type == "year":
            return f"{self.start:%Y}"
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    def __str__(self) -> str:
        return self.text

    def next(self) -> "Period":
        """The period of the same type that follows; a span is followed by one of equal length."""
        if self.type == "span":
            return span(self.end + timedelta(days=1), self.end + timedelta(days=self.days))
        return containing(self.type, self.end + timedelta(days=1))

    def previous(self) -> "Period":
        """The period of the same type just before."""
        if self.type == "span":
            return span(self.start - timedelta(days=self.days), self.start - timedelta(days=1))
        return containing(self.type, self.start - timedelta(days=1))


def span(start: date, end: date) -> Period:
    """A span of days. Raises ValueError when it ends before it begins."""
    if end < start:
        raise ValueError(f"{end} is before {start}.")
    return Period(start, end, "span")


def containing(type: str, day: date) -> Period:
    """The day, ISO week, month or year that holds `day`. Raises ValueError for another type."""
    if type == "day":
        return Period(day, day, "day")
    if type == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6), "week")
    if type == "month":
        last = monthrange(day.year, day.month)[1]
        return Period(day.replace(day=1), day.replace(day=last), "month")
    if type == "year":
        return Period(date(day.year, 1, 1), date(day.year, 12, 31), "year")
    raise ValueError(f"No period of type {type} follows from a day.")


def between(type: str, first: date, last: date) -> Iterator[Period]:
    """Every period of a type that has a day in first..last, in order."""
    if first > last:
        return
    period = containing(type, first)
    while period.start <= last:
        yield period
        period = period.next()


def parse(text: str, type: str = "") -> Period | None:
    """Read a canonical form; `type` asks for one sort. None for anything else, dates that do not exist included."""
    text = text.strip()
    first, dots, second = text.partition("..")
    if dots:
        start, end = parse(first), parse(second)
        if start is None or end is None or end.end < start.start:
            return None
        found: Period | None = span(start.start, end.end)
    else:
        found = _single(text)
    if found is None or type in ("", found.type):
        return found
    # A day is a span of one day; a day also names the week it lies in.
    if type == "span":
        return span(found.start, found.end)
    if type == "week" and found.type == "day":
        return containing("week", found.start)
    return None


def _single(text: str) -> Period | None:
    try:
        if match := _DAY.fullmatch(text):
            return _bounded(containing("day", date(int(match[1]), int(match[2]), int(match[3]))))
        if match := _WEEK.fullmatch(text):
            return _bounded(containing("week", date.fromisocalendar(int(match[1]), int(match[2]), 1)))
        if match := _MONTH.fullmatch(text):
            return _bounded(containing("month", date(int(match[1]), int(match[2]), 1)))
        if match := _YEAR.fullmatch(text):
            return _bounded(containing("year", date(int(match[1]), 1, 1)))
    except ValueError:
        return None
    return None


def _bounded(period: Period) -> Period | None:
    return period if FIRST_YEAR <= period.start.year <= LAST_YEAR else None


def pattern(format: str, type: str) -> str | None:
    """A date format as `read` takes it, from `DD/MM/YYYY` or `%d/%m/%Y`; None when it cannot give a `type`."""
    for word, directive in _WORDS:
        format = format.replace(word, directive)
    named = [directive for directive in _DIRECTIVE.findall(format) if directive != "%"]
    used = set(named)
    if format.endswith("%") or used - _KNOWN or type not in _ENOUGH or len(named) > len(used):
        return None
    if not any(enough <= used for enough in _ENOUGH[type]):
        return None
    return format


def read(text: str, type: str, pattern: str = "") -> Period | None:
    """Read a cell as a period of `type`: by `pattern` (see above) where given, else the canonical form."""
    if not pattern:
        return parse(text, type)
    if "%G" in pattern and "%u" not in pattern:
        pattern, text = f"{pattern} %u", f"{text} 1"
    try:
        # The day is all that is kept: no zone can move it.
        moment = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007
    except ValueError:
        return None
    day = moment.date()
    if type == "span":
        return _bounded(span(day, day))
    return _bounded(containing(type, day))
