"""The Word file of a round, what came back and what would land where, and the tray."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pasaj.access.rules import may
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.word.opening import MOST_BYTES
from pasaj.policy.forms.consultation import ReplyForm, TrayForm
from pasaj.policy.models import Comment, Consultation, TrayItem
from pasaj.policy.queries import consultation as queries
from pasaj.policy.queries import replies as previews
from pasaj.policy.services import replies as services
from pasaj.policy.services import roundfiles as files
from pasaj.policy.views.consultation import GET_POST, asked_pairs, find, language, own_institutions, today
from pasaj.registry.queries import Request
from pasaj.share.views import hand_over

HELD = "reply-{code}"
MOST_HELD = 2_000_000
"""Letters of a preview that are held until it is taken in."""


@require_safe
def word_file(request: Request, code: str) -> HttpResponse | FileResponse:
    """The text to write into, for those who are asked and those who run the round."""
    row = find(request, code)
    if not row.is_open or Consultation.Channel.WORD not in row.channels:
        raise Http404
    tongue = language(request, row, queries.asked(row))
    released = files.export(row=row, language=tongue, actor=request.actor, now=request.now)
    return hand_over(released, f"{row.code}-{tongue}.docx")


@require_http_methods(GET_POST)
def reply(request: Request, code: str) -> HttpResponse:
    """A reply: what it holds is shown, and stored only when somebody says so."""
    row = find(request, code, "reply")
    if not row.is_open or Consultation.Channel.WORD not in row.channels:
        raise Http404
    given = (request.POST, request.FILES) if request.POST.get("do") == "show" else ()
    form = ReplyForm(*given, institutions=own_institutions(request, row))
    problems: tuple[Problem, ...] = ()
    shown = None
    try:
        if request.POST.get("do") == "take":
            return _taken(request, row)
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            if file.size > MOST_BYTES:
                raise Refused(problem("CONS-001", size=file.size, limit=MOST_BYTES))
            shown = previews.preview(row, file.read())
            held: dict[str, Any] = {"institution": form.cleaned_data["institution"], **shown.plain()}
            if sum(len(one.text) for one in shown.items) > MOST_HELD:
                raise Refused(problem("CONS-007"))
            request.session[HELD.format(code=code)] = held
    except Refused as refused:
        problems = refused.problems
    asked = {one.clause.code: one for one in queries.asked(row)}
    context = {
        "round": row, "form": form, "problems": problems, "preview": shown,
        "items": [(one, previews.goes(one, asked), asked.get(one.clause)) for one in shown.items] if shown else (),
        "institution": form.cleaned_data["institution"] if shown else "",
    }  # fmt: skip
    status = problems[0].kind.status if problems else 422 if form.errors else 200
    return render(request, "policy/round_reply.html", context, status=status)


def _taken(request: Request, row: Consultation) -> HttpResponse:
    held = request.session.pop(HELD.format(code=row.code), None)
    if held is None or held["institution"] not in dict(own_institutions(request, row)):
        raise Refused(problem("CONS-029"))
    made = services.take(
        code=row.code, preview=previews.of_plain(held), institution=held["institution"], today=today(request),
        actor=request.actor, now=request.now,
    )  # fmt: skip
    waiting = made.tray.count()
    messages.success(request, _("Taken in as {code}.").format(code=made.code))
    if waiting and may(request.actor, "settle", TrayItem):
        return redirect("policy:round-tray", code=row.code)
    return redirect("policy:round", code=row.code)


@require_http_methods(GET_POST)
def tray(request: Request, code: str) -> HttpResponse:
    """What found no place: put where it belongs, or set aside with a reason."""
    row = find(request, code)
    if not may(request.actor, "dispose", Comment) and not may(request.actor, "view", TrayItem):
        raise Http404
    settles = may(request.actor, "settle", TrayItem) and row.is_open
    clauses = asked_pairs(queries.asked(row))
    problems: tuple[Problem, ...] = ()
    tried, tried_form = "", None
    if request.method == "POST":
        if not settles:
            raise Http404
        tried = f"{request.POST.get('reply', '')[:40]}-{request.POST.get('number', '')[:10]}"
        tried_form = TrayForm(request.POST, clauses=clauses, auto_id=f"id_{tried}_%s")
        try:
            if tried_form.is_valid():
                _settle(request, tried_form.cleaned_data)
                return redirect("policy:round-tray", code=code)
        except Refused as refused:
            problems = refused.problems
    items = []
    for one in queries.tray(row):
        item = previews.item(one.item)
        key = f"{one.reply.code}-{one.number}"
        first = {
            "clause": item.clause or item.after,
            "text": "\n\n".join(part for part in (item.title, item.text) if part),
        }
        form = tried_form if key == tried else TrayForm(initial=first, clauses=clauses, auto_id=f"id_{key}_%s")
        why = Problem.of(one.problem) if one.problem else None
        items.append({"row": one, "item": item, "why": [why] if why else (), "form": form if settles else None})
    return render(
        request, "policy/round_tray.html", {"round": row, "items": items, "problems": problems},
        status=problems[0].kind.status if problems else 200,
    )  # fmt: skip


def _settle(request: Request, given: dict[str, Any]) -> None:
    said, how = request.POST.get("number", ""), request.POST.get("do", "")
    code = request.POST.get("reply", "")[:40]
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0
    if how == "aside":
        services.set_aside(reply=code, number=number, reason=given["reason"], actor=request.actor, now=request.now)
    else:
        services.place(
            reply=code, number=number, how=how, clause=given["clause"], text=given["text"], actor=request.actor,
            now=request.now,
        )  # fmt: skip
