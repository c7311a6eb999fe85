"""Scores as people see them: a range as a bar on its scale, and in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pasaj.assess.queries.words import NONE, SORTS, SURE, VERDICTS, answered, ranged
from pasaj.core.rounds.words import said
from pasaj.core.scoring import Range

register = template.Library()

TOP, WIDTH, HEIGHT = 4, 100, 12
THINNEST = 3  # of a bar that is one point


register.filter("ranged", ranged)
register.filter("answer_word", answered)


@register.simple_tag
def range_bar(value: Range | None, digits: int = 1) -> SafeString | str:
    """The range as a bar on the scale from 0 to 4, hollow where nothing was observed; its words beside it."""
    if value is None:
        return NONE
    left = value.low / TOP * WIDTH
    width = max(THINNEST, (value.high - value.low) / TOP * WIDTH)
    return format_html(
        '<span class="range"><svg class="range-bar" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '<path class="range-scale" d="M0 6H100M0 2V10M25 4V8M50 2V10M75 4V8M100 2V10"/>'
        '<rect class="{}" x="{}" y="2.5" width="{}" height="7"/></svg> <span class="range-words">{}</span></span>',
        WIDTH, HEIGHT, "range-none" if value.observed == 0 else "range-some", f"{min(left, WIDTH - width):.1f}",
        f"{width:.1f}", ranged(value, digits),
    )  # fmt: skip


@register.filter
def sure_word(value: str) -> str:
    return str(SURE.get(value, NONE))


@register.filter
def verdict_of(value: str) -> str:
    return str(VERDICTS.get(value, value))


@register.filter
def sort_word(value: str) -> str:
    return str(SORTS.get(value, value))


@register.filter
def in_language(texts: Any, language: str) -> str:
    """A text of the framework in the reader's language; else in English, else in any."""
    return said(texts, language)
