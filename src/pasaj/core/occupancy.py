"""How fast a place of reception fills, and when it would be full at that pace: an estimate, never a forecast."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from statistics import median

FEWEST = 4  # days with a figure from which a pace is told


def pace(values: Mapping[date, float], on: date, *, days: int = 7) -> float | None:
    """Places more (or fewer) a day over the last `days` days up to `on`: the median of the slopes between any two days.

    None with fewer than four days reported. One wrong day moves it little. Source: Theil (1950), Sen (1968).
    """
    known = sorted((day, value) for day, value in values.items() if 0 <= (on - day).days < days)
    if len(known) < FEWEST:
        return None
    return median((b - a) / (later - day).days for (day, a), (later, b) in combinations(known, 2))


def full_in(occupied: float, places: float, change: float | None) -> float | None:
    """Days until the places are taken at this pace (from `pace`): 0.0 when they are; None when they never would be."""
    if occupied >= places:
        return 0.0
    if change is None or change <= 0:
        return None
    return (places - occupied) / change
