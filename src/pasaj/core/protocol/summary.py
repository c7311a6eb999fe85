"""Verdicts counted: by place, month and clause, in operations and in persons. Counts only, never a rate."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pasaj.core.protocol.shapes import VERDICTS, Judged

Row = tuple[str, str]
"""A place and a month (2026-02); empty where not known."""


@dataclass(slots=True)
class Cell:
    """One clause at one place in one month.

    operations, persons: by verdict. uncounted: operations by verdict whose persons are not all counted, so
    that `persons` is then a lower limit without them.
    """

    operations: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    persons: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    uncounted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))

    @property
    def n(self) -> int:
        """Operations judged: what every count of this cell is out of."""
        return sum(self.operations.values())

    def add(self, verdict: str, persons: int | None) -> None:
        self.operations[verdict] += 1
        self.persons[verdict] += persons or 0
        self.uncounted[verdict] += persons is None


@dataclass(frozen=True, slots=True)
class Summary:
    """cells: by place and month, then by clause. outside: operations by row of which the protocol does not speak."""

    cells: dict[Row, dict[str, Cell]]
    outside: dict[Row, int]


def summarise(judged: Iterable[Judged]) -> Summary:
    """Count the findings, places and months in their order (an unknown month comes last)."""
    cells: dict[Row, dict[str, Cell]] = {}
    outside: dict[Row, int] = {}
    for one in judged:
        row = (one.operation.place, one.operation.month)
        if not one.findings:
            outside[row] = outside.get(row, 0) + 1
        for finding in one.findings:
            cells.setdefault(row, {}).setdefault(finding.clause, Cell()).add(finding.verdict, one.persons)
    order = sorted(cells, key=lambda row: (row[0] == "", row[0], row[1] == "", row[1]))
    return Summary({row: cells[row] for row in order}, outside)
