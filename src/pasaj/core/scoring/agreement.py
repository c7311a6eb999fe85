"""Do assessors agree beyond chance? Krippendorff's alpha for ordinal scales, with an interval.

alpha = 1 - observed / expected disagreement: 1 is full agreement, 0 what chance alone would give, below 0
systematic disagreement. Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections C
and D (ordinal metric, missing data). Interval: bootstrap over cells, as A. Zapf, S. Castell, L. Morawietz and
A. Karch recommend, BMC Medical Research Methodology 16:93 (2016).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True, slots=True)
class Agreement:
    """alpha and the ends of its interval; None where they are undefined: no cell with two answers, or all alike.

    cells: those with at least two answers. draws: of those asked for, the ones in which alpha was defined.
    """

    alpha: float | None
    low: float | None
    high: float | None
    cells: int
    draws: int


def alpha(cells: Sequence[Sequence[int]], *, top: int = 4) -> float | None:
    """Ordinal alpha of cells, each the points (0 to `top`) that its assessors gave, in any order.

    Cells with fewer than two answers say nothing about agreement. None when no pair is left, or when all
    answers are the same point (no variation to agree about). Raises ValueError off the scale.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    tables = _coincidences(cells, top)
    found: float | None = _alphas(tables.sum(axis=0)[np.newaxis])[0]
    return None if found is None or np.isnan(found) else float(found)


def agreement(
    cells: Sequence[Sequence[int]], rng: "Generator", *, top: int = 4, draws: int = 1000, share: float = 0.95
) -> Agreement:
    """Alpha and its percentile interval that holds `share` of `draws` resamples of the cells.

    Cells are drawn as if they were independent; those of one unit are not quite, so the true interval is
    somewhat wider. Raises ValueError off the scale.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    tables = _coincidences(cells, top)
    total = len(tables)
    if total == 0:
        return Agreement(None, None, None, 0, 0)
    point = float(_alphas(tables.sum(axis=0)[np.newaxis])[0])
    counts = rng.multinomial(total, np.full(total, 1 / total), size=draws)
    resampled = (counts @ tables.reshape(total, -1)).reshape(draws, top + 1, top + 1)
    known = _alphas(resampled)
    known = known[~np.isnan(known)]
    if np.isnan(point) or not len(known):
        return Agreement(None, None, None, total, 0)
    low, high = np.quantile(known, [(1 - share) / 2, (1 + share) / 2])
    return Agreement(point, float(low), float(high), total, len(known))


def _coincidences(cells: Sequence[Sequence[int]], top: int) -> Any:
    """Cells x (top + 1) x (top + 1): ordered pairs of answers within a cell, each weighing 1 / (answers - 1)."""
    import numpy as np  # noqa: PLC0415 - heavy

    kept = [cell for cell in cells if len(cell) > 1]
    tables = np.zeros((len(kept), top + 1, top + 1))
    for at, cell in enumerate(kept):
        if min(cell) < 0 or max(cell) > top:
            raise ValueError(f"{list(cell)} is not on the scale 0 to {top}.")
        counts = np.bincount(cell, minlength=top + 1)
        tables[at] = (np.outer(counts, counts) - np.diag(counts)) / (len(cell) - 1)
    return tables


def _alphas(tables: Any) -> Any:
    """Alpha of each coincidence matrix of a stack; NaN where no disagreement can be expected."""
    import numpy as np  # noqa: PLC0415 - heavy

    totals = tables.sum(axis=2)  # answers at each point
    until = np.cumsum(totals, axis=1)
    # Ordinal distance: how many answers lie between two points, counting half of those at the points themselves.
    middle = until - totals / 2
    distance = (middle[:, :, np.newaxis] - middle[:, np.newaxis, :]) ** 2
    answers = totals.sum(axis=1)
    observed = (tables * distance).sum(axis=(1, 2))
    expected = (totals[:, :, np.newaxis] * totals[:, np.newaxis, :] * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (answers - 1) * observed / expected, np.nan)
