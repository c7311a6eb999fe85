"""How grave a signal is: a sum of small whole numbers that anybody can add up again.

A number that nobody can explain is not acted on. So the grade is no model but a rule: points for how large the change
is, for how certain it is, for whether people's protection is at stake, and for how long it has lasted. The rule's own
texts are shown beside the grade. The grades are those of CAP 1.2 (severity: Minor, Moderate, Severe, Extreme), so that
an alert can be begun from them; the limits are ours (docs/methods/severity.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GRADES = ("", "minor", "moderate", "severe", "extreme")
"""Names of the grades 0 to 4; 0 is not judged."""
SIZES = ((1.5, 1), (2.0, 2), (3.0, 3))
"""From which ratio of observed to expected (or its inverse, for a fall) how many points."""
LEAST = 5.0
"""A difference below this gives one point at most: counts of a few people swing."""
CERTAIN = 0.001
"""From which chance (q-value where there is one, else p-value) downwards a signal has the point for certainty."""
LASTING = 3
"""From how many unusual periods on an episode has the point for lasting."""
GRADE_OF = (1, 1, 2, 2, 3, 3, 4)
"""The grade by points, 0 to 6."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the rule: `name` (size, certainty, protection, lasting), its points and the number it rests on."""

    name: str
    points: int
    value: float


@dataclass(frozen=True, slots=True)
class Severity:
    """`grade` 1 to 4 (see GRADES) and the parts that it is the sum of."""

    grade: int
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)


def judge(
    *,
    observed: float,
    expected: float,
    chance: float | None,
    protection: bool,
    periods: int = 1,
) -> Severity:
    """Grade a signal.

    `observed`, `expected`: counts per period. `chance`: q-value or p-value, None where the method has none (no point).
    `protection`: the measure calls for protection first. `periods`: unusual periods of its episode so far.
    """
    ratio = _ratio(observed, expected)
    size = max((points for limit, points in SIZES if ratio >= limit), default=0)
    if abs(observed - expected) < LEAST:
        size = min(size, 1)
    parts = (
        Part("size", size, ratio),
        Part("certainty", int(chance is not None and chance <= CERTAIN), 1.0 if chance is None else chance),
        Part("protection", int(protection), float(protection)),
        Part("lasting", int(periods >= LASTING), float(periods)),
    )
    return Severity(GRADE_OF[sum(part.points for part in parts)], parts)


def _ratio(observed: float, expected: float) -> float:
    """How many times more (or less) than expected, at least 1. Below one a period everything is compared with one."""
    more, less = max(observed, expected, 1.0), max(min(observed, expected), 1.0)
    return more / less


def of_episode(grades: Sequence[int]) -> int:
    """The grade of an episode: that of its gravest signal; 0 without any."""
    return max(grades, default=0)
