"""Signals of neighbouring places that rise together, written down as clusters (core/groups)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q

from pasaj.core.periods import Period, between
from pasaj.registry.models import Area, CrossingPoint
from pasaj.registry.services.codes import next_codes
from pasaj.watch.models import Cadence, Cluster, DetectionRun, Series, Signal
from pasaj.watch.services.detection import near
from pasaj.watch.services.detection.table import Table, known, series_of

Kind = tuple[int, str, str, str]  # measure, direction, category, cadence: what can rise together

HISTORY = {Cadence.DAY: 56, Cadence.WEEK: 20, Cadence.MONTH: 24}  # periods that a scan looks at
LONGEST = {Cadence.DAY: 7, Cadence.WEEK: 4, Cadence.MONTH: 3}  # of these, the ones a rise may last
BACK = timedelta(days=64)
LATE = timedelta(days=92)  # months are published late: their signals lie before the days looked at
NUMBERS = ("start_date", "end_date", "observed", "expected", "p_value", "likelihood", "places", "as_of", "run")


def kinds(run: DetectionRun) -> list[Kind]:
    """Of what the run judges, what can be compared from place to place, in a fixed order. One query."""
    rows = series_of(run).values_list("measure", "direction", "category", "cadence")
    return list(rows.order_by("measure", "direction", "category", "cadence").distinct())


def join(run: DetectionRun, chosen: Sequence[Kind], now: datetime) -> None:
    """Scan the places of these kinds for every period with a rise that the run looked at, and write down the groups.

    A run that looks at an earlier moment than a group rests on leaves it as it is. One transaction; a dozen queries.
    """
    signals, ends = _signals(run, chosen), defaultdict(set)
    for one in Cluster.objects.filter(_dates(run), _of(chosen)):
        ends[_kind(one)].add(one.end_date)  # a group of which every signal was taken back is scanned again too
    for kind, own in signals.items():
        ends[kind] |= {one.period_end for one in own}
    if not ends:
        return
    series = [one for one in _series(list(ends)) if near.spot(one.place) is not None]
    table = known(run, [one.pk for one in series], BACK)
    found: list[Cluster] = []
    for (kind, level), rows in _alike(series, table).items():
        axis = _Axis(kind, level, rows, table)
        for end in sorted(ends[kind]):
            found += [one for one in _scan(run, axis, end) if any(_inside(signal, one) for signal in signals[kind])]
    with transaction.atomic():
        _write(run, found, ends, now)


def _signals(run: DetectionRun, chosen: Sequence[Kind]) -> dict[Kind, list[Signal]]:
    """The rises in the run's dates, by kind: whatever else rises with them is looked for at their last days."""
    rows = Signal.objects.filter(
        _dates(run, "series__"), _of(chosen, "series__"), kind=Signal.Kind.UNUSUAL, direction="up"
    ).select_related("series__crossing", "series__area")
    found: dict[Kind, list[Signal]] = defaultdict(list)
    for one in rows.order_by("pk"):
        if one.series and one.details.get("still", True):
            found[_kind(one.series)].append(one)
    return found


def _dates(run: DetectionRun, path: str = "") -> Q:
    """What ends in the run's dates, by the cadence behind `path`."""
    field = "period_end" if path else "end_date"
    months = Q(**{f"{path}cadence": Cadence.MONTH, f"{field}__gte": run.from_date - LATE})
    return (Q(**{f"{field}__gte": run.from_date}) | months) & Q(**{f"{field}__lte": run.to_date})


def _kind(one: Series | Cluster) -> Kind:
    return one.measure_id, one.direction, one.category, one.cadence


def _inside(signal: Signal, one: Cluster) -> bool:
    assert signal.series is not None
    here = signal.series.place.code in {row["place"] for row in one.places}
    return here and one.start_date <= signal.period_start and signal.period_end <= one.end_date


def _of(chosen: Sequence[Kind], path: str = "") -> Q:
    """Rows of these kinds, by the fields behind `path`."""
    names = ("measure", "direction", "category", "cadence")
    each = [Q(**{path + name: value for name, value in zip(names, kind, strict=True)}) for kind in chosen]
    return reduce(or_, each, Q(pk__in=()))


def _series(chosen: Sequence[Kind]) -> list[Series]:
    rows = Series.objects.filter(_of(chosen)).select_related("crossing__area", "area", "measure")
    return list(rows.order_by("pk"))


def _alike(series: Sequence[Series], table: Table) -> dict[tuple[Kind, str], list[Series]]:
    """Places of one sort that count the same, one series each: that of the source which reported most."""
    best: dict[tuple[Kind, str], dict[str, Series]] = defaultdict(dict)
    for one in sorted(series, key=lambda row: (-len(table.get(row.pk, ())), row.pk)):
        if table.get(one.pk):
            best[_kind(one), near.level(one.place)].setdefault(one.place.code, one)
    return {key: sorted(rows.values(), key=lambda row: row.pk) for key, rows in sorted(best.items())}


@dataclass(frozen=True, slots=True)
class _Axis:
    """Places of one sort with what they counted."""

    kind: Kind
    level: str
    series: Sequence[Series]
    table: Table

    @property
    def places(self) -> list[CrossingPoint | Area]:
        return [one.place for one in self.series]

    def counts(self, periods: Sequence[Period]) -> Any:
        import numpy as np  # noqa: PLC0415 - only a run needs it

        values = np.full((len(self.series), len(periods)), np.nan)
        for row, one in enumerate(self.series):
            for at, period in enumerate(periods):
                figure = self.table[one.pk].get(period.start)
                if figure is not None and figure.value is not None:
                    values[row, at] = figure.value
        return values


def _scan(run: DetectionRun, axis: _Axis, end: date) -> Iterator[Cluster]:
    """The groups as they stood at the end of one period. The seed is the day, so that a replay finds the same."""
    from pasaj.core import groups  # noqa: PLC0415 - loads the numerical library, which only a run needs

    cadence = Cadence(axis.kind[3])
    if len(axis.series) < groups.LEAST:
        return
    length = HISTORY[cadence]
    days = {Cadence.DAY: 1, Cadence.WEEK: 7, Cadence.MONTH: 31}[cadence]
    periods = list(between(cadence, end - timedelta(days=days * length), end))[-length:]
    counts = axis.counts(periods)
    found = groups.rising(
        counts, near.zones(axis.places), LONGEST[cadence], weekdays=cadence == Cadence.DAY, seed=end.toordinal()
    )
    measure, direction, category, _cadence = axis.kind
    for one in found:
        yield Cluster(
            measure_id=measure,
            direction=direction,
            category=category,
            cadence=cadence,
            level=axis.level,
            start_date=periods[one.first].start,
            end_date=end,
            observed=one.observed,
            expected=one.expected,
            p_value=one.p_value,
            likelihood=one.score,
            places=[
                {
                    "place": axis.series[place.row].place.code,
                    "series": axis.series[place.row].code,
                    "observed": place.observed,
                    "expected": place.expected,
                }
                for place in one.places
            ],
            as_of=run.as_of,
            run=run,
        )


def _write(run: DetectionRun, found: Sequence[Cluster], ends: Mapping[Kind, set[date]], now: datetime) -> None:
    stored = Cluster.objects.select_for_update().filter(_of(sorted(ends))).order_by("pk")
    before: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    fresh: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    for into, rows in ((before, stored), (fresh, found)):
        for one in rows:
            into[_kind(one), one.level].append(one)
    kept: list[Cluster] = []
    gone: list[int] = []
    for alike in sorted(before.keys() | fresh.keys()):
        standing, out = settle(fresh[alike], before[alike], ends[alike[0]], run.as_of)
        kept += standing
        gone += out
    new = [one for one in kept if one.pk is None]
    for one, code in zip(new, next_codes("CL", now, len(new)) if new else (), strict=True):
        one.code = code
    changed = [one for one in kept if one.pk is not None and one.run_id == run.pk]
    Cluster.objects.bulk_create(new)
    Cluster.objects.bulk_update(changed, NUMBERS)
    _mark([*new, *changed], gone)
    Cluster.objects.filter(pk__in=gone).delete()


def settle(
    fresh: Sequence[Cluster], before: Sequence[Cluster], ends: set[date], as_of: datetime
) -> tuple[list[Cluster], list[int]]:
    """Which groups of one kind stand, and the numbers of those that do not any more.

    Of groups that share a place and a day only the one with the greatest likelihood stands: a rise that lasts is
    found at the end of each of its days. An earlier group whose last period was not scanned again is weighed with
    the new ones; where a new one takes its place (or its own day was scanned again), that one keeps its code.
    """
    old = [one for one in before if one.end_date not in ends or one.as_of > as_of]
    standing: list[Cluster] = []
    for one in sorted([*old, *fresh], key=lambda row: (-row.likelihood, row.pk is None, row.end_date)):
        if not any(_same(one, other) for other in standing):
            standing.append(one)
    free = [one for one in before if one not in standing]
    for at, one in enumerate(standing):
        heir = None if one in before else next((row for row in free if _same(row, one)), None)
        if heir is not None:
            free.remove(heir)
            for name in (*NUMBERS[:-1], "run_id"):
                setattr(heir, name, getattr(one, name))
            standing[at] = heir
    return standing, [one.pk for one in free]


def _same(one: Cluster, other: Cluster) -> bool:
    """Whether two groups of a kind share a place and a day."""
    if one.start_date > other.end_date or other.start_date > one.end_date:
        return False
    return not {row["place"] for row in one.places}.isdisjoint(row["place"] for row in other.places)


def _mark(clusters: Sequence[Cluster], gone: Sequence[int]) -> None:
    """Give the unusual signals of the groups' places and days their group, and take it from those that left."""
    touched = [one.pk for one in clusters]
    Signal.objects.filter(cluster__in=[*touched, *gone]).update(cluster=None)
    for one in clusters:
        codes = [row["place"] for row in one.places]
        where = Q(series__crossing__code__in=codes) if one.level == near.CROSSING else Q(series__area__code__in=codes)
        rows = Signal.objects.filter(
            where,
            _of([(one.measure_id, one.direction, one.category, one.cadence)], "series__"),
            kind=Signal.Kind.UNUSUAL,
            direction="up",
            period_start__gte=one.start_date,
            period_end__lte=one.end_date,
        )
        inside = [row.pk for row in rows.only("pk", "details") if row.details.get("still", True)]
        Signal.objects.filter(pk__in=inside).update(cluster=one)
