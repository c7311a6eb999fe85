"""From answers to plain figures and events. Nothing is guessed: what cannot be placed is a failure with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from pasaj.core import numbers
from pasaj.core.meaning.answers import Answers
from pasaj.core.meaning.declaration import (
    FigurePick,
    IncidentPick,
    Meaning,
    OutcomePick,
    PeriodPick,
    Pick,
    QuantityPick,
    StatusPick,
    Test,
)
from pasaj.core.periods import Period, span
from pasaj.core.problems import Problem, Refused, problem

Made = TypeVar("Made")
WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `value` is None when `state` is "na": the place does not have this."""

    position: str
    place: str
    period: Period
    measure: str
    category: str
    direction: str
    source: str
    value: Decimal | None
    state: str
    quality: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuantityOut:
    """One number of an event: how much of what, in which unit."""

    what: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class EventOut:
    """One incident or sea event, with its own place and period."""

    position: str
    type: str
    place: str
    period: Period
    quantities: tuple[QuantityOut, ...]
    source: str
    detecting: str = ""
    hours_to_referral: Decimal | None = None
    corridor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusOut:
    """What one side of a crossing is since when: open, partly, closed, no_control."""

    position: str
    place: str
    side: str
    state: str
    since: date
    until: date | None = None
    cause: str = ""
    hours: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeOut:
    """A row for the app above: its kind and the answers it asked for, ready for JSON."""

    position: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of the answers that could not be used, and why."""

    position: str
    kind: str  # observation, incident, crossing_status, or the outcome's own
    problem: Problem


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything that the answers of one form became."""

    figures: tuple[Figure, ...] = ()
    incidents: tuple[EventOut, ...] = ()
    status: tuple[StatusOut, ...] = ()
    outcomes: tuple[OutcomeOut, ...] = ()
    failures: tuple[Failure, ...] = ()


def derive(meaning: Meaning, answers: Answers) -> Derived:
    """Everything that the answers say, and everything that stands in the way. Never raises.

    A blank answer is "not reported" unless the form says explicitly that there is nothing to report (`zero`).
    """
    failures: list[Failure] = []
    zero = meaning.zero is not None and _holds(meaning.zero, answers)
    figures: list[Figure] = []
    for figure in meaning.figures:
        for turn, where in _turns(figure.each, figure.when, answers):
            position = f"{where}{figure.question}{_category_mark(meaning, figure)}"
            made = _try(failures, position, "observation", partial(_figure, meaning, figure, turn, position, zero))
            figures += [made] if made else []
    incidents, status, outcomes = _events(meaning, answers, failures)
    return Derived(tuple(figures), incidents, status, outcomes, tuple(failures))


def place_of(meaning: Meaning, answers: Answers) -> str:
    """The code of the place that the form as a whole speaks of; empty when it names none."""
    try:
        return _value(meaning.place, answers)
    except Refused:
        return ""


def day_of(meaning: Meaning, answers: Answers) -> date | None:
    """The first day that the form as a whole speaks of, if it names one."""
    try:
        return _period(meaning.period, answers).start
    except Refused:
        return None


def _events(
    meaning: Meaning, answers: Answers, failures: list[Failure]
) -> tuple[tuple[EventOut, ...], tuple[StatusOut, ...], tuple[OutcomeOut, ...]]:
    incidents, status, outcomes = [], [], []
    for at, event in enumerate(meaning.incidents, start=1):
        for turn, where in _turns(event.each, event.when, answers):
            position = where.rstrip(".") or f"incident[{at}]"
            incidents.append(_try(failures, position, "incident", partial(_incident, meaning, event, turn, position)))
    for at, report in enumerate(meaning.status, start=1):
        for turn, where in _turns(report.each, report.when, answers):
            position = where.rstrip(".") or f"status[{at}]"
            status.append(
                _try(failures, position, "crossing_status", partial(_status, meaning, report, turn, position))
            )
    for at, row in enumerate(meaning.outcomes, start=1):
        for turn, where in _turns(row.each, row.when, answers):
            position = where.rstrip(".") or f"outcome[{at}]"
            outcomes.append(_try(failures, position, row.kind, partial(_outcome, meaning, row, turn, position)))
    return (
        tuple(one for one in incidents if one),
        tuple(one for one in status if one),
        tuple(one for one in outcomes if one),
    )


def _try(failures: list[Failure], position: str, kind: str, make: Callable[[], Made | None]) -> Made | None:
    try:
        return make()
    except Refused as refused:
        failures += [Failure(position, kind, one) for one in refused.problems]
        return None


def _turns(each: str, when: Test | None, answers: Answers) -> Iterator[tuple[Answers, str]]:
    """The rounds of answers that a part of the declaration speaks of, each with the start of its position."""
    if not each:
        rounds = [(answers, "")]
    else:
        rounds = [(turn, f"{each}[{number}].") for number, turn in enumerate(answers.each(each), start=1)]
    return ((turn, where) for turn, where in rounds if when is None or _holds(when, turn))


def _category_mark(meaning: Meaning, figure: FigurePick) -> str:
    """A question that feeds two figures needs two positions."""
    same = [one for one in meaning.figures if one.question == figure.question]
    return "" if len(same) == 1 else f"#{same.index(figure) + 1}"


def _figure(meaning: Meaning, figure: FigurePick, answers: Answers, position: str, zero: bool) -> Figure | None:
    absent = figure.not_applicable is not None and _holds(figure.not_applicable, answers)
    written = answers.get(figure.question) or ""
    if not written and not absent and not zero:
        return None
    return Figure(
        position=position,
        place=_needed(meaning.place, answers),
        period=_period(meaning.period, answers),
        measure=_needed(figure.measure, answers),
        category=_value(figure.category, answers) or "total",
        direction=figure.direction,
        source=_needed(meaning.source, answers),
        value=None if absent else _number(written or "0", figure.question),
        state="na" if absent else "reported",
        quality=_needed(meaning.quality, answers),
        note=answers.get(meaning.note) or "" if meaning.note else "",
    )


def _incident(meaning: Meaning, event: IncidentPick, answers: Answers, position: str) -> EventOut:
    hours = answers.get(event.hours_to_referral) if event.hours_to_referral else ""
    quantities = [one for pick in event.quantities for one in _quantities(pick, answers)]
    return EventOut(
        position=position,
        type=_needed(event.type, answers),
        place=_needed(event.place if event.place.given else meaning.place, answers),
        period=_period(event.period or meaning.period, answers),
        quantities=tuple(quantities),
        source=_needed(event.source if event.source.given else meaning.source, answers),
        detecting=_value(event.detecting, answers),
        hours_to_referral=_number(hours, event.hours_to_referral) if hours else None,
        corridor=_value(event.corridor, answers),
        note=answers.get(event.note) or "" if event.note else "",
    )


def _quantities(pick: QuantityPick, answers: Answers) -> Iterator[QuantityOut]:
    for turn, _where in _turns(pick.each, pick.when, answers):
        written = turn.get(pick.question) or ""
        if written:
            yield QuantityOut(_needed(pick.what, turn), _number(written, pick.question), _value(pick.unit, turn))


def _status(meaning: Meaning, status: StatusPick, answers: Answers, position: str) -> StatusOut | None:
    state = _value(status.state, answers)
    if not state:
        return None
    until = answers.get(status.until) if status.until else ""
    return StatusOut(
        position=position,
        place=_needed(status.place if status.place.given else meaning.place, answers),
        side=_needed(status.side, answers),
        state=state,
        since=_date(status.since, answers),
        until=_date(status.until, answers) if until else None,
        cause=_value(status.cause, answers),
        hours=answers.get(status.hours) or "" if status.hours else "",
        source=_value(status.source if status.source.given else meaning.source, answers),
        note=answers.get(status.note) or "" if status.note else "",
    )


def _outcome(meaning: Meaning, row: OutcomePick, answers: Answers, position: str) -> OutcomeOut:
    """What was not answered is left out. A key with points ("counts.deported") stands in a table of its own."""
    data: dict[str, Any] = {}
    for key, pick in row.data.items():
        value = _value(pick, answers)
        if value:
            *tables, last = key.split(".")
            here = data
            for name in tables:
                here = here.setdefault(name, {})
            here[last] = _typed(value, "" if pick.words else _kind(meaning, pick.question))
    return OutcomeOut(position, row.kind, data)


def _kind(meaning: Meaning, question: str) -> str:
    found = meaning.kinds.get(question)
    named = (kind for path, kind in meaning.kinds.items() if path.rpartition("/")[2] == question)
    return found or next(named, "")


def _typed(value: str, kind: str) -> Any:
    """Whole numbers as numbers, moments as the phone's own clock showed them: to the minute, without a zone."""
    if kind == "integer" and WHOLE.fullmatch(value):
        return int(value)
    if kind == "datetime":
        return value[:16]
    return value


def _holds(test: Test, answers: Answers) -> bool:
    """Several choices of one question stand in one answer, with spaces between them."""
    return bool(test.answers.intersection((answers.get(test.question) or "").split() or [""]))


def _value(pick: Pick, answers: Answers) -> str:
    """A picked value, "" when it was not answered. Raises Refused MEANING-007 for an answer without a word."""
    if not pick.question:
        return pick.constant
    written = answers.get(pick.question) or ""
    if not written or not pick.words:
        return written
    if written not in pick.words:
        raise Refused(problem("MEANING-007", value=written, question=pick.question))
    return pick.words[written]


def _needed(pick: Pick, answers: Answers) -> str:
    found = _value(pick, answers)
    if not found:
        raise Refused(problem("MEANING-006", question=pick.question))
    return found


def _number(written: str, question: str) -> Decimal:
    """Forms write numbers with a point, whatever the language of the phone."""
    try:
        return numbers.read(written, decimal=".")
    except Refused as refused:
        raise Refused(*(one.at("", None, question) for one in refused.problems)) from refused


def _period(pick: PeriodPick, answers: Answers) -> Period:
    if pick.day:
        day = _date(pick.day, answers)
        return Period(day, day)
    start, end = _date(pick.start, answers), _date(pick.end, answers)
    if end < start:
        raise Refused(problem("OBS-001", column=pick.end, value=end.isoformat(), example=start.isoformat()))
    return span(start, end)


def _date(question: str, answers: Answers) -> date:
    """The day of a date, or of a date with time as the phone's own clock showed it."""
    written = (answers.get(question) if question else "") or ""
    if not written:
        raise Refused(problem("MEANING-006", question=question))
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise Refused(problem("OBS-001", column=question, value=written, example="2026-02-28")) from error
