"""Counts of a period as they were known at a moment: by place and source, against before and usual; and limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from pasaj.core import capacity as limits
from pasaj.core import sitrep as core
from pasaj.core.sitrep.figures import BASELINE
from pasaj.watch.models import TOTAL, Cadence, Observation, Series, Threshold
from pasaj.watch.queries.figures import levels_of

Plain = dict[str, Any]
RELATED = ("crossing__area", "area", "measure", "source__institution")


@dataclass(slots=True)
class Days:
    """The daily values of one series, the last of them that of the period's last day; and what is known of them."""

    series: Series
    values: list[float | None]
    quality: set[str] = field(default_factory=set)
    reported_at: datetime | None = None
    simulated: bool = False

    @property
    def place(self) -> str:
        return self.series.place.code

    @property
    def what(self) -> tuple[str, str, str]:
        """Place, measure and direction: what sources can contradict each other on."""
        return self.place, self.series.measure.code, self.series.direction

    @property
    def key(self) -> str:
        return " ".join((*self.what, self.series.source.code))


def daily(as_of: datetime, start: date, end: date) -> list[Days]:
    """Each series with daily totals in the period or in those before it, as known at `as_of`. Two queries."""
    span = (end - start).days + 1
    first = start - timedelta(days=BASELINE * span)
    length = (end - first).days + 1
    rows = _totals(as_of).filter(period_start__gte=first, period_end__lte=end)
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows.values_list("series_id", "period_start", "value", "quality", "origin", "reported_at"):
        found[row[0]].append(row)
    series = Series.objects.filter(pk__in=found).select_related(*RELATED)
    ordered = series.order_by("-measure__protection", "measure__order", "measure__code", "code")
    return [_days(one, found[one.pk], first, start, length) for one in ordered]


def _totals(as_of: datetime) -> QuerySet[Observation]:
    rows = Observation.objects.known_at(as_of).filter(series__cadence=Cadence.DAY, series__category=TOTAL)
    return rows.exclude(state=Observation.State.WITHDRAWN)


def _days(series: Series, rows: Iterable[tuple[Any, ...]], first: date, start: date, length: int) -> Days:
    made = Days(series, [None] * length)
    for _series, day, value, quality, origin, reported_at in rows:
        made.values[(day - first).days] = None if value is None else float(value)
        if day >= start:
            made.quality.add(quality)
            made.simulated = made.simulated or origin == "demo" or quality == "simulated"
            made.reported_at = max(reported_at, made.reported_at or reported_at)
    return made


def figures(rows: Sequence[Days], span: int) -> list[Plain]:
    """The counts of what happens (not of what is there), each weighed."""
    levels = levels_of()
    found = []
    for one in rows:
        if one.series.measure_id in levels or one.series.measure.kind != "count":
            continue
        weighed = core.weigh(one.values, span)
        if weighed is not None:
            found.append(_figure(one, weighed))
    return found


def _figure(one: Days, weighed: core.Weighed) -> Plain:
    return {
        "key": one.key,
        "place": one.place,
        "measure": one.series.measure.code,
        "direction": one.series.direction,
        "source": one.series.source.code,
        "series": one.series.code,
        "total": whole(weighed.total),
        "days": weighed.days,
        "expected": weighed.expected,
        "before": whole(weighed.before),
        "before_days": weighed.before_days,
        "low": whole(weighed.low),
        "high": whole(weighed.high),
        "against": weighed.against,
        "quality": sorted(one.quality),
        "reported_at": one.reported_at.isoformat() if one.reported_at else "",
        "simulated": one.simulated,
    }


def whole(value: float | Decimal | None) -> float | int | None:
    """A count as a whole number where it is one, else to a tenth."""
    if value is None:
        return None
    rounded = round(float(value), 1)
    return int(rounded) if rounded == int(rounded) else rounded


def conflicts(rows: Sequence[Days], span: int) -> list[Plain]:
    """What sources say differently of the same place and measure, over the days on which all of them reported."""
    groups: dict[tuple[str, str, str], list[Days]] = defaultdict(list)
    for one in rows:
        if not one.series.measure.per_source and any(value is not None for value in one.values[-span:]):
            groups[one.what].append(one)
    found = []
    for what, same in groups.items():
        said = {one.series.source.code: one.values[-span:] for one in same}
        days = core.differing(said) if len(said) > 1 else []
        if days:
            found.append(_conflict(what, same, days, span))
    return found


def _conflict(what: tuple[str, str, str], same: Sequence[Days], days: Sequence[int], span: int) -> Plain:
    """Totals over the days on which they differ, and on how many of these each source reported."""
    place, measure, direction = what
    values = [
        {
            "source": one.series.source.code,
            "total": whole(sum(one.values[-span:][day] or 0 for day in days)),
            "days": sum(one.values[-span:][day] is not None for day in days),
            "reported_at": one.reported_at.isoformat() if one.reported_at else "",
        }
        for one in sorted(same, key=lambda one: one.series.source.code)
    ]
    key = " ".join(what)
    return {"key": key, "place": place, "measure": measure, "direction": direction, "days": len(days), "values": values}


def revisions(as_of: datetime, since: datetime, start: date, end: date) -> list[Plain]:
    """Totals of an earlier report's period that were corrected after it: as known then and now."""
    rows = (
        _totals(as_of)
        .filter(revision__gt=1, reported_at__gt=since, period_start__gte=start, period_end__lte=end)
        .select_related(*(f"series__{one}" for one in RELATED))
        .order_by("series__code", "period_start")
    )
    now = {(one.series_id, one.period_start): one for one in rows}
    series = {one.series_id for one in now.values()}
    known = Observation.objects.known_at(since).filter(series__in=series, period_start__gte=start, period_end__lte=end)
    then = {(number, day): value for number, day, value in known.values_list("series_id", "period_start", "value")}
    return [
        {
            "key": f"{one.series.place.code} {one.series.measure.code} {one.series.source.code} {day.isoformat()}",
            "place": one.series.place.code,
            "measure": one.series.measure.code,
            "direction": one.series.direction,
            "source": one.series.source.code,
            "day": day.isoformat(),
            "before": whole(then[number, day]),
            "now": whole(one.value),
        }
        for (number, day), one in now.items()
        if then.get((number, day)) is not None and then[number, day] != one.value
    ]


def capacity(rows: Sequence[Days], span: int, end: date) -> list[Plain]:
    """What is there against its limit (reception places, officers), on the last day of the period that has a count.

    By the same function as the page of reception: places and posts change slowly, and count for a week.
    """
    found = []
    levels = levels_of()
    by_key: dict[tuple[str, int], list[Days]] = defaultdict(list)
    for one in sorted(rows, key=lambda one: one.series.code):
        by_key[one.place, one.series.measure_id].append(one)
    thresholds = Threshold.objects.filter(versus__isnull=False, retired_at=None, category=TOTAL, measure__in=levels)
    for rule in thresholds.select_related("measure", "versus").order_by("-protection", "code"):
        for one in rows:
            if one.series.measure_id != rule.measure_id:
                continue
            others = sorted(
                by_key[one.place, rule.versus_id or 0],
                key=lambda other, source=one.series.source_id: other.series.source_id != source,  # type: ignore[misc]
            )
            limit = limits.Rule(rule.code, rule.op, factor=rule.factor)
            bases = [_by_day(other.values, end) for other in others]
            said = limits.against(limit, _by_day(one.values[-span:], end), bases, end)
            if said is not None and said.base is not None:
                number, day = said.base
                found.append(_level(rule, one, said, bases[number][day], (end - said.day).days))
    return found


def _by_day(values: Sequence[float | None], end: date) -> dict[date, Decimal]:
    days = enumerate(reversed(values))
    return {end - timedelta(days=back): Decimal(str(value)) for back, value in days if value is not None}


def _level(rule: Threshold, one: Days, said: limits.Against, other: Decimal, back: int) -> Plain:
    return {
        "key": f"{one.place} {rule.code} {one.series.source.code}",
        "place": one.place,
        "names": rule.names,
        "measure": one.series.measure.code,
        "versus": rule.versus.code if rule.versus else "",
        "source": one.series.source.code,
        "value": whole(float(said.observed)),
        "of": whole(float(other)),
        "limit": whole(float(rule.factor * other)),
        "reached": said.judged.alarm,
        "days_ago": back,
        "protection": rule.protection,
    }


def named(rows: Iterable[Days]) -> Mapping[str, Plain]:
    """The measures of some series by code, as a report names them."""
    return {
        one.series.measure.code: {
            "names": one.series.measure.names,
            "definitions": one.series.measure.definitions,
            "unit": one.series.measure.unit,
            "protection": one.series.measure.protection,
            "order": one.series.measure.order,
        }
        for one in rows
    }
