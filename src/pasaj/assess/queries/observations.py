"""What findings of a round take from the watch and from reports: returns against protocols, and silent posts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from pasaj.access.rules import Actor
from pasaj.assess.models import Round
from pasaj.collect.queries import protocols
from pasaj.core import periods
from pasaj.core.findings import Kept
from pasaj.registry.models import Protocol

MONTHS = 12  # up to the end of the round: return operations
DAYS = 90  # up to the end of the round: reports of posts


def window(row: Round) -> tuple[str, str]:
    """First and last month whose return operations a round looks at."""
    last = periods.containing("month", row.period_end)
    first = last
    for _month in range(MONTHS - 1):
        first = periods.containing("month", first.start - timedelta(days=1))
    return first.text, last.text


def kept(actor: Actor, first: str, last: str) -> tuple[list[Kept], bool]:
    """Each clause of each protocol over these months, and whether a simulated report is behind it."""
    between = protocols.Window(_month(first), _month(last))
    found, simulated = [], False
    for row in Protocol.objects.filter(retired_at=None).order_by("code"):
        table = protocols.table(row, actor, between)
        simulated |= table.simulated
        for clause in table.protocol.clauses:
            verdicts: Counter[str] = Counter()
            places: set[str] = set()
            for line in table.lines:
                finding = line.finding(clause.code)
                if finding is not None and line.judged.operation.day is not None:
                    verdicts[finding.verdict] += 1
                    places |= {line.judged.operation.place} if finding.verdict == "breach" else set()
            counts = {verdict: verdicts[verdict] for verdict in ("compliant", "breach", "disputed", "unknown")}
            found.append(Kept(row.code, clause.code, **counts, places=tuple(sorted(places - {""}))))
    return found, simulated


def _month(text: str) -> periods.Period:
    return periods.containing("month", date.fromisoformat(f"{text}-01"))


def days(row: Round, today: date) -> tuple[date, date]:
    """First and last day of which a round asks whether posts reported: of later ones not all is due yet."""
    last = min(row.period_end, today - timedelta(days=2))
    return last - timedelta(days=DAYS - 1), last
