"""Institutional mapping to be read: who has which role in what, who tells whom what, and what both come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pasaj.access.rules import may
from pasaj.assess.forms.matrices import MOST_CHANGES, chosen, count_of, day_of
from pasaj.assess.models import Round
from pasaj.assess.queries import mapping, matrices, pages
from pasaj.assess.views.rounds import find, tabs
from pasaj.core.mapping.profile import Profile, Situation, profile
from pasaj.registry import queries as registry
from pasaj.registry.models import Mandate
from pasaj.registry.queries import Request


def _options(codes: Iterable[str], known: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(one, f"{one} · {known[one]}" if known.get(one) else one) for one in codes]


# --- Mandates: of the pack, of no round --------------------------------------------------------


@require_safe
def mandate_matrix(request: Request) -> HttpResponse:
    """Function x institution on a day, and what it leaves open."""
    if not may(request.actor, "view", Mandate):
        raise Http404
    day = day_of(request.GET, timezone.localdate(request.now))
    register, held = mapping.mandates_on(day)
    names = matrices.names()
    found = matrices.mandate_matrix(register, held, day)
    territory = chosen(request.GET, "territory", found.territories)
    if territory:
        found = matrices.mandate_matrix(register, held, day, territory)
    institution = chosen(request.GET, "institution", register.institutions)
    context = {
        "names": names,
        "day": day,
        "found": found,
        "territory": territory,
        "territories": [(one, names.territories.get(one, one)) for one in found.territories],
        "institution": institution,
        "institutions": _options(found.grid.institutions, names.institutions),
        "held": found.of_institution(institution) if institution else (),
    }
    return render(request, "assess/matrix_mandates.html", context)


@require_safe
def mandate_cell(request: Request, function: str, institution: str) -> HttpResponse:
    """Every mandate of one institution in one function: where, since when, by which text, from which source."""
    if not may(request.actor, "view", Mandate):
        raise Http404
    day = day_of(request.GET, timezone.localdate(request.now))
    names = matrices.names()
    rows = registry.mandates(request.actor).filter(function__code=function, institution__code=institution)
    if function not in names.functions or institution not in names.institutions:
        raise Http404
    register, held = mapping.mandates_on(day)
    found = matrices.mandate_matrix(register, held, day)
    context = {
        "names": names,
        "day": day,
        "function": function,
        "institution": institution,
        "rows": [(one, matrices.when(one.valid_start, one.valid_end, day)) for one in rows],
        "others": [one for one in found.of_function(function) if one.institution != institution],
        "said": found.about(function, institution),
    }
    return render(request, "assess/matrix_mandate.html", context)


# --- A round -----------------------------------------------------------------------------------


def _tabs(row: Round, here: str) -> list[dict[str, Any]]:
    words = {
        "mapping-exchange": _("Exchange"),
        "mapping-network": _("Network"),
        "mapping-profile": _("Fragmentation"),
        "mapping-better": _("What would help most"),
        "mapping-roles": _("Roles as they say"),
    }
    return [
        {"label": label, "url": reverse(f"assess:{name}", args=[row.code]), "here": name == here}
        for name, label in words.items()
    ]


def _context(row: Round, here: str, **more: Any) -> dict[str, Any]:
    return {
        "round": row,
        "names": matrices.names(),
        "tabs": tabs(row, "mapping-exchange"),
        "pages": _tabs(row, here),
        **more,
    }


def _layers(situation: Situation) -> list[str]:
    return sorted({one.layer for one in situation.ties})


@require_safe
def exchange(request: Request, code: str) -> HttpResponse:
    """Sender x receiver as both ends report it, and what is needed beside it."""
    row = find(request, code)
    heard, situation = mapping.exchange(row), mapping.situation(row)
    layers = _layers(situation)
    layer = chosen(request.GET, "layer", layers)
    institution = chosen(request.GET, "institution", situation.institutions)
    context = _context(row, "mapping-exchange")
    names = context["names"]
    found = matrices.exchange_matrix(situation, layer, institution)
    context |= {
        "found": found,
        "layer": layer,
        "layers": [(one, names.layers.get(one, one)) for one in layers],
        "institution": institution,
        "institutions": _options(situation.institutions, names.institutions),
        "spoke": matrices.spoke(heard),
        "heard": heard,
    }
    return render(request, "assess/matrix_exchange.html", context)


@require_safe
def exchange_cell(request: Request, code: str, sender: str, receiver: str) -> HttpResponse:
    """What one institution is said to tell another, layer by layer: who says what, how, and how fast."""
    row = find(request, code)
    heard = mapping.exchange(row)
    if sender == receiver or not {sender, receiver} <= set(heard.institutions):
        raise Http404
    context = _context(row, "", sender=sender, receiver=receiver, lines=matrices.between(heard, sender, receiver))
    return render(request, "assess/matrix_exchange_cell.html", context)


@require_safe
def roles(request: Request, code: str) -> HttpResponse:
    """The roles that institutions say they have, beside those that the pack says they have."""
    row = find(request, code)
    _register, held = mapping.mandates_on(row.period_end)
    claimed = matrices.claims(mapping.claims(row), held, row.period_end)
    context = _context(row, "mapping-roles", claimed=claimed, review=mapping.claimed_review(row))
    return render(request, "assess/matrix_roles.html", context)


@require_safe
def network(request: Request, code: str) -> HttpResponse:
    """The network drawn, and its measures with what each means."""
    row = find(request, code)
    situation = mapping.situation(row)
    layers = _layers(situation)
    layer = chosen(request.GET, "layer", layers)
    found = matrices.shape(situation, layer)
    focus = chosen(request.GET, "institution", found.measures.institutions)
    context = _context(row, "mapping-network", found=found, layer=layer, focus=focus, situation=situation)
    names = context["names"]
    context |= {
        "layers": [(one, names.layers.get(one, one)) for one in layers],
        "institutions": _options(found.measures.institutions, names.institutions),
        "marked": {one.institution for one in found.standings if one.silence.cut},
    }
    return render(request, "assess/matrix_network.html", context)


@require_safe
def profile_page(request: Request, code: str) -> HttpResponse:
    """Fragmentation by its components, each with its sentence; beside it the round before, where there is one."""
    row = find(request, code)
    situation = mapping.situation(row)
    found = profile(situation)
    earlier = pages.comparable(request.actor, row).first()
    before = profile(mapping.situation(earlier)) if earlier else Profile(())
    was = {one.code: one for one in before.components}
    context = _context(
        row,
        "mapping-profile",
        found=found,
        lines=[(one, was.get(one.code)) for one in found.components],
        earlier=earlier if before.known else None,
        silent=matrices.silent(situation),
    )
    return render(request, "assess/matrix_profile.html", context)


@require_safe
def better(request: Request, code: str) -> HttpResponse:
    """Which few missing links or agreements lower fragmentation most."""
    row = find(request, code)
    count = count_of(request.GET)
    found = matrices.better(mapping.situation(row), count)
    counts = range(1, MOST_CHANGES + 1)
    context = _context(row, "mapping-better", count=count, counts=counts, found=found)
    return render(request, "assess/matrix_better.html", context)
