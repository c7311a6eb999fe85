"""The rule `hours`: allowed at some hours, at fewer on some weekdays and holidays, by the clocks of both sides.

Each clock and each reading of the holidays is judged by itself. Where they differ the verdict is disputed;
where something needed is not known and would matter, it is unknown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from pasaj.core.protocol.shapes import Calendar, Clause, Clocks, Finding, Operation, Reason

_FOLDS = (0, 1)


@dataclass(frozen=True, slots=True)
class _Cell:
    """What one clock and one reading say: allowed, not allowed, or one reason why it cannot be said."""

    side: str
    reading: str
    allowed: frozenset[bool]
    doubt: Reason | None


def judge(clause: Clause, operation: Operation, clocks: Clocks, calendars: Mapping[str, Calendar]) -> Finding:
    """The verdict by both clocks and all readings."""
    moments = _moments(operation, clocks)
    if moments is None:
        return Finding(clause.code, "unknown", (Reason("no_time"),))
    readings = ("either", "common") if clause.holiday_reading == "disputed" else (clause.holiday_reading,)
    cells = [
        _cell(clause, side, reading, moments[side], calendars)
        for side in ("receiving", "handing")
        for reading in readings
    ]
    shown = {side: f"{min(found):%Y-%m-%d %H:%M}" for side, found in moments.items()}
    for cell in cells:
        if cell.doubt is not None:
            return Finding(clause.code, "unknown", (cell.doubt,))
    allowed = {(cell.side, cell.reading): True in cell.allowed for cell in cells}
    if len(set(allowed.values())) == 1:
        met = allowed["receiving", readings[0]]
        reason = Reason("in_hours" if met else "out_of_hours", shown)
        return Finding(clause.code, "compliant" if met else "breach", (reason,))
    return Finding(clause.code, "disputed", tuple(_differences(allowed, readings, shown)))


def _differences(
    allowed: Mapping[tuple[str, str], bool], readings: tuple[str, ...], shown: Mapping[str, str]
) -> Iterator[Reason]:
    """Which of the two things makes a difference: the clocks, the reading of the holidays, or both."""
    if any(allowed["receiving", one] != allowed["handing", one] for one in readings):
        yield Reason("clocks_differ", shown)
    for side in ("receiving", "handing"):
        if len({allowed[side, one] for one in readings}) > 1:
            yield Reason("holiday_differs", {"day": shown[side][:10]})
            return


def _moments(operation: Operation, clocks: Clocks) -> dict[str, set[datetime]] | None:
    """Local times by side. A side that was not told follows from the other; one hour a year this gives two."""
    here, there = operation.at, operation.handed_at
    if here is not None:
        other = {there} if there is not None else _elsewhere(here, clocks.receiving, clocks.handing)
        return {"receiving": {here}, "handing": other}
    if there is not None:
        return {"receiving": _elsewhere(there, clocks.handing, clocks.receiving), "handing": {there}}
    return None


def _elsewhere(local: datetime, here: tzinfo, there: tzinfo) -> set[datetime]:
    """The same moment on the other clock, both ways where the first clock was put back or forward."""
    found = (local.replace(tzinfo=here, fold=fold).astimezone(there) for fold in _FOLDS)
    return {one.replace(tzinfo=None, fold=0) for one in found}


def _cell(clause: Clause, side: str, reading: str, moments: set[datetime], calendars: Mapping[str, Calendar]) -> _Cell:
    allowed: set[bool] = set()
    doubt: Reason | None = None
    for moment in sorted(moments):
        options = _holiday(clause, reading, moment.date(), calendars)
        found = {_allowed(clause, moment, holiday=option) for option in options}
        if len(found) > 1:
            doubt = _unknown_days(clause, moment.date(), calendars)
        allowed |= found
    if len(allowed) > 1 and doubt is None:
        doubt = Reason("clock_change")
    return _Cell(side, reading, frozenset(allowed), doubt)


def _allowed(clause: Clause, moment: datetime, *, holiday: bool) -> bool:
    """Whether the minute lies in the window of its day. A clause without hours forbids them all."""
    short = holiday or moment.weekday() in clause.short_weekdays
    window = clause.short_hours if short else clause.hours
    return window is not None and window[0] <= moment.time().replace(second=0, microsecond=0) <= window[1]


def _holiday(clause: Clause, reading: str, day: date, calendars: Mapping[str, Calendar]) -> tuple[bool, ...]:
    """Whether the day counts as a holiday: one answer, or both when a calendar does not say."""
    told = [_told(country, day, calendars) for country in clause.holidays]
    decisive = reading == "either"
    if not told:
        return (False,)
    if decisive in told:
        return (decisive,)
    return (False, True) if None in told else (not decisive,)


def _told(country: str, day: date, calendars: Mapping[str, Calendar]) -> bool | None:
    calendar = calendars.get(country)
    return calendar.holiday(day) if calendar is not None else None


def _unknown_days(clause: Clause, day: date, calendars: Mapping[str, Calendar]) -> Reason:
    silent = [country for country in clause.holidays if _told(country, day, calendars) is None]
    return Reason("no_calendar", {"countries": ", ".join(silent), "year": day.year})
