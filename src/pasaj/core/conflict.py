"""Two sources that speak of the same figure and do not agree. Neither is averaged away.

docs/methods/source-conflict.md says which differences ring and why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says. A `partial` figure is only a lower bound: it may well be below the others."""

    source: str
    value: Decimal
    quality: str = "exact"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two or more claims beside each other, the highest first.

    absolute: the largest contradiction, in the unit of the measure; relative: as a share (0 to 1) of the
    higher of the two. alarm: both reach their threshold. high and low are the claims that contradict.
    """

    claims: tuple[Claim, ...]
    high: Claim
    low: Claim
    absolute: Decimal
    relative: float
    alarm: bool


def compare(claims: Sequence[Claim], *, absolute: Decimal = Decimal(5), relative: float = 0.2) -> Difference | None:
    """Compare what several sources say of one figure; None with fewer than two sources.

    It rings when the difference is at least `absolute` (small numbers differ by chance and by an hour)
    and at least the share `relative` of the higher figure. A partial figure contradicts only what is
    below it. Raises ValueError for two claims of one source, and for thresholds below zero.
    """
    if absolute < 0 or relative < 0:
        raise ValueError("A threshold is zero or more.")
    if len({claim.source for claim in claims}) != len(claims):
        raise ValueError("A source speaks once of a figure.")
    if len(claims) < 2:
        return None
    ranked = tuple(sorted(claims, key=lambda claim: (-claim.value, claim.source)))
    high = ranked[0]
    bounds = [claim for claim in ranked[1:] if claim.quality != "partial"]
    low = bounds[-1] if bounds else high
    gap = high.value - low.value
    share = float(gap / high.value) if high.value else 0.0
    return Difference(ranked, high, low, gap, share, gap > 0 and gap >= absolute and share >= relative)


def conflicts(
    figures: Mapping[Key, Iterable[Claim]], *, absolute: Decimal = Decimal(5), relative: float = 0.2
) -> dict[Key, Difference]:
    """Every figure on which sources contradict each other beyond both thresholds (see `compare`)."""
    found: dict[Key, Difference] = {}
    for key, claims in figures.items():
        difference = compare(tuple(claims), absolute=absolute, relative=relative)
        if difference is not None and difference.alarm:
            found[key] = difference
    return found
