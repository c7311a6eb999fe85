"""The table of a return protocol on its way out, through the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pasaj.access.rules import Actor
from pasaj.collect.queries.protocols import Table, Window
from pasaj.core.protocol import VERDICTS, Cell
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

HEADER = (
    "place",
    "place_name",
    "month",
    "clause",
    "verdict",
    "operations",
    "operations_judged",
    "persons",
    "persons_not_counted_in",
    "operations_simulated",
)


def export(*, table: Table, window: Window, actor: Actor, now: datetime) -> Released:
    """A row a place, month, clause and verdict, each with the n it is out of. Raises Refused as the gate does."""
    simulated = Counter(
        (one.judged.operation.place, one.judged.operation.month) for one in table.lines if one.simulated
    )

    def rows() -> Iterator[Row]:
        for row in table.rows:
            for clause, cell in row.cells:
                if cell is not None:
                    yield from _lines(
                        (row.place, row.name, row.month, clause.code), cell, simulated[row.place, row.month]
                    )

    parcel = Parcel(
        kind="table",
        title=f"{table.protocol.code} {window.text}",
        form="csv",
        rows=rows(),
        header=HEADER,
        question={"protocol": table.protocol.code, "months": window.text},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def _lines(key: tuple[str, ...], cell: Cell, simulated: int) -> Iterator[Row]:
    """A cell: one row a verdict, zeros included. `simulated`: of the operations of this place and month."""
    for verdict in VERDICTS:
        figures = (cell.operations[verdict], cell.n, cell.persons[verdict], cell.uncounted[verdict], simulated)
        yield Row(values=(*key, verdict, *figures), own_count=True)
