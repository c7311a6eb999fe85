"""What a round comes to: scores, the answers of a cell, disagreements, two rounds, and files of it all."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pasaj.access.rules import can
from pasaj.assess.forms.rounds import SettleForm
from pasaj.assess.models import Settlement
from pasaj.assess.queries import pages
from pasaj.assess.queries import rounds as queries
from pasaj.assess.queries.report import LANGUAGES
from pasaj.assess.queries.words import answered
from pasaj.assess.services import files, settlements, statements
from pasaj.assess.views.rounds import find, tabs
from pasaj.core import scoring
from pasaj.core.problems import Problem, Refused
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

PAGE = 50


def _context(found: queries.Result, here: str, **more: Any) -> dict[str, Any]:
    return {"round": found.round, "found": found, "tabs": tabs(found.round, here), **more}


@require_safe
def results(request: Request, code: str) -> HttpResponse:
    found = queries.result(find(request, code))
    weights = queries.sensitivity(found)
    context = _context(
        found,
        "results",
        critical=pages.critical(found),
        open=sum(not one.settled for one in scoring.disagreements(found.scores)),
        agreement=queries.agreement(found),
        weights=weights,
        matrix=pages.matrix(found),
        lines=pages.pillar_lines(found, weights),
        others=pages.comparable(request.actor, found.round),
    )
    return render(request, "assess/results.html", context)


@require_safe
def unit(request: Request, code: str, unit: str) -> HttpResponse:
    """Every indicator asked of one unit."""
    found = queries.result(find(request, code))
    if unit not in found.asked.asked:
        raise Http404
    context = _context(found, "", unit=unit, name=pages.names(found)[unit], pillars=pages.unit_pillars(found, unit))
    return render(request, "assess/unit.html", context)


@require_safe
def differences(request: Request, code: str) -> HttpResponse:
    found = queries.result(find(request, code))
    listed = scoring.disagreements(found.scores)
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    lines = [(one, found.of_cell(one.unit, one.indicator)) for one in page]
    context = _context(
        found,
        "differences",
        page_obj=page,
        lines=lines,
        total=len(listed),
        open=sum(not one.settled for one in listed),
    )
    return render(request, "assess/differences.html", context)


def cell(request: Request, code: str, unit: str, indicator: str) -> HttpResponse:
    """One indicator of one unit: the question, every answer, and what it is held to be."""
    row = find(request, code)
    found = queries.result(row)
    asked = next((one for one in found.framework.indicators if one.code == indicator), None)
    if asked is None or indicator not in found.asked.asked.get(unit, ()):
        raise Http404
    answers, settled = found.of_cell(unit, indicator), found.settlements.get((unit, indicator))
    form: SettleForm | None = None
    problems: tuple[Problem, ...] = ()
    if can(request.actor, "settle", row) and answers:
        form, problems, done = _settle(request, code, unit, indicator, answers, settled)
        if done:
            return redirect("assess:cell", code=code, unit=unit, indicator=indicator)
    context = _context(
        found,
        "",
        unit=unit,
        name=pages.names(found)[unit],
        indicator=asked,
        cell=found.scores.cells[unit, indicator],
        answers=answers,
        replaced=[one for one in found.replaced if one.key == (unit, indicator)],
        form=form,
        problems=problems,
        decided=row.settlements.filter(unit__code=unit, indicator=indicator).order_by("-pk"),
        doubtful=(unit, indicator) in found.asked.doubtful,
    )
    return render(request, "assess/cell.html", context, status=422 if problems or (form and form.errors) else 200)


def _settle(
    request: Request, code: str, unit: str, indicator: str, answers: list[queries.Given], settled: Settlement | None
) -> tuple[SettleForm, tuple[Problem, ...], bool]:
    values = [(str(value), answered(value)) for value in settlements.VALUES]
    if settled is not None:
        values.append(("", _("Not settled: the answers stand")))
    form = SettleForm(request.POST or None, initial={"seen": settlements.stands(answers, settled)}, values=values)
    if request.method != "POST" or not form.is_valid():
        return form, (), False
    try:
        settlements.settle(
            code=code, unit=unit, indicator=indicator, **form.cleaned_data, actor=request.actor, now=request.now
        )
    except Refused as refused:
        return form, refused.problems, False
    return form, (), True


@require_safe
def compare(request: Request, code: str, other: str) -> HttpResponse:
    """A round beside an earlier one of the same framework: what moved, or with `?all=1` everything."""
    row = find(request, code)
    earlier = get_object_or_404(pages.comparable(request.actor, row), code=other)
    found = queries.result(row)
    changes = pages.changes(queries.result(earlier), found)
    everything = bool(request.GET.get("all"))
    compared = pages.compared(found, changes, everything=everything)
    context = _context(
        found,
        "",
        earlier=earlier,
        compared=compared,
        everything=everything,
        hidden=sum(one.hidden for one in compared),
        tallies=Counter(one.verdict for one in changes if one.level == "indicator"),
    )
    return render(request, "assess/compare.html", context)


@require_safe
def export(request: Request, code: str, what: str, suffix: str) -> FileResponse:
    """Answers or scores as a file, through the gate."""
    found = queries.result(find(request, code))
    released = files.export(found=found, what=what, form=suffix, actor=request.actor, now=request.now)
    return hand_over(released, f"{found.round.code}-{what}.{suffix}")


@require_safe
def export_statements(request: Request, code: str, what: str, suffix: str) -> FileResponse:
    """Findings or recommendations as a file, in the language asked for or the reader's, through the gate."""
    row, asked = find(request, code), request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else (get_language() or LANGUAGES[0]).split("-")[0]
    released = statements.export(
        row=row, what=what, form=suffix, language=language, actor=request.actor, now=request.now
    )
    return hand_over(released, f"{row.code}-{what}-{language}.{suffix}")
