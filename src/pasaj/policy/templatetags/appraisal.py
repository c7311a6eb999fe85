"""An appraisal as people see it: the places of an option as a bar, judgements and criteria in words."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pasaj.assess.queries.words import number
from pasaj.policy.models import Criterion, Judgement
from pasaj.policy.queries import appraisalwords as words
from pasaj.policy.queries.appraisal import FIGURE

register = template.Library()

SHADES = 6
"""Places with a shade of their own; those after them share the last."""

register.filter("criterion_name", words.criterion_name)
register.filter("criterion_asks", words.criterion_asks)
register.filter("certainty_word", words.certainty_word)


@register.simple_tag
def places_bar(places: Sequence[float]) -> SafeString:
    """Shares of the first, second, … place as one bar from left to right. The figures stand in the table."""
    start, marks = 0.0, []
    for at, share in enumerate(places, 1):
        if share > 0:
            marks.append((min(at, SHADES), f"{100 * start:.2f}", f"{100 * share:.2f}"))
        start += share
    rects = format_html_join("", '<rect class="place place-{}" x="{}" y="0" width="{}" height="10"/>', marks)
    head = (
        '<svg class="places-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    )
    return format_html("{}{}</svg>", SafeString(head), rects)


@register.simple_tag
def place_sample(place: int) -> SafeString:
    """The shade of a place, for the legend."""
    return format_html(
        '<svg class="place-sample" viewBox="0 0 12 12" aria-hidden="true" focusable="false">'
        '<rect class="place place-{}" width="12" height="12"/></svg>', min(place, SHADES),
    )  # fmt: skip


@register.filter
def judged(row: Judgement) -> str:
    """A judgement in words: a word of its scale, or a figure with what it lies between."""
    if row.word:
        return words.judgement_word(row.criterion.scale, row.word)
    return figure_words(row)


def told(value: float | None) -> str:
    """A figure as the reader writes it, with two decimals where it is not whole."""
    return number(value, 0 if value is None or value == int(value) else 2)


def figure_words(row: Judgement) -> str:
    """A figure with its spread and unit."""
    found = [told(row.value)] if row.value is not None else []
    if row.low is not None:
        between = f"{told(row.low)} – {told(row.high)}"
        found.append(f"({between})" if found else between)
    if row.sigma:
        found.append(f"± {told(row.sigma)}")
    return " ".join([*found, row.criterion.unit]).strip()


@register.filter
def is_figure(row: Criterion) -> bool:
    return row.scale == FIGURE


@register.filter
def weights_word(kind: str) -> str:
    return str(words.WEIGHTS.get(kind, kind))


@register.filter
def against_word(kind: str) -> str:
    return str(words.AGAINST.get(kind, kind))
