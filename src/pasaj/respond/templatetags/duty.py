"""Codes in a text become links; states of events; places of reception as small pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pasaj.registry.models import localised
from pasaj.respond.queries import alertwords, events
from pasaj.respond.queries.capacity import Reception
from pasaj.respond.queries.duty import KINDS, OPEN_KINDS
from pasaj.respond.services.tasks import WORDS

register = template.Library()
TASKS: dict[str, tuple[Any, str]] = {
    state: (word, "open" if state == "open" else "quiet") for state, word in WORDS.items()
}
OPEN_STATES: dict[str, dict[str, tuple[Any, str]]] = {
    "alert": dict(alertwords.STATES), "approval": dict(alertwords.STATES), "task": TASKS
}  # fmt: skip

# Beginning of a code, and the page that shows it. A page that does not exist (yet) leaves the code as it is.
PAGES = {
    "SG": "watch:signal",
    "IN": "watch:incident",
    "EV": "respond:event",
    "LG": "respond:log-entry",
    "HO": "respond:handover",
    "AL": "respond:alert",
    "AC": "respond:activation",
    "SR": "respond:sitrep",
    "MS": "notify:message",
}
CODE = re.compile(rf"\b({'|'.join(PAGES)})-(\d{{4}})-(\d{{4,}})(-T?\d+)?\b")
WIDTH, HEIGHT, BAR = 84, 28, 10


def page_of(code: str) -> str:
    """The address of what has this code; empty where there is none."""
    found = CODE.fullmatch(code)
    if found is None:
        return ""
    begin, year, number, _rest = found.groups()
    try:
        return reverse(PAGES[begin], args=[f"{begin}-{year}-{number}"])
    except NoReverseMatch:
        return ""


@register.simple_tag
def open_state(item: Mapping[str, Any]) -> SafeString:
    """Where something open stands, in the words of its kind; empty where the kind has none of its own."""
    state = str(item.get("state") or "")
    if state and item["kind"] == "event":
        return event_state(state)
    label, tone = OPEN_STATES.get(item["kind"], {}).get(state, ("", ""))
    return format_html('<span class="status status-{}">{}</span>', tone, label) if label else SafeString("")


@register.filter
def linked(text: str) -> SafeString:
    """A text with its codes as links and its lines kept."""

    def link(found: re.Match[str]) -> str:
        url = page_of(found.group())
        return format_html('<a class="code" href="{}">{}</a>', url, found.group()) if url else found.group()

    return mark_safe(CODE.sub(link, escape(text)).replace("\n", "<br>"))  # noqa: S308 - escaped before


@register.simple_tag
def open_link(item: dict[str, Any]) -> SafeString:
    """The code of something open, as a link to where it is dealt with."""
    code = item["code"]
    url = page_of(code)
    if item["kind"] == "silence":
        url = reverse("site:crossing", args=[code])
    return (
        format_html('<a class="code" href="{}">{}</a>', url, code)
        if url
        else format_html('<span class="code">{}</span>', code)
    )


@register.filter
def entry_kind(kind: str) -> Any:
    return KINDS.get(kind, kind)  # type: ignore[call-overload]


@register.filter
def open_kind(kind: str) -> Any:
    return OPEN_KINDS.get(kind, kind)


@register.filter
def event_source(source: str) -> Any:
    return events.SOURCES.get(source, source)  # type: ignore[call-overload]


@register.filter
def event_hazard(hazard: str) -> Any:
    return events.HAZARDS.get(hazard, hazard)  # type: ignore[call-overload]


@register.filter
def event_how(how: str) -> Any:
    return events.HOW.get(how, "")  # type: ignore[call-overload]


@register.filter
def event_step(action: str) -> Any:
    return events.STEPS.get(action, action)


@register.simple_tag
def event_state(state: str) -> SafeString:
    word, tone = events.STATES[state]  # type: ignore[index]
    return format_html('<span class="status status-{}">{}</span>', tone, word)


@register.simple_tag
def week_picture(reception: Reception) -> SafeString:
    """Seven bars, what was taken each day, under a line at the places there are. The table beside it says the same."""
    values = [value for _day, value in reception.days]
    places = float(reception.places.value) if reception.places and reception.places.value else 0.0
    top = max([places, *(value or 0.0 for value in values), 1.0]) * 1.1
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (2 + at * (BAR + 2), round(HEIGHT - HEIGHT * value / top, 1), BAR, round(HEIGHT * value / top, 1))
            for at, value in enumerate(values)
            if value
        ),
    )
    line = format_html(
        '<line x1="0" x2="{}" y1="{}" y2="{}" stroke="currentColor" stroke-width="1.5" stroke-dasharray="4 2"/>',
        WIDTH + 2, round(HEIGHT - HEIGHT * places / top, 1), round(HEIGHT - HEIGHT * places / top, 1),
    ) if places else ""  # fmt: skip
    label = _("Places taken on the last seven days; the dashed line: places there are")
    return format_html(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" fill="currentColor" opacity="0.75">'
        "<title>{}</title>{}{}</svg>",
        WIDTH + 2, HEIGHT, WIDTH + 2, HEIGHT, label, bars, line,
    )  # fmt: skip


@register.filter
def parsed(value: Any) -> Any:
    """A day or a moment, also as a snapshot keeps it (ISO 8601)."""
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


@register.filter
def clock(value: Any) -> str:
    """The hour of a moment where the home is; nothing of a day."""
    return f"{timezone.localtime(value):%H:%M}" if isinstance(value, datetime) else ""


@register.filter
def local_day(value: datetime) -> str:
    """The day of a moment where the home is, as an address writes it."""
    return timezone.localtime(value).date().isoformat()


@register.filter
def name_in(names: dict[str, str]) -> str:
    """A name of the pack in the reader's language."""
    return localised(names)
