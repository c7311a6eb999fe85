"""What SMAA-2 costs: 100,000 draws of 20 options on 10 criteria, beside pymcdm's weighted sum called draw by draw.

    python bench/appraisal.py

Prints seconds by what is known of weights and performances, growth with draws and options, and the ratio to the
peer, which is timed over fewer draws of the same question and shares its answer within Monte-Carlo error.
"""

from __future__ import annotations

import os
import time
import warnings

import numpy as np

from pasaj.core import appraisal as ap

DRAWS = 100_000


def question(options: int, criteria: int, kind: str) -> list[list[ap.Performance]]:
    middles = np.random.default_rng(1).uniform(0.2, 0.8, (options, criteria)).tolist()
    made = {
        "exact": ap.Performance,
        "uniform": lambda one: ap.Performance(one, low=one - 0.1, high=one + 0.1),
        "normal": lambda one: ap.Performance(one, sigma=0.05),
    }[kind]
    return [[made(one) for one in row] for row in middles]


def run(cells: list[list[ap.Performance]], weights: ap.Weights, draws: int) -> tuple[float, ap.Smaa]:
    codes = [str(at) for at in range(len(cells[0]))]
    begun = time.perf_counter()
    found = ap.smaa(
        [ap.Linear(0, 1)] * len(codes), cells, ap.drawer(weights, codes), np.random.default_rng(2), draws=draws
    )
    return time.perf_counter() - begun, found


def peer(cells: list[list[ap.Performance]], draws: int) -> tuple[float, list[float]]:
    """Uniform performances and weights, one call of pymcdm's WSM a draw, validation off."""
    from pymcdm.methods import WSM  # noqa: PLC0415 - heavy

    low = np.array([[one.low for one in row] for row in cells])
    high = np.array([[one.high for one in row] for row in cells])
    rng, wins, types = np.random.default_rng(3), np.zeros(len(cells)), np.ones(len(cells[0]))
    method = WSM(lambda column, cost=False: column)
    begun = time.perf_counter()
    for _draw in range(draws):
        shares = rng.dirichlet(types)
        wins[np.argmax(method(rng.uniform(low, high), shares, types, validation=False))] += 1
    return time.perf_counter() - begun, (wins / draws).tolist()


def main() -> None:
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {DRAWS} draws, 20 options, 10 criteria; seconds")
    codes = [str(at) for at in range(10)]
    known = {
        "unknown": ap.Unknown(),
        "order": ap.Order(tuple((one,) for one in codes)),
        "bounds": ap.Bounds(dict.fromkeys(codes, (0.05, 0.2))),
    }
    print(f"{'weights':>10} {'exact':>8} {'uniform':>8} {'normal':>8}")
    for name, weights in known.items():
        spent = [run(question(20, 10, kind), weights, DRAWS)[0] for kind in ("exact", "uniform", "normal")]
        print(f"{name:>10} " + " ".join(f"{one:>8.2f}" for one in spent))
    print(f"{'draws':>10} {'options':>8} {'seconds':>8} {'µs/draw':>8}")
    for draws, options in ((10_000, 20), (100_000, 20), (100_000, 10), (100_000, 5)):
        spent = run(question(options, 10, "uniform"), ap.Unknown(), draws)[0]
        print(f"{draws:>10} {options:>8} {spent:>8.2f} {1e6 * spent / draws:>8.2f}")
    cells = question(20, 10, "uniform")
    ours, found = run(cells, ap.Unknown(), DRAWS)
    theirs, firsts = peer(cells, 5000)
    far = max(abs(a - b) for a, b in zip(found.firsts, firsts, strict=True))
    print(
        f"pymcdm a draw {1e6 * theirs / 5000:.0f} µs, ours {1e6 * ours / DRAWS:.1f} µs: {20 * theirs / ours:.0f} times"
    )
    print(
        f"largest difference of first places {far:.3f}; standard error of 5,000 draws at most {ap.error(0.5, 5000):.3f}"
    )


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main()
