"""What is usual, for pages: the detectors' own expectation and range, without the numerical library.

The web process draws a pale band beside each figure and asks about a value far outside it. It must show
the numbers that a detection run would find, so this is EARS C1 and C2 (Hutwagner and others 2003) over
again in plain Python; a test holds it against `core.detect.ears`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FAR = 2.0  # times beyond the range
NEAR = 5.0  # a smaller distance is never asked about: counts of a few people swing


@dataclass(frozen=True, slots=True)
class Usual:
    """What was to be expected in one period, and the range that is not unusual. Units of the values."""

    expected: float
    lower: float
    upper: float


def usual(
    values: Sequence[float | None],
    *,
    lag: int = 3,
    baseline: int = 7,
    min_baseline: int = 5,
    min_sigma: float = 0.5,
    alpha: float = 0.001,
) -> list[Usual | None]:
    """The usual range of every value, from the values before it.

    `values`: one a period without holes, None where nothing was reported. `lag`: how many periods before the
    value the baseline ends (1 for C1, 3 for C2). The others as in `core.detect.ears`. None where fewer than
    `min_baseline` values of the baseline were reported.
    """
    z = -NormalDist().inv_cdf(alpha)
    found = []
    for at in range(len(values)):
        last = at - lag + 1
        before = [value for value in values[max(0, last - baseline) : max(0, last)] if value is not None]
        found.append(_range(before, z, min_sigma) if len(before) >= max(2, min_baseline) else None)
    return found


def far_outside(value: float, about: Usual) -> bool:
    """Whether a value is so far outside the range that it was probably mistyped: more than twice the upper
    bound or less than half the lower one, and at least five away from it.
    """
    if value > about.upper:
        return value > FAR * about.upper and value - about.upper >= NEAR
    return value < about.lower / FAR and about.lower - value >= NEAR


def _range(before: Sequence[float], z: float, min_sigma: float) -> Usual:
    mean = sum(before) / len(before)
    spread = sqrt(sum((value - mean) ** 2 for value in before) / (len(before) - 1))
    reach = z * max(spread, min_sigma)
    return Usual(mean, max(0.0, mean - reach), mean + reach)
