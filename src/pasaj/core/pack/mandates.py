"""Rows of the files about who does what: functions, and which institution has which role in them."""

from pasaj.core.mapping.mandates import ROLES
from pasaj.core.pack.cells import Cells
from pasaj.core.pack.shapes import Function, Mandate
from pasaj.core.pack.sheets import Book, Sheet, read


def _function(cells: Cells, book: Book) -> Function:
    territories = cells.several("territory")
    for one in territories:
        cells.known("territory", one, book.areas)
    source, verify = cells.provenance()
    return Function(
        code=cells.define(book.functions),
        names=cells.names(),
        definitions=cells.names("definition", needed=False),
        territories=territories,
        source=source,
        verify=verify,
    )


FUNCTIONS = Sheet(
    "functions.csv",
    _function,
    needed=("code",),
    more=("territory", "source"),
    names=("name", "definition"),
    origin="source",
)


def _mandate(cells: Cells, book: Book) -> Mandate:
    function = cells.refer("function", book.functions)
    institution = cells.refer("institution", book.institutions)
    territory = cells.refer("territory", book.areas, needed=False)
    basis = cells.refer("basis", book.instruments, needed=False)
    role = cells.choice("role", ROLES)
    first, last = cells.day("from"), cells.day("until")
    if first and last and last < first:
        cells.refuse("PACK-049", "until", value=last.isoformat())
    if function and institution and role:
        book.once(cells, "function", "mandate", function, institution, role, territory, basis, first or "", last or "")
    source, verify = cells.provenance()
    return Mandate(
        function=function,
        institution=institution,
        role=role,
        territory=territory,
        basis=basis,
        first=first,
        last=last,
        note=cells.text("note"),
        source=source,
        verify=verify,
    )


MANDATES = Sheet(
    "mandates.csv",
    _mandate,
    needed=("function", "institution", "role"),
    more=("territory", "basis", "from", "until", "note", "source"),
    origin="source",
)


def matrix(book: Book) -> tuple[tuple[Function, ...], tuple[Mandate, ...]]:
    """Both files, the functions first."""
    return read(FUNCTIONS, book, book.functions), read(MANDATES, book)
