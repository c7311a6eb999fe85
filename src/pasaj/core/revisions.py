"""Figures that later revisions moved more than the revisions of their source usually do.

Every source corrects figures: late reports come in, a digit is mended. What is usual is the median move of
its revised figures and their spread (median absolute deviation); a figure far from that is told by the
modified z-score (Iglewicz and Hoaglin, How to detect and handle outliers, 1993, section 3.3: 0.6745 · distance /
deviation, beyond 3.5). Moves are logarithms of ratios, half a count being added to both sides, so that a zero
can be revised and 100 to 50 is as far as 50 to 100. docs/methods/revisions.md says how to read the result.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log
from statistics import median

NORMAL = 0.6745  # of a normal distribution's median absolute deviation to its standard deviation
FAR = 3.5
ENOUGH = 8  # revised figures from which a source says itself what is usual; with fewer all sources say it together
FLOOR = 0.05  # least spread of moves: a source that adds two in a hundred every time may also add none
NEAR = 5.0  # a smaller change of the figure is never told


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its source and its values in the order in which they became known, the first report first."""

    source: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Spike:
    """One figure revised unusually far.

    index: of the figure as given. first: as first reported. farthest: the later value farthest from it. last: as
    it stands. ratio: farthest / first, inf from zero. low, high: where the usual revisions of the source would
    have put it. score: the modified z-score. pooled: whether all sources together said what is usual.
    """

    index: int
    source: str
    first: float
    farthest: float
    last: float
    ratio: float
    low: float
    high: float
    score: float
    pooled: bool


def spikes(figures: Sequence[Figure], *, far: float = FAR, near: float = NEAR) -> tuple[Spike, ...]:
    """The figures that were revised unusually far, in the order given.

    figures: any number of sources together; those with one value only were never revised. far: modified z-score
    beyond which a revision is told. near: least change of the figure that is told. Where fewer than ENOUGH
    figures were revised in all, nothing is usual yet and nothing is told. Raises ValueError for a figure without
    a value, below zero or not finite, and for `far` of zero or less.
    """
    if far <= 0 or any(not one.values or not all(v >= 0 and isfinite(v) for v in one.values) for one in figures):
        raise ValueError("Every figure needs values, zero or more, and the distance is above zero.")
    moves = {
        at: _move(one.values[0], _farthest(one.values)) for at, one in enumerate(figures) if len(set(one.values)) > 1
    }
    if len(moves) < ENOUGH:
        return ()
    by_source: dict[str, list[float]] = defaultdict(list)
    for at, move in moves.items():
        by_source[figures[at].source].append(move)
    everywhere = _usual(list(moves.values()))
    usual = {source: _usual(own) if len(own) >= ENOUGH else everywhere for source, own in by_source.items()}
    found = []
    for at, move in moves.items():
        one = figures[at]
        centre, spread = usual[one.source]
        score = NORMAL * (move - centre) / spread
        first, farthest = one.values[0], _farthest(one.values)
        # Less than usual is no spike: where figures double, one that has grown by a tenth so far waits for the rest.
        if abs(score) <= far or abs(farthest - first) < near or (score > 0) != (move > 0):
            continue
        low, high = (max(0.0, (first + 0.5) * exp(centre + side * far * spread / NORMAL) - 0.5) for side in (-1, 1))
        pooled = len(by_source[one.source]) < ENOUGH
        ratio = farthest / first if first else inf
        found.append(Spike(at, one.source, first, farthest, one.values[-1], ratio, low, high, score, pooled))
    return tuple(found)


def _move(first: float, later: float) -> float:
    return log((later + 0.5) / (first + 0.5))


def _farthest(values: Sequence[float]) -> float:
    """The later value farthest from the first; of two as far the later one. Of one value that value."""
    return max(reversed(values), key=lambda value: abs(_move(values[0], value)))


def _usual(moves: Sequence[float]) -> tuple[float, float]:
    centre = median(moves)
    return centre, max(median(abs(move - centre) for move in moves), FLOOR)
