"""Simulated counts for demonstrations and drills. Whatever comes from here must be labelled simulated.

Daily counts are drawn so that every month adds up exactly to a stated (published) total; other series
are drawn from a level and a weekly and yearly pattern. Events (a surge, a fall, a closed day) are factors
put in before drawing, so that the totals still hold. All randomness comes from the numpy Generator
passed in: the same generator and the same input give the same figures.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pasaj.core.periods import between, containing

if TYPE_CHECKING:
    from numpy.random import Generator

Daily = dict[date, int]
Factors = Mapping[tuple[str, date], float]

EVERY_DAY = (1.0,) * 7


@dataclass(frozen=True, slots=True)
class Post:
    """A crossing's part in a total: its share (any positive scale) and its weight from Monday to Sunday."""

    code: str
    share: float
    weekdays: tuple[float, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Pattern:
    """An independent series.

    level: mean count on an ordinary day. weekdays: factors from Monday to Sunday. growth: yearly rate
    (0.1: a tenth more after a year). season: size of the yearly wave (0.2: a fifth up and down), `peak`
    the day of the year of its top. dispersion: variance over mean (1: pure chance).
    """

    code: str
    level: float
    weekdays: tuple[float, ...] = EVERY_DAY
    growth: float = 0.0
    season: float = 0.0
    peak: int = 1
    dispersion: float = 1.5


@dataclass(frozen=True, slots=True)
class Event:
    """Something that multiplies the counts of a series by `factor` from start to end (both inclusive).

    Above 1 a surge, below 1 a fall, 0 a closed crossing.
    """

    code: str
    start: date
    end: date
    factor: float

    def days(self) -> Iterable[date]:
        return (self.start + timedelta(days=ahead) for ahead in range((self.end - self.start).days + 1))


@dataclass(frozen=True, slots=True)
class Reporting:
    """How reports arrive: at `hour` after the day's end, a share `late` of them days later (mean `days`)."""

    hour: float = 8.0
    late: float = 0.05
    days: float = 2.0


def factors(
    events: Iterable[Event], common: Mapping[date, float], codes: Sequence[str]
) -> dict[tuple[str, date], float]:
    """Factors by series and day: `common` ones (holidays) for all `codes`, times every event."""
    found = {(code, day): factor for day, factor in common.items() for code in codes}
    for event in events:
        for day in event.days():
            found[event.code, day] = found.get((event.code, day), 1.0) * event.factor
    return found


def calibrated(
    totals: Mapping[date, int],
    posts: Sequence[Post],
    rng: Generator,
    *,
    factors: Factors | None = None,
    dispersion: float = 0.05,
) -> dict[str, Daily]:
    """Daily counts by post that add up exactly to each month's total.

    totals: first day of the month -> total over all posts. Each day of each post gets a weight: share x
    weekday x factor x a gamma draw with mean 1 and variance `dispersion`; the total is dealt out by these
    weights (multinomial). A day with factor 0 gets nothing. Raises ValueError when a month has a total
    and no day to put it on, or a total below zero.
    """
    import numpy as np  # noqa: PLC0415 - loaded only where figures are simulated

    given = factors or {}
    found: dict[str, Daily] = {post.code: {} for post in posts}
    for month in sorted(totals):
        days = [one.start for one in between("day", month.replace(day=1), containing("month", month).end)]
        weights = np.array(
            [
                [post.share * post.weekdays[day.weekday()] * given.get((post.code, day), 1.0) for day in days]
                for post in posts
            ]
        ).reshape(len(posts), len(days))
        if dispersion > 0:
            weights *= rng.gamma(1 / dispersion, dispersion, weights.shape)
        whole = weights.sum()
        if totals[month] < 0 or (totals[month] > 0 and not whole > 0):
            raise ValueError(f"{totals[month]} cannot be dealt out over {month:%Y-%m}.")
        chances = (weights / whole if whole > 0 else weights).ravel()
        counts = rng.multinomial(totals[month], chances) if totals[month] else np.zeros(chances.size, dtype=int)
        for post, row in zip(posts, counts.reshape(weights.shape).tolist(), strict=True):
            found[post.code].update(zip(days, row, strict=True))
    return found


def independent(pattern: Pattern, first: date, last: date, rng: Generator, *, factors: Factors | None = None) -> Daily:
    """Daily counts of one series from first to last, drawn with the mean of its pattern (negative binomial)."""
    given = factors or {}
    found: Daily = {}
    for period in between("day", first, last):
        day = period.start
        wave = math.cos(2 * math.pi * (day.timetuple().tm_yday - pattern.peak) / 365.25)
        mean = (
            pattern.level
            * pattern.weekdays[day.weekday()]
            * (1 + pattern.growth) ** ((day - first).days / 365.25)
            * max(0.0, 1 + pattern.season * wave)
            * given.get((pattern.code, day), 1.0)
        )
        if pattern.dispersion > 1 and mean > 0:
            mean = rng.gamma(mean / (pattern.dispersion - 1), pattern.dispersion - 1)
        found[day] = int(rng.poisson(mean))
    return found


def second_source(
    values: Mapping[date, int],
    rng: Generator,
    *,
    bias: float = 1.0,
    error: float = 0.03,
    missing: float = 0.0,
    mistakes: Mapping[date, float] | None = None,
) -> Daily:
    """What another service counts of the same movements.

    bias: the part it sees of them. error: standard deviation of its relative error. missing: share of
    days it does not report. mistakes: day -> factor, for a digit too many or a day counted twice; those
    days are always reported.
    """
    found: Daily = {}
    for day, value in values.items():
        noise, silent = rng.normal(1.0, error), rng.random() < missing
        wrong = (mistakes or {}).get(day)
        if wrong is None and silent:
            continue
        found[day] = max(0, round(value * bias * noise * (1.0 if wrong is None else wrong)))
    return found


def unreported(values: Mapping[date, int], silences: Iterable[Event]) -> Daily:
    """The values without the days of the `silences`: nothing was reported, which is not zero."""
    silent = {day for event in silences for day in event.days()}
    return {day: value for day, value in values.items() if day not in silent}


def delays(days: Iterable[date], rng: Generator, reporting: Reporting) -> dict[date, timedelta]:
    """How long after the end of each day its report arrived."""
    found: dict[date, timedelta] = {}
    for day in days:
        hours = max(0.0, reporting.hour + rng.normal(0, 1))
        if rng.random() < reporting.late:
            hours += 24 * rng.geometric(1 / max(1.0, reporting.days))
        found[day] = timedelta(minutes=round(60 * hours))
    return found
