"""A pasted message: read, looked at, confirmed. The text is not stored."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pasaj.access.rules import visible
from pasaj.core.problems import Refused, problem
from pasaj.core.textgram import example
from pasaj.notify.models import Inbound
from pasaj.registry.queries import Request
from pasaj.watch.forms.paste import MOST, Paste
from pasaj.watch.models import Observation
from pasaj.watch.queries import figures, texts
from pasaj.watch.services import inbound, observations


def paste(request: Request) -> HttpResponse:
    """A box for the text; then the figures understood, as drafts; saved together or not at all."""
    if not figures.reportable(request.actor).exists():
        raise Http404
    posted = request.POST if request.method == "POST" else None
    text = _inbound(request)
    given = {"text": text.text} if posted is None and text else posted
    form = Paste(request.actor, request.now.date(), given)
    status = 200
    if posted is not None:
        changed = posted.get("read", "") != form.fingerprint
        if posted.get("do") == "save" and not changed:
            form.bind(posted)
            try:
                return _save(request, form)
            except Refused as refused:
                form = Paste(request.actor, request.now.date(), posted)
                form.bind(posted)
                form.explain(refused.problems)
                status = 409 if any(one.code == "OBS-013" for one in refused.problems) else 422
        else:
            form.understand()
            if posted.get("do") == "save":
                form.explain([problem("TEXT-014")])
                status = 409
    elif text:
        form.understand()
    language = (get_language() or "").split("-")[0]
    context = {"form": form, "example": example(form.words, language), "today": request.now.date(), "inbound": text}
    return render(request, "watch/paste.html", context, status=status)


def _inbound(request: Request) -> Inbound | None:
    """The text by SMS that is read by hand, where the address names one that the reader may settle."""
    number = request.GET.get("inbound", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    return visible(Inbound.objects.all(), request.actor, "settle").filter(pk=int(number)).first()


def _save(request: Request, form: Paste) -> HttpResponse:
    """Store what is taken and show the receipt. Raises Refused with every problem."""
    entries, problems = form.entries()
    if problems:
        raise Refused(*problems, *observations.examine(entries=entries, actor=request.actor, now=request.now))
    if not entries:
        messages.info(request, _("All of it stood already. Nothing was stored."))
        return redirect("watch:entry-choose")
    stored = observations.report_all(entries=entries, origin="paste", actor=request.actor, now=request.now)
    if (text := _inbound(request)) is not None:
        key = entries[0].key.place_code
        inbound.settle(row=text, ref=f"{key} {entries[0].period.text}", actor=request.actor, now=request.now)
    numbers = ",".join(str(one.observation.pk) for one in stored)
    return redirect(f"{reverse('watch:paste-receipt')}?figures={numbers}")


def paste_receipt(request: Request) -> HttpResponse:
    """What was stored from a message, figure by figure, and the same as text to send back."""
    numbers = [
        int(one) for one in request.GET.get("figures", "").split(",")[:MOST] if one.isdecimal() and len(one) < 19
    ]
    places = figures.reportable(request.actor)
    rows = list(
        visible(Observation.objects.visible(), request.actor)
        .filter(pk__in=numbers, series__crossing__in=places)
        .select_related("series__measure", "series__source", "series__crossing")
        .order_by("pk")
    )
    if not rows:
        raise Http404
    words, today = texts.vocabulary(request.actor), request.now.date()
    days = dict.fromkeys((one.series.crossing, one.period_start) for one in rows if one.series.crossing)
    lines = [one for crossing, day in days for one in texts.lines(request.actor, words, crossing, day, today)]
    return render(request, "watch/paste_receipt.html", {"rows": rows, "lines": lines})
