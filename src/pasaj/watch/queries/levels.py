"""Since when a series lies on another level, in words and for its chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, visible
from pasaj.watch.models import Level, Series
from pasaj.watch.queries.series import Figure
from pasaj.watch.queries.signals import number, since


@dataclass(frozen=True, slots=True)
class Line:
    """What a series page says: since when, from what to what, and what it rests on."""

    row: Level
    sentence: str
    rises: bool


def find(actor: Actor, *, measure: str = "", crossing: str = "") -> QuerySet[Level]:
    """The levels that the actor may see, the latest change first."""
    wanted = {"series__measure__code": measure, "series__crossing__code": crossing}
    rows = visible(Level.objects.filter(**{name: value for name, value in wanted.items() if value}), actor)
    return rows.select_related("series__measure", "run").order_by("-since_date", "-pk")


def of(series: Series, actor: Actor) -> Line | None:
    """The level of a series, if it changed and the actor may see it. One query."""
    row = visible(Level.objects.filter(series=series), actor).first()
    return Line(row, _sentence(series, row), row.new > row.old) if row else None


def _sentence(series: Series, row: Level) -> str:
    texts = {
        "day": _("Since %(since)s about %(new)s %(unit)s a day; before, about %(old)s a day."),
        "week": _("Since the week of %(since)s about %(new)s %(unit)s a week; before, about %(old)s a week."),
        "month": _("Since %(since)s about %(new)s %(unit)s a month; before, about %(old)s a month."),
    }
    return texts[series.cadence] % {
        "since": since(row.since_date, series.cadence),
        "new": number(row.new),
        "old": number(row.old),
        "unit": series.measure.unit_name,
    }


def steps(line: Line | None, figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The old and the new level as corners of a line, within the dates shown; nothing without a level in them."""
    if line is None or not figures:
        return []
    row = line.row
    first, last = max(row.first_date, figures[0].start), min(row.last_date, figures[-1].start)
    if first >= last:
        return []
    corners = [(first, row.old if first < row.since_date else row.new)]
    if first < row.since_date <= last:
        corners.append((row.since_date, row.new))
    corners.append((last, corners[-1][1]))
    return [{"date": day.isoformat(), "value": round(value, 2)} for day, value in corners]
