"""Whose past a series that has only begun borrows: the nearest crossings that count the same (core/neighbours)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pasaj.core import chooser
from pasaj.core.periods import Period
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import Cadence, DetectionRun, Series
from pasaj.watch.services.detection import near
from pasaj.watch.services.detection.table import Known, Table, known

MOST = 8  # neighbours
BACK = timedelta(days=182)  # before the days asked about: one season
SHARED = 7  # own reports that a share needs (core/neighbours)

Same = tuple[int, str, str]  # measure, direction, category


@dataclass(frozen=True, slots=True)
class Loan:
    """What the neighbours of one series reported, the nearest first."""

    figures: tuple[Mapping[date, Known], ...]

    @property
    def since(self) -> date:
        return min(min(one) for one in self.figures)

    def counts(self, periods: Sequence[Period]) -> Any:
        """(n_neighbours, n_periods), NaN not reported."""
        import numpy as np  # noqa: PLC0415 - only a run needs it

        values = np.full((len(self.figures), len(periods)), np.nan)
        for row, figures in enumerate(self.figures):
            for at, period in enumerate(periods):
                figure = figures.get(period.start)
                if figure is not None and figure.value is not None:
                    values[row, at] = figure.value
        return values


def find(run: DetectionRun, series: Sequence[Series], table: Table) -> dict[int, Loan]:
    """The loans of those of the series that have only begun. Two queries, or none where none has.

    Only daily series of crossings: an area, or a country, has no neighbours that go as it does. The neighbours may be
    in any slice of the run; they are read as they were known at `run.as_of`.
    """
    young = [one for one in series if _begun(one, table.get(one.pk, {}))]
    if not young:
        return {}
    others = siblings(young)
    asked = {one.pk: nearest(one, others[same(one)]) for one in young}
    lent = known(run, sorted({other.pk for rows in asked.values() for other in rows}), BACK)
    found = {}
    for one in young:
        figures = fullest(asked[one.pk], lent)
        # What began with it, or later, lends nothing.
        if figures and min(min(each) for each in figures) < min(table[one.pk]):
            found[one.pk] = Loan(figures)
    return found


def _begun(one: Series, figures: Mapping[date, Known]) -> bool:
    """Whether a series has enough reports for a share, and too few for a model of its own."""
    reported = sum(figure.value is not None for figure in figures.values())
    return one.cadence == Cadence.DAY and one.crossing_id is not None and SHARED <= reported < chooser.DAYS


def same(one: Series) -> Same:
    """What a series counts, wherever."""
    return one.measure_id, one.direction, one.category


def siblings(young: Sequence[Series]) -> dict[Same, list[Series]]:
    """The daily series of crossings that count the same, by what they count. One query."""
    rows = Series.objects.filter(
        cadence=Cadence.DAY, crossing__isnull=False, measure__in={one.measure_id for one in young}
    ).select_related("crossing__area")
    found: dict[Same, list[Series]] = defaultdict(list)
    for one in rows.order_by("pk"):
        found[same(one)].append(one)
    return found


def nearest(one: Series, others: Sequence[Series]) -> list[Series]:
    """The series of the nearest crossings, of every source there; those at the same crossing left out."""
    assert one.crossing is not None
    places: dict[str, CrossingPoint] = {other.crossing.code: other.crossing for other in others if other.crossing}
    order = [place.code for place in near.nearest(one.crossing, places.values(), MOST)]
    chosen = [other for other in others if other.crossing and other.crossing.code in order]
    return sorted(chosen, key=lambda other: (order.index(other.place.code), other.pk))


def fullest(rows: Sequence[Series], table: Table) -> tuple[Mapping[date, Known], ...]:
    """The figures of each crossing, of the source that reported most."""
    best: dict[str, Mapping[date, Known]] = {}
    for one in sorted(rows, key=lambda row: -len(table.get(row.pk, ()))):
        if table.get(one.pk):
            best.setdefault(one.place.code, table[one.pk])
    codes = dict.fromkeys(one.place.code for one in rows)
    return tuple(best[code] for code in codes if code in best)
