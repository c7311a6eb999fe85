"""Pages for people without an account: an open round, one by invitation, and the report of a closed one.

Nobody signs in. What is written is seen by the cell alone before it is let through; nothing about the reader is kept.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pasaj.access.rules import NOBODY
from pasaj.access.services.accounts import client_address
from pasaj.core.problems import Problem, Refused
from pasaj.policy.forms.consultation import CommentForm, OpenForm
from pasaj.policy.models import Consultation
from pasaj.policy.queries import asking, consultreport
from pasaj.policy.queries import consultation as queries
from pasaj.policy.services import comments
from pasaj.policy.services.comments import CommentWanted
from pasaj.policy.views.consultation import GET_POST, asked_pairs, language, today
from pasaj.registry.queries import Request

PAGE = 50


@require_http_methods(GET_POST)
def consult(request: Request, code: str) -> HttpResponse:
    """A round that anybody may answer, or whose report is published."""
    row = queries.public(code[:40], today(request)) if hasattr(request, "home") else None
    if row is None:
        raise Http404
    if row.reported_at and request.method == "GET":
        return redirect("policy:consult-report", code=code)
    asked = queries.asked(row)
    form = OpenForm(request.POST or None, clauses=asked_pairs(asked))
    problems: tuple[Problem, ...] = ()
    tongue = language(request, row, asked)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        wanted = CommentWanted(given["text"], tongue, given["clause"], name=given["name"], group=given["group"])
        try:
            comments.comment_open(
                code=code, wanted=wanted, address=client_address(request), today=today(request), actor=NOBODY,
                now=request.now,
            )  # fmt: skip
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Thank you. It is read before others see it."))
            return redirect("policy:consult", code=code)
    return _page(request, row, form, problems, tongue)


@require_http_methods(GET_POST)
def invited(request: Request, token: str) -> HttpResponse:
    """The same by a link: it is bound to a round, can be revoked, and stands in no log."""
    found = queries.by_token(token) if hasattr(request, "home") else None
    if found is None:
        raise Http404
    row = found.consultation
    asked = queries.asked(row)
    form = CommentForm(request.POST or None, clauses=asked_pairs(asked))
    problems: tuple[Problem, ...] = ()
    tongue = language(request, row, asked)
    if form.is_bound and form.is_valid():
        wanted = CommentWanted(form.cleaned_data["text"], tongue, form.cleaned_data["clause"])
        try:
            comments.comment_invited(
                invitation=found, wanted=wanted, today=today(request), actor=NOBODY, now=request.now
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Thank you. It was taken down."))
            return redirect("policy:consult-invited", token=token)
    answer = _page(request, row, form, problems, tongue, invited=found.label)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    # The origin alone: the token in the address is told to nobody. Without any a browser sends forms as from nowhere.
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def _page(
    request: Request,
    row: Consultation,
    form: CommentForm,
    problems: tuple[Problem, ...],
    tongue: str,
    invited: str = "",
) -> HttpResponse:
    asked = queries.asked(row)
    context = {
        "round": row, "asked": asked, "tongue": tongue, "tongues": asking.languages(asked, row.policy),
        "form": form if queries.takes(row, today(request)) else None, "problems": problems, "invited": invited,
        "page": None if invited else Paginator(queries.shown(row), PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    status = problems[0].kind.status if problems else 422 if form.errors else 200
    return render(request, "policy/consult.html", context, status=status)


@require_safe
def consult_report(request: Request, code: str) -> HttpResponse:
    """What was said and what was done with it, for everybody."""
    row = queries.find(code[:40]) if hasattr(request, "home") else None
    if row is None or not row.reported_at:
        raise Http404
    said = consultreport.said(row, (get_language() or "").split("-")[0] or row.policy.source_language)
    return render(request, "policy/consult_report.html", {"round": row, "said": said})
