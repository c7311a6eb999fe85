"""Rows of alignment.csv: the goals that a policy is held against, from world compacts to an earlier policy."""

from pasaj.core.pack import values
from pasaj.core.pack.cells import Cells
from pasaj.core.pack.shapes import Goal
from pasaj.core.pack.sheets import Book, Sheet

RELEVANCE = ("core", "related", "country", "other")


def _goal(cells: Cells, book: Book) -> Goal:
    source, verify = cells.provenance()
    return Goal(
        code=cells.define(book.goals, pattern=values.CITED),
        framework=cells.need("framework", 240),
        names=cells.names(),
        relevance=cells.choice("relevance", RELEVANCE, default="related"),
        source=source,
        verify=verify,
    )


GOALS = Sheet(
    "alignment.csv",
    _goal,
    needed=("code", "framework"),
    more=("relevance", "source"),
    names=("name",),
    origin="source",
)
