"""Words and marks of consultations."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from pasaj.core import wording
from pasaj.core.report import Block
from pasaj.policy.models import AskedClause, Comment, Disposition
from pasaj.policy.queries import consultation as words
from pasaj.policy.queries import replies
from pasaj.registry.models import localised

register = template.Library()
WORDS = {
    "kind": words.KINDS,
    "state": words.STATES,
    "channel": words.CHANNELS,
    "outcome": words.OUTCOMES,
    "group": words.GROUPS,
    "sort": words.SORTS,
    "moderation": words.MODERATIONS,
    "item": replies.KINDS,
    "doubt": replies.DOUBTS,
}


@register.filter
def said(value: str, what: str) -> str:
    """The word of a value: `{{ round.kind|said:"kind" }}`."""
    found = WORDS[what].get(str(value))
    return _(found) if found else str(value)


@register.filter
def spoken(texts: dict[str, str]) -> str:
    """A text by language in the reader's, else in one there is."""
    return localised(texts)


@register.filter
def drawn(text: str) -> tuple[Block, ...]:
    """The paragraphs and lists of a text."""
    return wording.parse(text)


@register.filter
def asked_in(one: AskedClause, language: str) -> dict[str, Any]:
    """What a clause says in a language, else in the first in which it was asked."""
    found: dict[str, Any] = one.texts.get(language) or next(iter(one.texts.values()))
    return found


@register.filter
def by_whom(one: Comment) -> str:
    """Who said it, as far as it is told: the institution, whom a link is for, or which group."""
    if one.institution:
        return str(one.institution) + (f" ({_('author {number}').format(number=one.author)})" if one.author else "")
    if one.invitation:
        return one.invitation.label
    return said(one.group, "group") if one.group else _("Somebody")


@register.filter
def answered(one: Comment) -> Disposition | None:
    """What was done with it."""
    return words.answer(one)
