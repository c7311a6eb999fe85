"""What is said in a round: the text with its comments, the list, one with its answer, moderation, report."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.assess.services import documents
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.consultation import AccountForm, DisposeForm
from pasaj.policy.models import Comment, ModerationEntry
from pasaj.policy.queries import asking, consultreport
from pasaj.policy.queries import consultation as queries
from pasaj.policy.services import comments as services
from pasaj.policy.services import roundfiles
from pasaj.policy.services.comments import CommentWanted
from pasaj.policy.views.consultation import GET_POST, asked_pairs, find, language, own_institutions, today
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

PAGE = 50


@require_http_methods(GET_POST)
def round_text(request: Request, code: str) -> HttpResponse:
    """The text as it was asked, with the comments that the reader may see, and a form for those who are asked."""
    row = find(request, code)
    asked = queries.asked(row)
    tongue = language(request, row, asked)
    form = None
    problems: tuple[Problem, ...] = ()
    if can(request.actor, "comment", row):
        form = AccountForm(
            request.POST or None, initial={"clause": request.GET.get("clause", "")}, clauses=asked_pairs(asked),
            institutions=own_institutions(request, row),
        )  # fmt: skip
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            given = form.cleaned_data
            wanted = CommentWanted(given["text"], tongue, given["clause"])
            try:
                services.comment(
                    code=code, wanted=wanted, institution=given["institution"], today=today(request),
                    actor=request.actor, now=request.now,
                )  # fmt: skip
            except Refused as refused:
                problems = refused.problems
            else:
                messages.success(request, _("Said. You see here what becomes of it."))
                return redirect(f"{reverse('policy:round-text', args=[code])}?lang={tongue}")
    said: dict[int | None, list[Comment]] = {}
    for one in queries.comments(request.actor, row):
        said.setdefault(one.asked_id, []).append(one)
    context = {
        "round": row, "tongue": tongue, "tongues": asking.languages(asked, row.policy), "form": form,
        "problems": problems, "asked": [(one, said.get(one.pk, [])) for one in asked], "whole": said.get(None, []),
    }  # fmt: skip
    failed = problems or (form is not None and form.errors)
    return render(request, "policy/round_text.html", context, status=422 if failed else 200)


@require_safe
def round_comments(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    rows = queries.comments(request.actor, row)
    if request.GET.get("open"):
        rows = rows.exclude(moderation=Comment.Moderation.HIDDEN).exclude(queries.disposed())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "round": row, "page": page, "only_open": bool(request.GET.get("open")),
        "suggestions": queries.suggested(row) if not _own_only(request) else (),
    }  # fmt: skip
    return render(request, "policy/round_comments.html", context)


def _own_only(request: Request) -> bool:
    return {one.role for one in request.actor.grants} <= {"partner", "chief"}


@require_http_methods(GET_POST)
def comment(request: Request, code: str) -> HttpResponse:
    """One comment: what was said, and the answer."""
    rows = visible(
        Comment.objects.select_related("consultation__policy", "institution", "asked__clause"), request.actor
    )
    row = get_object_or_404(rows.prefetch_related("dispositions__clause"), code=code)
    answers = can(request.actor, "dispose", row) and row.consultation.is_open
    clauses = [(one.code, one.code) for one in row.consultation.policy.clauses.order_by("place", "pk")]
    form = DisposeForm(request.POST or None, clauses=clauses) if answers else None
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                services.dispose(code=code, **form.cleaned_data, actor=request.actor, now=request.now)
            except Refused as refused:
                problems = refused.problems
            else:
                return redirect(f"{reverse('policy:round-comments', args=[row.consultation.code])}?open=1")
    context = {
        "comment": row, "round": row.consultation, "form": form, "problems": problems,
        "history": sorted(row.dispositions.all(), key=lambda one: -one.pk),
        "moderations": row.moderations.order_by("-pk") if not _own_only(request) else (),
    }  # fmt: skip
    failed = problems or (form is not None and form.errors)
    return render(request, "policy/comment.html", context, status=422 if failed else 200)


@require_http_methods(GET_POST)
def moderation(request: Request, code: str) -> HttpResponse:
    """Comments of anybody: let through or kept back with a reason, and the log of it."""
    row = find(request, code)
    if not may(request.actor, "view", ModerationEntry) or _own_only(request):
        raise Http404
    decides = may(request.actor, "moderate", Comment) and row.is_open
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if not decides:
            raise Http404
        found = get_object_or_404(row.comments, code=request.POST.get("comment", "")[:40])
        show, why = request.POST.get("do") == "show", request.POST.get("reason", "")
        try:
            services.moderate(code=found.code, show=show, reason=why, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("policy:round-moderation", code=code)
    log = ModerationEntry.objects.filter(comment__consultation=row).select_related("comment").order_by("-pk")
    context = {
        "round": row, "decides": decides, "waiting": queries.waiting(row), "problems": problems,
        "page": Paginator(log, PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "policy/round_moderation.html", context, status=422 if problems else 200)


@require_safe
def moderation_file(request: Request, code: str) -> FileResponse:
    """The log of moderation as CSV; for the cell."""
    row = find(request, code)
    if not may(request.actor, "view", ModerationEntry) or _own_only(request):
        raise Http404
    released = roundfiles.export_log(row=row, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-moderation.csv")


@require_safe
def report(request: Request, code: str) -> HttpResponse:
    """What was said and what was done with it; a draft of it as long as the round is open."""
    row = find(request, code)
    if _own_only(request) and not row.reported_at:
        raise Http404
    said = consultreport.said(row, (get_language() or "").split("-")[0] or row.policy.source_language)
    return render(request, "policy/round_report.html", {"round": row, "said": said, "files": documents.FORMS})


@require_safe
def report_file(request: Request, code: str, suffix: str) -> FileResponse:
    """The report as PDF or Word, through the gate, to named partners."""
    row = find(request, code)
    if suffix not in documents.FORMS or (_own_only(request) and not row.reported_at):
        raise Http404
    said = consultreport.said(row, (get_language() or "").split("-")[0] or row.policy.source_language)
    released = documents.release_report(said=said, form=suffix, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-{said.language}.{suffix}")
