"""Silence, sources that disagree and capacities reached: rules that need little or no history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from pasaj.core import capacity, conflict
from pasaj.core.conflict import Claim, Difference
from pasaj.core.periods import Period, between
from pasaj.registry.models import CrossingPoint, Institution, Post
from pasaj.watch.models import TOTAL, Cadence, DetectionRun, Observation, Series, Signal, Source, Threshold
from pasaj.watch.queries import reporting, status
from pasaj.watch.services.detection.findings import Finding, plain

Place = tuple[str, int]  # "crossing" or "area", and its id

LOOK_BACK = timedelta(days=35)
# From which difference two sources contradict each other: docs/methods/source-conflict.md.
LIMITS: Mapping[str, Any] = {"absolute": Decimal(5), "relative": 0.2}
CARRY = 7  # days for which places and staff count as still known
# Missed periods in a row before a silence is a signal: one forgotten day is asked for, not signalled.
PATIENCE = {"day": 2, "week": 1, "month": 1}
# Of whom nothing is expected: reports in the window that make a habit, and how many missed ones break it.
HABIT = {"day": 25, "week": 4}
HABIT_PATIENCE = {"day": 4, "week": 2}


def known(run: DetectionRun) -> Any:
    """The figures as they were known at the moment the run looks from."""
    return Observation.objects.known_at(run.as_of).filter(period_end__lte=run.to_date)


# --- Silence -----------------------------------------------------------------------------------


def silences(run: DetectionRun, ids: Sequence[int], zone: ZoneInfo) -> list[Finding]:
    """Posts that missed several reports in a row. `ids`: posts. Four queries."""
    posts = list(Post.objects.filter(pk__in=ids).select_related("crossing", "institution").order_by("pk"))
    found = _reports(run, [post.crossing_id for post in posts])
    return _silences(run, posts, found, zone, PATIENCE)


def habits(run: DetectionRun, crossings: Sequence[int], zone: ZoneInfo) -> list[Finding]:
    """The same for sources of which the pack expects nothing, but which used to report. Six queries."""
    found = _reports(run, crossings)
    expected = set(
        Post.objects.filter(crossing__in=crossings, retired_at=None).values_list("crossing", "source_code", "cadence")
    )
    places = CrossingPoint.objects.in_bulk(list(crossings))
    known_sources = Source.objects.select_related("institution").in_bulk(field_name="code")
    posts = []
    for (crossing, source, cadence), reported in sorted(found.by_key.items()):
        regular = len(reported) >= HABIT.get(cadence, len(reported) + 1)
        if (crossing, source, cadence) not in expected and regular and not places[crossing].retired_at:
            posts.append(
                Post(
                    key=f"{places[crossing].code}/{source}",
                    crossing=places[crossing],
                    institution=known_sources[source].institution or Institution(),
                    source_code=source,
                    cadence=cadence,
                )
            )
    return _silences(run, posts, found, zone, HABIT_PATIENCE)


def _reports(run: DetectionRun, crossings: Sequence[int]) -> reporting.Reports:
    return reporting.reports(known(run), run.from_date - LOOK_BACK, run.to_date, crossings)


def _silences(
    run: DetectionRun, posts: Sequence[Post], found: reporting.Reports, zone: ZoneInfo, patience: Mapping[str, int]
) -> list[Finding]:
    findings: list[Finding] = []
    if found.first is None:
        return findings
    start = run.from_date - LOOK_BACK
    earlier = _open_silences(posts, start)
    closures = status.closures(run.as_of, {post.crossing_id for post in posts})
    for post in posts:
        # The pack expects reports as long as anybody reports; a habit begins with its own first report.
        own = min(found.of(post.crossing_id, post.source_code, post.cadence), default=found.first)
        since = own if post.pk is None else found.first
        (one,) = reporting.standings([post], found, since, run.as_of, zone, {}, closures)
        missing = [period for period in one.silence.missing if period.end <= run.to_date]
        runs = [row for row in stretches(missing) if len(row) >= patience[one.post.cadence]]
        before = earlier.get(one.post.key, [])
        after = patience[one.post.cadence]
        findings += [_silence(one, row, before, start, after) for row in runs if row[-1].end >= run.from_date]
        findings += _ended(one, before, findings)
    return findings


def stretches(periods: Iterable[Period]) -> Iterator[list[Period]]:
    """Periods in order, cut wherever one between two of them is not there."""
    rows = list(periods)
    stretch = rows[:1]
    for one, other in pairwise(rows):
        if one.next() == other:
            stretch.append(other)
        else:
            yield stretch
            stretch = [other]
    if stretch:
        yield stretch


def _open_silences(posts: Sequence[Post], start: date) -> dict[str, list[Signal]]:
    rows = Signal.objects.filter(
        kind=Signal.Kind.SILENCE, crossing__in=[post.crossing_id for post in posts], period_end__gte=start
    )
    found: dict[str, list[Signal]] = defaultdict(list)
    for row in rows.order_by("period_start"):
        found[row.details["post"]].append(row)
    return found


def _silence(
    one: reporting.Standing, row: Sequence[Period], before: Sequence[Signal], start: date, after: int
) -> Finding:
    """One stretch without reports. It is the signal of an earlier run when they touch: silence grows."""
    same = [
        signal
        for signal in before
        if signal.period_start <= row[-1].end and signal.period_end >= row[0].start - timedelta(days=1)
    ]
    first = row[0].start
    # What lies before the window cannot be seen from here: the earlier run saw where it began.
    if same and first <= start + timedelta(days=1):
        first = min(first, same[0].period_start)
    key = same[0].key if same else f"silence:{one.post.key}:{one.post.cadence}:{row[0].text}"
    missed = [period.text for period in between(one.post.cadence, first, row[-1].end)]
    hours = {"usual_hour": one.hour, "grace_hours": reporting.GRACE / timedelta(hours=1)}
    last = one.silence.last
    return Finding(
        key=key,
        kind=Signal.Kind.SILENCE,
        method="silence",
        crossing_id=one.post.crossing_id,
        period_start=first,
        period_end=row[-1].end,
        observed=0.0,
        expected=float(len(missed)),
        parameters={"after": after, **hours},
        details={
            "post": one.post.key,
            "source": one.post.source_code,
            "institution": one.post.institution.code,
            "cadence": one.post.cadence,
            "missed": missed,
            "over": last is not None and last.start > row[-1].start,
        },
    )


def _ended(one: reporting.Standing, before: Sequence[Signal], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Silences of earlier runs whose reports have all come in since."""
    taken = {finding.key for finding in findings}
    missing = {period.start for period in one.silence.missing}
    for signal in before:
        gone = signal.key not in taken and not any(signal.period_start <= day <= signal.period_end for day in missing)
        if gone:
            yield Finding(
                key=signal.key,
                kind=signal.kind,
                method=signal.method,
                crossing_id=signal.crossing_id,
                period_start=signal.period_start,
                period_end=signal.period_end,
                observed=signal.expected,
                expected=signal.expected,
                parameters=signal.parameters,
                details={**signal.details, "over": True},
                still=False,
            )


# --- Sources that disagree ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Same:
    """What two sources speak of when they speak of the same figure."""

    place: str
    measure: str
    direction: str
    category: str
    period: Period

    @property
    def key(self) -> str:
        return f"conflict:{self.place}:{self.measure}:{self.direction}:{self.category}:{self.period.text}"


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of a figure, and where it says it."""

    series: Series
    value: Decimal
    quality: str
    revision: int
    origin: str

    @property
    def claim(self) -> Claim:
        return Claim(self.series.source.code, self.value, self.quality)


def conflicts(run: DetectionRun, places: Sequence[Place]) -> list[Finding]:
    """Figures on which sources contradict each other. Three queries."""
    several = {same: said for same, said in _several(run, places).items() if len(said) > 1}
    differences = conflict.conflicts({same: [one.claim for one in said] for same, said in several.items()}, **LIMITS)
    keys = set(Signal.objects.filter(kind=Signal.Kind.CONFLICT).filter(_here(places)).values_list("key", flat=True))
    findings = [_conflict(same, several[same], one) for same, one in sorted(differences.items())]
    for same in sorted(several.keys() - differences.keys()):
        if same.key in keys:
            agreed = conflict.compare([one.claim for one in several[same]], **LIMITS)
            assert agreed is not None
            findings.append(_conflict(same, several[same], agreed))
    return findings


def _several(run: DetectionRun, places: Sequence[Place]) -> Mapping[Same, list[Said]]:
    """What is said of each figure of which more than one source speaks at all."""
    # Where each source counts its own (the staff of its service), two of them cannot contradict each other.
    chosen = Series.objects.filter(_here(places), _has_others(), measure__per_source=False)
    if run.measure:
        chosen = chosen.filter(measure__code=run.measure)
    series = {one.pk: one for one in chosen.select_related("measure", "source", "crossing", "area")}
    rows = known(run).filter(
        series__in=series, period_end__gte=run.from_date, state=Observation.State.REPORTED, value__isnull=False
    )
    found: dict[Same, list[Said]] = defaultdict(list)
    for number, start, end, value, quality, revision, origin in rows.values_list(
        "series", "period_start", "period_end", "value", "quality", "revision", "origin"
    ):
        one = series[number]
        period = Period(start, end, one.cadence)
        same = Same(one.place.code, one.measure.code, one.direction, one.category, period)
        found[same].append(Said(one, value, quality, revision, origin))
    return found


def _has_others() -> Exists:
    """Whether another source speaks of the same: most series have none, and are not read at all."""
    same = {name: OuterRef(name) for name in ("measure", "direction", "category", "cadence")}
    here = Q(crossing=OuterRef("crossing")) | Q(area=OuterRef("area"))
    return Exists(Series.objects.filter(here, **same).exclude(source=OuterRef("source")))


def _conflict(same: Same, said: Sequence[Said], one: Difference) -> Finding:
    by_source = {each.series.source.code: each for each in said}
    series = by_source[one.high.source].series
    return Finding(
        key=same.key,
        kind=Signal.Kind.CONFLICT,
        method="conflict",
        crossing_id=series.crossing_id,
        area_id=series.area_id,
        measure_id=series.measure_id,
        period_start=same.period.start,
        period_end=same.period.end,
        observed=float(one.high.value),
        lower=float(one.low.value),
        upper=float(one.high.value),
        protection=series.measure.protection,
        parameters={name: plain(float(value)) for name, value in LIMITS.items()},
        details={
            "cadence": same.period.type,
            "direction": same.direction,
            "category": same.category,
            "difference": plain(float(one.absolute)),
            "share": one.relative,
            "figures": [_figure(by_source[claim.source]) for claim in one.claims],
        },
        still=one.alarm,
    )


def _figure(one: Said) -> dict[str, Any]:
    return {
        "source": one.series.source.code,
        "name": one.series.source.name,
        "series": one.series.code,
        "value": plain(float(one.value)),
        "quality": one.quality,
        "revision": one.revision,
        "origin": one.origin,
    }


# --- Capacities --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure of a day."""

    value: Decimal
    quality: str
    origin: str
    revision: int


Figures = Mapping[tuple[Place, int, str, str], Mapping[date, Counted]]  # by place, measure, category, source
Against = tuple[str, Mapping[date, Decimal]]  # a source and its values of the other measure


def capacities(run: DetectionRun, places: Sequence[Place]) -> list[Finding]:
    """Places and days on which a rule of the pack is reached. Three queries."""
    rules = list(Threshold.objects.filter(retired_at=None).select_related("measure", "versus").order_by("code"))
    if run.measure:
        rules = [rule for rule in rules if rule.measure.code == run.measure]
    table = _table(run, rules, places)
    keys = set(Signal.objects.filter(kind=Signal.Kind.CAPACITY).filter(_here(places)).values_list("key", flat=True))
    findings: list[Finding] = []
    totals: dict[tuple[Place, int], list[Against]] = defaultdict(list)
    for (place, measure, category, source), values in table.items():
        if category == TOTAL:
            totals[place, measure].append((source, {day: one.value for day, one in values.items()}))
    for rule in rules:
        for (place, measure, category, source), values in sorted(table.items(), key=lambda item: item[0]):
            if measure == rule.measure_id and category == rule.category:
                others = _comparable(rule, source, totals[place, rule.versus_id]) if rule.versus_id else []
                findings += _reached(run, rule, (place, source), values, others, keys)
    return findings


def _comparable(rule: Threshold, source: str, others: Sequence[Against]) -> Sequence[Against]:
    """What a source's figure may be compared with: its own only, where each source counts its own."""
    assert rule.versus is not None
    return [one for one in others if one[0] == source] if rule.versus.per_source else others


def _here(places: Sequence[Place], path: str = "") -> Q:
    """Rows at these places, by the foreign keys behind `path`."""
    here = Q(**{f"{path}crossing__in": [number for kind, number in places if kind == "crossing"]})
    return here | Q(**{f"{path}area__in": [number for kind, number in places if kind == "area"]})


def _table(run: DetectionRun, rules: Sequence[Threshold], places: Sequence[Place]) -> Figures:
    measures = {rule.measure_id for rule in rules} | {rule.versus_id for rule in rules if rule.versus_id}
    rows = known(run).filter(
        _here(places, "series__"),
        series__measure__in=measures,
        series__cadence=Cadence.DAY,
        state=Observation.State.REPORTED,
        period_start__gte=run.from_date - timedelta(days=CARRY),
    )
    table: dict[tuple[Place, int, str, str], dict[date, Counted]] = defaultdict(dict)
    for crossing, area, measure, category, source, day, *figure in rows.order_by().values_list(
        "series__crossing", "series__area", "series__measure", "series__category", "series__source__code",
        "period_start", "value", "quality", "origin", "revision",
    ):  # fmt: skip
        place = ("crossing", crossing) if crossing else ("area", area)
        table[place, measure, category, source][day] = Counted(*figure)
    return table


def _reached(
    run: DetectionRun,
    rule: Threshold,
    where: tuple[Place, str],
    values: Mapping[date, Counted],
    others: Sequence[Against],
    keys: set[str],
) -> Iterator[Finding]:
    core = capacity.Rule(rule.code, rule.op, rule.factor, None if rule.versus_id else rule.value)
    (kind, number), source = where
    for day, counted in sorted(values.items(), key=lambda item: item[0]):
        if not run.from_date <= day <= run.to_date:
            continue
        against = _against(source, day, others)
        answer = capacity.judge(core, counted.value, against[1] if against else None)
        key = f"capacity:{rule.code}:{kind}:{number}:{source}:{day.isoformat()}"
        if answer.limit is None or not (answer.alarm or key in keys):
            continue
        up = rule.op == "ge"
        yield Finding(
            key=key,
            kind=Signal.Kind.CAPACITY,
            method="capacity",
            crossing_id=number if kind == "crossing" else None,
            area_id=number if kind == "area" else None,
            measure_id=rule.measure_id,
            direction="up" if up else "down",
            period_start=day,
            period_end=day,
            observed=float(counted.value),
            lower=None if up else float(answer.limit),
            upper=float(answer.limit) if up else None,
            protection=rule.protection,
            parameters={"rule": rule.code, "op": rule.op, "factor": float(rule.factor), "carry": CARRY},
            details={
                "cadence": "day",
                "source": source,
                "names": rule.names,
                "versus": rule.versus.code if rule.versus else "",
                "versus_day": against[0].isoformat() if against else "",
                "versus_value": plain(float(against[1])) if against else None,
                "figure": {"quality": counted.quality, "origin": counted.origin, "revision": counted.revision},
            },
            still=answer.alarm,
        )


def _against(source: str, day: date, others: Sequence[Against]) -> tuple[date, Decimal] | None:
    """The other measure of the same place: of the same source, else the latest any source gives."""
    found = []
    for other, values in others:
        last = capacity.latest(values, day, carry=CARRY)
        if last:
            found.append((other == source, *last))
    return max(found)[1:] if found else None
