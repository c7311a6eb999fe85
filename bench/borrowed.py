"""What a daily series that has only begun gains by a past borrowed from its neighbours (core/judging, core/neighbours).

    python bench/borrowed.py [series]

Prints a table of docs/methods/neighbours.md: how often the last day rings, with the own days alone and with a borrowed
past, where nothing happened and where that day is doubled. Negative binomial counts with a common weekly pattern.
"""

import sys

import numpy as np

from pasaj.core.judging import Settings, judge

WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
DAYS = np.arange("2025-01-01", "2025-05-01", dtype="datetime64[D]")
CASES = ((60, 0.1, 8, 4), (60, 0.1, 15, 4), (60, 0.1, 25, 8), (300, 0.03, 15, 8), (10, 0.1, 15, 4))


def case(series: int, mean: float, alpha: float, own: int, places: int) -> str:
    rng = np.random.default_rng(9)
    week = WEEK[np.arange(len(DAYS)) % 7]
    counts, neighbours = np.empty((series, len(DAYS))), []
    for row in range(series):
        means = np.outer(mean * np.exp(rng.normal(0, 0.8, places)), week)
        neighbours.append(rng.negative_binomial(1 / alpha, 1 / (1 + alpha * means)).astype(float))
        counts[row] = rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean * week))
    counts[:, : len(DAYS) - own] = np.nan
    shares = []
    for times in (1, 2):
        shocked = counts.copy()
        shocked[:, -1] = np.round(shocked[:, -1] * times)
        for lenders in ([], neighbours):
            last = slice(len(DAYS) - 1, len(DAYS))
            found = judge(shocked, DAYS, last, cadence="day", settings=[Settings()] * series, lenders=lenders)
            shares.append(f"{found.alarm.mean():.3f}")
    return f"| mean {mean:g}, alpha {alpha:g}, {own} own days, {places} neighbours | " + " | ".join(shares) + " |"


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 240
    print("| counts | quiet: own days | quiet: borrowed | doubled: own days | doubled: borrowed |")
    print("|---|---|---|---|---|")
    for mean, alpha, own, places in CASES:
        print(case(number, mean, alpha, own, places), flush=True)
