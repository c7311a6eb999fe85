"""Scores, answers and dates as people read them, in the language that is active."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pasaj.core.scoring import Missing, Range
from pasaj.registry.queries import month_format

NONE = "—"  # nothing is known
THIN = "\u202f"
VALUES: dict[str, Any] = {
    "not_observed": gettext_lazy("could not be observed"),
    "not_applicable": gettext_lazy("does not apply"),
}
SURE: dict[str, Any] = {
    "low": gettext_lazy("not very sure"),
    "medium": gettext_lazy("fairly sure"),
    "high": gettext_lazy("sure"),
}
VERDICTS: dict[str, Any] = {
    "up": gettext_lazy("rose"),
    "down": gettext_lazy("fell"),
    "same": gettext_lazy("the same"),
    "noise": gettext_lazy("within noise"),
    "unknown": gettext_lazy("not comparable"),
}
SORTS: dict[str, Any] = {
    "country": gettext_lazy("Country"),
    "institution": gettext_lazy("Institution"),
    "crossing_point": gettext_lazy("Crossing point"),
    "exchange": gettext_lazy("Exchange between institutions"),
    "mandates": gettext_lazy("Roles of institutions"),
}


def ranged(value: Range | None, digits: int = 1) -> str:
    """1.5 to 2.5, or one number; a dash where nothing applies."""
    if value is None:
        return NONE
    low, high = (formats.number_format(round(end, digits), digits) for end in (value.low, value.high))
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def pointed(value: Range | None) -> str:
    """The range of a cell: points of the scale, which are whole."""
    if value is None:
        return NONE
    low, high = (formats.number_format(end, 0) for end in (value.low, value.high))
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def answered(value: object) -> str:
    """A point, or why there is none, as people say it."""
    text = value.value if isinstance(value, Missing) else str(value)
    return str(VALUES.get(text, text))


def number(value: float | None, digits: int = 0) -> str:
    """A number as the reader writes it."""
    if value is None:
        return NONE
    text = formats.number_format(round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True)
    return text.replace("\xa0", THIN).replace("-", "\u2212")


def percent(share: float | None) -> str:
    """A share (0.25) as per cent (25 %)."""
    if share is None:
        return NONE
    return f"{number(round(share * 100))}{'' if get_language() == 'en' else THIN}%"


def day(value: date | datetime | None) -> str:
    """2 Nov 2026. A moment is brought in the zone that it is to be read in."""
    return formats.date_format(value, f"j {month_format()} Y") if value else NONE
