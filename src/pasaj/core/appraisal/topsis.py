"""TOPSIS: how near an option is to the best of everything, and how far from the worst of everything.

Source: C. L. Hwang and K. Yoon, "Multiple Attribute Decision Making" (1981), chapter III.3.6, with *vector*
normalisation: each column divided by its Euclidean length. Software that divides otherwise by default (pymcdm: by the
range) gives another order.
"""

from collections.abc import Sequence
from math import hypot, sqrt


def topsis(
    matrix: Sequence[Sequence[float]], weights: Sequence[float], benefits: Sequence[bool] | None = None
) -> tuple[float, ...] | None:
    """Relative closeness to the ideal, from 0 to 1. None where all options are alike: then nothing is nearer.

    matrix: options x criteria; benefits: whether more is better (all, when left out); weights count in proportion.
    A column of zeros says nothing. Raises ValueError: lengths differ, a weight is negative, or all are zero.
    """
    many = len(weights)
    benefits = [True] * many if benefits is None else benefits
    total = sum(weights)
    if len(benefits) != many or any(len(row) != many for row in matrix):
        raise ValueError("Each option has one figure a criterion.")
    if min(weights, default=0) < 0 or not total > 0:
        raise ValueError("Weights are never negative, and not all zero.")
    if not matrix:
        return None
    columns = []
    for at, weight in enumerate(weights):
        column = [row[at] for row in matrix]
        length = hypot(*column)
        sign = 1 if benefits[at] else -1
        columns.append([sign * weight / total * one / length if length else 0.0 for one in column])
    best, worst = [max(column) for column in columns], [min(column) for column in columns]
    found = []
    for row in zip(*columns, strict=True):
        above = sqrt(sum((one - top) ** 2 for one, top in zip(row, best, strict=True)))
        below = sqrt(sum((one - bottom) ** 2 for one, bottom in zip(row, worst, strict=True)))
        found.append((below, above))
    if not any(below + above for below, above in found):
        return None
    return tuple(below / (below + above) for below, above in found)
