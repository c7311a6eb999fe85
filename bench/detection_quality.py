"""How often the methods ring rightly and wrongly: simulated outbreaks in 42 scenarios.

    python bench/detection_quality.py [--replicates 100] [--seeds 1 2] [--methods farrington ears_c2 ...]

Design of Noufaily et al. (2013), Stat Med 32, 1206-1222, section 4: seven kinds of series (level, trend, season,
overdispersion), with and without trend, with 0, 1 or 2 seasonal waves; counts are negative binomial with
variance phi * mean. Weeks 576-624 are judged: once in the series as it is, for false alarms, and once with four
outbreaks in weeks 313-575 and one in the weeks judged, of size Poisson(k * sd), k = 1..10 in turn, spread over
the weeks after its start by a log-normal delay.

FPR: share of outbreak-free weeks that ring, and that of the worst scenario. POD: share of outbreaks with an
alarm between their first and last case; POD1: in their first week. Delay: weeks to the first alarm, of
those detected. Sensitivity, specificity and PPV count the weeks of the series with an outbreak.
"""

import argparse
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from pasaj.core import attained, falsealerts
from pasaj.core.detect import METHODS, Detection, run

FIRST, TEST, LAST = 313, 576, 624  # weeks, counted from 1; earlier ones only feed the mean
JUDGED = LAST - TEST + 1
FALSE_DISCOVERIES = 0.1
PAST_SIZES, SIZES = (2, 3, 5, 10), tuple(range(1, 11))
CLUSTERS = (  # theta, beta, gamma 1, gamma 2, phi
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
THREE = {"weights_threshold": 3.5, "three_weeks_threshold": 2.8, "weights_rounds": 2}  # as the chooser has it
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "farrington": ("farrington", {"p_threshold_trend": 1}),
    "farrington_1996": (
        "farrington",
        {
            "threshold_method": "delta",
            "no_periods": 1,
            "weights_threshold": 1,
            "past_weeks_not_included": 3,
        },
    ),
    "farrington_three": ("farrington", {"p_threshold_trend": 1, **THREE}),
    "three, alpha 0.012": ("farrington", {"p_threshold_trend": 1, **THREE, "alpha": 0.012}),
    "ears_c1": ("ears_c1", {}),
    "ears_c2": ("ears_c2", {}),
    "ears_c3": ("ears_c3", {}),
    "cusum": ("cusum", {}),
    "glr": ("glr", {}),
}


@dataclass(frozen=True)
class Simulated:
    """Series of all scenarios, (series, weeks FIRST..LAST): without any outbreak and with past ones and one to find."""

    scenario: np.ndarray  # (series) 0..41
    size: np.ndarray  # (series) k
    clean: np.ndarray
    hit: np.ndarray
    first: np.ndarray  # (series) column of the first outbreak case among the weeks judged
    last: np.ndarray


def outbreak(rng: np.random.Generator, cases: int, start: int, weeks: int) -> np.ndarray:
    """Cases a week from `start` on, as many as fall within the series."""
    at = start + np.floor(rng.lognormal(0, 0.5, cases)).astype(int)
    return np.bincount(at[at < weeks], minlength=weeks)[:weeks]


def simulate(replicates: int, seed: int) -> Simulated:
    rng = np.random.default_rng(seed)
    time = np.arange(FIRST, LAST + 1)
    weeks, begin = len(time), TEST - FIRST
    rows: list[tuple[int, int, np.ndarray, np.ndarray, int, int]] = []
    scenarios = [(cluster, trend, waves) for cluster in CLUSTERS for trend in (0, 1) for waves in (0, 1, 2)]
    for number, ((theta, beta, cos, sin, phi), trend, waves) in enumerate(scenarios):
        angle = 2 * np.pi * time / 52
        season = sum((cos * np.cos(j * angle) + sin * np.sin(j * angle) for j in range(1, waves + 1)), np.zeros(weeks))
        mean = np.exp(theta + trend * beta * time + season)
        for replicate in range(replicates):
            counts = clean = rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
            spread = float(counts[:begin].std())
            for start in rng.integers(0, begin, 4):
                past = outbreak(rng, rng.poisson(rng.choice(PAST_SIZES) * spread), int(start), weeks)
                past[begin:] = 0
                counts = counts + past
            size = SIZES[replicate % len(SIZES)]
            added, start = np.zeros(weeks, dtype=int), 0
            while not added.any():  # an outbreak without a case is none
                start = int(rng.integers(begin, weeks))
                added = outbreak(rng, rng.poisson(size * spread) if spread else size, start, weeks)
            where = np.flatnonzero(added)
            rows.append((number, size, clean, counts + added, start - begin, int(where[-1]) - begin))
    scenario, sizes, clean, hit, first, last = zip(*rows, strict=True)
    parts = (np.array(part) for part in (scenario, sizes, clean, hit, first, last))
    return Simulated(*parts)


def detected(name: str, counts: np.ndarray) -> Detection:
    method, controls = RULES[name]
    weeks = counts.shape[1]
    return run(method, counts.astype(float), np.arange(weeks), slice(weeks - JUDGED, weeks), **controls)


def among_many(found: Detection) -> np.ndarray:
    """The alarms that are left when those of a week are weighed among all series, as a detection run does."""
    left = found.alarm.copy()
    for week in range(JUDGED):
        p = np.where(found.reason[:, week] == "", found.p_value[:, week], np.nan)
        could = [None if found.law is None else attained.kept(found.law, row, week) for row in range(len(p))]
        support = attained.support(could)
        left[:, week] &= falsealerts.control(p, FALSE_DISCOVERIES, method="heyse", support=support).rejected
    return left


def weighed(data: Simulated, found: Detection) -> str:
    """What weighing takes away: false alerts of 1,000 weeks without an outbreak, and outbreaks of k >= 6 found."""
    column = np.arange(JUDGED)
    during = (column >= data.first[:, None]) & (column <= data.last[:, None])
    large, parts = data.size >= 6, []
    for alarm in (found.alarm, among_many(found)):
        caught = (alarm & during).any(axis=1)[large].mean()
        parts.append((1000 * (alarm & ~during).sum() / (~during).sum(), 100 * caught))
    (loose, all_), (strict, kept) = parts
    return (
        f"false per 1,000 weeks {loose:.1f}, found of k >= 6 {all_:.1f} %;"
        f" among many {strict:.1f}, {kept:.1f} % ({100 * kept / all_:.0f} % of them)"
    )


def measured(data: Simulated, wrong: np.ndarray, rung: np.ndarray) -> dict[str, float]:
    """Every measure in percent, the delay in weeks. `wrong`: alarms of the clean series, `rung`: of the others."""
    column = np.arange(JUDGED)
    during: np.ndarray = (column >= data.first[:, None]) & (column <= data.last[:, None])
    caught = rung & during
    detected = caught.any(axis=1)
    worst = max(wrong[data.scenario == number].mean() for number in np.unique(data.scenario))
    found = {
        "FPR": wrong.mean(),
        "worst": worst,
        "POD": detected.mean(),
        "POD1": rung[np.arange(len(rung)), data.first].mean(),
        "sens": caught.sum() / during.sum(),
        "spec": 1 - (rung & ~during).sum() / (~during).sum(),
        "PPV": caught.sum() / max(1, rung.sum()),
    }
    found |= {f"k={size}": detected[data.size == size].mean() for size in SIZES[1:]}
    found = {name: 100 * value for name, value in found.items()}
    return found | {"delay": float((caught.argmax(axis=1) - data.first)[detected].mean())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=100, help="series of each scenario (default %(default)s)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="one table each (default: 1)")
    here = [name for name, (method, _) in RULES.items() if method.split("_")[0] in METHODS]
    parser.add_argument("--methods", nargs="+", choices=here, default=here, help="default: all")
    parser.add_argument("--many", action="store_true", help="also weigh the alarms of a week among all series")
    chosen = parser.parse_args()
    names = ["FPR", "worst", "POD", "POD1", "delay", "sens", "spec", "PPV", *(f"k={size}" for size in SIZES[1:])]
    for seed in chosen.seeds:
        data = simulate(chosen.replicates, seed)
        number = len(data.clean)
        print(f"\nseed {seed}: {number} outbreaks, {number * JUDGED} clean weeks; percent, delay in weeks")
        print(f"{'':>22}" + "".join(f" {name:>6}" for name in names))
        for name in chosen.methods:
            hit = detected(name, data.hit)
            found = measured(data, detected(name, data.clean).alarm, hit.alarm)
            if chosen.many:
                print(f"{name:>22} {weighed(data, hit)}", flush=True)
            print(f"{name:>22}" + "".join(f" {found[measure]:>6.2f}" for measure in names), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
