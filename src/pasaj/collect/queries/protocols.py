"""Return operations as forms reported them, judged by a protocol of the pack. Nothing of this is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from pasaj.access.rules import Actor, may, policy, visible
from pasaj.collect.models import Outcome, Submission
from pasaj.core import periods
from pasaj.core import protocol as core
from pasaj.core.pack.days import falls_on
from pasaj.core.problems import Problem
from pasaj.core.protocol.judging import Day
from pasaj.registry.models import Area, CalendarRule, CrossingPoint, Post, Protocol
from pasaj.watch.models import TOTAL, Observation

KIND = "return_operation"
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """First and last month shown, both included."""

    first: periods.Period
    last: periods.Period

    @property
    def text(self) -> str:
        return f"{self.first.text}..{self.last.text}"


@dataclass(frozen=True, slots=True)
class Line:
    """One operation with its verdicts and the submission it came from; what could not be read stands in `problems`."""

    judged: core.Judged
    receipt: str
    simulated: bool
    problems: tuple[Problem, ...] = ()

    def finding(self, clause: str) -> core.Finding | None:
        """What was found by one clause; None where the protocol does not speak of the operation."""
        return next((one for one in self.judged.findings if one.clause == clause), None)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a place and a month, a cell a clause (None: nothing was judged), and what it left out."""

    place: str
    name: str
    month: str
    cells: Sequence[tuple[core.Clause, core.Cell | None]]
    operations: int
    outside: int

    @property
    def when(self) -> date | None:
        """The first day of the month."""
        return date.fromisoformat(f"{self.month}-01") if self.month else None


@dataclass(frozen=True, slots=True)
class Table:
    protocol: core.Protocol
    rows: Sequence[Row]
    lines: Sequence[Line]
    unread: int = 0
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def simulated(self) -> bool:
        """Whether a simulated report is behind any cell."""
        return any(one.simulated for one in self.lines)


def protocols(actor: Actor) -> QuerySet[Protocol]:
    """The protocols whose table `actor` may ask for."""
    rows = Protocol.objects.filter(policy(Protocol, "judge", actor), retired_at=None)
    return rows.order_by("code")


def may_judge(actor: Actor) -> bool:
    """Whether `actor` may ask for such tables at all, with or without a protocol in the pack."""
    return may(actor, "judge", Protocol)


def parsed(row: Protocol) -> core.Protocol:
    """The protocol of a row."""
    return replace(
        core.of(row.code, row.names, row.parameters), instrument=row.instrument, source=row.source, verify=row.verify
    )


def outcomes(actor: Actor, window: Window) -> QuerySet[Outcome]:
    """The operations of submissions that count and whose answers `actor` may read, in the order they came.

    Nothing happens after it was reported, so that older submissions need not be asked.
    """
    readable = Submission.objects.filter(policy(Submission, "read", actor), state=Submission.State.RECEIVED)
    counted = readable.exclude(review=Submission.Review.REJECTED)
    return Outcome.objects.filter(
        kind=KIND,
        state__in=(Outcome.State.DONE, Outcome.State.WAITING),
        version__submission__in=counted,
        version__submission__current=F("version"),
        version__submission__received_at__gte=_midnight(window.first.start - ONE),
    ).order_by("version__submission__received_at", "pk")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC"))


def table(row: Protocol, actor: Actor, window: Window) -> Table:
    """Verdicts by place and month. Operations without a day are in it, whatever the window."""
    protocol = parsed(row)
    places, names = _places()
    lines = [one for one in _read(protocol, actor, window, places) if _within(one.judged.operation, window)]
    operations = [one.judged.operation for one in lines]
    judged = core.judge_all(operations, protocol, _facts(protocol, operations, actor))
    lines = [replace(line, judged=one) for line, one in zip(lines, judged, strict=True)]
    return Table(
        protocol=protocol,
        rows=_rows(protocol, judged, names),
        lines=lines,
        unread=sum(1 for one in lines if one.problems),
        places=names,
    )


def _within(operation: core.Operation, window: Window) -> bool:
    return operation.day is None or window.first.start <= operation.day <= window.last.end


def _places() -> tuple[dict[str, core.Place], dict[str, str]]:
    """Every place of the pack, retired ones too: reports keep naming them."""
    found: dict[str, core.Place] = {}
    names: dict[str, str] = {}
    for area in Area.objects.all():
        found[area.code], names[area.code] = core.Place("area"), str(area)
    for one in CrossingPoint.objects.all():
        found[one.code], names[one.code] = core.Place("crossing", one.kind, one.counterpart_country), one.name
    return found, names


def _read(protocol: core.Protocol, actor: Actor, window: Window, places: Mapping[str, core.Place]) -> Iterable[Line]:
    """Operations not judged yet."""
    agreed = [parsed(row) for row in Protocol.objects.filter(retired_at=None)] or [protocol]
    questions, categories = core.answers(agreed), core.categories(agreed)
    rows = outcomes(actor, window).values_list("pk", "data", "version__submission__receipt", "version__submission__via")
    for pk, data, receipt, via in rows:
        operation, problems = core.read(data, places=places, questions=questions, categories=categories, key=str(pk))
        yield Line(core.Judged(operation, "unknown", None, ()), receipt, via == "demo", problems)


def _facts(protocol: core.Protocol, operations: Sequence[core.Operation], actor: Actor) -> core.Facts:
    days = {day for one in operations if one.day for day in (one.day - ONE, one.day, one.day + ONE)}
    return core.Facts(
        clocks=core.Clocks(ZoneInfo(protocol.receiving.timezone), ZoneInfo(protocol.handing.timezone)),
        calendars=calendars({one for clause in protocol.clauses for one in clause.holidays}, days),
        posts=_posts(),
        announced=_announced({clause.measure for clause in protocol.clauses if clause.measure}, days, actor),
    )


def calendars(countries: Iterable[str], days: Collection[date]) -> dict[str, core.Calendar]:
    """The holidays among `days`, by country. A country without any rule is left out: not known.

    Single dates (movable holidays) are written down year by year: other years are not fully known.
    """
    rules = list(
        CalendarRule.objects.filter(kind="holiday", retired_at=None, crossing=None).values_list("country", "rule")
    )
    found: dict[str, core.Calendar] = {}
    for country in countries:
        own = [rule for owner, rule in rules if owner == country]
        if own:
            known = [*own, *(rule for owner, rule in rules if not owner)]
            dated = {exact.start.year for rule in own if (exact := periods.parse(rule, "day"))}
            holidays = frozenset(day for day in days if any(falls_on(rule, day) for rule in known))
            found[country] = core.Calendar(holidays, frozenset(dated) if dated else None)
    return found


def _posts() -> dict[str, frozenset[str]]:
    """Institutions with a post, by crossing: that there is one is no secret, what it reports may be."""
    found: dict[str, set[str]] = {}
    rows = Post.objects.filter(retired_at=None).values_list("crossing__code", "institution__code")
    for crossing, institution in rows:
        found.setdefault(crossing, set()).add(institution)
    return {crossing: frozenset(codes) for crossing, codes in found.items()}


def _announced(measures: Collection[str], days: Collection[date], actor: Actor) -> dict[str, dict[Day, int]]:
    """Persons on lists, by measure, crossing and day. Where two sources differ, neither is taken."""
    told: dict[str, dict[Day, set[int]]] = {}
    if measures and days:
        rows = visible(Observation.objects.current(), actor).filter(
            Q(series__measure__code__in=measures, series__category=TOTAL, series__crossing__isnull=False),
            state=Observation.State.REPORTED,
            period_start=F("period_end"),
            period_start__range=(min(days), max(days)),
        )
        for measure, crossing, day, value in rows.values_list(
            "series__measure__code", "series__crossing__code", "period_start", "value"
        ):
            told.setdefault(measure, {}).setdefault((crossing, day), set()).add(int(value or 0))
    return {
        measure: {day: found.pop() for day, found in by_day.items() if len(found) == 1}
        for measure, by_day in told.items()
    }


def _rows(protocol: core.Protocol, judged: Sequence[core.Judged], names: Mapping[str, str]) -> list[Row]:
    """Places by name, the latest month first; what has no place or no month comes last."""
    summary = core.summarise(judged)
    found = [
        Row(
            place=place,
            name=names.get(place, place),
            month=month,
            cells=[(clause, summary.cells.get((place, month), {}).get(clause.code)) for clause in protocol.clauses],
            operations=next((cell.n for cell in summary.cells.get((place, month), {}).values()), 0),
            outside=summary.outside.get((place, month), 0),
        )
        for place, month in {**summary.cells, **summary.outside}
    ]
    found.sort(key=lambda row: row.month, reverse=True)
    found.sort(key=lambda row: (not row.place, row.name, row.place, not row.month))
    return found
