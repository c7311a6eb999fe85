"""Settings of Farrington for months, on simulated months with seasons, a drifting level and single unusual months.

    python bench/monthly.py [--replicates 60] [--seed 7]

Months are negative binomial about a mean with a trend, a yearly wave with one month of its own, and a level that
drifts as a random walk; levels 30, 500 and 20,000, variance of the rate 0.5 and 3 %, drift 0, 2 and 5 % a month.
The last twelve months are judged as they are, for false alarms; the last one also at 1.4 and 0.65 times its mean,
and as the fourth of four at 0.65. Both directions, 1 % asked for on each: 2 % is what the method promises.
"""

import argparse
import sys
from itertools import product

import numpy as np

from pasaj.core.detect import run

LEVELS, VARIANCES, DRIFTS, SEASONS, TRENDS = (30, 500, 20000), (0.005, 0.03), (0.0, 0.02, 0.05), (0.1, 0.4), (0, 0.008)
JUDGED, RISE, FALL = 12, 1.4, 0.65
SETTINGS = (  # seasons, months on either side, latest months left out
    (1, 1, 2),
    (1, 0, 2),
    (2, 1, 2),
    (3, 1, 2),
    (4, 1, 2),
    (4, 1, 0),
    (4, 1, 6),
    (6, 1, 2),
    (12, 0, 2),
)


def simulate(rng: np.random.Generator, months: int, replicates: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts (series, months), the means of the last four months (series, 4), and the monthly drift (series)."""
    month = np.arange(months)
    counts, last, drifts = [], [], []
    for level, variance, drift, season, trend in product(LEVELS, VARIANCES, DRIFTS, SEASONS, TRENDS):
        phase = rng.uniform(0, 2 * np.pi, (replicates, 1))
        log = np.log(level) + trend * (month - months / 2) + season * np.sin(2 * np.pi * month / 12 + phase)
        log = log + np.where(month % 12 == 6, season / 2, 0)
        log = log + np.cumsum(rng.normal(0, drift, (replicates, months)), axis=1)
        mean = np.exp(log) * rng.gamma(1 / variance, variance, (replicates, months))
        counts.append(rng.poisson(mean))
        last.append(mean[:, -4:])
        drifts.append(np.full(replicates, drift))
    return np.concatenate(counts).astype(float), np.concatenate(last), np.concatenate(drifts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=60, help="series of each kind (default %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="default %(default)s")
    chosen = parser.parse_args()
    rng = np.random.default_rng(chosen.seed)
    for months, years in ((96, 5), (64, 3)):
        clean, mean, drifts = simulate(rng, months, chosen.replicates)
        shocked = []
        for factor, last in ((RISE, 1), (FALL, 1), (FALL, 4)):
            table = clean.copy()
            table[:, -last:] = rng.poisson(factor * mean[:, -last:])
            shocked.append(table)
        print(f"\n{years} years of history, {len(clean)} series: percent of months that ring")
        print(f"{'seasons, w, left out':>22} {'false':>6} {'by drift':>17} {'x 1.4':>6} {'x 0.65':>6} {'fourth':>6}")
        for seasons, w, past in SETTINGS:
            controls = {"b": years, "w": w, "freq": 12, "no_periods": seasons, "past_weeks_not_included": past}
            controls |= {"limit54": (0, 1), "direction": "both"}
            times = np.arange(months)
            wrong = run("farrington", clean, times, slice(months - JUDGED, months), **controls).alarm
            by = " ".join(f"{100 * wrong[drifts == one].mean():>5.1f}" for one in DRIFTS)
            found = [
                run("farrington", table, times, slice(months - 1, months), **controls).alarm.mean() for table in shocked
            ]
            print(f"{f'{seasons}, {w}, {past}':>22} {100 * wrong.mean():>6.1f} {by:>17} ", end="")
            print(" ".join(f"{100 * one:>6.1f}" for one in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
