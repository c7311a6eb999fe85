"""A past for a series that has none: what its neighbours counted, scaled to its share.

A post that opened two weeks ago has no weekdays and no level of its own, but the posts beside it have. Their
counts of the same measure say how the new one would have gone before; its share of what they counted since it
began says how high. Every period is borrowed from one neighbour, in turn: a total of many posts varies much
less than one post does, and a model of it would ring far too often. docs/methods/neighbours.md has the numbers,
and says when it fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

WEEK = 7
SHARED = 7  # periods that the series and a neighbour must both have reported
FEWEST = 2  # neighbours: one alone would lend its own oddities
PRESENT = 0.5  # of what the neighbours usually count must come from those that reported a period


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """A series with a borrowed past.

    counts: (n_time,), own where the series has begun, borrowed before (whole numbers), NaN where neither is
    known. begun: the column of the first own report; every column before it is borrowed. share: of the series
    in the total of the neighbours used. neighbours: rows that were used.
    """

    counts: Floats
    begun: int
    share: float
    neighbours: tuple[int, ...]


def completed(own: ArrayLike, neighbours: ArrayLike, *, shared: int = SHARED) -> Completed | None:
    """Put the scaled counts of the neighbours before the first report of `own`; None where they cannot serve.

    own: (n_time,), NaN missing. neighbours: (n, n_time) of the same measure and cadence. shared: periods that
    own and a neighbour must both have reported for it to be used (1 or more). None if fewer than FEWEST
    neighbours serve, if the series has not begun or has counted nothing, or if there is nothing to put before it.
    Raises ValueError for shapes that do not fit, counts below zero, or shared below 1.
    """
    row, others = np.asarray(own, dtype=np.float64), np.asarray(neighbours, dtype=np.float64)
    if row.ndim != 1 or others.ndim != 2 or others.shape[1] != len(row) or shared < 1:
        raise ValueError("A series and its neighbours have one column a period, and share at least one.")
    if (row < 0).any() or (others < 0).any():
        raise ValueError("Counts are zero or more.")
    known = ~np.isnan(row)
    both = known & ~np.isnan(others)
    levels = np.where(both, others, 0.0).sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    used = np.flatnonzero((both.sum(axis=1) >= shared) & (levels > 0))
    if len(used) < FEWEST or not row[known].sum():
        return None
    begun = int(known.argmax())
    index = _index(others[used], levels[used])
    measured = known & ~np.isnan(index)
    level = row[measured].sum() / index[measured].sum()
    past = np.round(level * _in_turn(others[used] / levels[used, None], index))
    if not (~np.isnan(past[:begun])).any():
        return None
    counts = np.where(np.arange(len(row)) < begun, past, row)
    return Completed(counts, begun, float(level / levels[used].sum()), tuple(used.tolist()))


def _in_turn(relative: Floats, index: Floats) -> Floats:
    """For each period the multiple of its level that one neighbour counted: the one whose turn it is, or the next
    that reported. The turn moves on by one more each week, so that no weekday belongs to one neighbour.
    """
    moments, number = np.arange(relative.shape[1]), len(relative)
    found = np.full(relative.shape[1], np.nan)
    for ahead in range(number):
        turn = relative[(moments + moments // WEEK + ahead) % number, moments]
        found = np.where(np.isnan(found), turn, found)
    return np.where(np.isnan(index), np.nan, found)


def _index(others: Floats, levels: Floats) -> Floats:
    """What the neighbours counted in each period as a multiple of their levels, those that did not report left out;
    NaN where too few of them reported.
    """
    here = ~np.isnan(others)
    usual = np.where(here, levels[:, None], 0.0).sum(axis=0)
    counted = np.where(here, others, 0.0).sum(axis=0)
    return np.where(usual >= PRESENT * levels.sum(), counted / np.maximum(usual, np.finfo(float).tiny), np.nan)
