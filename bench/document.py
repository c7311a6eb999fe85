"""What reading and saving the document of a policy costs, against its size.

    PASAJ_HOME=$(mktemp -d) python bench/document.py [--full]

Makes a home of its own with the Haitian pack and a policy of 15 measures, 60 actions, 360 cost lines and 50 clauses;
with `--full` of 60, 250, 1,500 and 200. Every second clause holds references. Prints seconds for the tree of clauses,
for the whole as blocks of a page (with its queries), for the PDF and the Word file, for saving one clause, and for
bringing two changes of the longest allowed text together.
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SMALL, FULL = (15, 60, 360, 50), (60, 250, 1500, 200)
WORDS = ["autorité", "frontière", "registre", "point", "passage", "contrôle", "agent", "formation", "délai", "mesure"]
LANGUAGES = ("fr", "ht", "en", "es")


def said(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in LANGUAGES}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def fill(measures: int, actions: int, lines: int, clauses: int) -> Any:
    """A policy of this size, written through its services."""
    from pasaj.access.rules import SYSTEM
    from pasaj.policy.models import Policy
    from pasaj.policy.services import document, money, policies, statements
    from pasaj.policy.services.wanted import ActionWanted, MeasureWanted, ObjectiveWanted, ProblemWanted
    from pasaj.registry.models import Institution, Instrument

    who: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
    law = Instrument.objects.order_by("code").values_list("code", flat=True)[0]
    owners = list(Institution.objects.order_by("code").values_list("code", flat=True)[:10])
    wanted = policies.PolicyWanted(
        names=said("Politique"), institution="CELL", languages=LANGUAGES, first=date(2025, 1, 1),
        last=date(2030, 12, 31), currency="HTG", themes=[(said(f"Secteur {at}"), "") for at in range(4)],
    )  # fmt: skip
    policies.begin(wanted=wanted, **who)
    rows: list[tuple[str, Any]] = []
    for theme in (1, 2, 3, 4):
        rows.append(("", ProblemWanted(theme, said(f"Problème {theme}"), (law,), (), ())))
        rows.append(("", ObjectiveWanted(theme, said(f"Objectif {theme}"), (f"P1-PB{theme}.1",), ())))
    for at in range(measures):
        theme = at % 4 + 1
        shares = ((owners[at % 10], "lead"), (owners[(at + 1) % 10], "support"))
        rows.append(("", MeasureWanted(theme, said(f"Mesure {at}"), "service", (f"P1-O{theme}.1",), shares)))
    made = statements.write_all(policy="P1", wanted=rows, **who)
    codes = [one.code for one in made if one.code.startswith("P1-M")]
    done = statements.write_all(
        policy="P1",
        wanted=[
            ("", ActionWanted(codes[at % measures], said(f"Action {at}"), owners[at % 10], date(2026, 1, 1),
                              date(2027, 1, 1), said("Livrable")))
            for at in range(actions)
        ],
        **who,
    )  # fmt: skip
    costs = [
        money.CostWanted(done[at % actions].code, f"Ligne {at}", "recurrent", Decimal(3), "mois", Decimal("100.25"),
                         Decimal(2), "HTG", 2026)
        for at in range(lines)
    ]  # fmt: skip
    money.put_costs(policy="P1", wanted=costs, **who)
    document.start(policy="P1", **who)
    there = Policy.objects.get().clauses.count()
    for at in range(clauses - there):
        text = f"{' '.join(WORDS)} {at}. " * 6
        if at % 2:
            text += f"Coût {{{{cost:{codes[at % measures]}}}}}, voir {{{{clause:C1.1}}}}."
        document.add(policy="P1", kind="text", text=said(text), under="P1-C5", **who)
    return Policy.objects.get()


def measure(row: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from pasaj.access.rules import SYSTEM
    from pasaj.assess.services import rendering
    from pasaj.core import wording
    from pasaj.policy.queries import document as queries
    from pasaj.policy.services import clauses

    queries.blocks(row, "fr")  # what is imported once
    tree, entries = timed(lambda: queries.outline(row))
    with CaptureQueriesContext(connection) as asked:
        read, blocks = timed(lambda: queries.blocks(row, "fr"))
    report = queries.report(row, "fr")
    drawn, pdf = timed(lambda: rendering.pdf(report))
    written, docx = timed(lambda: rendering.docx(report))
    one = next(each for each in entries if each.clause.kind == "text")
    seen = one.texts["fr"].revision
    saved, _made = timed(
        lambda: clauses.save(code=one.clause.code, language="fr", text="Autre texte.", seen=seen, actor=SYSTEM, now=NOW)
    )
    long = " ".join(f"{WORDS[at % len(WORDS)]}{at % 97}" for at in range(2000))[: wording.LONGEST]
    merged, found = timed(lambda: wording.merge(long, long.replace("délai8", "terme"), long.replace("agent", "garde")))
    print(f"{len(entries)} clauses, {len(blocks)} blocks, {len(asked)} queries")
    print(f"tree {tree:.3f}  page {read:.3f}  PDF {drawn:.2f} ({len(pdf) // 1000} kB)  Word {written:.2f} "
          f"({len(docx) // 1000} kB)  save {saved:.3f}  merge of {len(long)} signs {merged:.3f}, "
          f"{len(found.conflicts)} conflicts")  # fmt: skip


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--full", action="store_true")
    size = FULL if wanted.parse_args().full else SMALL
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    subprocess.run([sys.executable, "-m", "pasaj", "init", "--pack", "haiti"], check=True, stdout=subprocess.DEVNULL)
    django.setup()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; seconds")
    spent, row = timed(lambda: fill(*size))
    print("{} measures, {} actions, {} cost lines, {} clauses".format(*size) + f", written in {spent:.0f} s")
    measure(row)


if __name__ == "__main__":
    main()
