"""What an episode says in words, and how a grade of severity came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pasaj.watch.models import Episode, Signal
from pasaj.watch.queries.signals import number, period

NAMES = (
    gettext_lazy("Not judged"),
    gettext_lazy("Minor"),
    gettext_lazy("Moderate"),
    gettext_lazy("Severe"),
    gettext_lazy("Extreme"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An episode as a line of a list."""

    code: str
    rises: bool
    when: str
    sentence: str
    running: bool
    grade: int
    severity: str


def line(one: Episode) -> Line:
    """Asks no database when the episode was read with its series and measure."""
    return Line(
        code=one.code,
        rises=one.direction == "up",
        when=period(one.start_date, one.end_date),
        sentence=_sentence(one),
        running=one.running,
        grade=one.severity,
        severity=str(NAMES[one.severity]),
    )


def _sentence(one: Episode) -> str:
    """How long, and where it was furthest from what was expected."""
    cadence = one.series.cadence
    counted = {
        "day": ngettext("%(number)s unusual day", "%(number)s unusual days", one.periods),
        "week": ngettext("%(number)s unusual week", "%(number)s unusual weeks", one.periods),
        "month": ngettext("%(number)s unusual month", "%(number)s unusual months", one.periods),
    }[cadence] % {"number": number_format(one.periods)}
    return _("%(counted)s; furthest on %(peak)s: %(value)s, about %(expected)s expected") % {
        "counted": counted,
        "peak": period(one.peak_date, one.peak_date),
        "value": number(one.peak),
        "expected": number(one.expected),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the rule of severity: what was looked at, what it was, and its points."""

    name: str
    value: str
    points: int


def severity(signal: Signal) -> tuple[str, list[Part]]:
    """The grade in words, and the points that make it; empty where nothing was judged."""
    parts: dict[str, Any] = signal.details.get("severity") or {}
    if not signal.severity or not parts:
        return "", []
    texts = {
        "size": (_("How far from what was expected"), _("%(number)s times") % {"number": _ratio(parts)}),
        "certainty": (_("How certain"), _chance(parts["certainty"][1])),
        "protection": (_("People's protection"), _("yes") if parts["protection"][0] else _("no")),
        "lasting": (_("Unusual periods so far"), number(parts["lasting"][1])),
    }
    return str(NAMES[signal.severity]), [Part(*texts[name], parts[name][0]) for name in texts]


def _ratio(parts: dict[str, Any]) -> str:
    return number_format(round(parts["size"][1], 1), 1)


def _chance(value: float) -> str:
    if value < 0.0001:
        return _("chance below %(limit)s") % {"limit": number_format(0.0001, 4)}
    return _("chance %(value)s") % {"value": number_format(value, 4)}
