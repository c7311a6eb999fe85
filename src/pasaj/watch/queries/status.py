"""The status of crossings, side by side: what holds now, since when and why, and what was reported before.

Where no report reaches, the pack's own column is all there is, and it may say "unknown".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.core import status
from pasaj.core.status import Report, Span
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import CrossingStatus

Side, State = CrossingStatus.Side, CrossingStatus.State
NOT_EXPECTED = frozenset({State.CLOSED, State.NO_CONTROL})
"""Our side in one of these states: nobody is expected to report."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one side of a crossing stands on a day: by the report that holds, else by the pack's column."""

    side: str
    state: str
    report: CrossingStatus | None

    @property
    def is_open(self) -> bool:
        return self.state in (State.OPEN, UNKNOWN)


def known(moment: datetime, crossings: Collection[int] | None = None) -> QuerySet[CrossingStatus]:
    """The reports that stood at a moment."""
    rows: QuerySet[CrossingStatus] = CrossingStatus.objects.known_at(moment)
    return rows if crossings is None else rows.filter(crossing__in=list(crossings))


def plain(row: CrossingStatus) -> Report:
    """A report as core reads it. One of the pack without an end says nothing of the days after."""
    lasts = row.origin != "pack"
    return Report(row.pk, row.state, row.period_start, row.period_end, lasts, row.reported_at)


def closures(moment: datetime, crossings: Collection[int] | None = None) -> dict[int, tuple[Span, ...]]:
    """The days on which our side was closed or not under state control, by crossing. One query.

    Days that no report reaches are as the pack's column says. Crossings without any report are left out.
    """
    by_crossing: dict[int, list[Report]] = defaultdict(list)
    column: dict[int, str] = {}
    for row in known(moment, crossings).filter(side=Side.OWN).select_related("crossing"):
        by_crossing[row.crossing_id].append(plain(row))
        column[row.crossing_id] = row.crossing.status
    return {crossing: status.spans(rows, NOT_EXPECTED, column[crossing]) for crossing, rows in by_crossing.items()}


def closed_days(
    crossing: CrossingPoint, found: Mapping[int, tuple[Span, ...]], start: date
) -> tuple[tuple[date, date | None], ...]:
    """When nothing is expected from a crossing: by reports, else (from `start` on) by the pack's column."""
    if crossing.pk not in found:
        return ((start, None),) if crossing.status in NOT_EXPECTED else ()
    return tuple(one for one in found[crossing.pk] if one[1] is None or one[1] >= start)


def standing(crossing: CrossingPoint, day: date, moment: datetime, actor: Actor) -> tuple[Standing, Standing]:
    """Our side and the other one. What a report says that the actor may not see is not known to him. Two queries."""
    rows = list(known(moment, [crossing.pk]))
    seen = set(visible(known(moment, [crossing.pk]), actor).values_list("pk", flat=True))
    sides = (_side(crossing, side, rows, day) for side in (Side.OWN, Side.OTHER))
    own, other = (
        Standing(one.side, UNKNOWN, None) if one.report and one.report.pk not in seen else one for one in sides
    )
    return own, other


def _side(crossing: CrossingPoint, side: str, rows: Iterable[CrossingStatus], day: date) -> Standing:
    by_number = {row.pk: row for row in rows if row.side == side}
    held = status.holding([plain(row) for row in by_number.values()], day)
    if held is not None:
        return Standing(side, held.state, by_number[held.number])
    return Standing(side, crossing.status if side == Side.OWN else UNKNOWN, None)


def not_open(actor: Actor, day: date, moment: datetime) -> list[tuple[CrossingPoint, Standing]]:
    """Sides of crossings that a report says are not open today, our own first. One query."""
    rows = visible(known(moment).filter(crossing__retired_at=None), actor).select_related("crossing")
    found: dict[int, list[CrossingStatus]] = defaultdict(list)
    for row in rows:
        found[row.crossing_id].append(row)
    sides = [
        (reports[0].crossing, _side(reports[0].crossing, side, reports, day))
        for reports in found.values()
        for side in Side.values
    ]
    told = [(crossing, one) for crossing, one in sides if one.report is not None and not one.is_open]
    return sorted(told, key=lambda pair: (pair[1].side != Side.OWN, pair[0].name))


def history(actor: Actor, crossing: CrossingPoint) -> QuerySet[CrossingStatus]:
    """Every report on a crossing that stands, the latest days first."""
    rows = visible(CrossingStatus.objects.current(), actor).filter(crossing=crossing)
    return rows.order_by("-period_start", "side", "-pk")
