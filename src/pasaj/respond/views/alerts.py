"""Alerts: the board, how one begins, one with all its messages, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core.problems import Problem, Refused
from pasaj.notify.queries import outbox
from pasaj.notify.services import answers
from pasaj.registry.queries import Request
from pasaj.respond.models import Alert, AlertEvent, AlertMessage
from pasaj.respond.queries import alertboard as board
from pasaj.respond.queries import alertpage as page
from pasaj.respond.queries import alerts as queries
from pasaj.respond.queries import alertwords as words
from pasaj.respond.services import alerts as service

PAGE = 25
ORIGINS = ("signal", "incident", "event", "external")


def language() -> str:
    return (get_language() or "").split("-")[0]


@require_safe
def alert_list(request: Request) -> HttpResponse:
    wanted = board.Filter(**{name: request.GET.get(name, "")[:40] for name in ("state", "hazard", "area", "mode")})
    shown = Paginator(board.related(board.find(request.actor, wanted), request.actor), PAGE).get_page(
        request.GET.get("page")
    )
    lines = board.lines(shown.object_list, request.actor, language())
    context = {
        "page_obj": shown,
        "real": [one for one in lines if one.is_real],
        "others": [one for one in lines if not one.is_real],
        "total": shown.paginator.count,
        "running": board.find(request.actor, board.Filter("published", mode="actual")).count(),
        "wanted": wanted,
        "states": {
            "open": _("Not ended"),
            "over": _("Ended"),
            **{key: word for key, (word, _tone) in words.STATES.items()},
        },
        "hazards": page.hazard_names(),
        "areas": page.places_named(request.actor),
        "modes": words.MODES,
        "may_draft": may(request.actor, "draft", Alert),
    }
    return render(request, "respond/alert_list.html", context)


# --- A new alert -------------------------------------------------------------------------------


def alert_new(request: Request) -> HttpResponse:
    """Choose the template. What the alert comes from stands in the address: ?signal=CODE, several allowed."""
    if not may(request.actor, "draft", Alert):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    origins = [service.Origin(kind, code) for kind in ORIGINS for code in given.getlist(kind) if code][:20]
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            made = service.draft(
                hazard=request.POST.get("hazard", ""),
                origins=origins,
                mode=request.POST.get("mode", "actual"),
                audience=request.POST.get("audience", "services"),
                actor=request.actor,
                now=request.now,
            )
            return redirect("respond:message-edit", made.identifier)
        except Refused as refused:
            problems = refused.problems
    context = {
        "hazards": page.hazards(request.actor, language(), origins),
        "origins": page.origins(origins, request.actor),
        "modes": words.MODES,
        "problems": problems,
        "typed": given,
        "mode": given.get("mode", "actual"),
        "audiences": words.AUDIENCES,
        "audience": given.get("audience", "services"),
        "more": page.verified(request.actor, [one.code for one in origins]),
    }
    return render(request, "respond/alert_new.html", context, status=problems[0].kind.status if problems else 200)


# --- One alert ---------------------------------------------------------------------------------


def find(request: Request, code: str) -> Alert:
    """The alert of this code, if it may be seen; else 404."""
    return get_object_or_404(visible(Alert.objects.all(), request.actor), code=code)


@require_safe
def alert(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    told = page.messages_of(row, request.actor)
    if not told:
        raise Http404
    shown, pending = board.current(told), page.pending(told)
    hazard = page.hazard_names().get(row.hazard, row.hazard)
    inside = may(request.actor, "view", AlertEvent)  # who did what is for the cell
    context: dict[str, Any] = {
        "alert": row,
        "shown": shown,
        "pending": pending,
        "messages_of": list(reversed(told)),
        "heading": board.text(shown, language(), "headline") or hazard,
        "hazard": hazard,
        "tongues": page.tongues(shown, request.home.languages, language()),
        "where": page.where(shown, language()),
        "map": page.map_of(request, shown),
        "inside": inside,
        "events": row.events.order_by("pk") if inside else [],
        "approvals": page.approvals(pending or shown, queries.quorum(pending or shown)) if inside else None,
        "origins": [one for one in page.origins(page.origins_of(row), request.actor) if inside or one.text],
        "deliveries": page.deliveries(row, told) if inside else [],
        "activations": page.activations(row, request.actor),
        "troubles": queries.troubles(pending) if pending and pending.state == AlertMessage.State.DRAFT else [],
        "steps": _steps(request, row),
        "may_edit": pending is not None and pending.state == "draft" and can(request.actor, "edit", pending),
        "may_approve": pending is not None and board.waiting(request.actor).contains(pending),
        "asked_until": page.asked_until(row, request.actor),
        "activate_url": page.activate_url(row, request.actor),
        "public_url": page.public_url(row, shown),
        "cap_url": page.cap_url(shown),
    }
    return render(request, "respond/alert.html", context)


@require_POST
def alert_read(request: Request, code: str) -> HttpResponse:
    """Whoever was told of the alert and is signed in says that it was read."""
    row = find(request, code)
    if row.state != Alert.State.PUBLISHED or not answers.read_here(
        rows=outbox.unread(request.actor, row.code), actor=request.actor, now=request.now
    ):
        raise Http404
    messages.success(request, _("Written down: you have read it."))
    return redirect("respond:alert", code=row.code)


@dataclass(frozen=True, slots=True)
class Step:
    """Something done with a whole alert: its words, and whether it asks for a reason."""

    name: str
    verb: Any
    title: Any
    text: Any
    asks: bool = True
    danger: bool = False


STEPS = {
    one.name: one
    for one in (
        Step(
            "update", gettext_lazy("Update"), gettext_lazy("Update the alert"),
            gettext_lazy("A new message begins as a copy of the last one and replaces it once it is approved. Until"
                         " then people are told what they are told now."), asks=False,
        ),
        Step(
            "all-clear", gettext_lazy("All clear"), gettext_lazy("Tell that the danger is over"),
            gettext_lazy("Everybody who was told of the danger is told that it is over. A second person approves it."),
        ),
        Step(
            "cancel", gettext_lazy("Call off"), gettext_lazy("Call the alert off"),
            gettext_lazy("For an alert that should not have gone out. Everybody who was told of it is told that it no"
                         " longer holds. A second person approves it."), danger=True,
        ),
        Step(
            "discard", gettext_lazy("Discard"), gettext_lazy("Discard the draft"),
            gettext_lazy("What was written stays readable, but it can no longer be submitted."), danger=True,
        ),
    )
}  # fmt: skip


def _steps(request: Request, row: Alert) -> list[Step]:
    """What may be done with the alert as it stands, by the reader."""
    return [STEPS[name] for name in page.possible(row, request.actor)]


class ReasonForm(forms.Form):
    """Why something is done; told in the message and kept."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two sentences. No names of travellers."),
    )  # fmt: skip


def alert_step(request: Request, code: str, step: str) -> HttpResponse:
    """A page that says what will happen and asks why; then it happens."""
    row = find(request, code)
    if step not in page.possible(row, request.actor):
        raise Http404
    what = STEPS[step]
    form = ReasonForm(request.POST if request.method == "POST" else None) if what.asks else None
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _do(request, row, step, form.cleaned_data["reason"] if form else "")
        except Refused as refused:
            problems = refused.problems
    context = {
        "title": what.title,
        "text": what.text,
        "verb": what.verb,
        "danger": what.danger,
        "form": form,
        "problems": problems,
        "action_url": request.path,
        "cancel_url": reverse("respond:alert", args=[code]),
    }
    status = 422 if problems or (form is not None and form.errors) else 200
    return render(request, "site/components/confirm.html", context, status=status)


def _do(request: Request, row: Alert, step: str, reason: str) -> HttpResponse:
    who: dict[str, Any] = {"code": row.code, "actor": request.actor, "now": request.now}
    if step == "update":
        return redirect("respond:message-edit", service.update(**who).identifier)
    if step == "discard":
        service.discard(**who, reason=reason)
        messages.success(request, _("Discarded."))
    else:
        {"cancel": service.cancel, "all-clear": service.all_clear}[step](**who, reason=reason)
        messages.success(request, _("Submitted. It goes out once a second person has approved it."))
    return redirect("respond:alert", code=row.code)
