"""Situation reports: the list, one on a page, the editor with its facts, the steps, files and the short text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pasaj.access.rules import can, may, visible
from pasaj.core import sitrep as core
from pasaj.core.problems import Problem, Refused
from pasaj.notify.queries import recipients
from pasaj.registry.queries import Request
from pasaj.respond.forms.sitreps import EDITIONS, MOMENT, PARTS, DraftForm, EditForm, SendForm
from pasaj.respond.models import Sitrep
from pasaj.respond.queries import sitreps as queries
from pasaj.respond.queries.sitreps.report import AUDIENCES, SHARE, WHOLE
from pasaj.respond.services import sitrep_files as files
from pasaj.respond.services import sitreps as service
from pasaj.respond.services.sitrep_sending import send
from pasaj.share.views import hand_over

PAGE = 25
State = Sitrep.State
WORDS = {
    State.DRAFT: gettext_lazy("Draft"),
    State.SUBMITTED: gettext_lazy("Waits for approval"),
    State.APPROVED: gettext_lazy("Approved"),
    State.SENT: gettext_lazy("Sent"),
    State.DISCARDED: gettext_lazy("Discarded"),
}
ACTIONS = {
    "drafted": gettext_lazy("Drafted"),
    "edited": gettext_lazy("Edited"),
    "refreshed": gettext_lazy("Facts read again"),
    "submitted": gettext_lazy("Submitted"),
    "returned": gettext_lazy("Given back"),
    "approved": gettext_lazy("Approved"),
    "sent": gettext_lazy("Sent"),
    "discarded": gettext_lazy("Discarded"),
}
# Which rule a step asks for, and where the reader comes out.
STEPS: Mapping[str, str] = {"submit": "write", "approve": "approve", "return": "approve", "discard": "write",
                            "refresh": "write", "correct": "write"}  # fmt: skip


@require_safe
def sitrep_list(request: Request) -> HttpResponse:
    page = Paginator(queries.listed(request.actor), PAGE).get_page(request.GET.get("page"))
    whole = may(request.actor, "whole", Sitrep)
    context = {
        "page_obj": page,
        "lines": [(one, WORDS[State(one.state)], _headline(one) if whole else "") for one in page],
        "whole": whole,
        "may_write": may(request.actor, "write", Sitrep),
    }
    return render(request, "respond/sitreps.html", context)


def _headline(row: Sitrep) -> str:
    own = (get_language() or "").split("-")[0]
    said: dict[str, str] = row.texts.get(own) or next(iter(row.texts.values()), {})
    return said.get("headline", "")


def find(request: Request, code: str, action: str = "view") -> Sitrep:
    """The report of this code, if the actor may do this with it; else 404."""
    rows = Sitrep.objects.select_related("previous", "corrects")
    return get_object_or_404(visible(visible(rows, request.actor), request.actor, action), code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def sitrep_new(request: Request) -> HttpResponse:
    if not may(request.actor, "write", Sitrep):
        raise Http404
    first = {"as_of": timezone.localtime(request.now, request.home.zone), "previous": "last", "mode": "actual"}
    form = DraftForm(request.POST or None, initial=first)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = service.draft(
                as_of=_moment(request, asked["as_of"]),
                previous=asked["previous"],
                mode=asked["mode"],
                actor=request.actor,
                now=request.now,
            )
        except Refused as refused:
            problems = refused.problems
        else:
            return redirect("respond:sitrep-edit", code=made.code)
    status = 422 if problems or form.errors else 200
    return render(request, "respond/sitrep_new.html", {"form": form, "problems": problems}, status=status)


def _moment(request: Request, said: datetime) -> datetime:
    """What was typed, in the home's zone; the minute that runs now is now."""
    moment = said.replace(tzinfo=request.home.zone)
    now = request.now
    return now if moment <= now and (now - moment).total_seconds() < 60 else moment


@require_safe
def sitrep(request: Request, code: str) -> HttpResponse:
    return _page(request, find(request, code))


def _page(request: Request, row: Sitrep, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    edition, language = _asked(request, row)
    told = queries.said(row, language=language, edition=edition, actor=request.actor)
    actor, whole = request.actor, can(request.actor, "whole", row)
    context = {
        "sitrep": row,
        "state": WORDS[State(row.state)],
        "said": told,
        "edition": edition,
        "editions": EDITIONS if whole else (),
        "written_in": [(one, str(get_language_info(one)["name_local"])) for one in row.texts],
        "problems": problems,
        "history": _history(row) if whole else (),
        "behind": _behind(request, row) if whole and row.state in (State.DRAFT, State.SUBMITTED) else (),
        "carried": _carried(row, language) if whole and row.state in (State.DRAFT, State.SUBMITTED) else (),
        "may_write": can(actor, "write", row) and row.state == State.DRAFT,
        "may_approve": can(actor, "approve", row) and row.state == State.SUBMITTED,
        "may_send": can(actor, "send", row) and row.state == State.APPROVED,
        "may_correct": can(actor, "write", row) and row.state in queries.GONE_OUT,
        "may_discard": can(actor, "write", row) and row.state in (State.DRAFT, State.SUBMITTED),
        "corrections": visible(row.corrections.order_by("number"), actor),
        "typed": request.POST if problems else {},
    }
    status = problems[0].kind.status if problems else 200
    return render(request, "respond/sitrep.html", context, status=status)


def _asked(request: Request, row: Sitrep) -> tuple[str, str]:
    """Edition and language of the page: what is asked for, where the reader may have it; else the first there is."""
    edition = request.GET.get("edition", WHOLE)
    if edition not in AUDIENCES or not can(request.actor, "whole", row):
        edition = SHARE
    own = (get_language() or "").split("-")[0]
    language = request.GET.get("lang", own)
    if language not in row.texts:
        language = own if own in row.texts else next(iter(row.texts))
    return edition, language


def _history(row: Sitrep) -> list[tuple[Any, Any]]:
    return [(one, ACTIONS[one.action]) for one in row.events.order_by("-at", "-pk")]


def _behind(request: Request, row: Sitrep) -> list[str]:
    found = queries.behind(row, request.home.default_language)
    return [f"{PARTS[part]} ({get_language_info(language)['name_local']})" for language, part in found]


def _carried(row: Sitrep, language: str) -> list[str]:
    marks = row.marks.get(language, {})
    return [str(PARTS[part]) for part in core.PARTS if marks.get(part) == core.CARRIED]


# --- Writing -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sitrep_edit(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "write")
    language = request.GET.get("lang", request.home.default_language)
    if row.state != State.DRAFT or language not in row.texts:
        raise Http404
    first = {"seen": row.revision, **row.texts[language]}
    form = EditForm(language, request.POST or None, initial=first)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            saved = service.edit(
                code=code,
                texts={language: {part: said[part] for part in core.PARTS}},
                looked=[(language, part) for part in core.PARTS if said[f"looked_{part}"]],
                seen=said["seen"],
                actor=request.actor,
                now=request.now,
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Saved."))
            if "stay" in request.POST:
                return redirect(f"{request.path}?lang={language}")
            return redirect("respond:sitrep", code=saved.code)
    return _editor(request, row, language, form, problems)


def _editor(
    request: Request, row: Sitrep, language: str, form: EditForm, problems: tuple[Problem, ...]
) -> HttpResponse:  # fmt: skip
    marks = row.marks.get(language, {})
    known = queries.beside(row, queries.hidden_from(request.actor, row.facts))
    parts = [
        {
            "code": part,
            "field": form[part],
            "looked": form[f"looked_{part}"],
            "mark": marks.get(part, core.DRAFTED),
            "facts": known[part],
        }
        for part in core.PARTS
    ]
    context = {
        "sitrep": row,
        "form": form,
        "sections": parts,
        "language": language,
        "written_in": [(one, str(get_language_info(one)["name_local"])) for one in row.texts],
        "problems": problems,
        "moment": timezone.localtime(row.as_of_at, request.home.zone).strftime(MOMENT),
        "behind": _behind(request, row),
    }
    status = problems[0].kind.status if problems else 200
    return render(request, "respond/sitrep_edit.html", context, status=status)


@require_POST
def sitrep_step(request: Request, code: str) -> HttpResponse:
    """Submit, approve, give back, let be, read the facts again, correct."""
    step = request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    row = find(request, code, STEPS[step])
    try:
        done = _done(request, row, step)
    except Refused as refused:
        return _page(request, find(request, code), refused.problems)
    if step in ("refresh", "correct"):
        return redirect("respond:sitrep-edit", code=done.code)
    messages.success(request, _("Written down."))
    return redirect("respond:sitrep", code=done.code)


def _done(request: Request, row: Sitrep, step: str) -> Sitrep:
    said = request.POST.get("reason", "")
    seen = request.POST.get("seen", "")
    known: dict[str, Any] = {
        "code": row.code,
        "seen": int(seen) if seen.isascii() and seen.isdecimal() else 0,
        "actor": request.actor,
        "now": request.now,
    }
    if step == "submit":
        return service.submit(**known)
    if step == "approve":
        return service.approve(**known)
    if step == "return":
        return service.give_back(note=said, **known)
    if step == "discard":
        return service.discard(reason=said, **known)
    if step == "refresh":
        return service.refresh(as_of=_typed(request), **known)
    return service.draft(
        as_of=request.now, corrects=row.code, correction=said, mode=row.mode, actor=request.actor, now=request.now
    )


def _typed(request: Request) -> datetime | None:
    """The moment that was typed; None where none was, or not as one."""
    try:
        said = datetime.fromisoformat(request.POST.get("as_of", ""))
    except ValueError:
        return None
    return _moment(request, said.replace(tzinfo=None))


# --- Going out ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sitrep_send(request: Request, code: str) -> HttpResponse:
    row = find(request, code, "send")
    if row.state != State.APPROVED:
        raise Http404
    form = SendForm(request.POST or None, initial={"seen": row.revision, "edition": WHOLE})
    problems: tuple[Problem, ...] = ()
    chosen = None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        chosen = recipients(institutions=asked["institutions"], roles=asked["roles"])
        if "send" in request.POST:
            try:
                send(
                    code=code,
                    seen=asked["seen"],
                    contacts=chosen,
                    edition=asked["edition"],
                    actor=request.actor,
                    now=request.now,
                )
            except Refused as refused:
                problems = refused.problems
            else:
                messages.success(request, _("It is in the outbox."))
                return redirect("respond:sitrep", code=code)
    context = {"sitrep": row, "form": form, "problems": problems, "chosen": chosen}
    return render(request, "respond/sitrep_send.html", context, status=problems[0].kind.status if problems else 200)


@require_safe
def sitrep_file(request: Request, code: str, edition: str, language: str, suffix: str) -> HttpResponse | FileResponse:
    """The PDF or the Word file of an edition in a language."""
    row = find(request, code, "whole" if edition == WHOLE else "view")
    if edition not in AUDIENCES or suffix not in files.FORMS or language not in row.texts:
        raise Http404
    try:
        released = files.export(
            row=row, language=language, edition=edition, form=suffix, actor=request.actor, now=request.now
        )
    except Refused as refused:
        return _page(request, row, refused.problems)
    return hand_over(released, f"{row.code}-{edition}-{language}.{suffix}")


@require_safe
def sitrep_chat(request: Request, code: str) -> HttpResponse:
    """The short text, to be copied into a chat."""
    row = find(request, code)
    edition, language = _asked(request, row)
    try:
        text = files.short(row=row, language=language, edition=edition, actor=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, row, refused.problems)
    context = {
        "sitrep": row,
        "text": text,
        "edition": edition,
        "editions": EDITIONS if can(request.actor, "whole", row) else (),
        "language": language,
        "written_in": [(one, str(get_language_info(one)["name_local"])) for one in row.texts],
        "length": len(text),
        "limit": queries.LIMIT,
    }
    return render(request, "respond/sitrep_chat.html", context)
