"""What a policy of the size a country has costs to read: 60 measures, 250 actions, 1,500 cost lines.

    PASAJ_HOME=$(mktemp -d) python bench/policy_plan.py

Fills an empty home through the services, then prints the median of five in milliseconds: the trace of a measure, of a
cost line and of a finding, the plan as plain values, its sums, its pages, and its workbook.
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
ROUNDS = 5
MEASURES, ACTIONS, LINES = 60, 250, 1500


def fill() -> None:
    """One theme, 20 problems, 20 objectives, and the rest."""
    import make
    from policy import plans

    from pasaj.policy.services import money, statements
    from pasaj.registry.models import Instrument

    country = make.country()
    plans.goals()
    Instrument.objects.create(code=plans.LAW, title="A law", kind="law", date="2014", source="bench")
    plans.finding()
    plans.policy(country)
    who = {"actor": plans.drafter(), "now": plans.NOW}
    problems = [("", replace(plans.PROBLEM, text=make.names(f"Problem {at}"))) for at in range(1, 21)]
    objectives = [
        ("", replace(plans.OBJECTIVE, text=make.names(f"Objective {at}"), problems=(f"P1-PB1.{at}",)))
        for at in range(1, 21)
    ]
    measures = [
        ("", replace(plans.MEASURE, text=make.names(f"Measure {at}"), objectives=(f"P1-O1.{(at - 1) % 20 + 1}",)))
        for at in range(1, MEASURES + 1)
    ]
    actions = [
        ("", replace(plans.TRAIN, text=make.names(f"Action {at}"), measure=f"P1-M1.{at % MEASURES + 1}"))
        for at in range(ACTIONS)
    ]
    for some in (problems, objectives, measures, actions):
        statements.write_all(policy="P1", wanted=some, **who)
    from pasaj.policy.models import Action

    codes = list(Action.objects.order_by("pk").values_list("code", flat=True))
    lines = [
        replace(
            plans.COST, action=codes[at % ACTIONS], label=f"Line {at}", unit_cost=Decimal(at) / 7 // Decimal("0.01")
        )
        for at in range(1, LINES + 1)
    ]
    money.put_costs(policy="P1", wanted=lines, **who)


def timed(name: str, verb: Callable[[], object]) -> None:
    """Print the median of five."""
    spent = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        verb()
        spent.append((time.perf_counter() - begun) * 1000)
    print(f"{name:<28}{statistics.median(spent):8.0f} ms, worst {max(spent):.0f}", flush=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from policy import plans

    from pasaj.core.policy.costs import reckon
    from pasaj.evidence.queries.branches import branches
    from pasaj.evidence.queries.trace import trace
    from pasaj.policy.models import Policy
    from pasaj.policy.queries import board, calendar, groves
    from pasaj.policy.queries.plan import plan
    from pasaj.policy.services.workbook import written

    begun = time.perf_counter()
    if not Policy.objects.exists():
        fill()
    row, actor = Policy.objects.get(), plans.drafter()
    print(f"filled in {time.perf_counter() - begun:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)

    def tree(code: str, *, up: bool) -> object:
        found = trace(code, actor)
        assert found is not None
        return branches(code, found.up if up else found.down, up=up)

    timed("trace of a measure, up", lambda: tree("P1-M1.1", up=True))
    timed("trace of a cost line, up", lambda: tree("P1-A1.1.1-L1", up=True))
    timed("trace of a finding, down", lambda: tree("A1-F01", up=False))
    timed("plan as plain values", lambda: plan(row))
    whole = plan(row)
    timed("sums", lambda: reckon(whole))
    timed("statements as a tree", lambda: groves.groves(actor, row))
    timed("action plan", lambda: calendar.calendar(actor, row, plans.NOW.date()))
    timed("board", lambda: board.board(actor, row, plans.NOW.date()))
    timed("workbook", lambda: written(whole, {}, plans.NOW))


if __name__ == "__main__":
    main()
