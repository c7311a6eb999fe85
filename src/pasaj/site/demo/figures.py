"""The simulated year: every figure of a script, drawn so that the months add up to what was published."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pasaj.core import simulate
from pasaj.core.pack import days as calendar
from pasaj.core.periods import between, containing
from pasaj.core.problems import Refused, problem
from pasaj.site.demo.script import Counted, Happening, Key, Script, Second, Steady
from pasaj.site.demo.section import FILE, TOTAL

if TYPE_CHECKING:
    from numpy.random import Generator

SeriesName = tuple[str, str, str, str]
"""Place, measure, category and source."""
Table = dict[SeriesName, simulate.Daily]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A holiday of everybody (no place) or a market day of one place; `rule` as the pack writes it."""

    kind: str
    place: str
    rule: str


@dataclass(frozen=True, slots=True)
class World:
    """What the simulation must know of the home."""

    totals: Mapping[date, int]  # published, by first day of the month; the simulated year
    zone: ZoneInfo
    special: Sequence[SpecialDay]

    @property
    def first(self) -> date:
        return min(self.totals)

    @property
    def last(self) -> date:
        return containing("month", max(self.totals)).end


@dataclass(frozen=True, slots=True)
class Figure:
    place: str
    measure: str
    category: str
    source: str
    day: date
    value: int
    revision: int
    reported_at: datetime


def year(published: Mapping[date, int], months: int) -> dict[date, int]:
    """The last run of `months` months that follow one another. Raises Refused CLI-024 when there is none."""
    found: list[date] = []
    for month in sorted(published, reverse=True):
        follows = found and (month.replace(day=28) + timedelta(days=4)).replace(day=1) == found[-1]
        found = [*found, month] if follows else [month]
        if len(found) == months:
            return {one: published[one] for one in reversed(found)}
    raise Refused(problem("CLI-024", detail=f"[year] {months} published months in a row are needed", file=FILE))


def simulated(script: Script, world: World) -> Iterator[Figure]:
    """Every figure with the moment it was reported; what was not yet reported at `clock` is left out."""
    table = _table(script, world)
    for silence in script.silences:
        days = simulate.Event("", _ago(world, silence.first), _ago(world, silence.last), 0.0)
        for key in _concerned(table, silence):
            table[key] = simulate.unreported(table[key], [days])
    for key in sorted(table):
        yield from _reports(key, table[key], script, world)


def clock(script: Script, world: World) -> datetime:
    """The business clock of the demonstration: the morning after the last day."""
    return datetime.combine(world.last + timedelta(days=1), time(script.year.hour), tzinfo=world.zone)


def _table(script: Script, world: World) -> Table:
    table: Table = {}
    for counted in script.counted:
        _count(table, counted, script, world)
    _add_totals(table)
    for steady in script.steady:
        _keep(table, steady, script, world)
    for second in script.seconds:
        _recount(table, second, script, world)
    _add_totals(table)
    return table


def _add_totals(table: Table) -> None:
    """Where only categories were drawn, their sum is the total."""
    for place, measure, _category, source in list(table):
        whole = (place, measure, TOTAL, source)
        if whole not in table:
            parts = [values for key, values in table.items() if (key[0], key[1], key[3]) == (place, measure, source)]
            table[whole] = {day: sum(one.get(day, 0) for one in parts) for day in parts[0]}


def _generator(script: Script, *names: str) -> Generator:
    """One stream a section: adding a section leaves the figures of the others as they are."""
    import numpy as np  # noqa: PLC0415 - only the demonstration needs it

    return np.random.default_rng([script.year.seed, zlib.crc32("/".join(names).encode())])


def _ago(world: World, days: int) -> date:
    return world.last - timedelta(days=days)


def _count(table: Table, counted: Counted, script: Script, world: World) -> None:
    key = counted.key
    rng = _generator(script, "count", key.measure, key.category, key.source)
    events = [
        simulate.Event(one.place, _ago(world, one.first), _ago(world, one.last), one.factor)
        for one in script.events
        if one.measure in ("", key.measure)
    ]
    factors = simulate.factors(events, {}, [])
    for day, place, factor in _special(counted, world):
        factors[place, day] = factors.get((place, day), 1.0) * factor
    if counted.calibrated:
        posts = [simulate.Post(one.place, one.size, one.weekdays) for one in counted.posts]
        drawn = simulate.calibrated(world.totals, posts, rng, factors=factors, dispersion=counted.dispersion)
    else:
        drawn = {
            one.place: simulate.independent(
                simulate.Pattern(
                    one.place, one.size, one.weekdays, counted.growth, counted.season, counted.peak, counted.dispersion
                ),
                world.first,
                world.last,
                rng,
                factors=factors,
            )
            for one in counted.posts
        }
    for one in counted.posts:
        _put(table, one.place, key, one.source, drawn[one.place], rng)


def _special(counted: Counted, world: World) -> Iterator[tuple[date, str, float]]:
    places = [one.place for one in counted.posts]
    for period in between("day", world.first, world.last):
        for special in world.special:
            factor = counted.holiday if special.kind == "holiday" else counted.market
            if factor != 1.0 and calendar.falls_on(special.rule, period.start):
                for place in places:
                    if special.place in ("", place):
                        yield period.start, place, factor


def _put(table: Table, place: str, key: Key, source: str, values: simulate.Daily, rng: Generator) -> None:
    """The series and, where the script splits it, its categories, which add up to it."""
    table[place, key.measure, key.category, source] = values
    if not key.splits:
        return
    whole = sum(key.splits.values())
    chances = [part / whole for part in key.splits.values()]
    parts = {day: rng.multinomial(value, chances).tolist() for day, value in values.items()}
    for at, category in enumerate(key.splits):
        table[place, key.measure, category, source] = {day: row[at] for day, row in parts.items()}


def _keep(table: Table, steady: Steady, script: Script, world: World) -> None:
    key = steady.key
    rng = _generator(script, "steady", key.measure, key.source)
    days = [one.start for one in between("day", world.first, world.last)]
    for place, size in steady.values.items():
        base = _followed(table, place, steady.of) if steady.of else dict.fromkeys(days, 1)
        values = {day: size * base[day] * max(0.0, 1 + rng.normal(0, steady.error)) for day in days if day in base}
        for event in _concerning(script.events, place, key.measure):
            for day in simulate.Event("", _ago(world, event.first), _ago(world, event.last), 1.0).days():
                if day in values:
                    values[day] *= event.factor
        _put(table, place, key, key.source, {day: round(value) for day, value in values.items()}, rng)


def _followed(table: Table, place: str, measure: str) -> simulate.Daily:
    for key, values in table.items():
        if key[0] == place and key[1] == measure and key[2] == TOTAL:
            return values
    raise Refused(problem("CLI-024", detail=f"[[steady]] of: {place} has no {measure}", file=FILE))


def _concerning(happenings: Iterable[Happening], place: str, measure: str) -> Iterator[Happening]:
    return (one for one in happenings if one.place == place and one.measure == measure)


def _recount(table: Table, second: Second, script: Script, world: World) -> None:
    rng = _generator(script, "second", second.measure, second.source)
    for place in second.places:
        keys = [key for key in table if (key[0], key[1], key[3]) == (place, second.measure, second.of)]
        parts = [key for key in keys if key[2] != TOTAL] or keys
        if not parts:
            detail = f"[[second]]: {place} has no {second.measure} of {second.of}"
            raise Refused(problem("CLI-024", detail=detail, file=FILE))
        mistakes = {_ago(world, ago): factor for ago, factor in second.mistakes.get(place, {}).items()}
        silent = {day for day in table[parts[0]] if rng.random() < second.missing and day not in mistakes}
        for key in parts:
            values = {day: value for day, value in table[key].items() if day not in silent}
            table[(*key[:3], second.source)] = simulate.second_source(
                values, rng, bias=second.bias, error=second.error, mistakes=mistakes
            )


def _concerned(table: Table, happening: Happening) -> list[SeriesName]:
    return [
        key
        for key in table
        if key[0] == happening.place and happening.measure in ("", key[1]) and happening.source in ("", key[3])
    ]


def _reports(key: SeriesName, values: simulate.Daily, script: Script, world: World) -> Iterator[Figure]:
    """Each day's figure, and its correction two days later where the script has one."""
    now = clock(script, world)
    settings = simulate.Reporting(0.5, script.reporting.late, script.reporting.days)
    # One report a place, source and day: its measures arrive together.
    delays = simulate.delays(sorted(values), _generator(script, "report", key[0], key[3]), settings)
    wrong = {
        _ago(world, ago): one.factor
        for one in script.corrections
        if key[0] == one.place and one.measure in ("", key[1]) and one.source in ("", key[3])
        for ago in range(one.last, one.first + 1)
    }
    for day in sorted(values):
        told = datetime.combine(day, time(), tzinfo=world.zone) + timedelta(hours=script.reporting.hour) + delays[day]
        if told > now:
            continue
        if day not in wrong:
            yield Figure(*key, day, values[day], 1, told)
            continue
        yield Figure(*key, day, round(values[day] * wrong[day]), 1, told)
        if told + timedelta(days=2) <= now:
            yield Figure(*key, day, values[day], 2, told + timedelta(days=2))
