"""Scores as people see them: a range as a bar on its scale, and in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.core.rounds.words import said
from pasaj.core.scoring import Missing, Range

register = template.Library()

NONE = "—"  # nothing is known
TOP, WIDTH, HEIGHT = 4, 100, 12
THINNEST = 3  # of a bar that is one point
VALUES: dict[str, Any] = {
    "not_observed": gettext_lazy("could not be observed"),
    "not_applicable": gettext_lazy("does not apply"),
}
SURE: dict[str, Any] = {
    "low": gettext_lazy("not very sure"),
    "medium": gettext_lazy("fairly sure"),
    "high": gettext_lazy("sure"),
}
VERDICTS: dict[str, Any] = {
    "up": gettext_lazy("rose"),
    "down": gettext_lazy("fell"),
    "same": gettext_lazy("the same"),
    "noise": gettext_lazy("within noise"),
    "unknown": gettext_lazy("not comparable"),
}
SORTS: dict[str, Any] = {
    "country": gettext_lazy("Country"),
    "institution": gettext_lazy("Institution"),
    "crossing_point": gettext_lazy("Crossing point"),
}


@register.filter
def ranged(value: Range | None) -> str:
    """1.5 to 2.5, or one number; a dash where nothing applies."""
    if value is None:
        return NONE
    low, high = (formats.number_format(round(end, 1), 1) for end in (value.low, value.high))
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


@register.simple_tag
def range_bar(value: Range | None) -> SafeString | str:
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
        f"{width:.1f}", ranged(value),
    )  # fmt: skip


@register.filter
def answer_word(value: object) -> str:
    """A point, or why there is none, as people say it."""
    text = value.value if isinstance(value, Missing) else str(value)
    return str(VALUES.get(text, text))


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
