"""How often the 90 % intervals of the nowcast hold the final count, on simulated reports, and what they cost.

    python bench/nowcast.py [--runs 200]

Each run: daily counts of 120 days, each case with its own delay; the triangle is cut on the last day.
All rows that are not complete are judged, and the newest row by itself.
"""

import argparse
import os
import sys
import time

import numpy as np

from pasaj.core.nowcast import complete

DAYS = 120
SHAPES = {
    "half a day": np.array([0.5, 0.25, 0.13, 0.07, 0.03, 0.02]),
    "two weeks": np.exp(-np.arange(15) / 4) / np.exp(-np.arange(15) / 4).sum(),
    "late peak": np.array([0.05, 0.1, 0.2, 0.25, 0.2, 0.1, 0.06, 0.04]),
}
LEVELS = (2, 5, 20, 100, 1000)
SPREADS = {"Poisson": None, "NB size 10": 10.0, "NB size 2": 2.0}


def triangle(
    rng: np.random.Generator, level: float, shape: np.ndarray, size: float | None, growth: float, moving: float
) -> tuple[np.ndarray, np.ndarray]:
    """Reports by day and delay as known on the last day, and the final counts.

    `growth`: of the level a day. `moving`: delays of a day scatter as a Dirichlet with this weight (0: not).
    """
    mean = level * (1 + growth) ** (np.arange(DAYS) - DAYS / 2)
    final = rng.poisson(mean) if size is None else rng.negative_binomial(size, size / (size + mean))
    shares = rng.dirichlet(moving * shape, DAYS) if moving else np.tile(shape, (DAYS, 1))
    reports = rng.multinomial(final, shares).astype(float)
    unseen = np.arange(DAYS)[:, None] + np.arange(len(shape)) >= DAYS
    return np.where(unseen, np.nan, reports), final


def judge(runs: int, level: float, shape: np.ndarray, size: float | None, growth: float, moving: float) -> str:
    """Coverage of all open rows and of the newest, width over the count, mean error over the count."""
    rng = np.random.default_rng(20260301)
    inside, newest, width, error = [], [], [], []
    for _ in range(runs):
        table, final = triangle(rng, level, shape, size, growth, moving)
        found = complete(table)
        rows = slice(DAYS - len(shape) + 1, DAYS)
        held = (found.lower[rows] <= final[rows]) & (final[rows] <= found.upper[rows])
        inside.append(held.mean())
        newest.append(held[-1])
        width.append((found.upper[-1] - found.lower[-1]) / max(1, final.mean()))
        error.append((found.estimate[-1] - final[-1]) / max(1, final.mean()))
    values = (100 * np.mean(inside), 100 * np.mean(newest), np.median(width), 100 * np.mean(error))
    return "{:>8.1f} {:>8.1f} {:>8.2f} {:>8.1f}".format(*values)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="runs for each case (default %(default)s)")
    runs = parser.parse_args().runs
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, load {os.getloadavg()[0]:.1f}, {runs} runs")
    print(f"{'counts':>12} {'delays':>12} {'level':>6} {'open %':>8} {'newest %':>8} {'width':>8} {'bias %':>8}")
    begun = time.process_time()
    for name, size in SPREADS.items():
        for label, shape in SHAPES.items():
            for level in LEVELS:
                print(f"{name:>12} {label:>12} {level:>6} {judge(runs, level, shape, size, 0, 0)}", flush=True)
    for name, growth, moving in (("+3 % a day", 0.03, 0.0), ("-3 % a day", -0.03, 0.0), ("delays move", 0.0, 30.0)):
        for level in (20, 100):
            line = judge(runs, level, SHAPES["two weeks"], 10.0, growth, moving)
            print(f"{name:>12} {'two weeks':>12} {level:>6} {line}", flush=True)
    cases = runs * (len(SPREADS) * len(SHAPES) * len(LEVELS) + 6)
    print(f"{1000 * (time.process_time() - begun) / cases:.2f} ms CPU a triangle, its simulation included")
    return 0


if __name__ == "__main__":
    sys.exit(main())
