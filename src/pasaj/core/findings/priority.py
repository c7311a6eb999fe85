"""What to look at first: severity x certainty x reach, each a number from 0 to 1, all three shown beside the product.

A product, so that what is grave, sure and wide comes first and no factor buys off another. Each factor is a
convention written down in docs/methods/findings.md, not a probability.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from pasaj.core.findings.shapes import Draft, Reach, Severity

ALONE = 0.8
"""What the word of one assessor counts for, beside two or more."""
UNVERIFIED = 0.5
"""What a mandate counts for that nobody has checked against its source yet."""
HALF_SAID = 0.7
"""What an exchange counts for on which only one end has spoken."""


@dataclass(frozen=True, slots=True)
class Priority:
    """The three factors, each 0 to 1."""

    severity: float
    certainty: float
    reach: float

    @property
    def product(self) -> float:
        return self.severity * self.certainty * self.reach


def certainty(parts: Mapping[str, float]) -> float:
    """The product of the parts; 1 without any. Raises ValueError for a part outside 0 to 1."""
    if any(not 0 <= one <= 1 for one in parts.values()):
        raise ValueError("A part of a certainty lies between 0 and 1.")
    return prod(parts.values())


def priority(severity: int, parts: Mapping[str, float], reach: float) -> Priority:
    """The factors of a finding. Severity counts in quarters: 1 is 0.25, 4 is 1."""
    return Priority(severity / Severity.CRITICAL, certainty(parts), reach)


def of_draft(draft: Draft) -> Priority:
    """The factors of a draft."""
    return priority(draft.severity, draft.certainty, draft.reach.share)


def voices(several: int, observed: int) -> float:
    """How much the number of assessors carries: ALONE where no cell was observed by two, 1 where all were.

    several: cells observed by two or more, or settled; observed: cells observed at all (one or more).
    """
    return ALONE + (1 - ALONE) * several / observed


def half(reach: Reach) -> bool:
    """Whether half or more is concerned."""
    return reach.share >= 1 / 2
