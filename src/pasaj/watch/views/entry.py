"""A crossing's counts of a day: typed on a phone, without scripts; and every figure asked about itself."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from pasaj.access.rules import can, may, visible
from pasaj.core.periods import Period, parse
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request
from pasaj.watch.forms import counts as forms
from pasaj.watch.models import Import, Observation, Source
from pasaj.watch.queries import figures, texts
from pasaj.watch.services import observations

EVENING = 12  # before noon the day to report is yesterday
MOST = 200  # figures on one receipt


def entry_choose(request: Request) -> HttpResponse:
    """The crossings this person may report for, and how far yesterday and today are."""
    crossings = list(figures.reportable(request.actor).select_related("area"))
    if not crossings:
        raise Http404
    today = request.now.date()
    days = figures.completeness(crossings, today - timedelta(days=1), today, request.actor)
    rows = [(one, *days[one.pk]) for one in crossings]
    return render(request, "watch/entry_choose.html", {"rows": rows, "today": today, "yesterday": today - timedelta(1)})


def entry(request: Request, code: str, day: str = "") -> HttpResponse:
    """The form of one crossing and day. Nothing is stored until everything typed is right or confirmed."""
    crossing = get_object_or_404(figures.reportable(request.actor).select_related("area"), code=code)
    if not day:
        return redirect("watch:entry", code=code, day=_day_to_report(request).isoformat())
    wanted = _date(day)
    if wanted is None or wanted > request.now.date():
        raise Http404
    sources = figures.sources_at(request.actor, crossing)
    source = source_asked(request, sources)
    fields = figures.sheet(crossing, source, wanted) if source else []
    form = forms.DayCounts(fields, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and source:
        try:
            entries, problems = form.entries(crossing, source, Period(wanted, wanted))
            if problems:
                raise Refused(*problems, *observations.examine(entries=entries, actor=request.actor, now=request.now))
            stored = observations.report_all(entries=entries, actor=request.actor, now=request.now)
        except Refused as refused:
            # Somebody may have saved between our look and theirs: show what stands now.
            form = forms.DayCounts(figures.sheet(crossing, source, wanted), request.POST)
            form.explain(refused.problems)
            status = 409 if any(one.code == "OBS-013" for one in refused.problems) else 422
        else:
            numbers = ",".join(str(one.observation.pk) for one in stored)
            return redirect(f"{reverse('watch:entry-receipt', args=[code, day])}?figures={numbers}")
    context = {
        "crossing": crossing,
        "day": wanted,
        "today": request.now.date(),
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1) if wanted < request.now.date() else None,
        "sources": sources,
        "source": source,
        "onward": onward(source, sources),
        "form": form,
        "may_say_nothing": any(one.zero_means_nothing and one.standing is None for one in fields),
    }
    return render(request, "watch/entry.html", context, status=status)


def entry_receipt(request: Request, code: str, day: str) -> HttpResponse:
    """What was stored, figure by figure, with its revision."""
    crossing = get_object_or_404(figures.reportable(request.actor), code=code)
    wanted = _date(day)
    numbers = [
        int(one) for one in request.GET.get("figures", "").split(",")[:MOST] if one.isdecimal() and len(one) < 19
    ]
    if wanted is None or not numbers:
        raise Http404
    rows = (
        visible(Observation.objects.visible(), request.actor)
        .filter(pk__in=numbers, series__crossing=crossing, period_start=wanted)
        .select_related("series__measure", "series__source")
    )
    as_typed = sorted(rows, key=lambda one: numbers.index(one.pk))
    source = as_typed[0].series.source if as_typed else None
    context = {
        "crossing": crossing,
        "day": wanted,
        "rows": as_typed,
        "after": wanted + timedelta(days=1) if wanted < request.now.date() else None,
        "onward": onward(source, figures.sources_at(request.actor, crossing)),
        "lines": texts.lines(request.actor, texts.vocabulary(request.actor), crossing, wanted, request.now.date()),
    }
    return render(request, "watch/entry_receipt.html", context)


def figure(request: Request, number: int) -> HttpResponse:
    """One figure: what, when, by whom, which definition, which quality, which revision."""
    found = figures.figure(request.actor, number)
    if found is None:
        raise Http404
    may_correct = found.latest.origin != "pack" and can(request.actor, "correct", found.latest)
    form = forms.correct_form(found.latest, request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if not may_correct:
            raise Http404
        if form.is_valid():
            try:
                made = _correct(request, found, form)
            except Refused as refused:
                problems = refused.problems
                found = figures.figure(request.actor, number) or found
                form.data = {**request.POST.dict(), "revision": str(found.latest.revision)}
            else:
                return redirect("watch:figure", number=made.pk)
    context = {
        "figure": found,
        "definition": figures.definition(found.series.measure),
        "quality": forms.quality_name(found.asked.quality),
        "may_see_import": may(request.actor, "view", Import),
        "form": form,
        "may_correct": may_correct,
        "problems": problems,
        "confirm": form.data.get("value", "") if any(one.code == "OBS-014" for one in problems) else "",
    }
    return render(request, "watch/figure.html", context, status=422 if problems or form.errors else 200)


def _correct(request: Request, found: figures.Figure, form: forms.CorrectForm) -> Observation:
    data = form.cleaned_data
    return observations.correct(
        observation=found.latest,
        value=form.number(found.series.measure),
        state=data["state"],
        quality=data["quality"],
        note=data["note"].strip(),
        expected_revision=data["revision"],
        confirmed=bool(data["confirmed"]) and data["confirmed"] == data["value"],
        actor=request.actor,
        now=request.now,
    )


def figure_of(request: Request, series: str, day: str) -> HttpResponse:
    """The figure of a series for the period that begins on a day: a stable address, whatever the revision."""
    wanted = _date(day)
    found = figures.figure_of(request.actor, series, wanted) if wanted else None
    if found is None:
        raise Http404
    return redirect("watch:figure", number=found.latest.pk)


def _day_to_report(request: Request) -> date:
    today = request.now.date()
    return today - timedelta(days=1) if request.now.hour < EVENING else today


def _date(text: str) -> date | None:
    found = parse(text, "day")
    return found.start if found else None


def onward(source: Source | None, sources: list[Source]) -> str:
    """What links to other days carry along: the source that was chosen, where it is not the first."""
    return f"?source={source.code}" if source and source in sources[1:] else ""


def source_asked(request: Request, sources: list[Source]) -> Source | None:
    """The source that was chosen, among those this person may report for; the first when none was."""
    wanted = request.POST.get("source") or request.GET.get("source", "")
    found = next((one for one in sources if one.code == wanted), None)
    if wanted and found is None:
        raise Http404
    return found or (sources[0] if sources else None)
