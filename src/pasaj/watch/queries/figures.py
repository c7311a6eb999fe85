"""What stands, what stood before and what is usual: figures for the entry page, and of any one figure its history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.core.periods import Period, between
from pasaj.core.usual import Usual
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Post, localised
from pasaj.watch.models import TOTAL, Cadence, Measure, Observation, Series, Source, Threshold
from pasaj.watch.queries import ranges
from pasaj.watch.rules import own_institutions

HABIT_DAYS = 28  # without posts, a series that reported on half of these days before is expected to go on
# Roles of our own people: posts, their telephones and hours are nobody else's business.
PERIODIC = (Cadence.DAY, Cadence.WEEK, Cadence.MONTH)
SAME = ("series__crossing", "series__area", "series__direction", "period_start", "period_end")


# --- What is usual -----------------------------------------------------------------------------


def usual_before(series: Sequence[Series], period: Period) -> dict[int, Usual]:
    """What is usual in a period for each series, from the periods before it. One query; by series id.

    Left out where too little was reported, and for years and spans.
    """
    if period.type not in PERIODIC or not series:
        return {}
    home = registry.home()
    detect: Mapping[str, Any] = home.detect if home else {}
    reach = 2 * int(ranges.CONTROLS["baseline"])
    first = period
    for _ in range(reach):
        first = first.previous()
    rows = Observation.objects.current().filter(
        series__in=[one.pk for one in series],
        period_start__gte=first.start,
        period_end__lt=period.start,
        value__isnull=False,
    )
    said: dict[int, dict[date, float]] = {}
    for number, start, value in rows.values_list("series_id", "period_start", "value"):
        said.setdefault(number, {})[start] = float(value or 0)
    periods = [one.start for one in between(period.type, first.start, period.start)]
    found = {}
    for number, known in said.items():
        usual = ranges.usual([known.get(start) for start in periods], detect)[-1]
        if usual is not None:
            found[number] = usual
    return found


# --- The entry page ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One figure to be given: what stands, what yesterday was, and what is usual."""

    measure: Measure
    category: str
    series: Series | None
    standing: Observation | None
    yesterday: Observation | None
    usual: Usual | None
    zero_means_nothing: bool  # "nothing to report" says zero here: it counts what happens, not what is there

    @property
    def key(self) -> str:
        return f"{self.measure.code}.{self.category}"

    @property
    def revision(self) -> int:
        return self.standing.revision if self.standing else 0

    @property
    def label(self) -> str:
        return str(self.measure) if self.category == TOTAL else self.measure.category_name(self.category)


def reportable(actor: Actor) -> QuerySet[CrossingPoint]:
    """The crossings the actor may report for."""
    return visible(CrossingPoint.objects.filter(retired_at=None), actor, "report").order_by("name")


def sources_at(actor: Actor, crossing: CrossingPoint) -> list[Source]:
    """The sources in whose name the actor may report there, those of the crossing's posts first.

    A chief reports for his own institution; a duty officer, who takes counts by telephone, for any post.
    """
    return sources_of(actor, [crossing])[crossing.pk]


def sources_of(actor: Actor, crossings: Collection[CrossingPoint]) -> dict[int, list[Source]]:
    """The same for several crossings, by id. Two queries."""
    posts = Post.objects.filter(crossing__in=[one.pk for one in crossings], retired_at=None)
    every = actor.has("duty")
    if not every:
        posts = posts.filter(institution__in=own_institutions(actor, "chief"))
    at_posts: dict[int, set[str]] = {one.pk: set() for one in crossings}
    for crossing, source in posts.values_list("crossing", "source_code"):
        at_posts[crossing].add(source)
    mine = own_institutions(actor, "duty", "chief")
    known = list(Source.objects.filter(retired_at=None, kind="operational").order_by("code"))
    own = {one.code for one in known if one.institution_id in mine}
    found = {}
    for number, codes in at_posts.items():
        rows = [one for one in known if one.code in codes | own]
        if not rows and every:
            rows = known
        found[number] = sorted(rows, key=lambda one: (one.code not in codes, one.code))
    return found


def sheet(crossing: CrossingPoint, source: Source, day: date) -> list[Field]:
    """The figures a source gives for a crossing on a day, in the pack's order. A constant number of queries."""
    return sheets(crossing, source, [day])[day]


def sheets(crossing: CrossingPoint, source: Source, days: Sequence[date]) -> dict[date, list[Field]]:
    """The same for several days that follow each other; one query more for each."""
    post = Post.objects.filter(crossing=crossing, source_code=source.code, retired_at=None).first()
    measures = Measure.objects.filter(cadence=Cadence.DAY, retired_at=None)
    if post is not None and post.measures:
        measures = measures.filter(code__in=post.measures)
    known = {
        (one.measure_id, one.direction, one.category): one
        for one in Series.objects.filter(crossing=crossing, source=source, cadence=Cadence.DAY)
    }
    standing = standing_figures(known.values(), days[0] - timedelta(days=1), days[-1])
    levels = levels_of()
    asked = [
        (measure, category)
        for measure in measures.order_by("order", "code")
        for category in (TOTAL, *(one["code"] for one in measure.categories))
    ]
    found = {}
    for day in days:
        usual = usual_before(list(known.values()), Period(day, day))
        found[day] = [_field(day, *one, known, standing, usual, levels) for one in asked]
    return found


def _field(
    day: date,
    measure: Measure,
    category: str,
    known: Mapping[tuple[int, str, str], Series],
    standing: Mapping[tuple[int, date], Observation],
    usual: Mapping[int, Usual],
    levels: Collection[int],
) -> Field:
    series = known.get((measure.pk, measure.direction, category))
    number = series.pk if series else 0
    return Field(
        measure=measure,
        category=category,
        series=series,
        standing=standing.get((number, day)),
        yesterday=standing.get((number, day - timedelta(days=1))),
        usual=usual.get(number),
        zero_means_nothing=category == TOTAL and measure.pk not in levels and measure.kind == "count",
    )


def standing_figures(series: Iterable[Series], first: date, last: date) -> dict[tuple[int, date], Observation]:
    """The latest revision of each day's figure, by series id and day."""
    rows = Observation.objects.current().filter(
        series__in=[one.pk for one in series], period_start__gte=first, period_end__lte=last
    )
    return {(one.series_id, one.period_start): one for one in rows}


def levels_of() -> set[int]:
    """Measures that say how much is there (places, staff): zero of them is news, not "nothing to report"."""
    compared = Threshold.objects.filter(versus__isnull=False, retired_at=None)
    pairs = compared.values_list("measure_id", "versus_id")
    quiet = Measure.objects.filter(direction="none").exclude(alert_on__in=("up", "both"))
    return {number for pair in pairs for number in pair} | set(quiet.values_list("pk", flat=True))


# --- Who reported ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayState:
    """How much of what was expected from a crossing on a day has been reported."""

    day: date
    expected: int
    reported: int
    zero: bool  # something was reported, and all of it is zero

    @property
    def state(self) -> str:
        """reported, zero, partial, silent or not-expected."""
        if not self.expected:
            return "reported" if self.reported else "not-expected"
        if not self.reported:
            return "silent"
        if self.reported < self.expected:
            return "partial"
        return "zero" if self.zero else "reported"


def completeness(
    crossings: Sequence[CrossingPoint], first: date, last: date, actor: Actor
) -> dict[int, list[DayState]]:
    """For each crossing (by id) and day: how many of the expected daily figures stand. Three queries.

    Expected is what the pack's posts say; at a crossing without posts, what was reported on at least
    half of the four weeks before. Counted are totals, not their parts.
    """
    numbers = [one.pk for one in crossings]
    expected = _expected(numbers, first)
    rows = (
        visible(Observation.objects.current(), actor)
        .filter(
            series__crossing__in=numbers,
            series__cadence=Cadence.DAY,
            series__category=TOTAL,
            period_start__gte=first,
            period_end__lte=last,
        )
        .exclude(state=Observation.State.WITHDRAWN)
        .values_list("series__crossing", "series__source__code", "series__measure__code", "period_start", "value")
    )
    said: dict[tuple[int, date], dict[tuple[str, str], Decimal | None]] = {}
    for crossing, source, measure, day, value in rows:
        said.setdefault((crossing, day), {})[source, measure] = value
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return {number: [_day(day, expected[number], said.get((number, day), {})) for day in days] for number in numbers}


def _day(day: date, expected: set[tuple[str, str]], said: Mapping[tuple[str, str], Decimal | None]) -> DayState:
    counted = [said[one] for one in expected if one in said] if expected else list(said.values())
    return DayState(
        day=day,
        expected=len(expected),
        reported=len(counted),
        zero=bool(counted) and all(value == 0 for value in counted if value is not None),
    )


def _expected(crossings: Sequence[int], before: date) -> dict[int, set[tuple[str, str]]]:
    """Source and measure codes expected daily from each crossing."""
    found: dict[int, set[tuple[str, str]]] = {number: set() for number in crossings}
    posts = Post.objects.filter(crossing__in=crossings, cadence=Cadence.DAY, retired_at=None)
    for crossing, source, measures in posts.values_list("crossing", "source_code", "measures"):
        found[crossing].update((source, measure) for measure in measures)
    without = [number for number in crossings if not found[number]]
    habits = (
        Observation.objects.visible()
        .filter(
            series__crossing__in=without,
            series__cadence=Cadence.DAY,
            series__category=TOTAL,
            period_start__gte=before - timedelta(days=HABIT_DAYS),
            period_start__lt=before,
        )
        .values_list("series__crossing", "series__source__code", "series__measure__code")
        .annotate(days=Count("period_start", distinct=True))
    )
    for crossing, source, measure, days in habits:
        if days >= HABIT_DAYS / 2:
            found[crossing].add((source, measure))
    return found


# --- One figure, asked everything --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with everything that can be asked of it."""

    asked: Observation  # the revision that was asked for, or known at the asked moment
    latest: Observation
    revisions: tuple[Observation, ...]  # newest first
    beside: tuple[Observation, ...] = field(default=())  # the same figure from other sources, latest revisions

    @property
    def series(self) -> Series:
        return self.latest.series

    @property
    def is_latest(self) -> bool:
        return self.asked.pk == self.latest.pk

    @property
    def simulated(self) -> bool:
        return self.asked.origin == "demo"

    @property
    def category(self) -> str:
        """The part it counts; empty for the total."""
        return "" if self.series.category == TOTAL else self.series.measure.category_name(self.series.category)


RELATED = (
    "series__crossing__area", "series__area", "series__measure", "series__source__institution", "batch",
)  # fmt: skip


def figure(actor: Actor, observation_id: int, as_of: datetime | None = None) -> Figure | None:
    """A figure by any of its revisions; with `as_of`, as it was known then. None when the actor may not see it."""
    rows = visible(Observation.objects.visible(), actor).select_related(*RELATED)
    asked = rows.filter(pk=observation_id).first()
    if asked is None:
        return None
    revisions = tuple(
        rows.filter(series=asked.series_id, period_start=asked.period_start, period_end=asked.period_end).order_by(
            "-revision"
        )
    )
    if as_of is not None:
        known = [one for one in revisions if one.reported_at <= as_of]
        if not known:
            return None
        asked = known[0]
    return Figure(asked, revisions[0], revisions, _beside(actor, asked))


def figure_of(actor: Actor, series_code: str, start: date, as_of: datetime | None = None) -> Figure | None:
    """The figure of a series whose period begins on `start`."""
    rows = visible(Observation.objects.current(), actor).filter(series__code=series_code, period_start=start)
    found = rows.order_by("period_end").values_list("pk", flat=True).first()
    return None if found is None else figure(actor, found, as_of)


def _beside(actor: Actor, asked: Observation) -> tuple[Observation, ...]:
    series = asked.series
    rows = (
        visible(Observation.objects.current(), actor)
        .filter(
            series__crossing=series.crossing_id,
            series__area=series.area_id,
            series__measure=series.measure_id,
            series__direction=series.direction,
            series__category=series.category,
            period_start=asked.period_start,
            period_end=asked.period_end,
        )
        .exclude(series=series.pk)
        .exclude(state=Observation.State.WITHDRAWN)
    )
    return tuple(rows.select_related(*RELATED).order_by("series__source__code"))


# --- Sources and measures ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Covered:
    """What a source reports of a measure, and for which dates."""

    series: Series
    first: date
    last: date
    figures: int
    simulated: bool

    @property
    def category(self) -> str:
        """The part it counts; empty for the total."""
        series = self.series
        return "" if series.category == TOTAL else series.measure.category_name(series.category)


def definition(measure: Measure) -> str:
    """What exactly a measure counts, in the reader's language; empty when the pack does not say."""
    return localised(measure.definitions) if measure.definitions else ""


def sources(actor: Actor) -> list[Source]:
    """Every source the actor may see, with its institution."""
    rows = visible(Source.objects.select_related("institution"), actor)
    return list(rows.order_by("kind", "name"))


def covered(actor: Actor, *, source: Source | None = None, measure: Measure | None = None) -> list[Covered]:
    """The series of a source or a measure with the dates they cover and how many figures stand. Two queries."""
    rows = visible(Series.objects.select_related("crossing", "area", "measure", "source"), actor)
    rows = rows.filter(**({"source": source} if source else {}), **({"measure": measure} if measure else {}))
    series = {one.pk: one for one in rows.order_by("measure__order", "code")}
    spans = {
        number: (first, last, count, simulated > 0)
        for number, first, last, count, simulated in visible(Observation.objects.visible(), actor)
        .filter(series__in=series)
        .values_list("series")
        .annotate(first=Min("period_start"), last=Max("period_end"), count=Count("period_start", distinct=True))
        .annotate(simulated=Count("pk", filter=Q(origin="demo")))
        .values_list("series", "first", "last", "count", "simulated")
    }
    return [Covered(one, *spans[number]) for number, one in series.items() if number in spans]


def contradictions(actor: Actor, measure: Measure, most: int = 20) -> list[list[Observation]]:
    """Figures of one place and period on which sources differ, latest period first; at most `most` groups."""
    rows = (
        visible(Observation.objects.current(), actor)
        .filter(series__measure=measure, series__category=TOTAL, state=Observation.State.REPORTED)
        .select_related(*RELATED)
    )
    groups: dict[tuple[int | None, int | None, str, date, date], list[Observation]] = {}
    shared = (
        rows.values("series__crossing", "series__area", "series__direction", "period_start", "period_end")
        .annotate(values=Count("value", distinct=True), sources=Count("series__source", distinct=True))
        .filter(values__gt=1, sources__gt=1)
        .order_by("-period_end")[:most]
    )
    wanted = Q(pk__in=())
    for one in shared:
        wanted |= Q(**{name: value for name, value in one.items() if name in SAME})
    for row in rows.filter(wanted).order_by("-period_end", "series__code"):
        place = (row.series.crossing_id, row.series.area_id, row.series.direction)
        groups.setdefault((*place, row.period_start, row.period_end), []).append(row)
    return list(groups.values())
