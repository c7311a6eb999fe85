"""Rows of the files about exchange: what services tell each other, and who should tell whom what."""

from pasaj.core.pack.cells import Cells
from pasaj.core.pack.shapes import Layer, Need
from pasaj.core.pack.sheets import Book, Sheet, read

LONGEST = 8784
"""Hours of a leap year: a limit beyond that is a slip."""


def _layer(cells: Cells, book: Book) -> Layer:
    source, verify = cells.provenance()
    return Layer(
        code=cells.define(book.layers),
        names=cells.names(),
        definitions=cells.names("definition", needed=False),
        source=source,
        verify=verify,
    )


LAYERS = Sheet(
    "exchange_layers.csv",
    _layer,
    needed=("code",),
    more=("source",),
    names=("name", "definition"),
    origin="source",
)


def _need(cells: Cells, book: Book) -> Need:
    layer = cells.refer("layer", book.layers)
    sender = cells.refer("sender", book.institutions)
    receiver = cells.refer("receiver", book.institutions)
    basis = cells.refer("basis", book.instruments, needed=False)
    if sender and sender == receiver:
        cells.refuse("PACK-057", "receiver", value=receiver)
    if layer and sender and receiver:
        book.once(cells, "layer", "need", layer, sender, receiver)
    source, verify = cells.provenance()
    return Need(
        layer=layer,
        sender=sender,
        receiver=receiver,
        hours=cells.number("hours", 0, LONGEST),
        basis=basis,
        note=cells.text("note"),
        source=source,
        verify=verify,
    )


NEEDS = Sheet(
    "exchange_needs.csv",
    _need,
    needed=("layer", "sender", "receiver"),
    more=("hours", "basis", "note", "source"),
    origin="source",
)


def both(book: Book) -> tuple[tuple[Layer, ...], tuple[Need, ...]]:
    """Both files, the layers first."""
    return read(LAYERS, book, book.layers), read(NEEDS, book)
