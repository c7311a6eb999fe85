"""SMAA-2: how often is each option first, second, … when weights and performances are not known exactly?

Source: R. Lahdelma and P. Salminen, "SMAA-2: Stochastic multicriteria acceptability analysis for group decision
making", Operations Research 49(3), 2001: rank acceptability indices (section 3), central weight vectors and confidence
factors (sections 2 and 3). Value of an option: the weighted sum of declared value functions. Performances of different
options are drawn independently. Options of equal value have the same place, as in the paper (one plus how many are
better), so that the shares of first places of twins add up to more than one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from pasaj.core.appraisal.values import Function, Linear, Performance, Piecewise, mapped, span, value

if TYPE_CHECKING:
    from numpy.random import Generator

CLOSE = 1e-12
"""Values nearer than this are equal, whatever the order in which they were summed."""
SLICE = 2048
"""Draws at a time: what is drawn for one seed depends on it."""


@dataclass(frozen=True, slots=True)
class Smaa:
    """An estimate from `draws` random draws.

    acceptability: options x places, the share of draws in which the option has that place; each row adds up to one.
    central: the mean of the weights with which the option is first; None when it never is. confidence: the share of
    draws of performances in which it is first with its central weights. weights: the mean of all weights drawn.
    """

    draws: int
    acceptability: tuple[tuple[float, ...], ...]
    central: tuple[tuple[float, ...] | None, ...]
    confidence: tuple[float | None, ...]
    weights: tuple[float, ...]

    @property
    def firsts(self) -> tuple[float, ...]:
        """Share of first places of each option."""
        return tuple(row[0] for row in self.acceptability)


def error(share: float, draws: int) -> float:
    """Standard error of a share estimated from independent draws."""
    return sqrt(share * (1 - share) / draws)


def smaa(
    functions: Sequence[Function],
    cells: Sequence[Sequence[Performance]],
    weights: Callable[["Generator", int], Any],
    rng: "Generator",
    *,
    draws: int = 10_000,
) -> Smaa:
    """functions: one a criterion; cells: options x criteria; weights: from `weights.drawer`.

    Raises ValueError: lengths differ, nothing to compare, fewer than one draw, or a performance off its function.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    if draws < 1 or not cells or not functions or any(len(row) != len(functions) for row in cells):
        raise ValueError("Each option has one performance a criterion, and something is drawn.")
    options, criteria = len(cells), len(functions)
    values = _Values(functions, cells)
    counts = np.zeros((options, options), dtype=np.int64)
    centre, mean = np.zeros((options, criteria)), np.zeros(criteria)
    for many in _slices(draws):
        drawn = weights(rng, many)
        places = _places(values.totals(rng, drawn))
        for option in range(options):
            counts[option] += np.bincount(places[option], minlength=options)
        centre += (places == 0).astype(float) @ drawn
        mean += drawn.sum(axis=0)
    centres = [centre[at] / counts[at, 0] if counts[at, 0] else None for at in range(options)]
    return Smaa(
        draws=draws,
        acceptability=tuple(tuple(float(one) for one in row / draws) for row in counts),
        central=tuple(None if one is None else tuple(float(share) for share in one) for one in centres),
        confidence=_confidence(values, centres, rng, draws),
        weights=tuple(float(one) for one in mean / draws),
    )


def _slices(draws: int) -> Iterator[int]:
    for start in range(0, draws, SLICE):
        yield min(SLICE, draws - start)


def _places(totals: Any) -> Any:
    """How many options are better: options x draws, from their values."""
    import numpy as np  # noqa: PLC0415 - heavy

    places = np.zeros(totals.shape, dtype=np.int64)
    lifted = totals + CLOSE
    for other in totals:
        places += other > lifted
    return places


def _confidence(values: "_Values", centres: Sequence[Any], rng: "Generator", draws: int) -> tuple[float | None, ...]:
    import numpy as np  # noqa: PLC0415 - heavy

    known = [at for at, one in enumerate(centres) if one is not None]
    weights = np.stack([centres[at] for at in known])
    wins = np.zeros(len(known))
    draws = draws if values.uncertain else 1
    for many in _slices(draws):
        totals = weights @ values.drawn(rng, many)  # options x weightings x draws
        best = totals.max(axis=0)
        for place, at in enumerate(known):
            wins[place] += (totals[at, place] + CLOSE >= best[place]).sum()
    found = dict(zip(known, wins / draws, strict=True))
    return tuple(float(found[at]) if at in found else None for at in range(len(centres)))


class _Values:
    """Values of options x criteria: those known once, those that are not drawn for each slice.

    In values, not figures, where the function is straight: a uniform stays uniform, a normal normal.
    """

    def __init__(self, functions: Sequence[Function], cells: Sequence[Sequence[Performance]]) -> None:
        import numpy as np  # noqa: PLC0415 - heavy

        self.known = np.zeros((len(cells), len(functions)))
        self.flat: dict[tuple[int, int], tuple[float, float]] = {}
        self.bell: dict[tuple[int, int], tuple[float, float]] = {}
        self.bent: list[tuple[tuple[int, int], Piecewise, tuple[float, float], bool]] = []
        for option, row in enumerate(cells):
            for criterion, (function, cell) in enumerate(zip(functions, row, strict=True)):
                self._place((option, criterion), function, cell)
        self.uncertain = bool(self.flat or self.bell or self.bent)

    def _place(self, at: tuple[int, int], function: Function, cell: Performance) -> None:
        least, most = span(function, cell)
        if isinstance(function, Piecewise) and cell.low is not None and cell.high is not None:
            self.bent.append((at, function, (cell.low, cell.high), False))
        elif isinstance(function, Piecewise) and cell.sigma and isinstance(cell.value, float | int):
            self.bent.append((at, function, (cell.value, cell.sigma), True))
        elif isinstance(function, Linear) and cell.low is not None:
            self.flat[at] = least, most - least
        elif isinstance(function, Linear) and cell.sigma and isinstance(cell.value, float | int):
            self.bell[at] = value(function, cell.value), cell.sigma / abs(function.best - function.worst)
        elif cell.value is None:
            self.flat[at] = 0.0, 1.0
        else:
            self.known[at] = least

    def drawn(self, rng: "Generator", many: int) -> Any:
        """Options x criteria x draws."""
        import numpy as np  # noqa: PLC0415 - heavy

        found = np.empty((*self.known.shape, many))
        found[:] = self.known[:, :, None]
        if self.flat:
            start, width = (np.array(one)[:, None] for one in zip(*self.flat.values(), strict=True))
            found[tuple(zip(*self.flat, strict=True))] = rng.random((len(self.flat), many)) * width + start
        if self.bell:
            middle, sigma = (np.array(one)[:, None] for one in zip(*self.bell.values(), strict=True))
            block = rng.standard_normal((len(self.bell), many)) * sigma + middle
            found[tuple(zip(*self.bell, strict=True))] = np.clip(block, 0, 1)
        for at, function, pair, normal in self.bent:
            found[at] = mapped(function, rng.normal(*pair, many) if normal else rng.uniform(*pair, many))
        return found

    def totals(self, rng: "Generator", drawn: Any) -> Any:
        """Options x draws: the value of each option under weights (draws x criteria) of its own for each draw."""
        import numpy as np  # noqa: PLC0415 - heavy

        if not self.uncertain:
            return self.known @ drawn.T
        values = self.drawn(rng, len(drawn))
        found = np.zeros((len(values), len(drawn)))
        for criterion, share in enumerate(np.ascontiguousarray(drawn.T)):
            found += values[:, criterion] * share
        return found
