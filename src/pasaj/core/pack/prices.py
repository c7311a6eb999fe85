"""Rows of prices.csv: what things cost here, as a range that unit costs of a policy are held against."""

import re
from decimal import Decimal

from pasaj.core.pack.cells import Cells
from pasaj.core.pack.shapes import Price
from pasaj.core.pack.sheets import Book, Sheet

CURRENCY = re.compile(r"[A-Z]{3}")
MOST = 10**12


def _price(cells: Cells, book: Book) -> Price:
    source, verify = cells.provenance()
    low = cells.decimal("low", 0, MOST, decimals=4) or Decimal(0)
    high = cells.decimal("high", 0, MOST, decimals=4) or low
    if high < low:
        cells.refuse("PACK-021", "high", value=str(high), low=low, high=MOST)
    currency = cells.need("currency", 3)
    if currency and not CURRENCY.fullmatch(currency):
        cells.refuse("PACK-023", "currency", value=currency, allowed="HTG, USD, EUR, …")
    return Price(
        code=cells.define(book.prices),
        names=cells.names(),
        unit=cells.need("unit", 60),
        low=low,
        high=high,
        currency=currency,
        source=source,
        verify=verify,
    )


PRICES = Sheet(
    "prices.csv",
    _price,
    needed=("code", "unit", "low", "currency"),
    more=("high", "source"),
    names=("name",),
    origin="source",
)
