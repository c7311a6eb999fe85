"""What every page's frame needs: the clock, the rail, the languages, the scheme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from pasaj.access.models import Account
from pasaj.access.rules import Actor, may
from pasaj.assess.models import Round
from pasaj.collect.models import AppUser, Form, FormUpload, Submission
from pasaj.evidence.models import Node
from pasaj.notify.models import Contact, Message
from pasaj.registry.models import CrossingPoint, Protocol
from pasaj.respond.models import Activation, Alert, Event, LogEntry, Plan, Presence, Sitrep
from pasaj.watch.models import DetectionRun, Import, Incident, Observation

SCHEMES = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the rail; `here` when the page shown belongs to it."""

    label: Any
    url: str
    here: bool


# Word, its first page, and the beginnings of the view names under it. A word shows once its page exists.
RAIL: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (_("Morning"), "site:morning", ("site:morning",)),
    (
        _("Crossings"),
        "site:crossing-list",
        (
            "site:crossing",
            "watch:entry",
            "watch:incident",
            "watch:status",
            "watch:calls",
            "registry:area",
            "collect:protocol",
            "collect:mine",
        ),
    ),
    (_("Signals"), "watch:signal-list", ("watch:signal", "site:trace")),
    (_("Response"), "respond:alert-list", ("respond:", "notify:")),
    (
        _("Data"),
        "watch:series-list",
        (
            "watch:series",
            "watch:paste",
            "watch:import",
            "watch:source",
            "watch:job",
            "watch:run",
            "collect:submission",
            "collect:tray",
            "collect:redaction",
            "collect:activity",
            "share:",
            "collect:phone",
            "collect:form",
            "collect:waiver",
            "registry:pack",
        ),
    ),
    (_("Assessment"), "assess:framework-list", ("assess:",)),
    (_("Policy"), "policy:policy-list", ("policy:",)),
    (_("Institutions"), "registry:institution-list", ("registry:institution",)),
)
# What stands beside each other under a word, and whose rule opens it: tabs on the first page of each.
PARTS: tuple[tuple[tuple[Any, str, tuple[tuple[str, Any], ...]], ...], ...] = (
    (
        (_("Crossings"), "site:crossing-list", ()),
        (_("Report counts"), "watch:entry-choose", (("report", CrossingPoint),)),
        (_("My reports"), "collect:mine", (("fill", Form),)),
        (_("Incidents"), "watch:incident-list", (("view", Incident),)),
        (_("Areas"), "registry:area-list", ()),
        (_("Return protocols"), "collect:protocol-list", (("judge", Protocol),)),
    ),
    (
        (_("Signals"), "watch:signal-list", ()),
        (_("Chain of evidence"), "site:trace-list", (("view", Node),)),
    ),
    (
        (_("Alerts"), "respond:alert-list", ()),
        (_("Activations"), "respond:activation-list", (("view", Activation),)),
        (_("Duty room"), "respond:duty", (("view", LogEntry),)),
        (_("Events and rumours"), "respond:event-list", (("view", Event),)),
        (_("Who does what where"), "respond:presence-list", (("view", Presence),)),
        (_("Reception"), "respond:capacity", (("view", Observation),)),
        (_("Situation reports"), "respond:sitrep-list", (("view", Sitrep),)),
        (_("Contingency plans"), "respond:plan-list", (("view", Plan),)),
        (_("Messages"), "notify:message-list", (("view", Message),)),
        (_("Directory"), "notify:contact-list", (("view", Contact),)),
        (_("Feeds of alerts"), "respond:feeds", ()),
        (_("Drills"), "respond:drill-list", (("view", Activation),)),
    ),
    (
        (_("Series"), "watch:series-list", ()),
        (_("Reports received"), "collect:submission-list", (("view", Submission),)),
        (_("Paste a message"), "watch:paste", (("report", CrossingPoint),)),
        (_("Imports"), "watch:import-list", (("view", Import),)),
        (_("Background work"), "watch:job-list", (("view", Import), ("view", DetectionRun))),
        (_("Forms"), "collect:form-list", (("view", FormUpload), ("fill", Form))),
        (_("Phones"), "collect:phone-list", (("view", AppUser),)),
        (_("What left the system"), "share:release-list", ()),
        (_("Sources and definitions"), "watch:source-list", ()),
        (_("Country pack"), "registry:pack", ()),
    ),
    (
        (_("Frameworks"), "assess:framework-list", ()),
        (_("Rounds"), "assess:round-list", (("view", Round),)),
        (_("Mandates"), "assess:mandate-matrix", ()),
    ),
)
BAR = 5  # words that fit the bottom bar of a phone


def address(name: str) -> str:
    """The address of a view, or nothing when it does not exist (yet)."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def rail(view_name: str) -> list[Word]:
    words = ((label, address(name), starts) for label, name, starts in RAIL)
    return [Word(label, url, view_name.startswith(starts)) for label, url, starts in words if url]


def parts(view_name: str, actor: Actor) -> list[Word]:
    """The pages beside this one that the actor may open; nothing on a page that stands alone."""
    for beside in PARTS:
        if any(name == view_name for _label, name, _rules in beside):
            return [
                Word(label, url, name == view_name)
                for label, name, rules in beside
                if (not rules or any(may(actor, action, model) for action, model in rules)) and (url := address(name))
            ]
    return []


def tongues(codes: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Code, own name and whether it is the one in use, in the order of the pack."""
    known = {code for code, _name in settings.LANGUAGES}
    now = (get_language() or "").split("-")[0]
    return [(code, str(get_language_info(code)["name_local"]), code == now) for code in codes if code in known]


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Values the middleware did not set are simply absent from the frame."""
    home = getattr(request, "home", None)
    match = getattr(request, "resolver_match", None)
    chosen = request.COOKIES.get("theme", "auto")
    actor = getattr(request, "actor", None)
    signed_in = bool(getattr(actor, "id", None))
    codes = list(home.languages) if home else [code for code, _name in settings.LANGUAGES]
    view_name = match.view_name if match else ""
    words = rail(view_name) if signed_in else []
    return {
        "home": home,
        "now": getattr(request, "now", None) or timezone.now(),
        "actor": actor,
        "signed_in": signed_in,
        "heartbeat": getattr(request, "heartbeat", None) if signed_in else None,
        "rail": words,
        "rail_bar": words[:BAR],
        "rail_more": words[BAR:],
        "may_jobs": bool(actor and any(may(actor, "view", model) for model in (Import, DetectionRun))),
        "may_alert": bool(actor and may(actor, "draft", Alert)),
        "may_send": bool(actor and may(actor, "fill", Form)),
        "may_people": bool(actor and may(actor, "list", Account)),
        "parts": parts(view_name, actor) if actor and signed_in else [],
        "languages": tongues(codes),
        "stated_date": bool(home and home.clock_at),
        "demo": bool(home and home.demo),
        "theme": chosen if chosen in SCHEMES else "auto",
        "schemes": SCHEMES,
    }
