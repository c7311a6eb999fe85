"""The counts of a scenario, and when each report is sent. Simulated throughout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pasaj.core.drill.players import Player, delay, generator
from pasaj.core.drill.shapes import Counts, Key, Scenario
from pasaj.core.simulate import Pattern, independent

POST = Player(minutes=45, from_hour=18)  # who reports at the end of the day, where a scenario says nothing


@dataclass(frozen=True, slots=True)
class Report:
    """What one source says of one place and day: sent `at` (local), after a cut when there is one."""

    at: datetime
    day: date
    place: str
    source: str
    values: tuple[tuple[Key, int], ...]


def reports(scenario: Scenario) -> list[Report]:
    """Every report of a scenario, in the order in which they arrive; those of the days before come in time.

    Raises ValueError when counts are said of a series without a usual level.
    """
    values = _values(scenario)
    grouped: dict[tuple[date, str, str], list[tuple[Key, int]]] = defaultdict(list)
    for key, daily in sorted(values.items()):
        for day, value in daily.items():
            grouped[day, key.place, key.source].append((key, value))
    found = [
        Report(_sent(scenario, day, place, source), day, place, source, tuple(rows))
        for (day, place, source), rows in grouped.items()
        if not _silent(scenario, day, place, source)
    ]
    return sorted(found, key=lambda one: (one.at, one.place, one.source))


def _values(scenario: Scenario) -> dict[Key, dict[date, int]]:
    first = scenario.start - timedelta(days=scenario.before)
    last = scenario.start + timedelta(days=scenario.days - 1)
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    found: dict[Key, dict[date, int]] = {}
    for one in scenario.usual:
        name = "/".join(("usual", one.key.place, one.key.measure, one.key.category, one.key.source))
        pattern = Pattern(name, one.level, one.weekdays, dispersion=one.dispersion)
        if not one.dispersion:
            found[one.key] = dict.fromkeys(days, round(one.level))
            continue
        factors = {(name, day): factor for day, factor in _factors(scenario, one.key)}
        found[one.key] = independent(pattern, first, last, generator(scenario.seed, name), factors=factors)
    for more in scenario.counts:
        if more.key not in found:
            raise ValueError(f"{more.key.place} {more.key.measure}: no usual level is said.")
        for day, value in _dealt(more, scenario.seed):
            if first <= day <= last:
                found[more.key][day] += value
    for other in scenario.conflicts:
        own = Key(other.key.place, other.key.measure, other.key.category, other.of)
        said = found.setdefault(other.key, dict(found[own]))
        for day in said:
            if other.start <= day <= other.end:
                said[day] = round(found[own][day] * other.factor)
    return found


def _factors(scenario: Scenario, key: Key) -> Iterator[tuple[date, float]]:
    for one in scenario.changes:
        if one.key == key:
            for ahead in range((one.end - one.start).days + 1):
                yield one.start + timedelta(days=ahead), one.factor


def _dealt(counts: Counts, seed: int) -> Iterator[tuple[date, int]]:
    """The total, dealt out over the days by chance in proportion to their weights: it adds up exactly."""
    whole = sum(counts.weights)
    name = "/".join(("counts", counts.key.place, counts.key.measure, counts.key.category, str(counts.start)))
    drawn = generator(seed, name).multinomial(counts.total, [one / whole for one in counts.weights])
    for ahead, value in enumerate(drawn.tolist()):
        yield counts.start + timedelta(days=ahead), int(value)


def _silent(scenario: Scenario, day: date, place: str, source: str) -> bool:
    return any((one.place, one.source) == (place, source) and one.start <= day <= one.end for one in scenario.silences)


def _sent(scenario: Scenario, day: date, place: str, source: str) -> datetime:
    post = scenario.players.get("post", POST)
    at = datetime.combine(day, time(post.from_hour))
    at += delay(post, scenario.seed, f"report/{place}/{source}/{day}")
    for cut in scenario.cuts:
        if place in cut.places and cut.start_at <= at < cut.end_at:
            at = cut.end_at + delay(post, scenario.seed, f"after/{place}/{source}/{day}")
    return at
