"""How far can one weight move before another option is first? And does an option that loses turn the others round?

Weight-stability intervals: one weight moves from 0 to 1, the others keep their proportions, so that every sum is a
straight line and the ends are exact. Source: B. Mareschal, "Weight stability intervals in multicriteria decision
aid", EJOR 33(1), 1988 (here for the first place). Rank reversal: V. Belton and T. Gear, Omega 11(3), 1983.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pasaj.core.appraisal.weighted import weighted

CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Steady:
    """The share of one criterion may lie from `low` to `high` and the first place stays.

    below, above: which option takes it beyond that end; None: the end is 0 or 1, nobody does.
    """

    low: float
    high: float
    below: int | None
    above: int | None


@dataclass(frozen=True, slots=True)
class Stability:
    """first: who is first under the weights (several when equal). intervals: one a criterion.

    An interval is None when several share the first place (any change decides), or when the criterion has all the
    weight and the others no proportion to keep.
    """

    first: tuple[int, ...]
    intervals: tuple[Steady | None, ...]


@dataclass(frozen=True, slots=True)
class Reversal:
    """Without the option `dropped`, `second` is before `first`: with it, it was the other way round."""

    dropped: int
    first: int
    second: int


def stability(values: Sequence[Sequence[float]], weights: Sequence[float]) -> Stability:
    """values: options x criteria, 0 to 1; weights count in proportion. Raises ValueError as `weighted` does."""
    totals = weighted(values, weights)
    best = max(totals)
    first = tuple(at for at, one in enumerate(totals) if one > best - CLOSE)
    shares = [one / sum(weights) for one in weights]
    if len(first) > 1:
        return Stability(first, tuple(None for _one in weights))
    return Stability(first, tuple(_interval(values, shares, totals, first[0], at) for at in range(len(weights))))


def _interval(
    values: Sequence[Sequence[float]], shares: Sequence[float], totals: Sequence[float], first: int, at: int
) -> Steady | None:
    share = shares[at]
    if share > 1 - CLOSE:
        return None
    # Value at share t: t * value on the criterion + (1 - t) * mean of the others in their proportions.
    rests = [(total - share * row[at]) / (1 - share) for total, row in zip(totals, values, strict=True)]
    low, high, below, above = 0.0, 1.0, None, None
    for other, row in enumerate(values):
        lead_at_0 = rests[first] - rests[other]
        lead_at_1 = values[first][at] - row[at]
        if lead_at_0 < -CLOSE:
            turn = lead_at_0 / (lead_at_0 - lead_at_1)
            if turn > low:
                low, below = turn, other
        elif lead_at_1 < -CLOSE:
            turn = lead_at_0 / (lead_at_0 - lead_at_1)
            if turn < high:
                high, above = turn, other
    return Steady(low, high, below, above)


def reversals(many: int, scores: Callable[[Sequence[int]], Sequence[float] | None]) -> tuple[Reversal, ...]:
    """Which pairs of options change places when a third one is left out. Weighted sums over stated ends: none.

    scores: those of the options whose places are given, in that order; None: they are all alike.
    """
    whole = scores(range(many))
    found = []
    for dropped in range(many):
        rest = [at for at in range(many) if at != dropped]
        told = scores(rest)
        if whole is None or told is None:
            continue
        without = dict(zip(rest, told, strict=True))
        found += [
            Reversal(dropped, a, b)
            for a in rest
            for b in rest
            if whole[a] > whole[b] + CLOSE and without[b] > without[a] + CLOSE
        ]
    return tuple(found)
