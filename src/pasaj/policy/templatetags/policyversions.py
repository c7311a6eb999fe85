"""Words of versions on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.core.wording import Segment
from pasaj.evidence.queries.words import NODES
from pasaj.policy.queries import changes
from pasaj.policy.queries.grounds import Moved

register = template.Library()
DEEPEST = 6
STANDING: Mapping[str, Any] = {
    **{str(state): word for state, word in NODES.items()},
    "tainted": gettext_lazy("rests on something to be looked at again"),
    "withdrawn": gettext_lazy("withdrawn"),
}


BECAME: Mapping[str, Any] = {
    changes.ADDED: gettext_lazy("new"),
    changes.CHANGED: gettext_lazy("changed"),
    changes.WITHDRAWN: gettext_lazy("withdrawn"),
    changes.BACK: gettext_lazy("taken up again"),
    changes.TOLD: gettext_lazy("says the same"),
}


@register.filter
def became(what: str) -> Any:
    """What became of a thing between two moments."""
    return BECAME[what]


@register.filter
def newcomers(rows: Sequence[changes.Row], apart: bool) -> tuple[list[changes.Row], list[changes.Row]]:
    """The rows, and apart from them, where that is wanted, those that are new."""
    new = [one for one in rows if apart and one.what == changes.ADDED]
    return [one for one in rows if one not in new], new


@register.filter
def standing_then(state: str) -> str:
    """What a statement was worth when the version was published."""
    return str(STANDING.get(state, state))


@register.filter
def what_moved(one: Moved) -> str:
    """What happened to it since."""
    if one.what == "withdrawn":
        return _("withdrawn or taken up again")
    if one.what == "changed":
        return _("changed, revision {before} before and {after} now").format(
            before=one.before.lstrip("r"), after=one.after.lstrip("r")
        )
    return _("{before} before, {after} now").format(before=standing_then(one.before), after=standing_then(one.after))


@register.filter
def both_texts(segments: Sequence[Segment]) -> SafeString:
    """A text with what was taken out and put in, told by more than colour."""
    return format_html_join("", "{}", ((_segment(one),) for one in segments))


def _segment(one: Segment) -> SafeString | str:
    if one.kind == "insert":
        return format_html("<ins>{}</ins>", one.text)
    if one.kind == "delete":
        return format_html("<del>{}</del>", one.text)
    return one.text


@register.filter
def parted(rows: Sequence[Moved]) -> tuple[list[Moved], list[Moved]]:
    """What itself changed, and what only rests on something that did."""
    return [one for one in rows if one.what != "state"], [one for one in rows if one.what == "state"]


@register.filter
def deepest(level: int) -> int:
    """The level of a step, as far as a page can be indented."""
    return min(level, DEEPEST)
