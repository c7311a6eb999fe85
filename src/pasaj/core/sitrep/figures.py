"""A count of the period against the period before and against what is usual: sums that anybody can do again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

BASELINE = 4  # earlier periods of the same length
LEAST = 3  # of these, with reports on at least half of their days
NEAR = 5.0  # a smaller distance is never called unusual: counts of a few people swing


@dataclass(frozen=True, slots=True)
class Weighed:
    """total: of the days reported; days: how many these are, of `expected`. before: the same of the period before.

    low, high: between which totals such a period usually lies: the lowest and the highest average a reported day of the
    earlier periods, times the days reported now. None where too few of them were reported.
    against: "above" or "below" where the total lies further beyond that range than twice the square root of its edge
    (as counts swing by themselves) and by at least NEAR; else "within"; "unknown" without a range.
    """

    total: float
    days: int
    expected: int
    before: float | None
    before_days: int
    low: float | None
    high: float | None
    against: str


def weigh(values: Sequence[float | None], span: int) -> Weighed | None:
    """Weigh the last `span` of some daily values, which end on the last day and have no holes (None: not reported).

    None where nothing was reported in the period. Raises ValueError: a span below one day.
    """
    if span < 1:
        raise ValueError("a period has at least one day")
    periods = [_reported(values, span, back) for back in range(BASELINE + 1)]
    here, before, earlier = periods[0], periods[1], periods[1:]
    if not here:
        return None
    averages = [sum(one) / len(one) for one in earlier if one and 2 * len(one) >= span]
    low = high = None
    against = "unknown"
    total = sum(here)
    if len(averages) >= LEAST:
        low, high = min(averages) * len(here), max(averages) * len(here)
        against = _against(total, low, high)
    return Weighed(
        total, len(here), span, sum(before) if before else None, len(before), low, high, against
    )  # fmt: skip


def _against(total: float, low: float, high: float) -> str:
    for beyond, edge, said in ((total - high, high, "above"), (low - total, low, "below")):
        if beyond >= max(NEAR, 2 * sqrt(edge)):
            return said
    return "within"


def differing(by_source: Mapping[str, Sequence[float | None]]) -> list[int]:
    """The positions of the days for which at least two sources gave different values."""
    found = []
    for at, said in enumerate(zip(*by_source.values(), strict=True)):
        if len({one for one in said if one is not None}) > 1:
            found.append(at)
    return found


def _reported(values: Sequence[float | None], span: int, back: int) -> list[float]:
    end = len(values) - back * span
    return [one for one in values[max(0, end - span) : max(0, end)] if one is not None]
