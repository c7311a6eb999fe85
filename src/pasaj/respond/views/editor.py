"""One message of an alert before it goes out: written, measured, seen as it will look, submitted, decided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.queries import Said, say
from pasaj.access.rules import can, may, visible
from pasaj.core import sms
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.notify.models import MAIL, SMS
from pasaj.notify.queries.directory import roles
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint
from pasaj.registry.queries import Request
from pasaj.respond.forms.alerts import MessageForm, Offered
from pasaj.respond.models import AlertMessage, Plan
from pasaj.respond.queries import alertboard as board
from pasaj.respond.queries import alertpage as page
from pasaj.respond.queries import alerts as queries
from pasaj.respond.services import alerts as service
from pasaj.respond.services import reach
from pasaj.respond.views.alerts import language

State = AlertMessage.State


def find(request: Request, identifier: str) -> AlertMessage:
    """The message, if the reader may see it; else 404."""
    row = queries.message(identifier, request.actor)
    if row is None:
        raise Http404
    return row


def offered(request: Request) -> Offered:
    """What the form lets choose from. Crossings and areas as the reader may see them."""
    areas = [one for one in registry.areas(request.actor) if one.level in ("1", "2", "zone")]
    return Offered(
        languages=request.home.languages,
        # A crossing that is not known to be official is never told of: its commune is.
        crossings=page.names(registry.crossings(request.actor).exclude(CrossingPoint.PROTECTED)),
        areas=[(one.code, f"{one} ({one.parent})" if one.level == "2" and one.parent else str(one)) for one in areas],
        institutions=page.names(registry.institutions(request.actor)),
        roles=[(one.code, str(one)) for one in roles()],
        plans=[(one.code, str(one)) for one in visible(Plan.objects.filter(retired_at=None), request.actor)],
    )


def message_edit(request: Request, identifier: str) -> HttpResponse:
    """Save at any time; what is wrong in itself is refused with all that was typed, what is missing is told."""
    row = find(request, identifier)
    if not can(request.actor, "edit", row):
        return _elsewhere(request, row)
    choices = offered(request)
    form = MessageForm(request.POST or None, initial=MessageForm.initial_of(row), offered=choices)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            service.change(identifier=identifier, given=form.given(), actor=request.actor, now=request.now)
            return _next(request, row)
        except Refused as refused:
            problems = form.explain(placed(refused.problems))
    troubles = placed(queries.troubles(row)) if not form.is_bound else []
    context = {
        "message": row,
        "alert": row.alert,
        "form": form,
        "problems": problems,
        "troubles": beside(troubles, form),
        "missing": [_said(one, form) for one in troubles],
        "counts": {code: length(form[f"short_{code}"].value() or "") for code in choices.languages},
        "reach": reach.of(row),
        "map": page.map_of(request, row),
        "hazard": page.hazard_names().get(row.alert.hazard, row.alert.hazard),
    }
    status = 422 if problems or (form.is_bound and form.errors) else 200
    return render(request, "respond/message_edit.html", context, status=status)


def _elsewhere(request: Request, row: AlertMessage) -> HttpResponse:
    """Somebody who may write or approve comes to a message that is past it: its alert says how it stands."""
    if not (may(request.actor, "edit", AlertMessage) or may(request.actor, "approve", AlertMessage)):
        raise Http404
    if can(request.actor, "refuse", row):  # an approver, and it waits: it is a text of their own
        told = say(problem("ALERT-005"))
        messages.error(request, f"{told.text} {told.remedy}")
    return redirect("respond:alert", code=row.alert.code)


def _next(request: Request, row: AlertMessage) -> HttpResponse:
    """Where the button leads that saved the form."""
    then = request.POST.get("then", "")
    if then in ("preview", "submit"):
        return redirect(f"respond:message-{then}", row.identifier)
    messages.success(request, _("Saved."))
    return redirect("respond:message-edit", row.identifier)


def placed(problems: Iterable[Problem]) -> list[Problem]:
    """The same problems with the names of our fields as their places."""
    return [one.at(one.file, one.row, field_of(one.column)) for one in problems]


def field_of(column: str) -> str:
    """The field of the form for a place such as `texts.fr.protection` or `recipients.roles`."""
    parts = column.split(".")
    if parts[0] == "texts" and len(parts) == 3:
        return f"{parts[2]}_{parts[1]}"
    return {"areas": "areas", "recipients": "institutions"}.get(parts[0], column)


def beside(troubles: Iterable[Problem], form: MessageForm) -> dict[str, list[Said]]:
    """What stands against publishing, by field."""
    found: dict[str, list[Said]] = {}
    for one in troubles:
        if one.column in form.fields:
            found.setdefault(one.column, []).append(say(one.at("", None)))
    return found


def _said(one: Problem, form: MessageForm) -> tuple[Said, str, str]:
    """A trouble for the summary: what it says, its field's id and label."""
    if one.column not in form.fields:
        return say(one.at("", None)), "", ""
    bound = form[one.column]
    code = one.column.rpartition("_")[2]
    tongue = LANGUAGE_NAMES.get(code, "") if code in form.languages else ""
    return (
        say(one.at("", None)),
        bound.id_for_label or bound.auto_id,
        " · ".join(filter(None, [str(bound.label), tongue])),
    )


# --- How long a text is ------------------------------------------------------------------------


def length(text: str) -> Mapping[str, Any]:
    """Characters, encoding and parts of a text as a telephone gets it, and what makes it dear."""
    sent = sms.fold(text)
    found = sms.measure(sent)
    return {
        "characters": len(sent),
        "encoding": found.encoding,
        "segments": found.segments,
        "left": found.left,
        "forcing": " ".join(sms.forcing(sent)[:10]),
    }


@require_POST
def measured(request: Request) -> HttpResponse:
    """The counter under a short text while it is typed."""
    text = next((value for name, value in request.POST.items() if name.startswith("short_")), "")
    return render(request, "respond/_count.html", {"count": length(str(text)[:4000])})


# --- As it will look ---------------------------------------------------------------------------


@require_safe
def message_preview(request: Request, identifier: str) -> HttpResponse:
    row = find(request, identifier)
    codes = request.home.languages
    chosen = request.GET.get("lang", "")
    chosen = chosen if chosen in codes else (language() if language() in codes else codes[0])
    seen = queries.preview(row, chosen)
    short, mail = (reach.parcel(row, chosen, channel) for channel in (SMS, MAIL))
    context = {
        "message": row,
        "alert": row.alert,
        "chosen": chosen,
        "preview": seen,
        "sms": short.short,
        "count": length(short.short),
        "body": mail.body,
        "subject": mail.subject,
        "tabs": [
            {"url": f"?lang={code}", "label": LANGUAGE_NAMES.get(code, code), "here": code == chosen} for code in codes
        ],
        "reach": reach.of(row),
        "may_edit": row.state == State.DRAFT and can(request.actor, "edit", row),
    }
    return render(request, "respond/message_preview.html", context)


def message_submit(request: Request, identifier: str) -> HttpResponse:
    """What is told to whom, once more, then it is handed to a second person."""
    row = find(request, identifier)
    if not can(request.actor, "submit", row):
        return _elsewhere(request, row)
    problems: tuple[Problem, ...] = tuple(queries.troubles(row))
    if request.method == "POST":
        try:
            service.submit(identifier=identifier, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Submitted. It goes out once a second person has approved it."))
            return redirect("respond:alert", code=row.alert.code)
    context = {**_decision(request, row), "problems": problems, "form": None, "submitting": True}
    return render(request, "respond/message_decide.html", context, status=422 if request.method == "POST" else 200)


class NoteForm(forms.Form):
    """Why a message is sent back."""

    note = forms.CharField(
        label=gettext_lazy("What must be changed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The author reads it. No names of travellers."),
    )  # fmt: skip


def message_decide(request: Request, identifier: str) -> HttpResponse:
    """Readable on a telephone at night: what, where, protection first, to how many; one button."""
    row = find(request, identifier)
    if not can(request.actor, "approve", row):
        return _elsewhere(request, row)
    refusing = request.POST.get("decision") == "no"
    seen, stands = request.POST.get("seen", ""), queries.content_sha256(row)
    form = NoteForm(request.POST if refusing else None)
    problems: tuple[Problem, ...] = ()
    moved = request.method == "POST" and seen != stands  # sent back, changed and submitted again meanwhile
    if request.method == "POST" and not moved and (not refusing or form.is_valid()):
        who: dict[str, Any] = {"identifier": identifier, "actor": request.actor, "now": request.now}
        try:
            if refusing:
                service.refuse(**who, note=form.cleaned_data["note"])
                messages.success(request, _("Sent back to its author."))
            else:
                service.approve(**who)
                _tell(request, row)
            return redirect("respond:alert", code=row.alert.code)
        except Refused as refused:
            problems = refused.problems
    context = {**_decision(request, row), "problems": problems, "form": form, "seen": stands, "moved": moved}
    status = 422 if problems or moved or (form.is_bound and form.errors) else 200
    return render(request, "respond/message_decide.html", context, status=status)


def _tell(request: Request, row: AlertMessage) -> None:
    row.refresh_from_db()
    if row.state == State.PUBLISHED:
        messages.success(request, _("Approved. It is published and goes out now."))
    else:
        messages.success(request, _("Approved. Another person must approve it, too."))


def _decision(request: Request, row: AlertMessage) -> dict[str, Any]:
    """What somebody must know who lets a message go out."""
    old, here = page.before(row), language()
    tongues = page.tongues(row, request.home.languages, here)
    return {
        "message": row,
        "alert": row.alert,
        "tongue": tongues[0] if tongues else None,
        "tongues": tongues[1:],
        "where": page.where(row, here),
        "places": board.places(row, here, board.names_of([row])),
        "reach": reach.of(row),
        "approvals": page.approvals(row, queries.quorum(row)),
        "old": old,
        "changes": page.changes(old, row, request.home.languages, here) if old else [],
    }
