"""The weighted sum of values: what everybody knows, and what nobody should show alone.

Source: P. C. Fishburn, "Additive utilities with incomplete product sets", Operations Research 15(3), 1967. Values come
from declared functions (`values`), so that the sum does not change when another option is added.
"""

from collections.abc import Sequence


def weighted(values: Sequence[Sequence[float]], weights: Sequence[float]) -> tuple[float, ...]:
    """Sum of weight x value of each option, from 0 to 1. values: options x criteria; weights count in proportion.

    Raises ValueError: lengths differ, a weight is negative, or all are zero.
    """
    total = sum(weights)
    if any(len(row) != len(weights) for row in values):
        raise ValueError("Each option has one value a criterion.")
    if min(weights, default=0) < 0 or not total > 0:
        raise ValueError("Weights are never negative, and not all zero.")
    return tuple(sum(w * v for w, v in zip(weights, row, strict=True)) / total for row in values)
