"""Alerts as plain values: templates of a pack, texts in several languages, areas. CAP itself is `core.cap`."""

from pasaj.core.alerts.filling import fill, left
from pasaj.core.alerts.languages import check
from pasaj.core.alerts.shapes import (
    AUDIENCES,
    CERTAINTIES,
    FIELDS,
    LIMITS,
    SEVERITIES,
    URGENCIES,
    Colour,
    Part,
    Settings,
    Template,
    Texts,
    plain,
    settings_of,
    template_of,
)
from pasaj.core.alerts.wording import counted, rounded, worded

__all__ = [
    "AUDIENCES",
    "CERTAINTIES",
    "FIELDS",
    "LIMITS",
    "SEVERITIES",
    "URGENCIES",
    "Colour",
    "Part",
    "Settings",
    "Template",
    "Texts",
    "check",
    "counted",
    "fill",
    "left",
    "plain",
    "rounded",
    "settings_of",
    "template_of",
    "worded",
]
