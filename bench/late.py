"""What late reports do to alarms: the newest day judged as reported, as completed, and by Pasaj's rule for both.

    python bench/late.py [--runs 300]

Each run: daily counts of 120 days, each case with its own delay, known up to the morning after the last day. Quiet
days show how often each way rings for nothing; days of twice, or a third, of the usual count how often it finds them.
"""

import argparse
import os
import sys
import time

import numpy as np

from pasaj.core import judging, late
from pasaj.core.judging import Settings
from pasaj.core.late import COMPLETED, WAITING, Report

DAYS, MOST = 120, 14
SHAPES = {
    "half a day": np.array([0.5, 0.25, 0.13, 0.07, 0.03, 0.02]),
    "two weeks": np.exp(-np.arange(14) / 4) / np.exp(-np.arange(14) / 4).sum(),
    "late peak": np.array([0.05, 0.1, 0.2, 0.25, 0.2, 0.1, 0.06, 0.04]),
}
LEVELS = (5, 20, 100)
SHOCKS = {"quiet": 1.0, "twice": 2.0, "a third": 1 / 3}
TIMES = np.datetime64("2026-01-01") + np.arange(DAYS)


def history(rng: np.random.Generator, level: float, shape: np.ndarray, factor: float) -> list[list[Report]]:
    """The reports of every day as far as they are known on the morning after the last one."""
    mean = np.full(DAYS, level)
    mean[-1] *= factor
    known = rng.multinomial(rng.negative_binomial(10, 10 / (10 + mean)), shape).cumsum(axis=1)
    return [
        [Report(delay, float(known[at, delay])) for delay in range(min(len(shape), DAYS - at))] for at in range(DAYS)
    ]


def judged(counts: np.ndarray) -> str:
    """Which way the newest day rings by the method of the chooser; empty: not at all."""
    found = judging.judge(counts[None], TIMES, slice(DAYS - 1, None), cadence="day", settings=[Settings()])
    return ("up" if counts[-1] > found.expected[0, 0] else "down") if found.alarm[0, 0] else ""


def look(rng: np.random.Generator, level: float, shape: np.ndarray, factor: float) -> tuple[str, str, str]:
    """Which way the newest day rings: as reported, as completed, and by the rule for both."""
    rows = history(rng, level, shape, factor)
    raw = np.array([row[-1].value for row in rows], dtype=float)
    habit = late.habit(rows, 0, most=MOST)
    found = late.estimates(rows, 0, habit, interval=0.9) if habit else {}
    done = raw.copy()
    for at, one in found.items():
        done[at] = one.value
    as_reported, as_completed = judged(raw), judged(done)
    rests = late.rests_on(as_reported, as_completed)
    return as_reported, as_completed, as_completed if rests == COMPLETED else as_reported if rests != WAITING else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300, help="runs for each case (default %(default)s)")
    runs = parser.parse_args().runs
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, load {os.getloadavg()[0]:.1f}, {runs} runs")
    print("% of newest days that ring down / up")
    print(f"{'delays':>12} {'level':>6} {'day':>8} {'as reported':>15} {'as completed':>15} {'the rule':>15}")
    begun = time.process_time()
    for label, shape in SHAPES.items():
        for level in LEVELS:
            for name, factor in SHOCKS.items():
                rng = np.random.default_rng(20260301)
                rung = np.array([look(rng, level, shape, factor) for _ in range(runs)])
                shares = [100 * (rung == side).mean(axis=0) for side in ("down", "up")]
                cells = " ".join(f"{down:>7.1f} /{up:>6.1f}" for down, up in zip(*shares, strict=True))
                print(f"{label:>12} {level:>6} {name:>8} {cells}", flush=True)
    cases = runs * len(SHAPES) * len(LEVELS) * len(SHOCKS)
    print(f"{1000 * (time.process_time() - begun) / cases:.1f} ms CPU a look, its simulation included")
    return 0


if __name__ == "__main__":
    sys.exit(main())
