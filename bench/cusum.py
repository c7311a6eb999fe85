"""What CUSUM and GLR charts cost a series-week, as the number of series grows.

    python bench/cusum.py [--most 10000]

CPU time of one thread, 416 weeks of which the last 36 are evaluated, least of three runs. R surveillance
is not run here: docs/methods/cusum.md and glr.md quote what it took on a machine of the same kind.
"""

import argparse
import os
import sys
import time
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from pasaj.core.detect import run  # noqa: E402

WEEKS, EVALUATED, REPEATS = 416, 36, 3
CASES: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("cusum", "cusum", {}, 100_000),
    ("cusum, glm", "cusum", {"mean": "glm"}, 100_000),
    ("lr", "glr", {"mode": "lr", "threshold": 4}, 100_000),
    ("glr", "glr", {}, 10_000),
    ("glr, nb", "glr", {"family": "nb", "dispersion": 0.1}, 1_000),
)


def simulated(series: int) -> np.ndarray:
    """Weekly counts: levels from 2 to 400 with a season."""
    rng = np.random.default_rng(20260301)
    level = 10 ** rng.uniform(0.3, 2.6, (series, 1))
    season = np.exp(0.3 * np.cos(2 * np.pi * np.arange(WEEKS) / 52))
    return rng.negative_binomial(10, 10 / (10 + level * season)).astype(float)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=10_000, help="largest number of series (default %(default)s)")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores, load {load:.1f}")
    print(f"{'chart':>12} {'series':>8} {'seconds':>9} {'µs/point':>9}")
    for label, method, controls, most in CASES:
        series = 100
        while series <= min(most, chosen.most):
            counts, best = simulated(series), float("inf")
            for _ in range(REPEATS):
                begun = time.process_time()
                run(method, counts, np.arange(WEEKS), slice(WEEKS - EVALUATED, WEEKS), **controls)
                best = min(best, time.process_time() - begun)
            print(f"{label:>12} {series:>8} {best:>9.4f} {1e6 * best / (series * EVALUATED):>9.2f}", flush=True)
            series *= 10
    return 0


if __name__ == "__main__":
    sys.exit(main())
