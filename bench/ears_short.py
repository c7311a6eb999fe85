"""How often EARS rings in the first weeks of a series, with normal and with Student's bounds.

    python bench/ears_short.py [--series 8000]

Simulated days: alarms on an ordinary day per 1,000, and the share of days of two and a half times the usual count that
ring. Both directions, alpha 0.001 on each side: 2 in 1,000 are asked for.
"""

import argparse

import numpy as np

from pasaj.core.detect import run

ALPHA, SURGE = 0.001, 2.5
HISTORIES = (3, 5, 9, 16, 30)  # days before the one judged
KINDS = ((5, 1.0, False), (20, 2.0, False), (100, 10.0, False), (100, 10.0, True))  # mean, variance by mean, weekdays
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.1, 0.9, 0.5])


def settings(days: int) -> dict[str, dict[str, object]]:
    """By name; a series of less than a week has only C1 with three days at least."""
    shared: dict[str, object] = {"variant": "C2", "min_baseline": 5, "min_sigma": 0.5}
    if days < 9:
        shared = {"variant": "C1", "min_baseline": 3, "min_sigma": 1.0}
    return {
        "normal, 7 days": {**shared, "baseline": 7},
        "Student, 7 days": {**shared, "baseline": 7, "student": True},
        "Student, 28 days": {**shared, "baseline": 28, "student": True},
    }


def drawn(rng: np.random.Generator, mean: np.ndarray, phi: float) -> np.ndarray:
    """Poisson counts, or negative binomial ones with so much variance by mean."""
    if phi <= 1:
        return rng.poisson(mean).astype(float)
    return rng.negative_binomial(mean / (phi - 1), 1 / phi).astype(float)


def means(rng: np.random.Generator, series: int, days: int, level: float, *, weekdays: bool) -> np.ndarray:
    """The mean of every day, the one judged included."""
    found = np.full((series, days + 1), float(level))
    if weekdays:
        first = rng.integers(0, 7, (series, 1))
        found *= (WEEK / WEEK.mean())[(first + np.arange(days + 1)) % 7]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=8000)
    series = parser.parse_args().series
    print("| days before | counts | " + " | ".join(f"{name}: false, found" for name in settings(9)) + " |")
    print("|---|---|---|---|---|")
    rng = np.random.default_rng(20260401)
    for days in HISTORIES:
        for level, phi, weekdays in KINDS:
            usual = means(rng, series, days, level, weekdays=weekdays)
            counts = drawn(rng, usual, phi)
            surge = counts.copy()
            surge[:, -1] = drawn(rng, SURGE * usual[:, -1], phi)
            cells = []
            for controls in settings(days).values():
                last = slice(days, days + 1)
                false, found = (
                    run(
                        "ears", table, np.arange(days + 1), last, alpha=ALPHA, direction="both", **controls
                    ).alarm.mean()
                    for table in (counts, surge)
                )
                cells.append(f"{1000 * false:.1f}, {100 * found:.0f} %")
            kind = f"mean {level}, dispersion {phi:g}{', weekdays' if weekdays else ''}"
            print(f"| {days} | {kind} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
