"""The outbox: what was told to whom, how far it came, and what is still to be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.queries import say
from pasaj.access.rules import can, visible
from pasaj.core.problems import Refused
from pasaj.notify import channels
from pasaj.notify.models import Delivery, Message
from pasaj.notify.queries import outbox as queries
from pasaj.notify.services import answers, composing, outbox
from pasaj.notify.templatetags.messages_sent import KINDS, STATES
from pasaj.registry.queries import Request

PAGE, ROWS = 25, 100
BULLETIN = "bulletin"


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is asked for; empty: all."""

    kind: str = ""
    state: str = ""
    ref: str = ""


@require_safe
def message_list(request: Request) -> HttpResponse:
    rows = queries.messages(request.actor)
    if not can_view(request):
        raise Http404
    wanted = Filter(**{name: request.GET.get(name, "").strip()[:60] for name in ("kind", "state", "ref")})
    total = rows.exists()
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.ref:
        rows = rows.filter(ref=wanted.ref)
    if wanted.state:
        rows = rows.filter(Exists(Delivery.objects.filter(message=OuterRef("pk"), state=wanted.state)))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "wanted": wanted,
        "total": total,
        "kinds": KINDS,
        "states": _states(),
        "idle": [channels.get(kind).label for kind in channels.kinds() if not channels.get(kind).ready()
                 and kind != BULLETIN],
    }  # fmt: skip
    return render(request, "notify/message_list.html", context)


def can_view(request: Request) -> bool:
    """Whether the outbox is anything to the reader at all."""
    return queries.may_read(request.actor)


def _states() -> dict[str, Any]:
    return {name: word for name, (word, _tone) in STATES.items() if name in Delivery.State.values}


def _find(request: Request, code: str, action: str = "view") -> Message:
    row = get_object_or_404(visible(Message.objects.select_related("follows"), request.actor), code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


@require_safe
def message(request: Request, code: str) -> HttpResponse:
    row = _find(request, code)
    state = request.GET.get("state", "")[:20]
    rows = queries.deliveries(row, state).prefetch_related(queries.events())
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    plain, settles = can(request.actor, "reach", row), can(request.actor, "settle", row)
    counts = queries.states(row)
    context = {
        "message": row,
        "standing": queries.standing_of(row),
        "texts": _texts(row),
        "page_obj": page,
        "lines": [(one, queries.shown(one, plain=plain)) for one in page],
        "masked": not plain,
        "state": state,
        "states": {**_states(), "unanswered": _("Not acknowledged")},
        "follows": row.follows,
        "followed": row.followed_by.order_by("pk"),
        "waiting": counts.get("queued", 0) if settles else 0,
        "failed": counts.get("failed", 0) if settles else 0,
        "bulletins": queries.unprinted(row) if settles else 0,
        "asks": settles and row.acknowledge_due_at is not None,
    }
    return render(request, "notify/message.html", context)


def _texts(row: Message) -> list[tuple[str, dict[str, str]]]:
    """Each language with its texts as they go out: an exercise says so. The home's languages in its order."""
    names = dict(settings.LANGUAGES)
    texts = queries.readable(row)
    order = [code for code in names if code in texts] + sorted(set(texts) - set(names))
    found = []
    for language in order:
        text = texts[language]
        parts = ("subject", "body", "short")
        found.append((language, {part: composing.marked_in(language, row.mode, text[part]) for part in parts}))
    return found


@require_POST
def message_act(request: Request, code: str) -> HttpResponse:
    """Cancel what waits, try again what was given up, say that bulletins were handed out or that somebody called."""
    _find(request, code, "settle")
    step = request.POST.get("step", "")
    number = request.POST.get("recipient", "")
    verbs: dict[str, Callable[..., int]] = {
        "cancel": outbox.cancel, "resend": outbox.resend, "printed": outbox.printed,
    }  # fmt: skip
    if step == "phone" and number.isascii() and number.isdecimal() and len(number) < 18:
        verbs["phone"] = partial(answers.by_telephone, number=int(number))
    if step not in verbs:
        raise Http404
    try:
        count = verbs[step](code=code, actor=request.actor, now=request.now)
    except Refused as refused:
        messages.error(request, "; ".join(say(one).text for one in refused.problems))
    else:
        said = ngettext("%(count)s recipient.", "%(count)s recipients.", count) % {"count": count}
        messages.success(request, f"{_('Written down.')} {said}")
    return redirect("notify:message", code=code)


@require_safe
def bulletin(request: Request, code: str) -> HttpResponse:
    """The message as a sheet to print, for places without network: one page, one language."""
    row = _find(request, code)
    languages = [language for language, _text in _texts(row)]
    language = composing.language_for(row.texts, request.GET.get("lang", request.LANGUAGE_CODE or ""), "")
    text = dict(_texts(row))[language]
    context = {"message": row, "language": language, "offered": languages, "text": text}
    return render(request, "notify/bulletin.html", context)
