"""Rows of contact_roles.csv: in which roles people of the institutions are told, asked and called."""

from pasaj.core.pack.cells import Cells
from pasaj.core.pack.shapes import ContactRole
from pasaj.core.pack.sheets import Book, Sheet


def _role(cells: Cells, book: Book) -> ContactRole:
    source, verify = cells.provenance()
    return ContactRole(
        code=cells.define(book.contact_roles),
        names=cells.names(),
        protection=cells.flag("protection"),
        may_approve=cells.flag("may_approve"),
        order=cells.whole("order", 0, 999) or 0,
        source=source,
        verify=verify,
    )


CONTACT_ROLES = Sheet(
    "contact_roles.csv",
    _role,
    needed=("code",),
    more=("protection", "may_approve", "order", "source"),
    names=("name",),
    origin="source",
)
