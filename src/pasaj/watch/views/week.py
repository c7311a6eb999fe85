"""A whole week of a crossing's counts on one page, from a paper tally. Saved together or not at all."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from pasaj.core.periods import Period, containing, parse
from pasaj.core.problems import Refused
from pasaj.registry.models import CrossingPoint
from pasaj.registry.queries import Request
from pasaj.watch.forms.week import WeekCounts
from pasaj.watch.models import Source
from pasaj.watch.queries import figures
from pasaj.watch.services import observations
from pasaj.watch.views.entry import onward, source_asked


def week(request: Request, code: str, week: str = "") -> HttpResponse:
    """The grid of one crossing and ISO week. Without a week: the one that yesterday lies in."""
    crossing = get_object_or_404(figures.reportable(request.actor).select_related("area"), code=code)
    today = request.now.date()
    if not week:
        return redirect("watch:week", code=code, week=containing("week", today - timedelta(days=1)).text)
    period = parse(week, "week")
    if period is None or period.text != week or period.start > today:
        raise Http404
    sources = figures.sources_at(request.actor, crossing)
    source = source_asked(request, sources)
    form = _form(request, crossing, source, period)
    status = 200
    if request.method == "POST" and source:
        try:
            stored = _save(request, form, crossing, source)
        except Refused as refused:
            # Somebody may have saved between our look and theirs: show what stands now.
            form = _form(request, crossing, source, period)
            form.explain(refused.problems)
            status = 409 if any(one.code == "OBS-013" for one in refused.problems) else 422
        else:
            said = ngettext("%(number)s count stored.", "%(number)s counts stored.", stored) % {"number": stored}
            messages.success(request, said)
            return redirect(f"{request.path}?source={source.code}")
    after = period.next()
    context = {
        "crossing": crossing,
        "period": period,
        "before": period.previous(),
        "after": after if after.start <= today else None,
        "today": today,
        "sources": sources,
        "source": source,
        "onward": onward(source, sources),
        "form": form,
    }
    return render(request, "watch/week.html", context, status=status)


def _form(request: Request, crossing: CrossingPoint, source: Source | None, period: Period) -> WeekCounts:
    days = [period.start + timedelta(days=at) for at in range(period.days)]
    past = [day for day in days if day <= request.now.date()]
    sheets = figures.sheets(crossing, source, past) if source else {}
    return WeekCounts(days, sheets, request.POST if request.method == "POST" else None)


def _save(request: Request, form: WeekCounts, crossing: CrossingPoint, source: Source) -> int:
    """How many figures were stored. Raises Refused with every problem."""
    entries, problems = form.entries(crossing, source)
    if problems:
        raise Refused(*problems, *observations.examine(entries=entries, actor=request.actor, now=request.now))
    stored = observations.report_all(entries=entries, actor=request.actor, now=request.now)
    return sum(one.changed for one in stored)
