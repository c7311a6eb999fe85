"""What one edit costs in a chain of evidence, how that grows, and whether suspect and tainted sets are exact.

    PASAJ_HOME=$(mktemp -d) python bench/evidence.py [--edits 1000] [--most 10000]

Makes a home of its own with chains of 2 500 to 10 000 nodes (three links each, ten levels, a claim on every third
link). Each edit gives a random number a random value through the service, as one transaction with its entry of the
log; then the whole chain is evaluated again and both sets are compared with a brute force that shares no code.
Prints milliseconds, median and 95th percentile: writing, evaluating, both; the same as time on the processor, which
says more on a machine that others use (on PostgreSQL it leaves out what the server does); and a trace.
`PASAJ_DATABASE_URL` runs it on PostgreSQL, in an empty database.
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LAYERS = 10
Tie = tuple[int, int]

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


class Bench:
    """A chain in the database and, beside it, what its values and accepted values are."""

    def __init__(self, size: int, rng: random.Random) -> None:
        from core.evidence.chains import layered

        self.size, self.rng = size, rng
        self.ties: list[Tie] = layered(rng, size, 3 * size, LAYERS)
        self.claims = {tie: "n <= 1" if at % 3 == 0 else "" for at, tie in enumerate(self.ties)}
        self.values = [0] * size

    def fill(self) -> None:
        from pasaj.access.rules import SYSTEM
        from pasaj.evidence import services

        self.actor, self.put = SYSTEM, services.put
        drafts = [self.draft(at) for at in range(self.size)]
        services.put(drafts=drafts, actor=SYSTEM, now=NOW)
        ties = [services.Tie(f"{self.size}-{a}", f"{self.size}-{b}", "bench", self.claims[a, b]) for a, b in self.ties]
        services.link(ties=ties, actor=SYSTEM, now=NOW)

    def draft(self, at: int) -> Any:
        from pasaj.evidence.services import Draft

        return Draft(f"{self.size}-{at}", "bench", {}, {"n": Decimal(self.values[at])}, {"en": "n"})

    def edit(self) -> int:
        at = self.rng.randrange(self.size)
        self.values[at] = self.rng.randrange(4)
        self.put(drafts=[self.draft(at)], actor=self.actor, now=NOW)
        return at

    def brute(self) -> tuple[set[int], set[int]]:
        """Nodes are numbered so that each rests on smaller ones: one pass in order decides them all."""
        parents: dict[int, list[int]] = {}
        suspect, tainted = set(), set()
        for child, parent in self.ties:
            parents.setdefault(child, []).append(parent)
            if self.values[parent] and not (self.claims[child, parent] and self.values[parent] <= 1):
                suspect.add(child)
        for node in range(self.size):
            if node not in suspect and any(one in suspect or one in tainted for one in parents.get(node, ())):
                tainted.add(node)
        return suspect, tainted


def timed(work: Callable[[], Any], spent: list[float], busy: list[float] | None = None) -> Any:
    start, began = time.perf_counter(), time.process_time()
    answer = work()
    spent.append((time.perf_counter() - start) * 1000)
    if busy is not None:
        busy.append((time.process_time() - began) * 1000)
    return answer


def run(size: int, edits: int) -> list[str]:
    from pasaj.evidence.models import Node
    from pasaj.evidence.queries import graph
    from pasaj.evidence.queries.trace import trace

    bench = Bench(size, random.Random(size))
    filling: list[float] = []
    timed(bench.fill, filling)
    numbers = {pk: int(code.rpartition("-")[2]) for pk, code in Node.objects.values_list("pk", "code")}
    writing: list[float] = []
    reading: list[float] = []
    tracing: list[float] = []
    busy: list[list[float]] = [[], []]
    wrong = 0

    def sets() -> tuple[set[int], set[int]]:
        found = graph.trouble()
        return found.suspects(), found.tainted()

    for number in range(edits):
        at = timed(bench.edit, writing, busy[0])
        found = timed(sets, reading, busy[1])
        wrong += tuple({numbers[pk] for pk in one} for one in found) != bench.brute()
        if number % 50 == 0:
            timed(lambda at=at: trace(f"{size}-{at}", bench.actor), tracing)
    both = [a + b for a, b in zip(writing, reading, strict=True)]
    cpu = [a + b for a, b in zip(*busy, strict=True)]
    spans = [
        f"{statistics.median(one):.1f}/{sorted(one)[int(len(one) * 0.95)]:.1f}"
        for one in (writing, reading, both, cpu, tracing)
    ]
    return [
        f"{size}",
        f"{3 * size}",
        f"{filling[0] / 1000:.1f}",
        *spans,
        f"{len(found[0])}",
        f"{len(found[1])}",
        f"{wrong}",
    ]


def main(most: int, edits: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from pasaj.evidence.models import Link, LinkType, Node, NodeKind, link_type, node_kind

    call_command("migrate", verbosity=0)
    if Node.objects.exists() or Link.objects.exists():
        sys.exit("The chain is not empty: give PASAJ_HOME, or PASAJ_DATABASE_URL, of its own.")
    node_kind(NodeKind("bench", "bench", fields=()))
    link_type(LinkType("bench", "bench", frozenset({"bench"}), frozenset({"bench"})))
    print(f"{connection.vendor}; milliseconds as median/95th percentile; load {os.getloadavg()[0]:.1f}")
    header = (
        "nodes",
        "links",
        "filled s",
        "write",
        "evaluate",
        "edit",
        "edit cpu",
        "trace",
        "suspect",
        "tainted",
        "wrong",
    )
    print("  ".join(name.rjust(11) for name in header))
    for size in [most // 4, most // 2, most]:
        print("  ".join(one.rjust(11) for one in run(size, edits)), flush=True)
        _empty()
    print(f"load {os.getloadavg()[0]:.1f}")


def _empty() -> None:
    """Take the chain out again, so that the next size stands alone: guards are lifted in this home only."""
    from django.db import connection

    from pasaj.access.services import guards

    tables = ("review", "weighing", "link", "confirmation", "revision", "node")
    with connection.cursor() as cursor:
        for table in tables:
            for what in ("delete", "truncate"):
                name = f"{guards.PREFIX}evidence_{table}_{what}"
                on = f' ON "evidence_{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
            cursor.execute(f"DELETE FROM evidence_{table}")
    guards.install(connection)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--edits", type=int, default=1000)
    options.add_argument("--most", type=int, default=10_000)
    given = options.parse_args()
    main(given.most, given.edits)
