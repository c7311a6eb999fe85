"""What checking a policy costs: all coherence rules over a policy of the size a country has, and twice and four times.

    python bench/policy_check.py

Prints seconds by size (median and worst of five) for a policy that breaks no rule and for one in which every rule is
broken, and what the growth of the time is. No database: building the view is timed by `--home`, which makes a home of
its own, fills it through the services and counts its queries (PASAJ_HOME=$(mktemp -d)).
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from core.policy import seeds, whole

from pasaj.core.policy.coherence import check
from pasaj.core.policy.view import View

ROUNDS = 5
TIMES = (1, 2, 4)
ALONE = ("COH-102", "COH-124", "COH-507")  # leave nothing of the kind that others break


def sized(times: int) -> View:
    """60 measures, 250 actions, 1,500 cost lines, 200 clauses, and so many times that."""
    return whole.view(themes=20 * times, actions=250 * times, lines=1500 * times, clauses=200 * times)


def broken(view: View) -> View:
    """Every defect that can stand beside the others."""
    for code, seed in seeds.SEEDS.items():
        view = view if code in ALONE else seed(view)
    return view


def timed(view: View) -> tuple[float, float, int]:
    """Median and worst seconds, and how much was found. A fresh view each time: nothing is kept from the last."""
    spent = []
    for _round in range(ROUNDS):
        fresh = View(**{name: getattr(view, name) for name in View.__dataclass_fields__})
        begun = time.perf_counter()
        found = check(fresh)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent), max(spent), len(found)


def main() -> None:
    before = 0.0
    for times in TIMES:
        view = sized(times)
        for name, one in (("clean", view), ("broken", broken(view))):
            median, worst, found = timed(one)
            plan = one.policy
            size = f"{len(plan.measures)} measures, {len(plan.actions)} actions, {len(plan.costs)} lines"
            print(f"{name:6} {size}, {len(one.clauses)} clauses: {median:.3f} s ({worst:.3f}), {found} breaches")
            if name == "clean":
                if before:
                    print(f"       twice the size costs {median / before:.1f} times as much")
                before = median


if __name__ == "__main__":
    main()
