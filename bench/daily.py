"""How often `daily` rings on simulated counts, what it costs, and what it says of published counts.

    python bench/daily.py                 # rates and cost on simulated counts: two minutes
    python bench/daily.py --published     # also ../shared/data/hk_daily_passenger_traffic_2021_2026.csv: ten minutes

CPU time of one thread (set OPENBLAS_NUM_THREADS=1). The simulated counts are negative binomial with a weekly pattern.
"""

import argparse
import csv
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from pasaj.core.detect import run

WEEK = np.array([1.0, 1.5, 0.8, 0.9, 1.6, 0.7, 0.4])
SERIES = 320
PUBLISHED = Path(__file__).parent.parent.parent / "shared/data/hk_daily_passenger_traffic_2021_2026.csv"
FROM, LEAST = "2024-01-01", 50.0
CLOSED = ("2025-09-23", "2025-09-24")  # known_events.csv beside the counts


def simulated(days: int, mean: float, alpha: float, year: float = 0.0, seed: int = 1) -> np.ndarray:
    rng, day = np.random.default_rng(seed), np.arange(days)
    level = mean * WEEK[day % 7] * np.exp(year * np.sin(2 * np.pi * day / 365.25)) * np.ones((SERIES, 1))
    return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * level)).astype(float)


def rates() -> None:
    print("days  mean  alpha  wave   rose   fell  doubled: told   ms a model")
    for year in (0.0, 0.3):
        for days in (42, 70, 119, 203, 357, 497, 798):
            for mean, alpha in ((2, 0.1), (20, 0.1), (300, 0.05), (5000, 0.02)):
                counts = simulated(days, mean, alpha, year)
                part, times = slice(days - 7, days), np.arange(days)
                begun = time.process_time()
                found = run("daily", counts, times, part, direction="both", alpha=0.02)
                spent = (time.process_time() - begun) / SERIES * 1000
                today = counts[:, part]
                rose, fell = (today > found.upper).mean(), (today < found.lower).mean()
                told = (2 * today > found.upper).mean()
                print(f"{days:4} {mean:5} {alpha:6} {year:5} {rose:6.4f} {fell:6.4f} {told:12.2f} {spent:12.2f}")


def against_rare() -> None:
    """Low counts: where the method for rare ones is better."""
    print("mean  alpha  method  rose, of asked 0.01   tripled: told")
    for mean, alpha in ((0.3, 0.2), (1, 0.2), (2, 0.2), (5, 0.2), (5, 0.02)):
        counts, times, part = simulated(120, mean, alpha), np.arange(120), slice(113, 120)
        for method in ("daily", "rare"):
            found = run(method, counts, times, part, alpha=0.01)
            today = counts[:, part]
            more = today + np.random.default_rng(2).poisson(2 * mean, today.shape)
            print(f"{mean:4} {alpha:6} {method:>6} {found.alarm.mean():12.4f} {(more > found.upper).mean():18.3f}")


def published() -> None:
    if not PUBLISHED.exists():
        print(f"{PUBLISHED.name} is not there.")
        return
    table: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    with PUBLISHED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for way in ("arr", "dep"):
                who = (f"{way}_residents", f"{way}_mainland", f"{way}_others")
                table[f"{row['control_point']} {way}"][row["date"]] += sum(float(row[name] or 0) for name in who)
    dates = sorted({date for counts in table.values() for date in counts})
    counts = np.array([[table[name].get(date, np.nan) for date in dates] for name in sorted(table)])
    counts = counts[counts[:, -400:].mean(axis=1) > LEAST]
    times = np.array(dates, dtype="datetime64[D]")
    part = slice(int(np.searchsorted(times, np.datetime64(FROM))), None)
    closed = np.isin(times[part], np.array(CLOSED, dtype="datetime64[D]"))
    years = closed.size / 365.25 * len(counts)
    print(f"{len(counts)} series from {FROM}: alarms a series and year, alarms on the closed days")
    for method in ("ears_c2", "daily"):
        for direction in ("up", "both"):
            # EARS takes its rate a side, daily for both together.
            alpha = 0.001 if direction == "both" and method == "ears_c2" else 0.002
            alarm = run(method, counts, times, part, direction=direction, alpha=alpha).alarm
            hit = f"{alarm[:, closed].sum()} of {alarm[:, closed].size}"
            print(f"{method:>8} {direction:>5} {alarm[:, ~closed].sum() / years:6.2f}   {hit}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--published", action="store_true")
    arguments = parser.parse_args()
    rates()
    against_rare()
    if arguments.published:
        published()
