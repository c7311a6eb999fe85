"""Words for messages, their states and what happened to them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pasaj.core.problems import Refused
from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.notify import channels
from pasaj.notify.models import Delivery
from pasaj.notify.services import reach

register = template.Library()

KINDS: dict[str, Any] = {
    "alert": _("Alert"),
    "approval": _("Request for approval"),
    "escalation": _("Passed on to a deputy"),
    "task": _("Task"),
    "policy": _("Reminder of a policy"),
    "sitrep": _("Situation report"),
    "handover": _("Handover of a shift"),
    "reply": _("Reply"),
    "trial": _("Test of an address"),
    "farewell": _("Confirmation of a stop"),
}
STATES: dict[str, tuple[Any, str]] = {
    "queued": (pgettext_lazy("message", "Waiting"), "quiet"),
    "sending": (pgettext_lazy("message", "Being sent"), "open"),
    "sent": (pgettext_lazy("message", "Handed over"), "plain"),
    "presumed": (pgettext_lazy("message", "Handed over, answer lost"), "plain"),
    "delivered": (pgettext_lazy("message", "Arrived"), "good"),
    "failed": (pgettext_lazy("message", "Given up"), "bad"),
    "withheld": (pgettext_lazy("message", "Withheld"), "quiet"),
    "cancelled": (pgettext_lazy("message", "Cancelled"), "quiet"),
}
REASONS = {
    reach.STOPPED: _("wants no messages"),
    reach.EXERCISE: _("a real address, and this is no earnest"),
    reach.ENDED: _("no longer in the directory"),
}
EVENTS: dict[str, Any] = {
    "sent": _("handed over"),
    "refused": _("not taken"),
    "presumed": _("handed over, answer lost"),
    "unconfirmed": _("no receipt: to be sent again"),
    "interrupted": _("its sender is gone: to be sent again"),
    "taken": _("taken by the network"),
    "waiting": _("kept by the network: the telephone is off"),
    "delivered": _("arrived"),
    "failed": _("given up"),
    "acknowledged": _("acknowledged"),
    "escalated": _("passed on"),
    "withheld": _("withheld"),
    "cancelled": _("cancelled"),
    "resent": _("to be sent again"),
    "printed": _("handed out on paper"),
}
ANSWERED = {
    "link": _("by the link"),
    "sms": _("by SMS"),
    "page": _("on the page, signed in"),
    "phone": _("by telephone"),
}
SEVERITIES = {
    "minor": pgettext_lazy("severity", "minor"),
    "moderate": pgettext_lazy("severity", "moderate"),
    "severe": pgettext_lazy("severity", "severe"),
    "extreme": pgettext_lazy("severity", "extreme"),
}
MODES = {"exercise": _("Exercise"), "test": _("Test"), "system": _("System")}


@register.filter
def message_kind(kind: str) -> Any:
    return KINDS.get(kind, kind)


@register.filter
def severity_name(severity: str) -> Any:
    return SEVERITIES.get(severity, severity)


@register.filter
def mode_name(mode: str) -> Any:
    """Empty for a message in earnest."""
    return MODES.get(mode, "")


@register.simple_tag
def delivery_state(row: Delivery) -> SafeString:
    """Where a delivery stands: word and tone."""
    name = "presumed" if row.state == Delivery.State.SENT and row.presumed_at else row.state
    word, tone = STATES[name]
    return format_html('<span class="status status-{}">{}</span>', tone, word)


@register.filter
def delivery_problem(row: Delivery) -> Any:
    """Why it stands where it stands: in words where they are ours, else what the gateway said."""
    return REASONS.get(row.problem, row.problem)


@register.filter
def event_name(kind: str) -> Any:
    return EVENTS.get(kind, kind)


@register.filter
def answered_by(way: str) -> Any:
    """On which way somebody said that a message was read."""
    return ANSWERED.get(way, way)


@register.filter
def may_answer(row: Delivery) -> bool:
    """Whether whoever it is for can have read it: it was neither taken back nor held back."""
    return row.state not in (Delivery.State.CANCELLED, Delivery.State.WITHHELD)


@register.filter
def language_name(code: str) -> str:
    """A language in its own words."""
    return LANGUAGE_NAMES.get(code, code)


@register.filter
def channel_name(kind: str) -> Any:
    try:
        return channels.get(kind).label
    except Refused:
        return kind
