"""What the pages of a policy share: finding it, and the pages beside each other. Each part adds its own here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import can, may, visible
from pasaj.policy.models import Policy, Problem
from pasaj.policy.queries.statements import AnyStatement, find
from pasaj.registry.queries import Request

TABS: list[tuple[Any, str]] = [
    (_("Statements"), "policy:policy"),
    (_("Document"), "policy:document"),
    (_("Options"), "policy:appraisal-list"),
    (_("Consultations"), "policy:round-list"),
    (_("Findings without a problem"), "policy:findings"),
    (_("Action plan"), "policy:plan"),
    (_("Follow-up"), "policy:board"),
    (_("What changed"), "policy:since"),
    (_("Coherence"), "policy:check"),
    (_("Versions"), "policy:version-list"),
    (_("Alignment"), "policy:alignment"),
]
BESIDE: dict[str, list[tuple[Any, str]]] = {
    "policy:plan": [
        (_("Table"), "policy:plan"),
        (_("Calendar"), "policy:gantt"),
        (_("Load"), "policy:load"),
        (_("Financing"), "policy:financing"),
        (_("Rates and capacities"), "policy:rates"),
    ],
    "policy:board": [(_("Board"), "policy:board"), (_("Recommendations"), "policy:recommendations")],
}
"""Pages that share a tab, in a row of their own."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page beside the one shown; more: those that share its tab, where it is the one shown."""

    label: Any
    url: str
    here: bool
    more: tuple[Tab, ...] = ()


CELL_ONLY = {
    "policy:alignment",
    "policy:appraisal-list",
    "policy:check",
    "policy:document",
    "policy:findings",
    "policy:recommendations",
    "policy:since",
}
"""Pages for those who see problems: what a policy rests on."""


def tabs(request: Request, row: Policy, here: str = "") -> list[Tab]:
    """The pages of a policy that the reader may open; here: the name of the view shown, without "policy:"."""
    if not can(request.actor, "view", row):
        return []
    open_ = may(request.actor, "view", Problem)

    def made(label: Any, name: str) -> Tab:
        beside = [(said, one) for said, one in BESIDE.get(name, ()) if open_ or one not in CELL_ONLY]
        shown = f"policy:{here}" in {name, *(one for _said, one in beside)}
        more = tuple(Tab(said, _address(row, one), one == f"policy:{here}") for said, one in beside) if shown else ()
        return Tab(label, _address(row, name), shown, more)

    return [made(label, name) for label, name in TABS if open_ or name not in CELL_ONLY]


def _address(row: Policy, name: str) -> str:
    return reverse(name, args=[row.code])


def policy_of(request: Request, code: str, action: str = "view") -> Policy:
    """The policy of this code, if the reader may do this with it; else 404."""
    row = get_object_or_404(visible(Policy.objects.select_related("institution"), request.actor), code=code)
    if action != "view" and not can(request.actor, action, row):
        raise Http404
    return row


def statement_of(request: Request, code: str, action: str = "view") -> AnyStatement:
    """The statement of this code, if the reader may do this with it; else 404."""
    row = find(code)
    if row is None or not can(request.actor, "view", row) or not can(request.actor, action, row):
        raise Http404
    return row


def whole(request: Request, name: str) -> int:
    """A number of the form; 0 for none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
