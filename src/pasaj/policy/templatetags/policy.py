"""Policies as people see them: words of kinds and states, money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from pasaj.core.policy.costs import PLACES
from pasaj.core.policy.monitoring import Course, Standing
from pasaj.core.policy.schedule import Pace
from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.policy.queries import words

register = template.Library()

THIN = "\u202f"


@register.filter
def kind_word(value: str) -> Any:
    return words.KINDS.get(value, value)


@register.filter
def cost_kind(value: str) -> Any:
    return words.COST_KINDS.get(value, value)


@register.filter
def money_state(value: str) -> Any:
    return words.MONEY_STATES.get(value, value)


@register.filter
def action_state(value: str) -> Any:
    return words.ACTION_STATES.get(value, value)


@register.filter
def policy_state(value: str) -> Any:
    return words.STATES.get(value, value)


@register.filter
def deed_word(value: str) -> Any:
    return words.DEEDS.get(value, value)


@register.filter
def language_name(value: str) -> str:
    return LANGUAGE_NAMES.get(value, value)


@register.simple_tag
def standing_mark(value: str) -> SafeString:
    """What a statement is worth in the chain of evidence, as a word in a frame."""
    word, tone = words.STANDINGS[value]
    return format_html('<span class="status status-{} text-wrap">{}</span>', tone, word)


@register.simple_tag
def action_mark(value: str) -> SafeString:
    """How an action stands, as its owner says."""
    return format_html(
        '<span class="status status-{}">{}</span>', words.ACTION_TONES[value], words.ACTION_STATES[value]
    )


@register.simple_tag
def pace_mark(value: Pace) -> SafeString:
    """How an action keeps its dates, with the days it is late."""
    word, tone = words.PACES[value.state]
    if value.late:
        late = ngettext("%(days)s day late", "%(days)s days late", value.late) % {"days": value.late}
        return format_html('<span class="status status-{}">{}, {}</span>', tone, word, late)
    return format_html('<span class="status status-{}">{}</span>', tone, word)


@register.simple_tag
def kept_word(state: str) -> Any:
    return words.KEPT[state][0]


@register.simple_tag
def course_word(state: str) -> Any:
    return words.COURSES[state][0]


@register.simple_tag
def kept_mark(value: Standing) -> SafeString:
    """On time, late or silent, with the days."""
    return _mark(*words.KEPT[value.state], value.days if value.state in ("late", "silent") else 0)


@register.simple_tag
def course_mark(value: Course) -> SafeString:
    """How an indicator stands, with the days without an observation where it is silent."""
    return _mark(*words.COURSES[value.state], value.days if value.state == "silent" else 0)


def _mark(word: Any, tone: str, days: int) -> SafeString:
    if days:
        told = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
        return format_html('<span class="status status-{}">{}, {}</span>', tone, word, told)
    return format_html('<span class="status status-{}">{}</span>', tone, word)


@register.filter
def pairs(mapping: Any) -> list[tuple[str, Any]]:
    """Names as text, with what stands under them."""
    return [(str(name), one) for name, one in mapping.items()]


@register.filter
def money(value: Decimal | None, currency: str = "") -> str:
    """An amount with its cents, thousands apart; nothing known is a dash."""
    if value is None:
        return "—"
    places = PLACES.get(currency, 2)
    text = formats.number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace("\xa0", THIN).replace("-", "\u2212") + (f"{THIN}{currency}" if currency else "")


@register.filter
def exact(value: Decimal) -> str:
    """A quantity without zeros at its end, thousands apart."""
    plain = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return formats.number_format(plain, use_l10n=True, force_grouping=True).replace("\xa0", THIN)


@register.filter
def year(value: int) -> str:
    """2026, never 2,026."""
    return str(value)


@register.filter
def indent(level: int) -> str:
    """The class that moves a line of a tree to the right."""
    return ("ps-0", "ps-3", "ps-4", "ps-5")[min(level, 3)]


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """mapping[key], None where it is not there."""
    return mapping.get(key)
