"""What scoring a round costs, against its size: 72 indicators, 32 institutions, 20 crossings, 3 assessors is Haiti's.

    python bench/scoring.py

Prints milliseconds for all scores of a round, for its agreement with an interval, for 1,000 weights and for the
comparison of two rounds, and each against the number of cells.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from pasaj.core import scoring

PILLARS = {f"P{at}": 1.0 for at in range(8)}


def a_round(times: int, seed: int) -> tuple[scoring.Scores, float]:
    chance = random.Random(seed)
    units = {"country": 1, "institution": 32 * times, "crossing": 20 * times}
    kinds = [*["country"] * 29, *["institution"] * 15, *["crossing"] * 28]
    asked = {
        f"{kind} {at}": [f"I{n}" for n, one in enumerate(kinds) if one == kind]
        for kind, many in units.items()
        for at in range(many)
    }
    values: list[Any] = [0, 1, 2, 3, 4, scoring.Missing.NOT_OBSERVED, scoring.Missing.NOT_APPLICABLE]
    answers = [
        scoring.Answer(unit, code, f"assessor {who}", chance.choices(values, [2, 4, 5, 4, 2, 2, 1])[0])
        for unit, codes in asked.items()
        for code in codes
        for who in range(3)
    ]
    begun = time.perf_counter()
    found = scoring.score(indicators=INDICATORS, pillars=PILLARS, asked=asked, answers=answers)
    return found, time.perf_counter() - begun


INDICATORS = [scoring.Indicator(f"I{at}", f"P{at % 8}", 1 + at % 3, critical=at % 5 == 0) for at in range(72)]


def timed(step: Callable[[], object]) -> float:
    begun = time.perf_counter()
    step()
    return time.perf_counter() - begun


def main() -> None:
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; milliseconds")
    print(f"{'cells':>7} {'score':>9} {'agreement':>10} {'weights':>9} {'compare':>9} {'score/cell':>11}")
    for times in (1, 2, 4, 8):
        (old, _), (new, spent) = a_round(times, 1), a_round(times, 2)
        points = [
            [one.value for one in cell.answers if not isinstance(one.value, scoring.Missing)]
            for cell in new.cells.values()
        ]
        ranges = [(one.pillar, found) for one in INDICATORS if (found := new.indicators[one.code]) is not None]
        weights = [one.weight for one in INDICATORS if new.indicators[one.code] is not None]
        rng = np.random.default_rng(1)
        agreed = timed(lambda points=points, rng=rng: scoring.agreement(points, rng))
        drawn = scoring.near_weights(weights, rng, 1000)
        weighed = timed(
            lambda ranges=ranges, weights=weights, drawn=drawn: scoring.sensitivity(
                ranges, weights, drawn, list(PILLARS)
            )
        )
        codes = [one.code for one in INDICATORS]
        compared = timed(
            lambda old=old, new=new, codes=codes: scoring.compare(
                old, new, indicators=INDICATORS, pillars=PILLARS, same=codes
            )
        )
        cells = len(new.cells)
        print(
            f"{cells:>7} {1000 * spent:>9.1f} {1000 * agreed:>10.1f} {1000 * weighed:>9.1f} {1000 * compared:>9.1f} "
            f"{1e6 * spent / cells:>9.1f} µs"
        )


if __name__ == "__main__":
    main()
