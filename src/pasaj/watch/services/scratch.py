"""The figures of one file, sorted on disk: memory stays flat however long the file is.

A throw-away SQLite file of its own, never the home's database: nothing in it is locked, synced or
seen by anyone. It finds rows that disagree, hands figures out in order and counts what became of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pasaj.core.importing import Cell
from pasaj.core.problems import Problem, problem

PENDING, UNCHANGED, NEW, CHANGED = range(4)
CHUNK = 2000
TABLES = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-8000;
CREATE TABLE cell(
  id INTEGER PRIMARY KEY, row INTEGER, name TEXT, series TEXT, first TEXT, last TEXT, value TEXT, state TEXT,
  quality TEXT, citation TEXT, note TEXT, reported TEXT, status INTEGER DEFAULT 0);
CREATE TABLE bad(row INTEGER PRIMARY KEY, problems TEXT);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One figure as it waits to be written."""

    id: int
    series: str
    start: date
    end: date
    value: Decimal | None
    state: str
    quality: str
    citation: str
    note: str
    reported: date | None


class Scratch:
    """Use it as a context manager: the file is gone afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.unlink(missing_ok=True)
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript(TABLES)
        self.database.execute("BEGIN")
        self._waiting: list[tuple[object, ...]] = []

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_error: object) -> None:
        self.database.close()
        self.path.unlink(missing_ok=True)

    def add(self, cell: Cell, series: str) -> None:
        """Keep a figure of series `series` (a code)."""
        value = None if cell.value is None else f"{cell.value.normalize():f}"
        reported = cell.reported.isoformat() if cell.reported else None
        span = (cell.period.start.isoformat(), cell.period.end.isoformat())
        said = (cell.state, cell.quality, cell.citation, cell.note, reported)
        self._waiting.append((cell.row, cell.column, series, *span, value, *said))
        if len(self._waiting) >= CHUNK:
            self._flush()

    def refuse(self, row: int, problems: Sequence[Problem]) -> None:
        """Keep why a row is refused; reasons add up."""
        plain = [one.plain() for one in problems]
        found = self.database.execute("SELECT problems FROM bad WHERE row = ?", (row,)).fetchone()
        if found:
            plain = json.loads(found[0]) + plain
        self.database.execute("INSERT OR REPLACE INTO bad VALUES (?, ?)", (row, json.dumps(plain)))

    def settle(self, file: str) -> None:
        """After the last row: refuse rows that disagree (IMPORT-007), keep one of those that agree."""
        self._flush()
        self.database.execute("CREATE INDEX cell_figure ON cell(series, first, last, id)")
        double = "SELECT series, first, last FROM cell GROUP BY 1, 2, 3 HAVING COUNT(*) > 1"
        differ = f"{double} AND COUNT(DISTINCT state || ':' || IFNULL(value, '')) > 1"
        self.database.execute(f"CREATE TABLE torn AS {differ}")
        with closing(self.database.execute("SELECT series, first, last FROM torn")) as torn:
            for figure in torn:
                self._disagreeing(figure, file)
        self.database.execute("DELETE FROM cell WHERE row IN (SELECT row FROM bad)")
        self.database.execute("CREATE INDEX cell_row ON cell(row)")
        # What is said twice alike is taken once; the second row changes nothing.
        self.database.execute(
            "UPDATE cell SET status = ? WHERE EXISTS (SELECT 1 FROM cell o WHERE o.series = cell.series"
            " AND o.first = cell.first AND o.last = cell.last AND o.id < cell.id)",
            (UNCHANGED,),
        )

    def slices(self, size: int) -> Iterator[list[Kept]]:
        """The figures to write, sorted by series and period, `size` at a time."""
        after: tuple[object, ...] = ("", "", "", 0)
        while True:
            rows = self.database.execute(
                "SELECT id, series, first, last, value, state, quality, citation, note, reported FROM cell"
                " WHERE status = ? AND (series, first, last, id) > (?, ?, ?, ?)"
                " ORDER BY series, first, last, id LIMIT ?",
                (PENDING, *after, size),
            ).fetchall()
            if not rows:
                return
            after = (*rows[-1][1:4], rows[-1][0])
            yield [_kept(row) for row in rows]

    def mark(self, ids: Sequence[int], status: int) -> None:
        """Note what became of figures."""
        self.database.executemany("UPDATE cell SET status = ? WHERE id = ?", [(status, one) for one in ids])

    def figures(self) -> dict[int, int]:
        """How many figures became what."""
        return dict(self.database.execute("SELECT status, COUNT(*) FROM cell GROUP BY status"))

    def rows(self) -> dict[int, int]:
        """How many rows became what: a row with a changed figure is changed, else with a new one new."""
        return dict(
            self.database.execute(
                "SELECT became, COUNT(*) FROM (SELECT MAX(status) AS became FROM cell GROUP BY row) GROUP BY became"
            )
        )

    def count(self) -> int:
        """How many figures are kept."""
        self._flush()
        found: int = self.database.execute("SELECT COUNT(*) FROM cell").fetchone()[0]
        return found

    def refused(self) -> int:
        """How many rows are refused."""
        found: int = self.database.execute("SELECT COUNT(*) FROM bad").fetchone()[0]
        return found

    def reasons(self) -> Iterator[tuple[int, list[Problem]]]:
        """The refused rows in order, each with why."""
        for row, plain in self.database.execute("SELECT row, problems FROM bad ORDER BY row"):
            yield row, [Problem.of(one) for one in json.loads(plain)]

    def _disagreeing(self, figure: tuple[str, str, str], file: str) -> None:
        """A problem for each row of a figure, naming the first row that says otherwise."""
        where = "FROM cell WHERE series = ? AND first = ? AND last = ?"
        order = "ORDER BY row, id"
        first = self.database.execute(f"SELECT row, value, state {where} {order} LIMIT 1", figure).fetchone()
        other = self.database.execute(
            f"SELECT row, value, state {where} AND (state, IFNULL(value, '')) <> (?, ?) {order} LIMIT 1",
            (*figure, first[2], first[1] or ""),
        ).fetchone()
        rows = self.database.execute(f"SELECT row, name, value, state {where} {order}", figure).fetchall()
        for row, name, value, state in rows:
            against = other if (value, state) == (first[1], first[2]) else first
            shown = {"value": value or "n/a", "first": against[0], "other": against[1] or "n/a"}
            self.refuse(row, [problem("IMPORT-007", file=file, row=row, column=name, **shown)])

    def _flush(self) -> None:
        self.database.executemany(
            "INSERT INTO cell(row, name, series, first, last, value, state, quality, citation, note, reported)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._waiting,
        )
        self._waiting.clear()


def _kept(row: tuple[int, str, str, str, str | None, str, str, str, str, str | None]) -> Kept:
    return Kept(
        row[0],
        row[1],
        date.fromisoformat(row[2]),
        date.fromisoformat(row[3]),
        None if row[4] is None else Decimal(row[4]),
        *row[5:9],
        None if row[9] is None else date.fromisoformat(row[9]),
    )
