"""Words and marks of plans, tasks and activations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from pasaj.core.plans import Measured, Trigger
from pasaj.registry.models import localised
from pasaj.respond.models import Activation, Decision, ResourceRequest, Task
from pasaj.respond.queries.plans import Counted, Line
from pasaj.respond.services import requests, tasks
from pasaj.watch.models import Measure

register = template.Library()

SHAPES = {"done": "reported", "blocked": "unusual", "open": "silent", "waiting": "not", "dropped": "not"}
TONES = {"done": "good", "blocked": "bad", "open": "open", "waiting": "quiet", "dropped": "quiet"}
ASKED = {"asked": "open", "promised": "plain", "delivered": "good", "refused": "bad", "withdrawn": "quiet"}
STATES = {
    Activation.State.ACTIVE: (gettext_lazy("active"), "open"),
    Activation.State.STOOD_DOWN: (gettext_lazy("stood down"), "plain"),
    Activation.State.CLOSED: (gettext_lazy("closed"), "quiet"),
}
EVENTS = {
    "made": gettext_lazy("Task made"),
    "opened": gettext_lazy("Opened"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "done": gettext_lazy("Done"),
    "blocked": gettext_lazy("Blocked"),
    "unblocked": gettext_lazy("No longer blocked"),
    "reassigned": gettext_lazy("Given to another institution"),
    "dropped": gettext_lazy("Dropped"),
    "reopened": gettext_lazy("Opened again"),
    "noted": gettext_lazy("Note"),
    "escalated": gettext_lazy("Overdue: told"),
    "asked": gettext_lazy("Asked"),
    "promised": gettext_lazy("Promised"),
    "refused": gettext_lazy("Refused"),
    "delivered": gettext_lazy("Delivered"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
PROMISES = {
    "report": gettext_lazy("reported, after the event"),
    "detect": gettext_lazy("detected, after the event"),
    "verify": gettext_lazy("verified, after the event"),
    "approve": gettext_lazy("approved, after the draft"),
    "reach_90": gettext_lazy("nine of ten recipients reached, after publishing"),
    "acknowledge": gettext_lazy("nine of ten recipients acknowledged, after publishing"),
    "first_task": gettext_lazy("first task done, after the activation"),
    "all_tasks": gettext_lazy("all tasks done, after the activation"),
}
SEVERITIES = {
    "minor": gettext_lazy("minor"),
    "moderate": gettext_lazy("moderate"),
    "severe": gettext_lazy("severe"),
    "extreme": gettext_lazy("extreme"),
}
MODES = {
    "exercise": gettext_lazy("EXERCISE: nothing here is in earnest, and nobody outside of the exercise is told."),
    "test": gettext_lazy("TEST: nothing here is in earnest, and nobody is told."),
    "system": gettext_lazy("SYSTEM: this is about the system itself."),
}


@register.filter
def named(names: Mapping[str, str]) -> str:
    """A name in the reader's language."""
    return localised(dict(names))


@register.filter
def entry(table: Mapping[str, Any], key: str) -> Any:
    """What a table holds under a key; the key itself where it holds nothing."""
    return table.get(key, key)


def number(value: float) -> str:
    """A number as the reader writes it; whole ones without a fraction."""
    digits = 0 if float(value).is_integer() else 1
    return formats.number_format(round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True)


@register.filter
def by_hour(hours: float) -> str:
    """H+2, H+0.5."""
    return f"H+{number(float(hours))}"


@register.filter
def in_hours(hours: float | None) -> str:
    """Hours to a tenth with their unit; under one hour in minutes; a dash where there are none."""
    if hours is None:
        return "—"
    if hours < 1:
        return _("%(number)s min") % {"number": number(round(hours * 60))}
    return _("%(number)s h") % {"number": number(round(float(hours), 1))}


@register.filter
def task_shape(line: Line) -> str:
    return "alert" if line.late else SHAPES[line.task.state]


@register.simple_tag
def task_status(line: Line) -> SafeString:
    """How a task stands, in a word; overdue before all else."""
    state = Task.State(line.task.state)
    word = _status(str(tasks.WORDS[state]), TONES[state])
    return format_html("{} {}", _status(_("overdue"), "bad"), word) if line.late else word


def _status(word: str, tone: str) -> SafeString:
    return format_html('<span class="status status-{}">{}</span>', tone, word)


@register.simple_tag
def request_status(row: ResourceRequest) -> SafeString:
    """How a request stands; partly delivered ones say so."""
    if row.state == ResourceRequest.State.PROMISED and row.delivered:
        return _status(_("delivered in part"), "plain")
    return _status(str(requests.WORDS[ResourceRequest.State(row.state)]), ASKED[row.state])


@register.simple_tag
def activation_status(row: Activation) -> SafeString:
    word, tone = STATES[Activation.State(row.state)]
    return _status(str(word), tone)


@register.filter
def mode_words(mode: str) -> str:
    """What a mode that is not in earnest says; nothing where it is."""
    return str(MODES.get(mode, ""))


@register.filter
def event_word(action: str) -> str:
    return str(EVENTS.get(action, action))


@register.filter
def step_word(action: str) -> str:
    return str(tasks.LABELS.get(action, action))


@register.filter
def promise_word(promise: str) -> str:
    return str(PROMISES[promise])


@register.simple_tag
def kept(one: Measured) -> SafeString:
    """Whether a promise was kept; what cannot be said is said as that."""
    if one.kept is None:
        unknown = one.took is None and not one.never
        return _status(_("not known") if unknown else _("nothing was promised"), "quiet")
    if one.took is None:
        return _status(pgettext("promise", "not kept"), "bad")
    return _status(_("kept"), "good") if one.kept else _status(_("later than promised"), "bad")


@register.filter
def level_of(row: Activation) -> str:
    """The name of the level that an activation is at."""
    found = (one["names"] for one in row.content["levels"] if one["code"] == row.level)
    return localised(next(found, {})) or row.level


@register.filter
def decision_words(one: Decision) -> str:
    """What a decision says by its kind; the words of a person where it is one of these."""
    levels = {level["code"]: localised(level["names"]) for level in one.activation.content["levels"]}
    told = {key: levels.get(value, value) for key, value in one.details.items()}
    texts = {
        "activated": _("Activated at level %(level)s."),
        "level": _("Level changed from %(from)s to %(to)s."),
        "prolonged": _("Prolonged from %(from)s to %(to)s."),
        "stood_down": _("Stood down."),
        "closed": _("Closed."),
    }
    return texts[one.kind] % told if one.kind in texts else one.text


@register.filter
def standing_words(count: Counted) -> str:
    """3 of 12 tasks done."""
    values = {"done": count.done, "total": count.asked}
    return ngettext("%(done)s of %(total)s task done", "%(done)s of %(total)s tasks done", count.asked or 1) % values


@register.simple_tag
def trigger_words(trigger: Trigger, measures: Mapping[str, Measure]) -> str:
    """A condition in a sentence."""
    if trigger.kind == "alert":
        values = {"hazard": trigger.hazard, "severity": SEVERITIES[trigger.severity]}
        return _("An alert “%(hazard)s” from %(severity)s on") % values
    what = str(measures.get(trigger.measure, trigger.measure)) or _("any measure of people in need")
    directions = {"up": _("more than expected"), "down": _("less than expected"), "any": _("other than expected")}
    parts = [_("A signal: %(what)s, %(direction)s") % {"what": what, "direction": directions[trigger.direction]}]
    if trigger.times:
        parts.append(_("at least %(times)s times the expected count") % {"times": number(trigger.times)})
    places = {"crossing": _("at a crossing point"), "area": _("in an area")}
    if trigger.place in places:
        parts.append(places[trigger.place])
    return ", ".join(parts)
