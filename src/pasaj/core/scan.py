"""Places that rise together: the prospective space-time permutation scan over zones of locations.

Source: Kulldorff, Heffernan, Hartman, Assunção, Mostashari (2005), A space-time permutation scan
statistic for disease outbreak detection, PLoS Med 2(3):e59, section Methods; the Gumbel tail of p-values:
Abrams, Kleinman, Kulldorff (2010), Gumbel based p-value approximations for spatial scan statistics,
Int J Health Geogr 9:61. docs/methods/scan.md says when the method fails.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pasaj.core.problems import Refused, problem

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

Zone = tuple[int, ...]
BLOCK = 1 << 17  # scores computed at a time
SHUFFLE = 1 << 20  # cases shuffled at a time
MOST = 10**9  # cases: what numpy's hypergeometric distribution takes
DENSE = 60  # cases per cell of the table from which drawing the cells is cheaper than shuffling the cases
TIE = 1e-9  # scores closer than this are equal: they differ by rounding


@dataclass(frozen=True, slots=True)
class Cluster:
    """A zone over its last `duration` periods (the first of them is column `first`).

    `observed` cases against `expected`; `relative_risk` is their ratio and `outside` that of everything
    else. `p_value` from the replicates (NaN without), `gumbel` its smooth tail.
    """

    zone: int
    locations: Zone
    duration: int
    first: int
    observed: float
    expected: float
    score: float
    relative_risk: float
    outside: float
    p_value: float
    gumbel: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Everything the scan looked at; tables have the shape (n_zone, max_duration), column d - 1 for d.

    `clusters`: the best one, then others that share no location with a better one, by falling score.
    `largest`: the best score of each replicate, (replicates,).
    """

    zones: tuple[Zone, ...]
    score: Floats
    observed: Floats
    expected: Floats
    relative_risk: Floats
    outside: Floats
    clusters: tuple[Cluster, ...]
    largest: Floats


def space_time(
    counts: ArrayLike,
    zones: Iterable[Iterable[int]],
    max_duration: int | None = None,
    *,
    replicates: int = 999,
    seed: int = 0,
    clusters: int = 10,
) -> Scan:
    """Scan all zones over their last 1 to `max_duration` periods (default: all periods).

    `counts`: (n_location, n_time) whole numbers, oldest period first. `zones`: lists of location numbers
    (`nearest`, `stretches`, `distinct` make them). `replicates`: times are shuffled over the cases this
    often, from `seed`; the same seed gives the same p-values. `clusters`: how many are listed at most.
    Raises Refused (DETECT-140 to 142).
    """
    table, members = _table(counts), _zones(zones, len(np.atleast_2d(np.asarray(counts))))
    length = table.shape[1]
    longest = length if max_duration is None else max_duration
    for name, value, least, most in (
        ("max_duration", longest, 1, length),
        ("replicates", replicates, 0, 10**7),
        ("clusters", clusters, 1, 10**7),
    ):
        if not least <= value <= most:
            raise Refused(problem("DETECT-142", setting=name, value=value, least=least, most=most))
    grid = _Grid.of(table, members, longest)
    observed = grid.sums(grid.recent(table))
    score = grid.score(observed)
    largest = _largest(grid, table, replicates, np.random.Generator(np.random.PCG64(seed)))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = observed / grid.expected
        outside = (grid.cases - observed) / (grid.cases - grid.expected)
    found = Scan(members, score, observed, grid.expected, inside, outside, (), largest)
    return _with_clusters(found, length, clusters)


def _table(counts: ArrayLike) -> Whole:
    try:
        table = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused(problem("DETECT-140", detail=str(error))) from error
    if table.ndim != 2 or not table.size:
        raise Refused(problem("DETECT-140", detail=f"the table has the shape {table.shape}"))
    bad = ~((table >= 0) & (table < MOST) & (table == np.floor(table)))
    if bad.any():
        row, column = (int(part) for part in np.argwhere(bad)[0])
        detail = f"location {row}, period {column}: {table[row, column]:g}"
        raise Refused(problem("DETECT-140", detail=detail))
    if table.sum() >= MOST:
        raise Refused(problem("DETECT-140", detail=f"{table.sum():.0f} cases, more than {MOST}"))
    return table.astype(np.int64)


def _zones(zones: Iterable[Iterable[int]], locations: int) -> tuple[Zone, ...]:
    members = tuple(tuple(int(location) for location in zone) for zone in zones)
    for number, zone in enumerate(members):
        if not zone or len(set(zone)) < len(zone) or min(zone) < 0 or max(zone) >= locations:
            raise Refused(problem("DETECT-141", zone=number, locations=locations))
    if not members:
        raise Refused(problem("DETECT-141", zone=0, locations=locations))
    return members


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """What shuffled times leave as it is: margins, hence expected counts, hence half of each score.

    score = c log(c/m) + (C-c) log((C-c)/(C-m)) = own[c] + c · steep + level, for c cases where m are expected.
    """

    cases: int
    member: Floats  # (n_zone, n_location), 0 or 1
    expected: Floats  # (n_zone, max_duration)
    own: Floats  # (cases + 1,)
    steep: Floats
    level: Floats
    least: Floats  # a score counts where there are more cases than this

    @classmethod
    def of(cls, table: Whole, zones: Sequence[Zone], longest: int) -> "_Grid":
        cases = int(table.sum())
        member = np.zeros((len(zones), len(table)))
        for number, zone in enumerate(zones):
            member[number, list(zone)] = 1
        periods = table.sum(axis=0)[::-1][:longest].cumsum()
        expected = np.outer(member @ table.sum(axis=1), periods) / max(1, cases)
        rest = cases - expected
        usable = (expected > 0) & (rest > 1e-9 * cases)
        count = np.arange(cases + 1, dtype=np.float64)
        product = count * np.log(np.maximum(count, 1))
        log_rest = np.log(np.where(usable, rest, 1.0))
        return cls(
            cases=cases,
            member=member,
            expected=expected,
            own=product + product[::-1],
            steep=log_rest - np.log(np.where(usable, expected, 1.0)),
            level=-cases * log_rest,
            least=np.where(usable, expected, np.inf),
        )

    def recent(self, table: Whole) -> Floats:
        """Cases of each location in its last 1 to max_duration periods: (n_location, max_duration)."""
        return table[:, ::-1][:, : self.expected.shape[1]].cumsum(axis=1).astype(np.float64)

    def sums(self, recent: Floats) -> Floats:
        """Cases of the zones, for tables side by side: (n_zone, columns of `recent`)."""
        sums: Floats = self.member @ recent
        return sums

    def score(self, observed: Floats) -> Floats:
        """(n_zone, k · max_duration) for k tables side by side."""
        wide = observed.reshape(len(observed), -1, self.expected.shape[1])
        scores = self.own.take(wide.astype(np.intp))
        scores += wide * self.steep[:, None, :]
        scores += self.level[:, None, :]
        np.copyto(scores, 0.0, where=wide <= self.least[:, None, :])
        np.maximum(scores, 0.0, out=scores)
        return scores.reshape(observed.shape)


def _largest(grid: _Grid, table: Whole, replicates: int, random: np.random.Generator) -> Floats:
    """The best score of each replicate, drawn in blocks that fit the cache."""
    largest = np.zeros(replicates)
    zones, longest = grid.expected.shape
    step = BLOCK // (zones * longest)
    draw = _drawn
    if grid.cases <= DENSE * table.size:
        draw, step = _shuffled, min(step, SHUFFLE // max(1, grid.cases))
    step = max(1, step)
    for first in range(0, replicates if grid.cases else 0, step):
        size = min(step, replicates - first)
        recent = draw(table, size, longest, random).cumsum(axis=2, dtype=np.float64)
        scores = grid.score(grid.sums(recent.reshape(len(table), -1)))
        largest[first : first + size] = scores.max(axis=0).reshape(size, longest).max(axis=1)
    return largest


def _shuffled(table: Whole, size: int, longest: int, random: np.random.Generator) -> Whole:
    """Counts per location, replicate and period back from the last, of shuffled cases."""
    locations, length = table.shape
    place, back = np.divmod(np.repeat(np.arange(table.size), table[:, ::-1].ravel()), length)
    columns = longest + 1  # the last one holds everything older
    back = np.minimum(back, longest)
    drawn = random.permuted(np.broadcast_to(back, (size, len(back))), axis=1)
    drawn += place * (size * columns)
    drawn += np.arange(size)[:, None] * columns
    counts = np.bincount(drawn.ravel(), minlength=locations * size * columns)
    return counts.reshape(locations, size, columns)[:, :, :longest]


def _drawn(table: Whole, size: int, longest: int, random: np.random.Generator) -> Whole:
    """The same distribution, cell after cell: its cost does not grow with the number of cases."""
    counts = np.zeros((len(table), size, longest), dtype=np.int64)
    left = np.repeat(table.sum(axis=1)[:, None], size, axis=1)
    for back, cases in enumerate(table.sum(axis=0)[::-1][:longest]):
        needed = np.full(size, cases)
        rest = left.sum(axis=0)
        for location in range(len(table)):
            rest = rest - left[location]
            here = random.hypergeometric(left[location], rest, needed)
            counts[location, :, back] = here
            left[location] -= here
            needed = needed - here
    return counts


def _with_clusters(found: Scan, length: int, most: int) -> Scan:
    """List the best zones, and then those that share no location with a better one."""
    longest = found.score.shape[1]
    order = np.argsort(-found.score, axis=None, kind="stable")
    listed: list[Cluster] = []
    taken: set[int] = set()
    for place in order[: np.count_nonzero(found.score)].tolist():
        if len(listed) == most:
            break
        zone, duration = place // longest, place % longest + 1
        if taken.isdisjoint(found.zones[zone]):
            taken.update(found.zones[zone])
            listed.append(_cluster(found, zone, duration, length))
    return Scan(
        found.zones,
        found.score,
        found.observed,
        found.expected,
        found.relative_risk,
        found.outside,
        tuple(listed),
        found.largest,
    )


def _cluster(found: Scan, zone: int, duration: int, length: int) -> Cluster:
    at = zone, duration - 1
    score = float(found.score[at])
    return Cluster(
        zone=zone,
        locations=found.zones[zone],
        duration=duration,
        first=length - duration,
        observed=float(found.observed[at]),
        expected=float(found.expected[at]),
        score=score,
        relative_risk=float(found.relative_risk[at]),
        outside=float(found.outside[at]),
        p_value=_p_value(score, found.largest),
        gumbel=_gumbel(score, found.largest),
    )


def _p_value(score: float, largest: Floats) -> float:
    """The rank of the score among those of the replicates and itself; NaN without replicates."""
    if not len(largest):
        return float("nan")
    return (1 + int((largest >= score - TIE).sum())) / (1 + len(largest))


def _gumbel(score: float, largest: Floats) -> float:
    """The tail of a Gumbel distribution with the mean and variance of the replicates."""
    spread = float(largest.std(ddof=1)) * 6**0.5 / pi if len(largest) > 1 else 0.0
    if not spread:
        return float("nan")
    mode = float(largest.mean()) - float(np.euler_gamma) * spread
    return float(-np.expm1(-np.exp(-(score - mode) / spread)))


def nearest(distance: ArrayLike, most: int) -> tuple[Zone, ...]:
    """Every location with its 0 to `most` - 1 nearest others, each zone once.

    `distance`: (n_location, n_location), kilometres or minutes, row = from where; what cannot be reached
    is NaN or infinite. Equal distances: the lower number is nearer. Raises Refused (DETECT-140, 142).
    """
    table = np.array(distance, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise Refused(problem("DETECT-140", detail=f"distances have the shape {table.shape}"))
    _at_least_one("most", most)
    np.fill_diagonal(table, -np.inf)
    table[np.isnan(table)] = np.inf
    zones = []
    for row in table:
        order = [int(other) for other in np.argsort(row, kind="stable")[:most] if row[other] < np.inf]
        zones += [order[:size] for size in range(1, len(order) + 1)]
    return distinct(zones)


def stretches(order: Sequence[int], most: int) -> tuple[Zone, ...]:
    """Every run of 1 to `most` neighbours along a line, such as a border. Raises Refused (DETECT-142)."""
    _at_least_one("most", most)
    sizes = range(1, min(most, len(order)) + 1)
    return distinct(order[first : first + size] for size in sizes for first in range(len(order) - size + 1))


def distinct(*lists: Iterable[Iterable[int]]) -> tuple[Zone, ...]:
    """Zones of all lists (communes, departments, those of the other makers), each set of locations once."""
    zones = (tuple(sorted(int(location) for location in zone)) for zones in lists for zone in zones)
    return tuple(dict.fromkeys(zones))


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise Refused(problem("DETECT-142", setting=name, value=value, least=1, most=10**7))
