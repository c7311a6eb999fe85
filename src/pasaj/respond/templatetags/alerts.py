"""Alerts as people see them: severity by colour, shape and word, CAP's terms, counters and troubles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pasaj.respond.queries import alertwords as words

register = template.Library()


@register.filter
def severity_shape(value: str) -> str:
    """The state of the pages whose shape and colour a severity takes: {% state value|severity_shape … %}."""
    return words.SHAPES.get(value, "reported")


@register.filter
def severity_word(value: str) -> str:
    return words.word(words.SEVERITIES, value)


@register.simple_tag
def alert_state(value: str) -> SafeString:
    """Where an alert stands, as a word in a frame."""
    label, tone = words.STATES.get(value, (value, "plain"))
    return format_html('<span class="status status-{}">{}</span>', tone, label)


@register.simple_tag
def message_state(value: str) -> SafeString:
    """The same of one message: what went out stays so, whether or not its alert still runs."""
    label, tone = words.MESSAGE_STATES.get(value, (value, "plain"))
    return format_html('<span class="status status-{}">{}</span>', tone, label)


@register.filter
def mode_word(value: str) -> str:
    return words.word(words.MODES, value)


@register.filter
def not_real(value: str) -> str:
    """The sentence over a page of an alert that is not real; nothing for a real one."""
    return str(words.NOT_REAL.get(value, ""))


@register.filter
def urgency_word(value: str) -> str:
    return words.word(words.URGENCIES, value)


@register.filter
def certainty_word(value: str) -> str:
    return words.word(words.CERTAINTIES, value)


@register.filter
def step_word(value: str) -> str:
    return words.word(words.STEPS, value)


@register.filter
def type_word(value: str) -> str:
    return words.word(words.TYPES, value)


@register.filter
def scope_word(value: str) -> str:
    return words.word(words.SCOPE_WORDS, value)


@register.filter
def part_word(value: str) -> str:
    label, _help = words.PARTS.get(value, (value, ""))
    return str(label)


@register.filter
def channel_word(value: str) -> str:
    return words.word(words.CHANNELS, value)


@register.filter
def of_language(found: Mapping[str, Any], language: str) -> Any:
    """What is kept by language, of one."""
    return found.get(language)


@register.inclusion_tag("respond/_asked.html")
def asked(bound: forms.BoundField, troubles: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """A field with what stands against submitting told beside it; what lets choose several is a list of its own."""
    listed = isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
    if listed:
        bound.field.widget.attrs.setdefault("class", "form-check-input")
    return {
        "bound": bound,
        "listed": listed,
        "choices": list(bound.subwidgets) if listed else [],
        "troubles": troubles.get(bound.name, ()),
    }
