"""Words of findings and recommendations, in the language that is active."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pasaj.core import findings as core

SEVERITIES: dict[int, Any] = {
    at: format_lazy("{at} – {word}", at=at, word=_(word)) for at, word in core.SEVERITIES.items()
}
RULES: dict[str, Any] = {rule: _(word) for rule, word in core.RULES.items()}
PARTS: dict[str, Any] = {part: _(word) for part, word in core.CERTAINTIES.items()}
STATES: dict[str, Any] = {
    "draft": _("Draft"),
    "adopted": _("Adopted"),
    "dismissed": _("Dismissed"),
    "superseded": _("Superseded"),
}
ADVICE_STATES: dict[str, Any] = {"draft": _("Draft"), "adopted": _("Adopted"), "dropped": _("Dropped")}
HORIZONS: dict[str, Any] = {"short": _("short term"), "medium": _("medium term"), "long": _("long term")}
EFFORTS: dict[str, Any] = {"low": _("low effort"), "medium": _("medium effort"), "high": _("high effort")}
ACTIONS: dict[str, Any] = {
    "drafted": _("Drafted by its rule"),
    "redrafted": _("Drafted again by its rule"),
    "moved": _("Its rule finds something else now"),
    "superseded": _("Its rule finds it no more"),
    "written": _("Written"),
    "edited": _("Edited"),
    "adopted": _("Adopted"),
    "dismissed": _("Dismissed"),
    "opened": _("Opened again"),
    "linked": _("Linked to evidence"),
    "dropped": _("Dropped"),
}


def factor(value: float) -> str:
    """A factor from 0 to 1 with two decimals."""
    return number_format(round(value, 2), decimal_pos=2)
