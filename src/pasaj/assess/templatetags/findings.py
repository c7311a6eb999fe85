"""Findings as people see them: words, factors, and their product as a picture."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pasaj.assess.queries import findingwords, sayings
from pasaj.core import findings as core

register = template.Library()

register.filter("factor", findingwords.factor)
register.filter("reach_words", sayings.reach)
WIDTH = 100


@register.filter
def severity_word(value: int) -> Any:
    return findingwords.SEVERITIES.get(value, value)


@register.filter
def rule_word(value: str) -> Any:
    return findingwords.RULES.get(value, value)


@register.filter
def part_word(value: str) -> Any:
    return findingwords.PARTS.get(value, value)


@register.filter
def horizon_word(value: str) -> Any:
    return findingwords.HORIZONS.get(value, value)


@register.filter
def effort_word(value: str) -> Any:
    return findingwords.EFFORTS.get(value, value)


@register.filter
def action_word(value: str) -> Any:
    return findingwords.ACTIONS.get(value, value)


@register.simple_tag
def priority_bars(value: core.Priority) -> SafeString:
    """Severity, certainty and reach as thin bars, their product as a thick one. The numbers stand beside it."""
    thin = [("1", value.severity), ("5", value.certainty), ("9", value.reach)]
    bars = "".join(
        f'<rect class="priority-factor" x="0" y="{y}" width="{share * WIDTH:.1f}" height="2.5"/>' for y, share in thin
    )
    return format_html(
        '<svg class="priority-bars" viewBox="0 0 100 22" aria-hidden="true" focusable="false">'
        '<path class="range-scale" d="M0 0V22M100 0V22"/>{}'
        '<rect class="range-some" x="0" y="14" width="{}" height="7"/></svg>',
        SafeString(bars), f"{value.product * WIDTH:.1f}",
    )  # fmt: skip
