"""Capacity of reception places: how full each is, as of when, after whom, and when it would be full at this pace.

Which measures say so stands in the pack: every rule of thresholds.csv that compares a measure from below with another
of the same unit (places occupied with places there are). Nothing is added up over sources.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F

from pasaj.access.rules import Actor, visible
from pasaj.core import capacity, occupancy
from pasaj.registry.models import Area, CrossingPoint
from pasaj.watch.models import TOTAL, Cadence, Observation, Series, Threshold
from pasaj.watch.services.observations import local_date

DAYS = 7
CARRY = 7  # days for which the number of places counts as still known
STALE = 2  # days after which a figure says that it is old


@dataclass(frozen=True, slots=True)
class Reception:
    """One place as one source reports it. `full_date`: an estimate at the pace of the last days; none: not filling."""

    rule: Threshold
    series: Series
    latest: Observation
    places: Observation | None
    judged: capacity.Capacity
    pace: float | None  # places a day
    full_date: date | None
    days: tuple[tuple[date, float | None], ...]  # the last seven, what was occupied
    old: bool

    @property
    def place(self) -> CrossingPoint | Area:
        return self.series.place

    @property
    def share(self) -> float | None:
        """Occupied over places there are."""
        if self.places is None or not self.places.value or self.latest.value is None:
            return None
        return float(self.latest.value / self.places.value)

    @property
    def simulated(self) -> bool:
        return any(one.origin == "demo" or one.quality == "simulated" for one in (self.latest, self.places) if one)


def rules() -> list[Threshold]:
    """The rules of the pack that compare what is taken with what there is."""
    rows = Threshold.objects.filter(retired_at=None, op="ge", measure__unit=F("versus__unit"), category=TOTAL)
    return list(rows.select_related("measure", "versus").order_by("code"))


def receptions(actor: Actor, now: datetime) -> list[Reception]:
    """Every place with a figure of the last two weeks that the actor may see, the fullest first. Three queries."""
    wanted = {one.measure_id: one for one in reversed(rules())}  # the first rule of a measure stands
    today = local_date(now)
    measures = {*wanted, *(one.versus_id for one in wanted.values())}
    rows = visible(Observation.objects.known_at(now), actor).filter(
        series__measure__in=measures,
        series__category=TOTAL,
        series__cadence=Cadence.DAY,
        state=Observation.State.REPORTED,
        period_end__gt=today - timedelta(days=2 * DAYS),
        period_end__lte=today,
    )
    by_series: dict[Series, dict[date, Observation]] = defaultdict(dict)
    for row in rows.select_related(
        "series__crossing", "series__area", "series__measure", "series__source__institution"
    ).order_by("period_end", "pk"):
        by_series[row.series][row.period_end] = row
    found = [
        _reception(wanted[series.measure_id], series, figures, by_series, today)
        for series, figures in by_series.items()
        if series.measure_id in wanted
    ]
    return sorted(filter(None, found), key=lambda one: (-(one.share or 0.0), str(one.place), one.series.code))


def _reception(
    rule: Threshold,
    series: Series,
    figures: dict[date, Observation],
    every: dict[Series, dict[date, Observation]],
    today: date,
) -> Reception | None:
    taken = _known(figures)
    others = _others(rule, series, every)
    limit = capacity.Rule(rule.code, rule.op, factor=rule.factor)
    found = capacity.against(limit, taken, [_known(one) for one in others], today, carry=CARRY)
    if found is None:
        return None
    last, places = found.day, None if found.base is None else others[found.base[0]][found.base[1]]
    values = {day: float(value) for day, value in taken.items()}
    change = occupancy.pace(values, last, days=DAYS)
    there = places.value if places else None
    left = None if there is None else occupancy.full_in(values[last], float(there), change)
    shown = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    return Reception(
        rule=rule,
        series=series,
        latest=figures[last],
        places=places,
        judged=found.judged,
        pace=change,
        full_date=None if left is None or left > 365 else last + timedelta(days=round(left)),
        days=tuple((day, values.get(day)) for day in shown),
        old=(today - last).days > STALE,
    )


def _others(
    rule: Threshold, series: Series, every: dict[Series, dict[date, Observation]]
) -> list[dict[date, Observation]]:
    """What there is at the same place: after the same source, then after the others."""
    same = [
        (other.source_id != series.source_id, other.code, figures)
        for other, figures in every.items()
        if other.measure_id == rule.versus_id
        and (other.crossing_id, other.area_id) == (series.crossing_id, series.area_id)
    ]
    return [figures for _another, _code, figures in sorted(same, key=lambda one: one[:2])]


def _known(figures: dict[date, Observation]) -> dict[date, Decimal]:
    return {day: row.value for day, row in figures.items() if row.value is not None}
