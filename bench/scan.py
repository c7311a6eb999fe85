"""What a replicate of the space-time scan costs, at two sizes and as the cases grow.

    python bench/scan.py [--replicates 999]

CPU time of one thread. The peer (R scanstatistics, scan_permutation) is not in Debian and not run here:
docs/methods/scan.md quotes what it took on a machine of the same kind for the same two sizes.
"""

import argparse
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from pasaj.core.scan import nearest, space_time, stretches  # noqa: E402

SIZES = (  # locations, periods, zones, cases
    (20, 20, 118, 719),
    (60, 30, 395, 3276),
    (200, 52, 1000, 20_000),
    (60, 30, 395, 100_000),
    (60, 30, 395, 10_000_000),
)
REPEATS = 3


def case(locations: int, periods: int, zones: int, cases: int) -> tuple[np.ndarray, tuple[tuple[int, ...], ...]]:
    """Scattered places of uneven size, and the asked number of zones: the nearest ones and stretches."""
    rng = np.random.default_rng(20260301)
    points = rng.random((locations, 2))
    share = rng.dirichlet(np.full(locations, 2.0))
    counts = rng.multinomial(cases, np.outer(share, np.full(periods, 1 / periods)).ravel()).reshape(locations, periods)
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    made = nearest(distance, 8) + stretches(range(locations), 12)
    made = tuple(dict.fromkeys(made))
    if len(made) < zones:
        raise SystemExit(f"{len(made)} zones only")
    return counts, made[:zones]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=999, help="shuffles of the cases (default %(default)s)")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores, load {load:.1f}")
    print(f"{'places':>7} {'periods':>8} {'zones':>6} {'cases':>10} {'seconds':>8} {'ms/replicate':>13}")
    for size in SIZES:
        counts, zones = case(*size)
        best = float("inf")
        for _ in range(REPEATS):
            begun = time.process_time()
            space_time(counts, zones, replicates=chosen.replicates)
            best = min(best, time.process_time() - begun)
        line = "{:>7} {:>8} {:>6} {:>10}".format(*size)
        print(f"{line} {best:>8.3f} {1000 * best / chosen.replicates:>13.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
