"""Reporting a figure, correcting it, taking it back. Nothing is overwritten: each is a new revision.

`now` is the business clock throughout; `recorded_at` alone is real time. `expected_revision` is what
the person saw when typing (0: nothing yet); None means that it does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import numbers
from pasaj.core.importing.mapping import QUALITIES
from pasaj.core.periods import Period
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.usual import far_outside
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint
from pasaj.watch.models import TOTAL, Direction, Measure, Observation, Series, Source
from pasaj.watch.queries import figures
from pasaj.watch.services import citing
from pasaj.watch.services.screening import naming

State = Observation.State
SIMULATED = "simulated"  # the quality of what the demonstration says, and of nothing else


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """A series by codes. `place_code` is a crossing's or an area's; an empty direction is the measure's own."""

    place_code: str
    measure: str
    direction: str = ""
    category: str = TOTAL
    source: str = ""
    cadence: str = "day"


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure as somebody gives it. `value` is None unless `state` is reported."""

    key: SeriesKey
    period: Period
    value: Decimal | None = None
    state: str = State.REPORTED
    quality: str = "exact"
    note: str = ""
    citation: str = ""
    expected_revision: int | None = None
    confirmed: bool = False  # the person has said that a value far from the usual is right
    field: str = ""  # where it was typed: the column of its problems


@dataclass(frozen=True, slots=True)
class Provenance:
    """Through what a figure came, where in it it stood, and when we learnt it (None: now)."""

    origin: str = "entry"
    ref: str = ""
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of an entry. `changed` is False when the very same figure stood there already."""

    entry: Entry
    observation: Observation
    changed: bool


def series_code(place: str, measure: str, direction: str, category: str, source: str, cadence: str) -> str:
    """The human code of a series: XX-BCP-01.returns.in.total.REG.day."""
    return f"{place}.{measure}.{direction}.{category}.{source}.{cadence}"


def series_for(key: SeriesKey) -> Series:
    """The series of a key, made if there is none yet. Raises Refused: OBS-006, 008, 009, 010, 011."""
    return _made(_series_of(key))


def _made(series: Series) -> Series:
    """The row of a series that may be new."""
    if series.pk:
        return series
    fields = ("crossing", "area", "measure", "direction", "category", "source", "cadence")
    defaults = {field: getattr(series, field) for field in fields}
    return Series.objects.get_or_create(code=series.code, defaults=defaults)[0]


def _series_of(key: SeriesKey) -> Series:
    """The series of a key, not stored yet where there is none. Raises Refused as `series_for` does."""
    measure = Measure.objects.filter(code=key.measure).first()
    if measure is None:
        raise Refused(problem("OBS-008", value=key.measure, allowed=_codes(Measure)))
    source = Source.objects.filter(code=key.source).first()
    if source is None:
        raise Refused(problem("OBS-011", value=key.source, allowed=_codes(Source)))
    direction = key.direction or measure.direction
    if direction not in Direction.values:
        raise Refused(problem("OBS-010", value=direction, allowed=", ".join(Direction.values)))
    categories = [TOTAL, *(one["code"] for one in measure.categories)]
    if key.category not in categories:
        allowed = ", ".join(categories)
        raise Refused(problem("OBS-009", value=key.category, measure=str(measure), allowed=allowed))
    crossing = CrossingPoint.objects.filter(code=key.place_code).first()
    area = None if crossing else Area.objects.filter(code=key.place_code).first()
    if crossing is None and area is None:
        raise Refused(problem("OBS-006", value=key.place_code))
    code = series_code(key.place_code, measure.code, direction, key.category, source.code, key.cadence)
    return Series.objects.filter(code=code).first() or Series(
        code=code,
        crossing=crossing,
        area=area,
        measure=measure,
        direction=direction,
        category=key.category,
        source=source,
        cadence=key.cadence,
    )


def report(
    *,
    series_key: SeriesKey,
    period: Period,
    value: Decimal | None,
    state: str = State.REPORTED,
    quality: str = "exact",
    note: str = "",
    citation: str = "",
    origin: str = "entry",
    expected_revision: int | None = None,
    reported_at: datetime | None = None,
    actor: Actor,
    now: datetime,
    confirmed: bool = False,
) -> Observation:
    """Store one figure: the first report of its period, or a correction as the next revision.

    Returns the standing observation unchanged when it says the very same. Raises Refused with the
    problems `report_all` lists.
    """
    entry = Entry(series_key, period, value, state, quality, note, citation, expected_revision, confirmed)
    stored = report_all(entries=[entry], origin=origin, reported_at=reported_at, actor=actor, now=now)
    return stored[0].observation


def withdraw(
    *, observation: Observation, note: str, expected_revision: int | None, actor: Actor, now: datetime
) -> Observation:
    """Take a figure back: from now on it counts as not reported. Raises Refused: OBS-013."""
    entry = Entry(
        _key_of(observation.series),
        period_of(observation),
        state=State.WITHDRAWN,
        quality=_quality(observation),
        note=note,
        expected_revision=expected_revision,
    )
    return report_all(entries=[entry], actor=actor, now=now)[0].observation


def correct(
    *,
    observation: Observation,
    value: Decimal | None,
    state: str = State.REPORTED,
    quality: str = "",
    note: str = "",
    expected_revision: int | None,
    confirmed: bool = False,
    actor: Actor,
    now: datetime,
) -> Observation:
    """The next revision of a figure. Raises Refused as `report_all` does."""
    entry = Entry(
        _key_of(observation.series),
        period_of(observation),
        value,
        state,
        quality or _quality(observation),
        note,
        observation.citation,
        expected_revision,
        confirmed,
    )
    return report_all(entries=[entry], actor=actor, now=now)[0].observation


def report_all(
    *,
    entries: Sequence[Entry],
    origin: str = "entry",
    ref: str = "",
    reported_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> list[Stored]:
    """Store several figures together, all or none, each with its audit entry.

    Raises Refused with every problem found, its `column` the entry's `field`: OBS-002 (period not begun),
    003, 004, 012, 021 (not a value), 013 (changed meanwhile), 014 (far from usual, not confirmed),
    019 (quality), SCREEN-001 (a note that may name a person), and those of `series_for`.
    """
    problems = _naming(origin, entries)
    with transaction.atomic():
        ready: list[tuple[Entry, Series, Decimal | None]] = []
        for entry in entries:
            try:
                ready.append((entry, _series_of(entry.key), _value(entry, origin, now)))
            except Refused as refused:
                problems += [one.at("", None, entry.field) for one in refused.problems]
        stored: list[Stored] = []
        problems += _unusual(ready)
        if not problems:
            # In the order in which imports write, so that two who meet over the same series and figures never both
            # wait: first the series that are new, then the figures.
            ready.sort(key=lambda one: (one[1].code, one[0].period.start))
            known = {code: _made(series) for code, series in {one.code: one for _, one, _ in ready}.items()}
            for entry, fresh, value in ready:
                series = known[fresh.code]
                try:
                    stored.append(_store(entry, series, value, Provenance(origin, ref, reported_at), actor, now))
                except Refused as refused:
                    problems += [one.at("", None, entry.field) for one in refused.problems]
        if problems:
            raise Refused(*problems)
        citing.counted({one.observation.series.code for one in stored if one.changed}, actor, now)
        for one in stored:
            if one.changed:
                _record(one.observation, actor, now)
    return sorted(stored, key=lambda one: entries.index(one.entry))


def _naming(origin: str, entries: Sequence[Entry]) -> list[Problem]:
    """SCREEN-001, once for each note that seems to name a person."""
    return [one for note in dict.fromkeys(entry.note for entry in entries) for one in naming(origin, note=note)]


def examine(*, entries: Sequence[Entry], actor: Actor, now: datetime) -> tuple[Problem, ...]:
    """What `report_all` would refuse. Stores nothing."""
    found: tuple[Problem, ...] = ()
    with transaction.atomic():
        try:
            report_all(entries=entries, actor=actor, now=now)
        except Refused as refused:
            found = refused.problems
        transaction.set_rollback(True)
    return found


def period_of(observation: Observation) -> Period:
    """The period an observation speaks of, with the type its series gives it."""
    return Period(observation.period_start, observation.period_end, observation.series.cadence)


def _quality(observation: Observation) -> str:
    """The quality that a person's revision takes over: what somebody says about a simulated figure is not simulated."""
    return observation.quality if observation.quality in QUALITIES else "exact"


def _key_of(series: Series) -> SeriesKey:
    return SeriesKey(
        series.place.code, series.measure.code, series.direction, series.category, series.source.code, series.cadence
    )


def _codes(model: type[Measure] | type[Source]) -> str:
    codes: Iterable[str] = model._default_manager.order_by("code").values_list("code", flat=True)[:30]
    return ", ".join(codes)


def _value(entry: Entry, origin: str, now: datetime) -> Decimal | None:
    """The checked value of an entry, or Refused."""
    if entry.quality not in QUALITIES and (origin, entry.quality) != ("demo", SIMULATED):
        raise Refused(problem("OBS-019", value=entry.quality, allowed=", ".join(QUALITIES)))
    today = local_date(now)
    if entry.period.start > today:
        raise Refused(problem("OBS-002", period=entry.period.text, today=today.isoformat()))
    if entry.state != State.REPORTED:
        return None
    if entry.value is None:
        raise Refused(problem("OBS-016", value="", example="1250"))
    whole = Measure.objects.filter(code=entry.key.measure, kind="count").exists()
    return numbers.check(entry.value, whole=whole)


def local_date(now: datetime) -> date:
    """The calendar day of `now` where the home is."""
    home = registry.home()
    return now.astimezone(home.zone).date() if home else now.date()


def _unusual(ready: Sequence[tuple[Entry, Series, Decimal | None]]) -> list[Problem]:
    """OBS-014 for each value far from what is usual in its series, unless confirmed."""
    asked = [(entry, series, value) for entry, series, value in ready if value is not None and not entry.confirmed]
    found = []
    for period in {entry.period for entry, _, _ in asked}:
        here = [one for one in asked if one[0].period == period]
        usual = figures.usual_before([series for _, series, _ in here if series.pk], period)
        for entry, series, value in here:
            known = usual.get(series.pk or 0)
            if known is not None and value is not None and far_outside(float(value), known):
                found.append(
                    problem("OBS-014", column=entry.field, value=value, low=round(known.lower), high=round(known.upper))
                )
    return found


def _store(
    entry: Entry,
    series: Series,
    value: Decimal | None,
    provenance: Provenance,
    actor: Actor,
    now: datetime,
) -> Stored:
    period = {"series": series, "period_start": entry.period.start, "period_end": entry.period.end}
    # Rows of an import that is still hidden hold revisions too: the new one goes above them. Asked before the
    # standing figure: whoever writes between the two questions is seen by the second, later ones by the constraint.
    last = Observation.objects.filter(**period).aggregate(last=Max("revision"))["last"] or 0
    standing = Observation.objects.visible().filter(**period).order_by("-revision").first()
    if standing is not None and _same(standing, entry, value):
        return Stored(entry, standing, changed=False)
    seen = entry.expected_revision
    if seen is not None and seen != (standing.revision if standing else 0):
        raise Refused(_changed_meanwhile(standing))
    try:
        with transaction.atomic():
            made = Observation.objects.create(
                **period,
                revision=last + 1,
                state=entry.state,
                value=value,
                quality=entry.quality,
                citation=entry.citation,
                note=entry.note,
                origin=provenance.origin,
                ref=provenance.ref,
                reported_at=provenance.reported_at or now,
                recorded_at=timezone.now(),
                actor_id=actor.id,
                actor_label=actor.label,
            )
    except IntegrityError as error:
        latest = Observation.objects.visible().filter(**period).order_by("-revision").first()
        raise Refused(_changed_meanwhile(latest)) from error
    return Stored(entry, made, changed=True)


def _same(standing: Observation, entry: Entry, value: Decimal | None) -> bool:
    """Whether a standing figure says what the entry says. A note alone is worth a revision only if it is new."""
    return (
        (standing.state, standing.value, standing.quality) == (entry.state, value, entry.quality)
        and entry.note in ("", standing.note)
        and entry.citation in ("", standing.citation)
    )


def _changed_meanwhile(latest: Observation | None) -> Problem:
    current = "–" if latest is None or latest.value is None else f"{latest.value.normalize():f}"
    return problem("OBS-013", current=current)


def _record(made: Observation, actor: Actor, now: datetime) -> None:
    verb = {State.WITHDRAWN: "withdrawn"}.get(State(made.state), "reported" if made.revision == 1 else "corrected")
    audit.record(
        actor=actor,
        action=f"observation.{verb}",
        code=made.series.code,
        now=now,
        detail={
            "period": period_of(made).text,
            "revision": made.revision,
            "state": made.state,
            "value": made.value,
            "quality": made.quality,
        },
    )
