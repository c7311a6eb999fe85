"""False alerts and found surges of one run over many series, with and without control of false discoveries.

    python bench/falsealerts.py [--runs 200] [--low]

1,000 points a run, usual counts from 0.2 to 50 (even on a logarithmic scale), negative binomial with
size 4, the usual counts known. 20 points have a surge of k standard deviations. Both the counts and the
law are simulated as the p-values assume: the table says what the adjustment does, not what a detector's
p-values are worth.

With --low a run is what a home with many quiet posts has: 1,000 daily series of 0.05 to 1 a day, judged by the
method `rare` from 120 days of their own, the surges being single days. `bh` is also shown at the level at which it
rings as often for nothing as heyse does.
"""

import argparse
import os
import sys
import time

import numpy as np

from pasaj.core import attained
from pasaj.core.detect import run
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


DAYS, LOW_SURGES = 120, (3, 4, 5, 6, 8)
LEVELS = (0.05, 0.1, 0.2)


def quiet(rng: np.random.Generator, k: int) -> tuple[np.ndarray, np.ndarray, list[list[float] | None]]:
    """P-values of 1,000 low daily series, where there is a surge of k cases, and what each p-value could have been."""
    mean = np.exp(rng.uniform(np.log(0.05), np.log(1), POINTS))
    surge = np.zeros(POINTS, dtype=bool)
    surge[rng.choice(POINTS, SURGES, replace=False)] = True
    # A third of them come in groups: negative binomial with size 1.
    size = np.where(rng.random(POINTS) < 1 / 3, 1.0, 1e6)[:, None]
    counts = rng.negative_binomial(size, size / (size + mean[:, None]), (POINTS, DAYS + 1)).astype(float)
    counts[surge, -1] += k
    found = run("rare", counts, np.arange(DAYS + 1), slice(DAYS, DAYS + 1))
    assert found.law is not None
    law = found.law
    return found.p_value[:, 0], surge, [attained.kept(law, row, 0) for row in range(POINTS)]


def low(runs: int) -> None:
    """Print what bh, dbh and heyse find among low counts at each level, and bh at the false alerts of heyse."""
    rng = np.random.default_rng(20260302)
    rows: list[tuple[int, np.ndarray, dict[str, np.ndarray]]] = []
    begun = time.process_time()
    for k in LOW_SURGES:
        for _ in range(runs):
            p, surge, could = quiet(rng, k)
            support = attained.support(could)
            adjusted = {name: adjust(p, method=name, support=support) for name in ("dbh", "heyse")}
            rows.append((k, surge, {"bh": adjust(p), **adjusted}))
    print(f"{runs} runs for each surge of {LOW_SURGES} cases; {time.process_time() - begun:.0f} s CPU")
    print(f"{'':>16} {'false per 1,000':>16} {'FDR %':>7} " + " ".join(f"{f'+{k} %':>7}" for k in LOW_SURGES))

    def false(name: str, level: float) -> float:
        wrong = [int((q[name] <= level)[~surge].sum()) for _, surge, q in rows]
        return float(1000 * np.mean(wrong) / (POINTS - SURGES))

    def tell(name: str, level: float) -> None:
        rung = [(k, surge, q[name] <= level) for k, surge, q in rows]
        share = np.mean([(alarm & ~surge).sum() / max(1, alarm.sum()) for _, surge, alarm in rung])
        cells = [100 * np.mean([alarm[surge].mean() for k, surge, alarm in rung if k == one]) for one in LOW_SURGES]
        print(f"{f'{name}, q {level:.3g}':>16} {false(name, level):>16.2f} {100 * share:>7.1f} ", end="")
        print(" ".join(f"{cell:>7.1f}" for cell in cells))

    for level in LEVELS:
        for name in ("bh", "dbh", "heyse"):
            tell(name, level)
        as_often = np.arange(level, 1, 0.005)
        tell("bh", float(as_often[np.argmin([abs(false("bh", one) - false("heyse", level)) for one in as_often])]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="runs for each size of surge (default %(default)s)")
    parser.add_argument("--low", action="store_true", help="low counts, judged from their own past")
    chosen = parser.parse_args()
    if chosen.low:
        low(chosen.runs)
        return 0
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
