"""What EARS costs as the number of series grows, and beside R surveillance where R is installed.

    python bench/ears.py [--most 100000]

CPU time of one thread. Peers run in turn with ours in the same script: on a machine that others use
only the ratio says something. R: Debian's r-base-core and r-cran-surveillance.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from pasaj.core.detect import run

DAYS, EVALUATED, REPEATS = 400, 60, 3
VARIANTS = ("C1", "C2", "C3")
R_SERIES = 100

R_SCRIPT = """
suppressMessages(library(surveillance))
args <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(args[1], header = FALSE))
last <- nrow(counts)
span <- (last - as.integer(args[3]) + 1):last
alpha <- if (args[2] == "C3") 0.025 else 0.001
control <- list(range = span, method = args[2], baseline = 7, minSigma = 0, alpha = alpha)
series <- lapply(seq_len(ncol(counts)), function(k) {
    new("sts", observed = counts[, k, drop = FALSE], start = c(2024, 1), freq = 365)
})
spent <- system.time(found <- lapply(series, earsC, control = control))
alarms <- sum(sapply(found, function(one) sum(one@alarm, na.rm = TRUE)))
cat(spent[["user.self"]] + spent[["sys.self"]], alarms, "\n")
"""


def simulated(series: int, days: int = DAYS) -> np.ndarray:
    """Daily counts: levels from 2 to 400, a weekly pattern, a few surges."""
    rng = np.random.default_rng(20260301)
    level = 10 ** rng.uniform(0.3, 2.6, (series, 1))
    week = 1 + 0.3 * np.sin(2 * np.pi * np.arange(days) / 7)
    counts = rng.poisson(level * week).astype(float)
    counts[rng.random(counts.shape) < 0.002] *= 3
    return counts


def spent(counts: np.ndarray, variant: str, evaluated: int) -> tuple[float, int]:
    """Least CPU seconds of a few runs, and the number of alarms."""
    times, part = np.arange(counts.shape[1]), slice(counts.shape[1] - evaluated, counts.shape[1])
    best, alarms = float("inf"), 0
    for _ in range(REPEATS):
        begun = time.process_time()
        alarms = int(run("ears", counts, times, part, variant=variant).alarm.sum())
        best = min(best, time.process_time() - begun)
    return best, alarms


def growth(most: int, evaluated: int) -> None:
    """Cost a point from 100 series up: a steady column means a linear cost."""
    print(f"\n{evaluated} of {DAYS} days evaluated, CPU time, one thread")
    print(f"{'series':>8} {'points':>10}" + "".join(f" {variant + ' s':>9} {'µs/point':>9}" for variant in VARIANTS))
    series = 100
    while series <= most:
        counts = simulated(series)
        line = f"{series:>8} {series * evaluated:>10}"
        for variant in VARIANTS:
            seconds, _ = spent(counts, variant, evaluated)
            line += f" {seconds:>9.4f} {1e6 * seconds / (series * evaluated):>9.3f}"
        print(line, flush=True)
        series *= 10


def against_r(rscript: str) -> None:
    """Ours and R's on the same series, in turn."""
    counts = simulated(R_SERIES)
    print(f"\nBeside R surveillance: {R_SERIES} series, {EVALUATED} of {DAYS} days evaluated, CPU time, in turn")
    print(f"{'':>8} {'ours s':>10} {'R s':>10} {'ratio':>8} {'alarms':>8} {'R alarms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder, "counts.csv"), Path(folder, "ears.R")
        np.savetxt(table, counts.T, delimiter=",", fmt="%d")
        script.write_text(R_SCRIPT, encoding="utf-8")
        for variant in VARIANTS:
            theirs, alarms, mine, our_alarms = float("inf"), 0, float("inf"), 0
            for _ in range(REPEATS):
                seconds, our_alarms = spent(counts, variant, EVALUATED)
                mine = min(mine, seconds)
                command = [rscript, "--vanilla", str(script), str(table), variant, str(EVALUATED)]
                out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
                theirs, alarms = min(theirs, float(out[0])), int(out[1])
            print(f"{variant:>8} {mine:>10.4f} {theirs:>10.3f} {theirs / mine:>7.0f}x {our_alarms:>8} {alarms:>9}")


def r_with_surveillance() -> str:
    """The path of an Rscript that has the package, or ""."""
    rscript = shutil.which("Rscript")
    if not rscript:
        return ""
    probe = [rscript, "--vanilla", "-e", "quit(status = !requireNamespace('surveillance', quietly = TRUE))"]
    return rscript if subprocess.run(probe, capture_output=True, check=False).returncode == 0 else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=100_000, help="largest number of series (default %(default)s)")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores, load {load:.1f}")
    growth(chosen.most, 1)
    growth(chosen.most, EVALUATED)
    rscript = r_with_surveillance()
    if rscript:
        against_r(rscript)
    else:
        print("\nR with the package surveillance is not installed: no ratio. (r-base-core, r-cran-surveillance)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
