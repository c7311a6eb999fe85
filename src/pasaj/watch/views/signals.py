"""Signals: the list, one signal with its inputs, and what people do with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, may, visible
from pasaj.core import periods
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import Post
from pasaj.registry.queries import Request
from pasaj.watch.models import Cluster, DetectionRun, Measure, Observation, Series, Signal, SignalEvent, SilenceCall
from pasaj.watch.queries import calls, charts, clusters, episodes, levels
from pasaj.watch.queries import series as figures
from pasaj.watch.queries import signals as queries
from pasaj.watch.services import signals as service
from pasaj.watch.views.calls import said
from pasaj.watch.views.series import asked, choices

PAGE = 25
AROUND = {"day": 28, "week": 26 * 7, "month": 540}


def signal_list(request: Request) -> HttpResponse:
    grouped = may(request.actor, "view", Cluster)
    wanted = queries.Filter(
        state=request.GET.get("state", "open"),
        kind=request.GET.get("kind", ""),
        measure=request.GET.get("measure", ""),
        crossing=request.GET.get("crossing", ""),
        cluster=request.GET.get("cluster", "") if grouped else "",
        from_date=asked(request, "from"),
        to_date=asked(request, "to"),
    )
    page = Paginator(queries.find(request.actor, wanted), PAGE).get_page(request.GET.get("page"))
    counts = queries.counts(request.actor, wanted)
    context = {
        "page": page,
        "lines": [queries.line(one) for one in page.object_list],
        "wanted": wanted,
        "grouped": grouped,
        "cluster": clusters.one(request.actor, wanted.cluster),
        "kinds": queries.KINDS,
        "states": [(state, label, counts[state]) for state, label in queries.STATES.items()],
        "open": sum(counts[state] for state in queries.OPEN),
        "total": sum(counts.values()),
        "waiting": counts[Signal.State.NEW],
        "may_detect": may(request.actor, "open", DetectionRun),
        **choices(request),
    }
    return render(request, "watch/signal_list.html", context)


def find(request: Request, code: str) -> Signal:
    """The signal of this code, if it exists and may be seen; else 404."""
    rows = queries.related(Signal.objects.select_related("run", "episode__series"))
    return get_object_or_404(visible(rows, request.actor), code=code)


def signal(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


@require_POST
def signal_act(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    action = request.POST.get("action", "")
    if not can(request.actor, "triage", row) or action not in service.STEPS:
        raise Http404
    try:
        service.act(
            code=code,
            action=action,
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", ""),
            seen=request.POST.get("seen", ""),
            actor=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, find(request, code), refused.problems, refused.problems[0].kind.status)
    messages.success(request, _("Written down."))
    return redirect("watch:signal", code=code)


def _page(request: Request, row: Signal, problems: tuple[Problem, ...] = (), status: int = 200) -> HttpResponse:
    series = row.series if row.series and can(request.actor, "view", row.series) else None
    grade, parts = episodes.severity(row)
    context: dict[str, Any] = {
        "signal": row,
        "grade": grade,
        "parts": parts,
        "episode": episodes.line(row.episode) if row.episode else None,
        "cluster": _cluster(request, row),
        "choice": queries.choice(row),
        "share": _chance(row.details.get("q_value")),
        "problems": problems,
        "typed": request.POST if problems else {},
        "line": queries.line(row),
        "told": queries.told(row),
        "range": queries.usual_range(row),
        "late": row.details.get("late"),
        "expected": queries.number(row.expected),
        "reports": _reports(row),
        "figure": _figure(request, row),
        "baseline": queries.baseline(row),
        "events": _events(row),
        "steps": _steps(request, row),
        "may_discard": "discard" in service.possible(row.state),
        "reasons": service.REASONS,
        "chance": _chance(row.p_value),
        "limit": row.lower if row.upper is None else row.upper,
        "versus": _versus(row),
        "calls": said(request, _calls(request, row)),
        "may_call": row.kind == Signal.Kind.SILENCE and may(request.actor, "call", Post),
        "missed": [_words(text) for text in row.details.get("missed", ())],
        "may_see_run": row.run is not None and can(request.actor, "view", row.run),
        "method_page": METHODS.get(row.method.partition("_")[0], ("", ""))[0],
        "method_text": METHODS.get(row.method.partition("_")[0], ("", ""))[1],
        "series": series,
        **(_chart(request, row, series) if series else {}),
    }
    return render(request, "watch/signal.html", context, status=status)


def _cluster(request: Request, row: Signal) -> tuple[clusters.Line, str] | None:
    """The places that rise with it, and how likely chance would make such a rise; for those who may see all of them."""
    found = clusters.one(request.actor, row.cluster.code) if row.cluster else None
    return (found, _chance(found.p_value)) if found else None


def _calls(request: Request, row: Signal) -> list[SilenceCall]:
    """The calls made about a silence."""
    if row.kind != Signal.Kind.SILENCE:
        return []
    post = str(row.details.get("post", ""))
    return calls.during(request.actor, post, row.period_start, row.period_end, request.home.zone)


def _figure(request: Request, row: Signal) -> int | None:
    """The figure that a later report changed, as it stands."""
    if row.kind != Signal.Kind.REVISION:
        return None
    rows = visible(Observation.objects.current(), request.actor).filter(series=row.series_id)
    return rows.filter(period_start=row.period_start, period_end=row.period_end).values_list("pk", flat=True).first()


def _reports(row: Signal) -> list[dict[str, Any]]:
    """The reports of a figure that was changed, each with the moment it became known."""
    reports = row.details.get("reports", ())
    return [{**one, "at": datetime.fromisoformat(one["reported_at"])} for one in reports]


METHODS = {
    "event": (
        "docs/methods/event-verification.md",
        gettext_lazy(
            "Somebody reported it, the duty room asked others, and confirmed it. No count stands behind it: how many"
            " people are concerned is what was said, not what was counted."
        ),
    ),
    "ears": (
        "docs/methods/ears.md",
        gettext_lazy(
            "The mean and the spread of a few earlier periods say what is usual; what lies far outside rings. It needs"
            " no long history. It does not know weekdays, market days or seasons, and counts below ten ring more often"
            " than they should."
        ),
    ),
    "farrington": (
        "docs/methods/farrington.md",
        gettext_lazy(
            "The same weeks of earlier years say what is usual, with the trend since and their own spread; past"
            " outbreaks count less. It needs three years of weeks or months and knows no holidays."
        ),
    ),
    "daily": (
        "docs/methods/daily.md",
        gettext_lazy(
            "The days before say what is usual for this weekday, for a holiday and, with more than a year of history,"
            " for the season; past excesses count less. What changed for good is told for some weeks and then becomes"
            " usual."
        ),
    ),
    "rare": (
        "docs/methods/rare.md",
        gettext_lazy(
            "For counts of less than about two a period: how many periods had nothing, and how far the others reached,"
            " say what is usual. It tells rises only."
        ),
    ),
    "cusum": (
        "docs/methods/cusum.md",
        gettext_lazy("Small departures in one direction add up until they are no chance any more."),
    ),
    "glr": (
        "docs/methods/glr.md",
        gettext_lazy("It asks since when the counts fit a higher level better than the usual one."),
    ),
    "shift": (
        "docs/methods/level-shift.md",
        gettext_lazy(
            "Every period of the last half year (two years of weeks, three of months) at which the level could have"
            " changed is tried; told is the one at which two levels fit the counts best, where chance seldom does as"
            " well. It tells of slow rises and falls, two weeks after they began at the earliest. A season can look"
            " like one."
        ),
    ),
    "silence": (
        "docs/methods/silence.md",
        gettext_lazy(
            "A report is missing when it is later than usual by more than three hours. Zero is a report. It says that"
            " nothing came, not why."
        ),
    ),
    "conflict": (
        "docs/methods/source-conflict.md",
        gettext_lazy(
            "Two sources speak of the same figure and differ by more than chance and the hour of counting explain."
            " Neither is preferred, nothing is averaged."
        ),
    ),
    "revisions": (
        "docs/methods/revisions.md",
        gettext_lazy(
            "Every source corrects figures. How far its changes usually go is learnt from those of the last weeks; one"
            " that goes much farther is worth a call: a mistyped report, a changed definition, a total that was cut."
        ),
    ),
    "capacity": (
        "docs/methods/capacity.md",
        gettext_lazy(
            "A count reaches a limit that the country pack sets: a fixed number, or a share of another count of the"
            " same place, such as the reception places. It needs no history."
        ),
    ),
}


def _words(text: str) -> str:
    """A period of the details, as the reader writes it."""
    period = periods.parse(text)
    return queries.period(period.start, period.end, period.type) if period else text


def _versus(row: Signal) -> tuple[Measure | None, date] | None:
    """The measure that a limit is a share of, and the day of the count it was compared with."""
    if not row.details.get("versus_day"):
        return None
    measure = Measure.objects.filter(code=row.details["versus"]).first()
    return measure, date.fromisoformat(row.details["versus_day"])


def _chance(p_value: float | None) -> str:
    """A probability as people read it: one in so many."""
    if p_value is None:
        return ""
    if p_value < 1e-6:
        return _("less than one in a million")
    return _("one in %(number)s") % {"number": queries.number(max(1.0, round(1 / p_value)))}


def _steps(request: Request, row: Signal) -> list[tuple[str, Any]]:
    if not can(request.actor, "triage", row):
        return []
    return [(action, service.LABELS[action]) for action in service.possible(row.state)]


def _events(row: Signal) -> list[tuple[SignalEvent, Any, Any]]:
    return [
        (event, queries.ACTIONS.get(event.action, event.action), service.REASONS.get(event.reason, ""))
        for event in row.events.order_by("pk")
    ]


def _chart(request: Request, row: Signal, series: Series) -> dict[str, Any]:
    around = timedelta(days=AROUND.get(series.cadence, 90))
    first, last = row.period_start - around, min(row.period_end + around / 4, request.now.date())
    known = figures.figures(series, request.actor, first, max(last, row.period_end), request.home.detect)
    level = levels.of(series, request.actor)
    nearby = figures.signals(series, request.actor, first, max(last, row.period_end))
    return {
        "spec": charts.series_chart(series, known, nearby, height=240, steps=levels.steps(level, known))
        if known
        else None,
        "level": level,
        "simulated": any(one.simulated for one in known),
        "awaited": any(one.awaited for one in known),
        "first": first,
        "last": last,
    }
