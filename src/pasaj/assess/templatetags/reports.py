"""A report on a page: its blocks as HTML. What it says is in its own language already."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.assess.queries import findingwords
from pasaj.assess.queries.report.since import Moved
from pasaj.assess.queries.words import NONE, number
from pasaj.core.report import Block, Span
from pasaj.evidence.queries.trace import Blocker
from pasaj.evidence.queries.words import NODES, against

register = template.Library()

FEW = 8  # columns that a phone shows as a small record
TEMPLATES = {"Facts", "Heading", "Items", "Note", "Paragraph", "Picture", "Table"}
WHAT: dict[str, Any] = {
    "country": gettext_lazy("All pillars"),
    "pillar": gettext_lazy("Pillar"),
    "unit": gettext_lazy("Unit"),
    "cell": gettext_lazy("Cell"),
    "answers": gettext_lazy("Answers"),
    "finding": gettext_lazy("Finding"),
    "evidence": gettext_lazy("Evidence"),
}

STATES: dict[str, Any] = {
    **findingwords.STATES,
    **findingwords.ADVICE_STATES,
    **{str(state): word for state, word in NODES.items()},
    "tainted": gettext_lazy("rests on something to be looked at again"),
}


@register.filter
def kind(block: Block) -> str:
    """The partial that draws a block; that of a page break draws nothing."""
    name = type(block).__name__
    return f"assess/report/{name.lower()}.html" if name in TEMPLATES else "assess/report/nothing.html"


@register.filter
def runs(spans: tuple[Span, ...]) -> SafeString:
    """Runs of text with what is strong, a code, or leads somewhere."""
    return format_html_join("", "{}", ((_run(one),) for one in spans))


def _run(one: Span) -> SafeString | str:
    made: SafeString | str = one.text
    if one.strong:
        made = format_html("<b>{}</b>", made)
    if one.emphasis:
        made = format_html("<em>{}</em>", made)
    if one.code:
        made = format_html('<span class="code">{}</span>', made)
    if one.address.startswith("https://"):
        return format_html('<a href="{}" rel="noopener noreferrer external">{}</a>', one.address, made)
    return format_html('<a href="{}">{}</a>', one.address, made) if _leads(one.address) else made


def _leads(address: str) -> bool:
    """Only places here: an anchor or a path of this system."""
    return address.startswith("#") or (address.startswith("/") and not address.startswith("//"))


@register.filter
def level(depth: int) -> int:
    """The level of a heading on a page whose title has the first."""
    return depth + 1


@register.filter
def are_few(columns: tuple[Any, ...]) -> bool:
    return len(columns) <= FEW


@register.filter
def beside(cells: tuple[Any, ...], columns: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    """Each cell with its column."""
    return list(zip(cells, columns, strict=True))


@register.filter
def drawing(svg: str) -> SafeString:
    """A drawing as it was made: ours alone writes them, with attributes and classes."""
    return mark_safe(svg)  # noqa: S308 - core/charts and core/mapping escape all words in it


@register.filter
def what_moved(one: Moved) -> str:
    return str(WHAT.get(one.what, one.what))


@register.filter
def moved_value(value: Any) -> str:
    """A range as two numbers, a count, a word; a dash where there was nothing."""
    if value is None:
        return NONE
    if isinstance(value, list):
        low, high = (number(end, 1) for end in value)
        return low if low == high else _("{low} to {high}").format(low=low, high=high)
    if isinstance(value, str):
        state, _colon, revision = value.partition(":")
        word = str(STATES.get(state, state))
        return f"{word}, {_('revision %(number)s') % {'number': revision}}" if revision else word
    return str(value)


@register.filter
def against_word(one: Blocker) -> str:
    """What stands against publishing, as a sentence."""
    return against(one)
