"""Questions about events and rumours, and their words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pasaj.access.rules import Actor, visible
from pasaj.respond.models import Event, EventStep

SOURCES = {
    Event.Source.RADIO: _("Radio station"),
    Event.Source.SOCIAL: _("Social media or WhatsApp"),
    Event.Source.PARTNER: _("Partner"),
    Event.Source.CITIZEN: _("Somebody living there"),
    Event.Source.PRESS: _("Press"),
    Event.Source.NEIGHBOUR: _("Authority of the neighbour"),
    Event.Source.OFFICIAL: _("Official service"),
}
HAZARDS = {
    Event.Hazard.RESCUE: _("People in distress"),
    Event.Hazard.HEALTH: _("Health"),
    Event.Hazard.SECURITY: _("Security"),
    Event.Hazard.SAFETY: _("Safety of the public"),
    Event.Hazard.TRANSPORT: _("Transport"),
    Event.Hazard.INFRA: _("Roads, bridges, networks"),
    Event.Hazard.MET: _("Weather or flood"),
    Event.Hazard.GEO: _("Earthquake or landslide"),
    Event.Hazard.FIRE: _("Fire"),
    Event.Hazard.ENV: _("Environment"),
    Event.Hazard.OTHER: pgettext_lazy("hazard", "Other"),
}
STATES = {
    Event.State.REPORTED: (pgettext_lazy("event", "Reported"), "open"),
    Event.State.VERIFYING: (_("Being verified"), "open"),
    Event.State.CONFIRMED: (pgettext_lazy("event", "Confirmed"), "bad"),
    Event.State.REFUTED: (_("Refuted"), "good"),
    Event.State.UNVERIFIABLE: (_("Not verifiable"), "quiet"),
}
"""Word and tone."""
HOW = {
    EventStep.How.PHONE: _("By telephone"),
    EventStep.How.RADIO: _("By radio"),
    EventStep.How.MESSAGE: _("By message"),
    EventStep.How.VISIT: _("On the spot"),
    EventStep.How.DOCUMENT: _("From a document or picture"),
}
STEPS = {
    "reported": pgettext_lazy("event", "Reported"),
    "asked": _("Asked"),
    "confirmed": pgettext_lazy("event", "Confirmed"),
    "refuted": _("Refuted"),
    "unverifiable": _("Not verifiable"),
    "reopened": _("Opened again"),
    "raised": _("Made a signal"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the register is asked for; empty: all. state "open": reported or being verified."""

    state: str = ""
    source: str = ""
    hazard: str = ""
    place: str = ""

    def rows(self) -> Q:
        wanted = Q()
        if self.state:
            wanted &= Q(state__in=("reported", "verifying")) if self.state == "open" else Q(state=self.state)
        if self.source:
            wanted &= Q(source=self.source)
        if self.hazard:
            wanted &= Q(hazard=self.hazard)
        if self.place:
            wanted &= Q(crossing__code=self.place) | Q(area__code=self.place)
        return wanted


def find(actor: Actor, wanted: Filter | None = None) -> QuerySet[Event]:
    """The events the actor may see, the newest first."""
    rows = visible(Event.objects.filter((wanted or Filter()).rows()), actor)
    return rows.select_related("crossing", "area", "institution", "signal", "log_entry").order_by("-reported_at", "-pk")


def steps(row: Event) -> QuerySet[EventStep]:
    """What was done about an event, the oldest first."""
    return row.steps.select_related("asked").order_by("at", "pk")


def answers(actor: Actor) -> QuerySet[Event]:
    """Refuted rumours with what may be told of them, the latest first."""
    return find(actor).filter(state=Event.State.REFUTED).exclude(answer="").order_by("-state_at", "-pk")
