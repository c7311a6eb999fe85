"""Neighbouring places whose counts rise together, where counts vary more than chance alone would have them.

The scan (core/scan) takes people as coming one by one. At a border they come in buses and families, and posts have
market days: scanned as they are, nearly every table of counts has a "rise". So weekdays are taken out of each place,
and its counts are divided by the dispersion that its own past shows before they are scanned (quasi-likelihood, as in
core/shift). docs/methods/groups.md tells how often that rings in simulations, and when it fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from pasaj.core import scan

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WEEK = 7
LEAST = 4  # places: a zone is at most half of them, and a group has two
FULL = 0.75  # of the earlier periods that a place must have reported, and half of the last ones
SCORE = 2.7  # below, not even a single zone would be significant at 0.01: nothing is shuffled
REST = 0.05  # chance below which the zone must stand out without its strongest place too


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a group: its row, and what it counted and was expected to count in the group's periods."""

    row: int
    observed: float
    expected: float


@dataclass(frozen=True, slots=True)
class Group:
    """Places that rise together from column `first` to the last one.

    observed, expected: counts of all its places together, of reported periods only. p_value: of the best zone among all
    that were tried (Gumbel tail). score: log-likelihood ratio of the scaled counts; groups of one table compare by it.
    """

    places: tuple[Place, ...]
    first: int
    observed: float
    expected: float
    p_value: float
    score: float


def rising(
    counts: ArrayLike,
    zones: Sequence[Sequence[int]],
    longest: int,
    *,
    weekdays: bool = False,
    limit: float = 0.01,
    replicates: int = 199,
    seed: int = 0,
) -> tuple[Group, ...]:
    """The groups of two places or more that rise together in the last 1 to `longest` periods, the best one first.

    counts: (n_place, n_time), one column a period, the last one being the present; NaN missing. zones: lists of rows.
    weekdays: columns are days, and what weekdays do at each place is taken out. limit: greatest p-value that is told.
    replicates, seed: as in scan.space_time. Places with too many gaps are left out; fewer than LEAST places give no
    group. Raises ValueError for counts below zero or shapes that do not fit, Refused as scan.space_time does.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or (table < 0).any() or not 1 <= longest < table.shape[1]:
        raise ValueError("Counts are places by time, zero or more, with periods before the longest group.")
    rows = np.flatnonzero(_usable(table, longest))
    members = _members(zones, rows)
    if len(rows) < LEAST or not members:
        return ()
    level = _Level.of(table[rows], longest, weekdays=weekdays)
    scaled = level.scaled()
    if scan.space_time(scaled, members, longest, replicates=0).score.max() < SCORE:
        return ()
    found = scan.space_time(scaled, members, longest, replicates=replicates, seed=seed)
    groups = (_group(one, level, scaled, rows) for one in found.clusters if one.gumbel <= limit)
    return tuple(one for one in groups if one is not None)


def _usable(table: Floats, longest: int) -> NDArray[np.bool_]:
    """Places that reported most of the earlier periods and half of the last ones, and counted anything before."""
    known = ~np.isnan(table)
    before, late = known[:, :-longest], known[:, -longest:]
    counted = np.nansum(table[:, :-longest], axis=1) > 0
    return np.asarray((before.mean(axis=1) >= FULL) & (late.mean(axis=1) >= 0.5) & counted)


def _members(zones: Sequence[Sequence[int]], rows: NDArray[np.intp]) -> tuple[scan.Zone, ...]:
    """The zones of what can be used, none of more than half of it; single places too, so that one alone can win."""
    at = {int(row): place for place, row in enumerate(rows)}
    left = [[at[row] for row in zone if row in at] for zone in zones]
    several = [zone for zone in left if 2 <= len(zone) <= len(rows) // 2]
    return scan.distinct([[place] for place in range(len(rows))], several) if several else ()


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Counts with what they would have been if all places had moved alike; all of shape (n_place, n_time).

    counts: NaN missing. filled: weekdays taken out and holes filled with `usual`. weekday: the factor that was taken
    out. usual: level of the place times the index of the period, weekdays out. spread: (n_place, 1) variance by mean.
    """

    counts: Floats
    filled: Floats
    weekday: Floats
    usual: Floats
    spread: Floats

    @classmethod
    def of(cls, counts: Floats, longest: int, *, weekdays: bool) -> _Level:
        weekday = _weekdays(counts, longest) if weekdays else np.ones(counts.shape)
        plain = counts / weekday
        usual = _usual(plain)
        filled = np.where(np.isnan(plain), usual, plain)
        # The rise itself must not widen the spread that it is held against.
        spread = _spread(plain[:, :-longest], _usual(plain[:, :-longest]))
        return cls(counts, filled, weekday, usual, spread)

    def scaled(self) -> NDArray[np.int64]:
        return np.round(self.filled / self.spread).astype(np.int64)


def _weekdays(counts: Floats, longest: int) -> Floats:
    """What each weekday brings at each place, from the periods before the last ones; one on average. Drawn towards one
    by the weight of a week, so that a few days make no market.
    """
    earlier, weekday = counts[:, :-longest], np.arange(counts.shape[1]) % WEEK
    mean = np.nanmean(earlier, axis=1)
    factors = np.ones((len(counts), WEEK))
    for day in range(WEEK):
        own = earlier[:, weekday[: earlier.shape[1]] == day]
        known = ~np.isnan(own)
        factors[:, day] = (np.nansum(own, axis=1) + mean) / ((known.sum(axis=1) + 1) * mean)
    factors = np.maximum(factors / factors.mean(axis=1, keepdims=True), 0.05)
    return np.asarray(factors[:, weekday])


def _usual(plain: Floats) -> Floats:
    """The level of each place times the index of each period: what proportional places would have counted.

    Levels and index are found from what was reported, in turn, so that gaps move neither.
    """
    known = ~np.isnan(plain)
    values = np.where(known, plain, 0.0)
    tiny = np.finfo(float).tiny
    index = np.ones(plain.shape[1])
    for _ in range(5):
        level = values.sum(axis=1) / np.maximum((known * index).sum(axis=1), tiny)
        index = values.sum(axis=0) / np.maximum((known * level[:, None]).sum(axis=0), tiny)
        index[~known.any(axis=0)] = 1.0
    return np.outer(level, index)


def _spread(plain: Floats, usual: Floats) -> Floats:
    """The variance by its mean at each place, at least 1: of single periods, or of seven together if these vary more
    (neighbouring periods move together).
    """
    places = len(plain)
    rest = np.where(np.isnan(plain), 0.0, plain - usual)
    known = ~np.isnan(plain)
    share = usual.sum(axis=1) / usual.sum()
    # Margins were fitted: the index takes the share of the place in the whole, its level one period.
    free = np.maximum((known.sum(axis=1) - 1) * (1 - share), 1.0)
    found = [np.ones(places), (rest**2 / np.maximum(usual, 0.01)).sum(axis=1) / free]
    blocks = plain.shape[1] // WEEK
    if blocks > 2:
        cut = slice(plain.shape[1] - blocks * WEEK, None)
        shape = (places, blocks, WEEK)
        sums = rest[:, cut].reshape(shape).sum(axis=2)
        means = np.where(known, usual, 0.0)[:, cut].reshape(shape).sum(axis=2)
        free = np.maximum((blocks - 1) * (1 - share), 1.0)
        found.append((sums**2 / np.maximum(means, 0.01)).sum(axis=1) / free)
    return np.asarray(np.max(found, axis=0))[:, None]


def _group(one: scan.Cluster, level: _Level, scaled: NDArray[np.int64], rows: NDArray[np.intp]) -> Group | None:
    """A cluster in counts as they were reported; None where it is one place, or rests on one place alone."""
    if len(one.locations) < 2 or not _stands(one, scaled):
        return None
    window = np.s_[:, one.first :]
    known = ~np.isnan(level.counts[window])
    observed = np.where(known, level.counts[window], 0.0).sum(axis=1)
    expected = np.where(known, (level.usual * level.weekday)[window], 0.0).sum(axis=1)
    places = tuple(Place(int(rows[place]), float(observed[place]), float(expected[place])) for place in one.locations)
    return Group(
        places=places,
        first=one.first,
        observed=sum(place.observed for place in places),
        expected=sum(place.expected for place in places),
        p_value=one.gumbel,
        score=one.score,
    )


def _stands(one: scan.Cluster, scaled: NDArray[np.int64]) -> bool:
    """Whether the zone stands out without its strongest place too: one place that rises makes no group."""
    recent = scaled[:, one.first :]
    usual = scaled.sum(axis=1) * (recent.sum() / scaled.sum())
    here = list(one.locations)
    seen = recent.sum(axis=1)
    strongest = max(here, key=lambda place: seen[place] - usual[place])
    rest = [place for place in here if place != strongest]
    chance = special.pdtrc(seen[rest].sum() - 1, usual[rest].sum())
    return bool(seen[rest].sum() > 0 and chance <= REST)
