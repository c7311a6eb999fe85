"""False alerts and found surges of one run over many series, with and without control of false discoveries.

    python bench/falsealerts.py [--runs 200]

1,000 points a run, usual counts from 0.2 to 50 (even on a logarithmic scale), negative binomial with
size 4, the usual counts known. 20 points have a surge of k standard deviations. Both the counts and the
law are simulated as the p-values assume: the table says what the adjustment does, not what a detector's
p-values are worth.
"""

import argparse
import os
import sys
import time

import numpy as np

from pasaj.core.falsealerts import adjust, attainable, tail

POINTS, SURGES, SIZE, Q = 1000, 20, 4.0, 0.1
SURGE_SIZES = (2, 4, 6, 8, 10)


def one(rng: np.random.Generator, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, usual counts, and where there is a surge."""
    mean = np.exp(rng.uniform(np.log(0.2), np.log(50), POINTS))
    surge = np.zeros(POINTS, dtype=bool)
    surge[rng.choice(POINTS, SURGES, replace=False)] = True
    counts = rng.negative_binomial(SIZE, SIZE / (SIZE + mean)).astype(float)
    more = rng.poisson(k * np.sqrt(mean + mean**2 / SIZE))
    return np.where(surge, counts + more, counts), mean, surge


def rings(counts: np.ndarray, mean: np.ndarray) -> dict[str, np.ndarray]:
    """Which points ring, by method."""
    p, middle = tail(counts, mean, SIZE), tail(counts, mean, SIZE, mid=True)
    support = attainable(mean, SIZE)
    return {
        "p < 0.01": p < 0.01,
        "by": adjust(p, method="by") <= Q,
        "bh": adjust(p) <= Q,
        "dbh": adjust(p, method="dbh", support=support) <= Q,
        "heyse": adjust(p, method="heyse", support=support) <= Q,
        "bh of mid-p": adjust(middle) <= Q,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="runs for each size of surge (default %(default)s)")
    chosen = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, load {os.getloadavg()[0]:.1f}")
    rng, begun = np.random.default_rng(20260301), time.process_time()
    false: dict[str, list[int]] = {}
    share: dict[str, list[float]] = {}
    found: dict[str, dict[int, int]] = {}
    for k in SURGE_SIZES:
        for _ in range(chosen.runs):
            counts, mean, surge = one(rng, k)
            for name, alarm in rings(counts, mean).items():
                wrong = int((alarm & ~surge).sum())
                false.setdefault(name, []).append(wrong)
                share.setdefault(name, []).append(wrong / max(1, int(alarm.sum())))
                hits = found.setdefault(name, dict.fromkeys(SURGE_SIZES, 0))
                hits[k] += int((alarm & surge).sum())
    print(f"{chosen.runs} runs for each of k = {SURGE_SIZES}; q = {Q}; {time.process_time() - begun:.0f} s CPU")
    print(f"{'':>12} {'false per 1,000':>16} {'FDR %':>7} " + " ".join(f"{f'k={k} %':>8}" for k in SURGE_SIZES))
    for name in false:
        per_thousand = 1000 * np.mean(false[name]) / (POINTS - SURGES)
        cells = " ".join(f"{100 * found[name][k] / (SURGES * chosen.runs):>8.1f}" for k in SURGE_SIZES)
        print(f"{name:>12} {per_thousand:>16.2f} {100 * np.mean(share[name]):>7.1f} {cells}")
    counts, mean, _ = one(rng, 4)
    for copies in (1, 10, 100):
        p, level = np.tile(tail(counts, mean, SIZE), copies), np.tile(mean, copies)
        begun = time.process_time()
        adjust(p)
        plain = time.process_time() - begun
        begun = time.process_time()
        adjust(p, method="heyse", support=attainable(level, SIZE))
        print(f"{len(p):>7} tests: bh {plain:.4f} s, heyse with its support {time.process_time() - begun:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
