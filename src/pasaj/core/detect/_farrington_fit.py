"""Farrington: quasi-Poisson regression of many weeks at once, season levels and at most one slope.

Source: Noufaily et al. (2013), Stat Med 32, 1206-1222, sections 3.1-3.3; iteratively reweighted least squares
and its stopping rule: McCullagh, Nelder (1989), Generalized Linear Models, 2nd ed., section 2.5. The stopping
rule (relative change of the deviance below 1e-8, at most 25 steps, start at y + 0.1) is part of the answer:
the level of a season without a single case falls by one a step for as long as the rule lets it.

One level a season and one slope make the normal equations an arrow: each step is closed, from three sums a
season. Arrays are (weeks, cells), ordered by season; sums run down the weeks in a fixed order, so that a
cell's numbers do not depend on the cells beside it to the last bit (there must be two at least: numpy adds a
single column in another order; products of matrices are no choice, their order depends on the threads).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pasaj.core.detect._farrington_design import Design

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Transforms = tuple[Floats, Floats, Floats]

STEPS, CHANGE, START = 25, 1e-8, 0.1
FEWER = 0.7  # share of cells still iterating from which on the others are put aside
SMALL = 1e-6  # steps for which the second derivative says all
TABLE = 10_000  # counts below that are transformed once each
STRIDE = 16  # exp(b t) is made of exp(16 b q) and exp(b j): few exponentials, one product a week
ALIASED = 1e-11  # a slope that the seasons explain to this share is none


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts of the baselines of C cells and what every fit needs of them. Missing counts are 0, weight 0.

    `counts`, `here`, `start`, `working`, `surplus`, `root`: (N, C); `reference`, `number`: (L, C).
    """

    design: Design
    counts: Floats
    here: Floats | None  # 1 where reported; None: everywhere
    start: Floats  # first mean of the iteration
    working: Floats  # first mean times first working response
    surplus: Floats  # y log y
    root: Floats  # y^(2/3)
    reference: Floats  # mean count of the season, 1 where that is 0
    number: Floats  # reported weeks of the season

    def take(self, columns: NDArray[np.intp]) -> "Cells":
        """The same for some of the cells, two at least."""
        parts = (self.start, self.working, self.surplus, self.root, self.reference, self.number)
        here = None if self.here is None else self.here.take(columns, axis=1)
        counts = self.counts.take(columns, axis=1)  # not [:, columns]: that would turn rows into columns in memory
        return Cells(self.design, counts, here, *(part.take(columns, axis=1) for part in parts))


@dataclass(frozen=True, slots=True)
class Fit:
    """One fit of C cells: mean = level[season] * exp(slope * time).

    `level`, `slope` are final; `last_level`, `last_slope` those of the last working weights, whose sums
    are `mass` (L, C), their mean times `centre` (L, C), and the slope's information `grip` (C; infinite
    without slope).
    """

    level: Floats
    slope: Floats
    last_level: Floats
    last_slope: Floats
    mass: Floats
    centre: Floats
    grip: Floats
    converged: Bools


def transforms(counts: Floats) -> Transforms:
    """`working`, `surplus` and `root` of counts of any shape: looked up where they are small and whole."""
    most = counts.max(initial=0.0)
    if most < TABLE:
        whole = counts.astype(np.intp)
        if (whole == counts).all():
            return _transforms(np.arange(most + 1), whole)
    return _transforms(counts, None)


def _transforms(counts: Floats, places: NDArray[np.intp] | None) -> Transforms:
    start = counts + START
    working = start * np.log(start) - START
    surplus = counts * np.log(np.maximum(counts, 1e-300))  # 0 log 0 is 0
    root = np.cbrt(counts) ** 2
    if places is None:
        return working, surplus, root
    return working.take(places), surplus.take(places), root.take(places)


def prepare(design: Design, counts: Floats, here: Floats | None, transformed: Transforms) -> Cells:
    """`counts`: (N, C) in the order of the design, 0 where missing; `transformed`: of the same counts."""
    total = sums(design, counts)
    lengths = np.diff(design.bounds).astype(np.float64)[:, None]
    number = sums(design, here) if here is not None else np.broadcast_to(lengths, total.shape)
    reference = np.where(total > 0, total / np.maximum(number, 1.0), 1.0)
    return Cells(design, counts, here, counts + START, *transformed, reference, number)


def paired(columns: NDArray[np.intp]) -> NDArray[np.intp]:
    """The columns, a single one twice."""
    return np.repeat(columns, 2) if len(columns) == 1 else columns


def sums(design: Design, values: Floats) -> Floats:
    """Sums by season: (N, C) to (L, C)."""
    found = np.empty((len(design.season), values.shape[1]))
    for weeks, places, length in design.runs:
        np.add.reduce(values[weeks].reshape(-1, length, values.shape[1]), axis=1, out=found[places])
    return found


def moments(design: Design, values: Floats) -> tuple[Floats, Floats, Floats]:
    """Sums by season of values times `time` to the powers 0, 1 and 2. The values are used up."""
    mass = sums(design, values)
    values *= design.column
    first = sums(design, values)
    values *= design.column
    return mass, first, sums(design, values)


def spread(design: Design, values: Floats) -> Floats:
    """The opposite: (L, C) to (N, C)."""
    return values.take(design.row, axis=0)


def growth(design: Design, slope: Floats) -> Floats:
    """exp(slope * time) as (N, C), each from two of a few exponentials."""
    time = design.ahead - design.back
    first = int(time.min())
    blocks = (int(time.max()) - first) // STRIDE + 1
    coarse = np.exp((first + STRIDE * np.arange(blocks))[:, None] * slope)
    fine = np.exp(np.arange(STRIDE)[:, None] * slope)
    table = (coarse[:, None, :] * fine).reshape(blocks * STRIDE, len(slope))
    return table.take(time - first, axis=0)


@dataclass(slots=True)
class _Data:
    """What one fit adds up once, for the cells still iterating."""

    weights: Floats | None
    cases: Floats  # (L, C) weighted sums of counts
    moment: Floats  # (C) the same times time
    surplus: Floats  # (C)
    reference: Floats
    empty: Bools  # (L, C) seasons nobody reported

    def take(self, places: NDArray[np.intp]) -> "_Data":
        """The same for some of the cells."""
        weights = None if self.weights is None else self.weights.take(places, axis=1)
        cases, reference = (part.take(places, axis=1) for part in (self.cases, self.reference))
        empty = self.empty.take(places, axis=1)
        return _Data(weights, cases, self.moment[places], self.surplus[places], reference, empty)


def _data(cells: Cells, weights: Floats | None) -> _Data:
    design = cells.design
    weighted = cells.counts if weights is None else weights * cells.counts
    surplus = cells.surplus if weights is None else weights * cells.surplus
    cases = sums(design, weighted)
    return _Data(
        weights,
        cases,
        np.add.reduce(weighted * design.column, axis=0),
        np.add.reduce(surplus, axis=0) - np.add.reduce(cases * np.log(cells.reference), axis=0),
        cells.reference,
        cells.number == 0,
    )


def level_fit(cells: Cells, weights: Floats | None) -> Fit:
    """Seasons without slope. `weights`: (N, C) prior weights, None for 1 (then missing weeks have 0)."""
    design = cells.design
    weights = cells.here if weights is None else weights
    data = _data(cells, weights)
    size = cells.number if weights is None else sums(design, weights)
    mass = sums(design, cells.start if weights is None else weights * cells.start)
    pull = sums(design, cells.working if weights is None else weights * cells.working)
    mass[data.empty] = 1.0
    shift = pull / mass - np.log(data.reference)  # log of level over reference
    kept = [np.ones_like(shift) for _ in range(3)]
    converged = np.zeros(shift.shape[1], dtype=np.bool_)
    column, before = np.arange(len(converged)), shift
    deviance = gain = np.full(len(converged), np.inf)
    for _ in range(STEPS):
        level = data.reference * np.exp(shift)
        expected = level * size
        now = _deviance(data, shift, expected)
        done = _settled(now, deviance, gain) & ~converged[column]
        if done.any():
            for target, source in zip(kept, (level, data.reference * np.exp(before), mass), strict=True):
                target[:, column[done]] = source[:, done]
            converged[column[done]] = True
        left = ~converged[column]
        if not left.any():
            break
        expected[data.empty] = 1.0
        change = np.where(data.empty, 0.0, (data.cases - expected) / expected)
        before, mass, deviance = shift, expected, now
        shift = shift + change
        gain = _gain(change, change * change * mass)
        if np.count_nonzero(left) <= FEWER * len(left):
            places = paired(np.flatnonzero(left))
            data = data.take(places)
            column, deviance, gain = column[places], deviance[places], gain[places]
            shift, before, mass, size = (part.take(places, axis=1) for part in (shift, before, mass, size))
    flat = np.zeros(len(converged))
    level, last, mass = kept
    return Fit(level, flat, last, flat, mass, np.zeros_like(mass), np.full_like(flat, np.inf), converged)


def _settled(now: Floats, before: Floats, gain: Floats) -> Bools:
    """The stopping rule. With counts of 10^9 the deviance is known less well than it asks for: then by `gain`."""
    settled: Bools = np.minimum(np.abs(now - before), gain) < CHANGE * (np.abs(now) + 0.1)
    return settled


def _gain(change: Floats, information: Floats) -> Floats:
    """What a step takes off the deviance; known beforehand where the step is small, else infinite."""
    small = np.maximum.reduce(np.abs(change), axis=0) < SMALL
    gain: Floats = np.where(small, np.add.reduce(information, axis=0), np.inf)
    return gain


def _deviance(data: _Data, shift: Floats, expected: Floats, slope: Floats | None = None) -> Floats:
    """Twice the distance of the likelihood from a perfect fit; only differences from `reference` enter."""
    part: Floats = data.surplus - np.add.reduce(shift * data.cases + (data.cases - expected), axis=0)
    if slope is not None:
        part -= slope * data.moment
    return 2.0 * part


@dataclass(slots=True)
class _State:
    """Where the iteration with slope stands, for the cells still in it."""

    column: NDArray[np.intp]
    shift: Floats
    slope: Floats
    deviance: Floats
    gain: Floats
    before: tuple[Floats, Floats, Floats, Floats, Floats]  # shift, slope, mass, centre, grip

    def take(self, places: NDArray[np.intp]) -> "_State":
        """The same for some of the cells."""
        shift, slope, mass, centre, grip = (part.take(places, axis=-1) for part in self.before)
        return _State(
            self.column[places],
            self.shift.take(places, axis=1),
            self.slope[places],
            self.deviance[places],
            self.gain[places],
            (shift, slope, mass, centre, grip),
        )


def trend_fit(cells: Cells, weights: Floats | None) -> Fit:
    """Seasons and a slope. `weights` as `level_fit`. Cells whose slope the seasons explain do not converge."""
    weights = cells.here if weights is None else weights
    data = _data(cells, weights)
    state = _first_step(cells, data)
    width = state.slope.shape[0]
    kept = [np.ones_like(state.shift), np.zeros(width), np.ones_like(state.shift), np.zeros(width)]
    kept += [np.ones_like(state.shift), np.zeros_like(state.shift), np.ones(width)]
    converged = np.zeros(width, dtype=np.bool_)
    for _ in range(STEPS):
        mass, first, second, level = _moments(cells.design, data, state)
        now = _deviance(data, state.shift, mass, state.slope)
        done = _settled(now, state.deviance, state.gain) & ~converged[state.column]
        state.deviance = now
        if done.any():
            _keep(data, state, level, done, kept)
            converged[state.column[done]] = True
        left = np.isfinite(state.slope) & ~converged[state.column]
        if not left.any():
            break
        _step(data, state, mass, first, second)
        if np.count_nonzero(left) <= FEWER * len(left):
            places = paired(np.flatnonzero(left))
            data, state = data.take(places), state.take(places)
    level, end, last, last_slope, mass, centre, grip = kept
    return Fit(level, end, last, last_slope, mass, centre, grip, converged)


def _first_step(cells: Cells, data: _Data) -> _State:
    """The least squares of the first working response, from the start at y + 0.1."""
    design = cells.design
    weight = cells.start.copy() if data.weights is None else data.weights * cells.start
    response = cells.working if data.weights is None else data.weights * cells.working
    mass, first, squares = moments(design, weight)
    second = np.add.reduce(squares, axis=0)
    pull = sums(design, response)
    moment = np.add.reduce(response * design.column, axis=0)
    mass[data.empty] = 1.0
    centre, level = first / mass, pull / mass
    grip = second - np.add.reduce(centre * first, axis=0)
    grip[grip <= ALIASED * second] = np.nan
    slope = (moment - np.add.reduce(centre * pull, axis=0)) / grip
    shift = level - centre * slope - np.log(data.reference)
    column = np.arange(len(slope))
    endless = np.full(len(slope), np.inf)
    return _State(column, shift, slope, endless, endless, (shift, slope, mass, centre, grip))


def _moments(design: Design, data: _Data, state: _State) -> tuple[Floats, Floats, Floats, Floats]:
    """Sums of the mean, mean times time (L, C), mean times squared time (C), and the levels (L, C)."""
    mean = growth(design, state.slope)
    if data.weights is not None:
        mean *= data.weights
    level = data.reference * np.exp(state.shift)
    mass, first, second = moments(design, mean)
    for part in (mass, first, second):
        part *= level
    return mass, first, np.add.reduce(second, axis=0), level


def _step(data: _Data, state: _State, mass: Floats, first: Floats, second: Floats) -> None:
    """One step: the slope by what is left of it within seasons, then every level."""
    mass = np.where(data.empty, 1.0, mass)
    excess = np.where(data.empty, 0.0, data.cases - mass)
    centre = first / mass
    grip = second - np.add.reduce(centre * first, axis=0)
    grip[grip <= ALIASED * second] = np.nan
    pull = data.moment - np.add.reduce(first + centre * excess, axis=0)
    change = pull / grip
    state.before = (state.shift, state.slope, mass, centre, grip)
    level = excess / mass  # of the season at its own centre of time
    state.gain = _gain(np.abs(level) + np.abs(centre * change), level * level * mass) + change * change * grip
    state.shift = state.shift + (level - centre * change)
    state.slope = state.slope + change


def _keep(data: _Data, state: _State, level: Floats, done: Bools, kept: list[Floats]) -> None:
    shift, slope, mass, centre, grip = state.before
    found = (level, state.slope, data.reference * np.exp(shift), slope, mass, centre, grip)
    for target, source in zip(kept, found, strict=True):
        target[..., state.column[done]] = source[..., done]
