"""What a policy of the size a country has costs to read: 60 measures, 250 actions, 1,500 cost lines, 200 clauses.

    PASAJ_HOME=$(mktemp -d) python bench/policy_plan.py

Fills an empty home through the services, then prints the median of five and the worst in ms of processor time:
the trace of every kind of statement, both ways, as values and as a page; the plan as plain values, its sums, its pages
and its workbook; the document as a page, what changed since a day, and once the document as PDF.
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
from functools import partial
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
ROUNDS = 5
MEASURES, ACTIONS, LINES, CLAUSES = 60, 250, 1500, 200
CHAPTER = 25  # clauses under one heading


def fill() -> None:
    """One theme, 20 problems, 20 objectives, a finding with its figure, and the rest."""
    import make
    from policy import plans

    from pasaj.policy.services import money, statements
    from pasaj.registry.models import Instrument

    country = make.country()
    plans.goals()
    Instrument.objects.create(code=plans.LAW, title="A law", kind="law", date="2014", source="bench")
    plans.finding()
    plans.ground("A1-F01")
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
    write(who)


def write(who: dict[str, Any]) -> None:
    """The clauses: of one half each realises a measure, of the other each names a finding, a measure and a cost; and
    an annex with every part that is drawn from data, the whole plan with its costs among them.
    """
    import make

    from pasaj.policy.models import Measure
    from pasaj.policy.queries import sections
    from pasaj.policy.services import document

    measures = list(Measure.objects.order_by("pk").values_list("code", flat=True))
    for at in range(CLAUSES):
        if at % CHAPTER == 0:
            head = document.add(policy="P1", kind="heading", text=make.names(f"Chapter {at}"), **who)
            continue
        measure = measures[at % MEASURES]
        text = f"Paragraph {at} of a policy says what is done and why. " * 6
        if at % 2:
            text += f"It rests on {{{{finding:A1-F01}}}}, see {{{{measure:{measure}}}}} at {{{{cost:{measure}}}}}."
        made = document.add(policy="P1", kind="text", text=make.names(text), under=head.code, **who)
        if at % 2 == 0:
            document.realise(code=made.code, measures=[measure], objectives=[], seen=made.revision, **who)
    annex = document.add(policy="P1", kind="annex", text=make.names("From data"), **who)
    for part in sections.known():
        document.add(policy="P1", kind="table", text={}, under=annex.code, part=part, theme=1, **who)


def timed(name: str, verb: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Print the median of the rounds and the worst."""
    spent = []
    for _round in range(rounds):
        begun = time.process_time()
        verb()
        spent.append((time.process_time() - begun) * 1000)
    print(f"{name:<36}{statistics.median(spent):8.0f} ms, worst {max(spent):.0f}", flush=True)


def reader() -> Any:
    """A drafter signed in."""
    import make
    from django.conf import settings
    from django.test import Client

    from pasaj.access.models import Account
    from pasaj.registry.models import Institution

    settings.ALLOWED_HOSTS = ["testserver"]
    account = Account.objects.filter(email="drafter@example.org").first()
    if account is None:
        account = make.account("drafter@example.org")
        make.member(account, Institution.objects.get(code="CELL"), "drafter")
    client = Client()
    client.force_login(account)
    return client


def page(client: Any, address: str) -> None:
    """Read a page."""
    assert client.get(address).status_code == 200, address


def tree(code: str, actor: Any) -> None:
    """The trace of a statement both ways, in reading order."""
    from pasaj.evidence.queries.branches import branches
    from pasaj.evidence.queries.trace import trace

    found = trace(code, actor)
    assert found is not None
    branches(code, found.up, up=True)
    branches(code, found.down, up=False)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from policy import plans

    from pasaj.assess.services import rendering
    from pasaj.core.policy.costs import reckon
    from pasaj.policy.models import Policy
    from pasaj.policy.queries import board, calendar, document, groves
    from pasaj.policy.queries.plan import plan
    from pasaj.policy.services.workbook import written

    begun = time.perf_counter()
    if not Policy.objects.exists():
        fill()
    row, actor = Policy.objects.get(), plans.drafter()
    print(f"filled in {time.perf_counter() - begun:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)

    client = reader()
    for code, name in (
        ("FG-2025-0001", "figure"), ("A1-F01", "finding"), (plans.LAW, "instrument"), ("P1-PB1.1", "problem"),
        ("P1-O1.1", "objective"), ("P1-M1.1", "measure"), ("P1-A1.1.1", "action"), ("P1-A1.1.1-L1", "cost line"),
        ("P1-C1.1", "clause"),
    ):  # fmt: skip
        timed(f"trace of a {name}", partial(tree, code, actor))
        timed(f"trace of a {name}, page", partial(page, client, f"/trace/{code}/"))
    timed("plan as plain values", lambda: plan(row))
    whole = plan(row)
    timed("sums", lambda: reckon(whole))
    timed("statements as a tree", lambda: groves.groves(actor, row))
    timed("action plan", lambda: calendar.calendar(actor, row, plans.NOW.date()))
    timed("board", lambda: board.board(actor, row, plans.NOW.date()))
    timed("workbook", lambda: written(whole, {}, plans.NOW))
    timed("document, page", partial(page, client, "/policy/P1/document/"))
    timed("what changed since a day, page", partial(page, client, "/policy/P1/since/?since=2025-01-01"))
    timed("document as PDF", lambda: rendering.pdf(document.report(row, "fr")), rounds=1)


if __name__ == "__main__":
    main()
