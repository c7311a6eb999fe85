"""A score that is not known exactly: the lowest and the highest it can be, and how to average such scores.

What nobody observed may be anything on the scale; it is never filled in with a middle. What may not apply at
all is optional: a mean is taken with it or without it, whichever makes the end of the range further out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CLOSE = 1e-9  # points: scores nearer than this are equal, whatever the order in which they were summed


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest possible score, in points of the scale.

    optional: whether the thing applies at all is itself not settled. observed: share (0 to 1) of the weight
    below it for which somebody observed an answer.
    """

    low: float
    high: float
    optional: bool = False
    observed: float = 1.0

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.optional


def mean(items: Iterable[tuple[float, Range]]) -> Range | None:
    """Weighted mean of ranges, given as (weight, range). None when nothing is there to average.

    Exact: no choice of values inside the ranges, with or without each optional item, gives a mean outside the
    result, and both ends are reached. The lowest mean takes every low end and just those optional items that
    lie below the mean without them (the threshold form of a fractional choice); the highest likewise.
    Weights of zero carry nothing. Raises ValueError for a negative weight.
    """
    given = list(items)
    if any(weight < 0 for weight, _one in given):
        raise ValueError("A weight is never negative.")
    found = [(weight, one) for weight, one in given if weight > 0]
    if not found:
        return None
    total = sum(weight for weight, _one in found)
    low = _lowest([(weight, one.low, one.optional) for weight, one in found])
    high = 0.0 - _lowest([(weight, -one.high, one.optional) for weight, one in found])  # never a negative zero
    observed = sum(weight * one.observed for weight, one in found) / total
    return Range(low, high, all(one.optional for _weight, one in found), observed)


def _lowest(items: list[tuple[float, float, bool]]) -> float:
    """(weight, value, optional) -> the lowest weighted mean of all that must be in and any of the others."""
    must = [(weight, value) for weight, value, optional in items if not optional]
    may = sorted((value, weight) for weight, value, optional in items if optional)
    if not must:
        return may[0][0]
    weights, summed = sum(weight for weight, _value in must), sum(weight * value for weight, value in must)
    for value, weight in may:
        if value * weights >= summed:
            break
        weights, summed = weights + weight, summed + weight * value
    return summed / weights
