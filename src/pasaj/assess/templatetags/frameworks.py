"""Frameworks in words: texts in the reader's language, units, levels and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.assess.forms.frameworks import LEVELS, UNITS
from pasaj.core.framework import Condition, Indicator
from pasaj.core.framework.conditions import Compared, Every, is_indicator
from pasaj.registry.models import localised
from pasaj.registry.templatetags.registry import WORDS

register = template.Library()

ATTRIBUTES = {
    "kind": gettext_lazy("Kind"),
    "official": gettext_lazy("Status"),
    "country": gettext_lazy("Country"),
    "counterpart_country": gettext_lazy("Country across the border"),
}
VALUES = {"verify": gettext_lazy("To be verified")}
SIGNS = {"=": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
FIELDS = {
    "pillar": gettext_lazy("Pillar"),
    "level": gettext_lazy("Level"),
    "unit": gettext_lazy("Asked of"),
    "weight": gettext_lazy("Weight"),
    "critical": gettext_lazy("Critical"),
    "rights": gettext_lazy("Concerns rights"),
    "applies_if": gettext_lazy("Applies where"),
    "scale": gettext_lazy("Scale"),
    "sources": gettext_lazy("Sources"),
    "verify": gettext_lazy("To verify"),
    "question": gettext_lazy("Question"),
    "name": gettext_lazy("Name"),
    "description": gettext_lazy("Description"),
    "languages": gettext_lazy("Languages"),
    "title": gettext_lazy("Title"),
    "where": gettext_lazy("Where"),
    "note": gettext_lazy("Note"),
}
CHANGES = {"added": gettext_lazy("Added"), "removed": gettext_lazy("Removed"), "changed": gettext_lazy("Changed")}
MATTERS = {
    "normative": gettext_lazy("Decides scores"),
    "wording": gettext_lazy("Reworded"),
    "other": gettext_lazy("Translation, source or note"),
}


@register.filter
def spoken(texts: Mapping[str, str]) -> str:
    """A text in the reader's language, else in the framework's first one."""
    return localised(dict(texts))


@register.filter
def spoken_at(one: Indicator, point: int) -> str:
    """What a point of the scale means, in the reader's language; empty where nobody says."""
    return localised(dict(one.anchors.get(point, {})))


@register.filter
def text_of(texts: Mapping[str, Mapping[str, str]] | None, code: str) -> str:
    """The text of a code in the reader's language; empty where it has none."""
    return localised(dict((texts or {}).get(code, {})))


@register.filter
def unit_name(unit: str) -> Any:
    return UNITS.get(unit, unit)


@register.filter
def level_name(level: str) -> Any:
    return LEVELS.get(level, level)


@register.filter
def field_name(name: str) -> Any:
    """What a field of an indicator, a pillar or a source is called."""
    return FIELDS.get(name, name)


@register.filter
def change_name(what: str) -> Any:
    return CHANGES[what]


@register.filter
def matters_name(matters: str) -> Any:
    return MATTERS[matters]


@register.filter
def condition_words(condition: Condition | None) -> str:
    """A condition as a person reads it: "Kind: Land and Status other than Unofficial"."""
    if condition is None:
        return ""
    if isinstance(condition, Compared):
        return _compared(condition)
    parts = [condition_words(part) for part in condition.parts]
    if isinstance(condition, Every):
        inner = [
            part if isinstance(one, Compared) else f"({part})" for one, part in zip(condition.parts, parts, strict=True)
        ]
        return _(" and ").join(inner)
    return _(" or ").join(parts)


def _compared(one: Compared) -> str:
    if is_indicator(one.subject):
        return f"{one.subject} {SIGNS[one.sign]} {'/'.join(one.values)}"
    values = _(" or ").join(str(VALUES.get(value) or WORDS.get(value.replace("_", " "), value)) for value in one.values)
    name = ATTRIBUTES.get(one.subject, one.subject)
    if one.sign == "!=":
        return _("%(name)s other than %(values)s") % {"name": name, "values": values}
    return _("%(name)s: %(values)s") % {"name": name, "values": values}
