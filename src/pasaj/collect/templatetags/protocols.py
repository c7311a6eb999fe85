"""Verdicts and their reasons as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.core.problems import fill
from pasaj.core.protocol import REASONS, VERDICTS, Cell, Reason
from pasaj.registry.models import localised

register = template.Library()

WORDS: dict[str, Any] = {
    "compliant": gettext_lazy("Compliant"),
    "breach": gettext_lazy("Breach"),
    "disputed": gettext_lazy("Disputed"),
    "unknown": gettext_lazy("Unknown"),
}
# The shapes are those of the states that mean nearly the same elsewhere.
SHAPES = {"compliant": "reported", "breach": "alert", "disputed": "conflict", "unknown": "silent"}
QUESTIONS: dict[str, Any] = {
    "families_together": gettext_lazy("families together"),
    "effects_kept": gettext_lazy("personal effects kept"),
    "documents_retained": gettext_lazy("documents retained"),
    "order_copy": gettext_lazy("copy of the order"),
    "inspection_post": gettext_lazy("inspection post"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One verdict of a cell. `least`: some operations did not count their persons, so that `count` is a lower limit."""

    name: str
    count: int
    least: bool


@register.filter
def verdict_word(name: str) -> str:
    """A verdict in the reader's language."""
    return str(WORDS[name])


@register.filter
def verdict_shape(name: str) -> str:
    """The state whose shape stands for a verdict."""
    return SHAPES[name]


@register.simple_tag
def counts(cell: Cell, persons: bool = False) -> list[Part]:
    """The verdicts that a cell holds, with the number of operations or of persons."""
    numbers = cell.persons if persons else cell.operations
    held = (one for one in VERDICTS if cell.operations[one])
    return [Part(one, numbers[one], persons and cell.uncounted[one] > 0) for one in held]


@register.filter
def reason(one: Reason) -> str:
    """The sentence that says why, in the reader's language."""
    values = dict(one.values)
    if "questions" in values:
        asked = str(values["questions"]).split(", ")
        values["questions"] = ", ".join(str(QUESTIONS.get(name, name)) for name in asked)
    return fill(_(REASONS[one.code]), values)


@register.filter
def tongue(names: dict[str, str]) -> str:
    """A text by language in that of the reader."""
    return localised(names)
