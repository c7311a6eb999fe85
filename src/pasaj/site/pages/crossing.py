"""Crossings: the list, and one crossing with all that is known of it. Works without scripts and weighs little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pasaj.access.rules import can, may, policy, visible
from pasaj.core.pack.days import falls_on
from pasaj.core.usual import Usual
from pasaj.registry import queries as registry
from pasaj.registry.models import CalendarRule, CrossingPoint, Post
from pasaj.registry.queries import Request
from pasaj.site.pages import svg
from pasaj.site.pages.maps import board_of
from pasaj.watch.models import TOTAL, Cadence, Incident, Observation, Series, Signal
from pasaj.watch.queries import incidents, ranges, status, texts
from pasaj.watch.queries import signals as queries
from pasaj.watch.queries.board import weeks
from pasaj.watch.queries.series import usual_days

DAYS = 28
BACK = 14  # earlier days that the usual range of the first one looks at
AHEAD = 14  # days of the calendar shown
SIGNALS = 10
INCIDENTS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One series of a crossing on its page: the last days' figures and the small chart."""

    series: Series
    today: Observation | None
    yesterday: Observation | None
    usual: Usual | None  # of yesterday
    chart: SafeString
    simulated: bool


def crossing_list(request: Request) -> HttpResponse:
    board = board_of(request)
    may_report = policy(CrossingPoint, "report", request.actor)
    context = {
        "board": board,
        "yesterday": board.days[-1],
        "may_enter": set(CrossingPoint.objects.filter(may_report).values_list("pk", flat=True)),
    }
    return render(request, "site/pages/crossing_list.html", context)


def crossing(request: Request, code: str) -> HttpResponse:
    rows = CrossingPoint.objects.select_related("area__parent")
    row = get_object_or_404(visible(rows, request.actor), code=code)
    today = request.now.date()
    board = board_of(request, crossing=code)
    signals = list(queries.by_urgency(queries.related(visible(row.signals.all(), request.actor)))[:SIGNALS])
    figures = _rows(request, row, today)
    context = {
        "crossing": row,
        "line": board.lines[0] if board.lines else None,
        "board": board,
        "weeks": weeks(board.days),
        "today": today,
        "yesterday": today - timedelta(days=1),
        "rows": figures,
        "simulated": board.simulated or any(one.simulated for one in figures),
        "silent": {one.post.pk: one for one in board.silent},
        "posts": registry.posts(request.actor).filter(crossing=row),
        "signals": [queries.line(one) for one in signals],
        "sides": status.standing(row, today, request.now, request.actor),
        "incidents": [(one, incidents.shown(one)) for one in _incidents(request, row)],
        "may_record": may(request.actor, "record", Incident),
        "may_call": may(request.actor, "call", Post),
        "calendar": _calendar(request, row, today),
        "located": row.pk in registry.located(request.actor),
        "well_known": can(request.actor, "locate", row),
        "may_enter": can(request.actor, "report", row),
        "copied": _copied(request, row, figures, today),
        "sources": {one.series.source for one in figures},
    }
    return render(request, "site/pages/crossing.html", context)


def _copied(
    request: Request, row: CrossingPoint, figures: Sequence[Row], today: date
) -> tuple[date, list[texts.Line]] | None:
    """The counts of the last day that has any, of the last two, as text to copy."""
    day = today if any(one.today for one in figures) else today - timedelta(days=1)
    lines = texts.lines(request.actor, texts.vocabulary(request.actor), row, day, today)
    return (day, lines) if lines else None


def _incidents(request: Request, crossing: CrossingPoint) -> list[Incident]:
    """The last incidents here. Two queries."""
    return list(incidents.find(request.actor, incidents.Filter(place=crossing.code))[:INCIDENTS])


def _rows(request: Request, crossing: CrossingPoint, today: date) -> list[Row]:
    """The crossing's daily series, whole figures only, each with its last days. Three queries."""
    first = today - timedelta(days=DAYS + BACK)
    wanted = visible(Observation.objects.current(), request.actor).filter(
        series__crossing=crossing,
        series__cadence=Cadence.DAY,
        series__category=TOTAL,
        period_start__gte=first,
        period_start__lte=today,
        state=Observation.State.REPORTED,
    )
    found: dict[Series, dict[date, Observation]] = defaultdict(dict)
    for one in wanted.select_related("series__measure", "series__source"):
        found[one.series][one.period_start] = one
    marks = _marks(request, crossing, first)
    ordered = sorted(found, key=lambda one: (one.measure.order, one.direction, one.source.code))
    usual = usual_days([one.pk for one in ordered], request.actor, first, today, request.home.detect)
    return [
        _row(request, series, _Days(found[series], marks.get(series.pk, set()), usual.get(series.pk, {})), today)
        for series in ordered
    ]


@dataclass(frozen=True, slots=True)
class _Days:
    """One series by day: figures, days with a signal, and what detection found usual."""

    known: Mapping[date, Observation]
    marks: set[date]
    usual: Mapping[date, Usual]


def _marks(request: Request, crossing: CrossingPoint, first: date) -> dict[int, set[date]]:
    rows = visible(
        Signal.objects.filter(crossing=crossing, kind=Signal.Kind.UNUSUAL, period_start__gte=first), request.actor
    ).exclude(state=Signal.State.DISCARDED)
    found: dict[int, set[date]] = defaultdict(set)
    for series, day in rows.values_list("series", "period_start"):
        found[series].add(day)
    return found


def _row(request: Request, series: Series, told: _Days, today: date) -> Row:
    known = told.known
    days = [today - timedelta(days=back) for back in range(DAYS + BACK, 0, -1)]
    values = [float(known[day].value or 0) if day in known else None for day in days]
    simple = ranges.usual(values, request.home.detect)  # of days that detection has not looked at yet
    usual = [told.usual.get(day, one) for day, one in zip(days, simple, strict=True)]
    shown = days[BACK:]
    marked = [at for at, day in enumerate(shown) if day in told.marks]
    return Row(
        series=series,
        today=known.get(today),
        yesterday=known.get(today - timedelta(days=1)),
        usual=usual[-1],
        chart=svg.spark(values[BACK:], usual[BACK:], marked, _spoken(shown, values[BACK:], len(marked))),
        simulated=any(one.origin == "demo" or one.quality == "simulated" for one in known.values()),
    )


def _spoken(days: Sequence[date], values: Sequence[float | None], marked: int) -> str:
    """The small chart in words."""
    known = [value for value in values if value is not None]
    if not known:
        return _("Nothing reported in the last %(days)s days") % {"days": len(days)}
    return _("Last %(days)s days: %(known)s reported, from %(low)s to %(high)s, %(marked)s unusual") % {
        "days": len(days),
        "known": len(known),
        "low": queries.number(min(known)),
        "high": queries.number(max(known)),
        "marked": marked,
    }


def _calendar(request: Request, crossing: CrossingPoint, today: date) -> list[tuple[date, list[CalendarRule]]]:
    """Market days and holidays of the days ahead. One query."""
    rules = list(registry.calendar(request.actor).filter(Q(crossing=None) | Q(crossing=crossing)))
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD)]
    found: list[tuple[date, list[CalendarRule]]] = []
    for day in days:
        special = [rule for rule in rules if falls_on(rule.rule, day)]
        if special:
            found.append((day, special))
    return found
