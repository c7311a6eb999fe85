"""How a drill is drawn: a bar beside the mark of its promise."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from pasaj.core.drill import Compared

register = template.Library()
MARK, WIDTH = 50.0, 100.0  # the promise stands in the middle; twice the promise and more fills the bar


@register.simple_tag
def promise(step: Compared) -> SafeString:
    """Whether the promise was kept, in a word and as a bar of the hours against it."""
    if step.kept is None:
        return SafeString("–")
    tone, said = ("good", pgettext("promise", "kept")) if step.kept else ("bad", pgettext("promise", "not kept"))
    word = format_html('<span class="status status-{}">{}</span>', tone, said)
    if step.took is None or not step.promised:
        return word
    bar = min(WIDTH, MARK * step.took / step.promised)
    return format_html(
        '<span class="share"><svg class="share-bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="share-band" x="0" y="3" width="{}" height="8"/>'
        '<rect class="share-mark" x="{}" y="0" width="2" height="14"/></svg>{}</span>',
        f"{bar:.1f}",
        f"{MARK - 1:.1f}",
        word,
    )
