"""Questions about series: which there are, what was reported in them, and what others say of the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format

from pasaj.access.rules import Actor, visible
from pasaj.core.periods import between
from pasaj.core.usual import Usual
from pasaj.registry.models import CrossingPoint
from pasaj.registry.queries import month_format
from pasaj.watch.models import Answer, Cadence, Episode, Observation, Series, Signal
from pasaj.watch.queries import ranges
from pasaj.watch.queries.signals import period

WINDOW = {Cadence.DAY: 90, Cadence.WEEK: 365, Cadence.MONTH: 1096, Cadence.YEAR: 7300, Cadence.SPAN: 7300}
# Periods that the usual range of the first one shown looks back on.
BACK = {Cadence.DAY: 14, Cadence.WEEK: 98, Cadence.MONTH: 430}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A figure that was corrected later."""

    revision: int
    value: Decimal | None
    state: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a figure is expected to be once all reports are in, with its 90 % interval, as seen at a moment."""

    value: float
    low: float
    high: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What detection keeps of a period: what was usual in it, and what its figure will be."""

    usual: Usual | None
    awaited: Awaited | None


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of one period: the latest revision, the ones before it, and the usual range."""

    start: date
    end: date
    value: Decimal | None
    state: str
    quality: str
    origin: str
    citation: str
    note: str
    actor: str
    revision: int
    reported_at: datetime
    number: int  # of the latest revision: the figure can be asked about itself
    cadence: str = "day"
    earlier: tuple[Earlier, ...] = ()
    usual: Usual | None = None
    awaited: Awaited | None = None  # where more reports may come

    @property
    def label(self) -> str:
        """The period in words."""
        return period(self.start, self.end, self.cadence)

    @property
    def short(self) -> str:
        """The same, for narrow columns."""
        return date_format(self.start, f"j {month_format()} Y") if self.start == self.end else self.label

    @property
    def simulated(self) -> bool:
        return self.origin == "demo" or self.quality == "simulated"

    @property
    def zero(self) -> bool:
        return self.value == 0


@dataclass(frozen=True, slots=True)
class Beside:
    """The same figure from another source, and how far it is from ours (theirs minus ours)."""

    series: Series
    value: Decimal | None
    quality: str
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One period with what each source says of it."""

    label: str
    value: Decimal | None
    others: tuple[Beside | None, ...]


def find(actor: Actor, *, crossing: str = "", measure: str = "", source: str = "", area: str = "") -> QuerySet[Series]:
    """The series the actor may see, by place and measure, each with the date of the latest figure he may see."""
    wanted = Q()
    if crossing:
        wanted &= Q(crossing__code=crossing)
    if area:
        wanted &= Q(area__code=area)
    if measure:
        wanted &= Q(measure__code=measure)
    if source:
        wanted &= Q(source__code=source)
    rows = visible(Series.objects.filter(wanted), actor).select_related("crossing", "area", "measure", "source")
    seen = visible(Observation.objects.visible(), actor).filter(series=OuterRef("pk")).order_by("-period_end")
    latest = rows.annotate(last_date=Subquery(seen.values("period_end")[:1]))
    return latest.order_by("crossing__name", "area__code", "measure__order", "category", "direction", "source__code")


def crossings(actor: Actor) -> QuerySet[CrossingPoint]:
    """The crossings of which the actor may see a series."""
    here = visible(Series.objects.filter(crossing=OuterRef("pk")), actor)
    return visible(CrossingPoint.objects.filter(Exists(here)), actor).order_by("name")


def window(series: Series, last: date) -> tuple[date, date]:
    """The dates a series page shows when none are asked for: up to `last`, as far back as says something."""
    return last - timedelta(days=WINDOW[Cadence(series.cadence)] - 1), last


def figures(
    series: Series, actor: Actor, start: date, end: date, detect: Mapping[str, Any] | None = None
) -> list[Figure]:
    """What was reported for the periods that end between `start` and `end`, corrections and usual range included.

    One or two queries. Figures the actor may not see count as not reported, in the usual range as well, unless
    detection keeps its own answers (method auto).
    """
    first = start - timedelta(days=BACK.get(Cadence(series.cadence), 0))
    rows = visible(Observation.objects.visible(), actor).filter(
        series=series, period_end__gte=first, period_end__lte=end
    )
    known = [_figure(list(group), series.cadence) for _, group in _by_period(rows)]
    if ranges.AUTO in ranges.methods(detect or {}):
        answered = answers(series, actor, first, end)
        return [_answered(one, answered.get((one.start, one.end))) for one in known if one.end >= start]
    return [one for one in with_range(series.cadence, known, detect or {}) if one.end >= start]


def answers(series: Series, actor: Actor, start: date, end: date) -> dict[tuple[date, date], Found]:
    """What the latest detection found of each period, by its first and last day. One query."""
    rows = visible(Answer.objects.filter(series=series, period_end__gte=start, period_end__lte=end), actor)
    found = {}
    for first, last, expected, lower, upper, value, low, high, at in rows.values_list(
        "period_start", "period_end", "expected", "lower", "upper",
        "estimate", "estimate_low", "estimate_high", "run__as_of",
    ):  # fmt: skip
        usual = Usual(expected, lower or 0.0, upper) if expected is not None and upper is not None else None
        awaited = None if value is None or low is None or high is None else Awaited(value, low, high, at)
        found[first, last] = Found(usual, awaited)
    return found


def usual_days(
    series: Sequence[int], actor: Actor, start: date, end: date, detect: Mapping[str, Any]
) -> dict[int, dict[date, Usual]]:
    """What detection found usual, by daily series and day; nothing where it keeps no answers. One query at most."""
    found: dict[int, dict[date, Usual]] = defaultdict(dict)
    if ranges.AUTO in ranges.methods(detect):
        rows = visible(Answer.objects.filter(series__in=series, period_end__gte=start, period_end__lte=end), actor)
        for number, day, expected, lower, upper in rows.values_list(
            "series", "period_start", "expected", "lower", "upper"
        ):
            if expected is not None and upper is not None:
                found[number][day] = Usual(expected, lower or 0.0, upper)
    return found


def _answered(figure: Figure, found: Found | None) -> Figure:
    """A figure with what detection says of it. An estimate of before its latest report holds no more."""
    if found is None:
        return figure
    awaited = found.awaited if found.awaited and figure.reported_at <= found.awaited.at else None
    return replace(figure, usual=found.usual, awaited=awaited)


def episodes(series: Series, actor: Actor, start: date, end: date) -> list[Episode]:
    """The episodes of this series in these dates, latest first."""
    rows = Episode.objects.filter(series=series, start_date__lte=end, end_date__gte=start)
    return list(visible(rows, actor).select_related("series__measure").order_by("-start_date", "-pk"))


def with_range(cadence: str, known: Sequence[Figure], detect: Mapping[str, Any]) -> list[Figure]:
    """The figures with the usual range of each, where enough periods before it were reported."""
    if cadence not in BACK or not known:
        return list(known)
    periods = list(between(cadence, known[0].start, known[-1].start))
    # A figure of a part of a month is no figure of the month.
    whole = {(one.start, one.end): None if one.value is None else float(one.value) for one in known}
    usual = ranges.usual([whole.get((period.start, period.end)) for period in periods], detect)
    found = {(period.start, period.end): one for period, one in zip(periods, usual, strict=True)}
    return [replace(one, usual=found.get((one.start, one.end))) for one in known]


@dataclass(frozen=True, slots=True)
class Others:
    """Other series of the same: those that speak of the same periods, what they say, and the rest."""

    series: tuple[Series, ...] = ()
    compared: tuple[Compared, ...] = ()
    rest: tuple[Series, ...] = ()


def beside(series: Series, actor: Actor, known: Sequence[Figure]) -> Others:
    """The other sources that speak of the same, and period by period what they say. Two queries.

    Only periods that at least two sources speak of. Nothing is averaged.
    """
    others = list(
        visible(
            Series.objects.filter(
                crossing=series.crossing_id,
                area=series.area_id,
                measure=series.measure_id,
                direction=series.direction,
                category=series.category,
            ).exclude(pk=series.pk),
            actor,
        )
        .select_related("source", "measure", "crossing", "area")
        .order_by("source__code", "cadence")
    )
    if not others or not known:
        return Others(rest=tuple(others))
    rows = visible(Observation.objects.current(), actor).filter(
        series__in=others, period_end__gte=known[0].start, period_start__lte=known[-1].end, state="reported"
    )
    ours = {(one.start, one.end) for one in known}
    said = {(row.series_id, row.period_start, row.period_end): row for row in rows}
    speaking = {number for number, start, end in said if (start, end) in ours}
    shown = tuple(other for other in others if other.pk in speaking)
    compared = [
        Compared(one.label, one.value, row)
        for one in known
        if any(row := tuple(_beside(other, said.get((other.pk, one.start, one.end)), one) for other in shown))
    ]
    return Others(shown, tuple(compared), tuple(other for other in others if other.pk not in speaking))


def _beside(other: Series, row: Observation | None, ours: Figure) -> Beside | None:
    if row is None or row.value is None:
        return None
    difference = None if ours.value is None else row.value - ours.value
    return Beside(other, row.value, row.quality, difference)


def signals(series: Series, actor: Actor, start: date, end: date) -> list[Signal]:
    """The signals about this series in these dates, latest first."""
    rows = visible(Signal.objects.filter(series=series, period_end__gte=start, period_start__lte=end), actor)
    rows = rows.select_related("crossing", "area", "measure", "series__source", "cluster")
    return list(rows.order_by("-period_end", "-pk"))


def _by_period(rows: QuerySet[Observation]) -> Iterator[tuple[tuple[date, date], Iterable[Observation]]]:
    ordered = rows.order_by("period_start", "period_end", "-revision")
    return groupby(ordered, key=lambda row: (row.period_start, row.period_end))


def _figure(revisions: list[Observation], cadence: str) -> Figure:
    latest, *earlier = revisions
    return Figure(
        start=latest.period_start,
        end=latest.period_end,
        value=latest.value,
        state=latest.state,
        quality=latest.quality,
        origin=latest.origin,
        citation=latest.citation,
        note=latest.note,
        actor=latest.actor_label,
        revision=latest.revision,
        reported_at=latest.reported_at,
        number=latest.pk,
        cadence=cadence,
        earlier=tuple(Earlier(one.revision, one.value, one.state, one.reported_at) for one in earlier),
    )
