"""How often places "rise together" in simulated counts where nothing happened, and how often a true rise is found.

    python bench/groups.py [tables]

Prints the table of docs/methods/groups.md. Places have levels and weekdays of their own and common swings; counts are
negative binomial with a variance of mean + alpha * mean^2, or vary together from day to day as well.
"""

import sys
import time
from typing import Any

import numpy as np

from pasaj.core import groups, scan

DAYS, LONGEST, LIMIT = 56, 7, 0.01
CASES = (
    (4, 60, 0.1, False), (8, 60, 0.1, False), (12, 60, 0.1, False), (12, 10, 0.1, False), (12, 300, 0.03, False),
    (12, 60, 0.3, False), (12, 60, 0.1, True),
)  # fmt: skip


def table(rng: np.random.Generator, places: int, mean: float, alpha: float, *, moving: bool) -> Any:
    levels = mean * np.exp(rng.normal(0, 0.6, (places, 1)))
    week = np.exp(rng.normal(0, 0.35, (places, 7)))[:, np.arange(DAYS) % 7]
    mu = levels * week * np.exp(rng.normal(0, 0.1, DAYS))
    if moving:
        swing = np.zeros((places, DAYS))
        for day in range(1, DAYS):
            swing[:, day] = 0.6 * swing[:, day - 1] + rng.normal(0, 0.15, places)
        mu = mu * np.exp(swing)
    return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mu)).astype(float)


def plain(counts: Any, zones: Any, seed: int) -> bool:
    """The scan of the counts as they are."""
    found = scan.space_time(counts, zones, LONGEST, replicates=99, seed=seed)
    return any(one.gumbel <= LIMIT and len(one.locations) > 1 for one in found.clusters)


def case(tables: int, places: int, mean: float, alpha: float, *, moving: bool) -> str:
    rng = np.random.default_rng(1)
    row = np.arange(places)
    zones = scan.distinct(
        [[place] for place in row],
        scan.nearest(np.abs(row[:, None] - row), min(5, places // 2)),
        scan.stretches(list(row), places // 2),
    )
    rising = 2 if places < 6 else 4
    false, unscaled, found = 0, 0, {1.6: 0, 2.0: 0}
    spent = 0.0
    for seed in range(tables):
        counts = table(rng, places, mean, alpha, moving=moving)
        began = time.process_time()
        false += bool(groups.rising(counts, zones, LONGEST, weekdays=True, seed=seed))
        spent += time.process_time() - began
        unscaled += seed < tables // 5 and plain(counts, zones, seed)
        for times in found:
            shocked = counts.copy()
            shocked[:rising, -3:] = np.round(shocked[:rising, -3:] * times)
            found[times] += bool(groups.rising(shocked, zones, LONGEST, weekdays=True, seed=seed))
    name = f"{places} places, mean {mean:g}, alpha {alpha:g}{', days move together' if moving else ''}"
    shares = " | ".join(f"{one / tables:.2f}" for one in found.values())
    return (
        f"| {name} | {unscaled / (tables // 5):.2f} | {false / tables:.3f} | {shares} | {1000 * spent / tables:.0f} |"
    )


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print("| counts | false, as they are | false, scaled | 1.6 times found | 2 times found | ms |")
    print("|---|---|---|---|---|---|")
    for places, mean, alpha, moving in CASES:
        print(case(number, places, mean, alpha, moving=moving), flush=True)
