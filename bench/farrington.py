"""What Farrington costs as the number of series grows, and beside R surveillance where R is installed.

    python bench/farrington.py [--parts growth weekly year r] [--most 100000]

CPU time of one thread: no products of matrices are used (part `year`: of two processes). R runs in turn with
ours in the same script: on a machine that others use only the ratio says something. R: Debian's r-base-core
and r-cran-surveillance.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from pasaj.core.detect import run

WEEKS, YEAR, MANY = 520, 52, 10_000
R_SERIES, R_WEEKS, REPEATS = 6, 26, 3
START = np.datetime64("2016-01-04")
PARTS = ("growth", "weekly", "year", "r")

R_SCRIPT = """
suppressMessages(library(surveillance))
args <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(args[1], header = FALSE))
last <- nrow(counts)
control <- list(range = (last - as.integer(args[3]) + 1):last, b = 5, w = 3, noPeriods = 10, reweight = TRUE,
    weightsThreshold = 2.58, pastWeeksNotIncluded = 26, alpha = 0.01, trend = TRUE, pThresholdTrend = 0.05,
    limit54 = c(5, 4), powertrans = "2/3", thresholdMethod = args[2], populationOffset = FALSE)
dates <- as.numeric(as.Date("2016-01-04") + 7 * (seq_len(last) - 1))
series <- lapply(seq_len(ncol(counts)), function(k) {
    one <- counts[, k, drop = FALSE]
    if (args[4] == "dates") new("sts", observed = one, epoch = dates, epochAsDate = TRUE, freq = 52)
    else new("sts", observed = one, start = c(2016, 1), freq = 52)
})
spent <- system.time(found <- lapply(series, farringtonFlexible, control = control))
alarms <- sum(sapply(found, function(one) sum(one@alarm, na.rm = TRUE)))
bounds <- sum(sapply(found, function(one) sum(one@upperbound, na.rm = TRUE)))
cat(spent[["user.self"]] + spent[["sys.self"]], alarms, sprintf("%.6f", bounds), "\\n")
"""


def simulated(series: int, weeks: int = WEEKS, seed: int = 20260301) -> np.ndarray:
    """Weekly counts: levels from 0.4 to 150, half with a season, half with a trend, overdispersed, a few surges."""
    rng = np.random.default_rng(seed)
    time = np.arange(weeks)
    mean = rng.uniform(-1, 5, (series, 1)) + rng.choice([0.0, 0.002], (series, 1)) * time
    mean = np.exp(mean + rng.choice([0.0, 0.5], (series, 1)) * np.cos(2 * np.pi * time / YEAR))
    spare = rng.choice([0.1, 0.5, 2.0, 4.0], (series, 1))
    counts = rng.negative_binomial(mean / spare, 1 / (1 + spare)).astype(float)
    counts[rng.random(counts.shape) < 0.003] *= 3
    return counts


def judged(counts: np.ndarray, evaluated: int, method: str = "nbPlugin", by: str = "weeks") -> tuple[int, float]:
    """Alarms and the sum of the bounds of the last weeks."""
    weeks = counts.shape[1]
    times = START + 7 * np.arange(weeks) if by == "dates" else np.arange(weeks)
    part = slice(weeks - evaluated, weeks)
    found = run("farrington", counts, times, part, threshold_method=method, weeks_by_date=by == "dates")
    return int(found.alarm.sum()), float(np.nansum(found.upper))


def spent(counts: np.ndarray, evaluated: int, method: str = "nbPlugin", by: str = "weeks") -> tuple[float, int, float]:
    """CPU seconds of a run, alarms, and the sum of bounds."""
    begun = time.process_time()
    alarms, bound = judged(counts, evaluated, method, by)
    return time.process_time() - begun, alarms, bound


def peak() -> float:
    """Most memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth(most: int) -> None:
    """Cost a series from 100 up: a steady column means a linear cost."""
    print(f"\nOne of {WEEKS} weeks evaluated, CPU time, one thread")
    print(f"{'series':>8} {'nbPlugin s':>11} {'µs/series':>10} {'delta s':>9} {'µs/series':>10}")
    spent(simulated(8), 1)
    series = 100
    while series <= most:
        counts = simulated(series)
        line = f"{series:>8}"
        for method, width in (("nbPlugin", 11), ("delta", 9)):
            seconds = min(spent(counts, 1, method)[0] for _ in range(REPEATS if series <= MANY else 1))
            line += f" {seconds:>{width}.3f} {1e6 * seconds / series:>10.1f}"
        print(line, flush=True)
        series *= 10


def weekly() -> None:
    """The run of every week: many series, the last week of each."""
    counts = simulated(MANY)
    before = peak()
    begun = time.perf_counter()
    seconds, alarms, _ = spent(counts, 1)
    wall = time.perf_counter() - begun
    print(f"\nWeekly run: {MANY} series x {WEEKS} weeks, the last evaluated, one thread")
    print(f"CPU {seconds:.2f} s, wall {wall:.2f} s, {alarms} alarms, peak memory {peak():.0f} MB ({before:.0f} before)")


def _share(seed: int) -> tuple[int, float, float]:
    counts = simulated(MANY // 20, seed=seed)
    seconds, alarms, _ = spent(counts, YEAR)
    return alarms, seconds, peak()


def year() -> None:
    """A whole year judged again: many series, 52 weeks, in two processes."""
    begun = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        shares = list(pool.map(_share, range(20)))
    wall = time.perf_counter() - begun
    cpu, alarms = sum(seconds for _, seconds, _ in shares), sum(alarms for alarms, _, _ in shares)
    most = max(most for _, _, most in shares)
    print(f"\nA year judged again: {MANY} series x {YEAR} of {WEEKS} weeks, two processes")
    print(
        f"wall {wall:.1f} s with making the series, CPU {cpu:.1f} s = {1e6 * cpu / MANY / YEAR:.1f} µs a series-week, "
        f"{alarms} alarms, peak memory {most:.0f} MB a process"
    )


def against_r(rscript: str) -> None:
    """Ours and R's on the same series, in turn; ours also as it runs in production, with many series."""
    few, many = simulated(R_SERIES), simulated(1000)
    print(
        f"\nBeside R surveillance: {R_SERIES} series, {R_WEEKS} of {WEEKS} weeks, CPU ms a series-week, in turn "
        f"(many: ours on {len(many)} series, 4 weeks)"
    )
    print(f"{'':>16} {'ours':>8} {'many':>8} {'R':>8} {'ratio':>7} {'many':>7} {'alarms':>7} {'R':>5}  bounds")
    cells = R_SERIES * R_WEEKS
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder, "counts.csv"), Path(folder, "farrington.R")
        np.savetxt(table, few.T, delimiter=",", fmt="%d")
        script.write_text(R_SCRIPT, encoding="utf-8")
        for method, by in (("nbPlugin", "weeks"), ("delta", "weeks"), ("nbPlugin", "dates"), ("delta", "dates")):
            ours, batch, theirs = [], [], []
            for _ in range(REPEATS):
                seconds, alarms, bound = spent(few, R_WEEKS, method, by)
                ours.append(1000 * seconds / cells)
                command = [rscript, "--vanilla", str(script), str(table), method, str(R_WEEKS), by]
                out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
                theirs.append(1000 * float(out[0]) / cells)
                batch.append(1000 * spent(many, 4, method, by)[0] / (4 * len(many)))
            one, lot, peer = min(ours), min(batch), min(theirs)
            equal = "equal" if np.isclose(bound, float(out[2]), rtol=1e-6) else "DIFFERENT"
            print(
                f"{method + ', ' + by:>16} {one:>8.3f} {lot:>8.3f} {peer:>8.2f} {peer / one:>6.0f}x "
                f"{peer / lot:>6.0f}x {alarms:>7} {out[1]:>5}  {equal}",
                flush=True,
            )


def r_with_surveillance() -> str:
    """The path of an Rscript that has the package, or ""."""
    rscript = shutil.which("Rscript")
    if not rscript:
        return ""
    probe = [rscript, "--vanilla", "-e", "quit(status = !requireNamespace('surveillance', quietly = TRUE))"]
    return rscript if subprocess.run(probe, capture_output=True, check=False).returncode == 0 else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to run (default: all)")
    parser.add_argument("--most", type=int, default=100_000, help="largest number of series (default %(default)s)")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"Python {sys.version.split()[0]}, numpy {np.__version__}, {os.cpu_count()} cores, load {load:.1f}", flush=True
    )
    if "growth" in chosen.parts:
        growth(chosen.most)
    if "weekly" in chosen.parts:
        weekly()
    if "year" in chosen.parts:
        year()
    if "r" in chosen.parts:
        rscript = r_with_surveillance()
        if rscript:
            against_r(rscript)
        else:
            print("\nR with the package surveillance is not installed: no ratio. (r-base-core, r-cran-surveillance)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
