"""Search: a code leads straight to its page, a name to a list, however it is spelt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor, visible
from pasaj.assess.models import Finding, Recommendation
from pasaj.core.nearest import fold
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.registry.queries import Request
from pasaj.respond.models import Activation, Alert, AlertMessage, Event, Handover, LogEntry, Presence, Sitrep, Task
from pasaj.share.models import Release
from pasaj.watch.models import DetectionRun, Import, Incident, Measure, Series, Signal, Source

MOST = 30


@dataclass(frozen=True, slots=True)
class Hit:
    kind: Any
    code: str
    name: str
    url: str


def _to(name: str) -> Callable[[str], str]:
    return lambda code: reverse(name, args=[code])


def _within(name: str) -> Callable[[str], str]:
    """Things that have no page of their own, but a place on a list."""
    return lambda code: f"{reverse(name)}#{code}"


# What can be found by its code: in this order, each with the page it leads to.
CODES: tuple[tuple[type[models.Model], Any, Callable[[str], str]], ...] = (
    (CrossingPoint, _("Crossing point"), _to("site:crossing")),
    (Signal, _("Signal"), _to("watch:signal")),
    (Area, _("Area"), _to("registry:area")),
    (Institution, _("Institution"), _to("registry:institution")),
    (Incident, _("Incident"), _to("watch:incident")),
    (Sitrep, _("Situation report"), _to("respond:sitrep")),
    (Activation, _("Activation"), _to("respond:activation")),
    (Task, _("Task"), _to("respond:task")),
    (Alert, _("Alert"), _to("respond:alert")),
    (Event, _("Event"), _to("respond:event")),
    (LogEntry, _("Entry in the log"), _to("respond:log-entry")),
    (Handover, _("Handover"), _to("respond:handover")),
    (Presence, _("Who does what where"), _within("respond:presence-list")),
    (Finding, _("Finding"), _to("assess:finding")),
    (Recommendation, _("Recommendation"), _to("assess:recommendation")),
    (Import, _("Import"), _to("watch:import")),
    (DetectionRun, _("Detection run"), _to("watch:run")),
    (Release, _("Release"), _within("share:release-list")),
    (Series, _("Series"), _to("watch:series")),
    (Measure, _("Measure"), _within("watch:source-list")),
    (Source, _("Source"), _within("watch:source-list")),
)
NAMED = (CrossingPoint, Area, Institution, Measure, Source)


def search(request: Request) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:200]
    if asked:
        found = by_code(request.actor, asked)
        if found:
            return redirect(found)
    hits = by_name(request.actor, asked) if asked else []
    if len(hits) == 1:
        return redirect(hits[0].url)
    context = {"query": asked, "hits": hits[:MOST], "more": max(0, len(hits) - MOST)}
    return render(request, "site/pages/search.html", context)


def by_code(actor: Actor, asked: str) -> str:
    """The address of the thing that has this code, in whatever case it was typed; empty for none the actor may see."""
    for model, _kind, address in CODES:
        code = visible(model._default_manager.filter(code__iexact=asked), actor).values_list("code", flat=True).first()
        if code:
            return address(code)
    return _of_message(actor, asked)


def _of_message(actor: Actor, asked: str) -> str:
    """The page of the alert that a message (AL-2026-0001-2) belongs to: it is listed there."""
    rows = visible(AlertMessage.objects.filter(identifier__iexact=asked), actor).select_related("alert")
    found = rows.only("identifier", "alert__code").first()
    return f"{reverse('respond:alert', args=[found.alert.code])}#{found.identifier}" if found else ""


def by_name(actor: Actor, asked: str) -> list[Hit]:
    """Things whose name, alias or code holds every word asked for, accents and case aside; the best first."""
    words = fold(asked).split()
    if not words:
        return []
    ranked = []
    for hit, names in _named(actor):
        folded = [fold(name) for name in names]
        holding = [name for name in folded if all(word in name for word in words)]
        if holding:
            whole = fold(asked)
            rank = min((name != whole, not name.startswith(whole), len(name)) for name in holding)
            ranked.append((rank, hit))
    hits = [hit for _rank, hit in sorted(ranked, key=lambda one: (one[0], one[1].code))]
    return [*hits, *_series(actor, words)]


def _named(actor: Actor) -> Iterator[tuple[Hit, list[str]]]:
    kinds = {model: (kind, address) for model, kind, address in CODES}
    known = registry.well_known(actor)
    for model in NAMED:
        kind, address = kinds[model]
        row: Any
        for row in visible(model._default_manager.filter(retired_at=None), actor):
            own = [row.name] if hasattr(row, "name") else list(row.names.values())
            others = row.aliases if model is CrossingPoint and row.pk in known else ()
            names = [row.code, *own, *others]
            yield Hit(kind, row.code, str(row), address(row.code)), names


def _series(actor: Actor, words: list[str]) -> list[Hit]:
    """Series whose code holds every word."""
    wanted = Q()
    for word in words:
        wanted &= Q(code__icontains=word)
    rows = visible(Series.objects.filter(wanted), actor).select_related("measure", "crossing", "area", "source")
    return [
        Hit(_("Series"), row.code, _title(row), reverse("watch:series", args=[row.code]))
        for row in rows.order_by("code")[:MOST]
    ]


def _title(row: Series) -> str:
    """What tells a series from its neighbours: measure, part, place and source."""
    part = f": {row.category_name}" if row.category_name else ""
    return f"{row.measure}{part}, {row.place} · {row.source}"
