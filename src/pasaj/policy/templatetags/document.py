"""What changed in a text, and how clauses stand, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.core.wording import Segment
from pasaj.policy.models import Clause, ClauseRevision, Suggestion

register = template.Library()

ORIGINS: dict[str, Any] = {
    ClauseRevision.Origin.TEMPLATE: gettext_lazy("from the template"),
    ClauseRevision.Origin.EDITOR: gettext_lazy("written"),
    ClauseRevision.Origin.MERGE: gettext_lazy("two changes brought together"),
    ClauseRevision.Origin.SUGGESTION: gettext_lazy("a suggestion taken"),
    ClauseRevision.Origin.CONFIRMED: gettext_lazy("translation confirmed"),
}
KINDS: dict[str, Any] = {
    Clause.Kind.HEADING: gettext_lazy("Heading"),
    Clause.Kind.TEXT: gettext_lazy("Text"),
    Clause.Kind.MEASURES: gettext_lazy("Measures, from the plan"),
    Clause.Kind.ANNEX: gettext_lazy("Annex"),
    Clause.Kind.TABLE: gettext_lazy("A part drawn from data"),
}
CHANNELS: dict[str, Any] = {
    Suggestion.Origin.WEB: gettext_lazy("on a page"),
    Suggestion.Origin.WORD: gettext_lazy("in a Word file"),
    Suggestion.Origin.COMMENT: gettext_lazy("in a comment"),
}
STATES: dict[str, Any] = {
    Suggestion.State.OPEN: gettext_lazy("waits for an answer"),
    Suggestion.State.TAKEN: gettext_lazy("taken"),
    Suggestion.State.REFUSED: gettext_lazy("refused"),
}
TONES: dict[str, str] = {"open": "open", "taken": "good", "refused": "quiet"}


@register.filter
def changes(segments: Sequence[Segment]) -> SafeString:
    """What goes struck through, what comes underlined; said in words to those who do not see it."""
    return format_html_join("", "{}", ((_marked(one),) for one in segments))


@register.filter
def left(segments: Sequence[Segment]) -> SafeString:
    """The old side: what stays and what goes."""
    return changes([one for one in segments if one.kind != "insert"])


@register.filter
def right(segments: Sequence[Segment]) -> SafeString:
    """The new side: what stays and what comes."""
    return changes([one for one in segments if one.kind != "delete"])


def _marked(one: Segment) -> SafeString | str:
    if one.kind == "equal":
        return one.text
    tag, word = ("ins", _("[new:")) if one.kind == "insert" else ("del", _("[gone:"))
    return format_html(
        '<span class="visually-hidden">{} </span><{}>{}</{}><span class="visually-hidden">]</span>',
        word, tag, one.text, tag,
    )  # fmt: skip


@register.filter
def origin_word(origin: str) -> str:
    return str(ORIGINS.get(origin, origin))


@register.filter
def kind_word(kind: str) -> str:
    return str(KINDS.get(kind, kind))


@register.filter
def channel_word(origin: str) -> str:
    return str(CHANNELS.get(origin, origin))


@register.filter
def answer_word(state: str) -> str:
    return str(STATES.get(state, state))


@register.filter
def answer_tone(state: str) -> str:
    return TONES.get(state, "plain")
