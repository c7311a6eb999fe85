"""What checking a policy costs: all coherence rules over a policy of the size a country has, and twice and four times.

    python bench/policy_check.py

Prints seconds by size (median and worst of five) for a policy that breaks no rule and for one in which every rule is
broken, and what the growth of the time is. No database: building the view is timed by `--home`, which makes a home of
its own, fills it through the services and counts its queries (PASAJ_HOME=$(mktemp -d)).
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import django

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


def at_home() -> None:
    """The same size through the services, then the whole check: reading, rules, waivers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    django.setup()
    import make
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from policy import plans

    from pasaj.policy.models import Policy
    from pasaj.policy.queries import coherence

    call_command("migrate", verbosity=0)
    if Policy.objects.exists():
        sys.exit("There is a policy already: give PASAJ_HOME of its own.")
    plans.whole(make.country())
    begun = time.perf_counter()
    fill()
    print(f"filled in {time.perf_counter() - begun:.1f} s")
    row, spent, cpu = Policy.objects.get(), [], []
    with CaptureQueriesContext(connection) as asked:
        found = coherence.checked(row, plans.NOW.date())
    for _round in range(ROUNDS):
        begun, busy = time.perf_counter(), time.process_time()
        coherence.checked(row, plans.NOW.date())
        spent.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - busy)
    print(
        f"home: {statistics.median(spent):.3f} s ({max(spent):.3f}), {len(asked)} queries, {len(found.found)} breaches"
    )


def fill() -> None:
    """60 measures, 250 actions, 1,500 cost lines, 200 clauses in four languages."""
    import make
    from policy import plans

    from pasaj.policy.services import document, money, statements
    from pasaj.policy.services.wanted import ActionWanted, MeasureWanted

    said = {"policy": "P1", "actor": plans.drafter(), "now": plans.NOW}
    measures = [
        MeasureWanted(1, make.names(f"Measure {at}"), "service", ("P1-O1.1",), (("IMM", "lead"),)) for at in range(58)
    ]
    statements.write_all(wanted=[("", one) for one in measures], **said)
    codes = [f"P1-M1.{at + 2}" for at in range(58)]
    actions = [
        ActionWanted(codes[at % 58], make.names(f"Action {at}"), "IMM", date(2026, 1, 1), date(2026, 12, 31))
        for at in range(248)
    ]
    made = statements.write_all(wanted=[("", one) for one in actions], **said)
    lines = [
        money.CostWanted(one.code, f"Line {at}", "recurrent", Decimal(2), "day", Decimal(150), Decimal(3), "HTG", 2026)
        for at in range(6)
        for one in made
    ]
    money.put_costs(wanted=lines, **said)
    text = dict.fromkeys(("fr", "ht", "en", "es"), "Within 24 hours, 37 posts of {{measure:M1.2}}")
    for _at in range(200):
        document.add(kind="text", text=text, **said)


if __name__ == "__main__":
    if "--home" in sys.argv:
        at_home()
    else:
        main()
