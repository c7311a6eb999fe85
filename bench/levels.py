"""How often a change of level is told where nothing changed, and how soon a slow rise is, looked at every morning.

    python bench/levels.py [series]

Prints a table of docs/methods/level-shift.md. Counts are negative binomial with a weekly pattern; every series is
looked at each day of a year as detection does: half a year back, ratios from 1.25 on, changes of the last 56 days.
"""

import sys
from typing import Any

import numpy as np

from pasaj.core import shift

LENGTH, LEAST, RECENT, SIZE, LIMIT = 182, 14, 56, 1.25, 0.001
WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
YEAR, BEGINS, GROWS = 365, 60, 28
CASES = ((60, 0.1, False), (300, 0.05, False), (10, 0.1, False), (60, 0.1, True))


def counts(rng: np.random.Generator, mean: float, alpha: float, *, moving: bool, rise: bool) -> Any:
    days = np.arange(LENGTH + YEAR)
    mu = mean * WEEK[days % 7]
    if moving:
        swing = np.zeros(len(days))
        for day in days[1:]:
            swing[day] = 0.6 * swing[day - 1] + rng.normal(0, 0.15)
        mu = mu * np.exp(swing)
    if rise:
        mu = mu * (1 + 0.5 * np.clip((days - LENGTH - BEGINS + 1) / GROWS, 0, 1))
    return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mu)).astype(float)


def told(values: Any, end: int) -> int | None:
    """The day since which another level is told on the morning after `end`, where it is worth a signal."""
    (found,) = shift.shifts(values[None, end - LENGTH : end], least=LEAST, weekdays=True, limit=LIMIT)
    if found is None or LENGTH - found.since > RECENT or 1 / SIZE < found.ratio < SIZE:
        return None
    return end - LENGTH + found.since


def case(series: int, mean: float, alpha: float, *, moving: bool) -> str:
    rng = np.random.default_rng(5)
    false, delays = 0, []
    for _ in range(series):
        quiet, last = counts(rng, mean, alpha, moving=moving, rise=False), -LENGTH
        for end in range(LENGTH, LENGTH + YEAR):
            since = told(quiet, end)
            if since is not None and abs(since - last) > 2 * LEAST:
                false, last = false + 1, since
        rising, begins = counts(rng, mean, alpha, moving=moving, rise=True), LENGTH + BEGINS
        for end in range(begins + 1, begins + 3 * GROWS):
            since = told(rising, end)
            if since is not None and since > begins - LEAST:
                delays.append(end - begins)
                break
    name = f"mean {mean:g}, alpha {alpha:g}{', days move together' if moving else ''}"
    late = f"{np.median(delays):.0f}" if delays else "-"
    return f"| {name} | {false / series:.3f} | {len(delays) / series:.2f} | {late} |"


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    print("| counts | false signals a series and year | slow rise told | days after it began |")
    print("|---|---|---|---|")
    for mean, alpha, moving in CASES:
        print(case(number, mean, alpha, moving=moving), flush=True)
